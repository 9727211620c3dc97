import Reports
import ReuseAnalysis

extension Drawings {
  /// Lying bars, each with its name before and its figure behind it.
  ///
  /// - Parameter most: the figure of a bar over the whole width; `nil`: the highest one.
  static func bars(
    _ bars: [(label: String, count: Int)], kind: String = "k1", most: Int? = nil, label: String, words: (Int) -> String
  ) -> Markup {
    let rowHeight = 22.0
    let frame = ChartFrame(
      width: 480, height: Double(bars.count) * rowHeight + 4, left: room(for: bars.map(\.label), most: 250), right: 70,
      top: 0, bottom: 4)
    var svg = SVG(width: frame.width, height: frame.height, class: "chart", label: label)
    let most = Double(max(most ?? bars.map(\.count).max() ?? 1, 1))
    for (i, bar) in bars.enumerated() {
      let y = Double(i) * rowHeight
      let end = frame.x(min(Double(bar.count) / most, 1))
      svg.text(bar.label, frame.leftX - 8, y + 15, anchor: "end")
      svg.rect(frame.leftX, y + 3, bar.count > 0 ? max(end - frame.leftX, 1) : 0, rowHeight - 6, kind)
      if bar.count > 0 { svg.text(words(bar.count), max(end, frame.leftX + 1) + 6, y + 15, "strong") }
    }
    svg.path("M\(SVG.number(frame.leftX)) 0V\(SVG.number(frame.height))", "axis")
    return svg.finished()
  }

  struct Part {
    /// The class of its fill.
    var kind: String
    var label: String
    var count: Int
  }

  /// Lying bars of parts, each with its name before and its sum behind it.
  static func stacked(_ bars: [(label: String, parts: [Part])], label: String) -> Markup {
    let rowHeight = 24.0
    let frame = ChartFrame(
      width: 1000, height: Double(bars.count) * rowHeight + 4, left: room(for: bars.map(\.label), most: 330), right: 70,
      top: 0, bottom: 4)
    var svg = SVG(width: frame.width, height: frame.height, class: "chart", label: label)
    let sums = bars.map { $0.parts.reduce(0) { $0 + $1.count } }
    let most = Double(max(sums.max() ?? 1, 1))
    for (i, bar) in bars.enumerated() {
      let y = Double(i) * rowHeight
      var before = 0
      svg.text(bar.label, frame.leftX - 8, y + 16, anchor: "end")
      for part in bar.parts where part.count > 0 {
        let x = frame.x(Double(before) / most)
        before += part.count
        let end = frame.x(Double(before) / most)
        svg.rect(
          x, y + 3, max(end - x - (before < sums[i] ? 1 : 0), 0.6), rowHeight - 6, part.kind,
          title: "\(bar.label): \(part.label) \(Quantity.count(part.count))")
      }
      svg.text(Quantity.short(sums[i]), frame.x(Double(sums[i]) / most) + 6, y + 16, "strong")
    }
    svg.path("M\(SVG.number(frame.leftX)) 0V\(SVG.number(frame.height))", "axis")
    return svg.finished()
  }

  /// What names before bars need.
  private static func room(for labels: [String], most: Double) -> Double {
    min(max(84, Double(labels.map(\.count).max() ?? 0) * 6.7 + 14), most)
  }
}
