import Wire

// Keep-alive timeouts that are too short, or longer than anything used them.
extension Findings {
  /// The timeout that would have kept 90 % of the gaps that were lost to the server's, what that would have saved, and what it
  /// would have cost: every idle connection that the server closed would have been kept up to its next request, or for the whole
  /// longer timeout where none came.
  static func shortTimeout(_ server: ServerFacts) -> Finding? {
    let lost = server.record.lostGaps
    let closes = server.serverIdleCloses
    guard lost.count >= FindingThresholds.events, let needed = lost.quantile(FindingThresholds.keptShare),
      needed <= FindingThresholds.longestTimeout, let now = server.inferredTimeout?.timeout
    else { return nil }
    let gaps = lost.count + server.idleGaps.count
    guard Double(lost.count) >= FindingThresholds.lostGapShare * Double(gaps) else { return nil }
    let advised = rounded(above: needed)
    let kept = lost.count(upTo: advised)
    guard advised > now else { return nil }
    let bridged = lost.sum(upTo: advised) - Int128(kept) * Int128(now)
    let unused = Int128(max(0, closes.count - kept)) * Int128(advised - now)
    let idle = Int64(clamping: max(0, bridged) + unused)
    var evidence: [(name: String, value: Finding.Value)] = [
      ("lost_gaps", .count(lost.count)), ("reused_gaps", .count(server.idleGaps.count)),
      ("lost_gap_p50", .duration(lost.quantile(0.5) ?? 0)), ("lost_gap_p90", .duration(needed)),
      ("timeout", .duration(now)),
      ("advised_timeout", .duration(advised)), ("kept_share", .share(Double(kept) / Double(lost.count))),
      ("extra_idle_seconds", .duration(idle)),
    ]
    if let connections = server.connections(idle: idle) {
      evidence.append(("extra_idle_connections", .number(connections)))
    }
    if let memory = server.connectionMemory, let connections = server.connections(idle: idle) {
      evidence.append(("extra_idle_memory", .number(connections * Double(memory))))
    }
    if let name = KnownDefaults.timeout(of: now) { evidence.append(("as_default_of", .text(name))) }
    return Finding(
      kind: .shortTimeout, severity: .warning, subject: .server(server.endpoint), evidence: evidence,
      threshold: [
        ("lost_gaps", .count(FindingThresholds.events)), ("lost_gap_share", .share(FindingThresholds.lostGapShare)),
        ("lost_gap_p90_at_most", .duration(FindingThresholds.longestTimeout)),
      ],
      saves: .init(
        handshakes: kept, time: ServerFacts.part(server.record.lostSetup, some: kept, of: lost.count)),
      examples: server.record.examples(of: .lostGap))
  }

  /// The server keeps connections idle long after the longest gap that any request needed.
  static func longTimeout(_ server: ServerFacts) -> Finding? {
    let gaps = server.idleGaps
    guard let inferred = server.inferredTimeout, inferred.connections >= FindingThresholds.events,
      gaps.count >= FindingThresholds.reusedGaps,
      // A gap that was lost to the timeout was longer than it.
      server.record.lostGaps.count == 0, inferred.timeout / FindingThresholds.longTimeoutFactor > gaps.max
    else { return nil }
    let advised = rounded(above: gaps.max.multipliedReportingOverflow(by: 2).partialValue)
    guard advised < inferred.timeout else { return nil }
    let idle = Int64(clamping: inferred.connections) &* (inferred.timeout - advised)
    guard let connections = server.connections(idle: idle), connections >= FindingThresholds.idleConnections else {
      return nil
    }
    var evidence: [(name: String, value: Finding.Value)] = [
      ("idle_closes", .count(inferred.connections)), ("timeout", .duration(inferred.timeout)),
      ("longest_reused_gap", .duration(gaps.max)), ("reused_gaps", .count(gaps.count)),
      ("advised_timeout", .duration(advised)),
      ("spared_idle_seconds", .duration(idle)), ("spared_idle_connections", .number(connections)),
    ]
    if let memory = server.connectionMemory {
      evidence.append(("spared_idle_memory", .number(connections * Double(memory))))
    }
    if let name = inferred.asDefaultOf { evidence.append(("as_default_of", .text(name))) }
    return Finding(
      kind: .longTimeout, severity: .info, subject: .server(server.endpoint), evidence: evidence,
      threshold: [
        ("idle_closes", .count(FindingThresholds.events)), ("reused_gaps", .count(FindingThresholds.reusedGaps)),
        ("timeout_to_longest_gap", .number(Double(FindingThresholds.longTimeoutFactor))),
        ("spared_idle_connections", .number(FindingThresholds.idleConnections)),
      ], examples: server.record.examples(of: .serverIdle))
  }

  /// Nearly every connection brings one request and is then held until someone gives up.
  static func oneRequest(_ server: ServerFacts) -> Finding? {
    let used = server.figures.requestsPerConnection
    guard used.count >= FindingThresholds.oneRequestConnections, let share = used.share(upTo: 1),
      share >= FindingThresholds.oneRequestShare, server.record.oneRequest >= FindingThresholds.oneRequestConnections,
      // Clients that came back: what they lack is another finding.
      Double(server.cause(.firstContact).connections) >= FindingThresholds.oneRequestShare * Double(server.openings),
      let connections = server.connections(idle: server.record.oneRequestIdle),
      connections >= FindingThresholds.idleConnections
    else { return nil }
    var evidence: [(name: String, value: Finding.Value)] = [
      ("one_request_connections", .count(Int((share * Double(used.count)).rounded()))),
      ("connections", .count(used.count)),
      ("share", .share(share)), ("idle_seconds", .duration(server.record.oneRequestIdle)),
      ("idle_connections", .number(connections)),
    ]
    if let memory = server.connectionMemory { evidence.append(("idle_memory", .number(connections * Double(memory)))) }
    return Finding(
      kind: .oneRequest, severity: .info, subject: .server(server.endpoint), evidence: evidence + timeout(of: server),
      threshold: [
        ("connections", .count(FindingThresholds.oneRequestConnections)),
        ("share", .share(FindingThresholds.oneRequestShare)),
        ("idle_connections", .number(FindingThresholds.idleConnections)),
      ], examples: server.record.examples(of: .oneRequest))
  }

  /// The next whole number of seconds, of 5 s above 10 s, of 30 s above a minute.
  static func rounded(above gap: Int64) -> Int64 {
    let second: Int64 = 1_000_000_000
    let step = gap < 10 * second ? second : gap < 60 * second ? 5 * second : 30 * second
    return (gap / step + 1) * step
  }
}
