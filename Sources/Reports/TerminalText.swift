/// Text that came from a capture or a command line, made safe to show.
package enum TerminalText {
  /// `octets` as UTF-8, everything that a terminal would obey or not show, and octets that are not UTF-8, as `\xNN`.
  package static func escaped(_ octets: [UInt8]) -> String {
    var text = ""
    let span = octets.span
    var position = 0
    while position < span.count {
      if let sequence = UTF8Sequence(at: position, in: span) {
        if sequence.scalar.isShown {
          text.unicodeScalars.append(sequence.scalar)
        } else {
          for offset in 0..<sequence.length { text += escape(span[position + offset]) }
        }
        position += sequence.length
      } else {
        text += escape(span[position])
        position += 1
      }
    }
    return text
  }

  package static func escaped(_ text: String) -> String {
    escaped([UInt8](text.utf8))
  }

  private static func escape(_ octet: UInt8) -> String {
    let digits: [Character] = Array("0123456789abcdef")
    return "\\x" + String([digits[Int(octet >> 4)], digits[Int(octet & 15)]])
  }

  /// Columns that `text` takes on a terminal.
  package static func width(_ text: String) -> Int {
    var width = 0
    for scalar in text.unicodeScalars { width += scalar.columns }
    return width
  }

  /// `text` with its middle left out so that it takes `width` columns at most.
  package static func shortened(_ text: String, to limit: Int) -> String {
    guard width(text) > limit else { return text }
    let scalars = Array(text.unicodeScalars)
    var head = String.UnicodeScalarView()
    var tail: [Unicode.Scalar] = []
    var room = max(limit - 1, 0)
    var (first, last) = (0, scalars.count - 1)
    while first <= last {
      let takesHead = first <= scalars.count - 1 - last
      let scalar = takesHead ? scalars[first] : scalars[last]
      guard scalar.columns <= room else { break }
      room -= scalar.columns
      if takesHead {
        head.append(scalar)
        first += 1
      } else {
        tail.append(scalar)
        last -= 1
      }
    }
    return String(head) + "…" + tail.reversed().reduce(into: "") { $0.unicodeScalars.append($1) }
  }
}

extension Unicode.Scalar {
  /// Whether a terminal shows it and does nothing else.
  fileprivate var isShown: Bool {
    if isObeyedByViewers { return false }
    switch properties.generalCategory {
    case .surrogate, .privateUse, .unassigned: return false
    default: return true
    }
  }

  /// 0, 1 or 2 columns: combining marks take none, East Asian wide characters and emoji two.
  fileprivate var columns: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
