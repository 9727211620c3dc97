import Wire

// Requests that meet the server's close (METRICS.md §6), and servers that give up before their clients do.
extension Findings {
  /// One lost request is enough, on a connection that had been used before: a server that closes on a first request speaks
  /// no HTTP, or takes nobody. A server whose timeout runs out with the request in its hands resets the connection without a
  /// FIN: no race on the wire (METRICS.md §6), and lost in the same way.
  static func closeRaces(_ server: ServerFacts) -> Finding? {
    let unread = server.unreadAtTimeout
    guard server.record.racesOfUsed > 0 || unread > 0 else { return nil }
    var evidence: [(name: String, value: Finding.Value)] = []
    var threshold: [(name: String, value: Finding.Value)] = []
    if server.closeRaces > 0 {
      evidence += [
        ("races", .count(server.closeRaces)), ("before_fin", .count(server.record.racesBeforeFIN)),
        ("after_fin", .count(server.closeRaces - server.record.racesBeforeFIN)),
      ]
      threshold.append(("races", .count(1)))
    }
    if unread > 0 {
      evidence.append(("reset_unread", .count(unread)))
      threshold.append(("reset_unread", .count(1)))
    }
    let gaps = server.racedGaps
    if let median = gaps.quantile(0.5) {
      evidence += [
        ("idle_min", .duration(gaps.min)), ("idle_p50", .duration(median)), ("idle_max", .duration(gaps.max)),
      ]
    }
    evidence += timeout(of: server)
    return Finding(
      kind: .closeRaces, severity: .problem, subject: .server(server.endpoint), evidence: evidence,
      threshold: threshold,
      examples: Array(
        (server.record.examples(of: .raced) + (unread > 0 ? server.record.examples(of: .unread) : []))
          .prefix(Finding.exampleLimit)))
  }

  /// The server closes idle connections that its clients still hold, and requests came close to its timeout.
  static func serverClosesFirst(_ server: ServerFacts) -> Finding? {
    guard server.closeRaces == 0, server.unreadAtTimeout == 0, let inferred = server.inferredTimeout,
      inferred.connections >= FindingThresholds.events, server.serverIdleCloses.count > server.clientIdleCloses,
      inferred.timeout >= FindingThresholds.shortestTimeout
    else { return nil }
    let from = inferred.timeout - margin(of: inferred.timeout, rtt: server.rtt)
    let near = server.idleGaps.count(upTo: inferred.timeout) - server.idleGaps.count(upTo: from)
    guard near >= FindingThresholds.nearTimeoutGaps else { return nil }
    return Finding(
      kind: .serverClosesFirst, severity: .warning, subject: .server(server.endpoint),
      evidence: [
        ("near_gaps", .count(near)), ("near_from", .duration(from)),
        ("idle_closes_by_server", .count(server.serverIdleCloses.count)),
        ("idle_closes_by_client", .count(server.clientIdleCloses)),
      ] + timeout(of: server),
      threshold: [
        ("near_gaps", .count(FindingThresholds.nearTimeoutGaps)),
        ("timeout_connections", .count(FindingThresholds.events)),
      ], examples: server.record.examples(of: .serverIdle))
  }

  /// How close to a timeout a request runs the risk of a race: max(1 s, 2 · RTT) as in METRICS.md §5, but no more than half of
  /// the timeout.
  static func margin(of timeout: Int64, rtt: Int64) -> Int64 {
    min(max(1_000_000_000, 2 &* rtt), timeout / 2)
  }

  /// The server's timeout, and how it is known.
  static func timeout(of server: ServerFacts) -> [(name: String, value: Finding.Value)] {
    guard let timeout = server.timeout else { return [] }
    var evidence: [(name: String, value: Finding.Value)] = [
      ("timeout", .duration(timeout)), ("timeout_is", .text(server.inferredTimeout == nil ? "advertised" : "inferred")),
      ("give_up_before", .duration(timeout - margin(of: timeout, rtt: server.rtt))),
    ]
    if let inferred = server.inferredTimeout {
      evidence.append(("timeout_connections", .count(inferred.connections)))
    }
    if let name = KnownDefaults.timeout(of: timeout) { evidence.append(("as_default_of", .text(name))) }
    return evidence
  }
}
