import Reports
import ReuseAnalysis

extension Drawings {
  /// Connections that the still picture shows.
  static let stillLanes = 36
  /// Exchanges that it shows of each.
  private static let stillMarks = 60

  /// A still picture of a few connections, for print and for readers without script.
  static func waterfall(_ lanes: [Lane], duration: Int64) -> Markup {
    let rowHeight = 15.0
    let headHeight = 22.0
    let axisHeight = 24.0
    let gutter = 150.0
    let width = 1000.0
    let servers = lanes.indices.count { $0 == 0 || lanes[$0 - 1].server != lanes[$0].server }
    let height = axisHeight + Double(lanes.count) * rowHeight + Double(servers) * headHeight + 4
    let from = lanes.map { $0.openingSeen ? $0.opened : 0 }.min() ?? 0
    let to = max(lanes.map { $0.closed == nil ? max(duration, $0.end) : $0.end }.max() ?? duration, from &+ 1)
    // Times may be further apart than 64 bits of nanoseconds.
    let span = max(Double(to) - Double(from), 1)
    func x(_ time: Int64) -> Double { gutter + (Double(time) - Double(from)) / span * (width - gutter - 12) }

    var svg = SVG(
      width: width, height: height, class: "chart", label: "\(Quantity.count(lanes.count, "connection")) over time")
    for i in 0...4 {
      let time = from / 4 * Int64(4 - i) + to / 4 * Int64(i)
      svg.path("M\(SVG.number(x(time))) \(axisHeight - 4)V\(SVG.number(height))", "grid")
      svg.text(Quantity.duration(time), x(time), 12, anchor: i == 4 ? "end" : "middle")
    }
    var y = axisHeight
    for (i, lane) in lanes.enumerated() {
      if i == 0 || lanes[i - 1].server != lane.server {
        svg.text(Names.endpoint(lane.server), 2, y + 15, "strong")
        y += headHeight
      }
      svg.text(Names.endpoint(lane.client), 2, y + 11)
      draw(lane, at: y, x: x, duration: duration, into: &svg)
      y += rowHeight
    }
    return svg.finished()
  }

  private static func draw(_ lane: Lane, at y: Double, x: (Int64) -> Double, duration: Int64, into svg: inout SVG) {
    func bar(_ from: Int64, _ to: Int64, _ kind: String, inset: Double = 2) {
      svg.rect(x(from), y + inset, max(x(max(to, from)) - x(from), 0.8), 15 - 2 * inset, kind)
    }
    bar(lane.openingSeen ? lane.opened : 0, lane.closed ?? max(duration, lane.end), "thread", inset: 7)
    if let setup = lane.setup { bar(lane.opened, lane.opened &+ setup, "k6") }
    for mark in lane.marks.ends(stillMarks) {
      let requestEnd = mark.requestEnd ?? mark.start
      bar(requestEnd, mark.responseStart ?? lane.closed ?? mark.end, "k2", inset: 3)
      if mark.holDelay > 0 { bar(requestEnd, requestEnd &+ mark.holDelay, "k3 hatch", inset: 3) }
      bar(mark.start, requestEnd, "k1")
      if let start = mark.responseStart { bar(start, mark.responseEnd ?? start, "k4") }
      if lane.race?.exchange == mark.index {
        let middle = x(mark.start)
        svg.path("M\(SVG.number(middle)) \(SVG.number(y + 1))l6 6.5-6 6.5-6-6.5z", "k5 outlined")
      }
    }
    guard let closed = lane.closed else { return }
    let at = x(closed)
    switch (lane.closeKind, lane.closedBy) {
    case (.rst, _): svg.path("M\(SVG.number(at - 4)) \(SVG.number(y + 3))l8 8m0-8l-8 8", "stroke")
    case (_, .client?): svg.path("M\(SVG.number(at - 1.5)) \(SVG.number(y + 2))h3v11h-3z", "stroke")
    default: svg.rect(at - 1, y + 1, 3, 13, "solid")
    }
  }
}
