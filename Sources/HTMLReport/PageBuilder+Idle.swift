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
        drawing: Drawings.gaps(summary.idle.reuseByGap, timeouts: timeouts), label: "Idle gaps by length",
        legend: [
          .init(kind: "k2", label: "share of the gaps this long"),
          .init(kind: "solid", label: "share not longer: what a timeout of this length keeps"),
        ])
    ]
    return section
  }

  /// The timeouts of the servers with most requests, those that are the same once.
  private var timeouts: [(time: Int64, label: String)] {
    var timeouts: [(time: Int64, label: String)] = []
    for server in summary.servers.prefix(20) where timeouts.count < 3 {
      guard
        let time = server.inferredTimeout?.timeout ?? server.advertisedTimeout.map({ Self.nanoseconds(seconds: $0) }),
        !timeouts.contains(where: { abs($0.time - time) < time / 10 })
      else { continue }
      timeouts.append((time, "timeout \(Quantity.duration(time))"))
    }
    return timeouts
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
        drawing: Drawings.bars(requestCounts.bars, label: "Connections by the number of their requests"),
        label: "Connections by the number of their requests",
        legend: [.init(kind: "k1", label: "connections with this many requests")])
    ]
    return section
  }

  var load: PageModel.Section? {
    guard !summary.load.total.points.isEmpty else { return nil }
    var section = PageModel.Section("load", "Load over time", .load)
    var peaks: [String] = []
    func add(_ peak: Summary.Load.Peak?, _ words: String) {
      guard let peak else { return }
      peaks.append("\(Quantity.count(peak.value)) \(words) (at \(Quantity.duration(peak.at)))")
    }
    add(summary.load.open, "open at once")
    add(summary.load.busy, "busy at once")
    add(summary.load.openings, "opened in one interval")
    if !peaks.isEmpty { section.sentences.append("At most " + peaks.joined(separator: ", ") + ".") }
    section.figures = [
      .init(
        drawing: Drawings.load(summary.load), label: "Connections open, busy and idle, over time",
        caption: "Intervals of \(Quantity.duration(summary.load.interval)).",
        legend: [
          .init(kind: "k1", label: "busy"), .init(kind: "k2", label: "idle"),
          .init(kind: "k3", label: "opened (below)"),
        ], isWide: true)
    ]
    return section
  }

  var headOfLine: PageModel.Section? {
    let figures = summary.headOfLine
    var section = PageModel.Section("hol", "Head-of-line blocking", .holDelay)
    guard figures.pipelinedExchanges > 0 || figures.queued > 0 || figures.stalls.count > 0 else {
      section.empty = "None: no pipelining, no request held back for a busy connection, no TCP stall."
      return section
    }
    var table = Table(
      "What waited for something before it",
      [
        .init("kind", isNumber: false), .init("requests or stalls"), .init("in all"), .init("median"), .init("longest"),
        .init("touched", isNumber: false),
      ], isSortable: false)
    if figures.pipelinedExchanges > 0 {
      table.add([
        .name("pipelined behind other responses", .holDelay), .count(figures.delayed), .duration(figures.delay.sum),
        .duration(figures.delay.p50), .duration(figures.delay.max),
        .text(
          "\(Quantity.count(figures.pipelinedExchanges, "pipelined request")) on "
            + Quantity.count(figures.pipelinedConnections, "connection")),
      ])
    }
    if figures.queued > 0 {
      table.add([
        .name("held back for a busy connection", .queueing), .count(figures.queued),
        .init(text: "≤ " + Quantity.duration(figures.queueingBound)), .duration(nil), .duration(nil), .text(""),
      ])
    }
    if figures.stalls.count > 0 {
      table.add([
        .name("TCP stalls", .tcpStall), .count(figures.stalls.count), .duration(figures.stalls.sum),
        .duration(figures.stalls.p50), .duration(figures.stalls.max),
        .text(Quantity.count(figures.stalledExchanges, "exchange")),
      ])
    }
    section.tables = [table]
    return section
  }

  var timeWait: PageModel.Section? {
    let figures = summary.timeWait
    guard figures.total != nil || !figures.endpoints.isEmpty || !figures.ports.isEmpty else { return nil }
    var section = PageModel.Section("time-wait", "TIME-WAIT", .timeWait)
    if !figures.endpoints.isEmpty {
      var table = Table(
        "Connections in TIME-WAIT, by the side that closed first",
        [.init("address", isNumber: false), .init("connections", .connection), .init("most at once", .timeWait)])
      for row in figures.endpoints.prefix(20) {
        table.add([.name(Names.address(row.address)), .count(row.connections), .count(row.peak)])
      }
      section.tables.append(table)
    }
    if !figures.ports.isEmpty {
      var table = Table(
        "Ports that a client needed towards a server",
        [
          .init("client", isNumber: false), .init("server", .server, isNumber: false),
          .init("most at once", .portShare),
          .init("share of \(Quantity.count(figures.portRange)) ports", .portShare),
        ])
      for row in figures.ports.prefix(20) {
        table.add([
          .name(Names.address(row.client)), .text(Names.endpoint(row.server)), .count(row.peak),
          .share(row.share, bar: true),
        ])
      }
      section.tables.append(table)
    }
    return section
  }

  var accounting: PageModel.Section {
    let ledger = summary.ledger
    var section = PageModel.Section("accounting", "Accounting", .ledger)
    func table(_ caption: String, _ rows: [(String, Int)], _ cell: (Int) -> Table.Cell) -> Table {
      var table = Table(caption, [.init("row", isNumber: false), .init("amount")], isSortable: false)
      for row in rows where row.1 != 0 { table.add([.name(row.0), cell(row.1)]) }
      return table
    }
    section.tables = [
      table(
        "Packets: \(Quantity.count(ledger.packets))",
        [
          ("analysed as TCP", ledger.tcp), ("TCP on other ports", ledger.otherPorts), ("not TCP", ledger.notTCP),
          ("not IP", ledger.notIP), ("not decodable", ledger.undecodable),
          ("fragments, put together", ledger.fragments),
          ("captured twice", ledger.duplicateFrames), ("dropped by a limit", ledger.limit),
          ("in no row: a defect of this program", ledger.packetRemainder),
        ], { .count($0) }),
      table(
        "Payload: \(Quantity.size(ledger.payloadBytes))",
        [
          ("delivered", ledger.delivered), ("retransmitted", ledger.retransmitted),
          ("seen before, in segments with new bytes", ledger.overlapping),
          ("missing: cut by the snapshot length", ledger.missingCut),
          ("missing: acknowledged, not captured", ledger.missingUnseen), ("outside the window", ledger.outOfWindow),
          ("after the close", ledger.afterClose), ("dropped by a limit", ledger.droppedByLimit),
          ("in no row: a defect of this program", ledger.payloadRemainder),
        ], { .init(text: Quantity.size($0)) }),
    ]
    let notes = summary.warnings.filter { !$0.matters }.map { TerminalText.escaped($0.message) }
    section.sentences = notes
    return section
  }
}
