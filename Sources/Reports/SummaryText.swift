import ReuseAnalysis

/// A summary as text for a terminal: first whether connections were reused and what that cost, then why.
package struct SummaryText {
  var page: TextPage
  let summary: Summary
  let top: Int
  let redacts: Bool

  /// - Parameters:
  ///   - width: Columns; 80 at least.
  ///   - top: Rows in the tables of servers and hosts.
  ///   - usesColour: Bold headings and dim notes.
  ///   - redacts: Leave out user-info in the names of hosts.
  package init(_ summary: Summary, width: Int = 80, top: Int = 10, usesColour: Bool = false, redacts: Bool = false) {
    page = TextPage(width: width, usesColour: usesColour)
    self.summary = summary
    self.top = max(top, 0)
    self.redacts = redacts
    writeHeader()
    if summary.exchanges.total > 0 {
      writeReuse()
      writeServers()
      writeRaces()
      writeCauses()
      writeIdleGaps()
      writeHeadOfLine()
      writeCloses()
      writeLoad()
      writeHosts()
    } else {
      writeNothingFound()
      if !summary.findings.isEmpty { writeFindings() }
    }
    writeLedger()
    writeWarnings()
  }

  package var text: String { page.text }

  private mutating func writeHeader() {
    let capture = summary.capture
    var names = capture.files.map { $0 == "-" ? "standard input" : TerminalText.escaped($0) }.joined(separator: ", ")
    if capture.files.count > 1 { names = "\(Quantity.count(capture.files.count)) files: " + names }
    page.line(page.bold(TerminalText.shortened(names.isEmpty ? "Capture" : names, to: page.width)))
    var facts: [String] = []
    if let start = capture.start {
      var time = OctetBuffer(capacity: 64)
      time.appendTimestamp(nanosecondsSince1970: start, fraction: false)
      facts.append("\(Quantity.elapsed(capture.duration)) from \(TerminalText.escaped(time.octets))")
    }
    facts.append(Quantity.count(capture.packets, "packet"))
    facts.append(Quantity.size(capture.bytes))
    facts += capture.linkTypes.map(TerminalText.escaped)
    page.sentence(facts.joined(separator: ", "), indent: 0, isNote: true)
    let serious = summary.warnings.count(where: \.matters)
    if serious > 0 {
      page.sentence(
        "! \(Quantity.count(serious, "warning")) at the end: figures may be off.", indent: 0, hanging: 2)
    }
  }

  // MARK: reuse

  private mutating func writeReuse() {
    page.line()
    let exchanges = summary.exchanges
    let reuse = summary.reuse
    let handshakes = reuse.handshakes
    if let ratio = reuse.ratio {
      page.sentence(
        page.bold(
          "\(Quantity.percent(ratio)) of \(Quantity.count(exchanges.withRequest, "request")) reused a connection."),
        indent: 0)
    } else {
      page.sentence(
        page.bold("Only responses were captured (\(Quantity.count(exchanges.total))): reuse cannot be told."), indent: 0
      )
      page.sentence(
        "The requests took another way. Capture where both directions pass.", indent: 0)
    }
    writeCost()
    writeFindings()
    page.line()
    if reuse.ratio != nil { writeRatio() }
    let requests = reuse.requestsPerConnection
    page.figure(
      "Requests/connection", Quantity.decimal(requests.mean),
      "mean; p50 \(count(requests.p50)), p90 \(count(requests.p90)), p99 \(count(requests.p99)), "
        + "max \(count(requests.max))")
    page.figure(
      "Multi-use", Quantity.percent(reuse.multiUseShare),
      "of \(Quantity.count(summary.connections.http, "HTTP connection")) had several requests")
    page.figure("Responses", Quantity.count(summary.exchanges.responses), summary.exchanges.responseWords)
    var paid: [String] = []
    if handshakes.setup.count > 0 {
      paid.append(
        "\(Quantity.duration(handshakes.timePaid)) spent; each p50 \(Quantity.duration(handshakes.setup.p50)), "
          + "p99 \(Quantity.duration(handshakes.setup.p99))")
    }
    if handshakes.paidNotTimed > 0 { paid.append("\(Quantity.count(handshakes.paidNotTimed)) not timed") }
    page.figure("Handshakes paid", Quantity.count(handshakes.paid), paid.joined(separator: "; "))
    if reuse.ratio != nil { writeSaved() }
    if handshakes.failed > 0 {
      page.figure(
        "Handshakes failed", Quantity.count(handshakes.failed),
        "\(Quantity.count(handshakes.refused)) refused, \(Quantity.count(handshakes.timedOut)) unanswered")
    }
    if handshakes.synRetransmissions > 0 {
      page.figure("SYN retransmissions", Quantity.count(handshakes.synRetransmissions), "each adds a second or more")
    }
    if handshakes.paid > 0, reuse.ratio != nil, let ideal = reuse.idealConnections {
      page.figure("Ideal connections", Quantity.count(ideal), "the fewest that could have done the same")
      page.figure("Reuse efficiency", Quantity.percent(reuse.efficiency), efficiencyExplanation)
    }
    writeOtherConnections()
  }

  private mutating func writeSaved() {
    let handshakes = summary.reuse.handshakes
    var saved: [String] = []
    if handshakes.saved > handshakes.savedNotTimed {
      saved.append("\(Quantity.duration(handshakes.timeSaved)) saved, by the median of each pool")
    }
    if handshakes.savedNotTimed > 0 { saved.append("\(Quantity.count(handshakes.savedNotTimed)) not timed") }
    page.figure("Handshakes saved", Quantity.count(handshakes.saved), saved.joined(separator: "; "))
  }

  /// What it cost, and the most frequent reason, in two lines: the figures below say the same in full.
  private mutating func writeCost() {
    let handshakes = summary.reuse.handshakes
    guard handshakes.paid > 0, summary.reuse.ratio != nil, let ideal = summary.reuse.idealConnections else { return }
    let time = handshakes.setup.count > 0 ? " (\(Quantity.duration(handshakes.timePaid)))" : ""
    let paid = Quantity.count(handshakes.paid, "handshake")
    guard foreignConnections == 0 else {
      page.sentence(
        "\(paid)\(time) paid, \(Quantity.count(foreignConnections, "connection")) of other protocols included.",
        indent: 0)
      return
    }
    page.sentence(
      ideal < handshakes.paid
        ? "\(paid)\(time) paid; \(Quantity.count(ideal)) would have been enough."
        : "\(paid)\(time) paid; none could have been avoided.", indent: 0)
    let causes = summary.causes.filter { $0.connections > 0 && $0.cause != .firstContact }
    guard ideal < handshakes.paid, let main = causes.max(by: { $0.connections < $1.connections }) else { return }
    let all = summary.causes.reduce(0) { $0 + $1.connections }
    // First contacts are no fault: the table below has them all the same, often as the most.
    let isMost = summary.causes.allSatisfy { $0.connections <= main.connections }
    page.sentence(
      "Main cause\(isMost ? "" : " after first-contact"): \(main.cause.rawValue) (\(Quantity.percent(Double(main.connections) / Double(max(all, 1))))), "
        + "\(meaning(of: main.cause)).", indent: 0)
  }

  private mutating func writeRatio() {
    let exchanges = summary.exchanges
    var parts = [
      "\(Quantity.count(exchanges.reused)) reused", "\(Quantity.count(exchanges.fresh)) first on a new connection",
    ]
    if exchanges.unknown > 0 { parts.append("\(Quantity.count(exchanges.unknown)) unknown") }
    page.figure("Reuse ratio", Quantity.percent(summary.reuse.ratio), parts.joined(separator: ", "))
    if exchanges.unknown > 0 {
      let connections = exchanges.unknown == 1 ? "a connection" : "connections"
      page.figure("", "", "unknown: first seen on \(connections) opened before the capture")
    }
    let heads = summary.connections.headsHit
    if heads > 0 {
      page.figure("", "", "uncertain: bytes of message heads are missing on \(Quantity.count(heads, "connection"))")
    }
    if let drops = summary.capture.drops, drops > 0 {
      page.figure("", "", "uncertain: \(Quantity.count(drops, "packet")) dropped, any of which may hold a request")
    }
  }

  /// Connections on which HTTP exchanges, if there are any, cannot be seen: handshakes count them, requests do not.
  private var foreignConnections: Int {
    summary.connections.byProtocol.reduce(0) { sum, row in
      switch row.protocol {
      case .tls, .h2c, .other: sum + row.connections
      case .http09, .http10, .http11, .websocket, .tunnel, .upgraded, .empty: sum
      }
    }
  }

  private var efficiencyExplanation: String {
    if foreignConnections > 0 { return "a lower bound: handshakes of other protocols count" }
    guard let efficiency = summary.reuse.efficiency else { return "no handshake could have been saved" }
    return efficiency < 0 ? "more handshakes than requests" : "of the handshakes that could be saved were"
  }

  private mutating func writeOtherConnections() {
    let others = summary.connections.total - summary.connections.http
    guard others > 0 else { return }
    let kinds = protocolCounts.filter { !$0.isHTTP }.map(\.text).joined(separator: ", ")
    page.sentence(
      "Of \(Quantity.count(summary.connections.total, "TCP connection")), \(Quantity.count(others)) carried no HTTP "
        + "request\(kinds.isEmpty ? "" : " (\(kinds))"); handshakes count all.", isNote: true)
  }

  var protocolCounts: [(text: String, isHTTP: Bool)] {
    summary.connections.byProtocol.filter { $0.connections > 0 }.map { row in
      let isHTTP: Bool
      let name: String
      switch row.protocol {
      case .http09, .http10, .http11: (isHTTP, name) = (true, row.protocol.rawValue.uppercased())
      case .websocket: (isHTTP, name) = (true, "WebSocket")
      case .tunnel: (isHTTP, name) = (true, "HTTP tunnel")
      case .upgraded: (isHTTP, name) = (true, "upgraded HTTP")
      case .tls: (isHTTP, name) = (false, "TLS")
      case .h2c: (isHTTP, name) = (false, "HTTP/2")
      case .other: (isHTTP, name) = (false, "other")
      case .empty: (isHTTP, name) = (false, "without data")
      }
      return ("\(Quantity.count(row.connections)) \(name)", isHTTP)
    }
  }

  // MARK: tables

  /// What the ends of a server's connections show: when they are closed, after how many requests, and who lost the race.
  private mutating func writeHabits(of server: Summary.Group) {
    let subject = name(server.server)
    if let found = server.inferredTimeout, found.isSharp {
      page.sentence(
        "\(subject) closes idle connections after \(Quantity.duration(found.timeout))"
          + " (\(found.connections) of \(Quantity.count(found.of, "idle close")) fit"
          + (found.asDefaultOf.map { "; as the default of \($0)" } ?? "") + ").", hanging: 4)
    }
    if let found = server.inferredClientTimeout, found.isSharp,
      found.asDefaultOf != nil || found.timeout >= 1_000_000_000
    {
      page.sentence(
        "Its clients close idle connections after \(Quantity.duration(found.timeout))"
          + " (\(found.connections) of \(Quantity.count(found.of, "idle close")) fit).", hanging: 4)
    }
    if let found = server.inferredRequestLimit {
      page.sentence(
        "\(subject) ends connections after \(Quantity.count(found.requests, "request"))"
          + " (\(Quantity.count(found.connections, "connection"))).", hanging: 4)
    }
    writeMargin(of: server)
    if server.closeRaces > 0 {
      page.sentence(
        "\(subject) closed \(Quantity.count(server.closeRaces, "connection")) while a request was on its way:"
          + " such requests fail as 502 or ECONNRESET.", hanging: 4)
    }
  }

  private mutating func writeServers() {
    guard top > 0, !summary.servers.isEmpty else { return }
    let all = summary.servers.count + summary.serversOmitted
    page.heading(
      "SERVERS", note: shown(min(top, summary.servers.count), of: all) + "; paid, cost: handshakes, their time")
    let advertises = summary.servers.prefix(top).contains { $0.advertisedTimeout != nil }
    var table = TextTable(columns: [
      ("server", .left), ("requests", .right), ("conns", .right), ("reuse", .right), ("paid", .right),
      ("cost", .right), ("ideal", .right),
    ])
    if advertises { table.columns.append(("timeout", .right)) }
    for server in summary.servers.prefix(top) {
      var row = [
        name(server.server), Quantity.count(server.exchanges), Quantity.count(server.connections),
        Quantity.percent(server.ratio), Quantity.count(server.handshakesPaid),
        server.setup.count > 0 ? Quantity.duration(server.timePaid) : Quantity.unknown,
        server.idealConnections.map { Quantity.count($0) } ?? Quantity.unknown,
      ]
      if advertises { row.append(server.advertisedTimeout.map { "\(Quantity.count($0)) s" } ?? Quantity.unknown) }
      table.rows.append(row)
    }
    page.table(table)
    if advertises { page.sentence("timeout: as advertised in Keep-Alive.", isNote: true) }
    for server in summary.servers.prefix(top) { writeHabits(of: server) }
  }

  private mutating func writeHosts() {
    guard top > 0, !summary.hosts.isEmpty else { return }
    let all = summary.hosts.count + summary.hostsOmitted
    page.heading("HOSTS", note: shown(min(top, summary.hosts.count), of: all))
    var table = TextTable(columns: [("host", .left), ("requests", .right), ("conns", .right), ("reuse", .right)])
    for host in summary.hosts.prefix(top) {
      let octets = host.host.map { redacts ? Redaction.host($0) : $0 } ?? []
      table.rows.append([
        octets.isEmpty ? "(none)" : TerminalText.escaped(octets), Quantity.count(host.exchanges),
        Quantity.count(host.connections), Quantity.percent(host.ratio),
      ])
    }
    page.table(table)
  }

  private mutating func writeCauses() {
    let rows = summary.causes.filter { $0.connections > 0 }.sorted { $0.connections > $1.connections }
    guard !rows.isEmpty else { return }
    let all = rows.reduce(0) { $0 + $1.connections }
    page.heading("WHY CONNECTIONS WERE OPENED")
    var table = TextTable(columns: [
      ("cause", .left), ("conns", .right), ("share", .right), ("cost", .right), ("meaning", .left),
    ])
    for row in rows {
      table.rows.append([
        row.cause.rawValue, Quantity.count(row.connections),
        Quantity.percent(Double(row.connections) / Double(max(all, 1))), Quantity.duration(row.cost),
        meaning(of: row.cause),
      ])
    }
    page.table(table)
    writeCausesByServer()
    page.sentence("Several processes behind one client address are seen as one client.", isNote: true)
  }

  /// A line for each server, where there are several: its causes, most connections first, with what they cost.
  private mutating func writeCausesByServer() {
    let servers = summary.servers.filter { !$0.causes.isEmpty }
    guard servers.count > 1, top > 0 else { return }
    page.line("  " + page.dim("by server"))
    for server in servers.prefix(top) {
      let causes = server.causes.sorted { $0.connections > $1.connections }.map {
        "\($0.cause.rawValue) \(Quantity.count($0.connections)) (\(Quantity.duration($0.cost)))"
      }
      page.sentence(name(server.server) + ": " + causes.joined(separator: ", "), indent: 2, hanging: 4)
    }
    if servers.count > top { page.sentence("\(Quantity.count(servers.count - top, "more server")).", isNote: true) }
  }

  private func meaning(of cause: OpeningCause) -> String {
    switch cause {
    case .firstContact:
      // Those may be the capture's fault.
      summary.captureStart > 0
        ? "none before (\(Quantity.count(summary.captureStart)) in 1st s)" : "there was none before"
    case .missedReuse: "an idle one was open"
    case .allBusy: "all open ones were in use"
    case .afterServerIdleClose: "server closed it when idle"
    case .afterClientIdleClose: "client closed it when idle"
    case .afterCloseHeader: "Connection: close"
    case .afterHTTP10: "HTTP/1.0, no keep-alive"
    case .afterFailure: "reset, refused or cut off"
    case .afterUnknown: "none of the above"
    }
  }

  private mutating func writeCloses() {
    guard !summary.closes.isEmpty else { return }
    let all = summary.closes.reduce(0) { $0 + $1.connections }
    page.heading("HOW CONNECTIONS ENDED")
    var table = TextTable(columns: [
      ("reason", .left), ("closed by", .left), ("conns", .right), ("share", .right), ("meaning", .left),
    ])
    for row in summary.closes where row.connections > 0 {
      table.rows.append([
        row.reason.rawValue, row.closedBy?.rawValue ?? Quantity.unknown, Quantity.count(row.connections),
        Quantity.percent(Double(row.connections) / Double(max(all, 1))), meaning(of: row.reason),
      ])
    }
    page.table(table)
  }

  private func meaning(of reason: CloseReason) -> String {
    switch reason {
    case .midExchange: "a message was under way"
    case .upgraded: "after an Upgrade"
    case .tunnel: "after CONNECT"
    case .closeHeader: "Connection: close was sent"
    case .http10: "HTTP/1.0, no keep-alive"
    case .serverIdleClose: "idle, e.g. timed out"
    case .clientIdleClose: "idle, client was done"
    case .unused: "no request was sent"
    case .open: "open at the end"
    }
  }

  // MARK: idle and waiting

  private mutating func writeIdleGaps() {
    let gaps = summary.idle.gaps
    guard gaps.count > 0 else { return }
    page.heading("IDLE GAPS BETWEEN REQUESTS")
    page.sentence(
      "\(Quantity.count(gaps.count, "gap")): p50 \(Quantity.duration(gaps.p50)), p90 \(Quantity.duration(gaps.p90)), "
        + "p99 \(Quantity.duration(gaps.p99)), max \(Quantity.duration(gaps.max)).")
    if let share = summary.idle.share {
      page.sentence("Connections were idle \(Quantity.percent(share)) of the time they were open.")
    }
    let points = timeoutPoints
    guard !points.isEmpty else { return }
    page.line("  A keep-alive timeout of … keeps … of these gaps:")
    for point in points {
      let label = Quantity.count(point.seconds) + " s"
      let share = Quantity.percent(point.share)
      let bar = String(repeating: "█", count: Int((point.share * 40).rounded()))
      let start =
        page.spaces(9 - TerminalText.width(label)) + label + page.spaces(10 - TerminalText.width(share)) + share
      page.line(bar.isEmpty ? start : start + "  " + bar)
    }
  }

  /// Usual timeouts, as far as one keeps more than the one before; the first that keeps all gaps is the last.
  private var timeoutPoints: [(seconds: Int, share: Double)] {
    var points: [(seconds: Int, share: Double)] = []
    for seconds in [1, 2, 5, 15, 60, 75, 120, 300, 600, 3600] {
      let share = keptShare(timeout: Int64(seconds) * 1_000_000_000)
      if let last = points.last, last.share == share, share < 1 {
        points[points.count - 1] = (seconds, share)
      } else {
        points.append((seconds, share))
      }
      if share >= 1 { break }
    }
    return points
  }

  /// The share of idle gaps that end before `timeout`.
  private func keptShare(timeout: Int64) -> Double {
    let share = summary.idle.reuseByGap.last { $0.gap <= timeout }?.share ?? 0
    return share.isFinite ? min(max(share, 0), 1) : 0
  }

  private mutating func writeHeadOfLine() {
    let figures = summary.headOfLine
    page.heading("HEAD-OF-LINE BLOCKING")
    if figures.pipelinedExchanges == 0, figures.queued == 0, figures.stalls.count == 0 {
      page.line("  None: no pipelining, no request queued for a connection, no TCP stall.")
      return
    }
    if figures.pipelinedExchanges > 0 {
      var parts = [
        "\(Quantity.count(figures.pipelinedExchanges, "request")) on "
          + Quantity.count(figures.pipelinedConnections, "connection")
      ]
      if figures.delayed > 0 {
        parts.append(
          "\(Quantity.count(figures.delayed)) waited behind earlier answers, \(Quantity.duration(Int64(clamping: figures.delay.sum))) in "
            + "all at most, each p50 \(Quantity.duration(figures.delay.p50)), max \(Quantity.duration(figures.delay.max))"
        )
      } else {
        parts.append("none waited behind earlier answers")
      }
      page.item("Pipelining", parts.joined(separator: "; "))
    } else {
      page.item("Pipelining", "none")
    }
    page.item(
      "Queueing  ",
      figures.queued == 0
        ? "none"
        : "\(Quantity.count(figures.queued, "request")) followed at once on a busy connection: held back by "
          + "\(Quantity.duration(figures.queueingBound)) in all at most")
    let stalls = figures.stalls
    page.item(
      "TCP stalls",
      stalls.count == 0
        ? "none"
        : "\(Quantity.count(stalls.count)), \(Quantity.duration(Int64(clamping: stalls.sum))) in all, each p50 "
          + "\(Quantity.duration(stalls.p50)), max \(Quantity.duration(stalls.max)); "
          + "\(Quantity.count(figures.stalledExchanges, "exchange")) touched")
  }

  // MARK: names

  func shown(_ count: Int, of all: Int) -> String {
    count < all
      ? "top \(Quantity.count(count)) of \(Quantity.count(all)), most requests first" : "most requests first"
  }

  func name(_ endpoint: Endpoint?) -> String {
    guard let endpoint else { return Quantity.unknown }
    var buffer = OctetBuffer(capacity: 64)
    buffer.append(endpoint)
    return TerminalText.escaped(buffer.octets)
  }

  private func count(_ value: Int64?) -> String {
    value.map { Quantity.count(Int($0)) } ?? Quantity.unknown
  }
}
