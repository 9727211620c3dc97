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

  /// Whether no octet is a control character (RFC 5234 appendix B.1).
  @inline(__always) static func areNoControls(_ x: UInt64) -> Bool {
    zeros(x & repeating(0xE0)) | zeros(x ^ repeating(0x7F)) == 0
  }

  /// Rows to columns, the number seen as eight rows of eight bits.
  @inline(__always) static func transposed(_ x: UInt64) -> UInt64 {
    var x = x
    var t = (x ^ (x &>> 7)) & 0x00AA_00AA_00AA_00AA
    x ^= t ^ (t &<< 7)
    t = (x ^ (x &>> 14)) & 0x0000_CCCC_0000_CCCC
    x ^= t ^ (t &<< 14)
    t = (x ^ (x &>> 28)) & 0x0000_0000_F0F0_F0F0
    return x ^ t ^ (t &<< 28)
  }

  /// Whether the first `count` octets (1 to 7) are all capital letters.
  @inline(__always) static func areCapitals(_ x: UInt64, count: Int) -> Bool {
    let unused = UInt64.max &<< UInt64(truncatingIfNeeded: count &* 8)
    let filled = (x & ~unused) | (repeating(0x41) & unused)
    let seven = filled & repeating(0x7F)
    let others = filled | ~(seven &+ repeating(0x80 - 0x41)) | (seven &+ repeating(0x80 - 0x5B))
    return others & repeating(0x80) == 0
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
  @inlinable @inline(__always) public func word(at offset: Int) -> UInt64 {
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

  /// One bit for every LF among the 64 octets from `offset` on, the first one's the lowest. Octets past the end are none.
  @inline(__always) func lineFeedMask(from offset: Int) -> UInt64 {
    let rest = extracting(offset...)
    if rest.count >= 64 { return rest.lineFeedMask64() }
    guard count >= 64 else { return rest.shortLineFeedMask() }
    return extracting(last: 64).lineFeedMask64() &>> UInt64(truncatingIfNeeded: 64 &- rest.count)
  }

  /// The flags of eight octets come out one a byte; those of the next eight go beside them, and a turn puts all in order.
  @inline(__always) private func lineFeedMask64() -> UInt64 {
    guard count >= 64 else { return 0 }
    @inline(__always) func flags(_ word: UInt64) -> UInt64 { Lanes.zeros(word ^ Lanes.repeating(Octet.lineFeed)) }
    let low =
      flags(word(at: 0)) &>> 7 | flags(word(at: 8)) &>> 6 | flags(word(at: 16)) &>> 5 | flags(word(at: 24)) &>> 4
    let high = flags(word(at: 32)) &>> 3 | flags(word(at: 40)) &>> 2 | flags(word(at: 48)) &>> 1 | flags(word(at: 56))
    return Lanes.transposed(low | high)
  }

  @inline(never) private func shortLineFeedMask() -> UInt64 {
    var mask: UInt64 = 0
    var index = 0
    while index < Swift.min(count, 64) {
      if self[index] == Octet.lineFeed { mask |= 1 &<< UInt64(truncatingIfNeeded: index) }
      index &+= 1
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
