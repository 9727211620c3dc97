import Reports
import ReuseAnalysis

extension Drawings {
  /// Idle gaps on a logarithmic axis: bars for how many, a line for how many are not longer, and upright lines for
  /// timeouts.
  ///
  /// - Parameter curve: (nanoseconds t, share of gaps ≤ t), rising.
  static func gaps(_ curve: [(gap: Int64, share: Double)], timeouts: [(time: Int64, label: String)]) -> String {
    let frame = Frame(width: 480, height: 260, left: 44, right: 14, top: 30, bottom: 40)
    var svg = SVG(width: frame.width, height: frame.height, class: "chart", label: "Idle gaps by length")
    func decade(_ time: Int64) -> Double { Log.ten(Double(max(time, 1000))) }
    let longest = max(curve.last?.gap ?? 1000, timeouts.map(\.time).max() ?? 0)
    let low = decade(curve.first?.gap ?? 1000).rounded(.down)
    let high = max(decade(longest).rounded(.up), low + 1)
    func x(_ time: Int64) -> Double { frame.x((decade(time) - low) / (high - low)) }
    frame.shareAxis(&svg)
    for power in stride(from: low, through: high, by: 1) {
      let time = Log.power(power)
      svg.path("M\(SVG.number(x(time))) \(SVG.number(frame.bottomY))v4", "axis")
      if high - low <= 8 || Int(power) % 2 == 0 {
        svg.text(
          Quantity.duration(time), x(time), frame.bottomY + 17,
          anchor: power == high ? "end" : power == low ? "start" : "middle")
      }
    }
    svg.text("idle gap", frame.x(0.5), frame.height - 4, anchor: "middle")

    func share(upTo time: Int64) -> Double { curve.last { $0.gap <= time }?.share ?? 0 }
    var power = low
    while power < high - 0.001 {
      for (i, step) in [1.0, 2, 5].enumerated() {
        let from = Int64((Double(Log.power(power)) * step).rounded())
        let to = i == 2 ? Log.power(power + 1) : Int64((Double(Log.power(power)) * [2, 5][i]).rounded())
        let inside = share(upTo: to) - (power == low && i == 0 ? 0 : share(upTo: from))
        guard inside > 0 else { continue }
        svg.rect(
          x(from) + 0.5, frame.y(inside), x(to) - x(from) - 1, frame.bottomY - frame.y(inside), "k2",
          title: "\(Quantity.duration(from)) to \(Quantity.duration(to)): \(Quantity.percent(inside)) of the gaps")
      }
      power += 1
    }
    var path = "M\(SVG.number(frame.leftX)) \(SVG.number(frame.bottomY))"
    for point in curve {
      path += "H\(SVG.number(x(point.gap)))V\(SVG.number(frame.y(point.share)))"
    }
    svg.path(path + "H\(SVG.number(frame.rightX))", "line")
    for (i, timeout) in timeouts.enumerated() {
      let at = x(timeout.time)
      svg.path("M\(SVG.number(at)) \(SVG.number(frame.topY - 4))V\(SVG.number(frame.bottomY))", "mark")
      let isRight = at > frame.x(0.6)
      svg.text(
        timeout.label, at + (isRight ? -4 : 4), frame.topY - 8 + Double(i % 2) * -12, anchor: isRight ? "end" : "start",
        "strong")
    }
    return svg.finished()
  }

  /// Lying bars, each with its name before and its count behind it.
  static func bars(_ bars: [(label: String, count: Int)], label: String) -> String {
    let rowHeight = 22.0
    let frame = Frame(width: 480, height: Double(bars.count) * rowHeight + 4, left: 84, right: 56, top: 0, bottom: 4)
    var svg = SVG(width: frame.width, height: frame.height, class: "chart", label: label)
    let most = Double(max(bars.map(\.count).max() ?? 1, 1))
    for (i, bar) in bars.enumerated() {
      let y = Double(i) * rowHeight
      let end = frame.x(Double(bar.count) / most)
      svg.text(bar.label, frame.leftX - 8, y + 15, anchor: "end")
      svg.rect(frame.leftX, y + 3, bar.count > 0 ? max(end - frame.leftX, 1) : 0, rowHeight - 6, "k1")
      if bar.count > 0 { svg.text(Quantity.short(bar.count), max(end, frame.leftX + 1) + 6, y + 15, "strong") }
    }
    svg.path("M\(SVG.number(frame.leftX)) 0V\(SVG.number(frame.height))", "axis")
    return svg.finished()
  }

  /// Connections open over time, busy ones and idle ones on top of them; below, new connections.
  static func load(_ load: Summary.Load) -> String {
    let points = load.total.points
    let upper = Frame(width: 1000, height: 200, left: 52, right: 12, top: 10, bottom: 8)
    let lower = Frame(width: 1000, height: 300, left: 52, right: 12, top: 212, bottom: 26)
    var svg = SVG(width: 1000, height: 300, class: "chart", label: "Connections open, busy and idle, over time")
    let most = Log.nice(points.map(\.open).max() ?? 1)
    upper.countAxis(&svg, most: most)
    let step = (upper.rightX - upper.leftX) / Double(max(points.count, 1))
    func area(_ name: String, from: (Summary.Load.Point) -> Double, to: (Summary.Load.Point) -> Double) {
      guard !points.isEmpty else { return }
      var path = "M\(SVG.number(upper.leftX)) \(SVG.number(upper.y(to(points[0]) / most)))"
      for (i, point) in points.enumerated() {
        path += "V\(SVG.number(upper.y(to(point) / most)))H\(SVG.number(upper.leftX + Double(i + 1) * step))"
      }
      for (i, point) in points.enumerated().reversed() {
        path += "V\(SVG.number(upper.y(from(point) / most)))H\(SVG.number(upper.leftX + Double(i) * step))"
      }
      svg.path(path + "z", name)
    }
    area("k2", from: \.busy, to: { $0.busy + $0.idle })
    area("k1", from: { _ in 0 }, to: \.busy)
    let mostOpenings = Log.nice(Double(points.map(\.openings).max() ?? 1))
    lower.countAxis(&svg, most: mostOpenings, steps: 1)
    for (i, point) in points.enumerated() where point.openings > 0 {
      let y = lower.y(Double(point.openings) / mostOpenings)
      svg.rect(lower.leftX + Double(i) * step, y, max(step * 0.85, 0.6), lower.bottomY - y, "k3")
    }
    let end = load.interval.multipliedReportingOverflow(by: Int64(points.count))
    let duration = end.overflow ? Int64.max : end.partialValue
    for i in 0...5 {
      let share = Double(i) / 5
      svg.text(
        Quantity.duration(Int64(Double(duration) * share)), lower.x(share), lower.height - 6,
        anchor: i == 0 ? "start" : i == 5 ? "end" : "middle")
    }
    return svg.finished()
  }

  /// The place of a chart in its drawing.
  private struct Frame {
    var width, height, left, right, top, bottom: Double
    var leftX: Double { left }
    var rightX: Double { width - right }
    var topY: Double { top }
    var bottomY: Double { height - bottom }
    /// The place of a share of the axis.
    func x(_ share: Double) -> Double { leftX + share * (rightX - leftX) }
    func y(_ share: Double) -> Double { bottomY - min(max(share, 0), 1) * (bottomY - topY) }

    func shareAxis(_ svg: inout SVG) {
      for quarter in 0...4 {
        let share = Double(quarter) / 4
        line(share, &svg, isAxis: quarter == 0)
        svg.text("\(quarter * 25) %", leftX - 6, y(share) + 4, anchor: "end")
      }
    }

    func countAxis(_ svg: inout SVG, most: Double, steps: Int = 2) {
      for step in 0...steps {
        let share = Double(step) / Double(steps)
        line(share, &svg, isAxis: step == 0)
        svg.text(Quantity.short(Int(most * share)), leftX - 6, y(share) + 4, anchor: "end")
      }
    }

    private func line(_ share: Double, _ svg: inout SVG, isAxis: Bool) {
      svg.path("M\(SVG.number(leftX)) \(SVG.number(y(share)))H\(SVG.number(rightX))", isAxis ? "axis" : "grid")
    }
  }
}

/// Logarithms of what charts need, without a mathematics library.
enum Log {
  /// log10 by halving: exact to 1e-6, which is less than a pixel.
  static func ten(_ value: Double) -> Double {
    guard value.isFinite, value > 0 else { return 0 }
    var rest = value
    var result = 0.0
    while rest >= 10 { (rest, result) = (rest / 10, result + 1) }
    while rest < 1 { (rest, result) = (rest * 10, result - 1) }
    var digit = 0.5
    for _ in 0..<20 {
      rest *= rest
      if rest >= 10 { (rest, result) = (rest / 10, result + digit) }
      digit /= 2
    }
    return result
  }

  /// 10 to the power of a whole number from 0 to 18.
  static func power(_ exponent: Double) -> Int64 {
    var result: Int64 = 1
    for _ in 0..<Int(min(max(exponent, 0), 18)) { result *= 10 }
    return result
  }

  /// The next of 2, 4, 10, 20, 40, 100 …: the end of an axis whose half is a whole number.
  static func nice(_ value: Double) -> Double {
    var scale = 1.0
    while scale < 1e12 {
      for step in [2.0, 4, 10] where step * scale >= value { return step * scale }
      scale *= 10
    }
    return value
  }
}

extension Quantity {
  /// A count in little room: `950`, `12k`, `3.4M`.
  static func short(_ value: Int) -> String {
    switch value {
    case ..<10_000: count(value)
    case ..<1_000_000: "\(value / 1000)k"
    case ..<10_000_000: "\(value / 1_000_000).\(value / 100_000 % 10)M"
    default: "\(count(value / 1_000_000))M"
    }
  }
}
