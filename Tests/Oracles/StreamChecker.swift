import TCPStreams
import Wire

/// A segment of one of the checker's connections; offsets count from the first octet after the SYN.
package struct CheckedSegment {
  package var fromClient = false
  /// The client's port, which tells connections apart.
  package var port: UInt16 = 1
  /// Connections of the same port with other initial sequence numbers.
  package var incarnation: UInt32 = 0
  package var flags: TCPFlags = []
  package var offset = 0
  package var acknowledges = 0
  package var length = 0
  package var captured = 0
  package var repeatsIdentification = false

  package init() {}
}

/// Gives segments to a connection table and checks everything that can be said of what comes out without knowing how it
/// works: every octet is that of its sequence number, deliveries and gaps follow one another, connections begin before
/// they end, and the ledger adds up.
package struct StreamChecker: ~Copyable {
  package private(set) var table: ConnectionTable
  package var time: Int64 = 1_000_000_000_000
  /// The first thing that was wrong.
  package private(set) var problem: String?
  private var identification: UInt32 = 0
  private var deliveredOctets = 0
  private var gapOctets: Int64 = 0
  private var slots: [Slot] = []
  /// Places of openings that are pending.
  private var openings: Set<Int> = []

  private struct Slot {
    var isLive = false
    var port: UInt16 = 0
    /// Where the next delivery must begin, by side.
    var next: [Int64?] = [nil, nil]
    var ended = [false, false]
  }

  package init(_ table: consuming ConnectionTable) { self.table = table }

  /// All lower than the server's: the client is side 0.
  private static func client(_ port: UInt16) -> IPAddress { IPAddress(v4: 0x0A00_0001 &+ UInt32(port / 2) << 8) }
  private static let server = IPAddress(v4: 0x0A01_0002)

  /// Some wrap soon.
  private static func initial(fromClient: Bool, port: UInt16, incarnation: UInt32) -> UInt32 {
    (fromClient ? 0xFFFF_F000 : 0x7FFF_F800) &+ UInt32(port) &* 0x0123_4000 &+ incarnation &* 0x3456_7890
  }

  /// What every octet with this sequence number is.
  package static func octet(_ sequenceNumber: UInt32, fromClient: Bool) -> UInt8 {
    let mixed = (sequenceNumber ^ (fromClient ? 0x5555_0000 : 0)) &* 0x9E37_79B1
    return UInt8(truncatingIfNeeded: mixed >> 24)
  }

  package mutating func handshake(port: UInt16 = 1) {
    var segment = CheckedSegment()
    segment.port = port
    segment.fromClient = true
    segment.flags = .syn
    segment.offset = -1
    receive(segment)
    segment.fromClient = false
    segment.flags = [.syn, .ack]
    receive(segment)
    segment.fromClient = true
    segment.flags = .ack
    segment.offset = 0
    receive(segment)
  }

  package mutating func receive(_ given: CheckedSegment) {
    var segment = TCPSegment()
    segment.source = given.fromClient ? Self.client(given.port) : Self.server
    segment.destination = given.fromClient ? Self.server : Self.client(given.port)
    segment.sourcePort = given.fromClient ? given.port : 80
    segment.destinationPort = given.fromClient ? 80 : given.port
    let (port, incarnation) = (given.port, given.incarnation)
    segment.sequenceNumber =
      Self.initial(fromClient: given.fromClient, port: port, incarnation: incarnation) &+ 1
      &+ UInt32(truncatingIfNeeded: given.offset)
    segment.acknowledgmentNumber =
      Self.initial(fromClient: !given.fromClient, port: port, incarnation: incarnation) &+ 1
      &+ UInt32(truncatingIfNeeded: given.acknowledges)
    segment.flags = given.flags
    segment.window = 65535
    segment.payloadLength = given.length
    segment.payloadCaptured = given.captured
    if !given.repeatsIdentification { identification &+= 1 }
    segment.identification = identification
    // RFC 9293 §3.4: the SYN takes the first sequence number.
    let first = segment.sequenceNumber &+ (given.flags.contains(.syn) ? 1 : 0)
    let octets = (0..<given.captured).map {
      Self.octet(first &+ UInt32(truncatingIfNeeded: $0), fromClient: given.fromClient)
    }
    switch table.receive(segment, octets: octets.span, at: time) {
    case .nothing, .duplicate: break
    case .opening: receiveOpening(segment, octets)
    case .inOrder(let slot, let side, let offset, _): deliver(octets[...], slot, side, at: offset)
    case .events: work(octets)
    }
  }

  /// Postpones most.
  private mutating func receiveOpening(_ segment: TCPSegment, _ octets: [UInt8]) {
    table.makeRoomForOpening()
    work([])
    if identification & 3 == 0 {
      table.open(segment, octets: octets.span, at: time)
    } else {
      let place = table.postpone(PendingOpening(segment, at: time))
      if !openings.insert(place).inserted { note("opening \(place) begins twice") }
      if table.opening(place).clientPort != segment.sourcePort { note("an opening of another port") }
      table.advance(to: time)
    }
    work(octets)
  }

  private mutating func endOpening(_ place: Int) {
    if openings.remove(place) == nil { note("opening \(place) is not pending") }
  }

  private mutating func begin(_ slot: Int) {
    while slots.count <= slot { slots.append(Slot()) }
    if slots[slot].isLive { note("slot \(slot) begins twice") }
    slots[slot] = Slot(isLive: true, port: table.connection(slot).key.lowPort)
  }

  package mutating func finish() {
    table.finish()
    work([])
    if !openings.isEmpty { note("\(openings.count) openings have not ended") }
    if table.liveConnections < 0 { note("\(table.liveConnections) connections") }
    checkLedger()
    let live = slots.count { $0.isLive }
    if live > 0 { note("\(live) connections have not ended") }
  }

  /// How far the client's stream has been delivered.
  package func delivered(toServerOn port: UInt16) -> Int {
    Int(slots.first { $0.isLive && $0.port == port }?.next[0] ?? 0)
  }

  private mutating func note(_ what: String) { problem = problem ?? what }

  private mutating func work(_ octets: [UInt8]) {
    for i in table.events.indices {
      switch table.events[i] {
      case .began(let slot):
        begin(slot)
      case .takenUp(let opening, let slot):
        endOpening(opening)
        begin(slot)
      case .givenUp(let opening):
        endOpening(opening)
        guard opening % 2 == 0 else { continue }
        let slot = table.takeUpEnded(opening)
        if slots.indices.contains(slot), slots[slot].isLive { note("slot \(slot) is another's") }
      case .segment(let slot, let side, let start, let count, let offset, _):
        // What begins behind the octets that were captured has none.
        guard start >= 0, count >= 0, count == 0 || start + count <= octets.count else {
          note("\(start)+\(count) of \(octets.count) octets")
          continue
        }
        deliver(count == 0 ? [] : octets[start..<(start + count)], slot, side, at: offset)
      case .buffered(let slot, let side, let place, _, _):
        let segment = table.hadWaited[place]
        deliver(segment.octets[...], slot, side, at: segment.offset)
      case .passed(_, _, let count, _):
        // This program never asks for it.
        note("\(count) octets passed over")
      case .gap(let slot, let side, let count, let end, _):
        expect(slot, side, end &- count, "a gap of \(count) to \(end)")
        if count <= 0 { note("a gap of \(count)") }
        gapOctets &+= count
        if slots.indices.contains(slot) { slots[slot].next[side] = end }
      case .endOfStream(let slot, let side):
        expectLive(slot, "the end of a stream")
        if slots.indices.contains(slot) {
          if slots[slot].ended[side] { note("a stream ends twice") }
          slots[slot].ended[side] = true
        }
      case .established(let slot), .closing(let slot), .reset(let slot), .reopened(let slot):
        expectLive(slot, "\(table.events[i])")
      case .ended(let slot):
        expectLive(slot, "an end")
        if slots.indices.contains(slot) { slots[slot].isLive = false }
      }
    }
    table.clearEvents()
  }

  private mutating func deliver(_ octets: ArraySlice<UInt8>, _ slot: Int, _ side: Int, at offset: Int64) {
    expect(slot, side, offset, "octets")
    guard slots.indices.contains(slot) else { return }
    if slots[slot].ended[side], !octets.isEmpty { note("octets after the end of their stream") }
    slots[slot].next[side] = offset &+ Int64(octets.count)
    deliveredOctets += octets.count
    // The client's address is the lower one.
    let fromClient = side == 0
    var sequenceNumber = table.half(slot, side).base &+ UInt32(truncatingIfNeeded: offset)
    for octet in octets {
      if octet != Self.octet(sequenceNumber, fromClient: fromClient) {
        return note("another octet at \(offset) of slot \(slot), side \(side)")
      }
      sequenceNumber &+= 1
    }
  }

  private mutating func expectLive(_ slot: Int, _ what: String) {
    if !slots.indices.contains(slot) || !slots[slot].isLive { note("\(what) on slot \(slot), which is not live") }
  }

  private mutating func expect(_ slot: Int, _ side: Int, _ offset: Int64, _ what: String) {
    expectLive(slot, what)
    guard slots.indices.contains(slot), let next = slots[slot].next[side] else { return }
    if next != offset { note("\(what) at \(offset) and not at \(next), slot \(slot), side \(side)") }
  }

  private mutating func checkLedger() {
    let l = table.payload
    let sum =
      l.delivered + l.retransmitted + l.overlapping + l.missingCut + l.missingUnseen + l.outOfWindow + l.afterClose
      + l.droppedByLimit
    if l.total != sum { note("the ledger does not add up: \(l)") }
    if l.delivered != deliveredOctets { note("\(deliveredOctets) octets delivered, the ledger says \(l.delivered)") }
  }
}
