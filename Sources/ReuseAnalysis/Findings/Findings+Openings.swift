import Wire

// Handshakes that were paid although a connection was there, or could have been.
extension Findings {
  static func missedReuse(_ server: ServerFacts) -> Finding? {
    let cause = server.cause(.missedReuse)
    guard server.isUsed, isFrequent(cause.connections, of: server.openings) else { return nil }
    // With one connection idle, several openings at once miss the same one.
    let spared = min(cause.connections, max(0, server.figures.handshakesPaid - server.idealConnections))
    guard spared > 0 else { return nil }
    return Finding(
      kind: .missedReuse, severity: .warning, subject: server.clientSubject,
      evidence: [
        ("missed", .count(cause.connections)), ("openings", .count(server.openings)),
        ("share", .share(Double(cause.connections) / Double(server.openings))), ("clients", .count(server.clients)),
        ("peak_open", .count(server.peakOpen)),
      ], threshold: frequency("missed"),
      saves: .init(
        handshakes: spared, time: ServerFacts.part(cause.setupTime, some: spared, of: cause.connections)),
      examples: server.record.examples(of: .missedReuse))
  }

  static func clientClosesEarly(_ server: ServerFacts) -> Finding? {
    var evidence: [(name: String, value: Finding.Value)] = [("clients", .count(server.clients))]
    if let timeout = server.inferredClientTimeout { evidence.append(("client_timeout", .duration(timeout.timeout))) }
    return avoidable(
      .clientIdle, kind: .clientClosesEarly, subject: server.clientSubject, server, evidence: evidence,
      examples: server.record.examples(of: .clientIdleCharged))
  }

  static func clientClose(_ server: ServerFacts) -> Finding? {
    avoidable(
      .clientClose, kind: .clientClose, subject: server.clientSubject, server,
      evidence: [("clients", .count(server.clients))], examples: server.record.examples(of: .clientClose))
  }

  /// Unless most of them come after the same number of requests: then that is a limit.
  static func unaskedClose(_ server: ServerFacts) -> Finding? {
    if hasLimit(server) { return nil }
    return avoidable(
      .unaskedClose, kind: .unaskedClose, subject: .server(server.endpoint), server, evidence: [],
      examples: server.record.examples(of: .unaskedClose))
  }

  static func requestLimit(_ server: ServerFacts) -> Finding? {
    guard let limit = server.requestLimit, hasLimit(server) else { return nil }
    let ends = server.record[.unaskedClose]
    let openings = ends.openings * limit.found.connections / max(ends.connections, 1)
    guard openings >= FindingThresholds.events,
      Double(limit.found.connections) >= FindingThresholds.requestLimitShare * Double(server.figures.exchanges)
    else { return nil }
    return Finding(
      kind: .requestLimit, severity: .warning, subject: .server(server.endpoint),
      evidence: [
        ("connections", .count(limit.found.connections)), ("requests", .count(limit.found.requests)),
        ("openings", .count(openings)), ("exchanges", .count(server.figures.exchanges)),
      ],
      threshold: [
        ("openings", .count(FindingThresholds.events)),
        ("connections_to_exchanges", .share(FindingThresholds.requestLimitShare)),
      ], saves: .init(handshakes: openings, time: ServerFacts.part(ends.setupTime, some: openings, of: ends.openings)),
      examples: limit.examples)
  }

  static func http10(_ server: ServerFacts) -> Finding? {
    let ends = server.record[.http10]
    let isClients = server.record.closeDelimited * 2 <= ends.connections
    return avoidable(
      .http10, kind: .http10, subject: isClients ? server.clientSubject : .server(server.endpoint), server,
      evidence: [
        ("http10_requests", .count(ends.connections - server.record.closeDelimited)),
        ("close_delimited_responses", .count(server.record.closeDelimited)), ("clients", .count(server.clients)),
      ], examples: server.record.examples(of: .http10))
  }

  /// Connections that ended in one way, and the openings that they made necessary.
  private static func avoidable(
    _ end: AvoidableEnd, kind: Finding.Kind, subject: Finding.Subject, _ server: ServerFacts,
    evidence: [(name: String, value: Finding.Value)], examples: [Int]
  ) -> Finding? {
    let ends = server.record[end]
    guard server.isUsed, isFrequent(ends.openings, of: server.openings) else { return nil }
    return Finding(
      kind: kind, severity: .warning, subject: subject,
      evidence: [
        ("openings", .count(ends.openings)), ("all_openings", .count(server.openings)),
        ("share", .share(Double(ends.openings) / Double(server.openings))), ("connections", .count(ends.connections)),
      ] + evidence,
      threshold: frequency("openings") + [("last_use_at_most", .duration(FindingThresholds.usefulIdleTime))],
      saves: .init(handshakes: ends.openings, time: ends.setupTime > 0 ? ends.setupTime : nil), examples: examples)
  }

  /// Most unasked closes come after the same number of requests, more than one.
  private static func hasLimit(_ server: ServerFacts) -> Bool {
    guard let limit = server.requestLimit else { return false }
    return limit.found.requests > 1 && limit.found.connections * 2 > server.record[.unaskedClose].connections
  }

  private static func isFrequent(_ events: Int, of all: Int) -> Bool {
    events >= FindingThresholds.events && Double(events) >= FindingThresholds.share * Double(all)
  }

  private static func frequency(_ name: String) -> [(name: String, value: Finding.Value)] {
    [(name, .count(FindingThresholds.events)), ("share", .share(FindingThresholds.share))]
  }
}
