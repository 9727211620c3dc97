/// Ethernet and the tags that stand behind its addresses.
extension Walk {
  mutating func ethernet(_ bytes: Span<UInt8>) -> Step {
    layer = .ethernet
    guard has(14) else { return short(14) }
    if isISL(bytes) {
      layer = .isl
      // The low four bits of the fifth octet say what is inside: 0 for Ethernet. 26 octets, and a check sequence.
      guard bytes[offset &+ 5] >> 4 == 0 else { return stop(.control) }
      dropTrailer(4)
      return skip(26, to: .ethernet)
    }
    let type = bytes.uint16(at: offset &+ 12)
    offset &+= 14
    return .etherType(type)
  }

  /// Cisco's Inter-Switch Link encapsulation: a multicast address of its own, and SNAP where the type would be.
  private func isISL(_ bytes: Span<UInt8>) -> Bool {
    guard has(26), bytes[offset] & 0xFD == 0x01, bytes[offset &+ 1] == 0, bytes[offset &+ 2] == 0x0C else {
      return false
    }
    return bytes[offset &+ 3] == 0 && bytes[offset &+ 4] == 0 && bytes[offset &+ 14] == 0xAA
      && bytes[offset &+ 15] == 0xAA && bytes[offset &+ 16] == 0x03
  }

  mutating func etherType(_ type: UInt16, _ bytes: Span<UInt8>) -> Step {
    switch type {
    case EtherType.ipv4: return .ipv4
    case EtherType.ipv6: return .ipv6
    case 0x8100, 0x88A8, 0x9100, 0x9200, 0x9300: return tag(.vlan, octets: 4, bytes)
    case 0x8847, 0x8848: return .mpls
    case 0x8864: return .pppoe
    case 0x880B: return .ppp
    case 0x894F: return .nsh
    case EtherType.transparentBridging: return .ethernet
    case 0...1500:
      // IEEE 802.3: a length, and LLC behind it.
      narrow(to: Int(type))
      return .llc
    case 0x8870: return .llc  // LLC in a jumbo frame
    case 0x88E7:
      // IEEE 802.1ah: the I-TAG, then the customer's whole frame.
      layer = .providerBackbone
      return skip(4, to: .ethernet)
    case 0x88E5: return macsec(bytes)
    case 0x892F: return tag(.hsr, octets: 6, bytes)
    case 0x8926: return tag(.vnTag, octets: 6, bytes)
    case 0x893F: return tag(.eTag, octets: 8, bytes)
    case 0x8909:
      // Cisco MetaData: a version, and a length in units of four octets.
      layer = .trustSec
      guard has(2) else { return short(2) }
      return tag(.trustSec, octets: 4 &+ Int(bytes[offset &+ 1]) &* 4, bytes)
    case 0x22F3: return trill(bytes)
    case 0x8903:
      layer = .fabricPath
      return skip(2, to: .ethernet)
    default: return stop(.etherType, type)
    }
  }

  /// A tag of `octets` octets, the EtherType of what follows being its last two.
  private mutating func tag(_ layer: Layer, octets: Int, _ bytes: Span<UInt8>) -> Step {
    self.layer = layer
    guard has(octets) else { return short(octets) }
    let type = bytes.uint16(at: offset &+ octets &- 2)
    offset &+= octets
    return .etherType(type)
  }

  /// IEEE 802.1AE §9: without the E and C bits the frame is in the clear, with a check value of 16 octets behind it.
  private mutating func macsec(_ bytes: Span<UInt8>) -> Step {
    layer = .macsec
    guard has(6) else { return short(6) }
    let control = bytes[offset]
    guard control & 0x0C == 0 else { return stop(.encrypted) }
    dropTrailer(16)
    return tag(.macsec, octets: control & 0x20 == 0 ? 8 : 16, bytes)
  }

  /// RFC 6325 §3: six octets, options in units of four, then a frame.
  private mutating func trill(_ bytes: Span<UInt8>) -> Step {
    layer = .trill
    guard has(6) else { return short(6) }
    let options = Int(bytes.uint16(at: offset) >> 6 & 0x1F) &* 4
    return skip(6 &+ options, to: .ethernet)
  }

  /// Logical link control (IEEE 802.2), and SNAP in it (RFC 1042).
  mutating func llc(_ bytes: Span<UInt8>) -> Step {
    layer = .llc
    guard has(3) else { return short(3) }
    let service = bytes[offset]
    switch (service, bytes[offset &+ 1], bytes[offset &+ 2]) {
    case (0xAA, 0xAA, 0x03): return snap(bytes)
    case (0x06, 0x06, 0x03): return skip(3, to: .ipv4)  // RFC 948
    case (0xFE, 0xFE, 0x03):
      guard has(4) else { return short(4) }
      switch bytes[offset &+ 3] {  // ISO/IEC TR 9577: the protocol's identifier
      case 0xCC: return skip(4, to: .ipv4)
      case 0x8E: return skip(4, to: .ipv6)
      default: return stop(.llcService, UInt16(service))
      }
    default: return stop(.llcService, UInt16(service))
    }
  }

  private mutating func snap(_ bytes: Span<UInt8>) -> Step {
    guard has(8) else { return short(8) }
    let organization = bytes.uint32(at: offset &+ 2) & 0xFF_FFFF
    let type = bytes.uint16(at: offset &+ 6)
    offset &+= 8
    switch organization {
    case 0x000000 where type >= 0x0600, 0x0000F8 where type >= 0x0600: return .etherType(type)
    case 0x0080C2 where type == 1 || type == 7:
      // Bridged Ethernet, with its check sequence (1) or without.
      return skip(bridgePadding, to: .ethernet)
    case 0x000000, 0x00000C: return stop(.etherType, type)
    default: return stop(.snapOrganization)
    }
  }
}
