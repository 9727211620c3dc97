import Reports
import ReuseAnalysis

/// Durations on a logarithmic axis of whole decades.
struct LengthAxis {
  let frame: ChartFrame
  private let low: Double
  private let high: Double

  init(_ frame: ChartFrame, from shortest: Int64, to longest: Int64) {
    self.frame = frame
    low = Self.decade(shortest).rounded(.down)
    high = max(Self.decade(longest).rounded(.up), low + 1)
  }

  private static func decade(_ time: Int64) -> Double { Log.ten(Double(max(time, 1))) }

  func x(_ time: Int64) -> Double { frame.x(min(max((Self.decade(time) - low) / (high - low), 0), 1)) }

  func draw(_ title: String, into svg: inout SVG) {
    for power in stride(from: low, through: high, by: 1) {
      let time = Log.power(power)
      svg.path("M\(SVG.number(x(time))) \(SVG.number(frame.bottomY))v4", "axis")
      if high - low <= 8 || Int(power) % 2 == 0 {
        svg.text(
          Quantity.tick(time), x(time), frame.bottomY + 17,
          anchor: power == high ? "end" : power == low ? "start" : "middle")
      }
    }
    svg.text(title, frame.x(0.5), frame.height - 4, anchor: "middle")
  }

  /// The place of a bar for what is no longer than a step of 1, 2, 5, 10 …, and longer than the step before.
  func bar(upTo step: Int64) -> (x: Double, width: Double, from: Int64) {
    let digit = Double(step) / Double(Log.power(Self.decade(step).rounded(.down)))
    let from = digit >= 4.5 && digit < 5.5 ? step / 5 * 2 : step / 2
    return (x(from) + 0.5, x(step) - x(from) - 1, from)
  }
}

/// Timeouts that lie close together, drawn as one line or band.
struct TimeoutMark {
  var from: Int64
  var to: Int64
  var label: String

  /// Those of several servers: from each that begins a group on, all that are at most a quarter longer.
  ///
  /// - Parameter servers: all that there are: a timeout of one of them says whose it is not.
  static func grouped(_ timeouts: [Int64], servers: Int = 1) -> [TimeoutMark] {
    var groups: [(from: Int64, to: Int64, servers: Int)] = []
    for time in timeouts.sorted() {
      if let last = groups.last, time - last.from <= last.from / 4 {
        groups[groups.count - 1].to = time
        groups[groups.count - 1].servers += 1
      } else {
        groups.append((time, time, 1))
      }
    }
    // Of many those of most servers.
    let shown = groups.sorted { ($1.servers, $0.from) < ($0.servers, $1.from) }.prefix(4).sorted { $0.from < $1.from }
    return shown.map { group in
      let (low, high) = (Quantity.duration(group.from), Quantity.duration(group.to))
      return TimeoutMark(
        from: group.from, to: group.to,
        label: (low == high ? "timeout \(low)" : "timeouts \(low) to \(high)")
          + (servers > 1 ? " (\(Quantity.count(group.servers)) of \(Quantity.count(servers, "server")))" : ""))
    }
  }
}

extension Drawings {
  /// Idle gaps: bars for how many, a line for how many are not longer, and upright lines for timeouts.
  ///
  /// - Parameter curve: (nanoseconds t, share of gaps ≤ t), rising.
  static func gaps(
    _ lengths: Summary.Lengths, curve: [(gap: Int64, share: Double)], timeouts: [TimeoutMark]
  ) -> Markup {
    let longest = max(curve.last?.gap ?? 1000, timeouts.map(\.to).max() ?? 0)
    let shortest = min(lengths.first.map { $0.upTo / 2 } ?? 1000, timeouts.map(\.from).min() ?? .max)
    func axis(top: Double) -> LengthAxis {
      LengthAxis(
        ChartFrame(width: 480, height: 230 + top, left: 44, right: 14, top: top, bottom: 40), from: shortest,
        to: longest)
    }
    let labels = placed(timeouts, axis(top: 0))
    let rows = (labels.map(\.row).max() ?? -1) + 1
    let top = Double(rows) * 15 + 8
    let axis = axis(top: top)
    let frame = axis.frame
    var svg = SVG(width: frame.width, height: frame.height, class: "chart", label: "Idle gaps by length")
    frame.shareAxis(&svg)
    axis.draw("idle gap", into: &svg)
    let all = lengths.reduce(0) { $0 + $1.count }
    for step in lengths where step.count > 0 {
      let bar = axis.bar(upTo: step.upTo)
      let share = Double(step.count) / Double(max(all, 1))
      svg.rect(
        bar.x, frame.y(share), bar.width, frame.bottomY - frame.y(share), "k2",
        title: "\(Quantity.duration(bar.from)) to \(Quantity.duration(step.upTo)): "
          + "\(Quantity.count(step.count, "gap")), \(Quantity.percent(share))")
    }
    var path = "M\(SVG.number(frame.leftX)) \(SVG.number(frame.bottomY))"
    for point in curve { path += "H\(SVG.number(axis.x(point.gap)))V\(SVG.number(frame.y(point.share)))" }
    svg.path(path + "H\(SVG.number(frame.rightX))", "line")
    for (timeout, label) in zip(timeouts, labels) {
      let (from, to) = (axis.x(timeout.from), axis.x(timeout.to))
      let labelY = Double(rows - label.row) * 15 - 3
      if to - from > 2 { svg.rect(from, top, to - from, frame.bottomY - top, "band") }
      svg.path("M\(SVG.number(from)) \(SVG.number(labelY + 4))V\(SVG.number(frame.bottomY))", "mark")
      svg.text(timeout.label, label.x, labelY, anchor: label.isLeft ? "end" : "start", "strong")
    }
    return svg.finished()
  }

  /// A row above the chart for each label, so that none lies on another or on another's line.
  private static func placed(
    _ timeouts: [TimeoutMark], _ axis: LengthAxis
  ) -> [(row: Int, x: Double, isLeft: Bool)] {
    var rows: [[ClosedRange<Double>]] = []
    return timeouts.map { timeout in
      let width = Double(timeout.label.count) * 7
      let at = axis.x(timeout.from)
      let isLeft = at + 4 + width > axis.frame.width
      let x = isLeft ? at - 4 : at + 4
      let extent = isLeft ? max(0, x - width)...x : x...(x + width)
      // Its line goes down through the rows below its own: those must not have a label there, nor later ones a line here.
      let row =
        rows.indices.first { row in
          rows[row].allSatisfy { !$0.overlaps(extent) }
            && rows[..<row].allSatisfy { $0.allSatisfy { !$0.contains(at) } }
        } ?? rows.count
      if row == rows.count { rows.append([]) }
      rows[row].append(extent)
      return (row, x, isLeft)
    }
  }

  /// How many lasted how long.
  static func lengths(_ lengths: Summary.Lengths, kind: String, axis title: String, label: String) -> Markup {
    let frame = ChartFrame(width: 480, height: 220, left: 52, right: 14, top: 18, bottom: 40)
    let axis = LengthAxis(
      frame, from: lengths.first.map { $0.upTo / 2 } ?? 1000, to: lengths.last?.upTo ?? 1_000_000)
    let most = Log.nice(Double(lengths.map(\.count).max() ?? 1))
    var svg = SVG(width: frame.width, height: frame.height, class: "chart", label: label)
    frame.countAxis(&svg, most: most)
    axis.draw(title, into: &svg)
    for step in lengths where step.count > 0 {
      let bar = axis.bar(upTo: step.upTo)
      let y = min(frame.y(Double(step.count) / most), frame.bottomY - 1)
      svg.rect(
        bar.x, y, bar.width, frame.bottomY - y, kind,
        title: "\(Quantity.duration(bar.from)) to \(Quantity.duration(step.upTo)): \(Quantity.count(step.count))")
      svg.text(Quantity.short(step.count), bar.x + bar.width / 2, y - 4, anchor: "middle", "strong")
    }
    return svg.finished()
  }
}
