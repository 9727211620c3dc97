import Reports
import ReuseAnalysis

/// The place of a chart in its drawing.
struct ChartFrame {
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

  /// The next of 2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40 …: the end of an axis whose half is a whole number.
  static func nice(_ value: Double) -> Double {
    var scale = 1.0
    while scale < 1e15 {
      for step in scale < 10 ? [2.0, 4, 6, 8, 10] : [1.2, 1.6, 2, 2.4, 3, 4, 6, 8, 10] where step * scale >= value {
        return (step * scale).rounded()
      }
      scale *= 10
    }
    return scale
  }
}

extension Quantity {
  /// A round duration at an axis: `1 ms`, `2.5 s`.
  static func tick(_ nanoseconds: Int64) -> String {
    let parts = duration(nanoseconds).split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].contains(".") else { return duration(nanoseconds) }
    var digits = parts[0]
    while digits.hasSuffix("0") { digits.removeLast() }
    if digits.hasSuffix(".") { digits.removeLast() }
    return "\(digits) \(parts[1])"
  }

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
