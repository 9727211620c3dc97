/// UDP (RFC 768), and the tunnels in it. A port number alone proves nothing: what is behind it must look like the
/// tunnel, and until an inner IP header has been read any failure means that it was ordinary UDP.
extension Walk {
  mutating func udp(_ bytes: Span<UInt8>) -> Step {
    let carrier = layer
    layer = .udp
    guard has(8) else { return short(8) }
    let source = bytes.uint16(at: offset)
    let destination = bytes.uint16(at: offset &+ 2)
    let length = Int(bytes.uint16(at: offset &+ 4))
    offset &+= 8
    if length >= 8 { narrow(to: length &- 8) }

    guess = carrier
    let next: Step? =
      switch destination {
      case 4789, 8472: vxlan(bytes)
      case 4790: vxlanGPE(bytes)
      case 6081: geneve(bytes)
      case 2152: gtp(bytes)
      case 1701: l2tp(bytes)
      case 3544: teredo(bytes)
      case 5072: ayiya(bytes)
      case 4754: greInUDP(bytes)
      case 6635: looksLikeLabels(bytes) ? .mpls : nil
      case 4341: lisp(bytes)
      case 37008: tzsp(bytes)
      default:
        switch source {
        case 2152: gtp(bytes)
        case 1701: l2tp(bytes)
        case 3544: teredo(bytes)
        case 5072: ayiya(bytes)
        default: nil
        }
      }
    guard let next else {
      guess = nil
      layer = carrier
      return stop(.ipProtocol, 17)
    }
    return next
  }

  /// RFC 7348 §5: the I bit is set. Extensions use the reserved fields, so the frame is what is checked.
  private mutating func vxlan(_ bytes: Span<UInt8>) -> Step? {
    guard has(8), bytes[offset] & 0x08 != 0 else { return nil }
    guard looksLikeEthernet(bytes, at: offset &+ 8) || isCutBefore(22) else { return nil }
    layer = .vxlan
    return skip(8, to: .ethernet)
  }

  /// draft-ietf-nvo3-vxlan-gpe §3: with the P bit the last octet of the first word says what is inside.
  private mutating func vxlanGPE(_ bytes: Span<UInt8>) -> Step? {
    guard has(8), bytes[offset] & 0xF8 == 0x08 else { return nil }
    let flags = bytes[offset]
    layer = .vxlan
    if flags & 0x01 != 0 { return stop(.control) }
    return skip(8, to: flags & 0x04 == 0 ? .ethernet : nextProtocol(bytes[offset &+ 3]))
  }

  /// RFC 8926 §3.4: version 0, options in units of four octets, an EtherType.
  private mutating func geneve(_ bytes: Span<UInt8>) -> Step? {
    guard has(8), bytes[offset] >> 6 == 0, bytes[offset &+ 1] & 0x3F == 0, bytes[offset &+ 7] == 0 else { return nil }
    let length = 8 &+ Int(bytes[offset] & 0x3F) &* 4
    let type = bytes.uint16(at: offset &+ 2)
    guard length <= wireRemaining, type >= 0x0600 else { return nil }
    layer = .geneve
    if bytes[offset &+ 1] & 0x80 != 0 { return stop(.control) }
    return skip(length, to: .etherType(type))
  }

  /// GTP-U (3GPP TS 29.281 §5.1): version 1, message 255 carries a packet; extension headers in units of four octets.
  private mutating func gtp(_ bytes: Span<UInt8>) -> Step? {
    guard has(8), bytes[offset] & 0xF0 == 0x30 else { return nil }
    let flags = bytes[offset] & 0x07
    let length = Int(bytes.uint16(at: offset &+ 2))
    guard length &+ 8 <= wireRemaining else { return nil }
    layer = .gtp
    guard bytes[offset &+ 1] == 255 else { return stop(.control) }
    offset &+= 8
    narrow(to: length)
    if flags != 0 {
      guard has(4) else { return short(4) }
      var next = flags & 0x04 == 0 ? 0 : bytes[offset &+ 3]
      offset &+= 4
      while next != 0 {
        guard has(4) else { return short(4) }
        let size = Int(bytes[offset]) &* 4
        guard size > 0 else { return stop(.malformed) }
        guard has(size) else { return short(size) }
        next = bytes[offset &+ size &- 1]
        offset &+= size
      }
    }
    guard has(1) else { return wireRemaining == 0 ? stop(.control) : short(1) }
    switch bytes[offset] >> 4 {
    case 4, 6: return .ip
    default: return looksLikeEthernet(bytes, at: offset) ? .ethernet : bytes[offset] == 0xFF ? .ppp : stop(.malformed)
    }
  }

  /// L2TP: version 2 (RFC 2661 §3.1) carries PPP; version 3 (RFC 3931 §4.1.2) what its control messages agreed on.
  private mutating func l2tp(_ bytes: Span<UInt8>) -> Step? {
    guard has(6) else { return nil }
    let flags = bytes.uint16(at: offset)
    switch flags & 0x000F {
    case 2:
      guard flags & 0x34F0 == 0 else { return nil }
      layer = .l2tp
      if flags & 0x8000 != 0 { return stop(.control) }
      var length = 6
      if flags & 0x4000 != 0 {
        guard Int(bytes.uint16(at: offset &+ 2)) <= wireRemaining else { return nil }
        narrow(to: Int(bytes.uint16(at: offset &+ 2)))
        length &+= 2
      }
      if flags & 0x0800 != 0 { length &+= 4 }
      if flags & 0x0200 != 0 {
        guard has(length &+ 2) else { return short(length &+ 2) }
        length &+= 2 &+ Int(bytes.uint16(at: offset &+ length))
      }
      return skip(length, to: .ppp)
    case 3:
      guard flags & 0x7FF0 == 0 || flags & 0x8000 != 0 else { return nil }
      layer = .l2tp
      if flags & 0x8000 != 0 { return stop(.control) }
      return skip(4, to: .ipProtocol(115))
    default: return nil
    }
  }

  /// RFC 4380 §5.1.1: an authentication header and an origin indication may stand before the IPv6 packet.
  private mutating func teredo(_ bytes: Span<UInt8>) -> Step? {
    var length = 0
    if has(4), bytes.uint16(at: offset) == 0x0001 {
      length = 13 &+ Int(bytes[offset &+ 2]) &+ Int(bytes[offset &+ 3])
    }
    if has(length &+ 2), bytes.uint16(at: offset &+ length) == 0 { length &+= 8 }
    guard looksLikeIP(bytes, at: offset &+ length), bytes[offset &+ length] >> 4 == 6 else { return nil }
    layer = .teredo
    return skip(length, to: .ipv6)
  }

  /// draft-massar-v6ops-ayiya: an identity, a signature, the time, and the protocol of what follows.
  private mutating func ayiya(_ bytes: Span<UInt8>) -> Step? {
    guard has(8) else { return nil }
    let identity = 1 << Int(bytes[offset] >> 4)
    let signature = Int(bytes[offset &+ 1] >> 4) &* 4
    let length = 8 &+ identity &+ signature
    let next = bytes[offset &+ 3]
    guard next == 41 || next == 4 || next == 59, length <= wireRemaining else { return nil }
    layer = .ayiya
    guard next != 59, bytes[offset &+ 2] & 0x0F == 1 else { return stop(.control) }
    return skip(length, to: .ip)
  }

  /// RFC 8086 §2: an ordinary GRE header of version 0.
  private func greInUDP(_ bytes: Span<UInt8>) -> Step? {
    guard has(4), bytes.uint16(at: offset) & 0x4FFF == 0, bytes.uint16(at: offset &+ 2) >= 0x0600 else { return nil }
    return .gre
  }

  /// RFC 7510 §3: a stack of few labels, with IP or a frame under it.
  private func looksLikeLabels(_ bytes: Span<UInt8>) -> Bool {
    var index = offset
    for _ in 0..<8 {
      guard end &- index >= 4 else { return false }
      index &+= 4
      if bytes[index &- 2] & 1 == 1 {
        return looksLikeIP(bytes, at: index) || looksLikeEthernet(bytes, at: index)
          || looksLikeEthernet(bytes, at: index &+ 4)
      }
    }
    return false
  }

  /// RFC 9300 §5.1: eight octets, and a packet.
  private mutating func lisp(_ bytes: Span<UInt8>) -> Step? {
    guard looksLikeIP(bytes, at: offset &+ 8) else { return nil }
    layer = .lisp
    return skip(8, to: .ip)
  }

  /// TaZmen Sniffer Protocol: version 1, a received packet of Ethernet, tags up to the one that ends them.
  private mutating func tzsp(_ bytes: Span<UInt8>) -> Step? {
    guard has(5), bytes.uint32(at: offset) == 0x0100_0001 else { return nil }
    layer = .tzsp
    offset &+= 4
    while true {
      guard has(1) else { return short(1) }
      switch bytes[offset] {
      case 0: offset &+= 1
      case 1: return skip(1, to: .ethernet)
      default:
        guard has(2) else { return short(2) }
        let length = 2 &+ Int(bytes[offset &+ 1])
        guard has(length) else { return short(length) }
        offset &+= length
      }
    }
  }

  /// Whether only the snap length hides the octet at `count`.
  private func isCutBefore(_ count: Int) -> Bool { !has(count) && wireRemaining >= count }
}
