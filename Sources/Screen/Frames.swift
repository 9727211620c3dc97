/// Turns pages into what is sent to the terminal: only the lines that changed, so that nothing flickers and a slow connection
/// has little to carry.
package struct Frames: Sendable {
  private var shown: [[UInt8]] = []
  private var size: (columns: Int, rows: Int) = (0, 0)
  private let usesStyles: Bool

  package init(usesStyles: Bool) {
    self.usesStyles = usesStyles
  }

  /// Takes the screen: the alternate one, without a cursor, without wrapping.
  package static let begin = Array("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J".utf8)
  /// Gives it back as it was.
  package static let end = Array("\u{1B}[?2026l\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l".utf8)

  /// Everything is drawn anew next time.
  package mutating func forget() { size = (0, 0) }

  package mutating func update(to page: Page) -> [UInt8] {
    var output: [UInt8] = []
    if size != (page.columns, page.rows) {
      size = (page.columns, page.rows)
      shown = Array(repeating: [], count: page.rows)
      output += Array("\u{1B}[2J".utf8)
    }
    for row in 0..<page.rows {
      let line = row < page.lines.count ? page.lines[row] : Line()
      let octets = line.octets(limit: page.columns, usesStyles: usesStyles)
      guard octets != shown[row] else { continue }
      shown[row] = octets
      output += Array("\u{1B}[\(row + 1);1H".utf8)
      output += octets
      // In the last column the cursor stays on what was written there, and would erase it.
      if line.width < page.columns { output += Array("\u{1B}[K".utf8) }
    }
    if output.isEmpty { return [] }
    // Where the terminal knows it, nothing is shown before all is there.
    return Array("\u{1B}[?2026h".utf8) + output + Array("\u{1B}[?2026l".utf8)
  }
}

/// What is to be on the screen.
package struct Page: Sendable {
  package var columns: Int
  package var rows: Int
  var lines: [Line] = []

  /// As text, for a test or a pipe.
  package var text: String {
    lines.map { String(decoding: $0.octets(limit: columns, usesStyles: false), as: UTF8.self) }.joined(separator: "\n")
  }
}
