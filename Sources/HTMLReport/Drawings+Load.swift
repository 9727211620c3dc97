import Reports
import ReuseAnalysis

extension Drawings {
  /// Connections open over time, busy ones and idle ones on top of them; below, new connections.
  ///
  /// - Parameter isPart: of several, drawn small.
  static func load(
    _ points: [Summary.Load.Point], interval: Int64, isPart: Bool = false, label: String
  ) -> Markup {
    let (width, height, split, left) = isPart ? (480.0, 190.0, 118.0, 48.0) : (1000.0, 300.0, 204.0, 52.0)
    let upper = ChartFrame(width: width, height: split - 4, left: left, right: 12, top: 10, bottom: 8)
    let lower = ChartFrame(width: width, height: height, left: left, right: 12, top: split + 8, bottom: 26)
    var svg = SVG(width: width, height: height, class: "chart", label: label)
    let most = Log.nice(points.map(\.open).max() ?? 1)
    upper.countAxis(&svg, most: most)
    area(points.map { $0.busy + $0.idle }, most: most, "k2", upper, &svg)
    area(points.map(\.busy), most: most, "k1", upper, &svg)
    let mostOpenings = Log.nice(Double(points.map(\.openings).max() ?? 1))
    lower.countAxis(&svg, most: mostOpenings, steps: 1)
    let step = (upper.rightX - upper.leftX) / Double(max(points.count, 1))
    for (i, point) in points.enumerated() where point.openings > 0 {
      let y = lower.y(Double(point.openings) / mostOpenings)
      svg.rect(lower.leftX + Double(i) * step, y, max(step * 0.85, 0.6), lower.bottomY - y, "k3")
    }
    lower.timeAxis(points.count, interval, steps: isPart ? 4 : 8, &svg)
    return svg.finished()
  }

  /// A count at the end of each interval.
  static func counts(_ points: [Int], interval: Int64, kind: String, label: String) -> Markup {
    let frame = ChartFrame(width: 1000, height: 180, left: 52, right: 12, top: 10, bottom: 26)
    var svg = SVG(width: frame.width, height: frame.height, class: "chart", label: label)
    let most = Log.nice(Double(points.max() ?? 1))
    frame.countAxis(&svg, most: most)
    area(points.map(Double.init), most: most, kind, frame, &svg)
    frame.timeAxis(points.count, interval, steps: 8, &svg)
    return svg.finished()
  }

  /// The area below steps, one an interval.
  private static func area(
    _ values: [Double], most: Double, _ kind: String, _ frame: ChartFrame, _ svg: inout SVG
  ) {
    let step = (frame.rightX - frame.leftX) / Double(max(values.count, 1))
    var path = "M\(SVG.number(frame.leftX)) \(SVG.number(frame.bottomY))"
    var last = SVG.number(frame.bottomY)
    for (i, value) in values.enumerated() {
      let y = SVG.number(frame.y(value / most))
      if y != last { path += (i > 0 ? "H\(SVG.number(frame.leftX + Double(i) * step))" : "") + "V\(y)" }
      last = y
    }
    svg.path(path + "H\(SVG.number(frame.rightX))V\(SVG.number(frame.bottomY))z", kind)
  }
}

extension ChartFrame {
  /// Times at round places, from the begin of the first of `count` intervals to the end of the last.
  fileprivate func timeAxis(_ count: Int, _ interval: Int64, steps: Int, _ svg: inout SVG) {
    let whole = min(Double(interval) * Double(max(count, 1)), 9e18)
    guard whole > 0 else { return }
    var step = Double(Log.power(Log.ten(whole / Double(steps)).rounded(.down)))
    for factor in [2.0, 2.5, 2] where whole / step > Double(steps) { step *= factor }
    var time = 0.0
    while time <= whole * 1.0001 {
      let x = x(time / whole)
      svg.path("M\(SVG.number(x)) \(SVG.number(bottomY))v4", "axis")
      let room = Double(Quantity.tick(Int64(time)).count) * 3.5
      if x + room < width || time == 0 {
        svg.text(Quantity.tick(Int64(time)), x, height - 6, anchor: time == 0 ? "start" : "middle")
      }
      time += step
    }
  }
}
