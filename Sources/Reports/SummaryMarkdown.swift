import ReuseAnalysis

/// The short of a summary in Markdown (GitHub's flavour), for a ticket or a pull request.
///
/// Text that came from elsewhere stands in code spans, where it can be neither Markdown nor HTML, no link and no mention.
package struct SummaryMarkdown {
  package private(set) var text = ""
  private let summary: Summary
  private let redacts: Bool

  /// Rows of each table, and findings.
  private static let rows = 5

  /// - Parameter redacts: leave out user-info in the names of hosts.
  package init(_ summary: Summary, redacts: Bool = false) {
    self.summary = summary
    self.redacts = redacts
    writeHeader()
    writeAnswer()
    writeFindings()
    if summary.exchanges.total > 0 {
      writeFigures()
      writeServers()
      writeCauses()
    }
    writeWarnings()
    text += "\n<sub>reusescope \(reusescopeVersion)</sub>\n"
  }

  private mutating func writeHeader() {
    let capture = summary.capture
    var names = capture.files.prefix(3).map { $0 == "-" ? "standard input" : Self.code($0) }
    if capture.files.count > names.count { names.append("\(capture.files.count - names.count) more") }
    text += "## HTTP connection reuse\n\n"
    if !names.isEmpty { text += names.joined(separator: ", ") + ": " }
    if let start = capture.start {
      var time = OctetBuffer(capacity: 64)
      time.appendTimestamp(nanosecondsSince1970: start, fraction: false)
      text += "\(Quantity.elapsed(capture.duration)) from \(String(decoding: time.octets, as: UTF8.self)), "
    }
    text += "\(Quantity.count(capture.packets, "packet")), \(Quantity.size(capture.bytes)).\n\n"
  }

  private mutating func writeAnswer() {
    let reuse = summary.reuse
    if summary.exchanges.total == 0 {
      text += "**No HTTP/1.x was found** in \(Quantity.count(summary.connections.total, "TCP connection")).\n"
      return
    }
    guard let ratio = reuse.ratio else {
      text += "**Only responses were captured:** reuse cannot be told.\n"
      return
    }
    text +=
      "**\(Quantity.percent(ratio)) of \(Quantity.count(summary.exchanges.withRequest, "request")) reused a connection.**"
    if reuse.handshakes.paid > 0 {
      let time = reuse.handshakes.setup.count > 0 ? " (\(Quantity.duration(reuse.handshakes.timePaid)))" : ""
      text += " \(Quantity.count(reuse.handshakes.paid, "handshake"))\(time) paid"
      if summary.connections.http == summary.connections.total, let ideal = reuse.idealConnections {
        text +=
          ideal < reuse.handshakes.paid
          ? "; \(Quantity.count(ideal)) would have been enough" : "; none could have been avoided"
      }
      text += "."
    }
    text += "\n"
  }

  /// Worst first, as they come.
  private mutating func writeFindings() {
    let findings = summary.findings
    guard !findings.isEmpty else { return }
    heading("Findings", shown: min(findings.count, Self.rows), of: findings.count)
    text += "\n"
    for finding in findings.prefix(Self.rows) {
      let (message, advice) = words(of: finding)
      text += "- **\(finding.severity.rawValue)**: \(message) *\(advice)*"
      if !finding.examples.isEmpty {
        text += " Connections \(finding.examples.map(String.init).joined(separator: ", "))."
      }
      text += "\n"
    }
  }

  /// An origin is whatever a client sent: the words are made for another one, in whose place it comes as code.
  private func words(of finding: Finding) -> (message: String, advice: String) {
    let place = "{origin}"
    var named = finding
    var origin = ""
    if case .origin(let octets) = finding.subject {
      origin = Self.code(redacts ? Redaction.host(octets) : octets)
      named.subject = .origin(Array(place.utf8))
    }
    let words = FindingText(named)
    func marked(_ text: String) -> String { Self.escaped(text).replacing(place, with: origin) }
    return (marked(words.message), marked(words.advice))
  }

  private mutating func writeFigures() {
    let reuse = summary.reuse
    var rows = [["Reuse ratio", Quantity.percent(reuse.ratio), "requests on a connection that had carried one before"]]
    rows.append([
      "Requests/connection", Quantity.decimal(reuse.requestsPerConnection.mean),
      "mean; p50 \(count(reuse.requestsPerConnection.p50)), max \(count(reuse.requestsPerConnection.max))",
    ])
    rows.append(["Multi-use", Quantity.percent(reuse.multiUseShare), "connections with more than one request"])
    rows.append(["Responses", Quantity.count(summary.exchanges.responses), summary.exchanges.responseWords])
    let handshakes = reuse.handshakes
    rows.append([
      "Handshakes paid", Quantity.count(handshakes.paid),
      handshakes.setup.count > 0 ? "\(Quantity.duration(handshakes.timePaid)) in all" : "not timed",
    ])
    if reuse.ratio != nil {
      let isTimed = handshakes.saved > handshakes.savedNotTimed
      rows.append([
        "Handshakes saved", Quantity.count(handshakes.saved),
        isTimed ? "\(Quantity.duration(handshakes.timeSaved)) in all" : handshakes.saved > 0 ? "not timed" : "",
      ])
    }
    rows.append(["Reuse efficiency", Quantity.percent(reuse.efficiency), "of the avoidable handshakes were avoided"])
    rows.append(["Idle", Quantity.percent(summary.idle.share), "of the time that connections were open"])
    table(["figure", "value", ""], alignment: "lrl", rows)
  }

  private mutating func writeServers() {
    let servers = summary.servers.prefix(Self.rows)
    guard !servers.isEmpty else { return }
    heading("Servers", shown: servers.count, of: summary.servers.count + summary.serversOmitted)
    table(
      ["server", "requests", "connections", "reuse", "handshakes", "cost", "ideal", "closes idle after"],
      alignment: "lrrrrrrr",
      servers.map { group in
        let timeout =
          group.inferredTimeout.flatMap { $0.isSharp ? Quantity.duration($0.timeout) : nil }
          ?? group.advertisedTimeout.map { "\($0) s (advertised)" }
        return [
          group.server.map { Self.code(name($0)) } ?? Quantity.unknown, Quantity.count(group.exchanges),
          Quantity.count(group.connections), Quantity.percent(group.ratio), Quantity.count(group.handshakesPaid),
          group.setup.count > 0 ? Quantity.duration(group.timePaid) : Quantity.unknown,
          group.idealConnections.map { Quantity.count($0) } ?? Quantity.unknown, timeout ?? Quantity.unknown,
        ]
      })
  }

  private mutating func writeCauses() {
    let causes = summary.causes.filter { $0.connections > 0 }.sorted { $0.connections > $1.connections }
    guard !causes.isEmpty else { return }
    let all = causes.reduce(0) { $0 + $1.connections }
    heading("Why connections were opened", shown: min(causes.count, Self.rows), of: causes.count)
    table(
      ["cause", "connections", "share", "cost"], alignment: "lrrr",
      causes.prefix(Self.rows).map { row in
        [
          row.cause.rawValue, Quantity.count(row.connections),
          Quantity.percent(Double(row.connections) / Double(max(all, 1))), Quantity.duration(row.cost),
        ]
      })
  }

  private mutating func writeWarnings() {
    let warnings = summary.warnings.filter(\.matters)
    guard !warnings.isEmpty else { return }
    text += "\n**Figures may be off:**\n\n"
    for warning in warnings { text += "- \(Self.code(warning.message))\n" }
  }

  // MARK: Markdown

  private mutating func heading(_ title: String, shown: Int, of all: Int) {
    text += "\n### \(title)\(shown < all ? " (\(shown) of \(Quantity.count(all)))" : "")\n"
  }

  /// - Parameter alignment: `l` or `r` for each column.
  private mutating func table(_ header: [String], alignment: String, _ rows: [[String]]) {
    text += "\n| \(header.joined(separator: " | ")) |\n|"
    for letter in alignment { text += letter == "r" ? "---:|" : "---|" }
    text += "\n"
    for row in rows { text += "| \(row.joined(separator: " | ")) |\n" }
  }

  private func name(_ endpoint: Endpoint) -> String {
    var name = OctetBuffer(capacity: 64)
    name.append(endpoint)
    return String(decoding: name.octets, as: UTF8.self)
  }

  private func count(_ value: Int64?) -> String {
    value.map { Quantity.count(Int($0)) } ?? Quantity.unknown
  }

  /// Words of ours, which hold nothing but what Markdown takes for emphasis, code, links or HTML.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if "\\`*_[]<>|&".contains(character) { result += "\\" }
      result.append(character)
    }
  }

  static func code(_ octets: [UInt8]) -> String { code(TerminalText.escaped(octets)) }

  /// `text` in a code span. What would end it, or the cell of a table around it, is written as `\xNN`.
  static func code(_ text: String) -> String {
    let shown = TerminalText.escaped(text).replacing("`", with: "\\x60").replacing("|", with: "\\x7c")
    return shown.isEmpty ? "(empty)" : "`\(shown)`"
  }
}
