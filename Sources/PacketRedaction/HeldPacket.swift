import Wire

/// What is to be stored of a packet: its headers at first, and then what of its payload proves to be harmless.
struct HeldPacket {
  var time: Int64
  var originalLength: Int
  var linkType: UInt32
  /// From the packet's begin. What follows, up to `end`, is left out.
  var octets: [UInt8]
  /// Where the payload begins and where what was captured of it ends.
  var payload = 0
  var end = 0
  /// The TCP header, -1 without one.
  var header = -1
  /// Octets of the segment on the wire, header and payload.
  var segmentLength = 0
  var addresses: UInt32 = 0
  /// Of what tells its segment from others.
  var hash: UInt64 = 0
  /// It is not decided yet what else may be stored.
  var isOpen = false
  /// While it is open, the side of the connection that sent it.
  var slot = 0
  var side = 0

  /// Shows octets at an offset of the payload.
  mutating func show(_ shown: Span<UInt8>, at offset: Int) {
    let start = payload &+ offset
    guard offset >= 0, start &+ shown.count <= end else { return }
    extend(to: start)
    var index = 0
    while index < shown.count, start &+ index < octets.count {
      octets[start &+ index] = shown[index]
      index += 1
    }
    while index < shown.count {
      octets.append(shown[index])
      index += 1
    }
  }

  /// Zeros, where nothing is shown yet, up to an offset of the packet.
  mutating func extend(to offset: Int) {
    let missing = min(offset, end) &- octets.count
    if missing > 0 { octets.append(contentsOf: repeatElement(0, count: missing)) }
  }
}

// The checksum would tell something of what was left out.
extension HeldPacket {
  /// Sums up what a segment's checksum is of beside the segment (RFC 9293 §3.1, RFC 8200 §8.1).
  static func sum(_ address: IPAddress) -> UInt32 {
    var sum: UInt32 = 0
    let words = address.isV4 ? [address.low & 0xFFFF_FFFF] : [address.high, address.low]
    for word in words {
      for shift in stride(from: UInt64(0), to: 64, by: 16) { sum += UInt32(truncatingIfNeeded: word >> shift & 0xFFFF) }
    }
    return sum
  }

  var checksum: UInt16 {
    get {
      guard header >= 0, header + 18 <= octets.count else { return 0 }
      return UInt16(octets[header + 16]) << 8 | UInt16(octets[header + 17])
    }
    set {
      guard header >= 0, header + 18 <= octets.count else { return }
      octets[header + 16] = UInt8(truncatingIfNeeded: newValue >> 8)
      octets[header + 17] = UInt8(truncatingIfNeeded: newValue)
    }
  }

  /// The right one, for a segment that is zeros where nothing is shown.
  func computedChecksum() -> UInt16 {
    var sum = UInt64(addresses) &+ 6 &+ UInt64(truncatingIfNeeded: segmentLength & 0xFFFF)
    sum &+= UInt64(truncatingIfNeeded: segmentLength >> 16)
    var index = header
    while index < octets.count {
      let isChecksum = index == header + 16
      if !isChecksum {
        sum &+= UInt64(octets[index]) << 8
        if index + 1 < octets.count { sum &+= UInt64(octets[index + 1]) }
      }
      index += 2
    }
    while sum > 0xFFFF { sum = sum >> 16 &+ sum & 0xFFFF }
    return ~UInt16(truncatingIfNeeded: sum)
  }
}

/// Packets in the order of the capture: the first of them waits until all is known of it.
struct HeldPackets {
  private var packets: [HeldPacket] = []
  private var head = 0
  /// The number of the first, counted from the begin of the capture.
  private(set) var firstNumber = 0
  private(set) var octets = 0

  var count: Int { packets.count - head }
  var isEmpty: Bool { count == 0 }
  var nextNumber: Int { firstNumber + count }
  var first: HeldPacket? { head < packets.count ? packets[head] : nil }

  /// Nobody waits, so this one need not either.
  mutating func passOne() { firstNumber += 1 }

  mutating func append(_ packet: HeldPacket) {
    packets.append(packet)
    octets += packet.octets.count + Self.overhead
  }

  private static let overhead = 128

  /// Does something to a packet that still waits.
  mutating func change(_ number: Int, _ body: (inout HeldPacket) -> Void) {
    let index = head + number - firstNumber
    guard number >= firstNumber, index < packets.count else { return }
    let before = packets[index].octets.count
    body(&packets[index])
    octets += packets[index].octets.count - before
  }

  mutating func removeFirst() -> HeldPacket? {
    guard head < packets.count else { return nil }
    var packet = HeldPacket(time: 0, originalLength: 0, linkType: 0, octets: [])
    swap(&packet, &packets[head])
    octets -= packet.octets.count + Self.overhead
    head += 1
    firstNumber += 1
    if head == packets.count {
      packets.removeAll(keepingCapacity: packets.capacity <= 4096)
      head = 0
    } else if head >= 1024, head * 2 > packets.count {
      packets.removeFirst(head)
      head = 0
    }
    return packet
  }
}
