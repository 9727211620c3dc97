import Wire

extension Findings {
  /// HTTP/1.1 answers one request after another on a connection (METRICS.md §7): what of it could be seen.
  static func headOfLine(_ server: ServerFacts) -> Finding? {
    let record = server.record
    let exchanges = Double(server.figures.exchanges)
    let waits =
      record.waited >= FindingThresholds.waiting && Double(record.waited) >= FindingThresholds.waitingShare * exchanges
      && record.waitTime / Int64(max(record.waited, 1)) >= FindingThresholds.meanWait
    // One connection at a time: a client that works in turn looks the same.
    let queues =
      server.peakOpen > 1 && record.queued >= FindingThresholds.queued
      && Double(record.queued) >= FindingThresholds.queuedShare * exchanges
      && record.queueingBound >= FindingThresholds.queueingBound
      && record.queueingBound / Int64(max(record.queued, 1)) >= FindingThresholds.meanQueueingBound
    guard waits || queues else { return nil }
    return Finding(
      kind: .headOfLine, severity: .info, subject: .server(server.endpoint),
      evidence: [
        ("waited", .count(waits ? record.waited : 0)), ("wait_time", .duration(waits ? record.waitTime : 0)),
        ("queued", .count(queues ? record.queued : 0)),
        ("queueing_bound", .duration(queues ? record.queueingBound : 0)),
        ("exchanges", .count(server.figures.exchanges)), ("peak_open", .count(server.peakOpen)),
      ],
      threshold: [
        ("waited", .count(FindingThresholds.waiting)), ("waited_share", .share(FindingThresholds.waitingShare)),
        ("mean_wait", .duration(FindingThresholds.meanWait)), ("queued", .count(FindingThresholds.queued)),
        ("queued_share", .share(FindingThresholds.queuedShare)),
        ("mean_queueing_bound", .duration(FindingThresholds.meanQueueingBound)),
        ("queueing_bound", .duration(FindingThresholds.queueingBound)),
      ], examples: record.examples(of: .waited))
  }
}
