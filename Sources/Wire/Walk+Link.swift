/// What a captured frame begins with, by the link type of its capture.
extension Walk {
  mutating func link(_ type: LinkType, _ bytes: Span<UInt8>) -> Step {
    switch type {
    case .ethernet: return .ethernet
    case .linuxSLL: return linuxCooked(bytes)
    case .linuxSLL2: return linuxCooked2(bytes)
    case .null: return loopback(bytes, hostOrder: true)
    case .loop: return loopback(bytes, hostOrder: false)
    case .raw, .rawBSD, .rawOpenBSD:
      layer = .raw
      return .ip
    case .ipv4: return .ipv4
    case .ipv6: return .ipv6
    case .ppp, .pppHDLC, .pppd: return pppOverHDLC(bytes)
    case .pppEther: return .pppoe
    case .ciscoHDLC: return .ciscoHDLC
    case .frameRelay: return frameRelay(bytes)
    case .pppWithDirection: return skip(1, to: .ppp)
    case .ciscoHDLCWithDirection: return skip(1, to: .ciscoHDLC)
    case .frameRelayWithDirection: return skip(1, to: .link(.frameRelay))
    case .slip: return skip(16, to: .ip)
    case .mpls: return .mpls
    case .wlan: return .wlan
    case .radiotap: return radiotap(bytes)
    case .prism: return prism(bytes)
    case .avs: return avs(bytes)
    case .ppi: return ppi(bytes)
    case .nflog: return nflog(bytes)
    case .pktap, .user2: return pktap(bytes)
    case .ipnet:
      layer = .ipnet
      return skip(24, to: .ip)
    case .ipoib: return ipoib(bytes)
    case .fddi: return fddi(bytes)
    case .tokenRing: return tokenRing(bytes)
    case .atmRFC1483:
      bridgePadding = 2
      return .llc
    case .atmCLIP, .atmCLIPLinux:
      bridgePadding = 2
      // RFC 1577 puts LLC before IP; where the configuration leaves it out, IP begins at once.
      return looksLikeIP(bytes, at: offset) ? .ip : .llc
    case .sunATM: return sunATM(bytes)
    case .enc: return skip(12, to: .ip)
    case .pflog: return pflog(bytes)
    case .netAnalyzer: return skip(4, to: .ethernet)
    case .netAnalyzerTransparent: return skip(12, to: .ethernet)
    case .mPacket: return skip(8, to: .ethernet)
    case .brcmTag, .dsa: return switchTag(bytes, octets: 4)
    case .edsa: return switchTag(bytes, octets: 8)
    case .brcmTagPrepended: return skip(4, to: .ethernet)
    default: return stop(.linkType, UInt16(truncatingIfNeeded: type.rawValue))
    }
  }

  /// The tag of a switch chip between the addresses and the type of an Ethernet frame.
  private mutating func switchTag(_ bytes: Span<UInt8>, octets: Int) -> Step {
    layer = .ethernet
    guard has(14 &+ octets) else { return short(14 &+ octets) }
    let type = bytes.uint16(at: offset &+ 12 &+ octets)
    return skip(14 &+ octets, to: .etherType(type))
  }

  /// LINKTYPE_LINUX_SLL: packet type, ARPHRD_ type, address length, address, protocol.
  private mutating func linuxCooked(_ bytes: Span<UInt8>) -> Step {
    layer = .linuxCooked
    guard has(16) else { return short(16) }
    let hardware = bytes.uint16(at: offset &+ 2)
    let type = bytes.uint16(at: offset &+ 14)
    offset &+= 16
    return cooked(hardware: hardware, type: type)
  }

  /// LINKTYPE_LINUX_SLL2: protocol, interface, ARPHRD_ type, packet type, address length, address.
  private mutating func linuxCooked2(_ bytes: Span<UInt8>) -> Step {
    layer = .linuxCooked
    guard has(20) else { return short(20) }
    let type = bytes.uint16(at: offset)
    let hardware = bytes.uint16(at: offset &+ 8)
    offset &+= 20
    return cooked(hardware: hardware, type: type)
  }

  private func cooked(hardware: UInt16, type: UInt16) -> Step {
    switch (hardware, type) {
    case (824, _): stop(.hardwareType, hardware)  // netlink
    case (803, _): .link(.radiotap)
    case (802, _): .link(.prism)
    case (801, _): .wlan
    case (770, _): .link(.frameRelay)
    case (_, 0x0001), (_, 0x0004): .llc
    case (_, 0...0x05FF): stop(.etherType, type)
    default: .etherType(type)
    }
  }

  /// An address family of four octets, in the order of the capturing host (NULL) or of the network (LOOP).
  private mutating func loopback(_ bytes: Span<UInt8>, hostOrder: Bool) -> Step {
    layer = .loopback
    guard has(4) else { return short(4) }
    var family = bytes.uint32(at: offset)
    if hostOrder, family > 0xFFFF { family = family.byteSwapped }
    offset &+= 4
    switch family {
    case 2: return .ipv4
    case 10, 24, 28, 30: return .ipv6  // Linux, NetBSD and OpenBSD, FreeBSD, Darwin
    case 0x0600...0xFFFF: return .etherType(UInt16(truncatingIfNeeded: family))
    default: return stop(.addressFamily, UInt16(truncatingIfNeeded: family))
    }
  }

  /// Attributes with a length and a type, in the order of the capturing host; 9 is the packet (NFULA_PAYLOAD).
  private mutating func nflog(_ bytes: Span<UInt8>) -> Step {
    layer = .nflog
    guard has(4) else { return short(4) }
    guard bytes[offset &+ 1] == 0 else { return stop(.version) }
    offset &+= 4
    while has(4) {
      var length = Int(bytes.littleEndianUInt16(at: offset))
      var type = bytes.littleEndianUInt16(at: offset &+ 2)
      // Types are small: in the other order the low octet is empty.
      if type & 0xFF == 0 {
        length = Int(bytes.uint16(at: offset))
        type = type.byteSwapped
      }
      guard length >= 4 else { return stop(.malformed) }
      if type & 0x7FFF == 9 {
        narrow(to: length)
        return skip(4, to: .ip)
      }
      let padded = (length &+ 3) & ~3
      guard has(padded) else { return short(padded) }
      offset &+= padded
    }
    return has(1) ? short(4) : stop(.control)
  }

  /// Apple's header: its length, a record type, and the link type of what follows, all little-endian.
  private mutating func pktap(_ bytes: Span<UInt8>) -> Step {
    layer = .pktap
    guard has(12) else { return short(12) }
    let length = Int(bytes.littleEndianUInt32(at: offset))
    let type = LinkType(rawValue: bytes.littleEndianUInt32(at: offset &+ 8))
    guard length >= 12 else { return stop(.headerLength) }
    guard bytes.littleEndianUInt32(at: offset &+ 4) == 1 else { return stop(.control) }
    return skip(length, to: .link(type))
  }

  /// The global routing header of InfiniBand (40 octets), then an EtherType and two octets (RFC 4391 §6).
  private mutating func ipoib(_ bytes: Span<UInt8>) -> Step {
    layer = .ipoib
    guard has(44) else { return short(44) }
    let type = bytes.uint16(at: offset &+ 40)
    return type >= 0x0600 ? skip(44, to: .etherType(type)) : stop(.etherType, type)
  }

  /// Frame control and two addresses; frames for LLC have 01 in the upper bits of frame control.
  private mutating func fddi(_ bytes: Span<UInt8>) -> Step {
    layer = .fddi
    guard has(13) else { return short(13) }
    guard bytes[offset] & 0x30 == 0x10 else { return stop(.control) }
    return skip(13, to: .llc)
  }

  /// Access and frame control, two addresses, and a route where the source address has its first bit set.
  private mutating func tokenRing(_ bytes: Span<UInt8>) -> Step {
    layer = .tokenRing
    guard has(15) else { return short(15) }
    guard bytes[offset &+ 1] >> 6 == 1 else { return stop(.control) }
    let route = bytes[offset &+ 8] & 0x80 == 0 ? 0 : Int(bytes[offset &+ 14] & 0x1F)
    return skip(14 &+ route, to: .llc)
  }

  /// A direction and kind of traffic, a path and a channel; kind 1 is LAN emulation, 2 is LLC.
  private mutating func sunATM(_ bytes: Span<UInt8>) -> Step {
    layer = .atm
    guard has(4) else { return short(4) }
    switch bytes[offset] & 0x0F {
    case 1: return skip(6, to: .ethernet)  // LAN emulation has two octets of its own before the frame
    case 2:
      bridgePadding = 2
      return skip(4, to: .llc)
    default: return stop(.control)
    }
  }

  /// The first octet is the header's length, to be rounded up to four.
  private mutating func pflog(_ bytes: Span<UInt8>) -> Step {
    guard has(4) else { return short(4) }
    return skip((Int(bytes[offset]) &+ 3) & ~3, to: .ip)
  }
}
