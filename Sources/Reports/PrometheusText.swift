import ReuseAnalysis
import Wire

/// A summary in the text format that Prometheus reads (exposition format 0.0.4), as node exporter's textfile collector wants
/// it. Names follow the Prometheus conventions: base units, `_total` on what only grows.
///
/// A figure that cannot be known has no sample. Names of hosts are no labels: whoever sends requests could make as many as
/// they like. Servers are, ``serverLimit`` of them.
package struct PrometheusText {
  package private(set) var buffer = OctetBuffer()
  private var family = ""

  /// Servers with series of their own, those with the most exchanges.
  package static let serverLimit = 50

  package init(_ summary: Summary) {
    capture(summary)
    connections(summary)
    exchanges(summary)
    reuse(summary)
    idle(summary)
    waiting(summary)
    load(summary)
    findings(summary)
    servers(summary)
  }

  // MARK: families

  private mutating func capture(_ s: Summary) {
    begin("info", .gauge, "The program that analysed the traffic.")
    sample(1, [("version", reusescopeVersion)])
    if let start = s.capture.start {
      begin("capture_start_timestamp_seconds", .gauge, "Time of the first packet.")
      sample(seconds: start)
      begin("capture_end_timestamp_seconds", .gauge, "Time of the last packet.")
      sample(seconds: start &+ s.capture.duration)
    }
    begin("packets_total", .counter, "Packets captured.")
    sample(s.capture.packets)
    begin("packet_bytes_total", .counter, "Octets of those packets on the wire.")
    sample(s.capture.bytes)
    if let drops = s.capture.drops {
      begin("packets_dropped_total", .counter, "Packets that the capturing system lost.")
      sample(drops)
    }
    begin("payload_bytes_total", .counter, "Octets of TCP payload, by what became of them.")
    for (fate, octets) in [
      ("delivered", s.ledger.delivered), ("retransmitted", s.ledger.retransmitted),
      ("overlapping", s.ledger.overlapping), ("missing_cut", s.ledger.missingCut),
      ("missing_unseen", s.ledger.missingUnseen), ("out_of_window", s.ledger.outOfWindow),
      ("after_close", s.ledger.afterClose), ("dropped_by_limit", s.ledger.droppedByLimit),
    ] {
      sample(octets, [("fate", fate)])
    }
  }

  private mutating func connections(_ s: Summary) {
    begin("connections_total", .counter, "TCP connections, by what they carried.")
    for row in s.connections.byProtocol { sample(row.connections, [("protocol", row.protocol.rawValue)]) }
    begin("connections_opened_total", .counter, "Connections whose SYN was captured, by why they were opened.")
    for row in s.causes { sample(row.connections, [("cause", row.cause.rawValue)]) }
    begin("opening_seconds_total", .counter, "Handshake time of those connections, where it was measured.")
    for row in s.causes { sample(seconds: row.setupTime, [("cause", row.cause.rawValue)]) }
    begin("connections_closed_total", .counter, "HTTP connections, by how they ended and who closed them first.")
    for row in s.closes {
      sample(row.connections, [("reason", row.reason.rawValue), ("closed_by", row.closedBy?.rawValue ?? "")])
    }
  }

  private mutating func exchanges(_ s: Summary) {
    begin("exchanges_total", .counter, "Exchanges with a request, by whether they paid for their connection.")
    uses(fresh: s.exchanges.fresh, reused: s.exchanges.reused, unknown: s.exchanges.unknown)
    begin("exchange_outcomes_total", .counter, "Exchanges, by what became of them.")
    for row in s.exchanges.outcomes { sample(row.exchanges, [("outcome", row.outcome.rawValue)]) }
    begin("responses_total", .counter, "Final responses, by the class of their status.")
    for (name, count) in zip(Summary.Exchanges.statusClassNames, s.exchanges.statusClasses).dropFirst() {
      sample(count, [("class", name)])
    }
  }

  private mutating func reuse(_ s: Summary) {
    if let ratio = s.reuse.ratio {
      begin("reuse_ratio", .gauge, "Share of the requests that were sent on a connection that had carried one before.")
      sample(ratio.lowerBound, [("bound", "low")])
      sample(ratio.upperBound, [("bound", "high")])
    }
    if let share = s.reuse.multiUseShare {
      begin("multi_use_ratio", .gauge, "Share of the HTTP connections that carried more than one exchange.")
      sample(share)
    }
    if let efficiency = s.reuse.efficiency {
      begin("reuse_efficiency_ratio", .gauge, "Share of the avoidable handshakes that were avoided.")
      sample(efficiency)
    }
    if let ideal = s.reuse.idealConnections {
      begin("ideal_connections", .gauge, "The fewest connections that could have carried the requests.")
      sample(ideal)
    }
    let handshakes = s.reuse.handshakes
    begin("handshakes_total", .counter, "TCP handshakes, by how they ended.")
    sample(handshakes.paid, [("result", "paid")])
    sample(handshakes.refused, [("result", "refused")])
    sample(handshakes.timedOut, [("result", "timed_out")])
    begin("handshakes_saved_total", .counter, "Handshakes that reuse saved.")
    sample(handshakes.saved)
    begin("handshake_saved_seconds_total", .counter, "Time that reuse saved, by the median of each pool.")
    sample(seconds: handshakes.timeSaved)
    distribution("handshake_setup_seconds", "Time from the first SYN to the end of the handshake.", handshakes.setup)
    begin("syn_retransmissions_total", .counter, "SYNs that were sent again.")
    sample(handshakes.synRetransmissions)
  }

  private mutating func idle(_ s: Summary) {
    distribution("idle_gap_seconds", "Idle time between two exchanges of a connection.", s.idle.gaps)
    distribution("idle_tail_seconds", "Idle time from the last exchange of a connection to its close.", s.idle.tail)
    begin("connection_open_seconds_total", .counter, "Time that connections were open.")
    sample(seconds: s.idle.openTime)
    begin("connection_idle_seconds_total", .counter, "Time that connections were open and idle.")
    sample(seconds: s.idle.idleTime)
  }

  private mutating func waiting(_ s: Summary) {
    let waiting = s.headOfLine
    begin(
      "pipelined_exchanges_total", .counter, "Exchanges whose request came before the response before it had ended.")
    sample(waiting.pipelinedExchanges)
    distribution(
      "http_head_of_line_seconds", "Time that pipelined requests waited for earlier responses.", waiting.delay)
    begin("queued_exchanges_total", .counter, "Requests that a client probably held back for want of a connection.")
    sample(waiting.queued)
    distribution("tcp_stall_seconds", "Time that octets waited for earlier ones that were missing.", waiting.stalls)
    begin("close_races_total", .counter, "Requests that met the server's close on the wire.")
    sample(s.races.count &+ s.racesOmitted)
  }

  private mutating func load(_ s: Summary) {
    begin("connections_open_peak", .gauge, "The most connections open at once.")
    sample(s.connections.peakOpen)
    begin("connections_busy_peak", .gauge, "The most connections busy at once.")
    sample(s.connections.peakBusy)
    if let total = s.timeWait.total {
      begin("time_wait_peak", .gauge, "The most connections in TIME-WAIT at once.")
      sample(total.peak)
    }
    if let ports = s.timeWait.ports.first {
      begin("ephemeral_ports_ratio", .gauge, "The largest share of its port range that a client needed for a server.")
      sample(ports.share)
    }
  }

  private mutating func findings(_ s: Summary) {
    begin("findings", .gauge, "Findings, by severity.")
    for severity in Finding.Severity.allCases {
      sample(s.findings.count { $0.severity == severity }, [("severity", severity.rawValue)])
    }
    begin("finding_subjects", .gauge, "Servers, pools, origins and so on that a finding names.")
    for kind in Finding.Kind.allCases {
      sample(s.findings.count { $0.kind == kind }, [("kind", kind.rawValue)])
    }
    begin("warnings", .gauge, "What makes the figures less certain than they could be.")
    sample(s.warnings.count { $0.matters }, [("matters", "true")])
    sample(s.warnings.count { !$0.matters }, [("matters", "false")])
  }

  private mutating func servers(_ s: Summary) {
    let shown = s.servers.prefix(Self.serverLimit).compactMap { group in group.server.map { (name($0), group) } }
    begin("servers", .gauge, "Servers met, and those of them with series of their own.")
    sample(s.servers.count &+ s.serversOmitted, [("shown", "all")])
    sample(shown.count, [("shown", "own_series")])
    begin(
      "groups_folded_total", .counter,
      "Groups idle longest that made room for others: their connections stay in the other figures.")
    for (kind, count) in [("servers", s.folded.servers), ("pools", s.folded.pools), ("hosts", s.folded.hosts)] {
      sample(count, [("group", kind)])
    }
    begin("server_connections_total", .counter, "HTTP connections of a server.")
    for (name, group) in shown { sample(group.connections, [("server", name)]) }
    begin("server_exchanges_total", .counter, "Exchanges of a server, by whether they paid for their connection.")
    for (name, group) in shown {
      uses(fresh: group.fresh, reused: group.reused, unknown: group.unknown, [("server", name)])
    }
    begin("server_handshakes_total", .counter, "TCP handshakes of a server, by how they ended.")
    for (name, group) in shown {
      sample(group.handshakesPaid, [("server", name), ("result", "paid")])
      sample(group.handshakesFailed, [("server", name), ("result", "failed")])
    }
    begin("server_handshake_seconds_total", .counter, "Time of a server's handshakes, where it was measured.")
    for (name, group) in shown { sample(seconds: group.timePaid, [("server", name)]) }
    begin(
      "server_close_races_total", .counter, "Connections of a server with a request that met its close on the wire.")
    for (name, group) in shown { sample(group.closeRaces, [("server", name)]) }
    begin("server_idle_timeout_seconds", .gauge, "When a server closes an idle connection.")
    for (name, group) in shown {
      if let timeout = group.inferredTimeout?.timeout {
        sample(seconds: timeout, [("server", name), ("basis", "inferred")])
      }
      if let timeout = group.advertisedTimeout { sample(timeout, [("server", name), ("basis", "advertised")]) }
    }
  }

  private mutating func uses(fresh: Int, reused: Int, unknown: Int, _ labels: [Label] = []) {
    sample(fresh, labels + [("use", "fresh")])
    sample(reused, labels + [("use", "reused")])
    sample(unknown, labels + [("use", "unknown")])
  }

  /// A summary in Prometheus's sense. Without an observation it has no quantiles.
  private mutating func distribution(_ name: String, _ help: String, _ distribution: Summary.Distribution) {
    begin(name, .summary, help)
    for (quantile, value) in [("0.5", distribution.p50), ("0.9", distribution.p90), ("0.99", distribution.p99)] {
      if let value { sample(seconds: value, [("quantile", quantile)]) }
    }
    sample(seconds: distribution.sum, suffix: "_sum")
    sample(distribution.count, suffix: "_count")
  }

  private func name(_ endpoint: Endpoint) -> String {
    var text = OctetBuffer()
    text.append(endpoint)
    return String(decoding: text.octets, as: UTF8.self)
  }

  // MARK: lines

  typealias Label = (name: String, value: String)

  private enum Kind: String {
    case counter, gauge, summary
  }

  private mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    family = "reusescope_" + name
    buffer.append("# HELP \(family) \(help)\n# TYPE \(family) \(kind.rawValue)\n")
  }

  private mutating func sample(_ value: Int, _ labels: [Label] = [], suffix: String = "") {
    name(labels, suffix: suffix)
    buffer.appendDecimal(value)
    buffer.append("\n")
  }

  private mutating func sample(_ value: Double, _ labels: [Label] = []) {
    guard value.isFinite else { return }
    name(labels, suffix: "")
    buffer.append("\(value.description)\n")
  }

  private mutating func sample(seconds nanoseconds: some BinaryInteger, _ labels: [Label] = [], suffix: String = "") {
    name(labels, suffix: suffix)
    buffer.appendSeconds(sum: Int128(nanoseconds))
    buffer.append("\n")
  }

  private mutating func name(_ labels: [Label], suffix: String) {
    buffer.append(family)
    buffer.append(suffix)
    if !labels.isEmpty {
      buffer.append("{")
      for (position, label) in labels.enumerated() {
        buffer.append("\(position > 0 ? "," : "")\(label.name)=\"\(Self.escaped(label.value))\"")
      }
      buffer.append("}")
    }
    buffer.append(" ")
  }

  /// A label's value: `\`, `"` and line feeds are escaped, other control characters are not let through.
  static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar.isObeyedByViewers ? "\u{FFFD}" : scalar)
      }
    }
    return text
  }
}
