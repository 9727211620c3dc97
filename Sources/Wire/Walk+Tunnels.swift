/// Tunnels that IP carries without UDP.
extension Walk {
  /// GRE (RFC 2784, RFC 2890), with routing (RFC 1701), and its enhanced form for PPTP (RFC 2637 §4.1).
  mutating func gre(_ bytes: Span<UInt8>) -> Step {
    layer = .gre
    guard has(4) else { return short(4) }
    let flags = bytes.uint16(at: offset)
    let type = bytes.uint16(at: offset &+ 2)
    let version = flags & 0x7
    guard version <= 1 else { return stop(.version) }
    let hasSequence = flags & 0x1000 != 0

    var length = 4
    if flags & 0xC000 != 0 { length &+= 4 }
    if flags & 0x2000 != 0 { length &+= 4 }
    if hasSequence { length &+= 4 }
    if version == 1 {
      guard type == 0x880B, flags & 0x2000 != 0 else { return stop(.malformed) }
      if flags & 0x0080 != 0 { length &+= 4 }
      guard hasSequence else { return stop(.control) }  // an acknowledgment alone
      guard has(length) else { return short(length) }
      let payload = Int(bytes.uint16(at: offset &+ 4))
      offset &+= length
      narrow(to: payload)
      return .ppp
    }
    guard has(length) else { return short(length) }
    offset &+= length
    if flags & 0x4000 != 0, let failure = skipRouting(bytes) { return failure }

    switch type {
    case 0x88BE:
      // ERSPAN type I has no header of its own, and GRE no sequence number; type II has eight octets.
      layer = .erspan
      return hasSequence ? skip(8, to: .ethernet) : .ethernet
    case 0x22EB: return erspan3(bytes)
    case 0x883E:
      // WCCP: in its second version four octets stand before the packet.
      return looksLikeIP(bytes, at: offset) ? .ip : skip(4, to: .ip)
    case 0..<0x0600: return stop(.etherType, type)
    default: return .etherType(type)
    }
  }

  /// Source route entries (RFC 1701): a family, an offset and a length; an empty one is the last.
  private mutating func skipRouting(_ bytes: Span<UInt8>) -> Step? {
    while true {
      guard has(4) else { return short(4) }
      let family = bytes.uint16(at: offset)
      let length = Int(bytes[offset &+ 3])
      offset &+= 4
      if family == 0, length == 0 { return nil }
      guard has(length) else { return short(length) }
      offset &+= length
    }
  }

  /// ERSPAN type III: twelve octets, and eight more where the last bit says so; frame type 0 is Ethernet, 2 is IP.
  private mutating func erspan3(_ bytes: Span<UInt8>) -> Step {
    layer = .erspan
    guard has(12) else { return short(12) }
    guard bytes[offset] >> 4 == 2 else { return stop(.version) }
    let length = bytes[offset &+ 11] & 1 == 0 ? 12 : 20
    switch bytes[offset &+ 10] >> 2 & 0x1F {
    case 0: return skip(length, to: .ethernet)
    case 2: return skip(length, to: .ip)
    case let type: return stop(.tunnelPayload, UInt16(type))
    }
  }

  /// RFC 3378: version 3, and a frame.
  mutating func etherIP(_ bytes: Span<UInt8>) -> Step {
    layer = .etherIP
    guard has(2) else { return short(2) }
    guard bytes[offset] >> 4 == 3 else { return stop(.version) }
    return skip(2, to: .ethernet)
  }

  /// L2TPv3 over IP (RFC 3931 §4.1.1): session 0 is control. How long the cookie is (0, 4 or 8 octets) and whether a
  /// sublayer of four octets follows is told in the control messages only, so a frame is looked for behind them.
  mutating func l2tpOverIP(_ bytes: Span<UInt8>) -> Step {
    layer = .l2tp
    guard has(4) else { return short(4) }
    guard bytes.uint32(at: offset) != 0 else { return stop(.control) }
    for length in [4, 8, 12, 16] where looksLikeEthernet(bytes, at: offset &+ length) {
      return skip(length, to: .ethernet)
    }
    return stop(.tunnelPayload)
  }

  /// The network service header (RFC 8300 §2): its length counts units of four octets.
  mutating func nsh(_ bytes: Span<UInt8>) -> Step {
    layer = .nsh
    guard has(8) else { return short(8) }
    guard bytes[offset] >> 6 == 0 else { return stop(.version) }
    guard bytes[offset] & 0x20 == 0 else { return stop(.control) }
    let length = Int(bytes[offset &+ 1] & 0x3F) &* 4
    guard length >= 8 else { return stop(.headerLength) }
    return skip(length, to: nextProtocol(bytes[offset &+ 3]))
  }

  /// The numbers that NSH (RFC 8300 §2.2) and VXLAN-GPE share.
  func nextProtocol(_ number: UInt8) -> Step {
    switch number {
    case 1: .ipv4
    case 2: .ipv6
    case 3: .ethernet
    case 4: .nsh
    case 5: .mpls
    default: stop(.tunnelPayload, UInt16(number))
    }
  }
}
