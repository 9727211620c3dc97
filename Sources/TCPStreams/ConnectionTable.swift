import Wire

/// Every TCP connection of a capture: segments in, streams in order out.
///
/// Connections live in a slab; an open-addressing index leads from the four-tuple to the slot (DESIGN.md §3). Time is the
/// packets' own. After `receive` the caller works through `events` and then calls `clearEvents()`.
public struct ConnectionTable: Sendable {
  public var limits: StreamLimits
  public private(set) var events: [StreamEvent] = []
  public private(set) var payload = PayloadLedger()
  /// How long each hole just filled had held up what came after it.
  public private(set) var stalls: [Int64] = []
  /// Connections evicted by a limit, and segments refused by one.
  public private(set) var evicted = 0
  public private(set) var highWater = 0

  var connections: [TrackedConnection] = []
  /// Two to a connection: `slot * 2 + side`.
  var halves: [HalfStream] = []
  private var free: [Int32] = []
  private var index: [Int32]
  private let seed: UInt64
  private var duplicates = DuplicateFilter()
  /// Ended connections in the order of their ends: those yet to be reported, then those remembered.
  private var lingering = SlotQueue()
  private var remembered = SlotQueue()
  /// Open connections by last use, in steps of a second: the ends of a list through `older` and `younger`.
  private var oldest: Int32 = -1
  private var youngest: Int32 = -1
  private var count = 0
  private var waitingOctetsInAll = 0
  private var now: Int64 = .min

  public init(limits: StreamLimits = StreamLimits(), seed: UInt64 = .random(in: 0 ... .max)) {
    self.limits = limits
    self.seed = seed
    index = Array(repeating: -1, count: 1024)
  }

  public var liveConnections: Int { count }

  @inline(__always)
  public func connection(_ slot: Int) -> TrackedConnection { connections[slot] }

  @inline(__always)
  public func half(_ slot: Int, _ side: Int) -> HalfStream { halves[slot &* 2 &+ side] }

  /// Forgets the events; slots that ended may be used again.
  public mutating func clearEvents() {
    events.removeAll(keepingCapacity: true)
    stalls.removeAll(keepingCapacity: true)
    if !freed.isEmpty {
      free.append(contentsOf: freed)
      freed.removeAll(keepingCapacity: true)
    }
  }

  // MARK: Receiving

  /// Takes in one segment. `octets` is what its offsets refer to.
  public mutating func receive(_ s: TCPSegment, octets: Span<UInt8>, at time: Int64) -> Reception {
    var side = 0
    let key = ConnectionKey(s, sender: &side)
    let hash = key.hash(seed: seed)
    if duplicates.isDuplicate(s, sender: side, hash: hash, at: time) { return .duplicate }
    if time > now { now = time }
    let found = find(key, hash)
    if found >= 0 {
      let answer = receiveFast(s, slot: found, side: side, at: time)
      if let answer {
        if lingering.isEmpty || !reportDue() { return answer }
        // What was due goes first; the segment itself follows as an event.
        if case .inOrder(let slot, let side, let offset, let acknowledges) = answer {
          events.append(
            .segment(
              slot: slot, side: side, start: 0, count: s.payloadLength, offset: offset, acknowledges: acknowledges))
        }
        return .events
      }
    }
    receiveSlowly(s, octets: octets, key: key, hash: hash, slot: found, side: side, at: time)
    if !lingering.isEmpty { _ = reportDue() }
    return events.isEmpty ? .nothing : .events
  }

  /// The common case: an established connection without holes, the next octets or a bare acknowledgment.
  @inline(__always)
  private mutating func receiveFast(_ s: TCPSegment, slot: Int, side: Int, at time: Int64) -> Reception? {
    guard s.flags.isDisjoint(with: [.syn, .fin, .rst, .urg]), s.flags.contains(.ack) else { return nil }
    guard connections[slot].established, !connections[slot].troubled, connections[slot].closeKind == .none else {
      return nil
    }
    let mine = slot &* 2 &+ side
    let theirs = slot &* 2 &+ (1 &- side)
    guard halves[mine].started, halves[theirs].started, halves[mine].spoke else { return nil }
    let peerNext = halves[theirs].next
    let acknowledges = halves[theirs].offset(of: s.acknowledgmentNumber)
    guard acknowledges <= peerNext, acknowledges >= halves[theirs].acknowledged else { return nil }
    guard halves[mine].offset(of: s.sequenceNumber) == halves[mine].next, s.payloadCaptured == s.payloadLength else {
      return nil
    }

    touch(slot, at: time)
    halves[theirs].acknowledged = acknowledges
    halves[mine].silentSinceLoss = false
    let window = UInt32(s.window) &<< UInt32(halves[mine].windowScale)
    if window > halves[mine].largestWindow { halves[mine].largestWindow = window }
    halves[mine].packets &+= 1
    let length = s.payloadLength
    if length == 0 { return .nothing }
    let offset = halves[mine].next
    halves[mine].octets &+= Int64(length)
    halves[mine].next = offset &+ Int64(length)
    if halves[mine].highest < halves[mine].next { halves[mine].highest = halves[mine].next }
    payload.total &+= length
    payload.delivered &+= length
    return .inOrder(slot: slot, side: side, offset: offset, acknowledges: acknowledges)
  }

  @inline(never)
  private mutating func receiveSlowly(
    _ s: TCPSegment, octets: Span<UInt8>, key: ConnectionKey, hash: UInt64, slot found: Int, side: Int, at time: Int64
  ) {
    var slot = found
    if slot >= 0, s.flags.contains(.syn), !s.flags.contains(.rst), beginsAnew(s, slot: slot, side: side) {
      end(slot)
      release(slot)
      slot = -1
    }
    if slot < 0 { slot = begin(s, key: key, hash: hash, side: side, at: time) }
    touch(slot, at: time)
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
    guard start(s, slot: slot, side: side) else {
      payload.outOfWindow += s.payloadLength
      return
    }

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
    deliverEnds(slot)
    finishIfDone(slot, at: time)
  }

  // MARK: Openings

  /// Whether a SYN on a known four-tuple begins another connection: a new initial sequence number does, unless it is the
  /// other half of a simultaneous open (RFC 9293 §3.5), the answer, or was only captured late.
  private func beginsAnew(_ s: TCPSegment, slot: Int, side: Int) -> Bool {
    let c = connections[slot]
    let mine = halves[slot * 2 + side]
    let theirs = halves[slot * 2 + (1 - side)]
    if mine.started, mine.base == s.sequenceNumber &+ 1, mine.synSeen || !c.finished {
      return c.finished && (mine.octets > 0 || theirs.octets > 0) && !s.flags.contains(.ack)
    }
    if s.flags.contains(.ack) {
      // A SYN/ACK that answers this connection's SYN belongs to it, whatever its sequence number.
      if theirs.synSeen { return c.finished && s.acknowledgmentNumber != theirs.base }
      return c.finished
    }
    if !mine.synSeen, theirs.synSeen, !c.established, !c.finished { return false }
    return true
  }

  private mutating func receiveSYN(_ s: TCPSegment, slot: Int, side: Int, at time: Int64) {
    let mine = slot * 2 + side
    // The same SYN again after a refusal is the same attempt.
    if connections[slot].refused, Int(connections[slot].opener) == side { revive(slot) }
    if halves[mine].synSeen, halves[mine].base == s.sequenceNumber &+ 1 {
      if Int(connections[slot].opener) == side, !s.flags.contains(.ack), !connections[slot].established {
        connections[slot].synRetransmissions &+= 1
        if !halves[slot * 2 + (1 - side)].synSeen { connections[slot].lastSYN = time }
      }
      return
    }
    if halves[mine].synSeen, connections[slot].established || halves[mine].highest > 0 { return }
    if halves[mine].started, !halves[mine].synSeen, halves[mine].base != s.sequenceNumber &+ 1,
      halves[mine].spoke || halves[mine].next > 0
    {
      return
    }
    if !halves[mine].started || halves[mine].base != s.sequenceNumber &+ 1 {
      halves[mine].base = s.sequenceNumber &+ 1
      halves[mine].next = 0
      halves[mine].highest = 0
      halves[mine].acknowledged = 0
    }
    halves[mine].started = true
    halves[mine].synSeen = true
    // RFC 7323 §2.2: scaled only when both SYNs say so; taking it from one alone makes the window too large, never too small.
    halves[mine].windowScale = min(s.windowScale ?? 0, 14)
    if connections[slot].opener < 0 { connections[slot].opener = Int8(s.flags.contains(.ack) ? 1 - side : side) }
    if !s.flags.contains(.ack), Int(connections[slot].opener) == side { connections[slot].synCaptured = true }
  }

  /// Takes back an end that was none.
  private mutating func revive(_ slot: Int) {
    connections[slot].refused = false
    connections[slot].closeKind = .none
    connections[slot].closedBy = -1
    connections[slot].closed = .min
    connections[slot].closeAcknowledges = .min
    if connections[slot].finished {
      connections[slot].finished = false
      link(slot)
    }
  }

  /// Makes sure that the sequence space of the sender is known. False: nothing can be said of this segment.
  private mutating func start(_ s: TCPSegment, slot: Int, side: Int) -> Bool {
    let mine = slot * 2 + side
    let theirs = slot * 2 + (1 - side)
    let midStream = !connections[slot].openingSeen
    let first = s.flags.contains(.syn) ? s.sequenceNumber &+ 1 : s.sequenceNumber
    if !halves[mine].started {
      halves[mine].started = true
      halves[mine].base = first
    } else if midStream, !halves[mine].spoke, !halves[mine].synSeen, halves[mine].next == 0 {
      // Known from the peer's acknowledgments only. What comes soon after them leaves a hole: those octets were on the wire
      // and may have held a message. Otherwise begin where this side's own octets begin.
      let offset = halves[mine].offset(of: first)
      if offset < 0 && offset > -(1 << 24) || offset > 1 << 20 && offset < 1 << 30 {
        halves[mine].next = offset
        halves[mine].highest = max(offset, halves[mine].highest)
      }
    }
    if s.flags.contains(.ack), !halves[theirs].started {
      halves[theirs].started = true
      halves[theirs].base = s.acknowledgmentNumber
    }
    return true
  }

  private mutating func noteEstablished(_ s: TCPSegment, slot: Int, side: Int, acknowledges: Int64, at time: Int64) {
    if connections[slot].established {
      if side == Int(connections[slot].opener), connections[slot].acknowledgedOpening == .min,
        connections[slot].synCaptured,
        s.flags.contains(.ack), halves[slot * 2 + side].packets == 2
      {
        connections[slot].acknowledgedOpening = time
      }
      return
    }
    guard s.flags.contains(.ack) else { return }
    let opener = Int(connections[slot].opener)
    if opener < 0 || side != opener {
      // Mid-stream, or the passive opener speaks: it has what it needs (RFC 9293 §3.10.7.4).
      guard opener < 0 || acknowledges >= 0 || s.payloadLength > 0 else { return }
      if opener >= 0, s.payloadLength == 0, !s.flags.contains(.fin) { return }
      connections[slot].established = true
    } else {
      guard acknowledges >= 0 || !halves[slot * 2 + (1 - side)].synSeen else { return }
      connections[slot].established = true
      connections[slot].acknowledgedOpening = time
    }
    events.append(.established(slot: slot))
  }

  // MARK: Octets

  /// Whether an offset can belong to the stream: not far behind, not beyond what the peer could have allowed.
  private func isPlausible(_ offset: Int64, length: Int, slot: Int, side: Int) -> Bool {
    let mine = halves[slot * 2 + side]
    let peer = halves[slot * 2 + (1 - side)]
    // Without the SYNs the window's scale is unknown: allow the largest.
    let known = peer.synSeen && peer.packets > 0
    let window = max(known ? Int64(peer.largestWindow) * 2 : 1 << 30, 1 << 17)
    let reference = max(mine.next, mine.acknowledged, mine.highest)
    return offset <= reference &+ window && offset &+ Int64(length) >= mine.next &- max(window, 1 << 22)
  }

  private mutating func accept(
    _ s: TCPSegment, octets: Span<UInt8>, slot: Int, side: Int, offset: Int64, acknowledges: Int64, at time: Int64
  ) {
    let mine = slot * 2 + side
    let length = s.payloadLength
    var end = offset &+ Int64(length)
    let fin = halves[mine].finOffset
    if connections[slot].finished, connections[slot].closeKind == .rst, Int(connections[slot].closedBy) == side,
      offset == halves[mine].next
    {
      // Whoever resets a connection sends no more on it: that reset was not its own, or was not heeded.
      revive(slot)
      events.append(.reopened(slot: slot))
    }
    if fin >= 0 && offset >= fin {
      payload.afterClose += length
      return
    }
    if fin >= 0, end > fin {
      payload.afterClose += Int(end - fin)
      end = fin
    }
    if end > halves[mine].highest { halves[mine].highest = end }
    let next = halves[mine].next
    if end <= next {
      payload.retransmitted += Int(end - offset)
      if !(length <= 1 && end == next && halves[mine].waiting.isEmpty) {  // RFC 9293 §3.8.4: a keep-alive probe is none
        halves[mine].retransmissions &+= 1
      }
      return
    }
    let old = max(0, Int(next - offset))
    payload.overlapping += old
    let from = offset + Int64(old)
    let captured = max(0, min(s.payloadCaptured, Int(end - offset)) - old)
    let aheadOfHole = from > next
    if aheadOfHole {
      halves[mine].outOfOrder &+= 1
    } else if !mustWait(acknowledges, slot: slot, side: side), halves[mine].waiting.isEmpty {
      events.append(
        .segment(
          slot: slot, side: side, start: old, count: captured, offset: from, acknowledges: acknowledges))
      advance(slot: slot, side: side, captured: captured, to: end)
      return
    } else if !mustWait(acknowledges, slot: slot, side: side) {
      // Fills the hole, up to what waits behind it.
      let until = min(end, halves[mine].waiting[0].offset)
      let usable = min(captured, Int(until - from))
      if until > from {
        if until == halves[mine].waiting[0].offset { closeStall(mine, at: time) }
        events.append(
          .segment(slot: slot, side: side, start: old, count: usable, offset: from, acknowledges: acknowledges))
        advance(slot: slot, side: side, captured: usable, to: until)
      }
      if until < end {
        buffer(
          s, octets: octets, slot: slot, side: side, skip: Int(until - offset), until: end, offset: offset,
          acknowledges: acknowledges, aheadOfHole: false, at: time)
      }
      return
    }
    buffer(
      s, octets: octets, slot: slot, side: side, skip: old, until: end, offset: offset, acknowledges: acknowledges,
      aheadOfHole: aheadOfHole, at: time)
  }

  /// A segment waits for what it acknowledges: captures can hold an answer before its question.
  private func mustWait(_ acknowledges: Int64, slot: Int, side: Int) -> Bool {
    let peer = halves[slot * 2 + (1 - side)]
    return peer.packets > 0 && acknowledges > peer.next &+ 1 && !peer.silentSinceLoss && !connections[slot].finished
  }

  private mutating func advance(slot: Int, side: Int, captured: Int, to end: Int64) {
    let mine = slot * 2 + side
    let missing = end &- halves[mine].next &- Int64(captured)
    halves[mine].next = end
    payload.delivered += captured
    if missing > 0 {
      payload.missingCut += Int(missing)
      halves[mine].missingOctets += missing
      events.append(.gap(slot: slot, side: side, octets: missing, endingAt: end, isCut: true))
    }
  }

  /// Keeps what is new of a segment until it can be delivered: the first copy of an octet wins.
  private mutating func buffer(
    _ s: TCPSegment, octets: Span<UInt8>, slot: Int, side: Int, skip: Int, until end: Int64, offset: Int64,
    acknowledges: Int64, aheadOfHole: Bool, at time: Int64
  ) {
    let mine = slot * 2 + side
    connections[slot].troubled = true
    let size = max(0, s.payloadCaptured - skip)
    if exceeds(mine, adding: size) {
      // The limit forces the hole: what waits goes on without it, and then this segment may find its place.
      let waited = !halves[mine].waiting.isEmpty
      while !halves[mine].waiting.isEmpty { giveUpFirst(slot, side: side, at: time) }
      guard waited, !exceeds(mine, adding: size) else {
        payload.droppedByLimit += Int(end - offset) - skip
        return
      }
      let next = halves[mine].next
      guard next < end else {
        payload.retransmitted += Int(end - offset) - skip
        return
      }
      let from = max(offset + Int64(skip), next)
      payload.overlapping += Int(from - offset) - skip
      if from > next { lose(slot, side: side, to: from) }
      let captured = max(0, min(s.payloadCaptured, Int(end - offset)) - Int(from - offset))
      events.append(
        .segment(
          slot: slot, side: side, start: Int(from - offset), count: captured, offset: from, acknowledges: acknowledges))
      advance(slot: slot, side: side, captured: captured, to: end)
      return
    }
    var from = offset + Int64(skip)
    var i = firstWaiting(mine, endingAfter: from)
    var duplicated = 0
    while from < end {
      var until = end
      if i < halves[mine].waiting.count {
        let w = halves[mine].waiting[i]
        if w.offset <= from {
          let covered = min(end, w.offset + Int64(w.length))
          duplicated += Int(covered - from)
          from = covered
          i += 1
          continue
        }
        until = min(end, w.offset)
      }
      let length = Int(until - from)
      let start = Int(from - offset)
      let captured = max(0, min(s.payloadCaptured - start, length))
      let first = s.payloadOffset + start
      let copy = [UInt8](capacity: captured) { output in
        for k in first..<(first + captured) { output.append(octets[k]) }
      }
      halves[mine].waiting.insert(
        WaitingSegment(
          offset: from, length: length, octets: copy, time: time, acknowledges: acknowledges, startsSegment: start == 0,
          aheadOfHole: aheadOfHole), at: i)
      halves[mine].waitingOctets += captured
      waitingOctetsInAll += captured
      i += 1
      from = until
    }
    if duplicated > 0 {
      if duplicated == Int(end - offset) - skip {
        payload.retransmitted += duplicated
        halves[mine].retransmissions &+= 1
      } else {
        payload.overlapping += duplicated
      }
    }
  }

  private func exceeds(_ mine: Int, adding octets: Int) -> Bool {
    halves[mine].waitingOctets + octets > limits.bufferedOctets || halves[mine].waiting.count >= limits.bufferedSegments
      || waitingOctetsInAll + octets > limits.bufferedOctetsInAll
  }

  private func firstWaiting(_ mine: Int, endingAfter offset: Int64) -> Int {
    var low = 0
    var high = halves[mine].waiting.count
    while low < high {
      let middle = (low + high) / 2
      let w = halves[mine].waiting[middle]
      if w.offset + Int64(w.length) <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: Holes

  /// Delivers what has become deliverable, and gives up holes that have waited long enough.
  private mutating func settle(_ slot: Int, at time: Int64) {
    drain(slot, at: time)
    var open = false
    for side in 0...1 {
      let mine = slot * 2 + side
      let peer = slot * 2 + (1 - side)
      let acknowledgedHole = halves[mine].acknowledged > halves[mine].next &+ 1 && !reachesOnlyFIN(mine)
      // Nobody acknowledges in a capture of one side only.
      let silentPeerHole = halves[peer].packets == 0 && !halves[mine].waiting.isEmpty
      if acknowledgedHole || silentPeerHole {
        open = true
        if halves[mine].holeSince == .min {
          halves[mine].holeSince = time
          halves[mine].holePackets = 0
        }
        halves[mine].holePackets &+= 1
        if time &- halves[mine].holeSince > limits.holePatience || halves[mine].holePackets > limits.holePackets
          || halves[mine].silentSinceLoss
        {
          halves[mine].holeSince = .min
          if !halves[mine].waiting.isEmpty || !halves[peer].waiting.isEmpty {
            giveUpFirst(slot, at: time)
          } else {
            loseHole(slot, side: side)
          }
          drain(slot, at: time)
        }
      } else {
        halves[mine].holeSince = .min
        if !halves[mine].waiting.isEmpty { open = true }
      }
    }
    if !open { connections[slot].troubled = false }
  }

  private func reachesOnlyFIN(_ mine: Int) -> Bool {
    halves[mine].finOffset >= 0 && halves[mine].next >= halves[mine].finOffset
  }

  /// Gives up the hole in front of a side's stream: up to what waits, or up to what the peer has acknowledged.
  private mutating func loseHole(_ slot: Int, side: Int, upTo limit: Int64 = .max) {
    let mine = slot * 2 + side
    var target = min(limit, halves[mine].acknowledged)
    if halves[mine].finOffset >= 0 { target = min(target, halves[mine].finOffset) }
    if let first = halves[mine].waiting.first {
      let acknowledgedHole = target > halves[mine].next
      target = acknowledgedHole ? min(target, first.offset) : first.offset
    }
    halves[mine].holeSince = .min
    halves[mine].holePackets = 0
    guard target > halves[mine].next else { return }
    lose(slot, side: side, to: target)
  }

  private mutating func lose(_ slot: Int, side: Int, to target: Int64) {
    let mine = slot * 2 + side
    let octets = target &- halves[mine].next
    halves[mine].next = target
    halves[mine].holeFilled = false
    halves[mine].missingOctets &+= octets
    halves[mine].silentSinceLoss = halves[mine].waiting.isEmpty
    payload.missingUnseen += Int(octets)
    payload.total += Int(octets)
    events.append(.gap(slot: slot, side: side, octets: octets, endingAt: target, isCut: false))
  }

  /// Stops waiting for whatever holds up the segment that has waited longest: the hole before it, what it acknowledges and
  /// the capture does not hold, or, in captures that contradict themselves, nothing at all.
  private mutating func giveUpFirst(_ slot: Int, at time: Int64) {
    let a = halves[slot * 2].waiting.first
    let b = halves[slot * 2 + 1].waiting.first
    var side = 0
    if let b, a.map({ b.time < $0.time }) ?? true { side = 1 }
    giveUpFirst(slot, side: side, at: time)
  }

  private mutating func giveUpFirst(_ slot: Int, side: Int, at time: Int64) {
    let mine = slot * 2 + side
    let other = slot * 2 + (1 - side)
    guard let first = halves[mine].waiting.first else { return }
    if first.offset > halves[mine].next {
      lose(slot, side: side, to: first.offset)
    } else if halves[other].acknowledged > halves[other].next, first.acknowledges > halves[other].next &+ 1,
      halves[other].waiting.first.map({ $0.offset > halves[other].next }) ?? true
    {
      // Only what its sender had received by then: later acknowledgments belong to later segments.
      loseHole(slot, side: 1 - side, upTo: first.acknowledges)
      if mustWait(first.acknowledges, slot: slot, side: side) { deliverFirst(slot, side: side, at: time) }
    } else {
      deliverFirst(slot, side: side, at: time)
    }
  }

  private mutating func closeStall(_ mine: Int, at time: Int64) {
    halves[mine].holeFilled = true
    var since = Int64.max
    var end = halves[mine].waiting.first?.offset ?? 0
    for w in halves[mine].waiting {
      guard w.offset == end else { break }
      end = w.offset + Int64(w.length)
      if w.aheadOfHole { since = min(since, w.time) }
    }
    guard since != .max, time > since else { return }
    halves[mine].stalls &+= 1
    halves[mine].stallTime &+= time &- since
    stalls.append(time &- since)
  }

  /// Delivers waiting segments of both sides as far as they follow on, each after what it acknowledges.
  private mutating func drain(_ slot: Int, at time: Int64) {
    var progress = true
    while progress {
      progress = false
      for side in 0...1 {
        let mine = slot * 2 + side
        var taken = 0
        while taken < halves[mine].waiting.count {
          let w = halves[mine].waiting[taken]
          guard w.offset <= halves[mine].next, !mustWait(w.acknowledges, slot: slot, side: side) else { break }
          taken += 1
          deliver(w, slot: slot, side: side, at: time)
        }
        if taken > 0 {
          removeWaiting(taken, mine)
          progress = true
        }
      }
    }
  }

  private mutating func deliverFirst(_ slot: Int, side: Int, at time: Int64) {
    let mine = slot * 2 + side
    guard let first = halves[mine].waiting.first else { return }
    deliver(first, slot: slot, side: side, at: time)
    removeWaiting(1, mine)
  }

  private mutating func deliver(_ w: WaitingSegment, slot: Int, side: Int, at time: Int64) {
    let mine = slot * 2 + side
    waitingOctetsInAll -= w.octets.count
    halves[mine].waitingOctets -= w.octets.count
    let stalled = w.aheadOfHole && halves[mine].holeFilled
    events.append(.buffered(slot: slot, side: side, segment: w, deliveredAt: time, stalled: stalled))
    advance(slot: slot, side: side, captured: w.octets.count, to: w.offset + Int64(w.length))
  }

  private mutating func removeWaiting(_ count: Int, _ mine: Int) {
    if count == halves[mine].waiting.count {
      halves[mine].waiting = []
    } else {
      halves[mine].waiting.removeFirst(count)
    }
  }

  /// Delivers all that waits, over every hole: nothing more will come.
  private mutating func flush(_ slot: Int) {
    guard connections[slot].troubled else { return }
    let time = connections[slot].lastSeen
    drain(slot, at: time)
    while !halves[slot * 2].waiting.isEmpty || !halves[slot * 2 + 1].waiting.isEmpty {
      giveUpFirst(slot, at: time)
      drain(slot, at: time)
    }
    for side in 0...1 where halves[slot * 2 + side].acknowledged > halves[slot * 2 + side].next &+ 1 {
      if halves[slot * 2 + side].packets > 0, !reachesOnlyFIN(slot * 2 + side) { loseHole(slot, side: side) }
    }
    deliverEnds(slot)
    connections[slot].troubled = false
  }

  // MARK: Ends

  private mutating func receiveFIN(slot: Int, side: Int, at offset: Int64, time: Int64) {
    let mine = slot * 2 + side
    // A FIN behind octets already seen cannot be the end of the stream.
    guard halves[mine].finOffset < 0, offset >= halves[mine].next else { return }
    halves[mine].finOffset = offset
    dropWaiting(mine, from: offset)
    if halves[mine].highest < halves[mine].finOffset { halves[mine].highest = halves[mine].finOffset }
    if connections[slot].closeKind == .none {
      connections[slot].closeAcknowledges = halves[slot * 2 + (1 - side)].acknowledged
    }
    noteClose(slot, side: side, kind: .fin, time: time)
  }

  /// What waits behind a FIN is not of the stream.
  private mutating func dropWaiting(_ mine: Int, from end: Int64) {
    while let last = halves[mine].waiting.last, last.offset &+ Int64(last.length) > end {
      halves[mine].waiting.removeLast()
      let kept = max(0, Int(end &- last.offset))
      let octets = Array(last.octets.prefix(kept))
      payload.afterClose += last.length - kept
      halves[mine].waitingOctets -= last.octets.count - octets.count
      waitingOctetsInAll -= last.octets.count - octets.count
      guard kept > 0 else { continue }
      var cut = last
      cut.length = kept
      cut.octets = octets
      halves[mine].waiting.append(cut)
    }
  }

  private mutating func noteClose(_ slot: Int, side: Int, kind: StreamClose, time: Int64) {
    guard connections[slot].closeKind == .none else { return }
    connections[slot].closeKind = kind
    connections[slot].closedBy = Int8(side)
    connections[slot].closed = time
    events.append(.closing(slot: slot))
  }

  /// RFC 9293 §3.10.7.4, RFC 5961 §3: a reset counts where its receiver could have accepted it.
  private mutating func receiveReset(_ s: TCPSegment, slot: Int, side: Int, at time: Int64) {
    let mine = slot * 2 + side
    let theirs = slot * 2 + (1 - side)
    if halves[theirs].synSeen, !connections[slot].established, !halves[mine].synSeen, !halves[mine].spoke {
      // The answer to a SYN: it must acknowledge it (§3.10.7.3).
      if s.flags.contains(.ack) {
        let a = halves[theirs].offset(of: s.acknowledgmentNumber)
        guard a >= 0, a <= halves[theirs].highest &+ 1 else { return }
        connections[slot].refused = true
      }
    } else if halves[mine].started {
      let offset = halves[mine].offset(of: s.sequenceNumber)
      let window = max(Int64(halves[theirs].largestWindow), 1 << 16)
      let fin = halves[mine].finOffset >= 0 ? Int64(1) : 0
      guard offset >= min(halves[mine].acknowledged, halves[mine].next) &- 1,
        offset <= max(halves[mine].next, halves[mine].highest, halves[mine].acknowledged) &+ window &+ fin
      else { return }
      if !connections[slot].established, side != Int(connections[slot].opener), connections[slot].opener >= 0,
        connections[slot].closeKind == .none
      {
        connections[slot].refused = true
      }
    }
    if connections[slot].closeKind == .none, s.flags.contains(.ack), halves[theirs].started {
      connections[slot].closeAcknowledges = halves[theirs].offset(of: s.acknowledgmentNumber)
    }
    noteClose(slot, side: side, kind: .rst, time: time)
    if !connections[slot].finished {
      flush(slot)
      events.append(.reset(slot: slot))
      finish(slot, at: time)
    }
  }

  private mutating func deliverEnds(_ slot: Int) {
    for side in 0...1 {
      let mine = slot * 2 + side
      if halves[mine].finOffset >= 0, !halves[mine].endDelivered, halves[mine].next >= halves[mine].finOffset {
        halves[mine].endDelivered = true
        events.append(.endOfStream(slot: slot, side: side))
      }
    }
  }

  private mutating func finishIfDone(_ slot: Int, at time: Int64) {
    guard !connections[slot].finished, halves[slot * 2].finOffset >= 0, halves[slot * 2 + 1].finOffset >= 0,
      halves[slot * 2].endDelivered, halves[slot * 2 + 1].endDelivered
    else { return }
    finish(slot, at: time)
  }

  private mutating func finish(_ slot: Int, at time: Int64) {
    connections[slot].finished = true
    unlink(slot)
    lingering.append(slot: Int32(slot), generation: connections[slot].generation, time: time)
  }

  /// Reports the ends that have lingered long enough. True when that left events.
  private mutating func reportDue() -> Bool {
    let before = events.count
    while let first = lingering.first, now &- first.time > limits.linger || lingering.count > limits.remembered {
      lingering.removeFirst()
      let slot = Int(first.slot)
      if isCurrent(first), !connections[slot].reported {
        end(slot)
        remembered.append(slot: first.slot, generation: first.generation, time: first.time)
      }
    }
    while remembered.count > limits.remembered, let first = remembered.first {
      remembered.removeFirst()
      if isCurrent(first) { release(Int(first.slot)) }
    }
    return events.count > before
  }

  private mutating func end(_ slot: Int) {
    guard !connections[slot].reported else { return }
    flush(slot)
    connections[slot].reported = true
    events.append(.ended(slot: slot))
  }

  /// The end of the capture: every connection not yet reported ends, those that closed first, in their order.
  public mutating func finish() {
    while let first = lingering.first {
      lingering.removeFirst()
      if isCurrent(first) { end(Int(first.slot)) }
    }
    let open = connections.indices.filter { connections[$0].inUse && !connections[$0].reported }
    for slot in open.sorted(by: { connections[$0].opened < connections[$1].opened }) { end(slot) }
  }

  private func isCurrent(_ entry: SlotQueue.Entry) -> Bool {
    let c = connections[Int(entry.slot)]
    return c.inUse && c.finished && c.generation == entry.generation
  }

  // MARK: Slab and index

  @inline(__always)
  private func find(_ key: ConnectionKey, _ hash: UInt64) -> Int {
    let mask = index.count &- 1
    var i = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = Int(index[i])
      if slot < 0 { return -1 }
      if connections[slot].hash == hash, connections[slot].key == key { return slot }
      i = (i &+ 1) & mask
    }
  }

  private mutating func begin(
    _ s: TCPSegment, key: ConnectionKey, hash: UInt64, side: Int, at time: Int64
  ) -> Int {
    if count >= limits.connections, oldest >= 0 {
      let victim = Int(oldest)
      evicted += 1
      end(victim)
      release(victim)
    }
    let slot: Int
    if let reuse = free.popLast() {
      slot = Int(reuse)
      let generation = connections[slot].generation &+ 1
      connections[slot] = TrackedConnection(key: key, hash: hash, opened: time, lastSYN: time, lastSeen: time)
      connections[slot].generation = generation
      halves[slot * 2] = HalfStream()
      halves[slot * 2 + 1] = HalfStream()
    } else {
      slot = connections.count
      connections.append(TrackedConnection(key: key, hash: hash, opened: time, lastSYN: time, lastSeen: time))
      halves.append(HalfStream())
      halves.append(HalfStream())
    }
    count += 1
    if count > highWater { highWater = count }
    if s.flags.contains(.syn), !s.flags.contains(.rst) {
      connections[slot].opener = Int8(s.flags.contains(.ack) ? 1 - side : side)
      connections[slot].synCaptured = !s.flags.contains(.ack)
    }
    insert(slot)
    link(slot)
    events.append(.began(slot: slot))
    return slot
  }

  private mutating func insert(_ slot: Int) {
    if (count + 1) * 2 > index.count {
      index = Array(repeating: -1, count: index.count * 2)
      for s in connections.indices where connections[s].inUse && s != slot { place(s) }
    }
    place(slot)
  }

  private mutating func place(_ slot: Int) {
    let mask = index.count - 1
    var i = Int(truncatingIfNeeded: connections[slot].hash) & mask
    while index[i] >= 0 { i = (i + 1) & mask }
    index[i] = Int32(slot)
  }

  /// Frees a slot whose end has been reported: its figures stay until `clearEvents`.
  private mutating func release(_ slot: Int) {
    guard connections[slot].inUse else { return }
    let mask = index.count - 1
    var i = Int(truncatingIfNeeded: connections[slot].hash) & mask
    while index[i] != Int32(slot) { i = (i + 1) & mask }
    // Linear probing without tombstones: move back what would no longer be found.
    var j = i
    while true {
      j = (j + 1) & mask
      let moved = index[j]
      if moved < 0 { break }
      let home = Int(truncatingIfNeeded: connections[Int(moved)].hash) & mask
      if (j - home) & mask >= (j - i) & mask {
        index[i] = moved
        i = j
      }
    }
    index[i] = -1
    unlink(slot)
    connections[slot].inUse = false
    for side in 0...1 where !halves[slot * 2 + side].waiting.isEmpty {
      waitingOctetsInAll -= halves[slot * 2 + side].waitingOctets
      halves[slot * 2 + side].waiting = []
    }
    count -= 1
    freed.append(Int32(slot))
  }

  /// Slots released while events still speak of them.
  private var freed: [Int32] = []

  // MARK: Least recently used

  @inline(__always)
  private mutating func touch(_ slot: Int, at time: Int64) {
    let before = connections[slot].lastSeen
    connections[slot].lastSeen = time
    // Order within a second does not matter for eviction, and costs three cache lines a packet.
    if time &- before > 1_000_000_000, !connections[slot].finished { moveToYoungest(slot) }
  }

  @inline(never)
  private mutating func moveToYoungest(_ slot: Int) {
    unlink(slot)
    link(slot)
  }

  private mutating func link(_ slot: Int) {
    connections[slot].older = youngest
    connections[slot].younger = -1
    if youngest >= 0 { connections[Int(youngest)].younger = Int32(slot) } else { oldest = Int32(slot) }
    youngest = Int32(slot)
  }

  private mutating func unlink(_ slot: Int) {
    let older = connections[slot].older
    let younger = connections[slot].younger
    if older < 0, younger < 0, oldest != Int32(slot) { return }
    if older >= 0 { connections[Int(older)].younger = younger } else { oldest = younger }
    if younger >= 0 { connections[Int(younger)].older = older } else { youngest = older }
    connections[slot].older = -1
    connections[slot].younger = -1
  }
}
