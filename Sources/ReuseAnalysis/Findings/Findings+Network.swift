import Wire

// What is not about keep-alive settings: servers that do not answer, ports, balance, and the capture itself.
extension Findings {
  static func failedHandshakes(_ server: ServerFacts) -> Finding? {
    let failed = server.record.refused + server.record.unanswered
    guard failed >= FindingThresholds.events,
      Double(failed) >= FindingThresholds.failedShare * Double(server.openings)
    else { return nil }
    return Finding(
      kind: .failedHandshakes, severity: .problem, subject: .server(server.endpoint),
      evidence: [
        ("failed", .count(failed)), ("refused", .count(server.record.refused)),
        ("unanswered", .count(server.record.unanswered)), ("openings", .count(server.openings)),
        ("share", .share(Double(failed) / Double(max(server.openings, 1)))),
      ],
      threshold: [
        ("failed", .count(FindingThresholds.events)), ("share", .share(FindingThresholds.failedShare)),
        ("answer_time", .duration(FindingThresholds.answerTime)),
      ], examples: server.record.examples(of: .failed))
  }

  /// A server that is itself a client of the origin's others passes requests on to them: it is not one of those that share them.
  static func unevenBalance(_ summary: Summary, clients: Set<IPAddress>) -> [Finding] {
    summary.balance.compactMap { balance in
      let servers = balance.servers.filter { !clients.contains($0.server.address) }
      let exchanges = servers.reduce(0) { $0 + $1.exchanges }
      guard servers.count > 1, exchanges >= FindingThresholds.balanceExchanges,
        let busiest = servers.max(by: { $0.exchanges < $1.exchanges })
      else { return nil }
      let mean = Double(exchanges) / Double(servers.count)
      let connections = servers.reduce(0) { $0 + $1.connections }
      let maxToMean = Double(busiest.exchanges) / mean
      // Chance alone spreads about √mean around the mean.
      guard maxToMean >= FindingThresholds.maxToMean, Double(busiest.exchanges) - mean >= 3 * mean.squareRoot() else {
        return nil
      }
      return Finding(
        kind: .unevenBalance, severity: .warning, subject: .origin(balance.origin),
        evidence: [
          ("exchanges", .count(exchanges)), ("servers", .count(servers.count)),
          ("exchanges_max_to_mean", .number(maxToMean)),
          ("busiest_exchanges", .count(busiest.exchanges)), ("busiest_connections", .count(busiest.connections)),
          ("connections", .count(connections)), ("busiest", .endpoint(busiest.server)),
        ],
        threshold: [
          ("exchanges", .count(FindingThresholds.balanceExchanges)),
          ("exchanges_max_to_mean", .number(FindingThresholds.maxToMean)),
        ])
    }
  }

  static func portPressure(_ summary: Summary, servers: [ServerFacts]) -> [Finding] {
    summary.timeWait.ports.filter { $0.share >= FindingThresholds.portShare }.map { ports in
      Finding(
        kind: .portPressure, severity: ports.share >= FindingThresholds.severePortShare ? .problem : .warning,
        subject: .pool(client: ports.client, server: ports.server),
        evidence: [
          ("ports", .count(ports.peak)), ("share", .share(ports.share)),
          ("port_range", .count(summary.timeWait.portRange)),
          ("time_wait", .duration(summary.timeWait.duration)),
        ],
        threshold: [
          ("share", .share(FindingThresholds.portShare)), ("problem_share", .share(FindingThresholds.severePortShare)),
        ], examples: servers.first { $0.endpoint == ports.server }?.record.examples(of: .clientClosed) ?? [])
    }
  }

  static func captureQuality(_ summary: Summary, servers: [ServerFacts]) -> Finding? {
    let drops = summary.capture.drops ?? 0
    let missing = summary.ledger.missingUnseen + summary.ledger.droppedByLimit
    let share = summary.ledger.payloadBytes > 0 ? Double(missing) / Double(summary.ledger.payloadBytes) : 0
    let heads = summary.connections.headsHit
    guard summary.exchanges.total > 0,
      drops > 0 || share >= FindingThresholds.missingShare || heads > 0
    else { return nil }
    return Finding(
      kind: .captureQuality, severity: .warning, subject: .capture,
      evidence: [
        ("heads_hit", .count(heads)), ("connections", .count(summary.connections.http)),
        ("missing_bytes", .count(missing)), ("missing_share", .share(share)), ("drops", .count(drops)),
      ],
      threshold: [
        ("heads_hit", .count(1)), ("missing_share", .share(FindingThresholds.missingShare)), ("drops", .count(1)),
      ],
      examples: Array(servers.flatMap { $0.record.examples(of: .headHit) }.sorted().prefix(Finding.exampleLimit)))
  }
}

extension Summary {
  /// Judges the capture's quality once more, with what only the reader of the files knows.
  public mutating func reviewCaptureQuality() {
    guard capture.drops ?? 0 > 0, !findings.contains(where: { $0.kind == .captureQuality }),
      let finding = Findings.captureQuality(self, servers: [])
    else { return }
    findings = Findings.worstFirst(findings + [finding])
  }
}
