extension TCPSegment {
  /// Reads a TCP header (RFC 9293 §3.1).
  ///
  ///      0                   1                   2                   3
  ///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
  ///     +-------------------------------+-------------------------------+
  ///   0 |          source port          |       destination port        |
  ///   4 |                        sequence number                        |
  ///   8 |                     acknowledgment number                     |
  ///  12 |offset | rsvd  |     flags     |            window             |
  ///  16 |           checksum            |        urgent pointer         |
  ///  20 |                    options, when offset > 5                   |
  ///
  /// - Parameters:
  ///   - header: the captured octets of the segment: they end where the IP datagram does, or before.
  ///   - base: where `header` begins in the octets that `payloadOffset` is to count from.
  ///   - wireLength: the octets of the segment on the wire, not fewer than those captured.
  /// - Returns: why it cannot be read, `nil` when it was.
  @inline(__always)
  mutating func decode(_ header: Span<UInt8>, at base: Int, wireLength: Int) -> StopReason? {
    guard header.count >= 20 else { return decodeCut(header, at: base, wireLength: wireLength) }
    let headerLength = Int(header[12] >> 4) &* 4
    guard headerLength >= 20, headerLength <= wireLength else { return .headerLength }
    sourcePort = header.uint16(at: 0)
    destinationPort = header.uint16(at: 2)
    sequenceNumber = header.uint32(at: 4)
    acknowledgmentNumber = header.uint32(at: 8)
    flags = TCPFlags(rawValue: header[13])
    window = header.uint16(at: 14)
    checksum = header.uint16(at: 16)
    payloadLength = wireLength &- headerLength
    payloadCaptured = max(0, header.count &- headerLength)
    payloadOffset = base &+ min(headerLength, header.count)
    windowScale = headerLength > 20 && flags.contains(.syn) ? Self.windowScale(header, headerLength) : nil
    return nil
  }

  /// A header that the capture cuts after the flags still tells of a connection.
  @inline(never)
  private mutating func decodeCut(_ header: Span<UInt8>, at base: Int, wireLength: Int) -> StopReason? {
    guard wireLength >= 20 else { return .tooShort }
    guard header.count >= 14 else { return .truncated }
    let headerLength = Int(header[12] >> 4) &* 4
    guard headerLength >= 20, headerLength <= wireLength else { return .headerLength }
    sourcePort = header.uint16(at: 0)
    destinationPort = header.uint16(at: 2)
    sequenceNumber = header.uint32(at: 4)
    acknowledgmentNumber = header.uint32(at: 8)
    flags = TCPFlags(rawValue: header[13])
    window = header.count >= 16 ? header.uint16(at: 14) : 0
    checksum = header.count >= 18 ? header.uint16(at: 16) : 0
    payloadLength = wireLength &- headerLength
    payloadCaptured = 0
    payloadOffset = base &+ header.count
    windowScale = nil
    return nil
  }

  /// The shift of the window scale option, which counts only with SYN (RFC 7323 §2.2, §2.3).
  @inline(never)
  private static func windowScale(_ header: Span<UInt8>, _ headerLength: Int) -> UInt8? {
    let limit = min(headerLength, header.count)
    var index = 20
    while index < limit {
      switch header[index] {
      case 0: return nil
      case 1: index &+= 1
      case let kind:
        guard index &+ 1 < limit else { return nil }
        let length = Int(header[index &+ 1])
        guard length >= 2, index &+ length <= limit else { return nil }
        if kind == 3, length == 3 { return min(header[index &+ 2], 14) }
        index &+= length
      }
    }
    return nil
  }
}
