import Reports

/// One line of the screen: text in pieces, each in a style, never wider than the screen.
struct Line: Equatable {
  enum Style {
    case plain, bold, dim, heading, selected, alarm

    /// SGR parameters (ECMA-48 §8.3.117). Only attributes and one colour, so that it reads on a light and on a dark ground.
    var parameters: String {
      switch self {
      case .plain: "0"
      case .bold: "0;1"
      case .dim: "0;2"
      case .heading: "0;1;4"
      case .selected: "0;7"
      case .alarm: "0;1;31"
      }
    }
  }

  private var pieces: [(text: String, style: Style)] = []
  private(set) var width = 0

  init(_ text: String = "", _ style: Style = .plain) {
    if !text.isEmpty { add(text, style) }
  }

  static func == (left: Line, right: Line) -> Bool {
    left.pieces.elementsEqual(right.pieces) { $0.text == $1.text && $0.style == $1.style }
  }

  mutating func add(_ text: String, _ style: Style = .plain) {
    pieces.append((text, style))
    width += TerminalText.width(text)
  }

  /// Blanks up to a column.
  mutating func pad(to column: Int, _ style: Style = .plain) {
    if width < column { add(String(repeating: " ", count: column - width), style) }
  }

  /// `left` and, as far to the right as there is room, `right`.
  static func ends(_ left: String, _ right: String, width: Int, _ style: Style) -> Line {
    var line = Line(TerminalText.shortened(left, to: width), style)
    let room = width - line.width
    let size = TerminalText.width(right)
    if size + 2 <= room {
      line.pad(to: width - size, style)
      line.add(right, style)
    } else {
      line.pad(to: width, style)
    }
    return line
  }

  /// The same in another style.
  func styled(_ style: Style) -> Line {
    var line = self
    for index in line.pieces.indices { line.pieces[index].style = style }
    return line
  }

  func octets(limit: Int, usesStyles: Bool) -> [UInt8] {
    var result = ""
    var room = limit
    for (text, style) in pieces where room > 0 {
      let shown = TerminalText.width(text) > room ? TerminalText.shortened(text, to: room) : text
      room -= TerminalText.width(shown)
      if usesStyles, style != .plain {
        result += "\u{1B}[\(style.parameters)m\(shown)\u{1B}[0m"
      } else {
        result += shown
      }
    }
    return Array(result.utf8)
  }

  /// As it reads.
  var text: String { pieces.map(\.text).joined() }
}
