/// Text of elements, for HTML and SVG. Attribute values and text are escaped here, and in the templates.
struct Markup {
  private(set) var text = ""

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
