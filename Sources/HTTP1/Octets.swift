/// Octet values of the grammar (RFC 9110 §5.6, RFC 5234 appendix B.1).
enum Octet {
  static var horizontalTab: UInt8 { 0x09 }
  static var lineFeed: UInt8 { 0x0A }
  static var carriageReturn: UInt8 { 0x0D }
  static var space: UInt8 { 0x20 }
  static var comma: UInt8 { 0x2C }
  static var dot: UInt8 { 0x2E }
  static var slash: UInt8 { 0x2F }
  static var zero: UInt8 { 0x30 }
  static var colon: UInt8 { 0x3A }
  static var semicolon: UInt8 { 0x3B }
}

extension UInt8 {
  /// `tchar` (RFC 9110 §5.6.2), as two sets of bits.
  @inline(__always) var isTokenOctet: Bool {
    let below64: UInt64 = 0x03FF_6CFA_0000_0000
    let from64: UInt64 = 0x57FF_FFFF_C7FF_FFFE
    if self < 64 { return (below64 &>> UInt64(self)) & 1 != 0 }
    return self < 128 && (from64 &>> (UInt64(self) &- 64)) & 1 != 0
  }

  @inline(__always) var isDigit: Bool { self &- Octet.zero < 10 }

  /// The value of a hexadecimal digit; 16 when it is none.
  @inline(__always) var hexadecimalValue: UInt8 {
    let digit = self &- Octet.zero
    if digit < 10 { return digit }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : 16
  }

  @inline(__always) var isLineEnd: Bool { self == Octet.lineFeed || self == Octet.carriageReturn }

  /// A blank between the words of a start line as a lenient recipient reads it (RFC 9112 §3, §4): SP, HTAB, VT, FF or a
  /// bare CR.
  @inline(__always) var isBlank: Bool { self == Octet.space || (self &- 9 < 5 && self != Octet.lineFeed) }

  /// White space around a field value or a list element. LF is in it, since a value that was folded over several lines
  /// is read as it stands (RFC 9112 §5.2), and so is a bare CR, which is read as a blank (RFC 9112 §2.2).
  @inline(__always) var isFieldSpace: Bool { self == Octet.space || self &- 9 < 5 }
}

/// Up to eight characters as one number, the first in the lowest bits: what `Span.lowercasedWord` gives for them.
@inline(__always) func word(
  _ a: Unicode.Scalar, _ b: Unicode.Scalar = "\0", _ c: Unicode.Scalar = "\0", _ d: Unicode.Scalar = "\0",
  _ e: Unicode.Scalar = "\0", _ f: Unicode.Scalar = "\0", _ g: Unicode.Scalar = "\0", _ h: Unicode.Scalar = "\0"
) -> UInt64 {
  let low = UInt64(a.value) | UInt64(b.value) << 8 | UInt64(c.value) << 16 | UInt64(d.value) << 24
  let high = UInt64(e.value) << 32 | UInt64(f.value) << 40 | UInt64(g.value) << 48 | UInt64(h.value) << 56
  return low | high
}

/// Octet-wise arithmetic on eight octets in one number.
enum Lanes {
  @inline(__always) static func repeating(_ octet: UInt8) -> UInt64 { UInt64(octet) &* 0x0101_0101_0101_0101 }

  /// The top bit of every octet that is zero, and no other bit. Exact: no carry crosses octets.
  @inline(__always) static func zeros(_ x: UInt64) -> UInt64 {
    ~(((x & repeating(0x7F)) &+ repeating(0x7F)) | x | repeating(0x7F))
  }

  /// The top bits of the octets, gathered into the lowest eight bits.
  @inline(__always) static func gathered(_ topBits: UInt64) -> UInt64 {
    ((topBits &>> 7) &* 0x0102_0408_1020_4080) &>> 56
  }

  @inline(__always) static func lowercased(_ x: UInt64) -> UInt64 {
    let seven = x & repeating(0x7F)
    let fromA = seven &+ repeating(0x80 - 0x41)
    let afterZ = seven &+ repeating(0x80 - 0x5B)
    return x | ((fromA & ~afterZ & ~x & repeating(0x80)) &>> 2)
  }
}

extension Span<UInt8> {
  /// The eight octets from a constant `offset`, the first in the lowest bits. The caller has checked the length: then
  /// this compiles to one load.
  @inline(__always) func word(at offset: Int) -> UInt64 {
    let low =
      UInt64(self[offset]) | UInt64(self[offset &+ 1]) << 8
      | UInt64(self[offset &+ 2]) << 16 | UInt64(self[offset &+ 3]) << 24
    let high =
      UInt64(self[offset &+ 4]) << 32 | UInt64(self[offset &+ 5]) << 40
      | UInt64(self[offset &+ 6]) << 48 | UInt64(self[offset &+ 7]) << 56
    return low | high
  }

  /// The first `length` (at most 8) octets from `offset` in lower case, the rest of the number zero.
  @inline(__always) func lowercasedWord(at offset: Int, length: Int) -> UInt64 {
    guard offset >= 0, length > 0, offset < count else { return 0 }
    let rest = extracting(offset...)
    if rest.count >= 8 {
      let unused = UInt64(truncatingIfNeeded: Swift.max(0, 8 &- length) &* 8)
      return Lanes.lowercased((rest.word(at: 0) &<< unused) &>> unused)
    }
    return Lanes.lowercased(rest.shortWord(length: length))
  }

  @inline(never) func shortWord(length: Int) -> UInt64 {
    var result: UInt64 = 0
    var index = 0
    while index < Swift.min(length, Swift.min(count, 8)) {
      result |= UInt64(self[index]) &<< UInt64(truncatingIfNeeded: index &* 8)
      index &+= 1
    }
    return result
  }

  /// One bit for every LF among the first 64 octets, the first octet's the lowest.
  @inline(__always) func lineFeedMask() -> UInt64 {
    @inline(__always) func bits(_ word: UInt64) -> UInt64 {
      Lanes.gathered(Lanes.zeros(word ^ Lanes.repeating(Octet.lineFeed)))
    }
    guard count >= 64 else { return shortLineFeedMask() }
    let low = bits(word(at: 0)) | bits(word(at: 8)) << 8 | bits(word(at: 16)) << 16 | bits(word(at: 24)) << 24
    let high = bits(word(at: 32)) | bits(word(at: 40)) << 8 | bits(word(at: 48)) << 16 | bits(word(at: 56)) << 24
    return low | high << 32
  }

  @inline(never) func shortLineFeedMask() -> UInt64 {
    var mask: UInt64 = 0
    var shift: UInt64 = 0
    var rest = self
    while rest.count >= 8, shift < 64 {
      mask |= Lanes.gathered(Lanes.zeros(rest.word(at: 0) ^ Lanes.repeating(Octet.lineFeed))) &<< shift
      shift &+= 8
      rest = rest.extracting(droppingFirst: 8)
    }
    while rest.count >= 1, shift < 64 {
      if rest[0] == Octet.lineFeed { mask |= 1 &<< shift }
      shift &+= 1
      rest = rest.extracting(droppingFirst: 1)
    }
    return mask
  }

  /// The offset of the first `octet` at or after `start`, or -1.
  @inline(__always) func firstOffset(of octet: UInt8, from start: Int) -> Int {
    guard start >= 0, start <= count else { return -1 }
    var rest = extracting(start...)
    while rest.count >= 8 {
      let found = Lanes.zeros(rest.word(at: 0) ^ Lanes.repeating(octet))
      if found != 0 { return (count &- rest.count) &+ found.trailingZeroBitCount &>> 3 }
      rest = rest.extracting(droppingFirst: 8)
    }
    while rest.count >= 1 {
      if rest[0] == octet { return count &- rest.count }
      rest = rest.extracting(droppingFirst: 1)
    }
    return -1
  }

  /// `range` without white space at its ends.
  @inline(__always) func trimmed(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, self[start].isFieldSpace { start &+= 1 }
    while start < end, self[end &- 1].isFieldSpace { end &-= 1 }
    return start..<end
  }
}
