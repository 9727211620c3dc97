/// A strict reader of JSON texts (RFC 8259) that keeps nothing: is this one, and safe to print?
package struct JSONText {
  private let octets: [UInt8]
  private var position = 0

  private init(_ octets: [UInt8]) { self.octets = octets }

  /// What is wrong with a text; `nil` where it is one JSON value without a repeated key, and ``ShownText``.
  package static func problem(_ octets: [UInt8]) -> String? {
    if let problem = ShownText.problem(octets, allowing: ["\n", "\r", "\t"]) { return problem }
    var text = JSONText(octets)
    if let problem = text.value(depth: 0) { return "\(problem) at \(text.position)" }
    text.skipSpace()
    return text.position == octets.count ? nil : "octets after the value at \(text.position)"
  }

  private var next: UInt8? { position < octets.count ? octets[position] : nil }

  private mutating func skipSpace() {
    while let octet = next, octet == 0x20 || octet == 0x0A || octet == 0x0D || octet == 0x09 { position += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard let octet = next, octet == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) -> String? {
    if depth > 64 { return "too deep" }
    skipSpace()
    switch next.map({ Unicode.Scalar($0) }) {
    case "{": return object(depth: depth)
    case "[": return array(depth: depth)
    case "\"": return string()
    case "t": return word("true")
    case "f": return word("false")
    case "n": return word("null")
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> String? {
    var keys: Set<ArraySlice<UInt8>> = []
    _ = take("{")
    skipSpace()
    if take("}") { return nil }
    repeat {
      skipSpace()
      let start = position
      if let problem = string() { return problem }
      if !keys.insert(octets[start..<position]).inserted { return "a repeated key" }
      skipSpace()
      if !take(":") { return "no colon" }
      if let problem = value(depth: depth + 1) { return problem }
      skipSpace()
    } while take(",")
    return take("}") ? nil : "no end of an object"
  }

  private mutating func array(depth: Int) -> String? {
    _ = take("[")
    skipSpace()
    if take("]") { return nil }
    repeat {
      if let problem = value(depth: depth + 1) { return problem }
      skipSpace()
    } while take(",")
    return take("]") ? nil : "no end of an array"
  }

  private mutating func word(_ word: String) -> String? {
    guard octets[position...].starts(with: word.utf8) else { return "no value" }
    position += word.utf8.count
    return nil
  }

  private mutating func number() -> String? {
    _ = take("-")
    let start = position
    let digits = takeDigits()
    if digits == 0 || digits > 1 && octets[start] == 0x30 { return "no number" }
    if take("."), takeDigits() == 0 { return "no digit after the point" }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      if takeDigits() == 0 { return "no digit in the exponent" }
    }
    return nil
  }

  private mutating func takeDigits() -> Int {
    let start = position
    while let octet = next, 0x30...0x39 ~= octet { position += 1 }
    return position - start
  }

  private mutating func string() -> String? {
    guard take("\"") else { return "no string" }
    while let octet = next {
      position += 1
      switch octet {
      case UInt8(ascii: "\""): return nil
      case UInt8(ascii: "\\"): if let problem = escape() { return problem }
      case 0..<0x20, 0x7F: return "a control character"
      default: break
      }
    }
    return "a string without an end"
  }

  private mutating func escape() -> String? {
    guard let octet = next else { return "an escape without an end" }
    position += 1
    switch Unicode.Scalar(octet) {
    case "\"", "\\", "/", "b", "f", "n", "r", "t": return nil
    case "u":
      for _ in 0..<4 {
        guard let digit = next, Character(Unicode.Scalar(digit)).isHexDigit else {
          return "no four hexadecimal digits"
        }
        position += 1
      }
      return nil
    default: return "an unknown escape"
    }
  }
}
