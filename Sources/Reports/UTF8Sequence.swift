/// One well-formed UTF-8 sequence (RFC 3629 §4), read from octets that nobody vouches for.
struct UTF8Sequence {
  var scalar: Unicode.Scalar
  var length: Int

  /// The sequence at `offset`, which must be in range; `nil` when the octets there are not well-formed UTF-8: a stray
  /// continuation, an overlong form, a surrogate, a value beyond U+10FFFF, or a sequence cut short.
  init?(at offset: Int, in octets: Span<UInt8>) {
    let first = octets[offset]
    let value: UInt32
    let least: UInt32
    switch first {
    case 0x00...0x7F: (length, value, least) = (1, UInt32(first), 0)
    case 0xC2...0xDF: (length, value, least) = (2, UInt32(first & 0x1F), 0x80)
    case 0xE0...0xEF: (length, value, least) = (3, UInt32(first & 0x0F), 0x800)
    case 0xF0...0xF4: (length, value, least) = (4, UInt32(first & 0x07), 0x1_0000)
    default: return nil
    }
    guard octets.count - offset >= length else { return nil }
    var result = value
    for position in 1..<max(length, 1) {
      let octet = octets[offset + position]
      guard octet & 0xC0 == 0x80 else { return nil }
      result = result << 6 | UInt32(octet & 0x3F)
    }
    guard result >= least, let scalar = Unicode.Scalar(result) else { return nil }
    self.scalar = scalar
  }
}

extension Unicode.Scalar {
  /// A control character (C0, DEL, C1), a line or paragraph separator, or a format character, which turns the direction of
  /// text, joins, or shows nothing: what a viewer obeys instead of showing it.
  var isObeyedByViewers: Bool {
    if value < 0x7F { return value < 0x20 }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }
}
