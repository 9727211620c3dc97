import Reports
import ReuseAnalysis

extension PageBuilder {
  var idleGaps: PageModel.Section? {
    let gaps = summary.idle.gaps
    var section = PageModel.Section("idle", "Idle gaps between requests", .idleGap)
    section.isHalf = true
    guard gaps.count > 0 else {
      section.empty = "No connection carried a second request after a pause."
      return section
    }
    section.sentences.append(
      "\(Quantity.count(gaps.count, "gap")): half up to \(Quantity.duration(gaps.p50)), 90 % up to "
        + "\(Quantity.duration(gaps.p90)), 99 % up to \(Quantity.duration(gaps.p99)), the longest "
        + "\(Quantity.duration(gaps.max)).")
    if let share = summary.idle.share {
      section.sentences.append("Connections were idle \(Quantity.percent(share)) of the time they were open.")
    }
    section.figures = [
      .init(
        drawing: Drawings.gaps(summary.idle.gapsByLength, curve: summary.idle.reuseByGap, timeouts: timeouts),
        label: "Idle gaps by length",
        legend: [
          .init(kind: "k2", label: "share of the gaps this long"),
          .init(kind: "solid", label: "share not longer: what a timeout of this length keeps"),
        ])
    ]
    return section
  }

  /// The timeouts of the servers with most requests.
  private var timeouts: [TimeoutMark] {
    TimeoutMark.grouped(
      summary.servers.prefix(Self.rowLimit).compactMap { server in
        server.inferredTimeout.flatMap { $0.isSharp ? $0.timeout : nil }
          ?? server.advertisedTimeout.map { Self.nanoseconds(seconds: $0) }
      }, servers: summary.servers.count + summary.serversOmitted)
  }

  var perConnection: PageModel.Section? {
    let requests = summary.reuse.requestsPerConnection
    guard requests.count > 0, !requestCounts.bars.isEmpty else { return nil }
    var section = PageModel.Section("per-connection", "Requests per connection", .perConnection)
    section.isHalf = true
    section.sentences.append(
      "\(Quantity.decimal(requests.mean)) in the mean; half of the connections carried up to "
        + "\(Table.Cell.count(requests.p50).text), 90 % up to \(Table.Cell.count(requests.p90).text), the busiest "
        + "\(Table.Cell.count(requests.max).text).")
    section.figures = [
      .init(
        drawing: Drawings.bars(requestCounts.bars, label: "Connections by the number of their requests") {
          Quantity.short($0)
        },
        label: "Connections by the number of their requests",
        legend: [.init(kind: "k1", label: "connections with this many requests")])
    ]
    return section
  }
}
