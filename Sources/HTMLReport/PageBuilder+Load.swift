import Reports
import ReuseAnalysis

extension PageBuilder {
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
    let interval = summary.load.interval
    section.figures = [
      .init(
        drawing: Drawings.load(
          summary.load.total.points, interval: interval, label: "Connections open, busy and idle, over time"),
        label: "Connections open, busy and idle, over time",
        caption: "Intervals of \(Quantity.duration(interval)).",
        legend: [
          .init(kind: "k1", label: "busy"), .init(kind: "k2", label: "idle"),
          .init(kind: "k3", label: "opened (below)"),
        ], isWide: true)
    ]
    // One server's load is that of all.
    guard summary.load.servers.count > 1 else { return section }
    for series in summary.load.servers.prefix(Self.loadLimit) {
      let name = Names.endpoint(series.server)
      section.figures.append(
        .init(
          heading: name,
          drawing: Drawings.load(series.points, interval: interval, isPart: true, label: "Load of \(name)"),
          label: "Load of \(name)"))
    }
    let others = summary.servers.count + summary.serversOmitted - min(summary.load.servers.count, Self.loadLimit)
    section.note =
      "By server, those with the most requests, each with a scale of its own."
      + (others > 0
        ? " \(Quantity.count(others, "more server")) not drawn; --json and --csv hold ten, and the rest together." : "")
    return section
  }

  var timeWait: PageModel.Section? {
    let figures = summary.timeWait
    guard figures.total != nil || !figures.endpoints.isEmpty || !figures.ports.isEmpty else { return nil }
    var section = PageModel.Section("time-wait", "TIME-WAIT", .timeWait)
    if let total = figures.total {
      section.sentences.append(
        "\(Quantity.count(total.peak, "connection")) in TIME-WAIT at once, at \(Quantity.duration(total.at)); each stays "
          + "\(Quantity.duration(figures.duration)) on the side that closed first.")
    }
    if !figures.points.isEmpty {
      section.figures.append(
        .init(
          drawing: Drawings.counts(
            figures.points, interval: summary.load.interval, kind: "k7", label: "Connections in TIME-WAIT over time"),
          label: "Connections in TIME-WAIT over time",
          legend: [.init(kind: "k7", label: "in TIME-WAIT, on either side")], isWide: true))
    }
    if figures.endpoints.count > 1 {
      section.figures.append(
        .init(
          drawing: Drawings.bars(
            figures.endpoints.prefix(Self.barLimit).map { (label: Names.address($0.address), count: $0.peak) },
            kind: "k7", label: "Most connections in TIME-WAIT at once, by address"
          ) { Quantity.short($0) },
          label: "TIME-WAIT by address",
          legend: [.init(kind: "k7", label: "most in TIME-WAIT at once, by the address that closed first")]))
    }
    if figures.ports.contains(where: { $0.share >= 0.001 }) {
      section.figures.append(
        .init(
          drawing: Drawings.bars(
            figures.ports.prefix(Self.barLimit).map {
              (label: "\(Names.address($0.client)) → \(Names.endpoint($0.server))", count: $0.peak)
            }, kind: "k3", most: figures.portRange, label: "Ports in use at once, of the ephemeral range"
          ) { Quantity.percent(Double($0) / Double(max(figures.portRange, 1))) },
          label: "Ports in use, by client and server",
          legend: [
            .init(
              kind: "k3",
              label: "ports that a client needed at once towards a server; the full width is its range of "
                + Quantity.count(figures.portRange))
          ]))
    }
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
}
