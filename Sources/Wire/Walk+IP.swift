/// Internet Protocol: IPv4 (RFC 791), IPv6 (RFC 8200) and what stands between it and a transport header.
extension Walk {
  mutating func ipv4(_ bytes: Span<UInt8>) -> Step {
    layer = .ipv4
    guard has(20) else { return short(20) }
    guard bytes[offset] >> 4 == 4 else { return stop(.version) }
    let headerLength = Int(bytes[offset] & 15) &* 4
    guard headerLength >= 20 else { return stop(.headerLength) }
    var totalLength = Int(bytes.uint16(at: offset &+ 2))
    // Segmentation offload leaves the length to the network card: the frame's is all there is.
    if totalLength == 0 { totalLength = wireRemaining }
    guard totalLength >= headerLength else { return stop(.totalLength) }
    bound(to: totalLength)
    guard has(headerLength) else { return short(headerLength) }

    let number = bytes[offset &+ 9]
    let fragmentField = bytes.uint16(at: offset &+ 6)
    identification = UInt32(bytes.uint16(at: offset &+ 4))
    source = IPAddress(v4: bytes.uint32(at: offset &+ 12))
    destination = IPAddress(v4: bytes.uint32(at: offset &+ 16))
    isIPv6 = false
    insideIP = true
    guess = nil
    offset &+= headerLength
    guard fragmentField & 0x3FFF != 0 else { return .ipProtocol(number) }
    piece = FragmentPiece(
      key: FragmentKey(
        source: source, destination: destination, identification: identification, proto: UInt16(number)),
      start: Int(fragmentField & 0x1FFF) &* 8, isLast: fragmentField & 0x2000 == 0, proto: number,
      offset: offset, captured: end &- offset, length: wireRemaining)
    return .fragment
  }

  mutating func ipv6(_ bytes: Span<UInt8>) -> Step {
    layer = .ipv6
    guard has(40) else { return short(40) }
    guard bytes[offset] >> 4 == 6 else { return stop(.version) }
    let payloadLength = Int(bytes.uint16(at: offset &+ 4))
    let next = bytes[offset &+ 6]
    source = bytes.ipv6Address(at: offset &+ 8)
    destination = bytes.ipv6Address(at: offset &+ 24)
    identification = 0
    isIPv6 = true
    insideIP = true
    guess = nil
    offset &+= 40
    jumboExpected = payloadLength == 0
    if payloadLength > 0 { bound(to: payloadLength) }
    return .ipProtocol(next)
  }

  mutating func ipProtocol(_ number: UInt8, _ bytes: Span<UInt8>) -> Step {
    switch number {
    case 6: return .tcp
    case 17: return .udp
    case 4: return .ipv4
    case 41: return .ipv6
    case 47: return .gre
    case 51: return authenticationHeader(bytes)
    case 97: return etherIP(bytes)
    case 115: return l2tpOverIP(bytes)
    case 137: return .mpls
    case 143: return .ethernet
    case 0 where isIPv6, 43 where isIPv6, 60 where isIPv6, 135 where isIPv6, 139 where isIPv6, 140 where isIPv6:
      return extensionHeader(number, bytes)
    case 44 where isIPv6: return fragmentHeader(bytes)
    default: return stop(.ipProtocol, UInt16(number))
    }
  }

  /// RFC 4302 §2: its length counts units of four octets, less two.
  private mutating func authenticationHeader(_ bytes: Span<UInt8>) -> Step {
    layer = .authenticationHeader
    guard has(12) else { return short(12) }
    return skip((Int(bytes[offset &+ 1]) &+ 2) &* 4, to: .ipProtocol(bytes[offset]))
  }

  /// The common form of IPv6 extension headers, RFC 6564 §3 (and hop-by-hop options, routing, destination options).
  private mutating func extensionHeader(_ number: UInt8, _ bytes: Span<UInt8>) -> Step {
    guard has(8) else { return short(8) }
    let length = (Int(bytes[offset &+ 1]) &+ 1) &* 8
    guard has(length) else { return short(length) }
    switch number {
    case 0: hopByHopOptions(bytes, length: length)
    case 43: routingHeader(bytes, length: length)
    case 60: destinationOptions(bytes, length: length)
    default: break
    }
    return skip(length, to: .ipProtocol(bytes[offset]))
  }

  /// The jumbo payload option (RFC 2675 §2) gives the length that the IPv6 header could not hold.
  private mutating func hopByHopOptions(_ bytes: Span<UInt8>, length: Int) {
    guard jumboExpected, let at = option(0xC2, of: 4, bytes, length: length) else { return }
    let payloadLength = Int(bytes.uint32(at: at))
    // Counted from the end of the IPv6 header, which is where this header begins.
    if payloadLength >= length, payloadLength <= wireRemaining { bound(to: payloadLength) }
  }

  /// With segments left the packet is still on its way: the connection's other end is the last address of the route
  /// (RFC 5095 type 0, RFC 6275 §6.4 type 2, RFC 8754 §2 type 4).
  private mutating func routingHeader(_ bytes: Span<UInt8>, length: Int) {
    guard bytes[offset &+ 3] > 0, length >= 24 else { return }
    switch bytes[offset &+ 2] {
    case 0: destination = bytes.ipv6Address(at: offset &+ (length &- 8) / 16 &* 16 &- 8)
    case 2, 4: destination = bytes.ipv6Address(at: offset &+ 8)
    default: break
    }
  }

  /// A mobile node away from home says what its address is in its connections (RFC 6275 §6.3).
  private mutating func destinationOptions(_ bytes: Span<UInt8>, length: Int) {
    guard let at = option(0xC9, of: 16, bytes, length: length) else { return }
    source = bytes.ipv6Address(at: at)
  }

  /// Where the value of an option lies (RFC 8200 §4.2).
  private func option(_ type: UInt8, of size: Int, _ bytes: Span<UInt8>, length: Int) -> Int? {
    var index = offset &+ 2
    let limit = offset &+ length
    while index &+ 1 < limit {
      if bytes[index] == 0 {
        index &+= 1
        continue
      }
      let next = index &+ 2 &+ Int(bytes[index &+ 1])
      guard next <= limit else { return nil }
      if bytes[index] == type, next &- index &- 2 == size { return index &+ 2 }
      index = next
    }
    return nil
  }

  /// RFC 8200 §4.5. An atomic fragment (RFC 6946) is a whole datagram.
  private mutating func fragmentHeader(_ bytes: Span<UInt8>) -> Step {
    guard has(8) else { return short(8) }
    let next = bytes[offset]
    let field = bytes.uint16(at: offset &+ 2)
    identification = bytes.uint32(at: offset &+ 4)
    offset &+= 8
    guard field & 0xFFF9 != 0 else { return .ipProtocol(next) }
    piece = FragmentPiece(
      key: FragmentKey(
        source: source, destination: destination, identification: identification, proto: FragmentKey.ipv6),
      start: Int(field & 0xFFF8), isLast: field & 1 == 0, proto: next,
      offset: offset, captured: end &- offset, length: wireRemaining)
    return .fragment
  }

  mutating func tcp(_ bytes: Span<UInt8>, into segment: inout TCPSegment) -> StopReason? {
    layer = .tcp
    segment.source = source
    segment.destination = destination
    segment.identification = identification
    return segment.decode(bytes.extracting(offset..<end), at: offset, wireLength: wireRemaining)
  }
}
