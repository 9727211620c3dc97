/// SVG text, element by element.
struct SVG {
  private var markup = Markup()

  /// The root, with a name for those who cannot see it.
  init(width: Double, height: Double, class name: String, label: String, stretches: Bool = false) {
    markup.open(
      "svg",
      [
        ("class", name), ("viewBox", "0 0 \(Self.number(width)) \(Self.number(height))"), ("role", "img"),
        ("aria-label", label),
      ]
        + (stretches ? [("preserveAspectRatio", "none")] : []))
  }

  private mutating func element(_ element: String, _ attributes: [(String, String)], title: String? = nil) {
    markup.open(element, attributes)
    if let title { markup.element("title", [], title) }
    markup.close(element)
  }

  mutating func rect(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ name: String, title: String? = nil)
  {
    element(
      "rect",
      [
        ("class", name), ("x", Self.number(x)), ("y", Self.number(y)), ("width", Self.number(max(width, 0))),
        ("height", Self.number(max(height, 0))),
      ], title: title)
  }

  mutating func path(_ points: String, _ name: String, title: String? = nil) {
    element("path", [("class", name), ("d", points)], title: title)
  }

  mutating func text(_ content: String, _ x: Double, _ y: Double, anchor: String = "start", _ name: String? = nil) {
    markup.element(
      "text",
      [("x", Self.number(x)), ("y", Self.number(y))] + (anchor == "start" ? [] : [("text-anchor", anchor)])
        + (name.map { [("class", $0)] } ?? []), content)
  }

  /// The finished drawing.
  func finished() -> Markup {
    var markup = markup
    markup.close("svg")
    return markup
  }

  /// One decimal, two below ten; 0 for what is no number.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e7 else { return "0" }
    let scale = abs(value) < 10 ? 100.0 : 10.0
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
