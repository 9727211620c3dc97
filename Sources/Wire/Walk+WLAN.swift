/// IEEE 802.11 and the headers with which radios describe a frame.
extension Walk {
  /// radiotap: a length and a bit set of fields; of those the flags say whether a check sequence follows the frame.
  mutating func radiotap(_ bytes: Span<UInt8>) -> Step {
    layer = .radio
    guard has(8) else { return short(8) }
    guard bytes[offset] == 0 else { return stop(.version) }
    let length = Int(bytes.littleEndianUInt16(at: offset &+ 2))
    guard length >= 8 else { return stop(.headerLength) }
    guard has(length) else { return short(length) }
    let present = bytes.littleEndianUInt32(at: offset &+ 4)
    // Each word with its last bit set is followed by one more.
    var fields = 8
    var word = present
    while word & 0x8000_0000 != 0, fields &+ 4 <= length {
      word = bytes.littleEndianUInt32(at: offset &+ fields)
      fields &+= 4
    }
    if present & 1 != 0 { fields = (fields &+ 7) & ~7 &+ 8 }  // a time, aligned
    if present & 2 != 0, fields < length {
      let flags = bytes[offset &+ fields]
      if flags & 0x10 != 0 { dropTrailer(4) }
      paddedTo4 = flags & 0x20 != 0
    }
    return skip(length, to: .wlan)
  }

  /// Per-Packet Information: version, flags, length and link type, then fields; field 2 has the flags of the radio.
  mutating func ppi(_ bytes: Span<UInt8>) -> Step {
    layer = .radio
    guard has(8) else { return short(8) }
    guard bytes[offset] == 0 else { return stop(.version) }
    let length = Int(bytes.littleEndianUInt16(at: offset &+ 2))
    guard length >= 8 else { return stop(.headerLength) }
    guard has(length) else { return short(length) }
    let type = LinkType(rawValue: bytes.littleEndianUInt32(at: offset &+ 4))
    let limit = offset &+ length
    var field = offset &+ 8
    while field &+ 4 <= limit {
      let size = Int(bytes.littleEndianUInt16(at: field &+ 2))
      if bytes.littleEndianUInt16(at: field) == 2, size >= 10, field &+ 14 <= limit {
        if bytes.littleEndianUInt16(at: field &+ 12) & 1 != 0 { dropTrailer(4) }
        break
      }
      field &+= 4 &+ size
    }
    return skip(length, to: .link(type))
  }

  /// The header of Prism chips, 144 octets, whose link type some drivers use for AVS headers.
  mutating func prism(_ bytes: Span<UInt8>) -> Step {
    layer = .radio
    guard has(8) else { return short(8) }
    if bytes.uint32(at: offset) & 0xFFFF_F000 == 0x8021_1000 { return avs(bytes) }
    // It says its length in the order of the capturing host.
    let length = bytes.littleEndianUInt32(at: offset &+ 4)
    return skip(length == 0 || length.byteSwapped == 144 ? 144 : Int(min(length, 0xFFFF)), to: .wlan)
  }

  mutating func avs(_ bytes: Span<UInt8>) -> Step {
    layer = .radio
    guard has(8) else { return short(8) }
    let length = Int(bytes.uint32(at: offset &+ 4))
    guard length >= 8 else { return stop(.headerLength) }
    return skip(length, to: .wlan)
  }

  /// IEEE 802.11 §9.3.2.1. Of an aggregate (A-MSDU, §9.3.2.2) only the first packet is followed.
  mutating func wlan(_ bytes: Span<UInt8>) -> Step {
    layer = .wlan
    guard has(2) else { return short(2) }
    let control = bytes[offset]
    let flags = bytes[offset &+ 1]
    guard control & 0x03 == 0 else { return stop(.version) }
    let subtype = control >> 4
    guard control & 0x0C == 0x08, subtype & 4 == 0 else { return stop(.control) }
    guard flags & 0x40 == 0 else { return stop(.encrypted) }
    guard has(24) else { return short(24) }
    // More fragments, or not the first.
    guard flags & 0x04 == 0, bytes[offset &+ 22] & 0x0F == 0 else { return stop(.linkFragment) }

    var length = flags & 0x03 == 0x03 ? 30 : 24
    var isAggregate = false
    if subtype & 8 != 0 {
      guard has(length &+ 2) else { return short(length &+ 2) }
      isAggregate = bytes[offset &+ length] & 0x80 != 0
      length &+= flags & 0x80 == 0 ? 2 : 6
    }
    if paddedTo4 { length = (length &+ 3) & ~3 }
    guard has(length) else { return short(length) }
    offset &+= length
    guard isAggregate else { return .llc }
    guard has(14) else { return short(14) }
    let packet = Int(bytes.uint16(at: offset &+ 12))
    offset &+= 14
    narrow(to: packet)
    return .llc
  }
}
