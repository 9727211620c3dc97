import HTTP1
import TCPStreams

// From places in streams to places in packets.
extension PacketRedactor {
  /// Shows octets that are harmless, at an offset of a stream, in the packets that have them and are still there.
  mutating func show(_ octets: Span<UInt8>, slot: Int, side: Int, at offset: Int64) {
    guard octets.count > 0 else { return }
    let first = table.half(slot, side).base &+ UInt32(truncatingIfNeeded: offset)
    for packet in streams[slot][pending: side] {
      let (from, count, skipped) = overlap(packet, first, octets.count)
      guard count > 0 else { continue }
      held.change(packet.number) { $0.show(octets.extracting(skipped..<(skipped + count)), at: from) }
    }
    if let place {
      let (from, count, skipped) = overlap(place, first, octets.count)
      if count > 0 { current.show(octets.extracting(skipped..<(skipped + count)), at: from) }
    }
  }

  /// Leaves zeros in the place of octets, rather than to cut there.
  mutating func showZeros(_ count: Int, slot: Int, side: Int, at offset: Int64) {
    let zeros = [UInt8](repeating: 0, count: max(0, count))
    show(zeros.span, slot: slot, side: side, at: offset)
  }

  /// Where in a packet's payload octets belong that begin at a sequence number: at what offset, how many, and how many of
  /// them stand before the packet.
  private func overlap(
    _ packet: PendingPacket, _ first: UInt32, _ count: Int
  ) -> (from: Int, count: Int, skipped: Int) {
    let distance = Int(Int32(bitPattern: first &- packet.sequenceNumber))
    let from = max(0, distance)
    let end = min(packet.count, distance + count)
    return (from, max(0, end - from), from - distance)
  }

  /// Shows the sizes and line ends of a chunked body's framing.
  mutating func showFraming(
    _ octets: Span<UInt8>, _ range: Range<Int>, _ direction: MessageParser.Direction, slot: Int, side: Int,
    _ arrival: Arrival
  ) {
    guard !range.isEmpty else { return }
    let shown = [UInt8](capacity: range.count) { output in
      for index in range { output.append(streams[slot][direction].framing.take(octets[index])) }
    }
    show(shown.span, slot: slot, side: side, at: arrival.offset &+ Int64(range.lowerBound))
  }

  /// Closes the packets of a side of which nothing more is to be learnt. The current one joins those that wait, if something
  /// is.
  mutating func settle(_ slot: Int, side: Int) {
    if let place {
      self.place = nil
      if streams[slot][pending: side].count < policy.heldOfSide, placeIsOpen(place, slot, side) {
        current.isOpen = true
        (current.slot, current.side) = (slot, side)
        streams[slot][pending: side].append(place)
      }
    }
    guard !streams[slot][pending: side].isEmpty else { return }
    let waiting = streams[slot][pending: side]
    streams[slot][pending: side].removeAll(keepingCapacity: true)
    for packet in waiting {
      if placeIsOpen(packet, slot, side), packet.number >= held.firstNumber {
        streams[slot][pending: side].append(packet)
      } else {
        held.change(packet.number) { $0.isOpen = false }
      }
    }
  }

  /// Whether octets of a packet are ahead of their turn, or of a head that is not complete.
  private func placeIsOpen(_ packet: PendingPacket, _ slot: Int, _ side: Int) -> Bool {
    let connection = table.connection(slot)
    guard streams[slot].carried != .opaque, !connection.reported else { return false }
    let half = table.half(slot, side)
    guard half.started else { return false }
    let end = packet.sequenceNumber &+ UInt32(truncatingIfNeeded: packet.count)
    let next = half.base &+ UInt32(truncatingIfNeeded: half.next)
    if Int32(bitPattern: end &- next) > 0 { return true }
    guard streams[slot].client >= 0 else { return false }
    let direction = streams[slot][streams[slot].direction(of: side)]
    guard direction.parser.inHead else { return false }
    return Int32(bitPattern: end &- (half.base &+ UInt32(truncatingIfNeeded: direction.messageOffset))) > 0
  }

  /// A connection has ended: nothing more is to be learnt of its packets.
  mutating func forget(_ slot: Int) {
    guard slot < streams.count else { return }
    for side in 0...1 where !streams[slot][pending: side].isEmpty {
      showIncompleteHead(slot, side: side)
      for packet in streams[slot][pending: side] { held.change(packet.number) { $0.isOpen = false } }
    }
    streams[slot] = StreamState()
  }
}
