import Reports
import ReuseAnalysis

extension PageBuilder {
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
        .init("note", isNumber: false),
      ], isSortable: false)
    if figures.pipelinedExchanges > 0 {
      table.add([
        .name("pipelined behind other responses", .holDelay), .count(figures.delayed),
        .duration(Int64(clamping: figures.delay.sum)),
        .duration(figures.delay.p50), .duration(figures.delay.max),
        .text(
          "\(Quantity.count(figures.pipelinedExchanges, "pipelined request")) on "
            + Quantity.count(figures.pipelinedConnections, "connection")),
      ])
    }
    if figures.queued > 0 {
      table.add([
        .name("held back for a busy connection", .queueing), .count(figures.queued),
        .init(text: "≤ " + Quantity.duration(figures.queueingBound)), .duration(nil), .duration(nil),
        .text("how long each waited does not show"),
      ])
    }
    if figures.stalls.count > 0 {
      table.add([
        .name("TCP stalls", .tcpStall), .count(figures.stalls.count), .duration(Int64(clamping: figures.stalls.sum)),
        .duration(figures.stalls.p50), .duration(figures.stalls.max),
        .text("touched \(Quantity.count(figures.stalledExchanges, "exchange"))"),
      ])
    }
    section.tables = [table]
    if !figures.delaysByLength.isEmpty {
      section.figures.append(
        .init(
          drawing: Drawings.lengths(
            figures.delaysByLength, kind: "k3 hatch", axis: "head-of-line delay",
            label: "Pipelined requests by how long responses before theirs held them up"),
          label: "Pipelined requests by head-of-line delay",
          legend: [
            .init(kind: "k3 hatch", label: "HTTP: pipelined requests that waited this long behind other responses")
          ]))
    }
    if !figures.stallsByLength.isEmpty {
      section.figures.append(
        .init(
          drawing: Drawings.lengths(
            figures.stallsByLength, kind: "k6", axis: "TCP stall",
            label: "TCP stalls by how long data that had arrived waited for data before it"),
          label: "TCP stalls by length",
          legend: [.init(kind: "k6", label: "TCP: times that arrived data waited this long for a missing segment")]))
    }
    return section
  }
}
