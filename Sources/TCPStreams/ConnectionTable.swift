import BasicContainers
import Synchronization
import Wire

/// Every TCP connection of a capture: segments in, streams in order out.
///
/// Connections live in a slab; an open-addressing index leads from the four-tuple to the slot (DESIGN.md §3). Time is the
/// packets' own. After `receive` the caller works through `events` and then calls `clearEvents()`.
///
/// What most packets need of a connection is small and lies together: its record and those of its two sides. What only
/// connections with holes or repeats need is kept apart (``StreamDisorder``).
public struct ConnectionTable: ~Copyable, Sendable {
  /// Makes the type one that is only ever passed by its address: without it, every call of a method that only reads copies
  /// all of the table's own fields (measured with Swift 6.3.1).
  private let byAddress = Atomic(false)
  public var limits: StreamLimits
  public internal(set) var events = UniqueArray<StreamEvent>()
  /// What had waited and is delivered now.
  public internal(set) var hadWaited: [WaitingSegment] = []
  public internal(set) var payload = PayloadLedger()
  /// How long each hole just filled had held up what came after it.
  public internal(set) var stalls: [Int64] = []
  /// Connections evicted by a limit, and those among them that were half-open.
  public internal(set) var evicted = 0
  public internal(set) var evictedHalfOpen = 0
  public internal(set) var highWater = 0
  /// Segments that found no room to wait in, so that the holes before them count as lost.
  public internal(set) var withoutRoom = 0

  var connections = UniqueArray<TrackedConnection>()
  /// Two to a connection: `slot * 2 + side`.
  var halves = UniqueArray<HalfStream>()
  var disorders: [StreamDisorder] = []
  var freeDisorders: [Int32] = []
  var free: [Int32] = []
  /// Slots released while events still speak of them.
  var freed: [Int32] = []
  var index = ConnectionIndex()
  let seed: UInt64
  private var duplicates = DuplicateFilter()
  var recent = RecentFlow()
  /// Ended connections in the order of their ends: those yet to be reported, then those remembered.
  var lingering = SlotQueue()
  var remembered = SlotQueue()
  /// Connections with holes that will be given up, once each.
  var holes = SlotQueue()
  /// Openings that are not complete, if they are postponed.
  var pending = PendingOpenings()
  private let postpones: Bool
  /// Connections that have not ended, by last use.
  var halfOpen = UsageList()
  var open = UsageList()
  var count = 0
  /// What is buffered takes so much memory.
  var waitingCostInAll = 0
  var now: Int64 = .min
  /// What is open at the end of the capture and not yet reported, the youngest first.
  var ending: [Int32] = []
  var endingOpenings: [Int32] = []
  /// No end is to be reported, and nothing given up, before this time.
  var nextDue: Int64 = .max

  /// `postponing`: whether `receive` answers ``Reception/opening`` to a SYN that may be one of very many.
  public init(
    limits: StreamLimits = StreamLimits(), seed: UInt64 = .random(in: 0 ... .max), postponing: Bool = false
  ) {
    self.limits = limits
    self.seed = seed
    postpones = postponing
  }

  public var liveConnections: Int { count &+ pending.count }

  @inline(__always)
  public func connection(_ slot: Int) -> TrackedConnection { connections[slot] }

  @inline(__always)
  public func half(_ slot: Int, _ side: Int) -> HalfStream { halves[slot &* 2 &+ side] }

  /// What went wrong on a side.
  public func disorder(_ slot: Int, _ side: Int) -> StreamDisorder {
    let place = Int(halves[slot * 2 + side].disorder)
    return place < 0 ? StreamDisorder() : disorders[place]
  }

  /// Forgets the events; slots that ended may be used again.
  public mutating func clearEvents() {
    events.removeAll(keepingCapacity: events.capacity <= 8192)
    if !stalls.isEmpty { stalls.removeAll(keepingCapacity: true) }
    if !hadWaited.isEmpty { hadWaited.removeAll(keepingCapacity: hadWaited.capacity <= 1024) }
    if !freed.isEmpty {
      for slot in freed where connections[Int(slot)].hasDisorder {
        forgetDisorder(of: Int(slot) * 2)
        forgetDisorder(of: Int(slot) * 2 + 1)
      }
      free.append(contentsOf: freed)
      freed.removeAll(keepingCapacity: true)
    }
    pending.releaseLeft()
  }

  /// Of the octets next in a side's stream, those that end before `offset` are to be passed over: in order and whole, they
  /// are only counted, and told as one ``StreamEvent/passed(slot:side:octets:latest:)`` before anything else happens on
  /// the connection that is not an acknowledgment.
  public mutating func pass(_ slot: Int, side: Int, until offset: Int64) {
    halves[slot &* 2 &+ side].passUntil = offset
  }

  /// Takes in one segment. `octets` is what its offsets refer to.
  public mutating func receive(_ s: TCPSegment, octets: Span<UInt8>, at time: Int64) -> Reception {
    var side = recentSender(of: s)
    if side < 0 { side = lookUp(s) }
    let hash = recent.hash
    if duplicates.isDuplicate(s, sender: side, hash: hash, at: time) { return .duplicate }
    if time > now { now = time }
    var found = recent.slot
    if found >= 0 {
      let answer = receiveFast(s, slot: found, side: side, at: time)
      switch answer {
      case .slow: break
      case .nothing: return now > nextDue ? nothingButDue() : .nothing
      case .inOrder(let offset, let acknowledges):
        if halves[found &* 2].passed | halves[found &* 2 &+ 1].passed == 0, now <= nextDue {
          return .inOrder(slot: found, side: side, offset: offset, acknowledges: acknowledges)
        }
        // What was passed over goes first, and what was due; the segment itself follows as an event.
        tellPassed(found)
        if now > nextDue { reportDue() }
        events.append(
          .segment(
            slot: found, side: side, start: 0, count: s.payloadLength, offset: offset, acknowledges: acknowledges))
        return .events
      }
    } else if postpones {
      switch lookUpPending(s, at: time) {
      case .opening: return .opening
      case .pending: return now > nextDue ? nothingButDue() : .nothing
      case .connection(let slot): found = slot
      }
    }
    receiveSlowly(s, octets: octets, hash: hash, slot: found, side: side, at: time)
    if now > nextDue { reportDue() }
    return events.isEmpty ? .nothing : .events
  }

  @inline(never)
  private mutating func nothingButDue() -> Reception {
    reportDue()
    return events.isEmpty ? .nothing : .events
  }

  /// The side of the recent connection that sent a segment, -1 when it is of another.
  @inline(__always)
  private func recentSender(of s: TCPSegment) -> Int {
    guard recent.slot >= 0 else { return -1 }
    let all = connections.span
    return all[recent.slot].key.sender(of: s)
  }

  /// Makes a segment's connection the recent one, and says which side sent the segment.
  private mutating func lookUp(_ s: TCPSegment) -> Int {
    var side = -1
    recent.hash = ConnectionKey.hash(s, seed: seed)
    recent.slot = index.find(recent.hash) { slot in
      side = connections[slot].key.sender(of: s)
      return side >= 0
    }
    if recent.slot < 0 { _ = ConnectionKey(s, sender: &side) }
    return side
  }

  private enum FastAnswer {
    /// Not a common case: nothing was changed.
    case slow
    case nothing
    case inOrder(offset: Int64, acknowledges: Int64)
  }

  /// The common case: an established connection without holes, the next octets or a bare acknowledgment.
  @inline(__always)
  private mutating func receiveFast(_ s: TCPSegment, slot: Int, side: Int, at time: Int64) -> FastAnswer {
    guard s.flags.rawValue & 0x37 == TCPFlags.ack.rawValue, s.payloadCaptured == s.payloadLength else { return .slow }
    var isOld = false
    let answer = Self.receiveFast(
      s, &connections, &halves, slot: slot, mine: slot &* 2 &+ side, at: time, isOld: &isOld)
    if case .slow = answer { return .slow }
    payload.total &+= s.payloadLength
    payload.delivered &+= s.payloadLength
    if isOld { moveToYoungest(slot) }
    return answer
  }

  @inline(__always)
  private static func receiveFast(
    _ s: TCPSegment, _ connections: inout UniqueArray<TrackedConnection>, _ halves: inout UniqueArray<HalfStream>,
    slot: Int, mine: Int,
    at time: Int64, isOld: inout Bool
  ) -> FastAnswer {
    let theirs = mine ^ 1
    var all = connections.mutableSpan
    guard all[slot].established, !all[slot].troubled, all[slot].closeKind == .none else { return .slow }
    var sides = halves.mutableSpan
    guard sides[mine].started, sides[theirs].started, sides[mine].spoke else { return .slow }
    let acknowledges = sides[theirs].offset(of: s.acknowledgmentNumber)
    guard acknowledges <= sides[theirs].next, acknowledges >= sides[theirs].acknowledged else { return .slow }
    let offset = sides[mine].next
    guard s.sequenceNumber == sides[mine].base &+ UInt32(truncatingIfNeeded: offset) else { return .slow }

    isOld = time &- all[slot].lastSeen > UsageList.step
    all[slot].lastSeen = time
    sides[theirs].acknowledged = acknowledges
    sides[mine].silentSinceLoss = false
    let window = UInt32(s.window) &<< UInt32(sides[mine].windowScale)
    if window > sides[mine].largestWindow { sides[mine].largestWindow = window }
    sides[mine].packets &+= 1
    let length = Int64(s.payloadLength)
    if length == 0 { return .nothing }
    let end = offset &+ length
    sides[mine].octets &+= length
    sides[mine].next = end
    if end >= sides[mine].passUntil { return .inOrder(offset: offset, acknowledges: acknowledges) }
    sides[mine].passed &+= length
    if time > sides[mine].passedAt { sides[mine].passedAt = time }
    return .nothing
  }

  /// Tells what was passed over on a connection, and passes over no more.
  mutating func tellPassed(_ slot: Int) {
    let (low, high) = (slot &* 2, slot &* 2 &+ 1)
    halves[low].passUntil = .min
    halves[high].passUntil = .min
    if halves[low].passed | halves[high].passed != 0 { tellAllPassed(slot) }
  }

  @inline(never)
  private mutating func tellAllPassed(_ slot: Int) {
    for side in 0...1 {
      let half = slot &* 2 &+ side
      guard halves[half].passed > 0 else { continue }
      events.append(.passed(slot: slot, side: side, octets: halves[half].passed, latest: halves[half].passedAt))
      halves[half].passed = 0
      halves[half].passedAt = .min
    }
  }

  @inline(__always)
  mutating func touch(_ slot: Int, at time: Int64) {
    let before = connections[slot].lastSeen
    // Patience with what is half-open is counted by the latest time: a packet may be earlier than the one before it.
    connections[slot].lastSeen = connections[slot].list == .halfOpen ? now : time
    if time &- before > UsageList.step { moveToYoungest(slot) }
  }

  @inline(never)
  mutating func receiveSlowly(
    _ s: TCPSegment, octets: Span<UInt8>, hash: UInt64, slot found: Int, side: Int, at time: Int64
  ) {
    // A connection may begin or end here.
    recent = RecentFlow()
    var slot = found
    if slot >= 0 { tellPassed(slot) }
    if slot >= 0, s.flags.contains(.syn), !s.flags.contains(.rst), beginsAnew(s, slot: slot, side: side) {
      // First: what ends may turn out to be of the same client and server.
      _ = takeUp(for: s)
      end(slot)
      release(slot)
      slot = -1
    }
    if slot < 0 { slot = begin(s, hash: hash, side: side, at: time) }
    touch(slot, at: time)
    if connections[slot].list == .halfOpen, !s.flags.contains(.syn) {
      unlink(slot)
      link(slot, in: .open)
    }
    let mine = slot * 2 + side
    let theirs = slot * 2 + (1 - side)
    halves[mine].packets &+= 1
    halves[mine].octets &+= Int64(s.payloadLength)
    payload.total += s.payloadLength

    if connections[slot].reported {
      payload.afterClose += s.payloadLength
      return
    }
    if s.flags.contains(.syn), !s.flags.contains(.rst) {
      receiveSYN(s, slot: slot, side: side, at: time)
    } else if s.flags.contains(.rst) {
      receiveReset(s, slot: slot, side: side, at: time)
      payload.afterClose += s.payloadLength  // RFC 9293 §3.5.3: may explain the reset, is no data
      return
    }
    start(s, slot: slot, side: side)

    // RFC 9293 §3.4: the first octet of payload comes after the SYN.
    let sequence = s.flags.contains(.syn) ? s.sequenceNumber &+ 1 : s.sequenceNumber
    let offset = halves[mine].offset(of: sequence)
    guard isPlausible(offset, length: s.payloadLength, slot: slot, side: side) else {
      payload.outOfWindow += s.payloadLength
      return
    }
    var acknowledges = Int64.min
    if s.flags.contains(.ack), halves[theirs].started {
      let a = halves[theirs].offset(of: s.acknowledgmentNumber)
      if a &- halves[theirs].acknowledged < 1 << 30 {
        acknowledges = a
        if a > halves[theirs].acknowledged { halves[theirs].acknowledged = a }
        if a > halves[theirs].next &+ 1, !connections[slot].finished { connections[slot].troubled = true }
      }
    }
    let window = UInt32(s.window) &<< UInt32(s.flags.contains(.syn) ? 0 : halves[mine].windowScale)
    if window > halves[mine].largestWindow { halves[mine].largestWindow = window }
    if !s.flags.contains(.syn) {
      halves[mine].spoke = true
      noteEstablished(s, slot: slot, side: side, acknowledges: acknowledges, at: time)
    }
    halves[mine].silentSinceLoss = false

    if s.payloadLength > 0 {
      accept(s, octets: octets, slot: slot, side: side, offset: offset, acknowledges: acknowledges, at: time)
    }
    if s.flags.contains(.fin) {
      receiveFIN(slot: slot, side: side, at: offset &+ Int64(s.payloadLength), time: time)
    }
    if connections[slot].troubled { settle(slot, at: time) }
    if halves[mine].finOffset >= 0 || halves[theirs].finOffset >= 0 {
      deliverEnds(slot)
      finishIfDone(slot, at: time)
    }
  }
}
