/// JSON (RFC 8259) appended to a buffer of octets: the values, and objects and arrays around them.
///
/// Rows are written with ``raw(_:)`` and the values alone, in one line; the summary with ``begin(_:)``, ``key(_:)`` and
/// ``end()``, indented by two spaces.
package struct JSONWriter {
  package var buffer = OctetBuffer()
  private var scopes: [Scope] = []

  private struct Scope {
    var kind: Kind
    var isEmpty = true
    /// Written on one line, as small arrays of numbers are.
    var isInline: Bool
  }

  package enum Kind {
    case object, array
  }

  package init() {}

  // MARK: values

  /// Appends JSON text as it is.
  @inline(__always)
  package mutating func raw(_ text: String) {
    buffer.append(text)
  }

  package mutating func bool(_ value: Bool) {
    raw(value ? "true" : "false")
  }

  package mutating func null() {
    raw("null")
  }

  package mutating func integer(_ value: Int) {
    buffer.appendDecimal(value)
  }

  package mutating func integer(_ value: Int?) {
    if let value { integer(value) } else { null() }
  }

  /// Nanoseconds as seconds: exact, without trailing zeros.
  package mutating func seconds(_ nanoseconds: Int64) {
    buffer.appendSeconds(nanoseconds)
  }

  package mutating func seconds(_ nanoseconds: Int64?) {
    if let nanoseconds { seconds(nanoseconds) } else { null() }
  }

  /// The shortest decimal that gives `value` back; `null` where JSON has no number for it.
  package mutating func number(_ value: Double?) {
    guard let value, value.isFinite else { return null() }
    if value == value.rounded(), abs(value) < 1e15 { return integer(Int(value)) }
    raw(value.description)
  }

  /// A string of octets as captured: UTF-8 as it is, other octets one by one as ISO-8859-1. Control characters, line
  /// separators and those that change the direction of text are escaped.
  package mutating func string(_ octets: [UInt8]) {
    buffer.append(UInt8(ascii: "\""))
    if octets.span.isPlain {
      buffer.append(octets.span)
    } else {
      appendEscaped(octets.span)
    }
    buffer.append(UInt8(ascii: "\""))
  }

  package mutating func string(_ octets: [UInt8]?) {
    if let octets { string(octets) } else { null() }
  }

  package mutating func string(_ text: String) {
    string([UInt8](text.utf8))
  }

  @inline(never)
  private mutating func appendEscaped(_ octets: Span<UInt8>) {
    var position = 0
    while position < octets.count {
      let octet = octets[position]
      if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") {
        buffer.append(UInt8(ascii: "\\"))
        buffer.append(octet)
        position += 1
      } else if let sequence = UTF8Sequence(at: position, in: octets) {
        if sequence.scalar.isObeyedByViewers {
          for unit in UTF16.encode(sequence.scalar) ?? .init() { appendEscape(unit) }
        } else {
          for offset in 0..<sequence.length { buffer.append(octets[position + offset]) }
        }
        position += sequence.length
      } else {
        appendEscape(UInt16(octet))
        position += 1
      }
    }
  }

  /// `\uXXXX`: one unit of UTF-16 (RFC 8259 §7).
  private mutating func appendEscape(_ unit: UInt16) {
    raw("\\u")
    for shift in [12 as UInt16, 8, 4, 0] {
      buffer.appendHexDigit(UInt8(truncatingIfNeeded: unit >> shift))
    }
  }

  // MARK: structure

  /// Opens an object or array: the value of the last key, or the next element.
  package mutating func begin(_ kind: Kind, inline: Bool = false) {
    element()
    buffer.append(kind == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
    scopes.append(Scope(kind: kind, isInline: inline || scopes.last?.isInline == true))
  }

  package mutating func end() {
    guard let scope = scopes.popLast() else { return }
    if !scope.isEmpty, !scope.isInline { newLine() }
    buffer.append(scope.kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]"))
  }

  /// An array on one line, of values that are neither objects nor arrays.
  package mutating func list<Values: Sequence>(
    _ values: Values, _ write: (inout JSONWriter, Values.Element) -> Void
  ) {
    begin(.array, inline: true)
    for value in values {
      element()
      write(&self, value)
    }
    end()
  }

  package mutating func list(_ texts: [String]) {
    list(texts) { $0.string($1) }
  }

  package mutating func list(_ numbers: [Double?]) {
    list(numbers) { $0.number($1) }
  }

  package mutating func key(_ name: String) {
    separate()
    buffer.append(UInt8(ascii: "\""))
    raw(name)
    raw("\": ")
  }

  /// Goes before each element of an array; does nothing after a key.
  package mutating func element() {
    if scopes.last?.kind == .array { separate() }
  }

  private mutating func separate() {
    guard let last = scopes.indices.last else { return }
    if !scopes[last].isEmpty { raw(scopes[last].isInline ? ", " : ",") }
    scopes[last].isEmpty = false
    if !scopes[last].isInline { newLine() }
  }

  private mutating func newLine() {
    buffer.append(UInt8(ascii: "\n"))
    for _ in scopes { raw("  ") }
  }
}
