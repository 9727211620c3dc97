import HTTP1
import TCPStreams
import Wire

/// Makes packets of a capture into packets that may be given away, in the same order and one for one.
///
/// Of a packet's payload nothing is stored but what is shown to be harmless: HTTP/1 heads, whole or without their secrets,
/// the sizes of chunks, and the first octets by which other protocols are told. Bodies, what other protocols carry, what comes
/// once more, and what nothing is known of, are zeros or cut off. The lengths in the headers stay as they were, so that the
/// analysis of what is stored comes to the same connections and exchanges.
///
/// Which octets those are is known only when a head is complete and what came before it is there: packets wait until then,
/// in a queue that is bounded in time and memory. Who waits too long is stored without.
public struct PacketRedactor: ~Copyable {
  /// Takes a packet that is to be stored: its time, its length on the wire, its link type and its octets.
  public typealias Sink = (_ time: Int64, _ originalLength: Int, _ linkType: UInt32, _ octets: Span<UInt8>) -> Void

  let policy: RedactionPolicy
  let limits = HTTPLimits()
  private var decoder = PacketDecoder()
  var table = ConnectionTable()
  private var segment = TCPSegment()
  var streams: [StreamState] = []
  var held = HeldPackets()
  /// The packet that is being taken in; its number is `held.nextNumber`.
  var current = HeldPacket(time: 0, originalLength: 0, linkType: 0, octets: [])
  /// Where the payload of the current packet lies in its stream; nothing between two packets.
  var place: PendingPacket?
  /// The buffer of a packet that has been given out.
  private var spare: [UInt8] = []
  private var checksums = ChecksumMemory()
  private var latest: Int64 = .min
  /// Packets that were stored without octets of which nothing was known in time.
  public private(set) var undecided = 0

  public init(policy: RedactionPolicy = RedactionPolicy()) { self.policy = policy }

  /// Packets that wait, and the memory that they take.
  public var packetsHeld: Int { held.count }
  public var octetsHeld: Int { held.octets }

  /// Takes in a packet, and gives out those that are decided.
  public mutating func add(
    timestamp: Int64, originalLength: Int, linkType: UInt32, octets: Span<UInt8>, into sink: Sink
  ) {
    if timestamp > latest { latest = timestamp }
    current = HeldPacket(time: timestamp, originalLength: originalLength, linkType: linkType, octets: [])
    let outcome = decoder.decode(
      octets, link: LinkType(rawValue: linkType), originalLength: originalLength, time: timestamp, into: &segment)
    switch outcome {
    case .tcp:
      begin(octets)
      receive(octets, at: timestamp)
      place = nil
    case .tcpReassembled, .fragment, .stopped, .limit:
      current.octets = outerHeaders(octets, linkType: linkType)
      current.end = current.octets.count
    }
    // The analysis looks at whether there are octets.
    if current.end > current.payload { current.extend(to: current.payload + 1) }
    if held.isEmpty, !current.isOpen {
      held.passOne()
      var packet = HeldPacket(time: 0, originalLength: 0, linkType: 0, octets: [])
      swap(&packet, &current)
      give(&packet, into: sink)
      swap(&packet.octets, &spare)
    } else {
      held.append(current)
      release(into: sink)
    }
  }

  /// Time has passed without a packet.
  public mutating func advance(to time: Int64, into sink: Sink) {
    if time > latest { latest = time }
    table.advance(to: time)
    work([UInt8]().span)
    release(into: sink)
  }

  /// Nothing more is to come.
  public mutating func finish(into sink: Sink) {
    var isLast = false
    while !isLast {
      isLast = table.finish(atMost: 4096)
      work([UInt8]().span)
    }
    while var packet = held.removeFirst() { give(&packet, into: sink) }
  }

  // MARK: In

  /// The headers are kept as they are.
  private mutating func begin(_ octets: Span<UInt8>) {
    let payload = segment.payloadOffset
    swap(&current.octets, &spare)
    current.octets.removeAll(keepingCapacity: true)
    for index in 0..<payload { current.octets.append(octets[index]) }
    current.payload = payload
    current.end = payload + segment.payloadCaptured
    guard segment.payloadLength > 0 else { return }
    guard let header = headerOffset(octets) else {
      // The capture has cut it: it is kept to before its checksum, which the analysis can do without.
      let kept = outerHeaders(octets, linkType: current.linkType).count + 16
      if kept < payload { current.octets.removeLast(payload - kept) }
      return
    }
    current.header = header
    current.segmentLength = payload - header + segment.payloadLength
    current.addresses = HeldPacket.sum(segment.source) &+ HeldPacket.sum(segment.destination)
    current.hash = ChecksumMemory.hash(segment)
  }

  /// Where the TCP header is: its length stands in it.
  private func headerOffset(_ octets: Span<UInt8>) -> Int? {
    for words in 5...15 {
      let start = segment.payloadOffset - words * 4
      guard start >= 0 else { return nil }
      guard Int(octets[start + 12] >> 4) == words else { continue }
      let ports = UInt32(segment.sourcePort) << 16 | UInt32(segment.destinationPort)
      if uint32(octets, start) == ports, uint32(octets, start + 4) == segment.sequenceNumber,
        uint32(octets, start + 8) == segment.acknowledgmentNumber
      {
        return start
      }
    }
    return nil
  }

  private func uint32(_ octets: Span<UInt8>, _ index: Int) -> UInt32 {
    UInt32(octets[index]) << 24 | UInt32(octets[index + 1]) << 16 | UInt32(octets[index + 2]) << 8
      | UInt32(octets[index + 3])
  }

  private mutating func receive(_ octets: Span<UInt8>, at time: Int64) {
    // RFC 9293 §3.4: the first octet of payload comes after the SYN.
    let first = segment.flags.contains(.syn) ? segment.sequenceNumber &+ 1 : segment.sequenceNumber
    if segment.payloadCaptured > 0 {
      place = PendingPacket(number: held.nextNumber, sequenceNumber: first, count: segment.payloadCaptured)
    }
    let payload = octets.extracting(segment.payloadOffset..<(segment.payloadOffset + segment.payloadCaptured))
    switch table.receive(segment, octets: octets, at: time) {
    case .nothing, .opening:
      // An acknowledgment tells nothing of what waits.
      if place != nil { settle(table.slot(of: segment)) }
    case .inOrder(let slot, let side, let offset, let acknowledges):
      let arrival = Arrival(offset: offset, acknowledges: acknowledges, startsSegment: true)
      deliver(payload, slot: slot, side: side, arrival)
      settle(slot, side: side)
    case .events:
      let found = table.slot(of: segment)
      work(payload)
      settle(found)
    case .duplicate:
      break
    }
  }

  /// What became of the current packet, and of those before it on its connection.
  private mutating func settle(_ found: (slot: Int, side: Int)?) {
    guard let found, found.slot < streams.count else { return }
    settle(found.slot, side: found.side)
    if !streams[found.slot][pending: 1 - found.side].isEmpty { settle(found.slot, side: 1 - found.side) }
  }

  // MARK: Out

  private mutating func release(into sink: Sink) {
    while let first = held.first {
      let isLate =
        latest &- first.time > policy.patience || held.octets > policy.heldOctets || held.count > policy.heldPackets
      guard !first.isOpen || isLate else { return }
      if first.isOpen {
        undecided += 1
        showIncompleteHead(first.slot, side: first.side)
      }
      guard var packet = held.removeFirst() else { return }
      give(&packet, into: sink)
    }
  }

  private mutating func give(_ packet: inout HeldPacket, into sink: Sink) {
    if policy.keepsLengths { packet.extend(to: packet.end) }
    if packet.header >= 0 { packet.checksum = checksums.checksum(for: packet) }
    sink(packet.time, packet.originalLength, packet.linkType, packet.octets.span)
  }
}

/// The checksums that the latest packets were given. Copies of a frame are told from retransmissions by theirs: those must stay
/// alike, and others different.
private struct ChecksumMemory {
  private struct Entry {
    var segment: UInt64 = 0
    var before: UInt16 = 0
    var given: UInt16 = 0
  }

  private var entries = [Entry](repeating: Entry(), count: 1 << 14)

  /// A hash of what tells a segment from others, but for its checksum.
  static func hash(_ segment: TCPSegment) -> UInt64 {
    var hash = UInt64(segment.sequenceNumber) << 32 | UInt64(segment.acknowledgmentNumber)
    for word in [
      segment.source.high, segment.source.low, segment.destination.high, segment.destination.low,
      UInt64(segment.sourcePort) << 32 | UInt64(segment.destinationPort) << 16 | UInt64(segment.window),
      UInt64(segment.identification) << 32 | UInt64(truncatingIfNeeded: segment.payloadLength) << 8
        | UInt64(segment.flags.rawValue),
    ] {
      hash = (hash ^ (hash >> 29) ^ word) &* 0xBF58_476D_1CE4_E5B9
    }
    return hash ^ (hash >> 32)
  }

  mutating func checksum(for packet: HeldPacket) -> UInt16 {
    let place = Int(truncatingIfNeeded: packet.hash >> 40) & (entries.count - 1)
    var given = packet.computedChecksum()
    let before = packet.checksum
    if entries[place].segment == packet.hash {
      if entries[place].before == before {
        given = entries[place].given
      } else if entries[place].given == given {
        given = given &+ 1
      }
    }
    entries[place] = Entry(segment: packet.hash, before: before, given: given)
    return given
  }
}
