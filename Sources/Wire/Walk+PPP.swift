/// Point-to-point links: PPP (RFC 1661) and its framings, PPPoE (RFC 2516), Cisco HDLC, Frame Relay (RFC 2427), MPLS.
extension Walk {
  /// A PPP frame, with the address and control octets of HDLC or without (RFC 1662 §3.1).
  mutating func ppp(_ bytes: Span<UInt8>) -> Step {
    layer = .ppp
    guard has(2) else { return short(2) }
    // pppd puts the direction, 0 or 1, in the place of the address.
    if bytes[offset &+ 1] == 0x03, bytes[offset] == 0xFF || bytes[offset] <= 1 { offset &+= 2 }
    guard has(1) else { return short(1) }
    var number = UInt16(bytes[offset])
    if number & 1 == 1 {
      offset &+= 1  // compressed to one octet (RFC 1661 §6.5)
    } else {
      guard has(2) else { return short(2) }
      number = bytes.uint16(at: offset)
      offset &+= 2
    }
    switch number {
    case 0x0021: return .ipv4
    case 0x0057: return .ipv6
    case 0x0281, 0x0283: return .mpls
    case 0x0031:  // RFC 3518 §4.1: flags, MAC type 1 being Ethernet
      guard has(2) else { return short(2) }
      guard bytes[offset &+ 1] == 1 else { return stop(.pppProtocol, number) }
      return skip(2, to: .ethernet)
    default: return stop(.pppProtocol, number)
    }
  }

  /// PPP over HDLC, or Cisco HDLC, by the address.
  mutating func pppOverHDLC(_ bytes: Span<UInt8>) -> Step {
    guard has(1) else { return short(1) }
    return bytes[offset] == 0x0F || bytes[offset] == 0x8F ? .ciscoHDLC : .ppp
  }

  /// An address, a control octet, and an EtherType.
  mutating func ciscoHDLC(_ bytes: Span<UInt8>) -> Step {
    layer = .ciscoHDLC
    guard has(4) else { return short(4) }
    let type = bytes.uint16(at: offset &+ 2)
    offset &+= 4
    if type == 0xFEFE {
      offset &-= 2
      return .llc
    }
    return type >= 0x0600 && type != 0x8035 ? .etherType(type) : stop(.etherType, type)
  }

  mutating func pppoe(_ bytes: Span<UInt8>) -> Step {
    layer = .pppoe
    guard has(6) else { return short(6) }
    guard bytes[offset] == 0x11 else { return stop(.version) }
    guard bytes[offset &+ 1] == 0 else { return stop(.control) }
    let length = Int(bytes.uint16(at: offset &+ 4))
    offset &+= 6
    if length > 0 { narrow(to: length) }
    return .ppp
  }

  mutating func frameRelay(_ bytes: Span<UInt8>) -> Step {
    layer = .frameRelay
    // Two to four octets of address, the last with its low bit set (Q.922 §3.3).
    guard has(4) else { return short(4) }
    if bytes[offset &+ 1] & 1 == 1 {
      offset &+= 2
    } else if bytes[offset &+ 2] & 1 == 1 {
      offset &+= 3
    } else {
      offset &+= 4
    }
    guard has(2) else { return short(2) }
    guard bytes[offset] == 0x03 else {
      let type = bytes.uint16(at: offset)  // Cisco's encapsulation
      return type >= 0x0600 ? skip(2, to: .etherType(type)) : stop(.control)
    }
    offset &+= 1
    if bytes[offset] == 0 { offset &+= 1 }  // a pad octet that aligns what follows
    guard has(1) else { return short(1) }
    switch bytes[offset] {
    case 0xCC: return skip(1, to: .ipv4)
    case 0x8E: return skip(1, to: .ipv6)
    case 0x80:
      // The octets that LLC would have before SNAP are not there.
      guard has(6) else { return short(6) }
      let organization = bytes.uint32(at: offset) & 0xFF_FFFF
      let type = bytes.uint16(at: offset &+ 4)
      if organization == 0, type >= 0x0600 { return skip(6, to: .etherType(type)) }
      if organization == 0x0080C2, type == 1 || type == 7 { return skip(6, to: .ethernet) }
      return stop(.snapOrganization)
    default: return stop(.tunnelPayload, UInt16(bytes[offset]))
    }
  }

  /// A label stack (RFC 3032), which does not say what it carries: IP by its first four bits, else an Ethernet
  /// pseudo-wire with a control word or without (RFC 4448).
  mutating func mpls(_ bytes: Span<UInt8>) -> Step {
    layer = .mpls
    var isBottom = false
    var labels = 0
    while !isBottom {
      guard has(4) else { return short(4) }
      guard labels < 32 else { return stop(.tooManyLayers) }
      isBottom = bytes[offset &+ 2] & 1 == 1
      labels &+= 1
      offset &+= 4
    }
    guard has(1) else { return short(1) }
    // An address may begin like an IP header: both layers of a frame weigh more.
    if looksLikeIP(bytes, at: offset) {
      return looksLikeEthernet(bytes, at: offset) && looksLikeIP(bytes, at: offset &+ 14) ? .ethernet : .ip
    }
    if bytes[offset] >> 4 == 0, looksLikeEthernet(bytes, at: offset &+ 4) { return skip(4, to: .ethernet) }
    if looksLikeEthernet(bytes, at: offset) { return .ethernet }
    switch bytes[offset] >> 4 {
    case 0: return skip(4, to: .ethernet)
    case 1: return stop(.control)  // an associated channel (RFC 4385 §5)
    case 4, 6: return .ip
    default: return .ethernet
    }
  }
}
