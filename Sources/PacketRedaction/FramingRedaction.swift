/// What of a chunked body's framing is harmless (RFC 9112 §7.1): the sizes and the line ends. Extensions and trailers are
/// blanked.
struct FramingRedaction {
  private enum Line {
    /// A chunk's size, its first octet, or one of the rest.
    case size, padding, chunkExtension
    /// What ends the chunk's content.
    case contentEnd
    case trailer
  }

  private var line = Line.size
  private var isZero = true

  /// Takes the next octet of the framing; what may be stored in its place.
  mutating func take(_ octet: UInt8) -> UInt8 {
    let isLineEnd = octet == 0x0A || octet == 0x0D
    switch line {
    case .size, .padding, .chunkExtension:
      if octet == 0x0A {
        endSize()
        return octet
      }
      if isLineEnd { return octet }
      if line == .chunkExtension { return UInt8(ascii: "x") }
      if octet == UInt8(ascii: ";") {
        line = .chunkExtension
        return octet
      }
      if octet == 0x20 || octet == 0x09 {
        line = .padding
        return octet
      }
      guard line == .size, Self.isDigit(octet) else { return 0 }
      if octet != UInt8(ascii: "0") { isZero = false }
      return octet
    case .contentEnd:
      if octet == 0x0A { self = FramingRedaction() }
      return isLineEnd ? octet : 0
    case .trailer:
      return isLineEnd ? octet : UInt8(ascii: "x")
    }
  }

  private mutating func endSize() {
    line = isZero ? .trailer : .contentEnd
  }

  private static func isDigit(_ octet: UInt8) -> Bool {
    octet &- 0x30 < 10 || (octet | 0x20) &- 0x61 < 6
  }
}
