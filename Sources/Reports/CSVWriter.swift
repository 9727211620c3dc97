import ReuseAnalysis
import Wire

/// A table as comma-separated values (RFC 4180): a header row, lines that end with CRLF.
///
/// What cannot be known is an empty field; an empty text is `""`. Text of a capture is written as a terminal could show it,
/// everything else as `\xNN`, so that no field holds a line break or a control character. A spreadsheet takes a field that
/// begins with `=`, `+`, `-` or `@` for a formula: that character is written as `\xNN` as well.
package struct CSVWriter: CellSink {
  /// What has been written and not yet taken by the caller.
  package var buffer = OctetBuffer()
  private var isFirst = true

  package init() {}

  package mutating func header(_ table: Table) {
    for column in table.columns { word(column.name) }
    endRow()
  }

  package mutating func endRow() {
    buffer.append("\r\n")
    isFirst = true
  }

  private mutating func separate() {
    if !isFirst { buffer.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  // MARK: cells

  package mutating func null() {
    separate()
  }

  package mutating func integer(_ value: Int) {
    separate()
    buffer.appendDecimal(value)
  }

  package mutating func seconds(_ nanoseconds: Int64) {
    separate()
    buffer.appendSeconds(nanoseconds)
  }

  package mutating func real(_ value: Double) {
    separate()
    if value.isFinite { buffer.append(value.description) }
  }

  package mutating func boolean(_ value: Bool) {
    separate()
    buffer.append(value ? "true" : "false")
  }

  package mutating func word(_ text: String) {
    separate()
    if text.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) {
      quoted(Array(text.utf8))
    } else {
      buffer.append(text)
    }
  }

  package mutating func endpoint(_ endpoint: Endpoint) {
    separate()
    buffer.append(endpoint)
  }

  package mutating func address(_ address: IPAddress) {
    separate()
    buffer.append(address)
  }

  package mutating func timestamp(_ nanoseconds: Int64) {
    separate()
    buffer.appendTimestamp(nanosecondsSince1970: nanoseconds)
  }

  package mutating func captured(_ octets: [UInt8]) {
    separate()
    if !octets.isEmpty, octets.allSatisfy(Self.needsNoQuotes), let first = octets.first, !Self.beginsFormula(first) {
      buffer.append(octets.span)
    } else {
      quoted(Self.harmless(TerminalText.escaped(octets)))
    }
  }

  package mutating func list(_ texts: [[UInt8]]) {
    separate()
    quoted(Self.json(texts.map { String(decoding: Self.harmless(TerminalText.escaped($0)), as: UTF8.self) }))
  }

  private mutating func quoted(_ octets: [UInt8]) {
    let quote = UInt8(ascii: "\"")
    buffer.append(quote)
    for octet in octets {
      if octet == quote { buffer.append(quote) }
      buffer.append(octet)
    }
    buffer.append(quote)
  }

  // MARK: spreadsheets

  /// Printable ASCII without what separates fields or words in some spreadsheet.
  private static func needsNoQuotes(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"): false
    default: octet > 0x20 && octet < 0x7F
    }
  }

  private static func beginsFormula(_ octet: UInt8) -> Bool {
    octet == UInt8(ascii: "=") || octet == UInt8(ascii: "+") || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "@")
  }

  /// `text` with every character that would begin a formula escaped: at its front, and after a character that a
  /// spreadsheet may have been told to take for a separator. Blanks and quotation marks between do not help it.
  private static func harmless(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    var isAtFront = true
    for scalar in text.unicodeScalars {
      switch scalar {
      case ";", ",", "|": isAtFront = true
      case "\"", "'", " ": break
      case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}":
        if isAtFront {
          for octet in String(scalar).utf8 { result += Array("\\x\(String(octet, radix: 16))".utf8) }
          isAtFront = false
          continue
        }
      default: isAtFront = isAtFront && scalar.properties.isWhitespace
      }
      result += Array(String(scalar).utf8)
    }
    return result
  }
}
