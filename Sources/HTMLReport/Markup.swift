import Reports
import ReuseAnalysis

/// Text of elements, for HTML and SVG: what is put into it is escaped, unless it is such text itself.
struct Markup: ExpressibleByStringInterpolation {
  private(set) var text = ""

  init() {}
  init(stringLiteral text: String) { self.text = text }
  init(stringInterpolation interpolation: Interpolation) { text = interpolation.text }

  /// Takes a text as it is: a style, a script, or data that have been made harmless.
  init(verbatim text: String) { self.text = text }

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(2 * literalCapacity) }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ content: String) { text += Markup.escaped(content) }
    /// With numbers and their units on one line.
    mutating func appendInterpolation(sentence: String) { appendInterpolation(Quantity.keepingUnits(sentence)) }
    mutating func appendInterpolation(_ number: Int) { text += "\(number)" }
    mutating func appendInterpolation(_ markup: Markup) { text += markup.text }

    mutating func appendInterpolation(_ markup: Markup, where condition: Bool) {
      if condition { appendInterpolation(markup) }
    }

    /// Nothing, where there is nothing.
    mutating func appendInterpolation<T>(_ value: T?, _ draw: (T) -> Markup) {
      if let value { appendInterpolation(draw(value)) }
    }

    /// One behind the other.
    mutating func appendInterpolation<T>(each values: [T], _ draw: (T) -> Markup) {
      for value in values { appendInterpolation(draw(value)) }
    }

    /// On a line each.
    mutating func appendInterpolation<T>(lines values: [T], _ draw: (T) -> Markup) {
      for (i, value) in values.enumerated() {
        if i > 0 { text += "\n" }
        appendInterpolation(draw(value))
      }
    }
  }

  /// A text with its meaning, where it has one.
  init(_ text: String, term: String?) {
    self = term.map { "<a class=\"def\" href=\"#d-\($0)\" aria-describedby=\"d-\($0)\">\(text)</a>" } ?? "\(text)"
  }

  /// What a sign in a drawing means.
  static func key(_ shape: Markup, _ label: String) -> Markup {
    "<span><svg class=\"key\" aria-hidden=\"true\" viewBox=\"0 0 14 14\">\(shape)</svg>\(label)</span>"
  }

  /// A path that stands beside the words for it.
  static func icon(_ path: String) -> Markup {
    "<svg class=\"icon\" aria-hidden=\"true\" viewBox=\"0 0 16 16\"><path d=\"\(path)\"/></svg>"
  }

  mutating func open(_ element: String, _ attributes: [(String, String)] = []) {
    text += "<"
    text += element
    for (name, value) in attributes {
      text += " "
      text += name
      text += "=\""
      text += Self.escaped(value)
      text += "\""
    }
    text += ">"
  }

  mutating func close(_ element: String) {
    text += "</"
    text += element
    text += ">"
  }

  mutating func add(_ content: String) { text += Self.escaped(content) }
  mutating func add(_ markup: Markup) { text += markup.text }

  /// An element that holds text.
  mutating func element(_ element: String, _ attributes: [(String, String)], _ content: String) {
    open(element, attributes)
    add(content)
    close(element)
  }

  static func escaped(_ text: String) -> String {
    // Nearly all of it has nothing to escape.
    guard text.utf8.contains(where: { [0x26, 0x3C, 0x3E, 0x22, 0x27].contains($0) }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
