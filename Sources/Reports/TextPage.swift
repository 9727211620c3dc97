import ReuseAnalysis

/// Lines of text for a terminal, as they are put together: headings, sentences and tables that fit a width.
package struct TextPage {
  package let width: Int
  package let usesColour: Bool
  package private(set) var text = ""

  package init(width: Int, usesColour: Bool) {
    self.width = max(width, 80)
    self.usesColour = usesColour
  }

  package mutating func line(_ content: String = "") {
    text += content
    text += "\n"
  }

  /// A heading with an empty line before it, and a note on its line.
  package mutating func heading(_ title: String, note: String = "") {
    line()
    line(note.isEmpty ? bold(title) : bold(title) + "  " + dim(note))
  }

  /// A sentence, broken between words; lines after the first are indented by `hanging`.
  package mutating func sentence(_ content: String, indent: Int = 2, hanging: Int? = nil, isNote: Bool = false) {
    var current = ""
    var room = width - indent
    var margin = spaces(indent)
    for word in Quantity.words(content) {
      let needed = TerminalText.width(word)
      if !current.isEmpty, TerminalText.width(current) + 1 + needed > room {
        line(margin + (isNote ? dim(current) : current))
        current = ""
        room = width - (hanging ?? indent)
        margin = spaces(hanging ?? indent)
      }
      if !current.isEmpty { current += " " }
      // No word is longer than a line: names are shortened before they come here, and what else is long is cut.
      current += TerminalText.shortened(word, to: room)
    }
    if !current.isEmpty { line(margin + (isNote ? dim(current) : current)) }
  }

  /// A figure with its name, and what explains it, broken between words.
  package mutating func figure(_ name: String, _ value: String, _ explanation: String) {
    item(padded(name, to: 19) + "  " + padded(value, to: 11), explanation)
  }

  /// A label and a sentence beside it.
  package mutating func item(_ label: String, _ explanation: String) {
    let start = "  " + label + "  "
    let indent = TerminalText.width(start)
    var beside = TextPage(width: width, usesColour: false)
    beside.sentence(explanation, indent: indent)
    let content = beside.text.drop { $0 == " " }
    if content.isEmpty {
      line("  " + label.trimmingEnd)
    } else {
      text += start + content
    }
  }

  package mutating func table(_ table: TextTable) {
    table.write(to: &self)
  }

  package func bold(_ content: String) -> String {
    usesColour ? "\u{1B}[1m" + content + "\u{1B}[0m" : content
  }

  package func dim(_ content: String) -> String {
    usesColour ? "\u{1B}[2m" + content + "\u{1B}[0m" : content
  }

  package func spaces(_ count: Int) -> String {
    String(repeating: " ", count: max(count, 0))
  }

  package func padded(_ content: String, to columns: Int) -> String {
    content + spaces(columns - TerminalText.width(content))
  }
}

/// Rows under column titles. The first column takes what room the others leave; what does not fit there has a line of
/// its own.
package struct TextTable {
  package enum Alignment {
    case left, right
  }

  package var columns: [(title: String, alignment: Alignment)]
  package var rows: [[String]] = []

  package init(columns: [(title: String, alignment: Alignment)], rows: [[String]] = []) {
    self.columns = columns
    self.rows = rows
  }

  fileprivate func write(to page: inout TextPage) {
    guard !rows.isEmpty else { return }
    var widths = columns.map { TerminalText.width($0.title) }
    for row in rows {
      for (index, cell) in row.enumerated() where index < widths.count {
        widths[index] = max(widths[index], TerminalText.width(cell))
      }
    }
    let others = widths.dropFirst().reduce(0) { $0 + 2 + $1 }
    widths[0] = min(widths[0], max(page.width - 2 - others, 12))
    page.line(page.dim(line(columns.map(\.title), widths, page)))
    for row in rows {
      guard let name = row.first else { continue }
      if TerminalText.width(name) <= widths[0] {
        page.line(line(row, widths, page))
      } else {
        page.line("  " + TerminalText.shortened(name, to: page.width - 2))
        page.line(line([""] + row.dropFirst(), widths, page))
      }
    }
  }

  private func line(_ cells: [String], _ widths: [Int], _ page: TextPage) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() where index < widths.count {
      let gap = page.spaces(widths[index] - TerminalText.width(cell))
      text += "  " + (columns[index].alignment == .left ? cell + gap : gap + cell)
    }
    return text.trimmingEnd
  }
}

extension String {
  /// Without the spaces at its end.
  fileprivate var trimmingEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
