import Wire

// FIN, RST, and the time after them.
extension ConnectionTable {
  mutating func receiveFIN(slot: Int, side: Int, at offset: Int64, time: Int64) {
    let mine = slot * 2 + side
    // A FIN behind octets already seen cannot be the end of the stream.
    guard halves[mine].finOffset < 0, offset >= halves[mine].next else { return }
    halves[mine].finOffset = offset
    dropWaiting(mine, from: offset)
    if connections[slot].closeKind == .none {
      connections[slot].closeAcknowledges = halves[slot * 2 + (1 - side)].acknowledged
    }
    noteClose(slot, side: side, kind: .fin, time: time)
  }

  /// What waits behind a FIN is not of the stream.
  private mutating func dropWaiting(_ mine: Int, from end: Int64) {
    let place = Int(halves[mine].disorder)
    guard place >= 0 else { return }
    while let last = disorders[place].waiting.last, last.offset &+ Int64(last.length) > end {
      disorders[place].waiting.removeLast()
      disorders[place].waitingOctets -= last.octets.count
      waitingCostInAll -= last.cost
      let kept = max(0, Int(end &- last.offset))
      payload.afterClose += last.length - kept
      guard kept > 0 else { continue }
      var cut = last
      cut.length = kept
      cut.octets = Array(last.octets.prefix(kept))
      disorders[place].waiting.append(cut)
      disorders[place].waitingOctets += cut.octets.count
      waitingCostInAll += cut.cost
    }
  }

  mutating func noteClose(_ slot: Int, side: Int, kind: StreamClose, time: Int64) {
    guard connections[slot].closeKind == .none else { return }
    connections[slot].closeKind = kind
    connections[slot].closedBy = Int8(side)
    connections[slot].closed = time
    events.append(.closing(slot: slot))
  }

  /// After so many resets without effect, those that follow count for nothing: with each, all that waits for an answer is
  /// looked at.
  private static let mostRevivals: UInt8 = 16

  /// RFC 9293 §3.10.7.4, RFC 5961 §3: a reset counts where its receiver could have accepted it.
  mutating func receiveReset(_ s: TCPSegment, slot: Int, side: Int, at time: Int64) {
    guard connections[slot].revivals < Self.mostRevivals else { return }
    let mine = slot * 2 + side
    let theirs = slot * 2 + (1 - side)
    if halves[theirs].synSeen, !connections[slot].established, !halves[mine].synSeen, !halves[mine].spoke {
      // The answer to a SYN: it must acknowledge it (§3.10.7.3).
      if s.flags.contains(.ack) {
        let a = halves[theirs].offset(of: s.acknowledgmentNumber)
        guard a >= 0, a <= furthest(theirs) &+ 1 else { return }
        connections[slot].refused = true
      }
    } else if halves[mine].started {
      let offset = halves[mine].offset(of: s.sequenceNumber)
      let window = max(Int64(halves[theirs].largestWindow), 1 << 16)
      let fin = halves[mine].finOffset >= 0 ? Int64(1) : 0
      guard offset >= min(halves[mine].acknowledged, halves[mine].next) &- 1,
        offset <= max(furthest(mine), halves[mine].acknowledged) &+ window &+ fin
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

  mutating func deliverEnds(_ slot: Int) {
    for side in 0...1 {
      let mine = slot * 2 + side
      if halves[mine].finOffset >= 0, !halves[mine].endDelivered, halves[mine].next >= halves[mine].finOffset {
        halves[mine].endDelivered = true
        events.append(.endOfStream(slot: slot, side: side))
      }
    }
  }

  mutating func finishIfDone(_ slot: Int, at time: Int64) {
    guard !connections[slot].finished, halves[slot * 2].finOffset >= 0, halves[slot * 2 + 1].finOffset >= 0,
      halves[slot * 2].endDelivered, halves[slot * 2 + 1].endDelivered
    else { return }
    finish(slot, at: time)
  }

  mutating func finish(_ slot: Int, at time: Int64) {
    connections[slot].finished = true
    unlink(slot)
    lingering.append(slot: Int32(slot), generation: connections[slot].generation, time: time)
    noteNextDue()
  }

  /// Reports the ends that have lingered long enough, and gives up SYNs that nobody answers.
  @inline(never)
  mutating func reportDue() {
    if !holes.isEmpty { giveUpHoles() }
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
    while halfOpen.count > 0, now &- lastSeen(halfOpen.oldest) > limits.halfOpenPatience { giveUpHalfOpen() }
    noteNextDue()
  }

  /// Nothing is due before this time: a single comparison for each packet.
  mutating func noteNextDue() {
    var due = Int64.max
    if let first = lingering.first {
      due = lingering.count > limits.remembered ? .min : first.time &+ limits.linger
    }
    if halfOpen.count > 0 { due = min(due, lastSeen(halfOpen.oldest) &+ limits.halfOpenPatience) }
    if let first = holes.first {
      due = min(due, holes.count > limits.remembered ? .min : first.time &+ limits.holePatience)
    }
    nextDue = due
  }

  mutating func end(_ slot: Int) {
    guard !connections[slot].reported else { return }
    // Since it was closed nothing is passed over.
    if connections[slot].closeKind == .none { tellPassed(slot) }
    flush(slot)
    connections[slot].reported = true
    events.append(.ended(slot: slot))
  }

  /// Time has passed without a segment: what became due is reported.
  public mutating func advance(to time: Int64) {
    if time > now { now = time }
    if now > nextDue { reportDue() }
  }

  /// The end of the capture: every connection not yet reported ends, those that closed first, in their order.
  public mutating func finish() { _ = finish(atMost: .max) }

  /// The same for some of them: `true` when none is left. A million ends at once would take much memory as events.
  public mutating func finish(atMost limit: Int) -> Bool {
    var left = limit
    while left > 0, let first = lingering.first {
      lingering.removeFirst()
      if isCurrent(first) { end(Int(first.slot)) }
      left -= 1
    }
    guard lingering.isEmpty else { return false }
    if ending.isEmpty, endingOpenings.isEmpty { collectEnding() }
    while left > 0 {
      if let place = endingOpenings.last,
        ending.last.map({ pending[Int(place)].opened < connections[Int($0)].opened }) ?? true
      {
        endingOpenings.removeLast()
        // The end of one connection may have made one of it.
        let slot = Int(pending[Int(place)].slot)
        if slot < 0 { giveUp(pending: Int(place)) } else { end(slot) }
      } else if let slot = ending.popLast() {
        end(Int(slot))
      } else {
        return true
      }
      left -= 1
    }
    return ending.isEmpty && endingOpenings.isEmpty
  }

  /// What has not ended, the last opened first: they are taken off the end.
  private mutating func collectEnding() {
    // Slots are nearly in the order of openings as long as none has been used again: a million of them are sorted where they are.
    var order: [Int32] = []
    for slot in connections.indices where connections[slot].inUse && !connections[slot].reported {
      order.append(Int32(slot))
    }
    order.reverse()
    order.sort { (connections[Int($1)].opened, $1) < (connections[Int($0)].opened, $0) }
    ending = order
    var node = halfOpen.youngest
    while node != UsageList.none {
      if let place = UsageList.pending(node) {
        endingOpenings.append(Int32(place))
        node = pending[place].older
      } else {
        node = connections[Int(node)].older
      }
    }
    // Nearly in order: they are in that of their last SYNs.
    endingOpenings.sort { pending[Int($1)].opened < pending[Int($0)].opened }
  }

  func isCurrent(_ entry: SlotQueue.Entry) -> Bool {
    let c = connections[Int(entry.slot)]
    return c.inUse && c.finished && c.generation == entry.generation
  }
}
