/// The drawings of the page: numbers in, SVG out. Colours and patterns are classes of the style sheet.
enum Drawings {
  /// Parts of a whole side by side; `value` is each one's share.
  static func split(_ parts: [(kind: String, value: Double)], label: String) -> Markup {
    var svg = SVG(width: 1000, height: 24, class: "chart", label: label, stretches: true)
    var x = 0.0
    for part in parts {
      svg.rect(x, 0, part.value * 1000 - (x + part.value * 1000 < 999 ? 2 : 0), 24, part.kind)
      x += part.value * 1000
    }
    return svg.finished()
  }
}
