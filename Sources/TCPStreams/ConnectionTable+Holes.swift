// What is missing: waited for, filled, or given up.
extension ConnectionTable {
  /// Delivers what has become deliverable, and gives up holes that have waited long enough.
  mutating func settle(_ slot: Int, at time: Int64) {
    drain(slot, at: time)
    var open = false
    for side in 0...1 {
      let mine = slot * 2 + side
      let peer = slot * 2 + (1 - side)
      let acknowledgedHole = halves[mine].acknowledged > halves[mine].next &+ 1 && !reachesOnlyFIN(mine)
      // Nobody acknowledges in a capture of one side only.
      let silentPeerHole = halves[peer].packets == 0 && waitingCount(mine) > 0
      if acknowledgedHole || silentPeerHole {
        open = true
        let place = disorder(of: mine)
        if disorders[place].holeSince == .min {
          disorders[place].holeSince = time
          disorders[place].holePackets = 0
        }
        // In a capture of one side a lost segment may be sent again after a longer time, without a packet in between.
        if acknowledgedHole { watchHole(slot) }
        disorders[place].holePackets &+= 1
        if time &- disorders[place].holeSince > limits.holePatience || disorders[place].holePackets > limits.holePackets
          || halves[mine].silentSinceLoss
        {
          disorders[place].holeSince = .min
          if waitingCount(mine) > 0 || waitingCount(peer) > 0 {
            giveUpFirst(slot, at: time)
          } else {
            loseHole(slot, side: side)
          }
        }
      } else {
        if halves[mine].disorder >= 0 { disorders[Int(halves[mine].disorder)].holeSince = .min }
        if waitingCount(mine) > 0 { open = true }
      }
    }
    if !open { connections[slot].troubled = false }
  }

  /// Has a hole given up in time also when its connection is silent: until then what comes behind it is not read, and the
  /// connection seems to be in use.
  private mutating func watchHole(_ slot: Int) {
    guard !connections[slot].isHoleWatched else { return }
    connections[slot].isHoleWatched = true
    holes.append(slot: Int32(slot), generation: connections[slot].generation, time: now)
    nextDue = holes.count > limits.remembered ? .min : min(nextDue, now &+ limits.holePatience)
  }

  /// Gives up the holes that are due. What is watched beyond a limit, which takes many packets at one time, is not any more.
  mutating func giveUpHoles() {
    while let first = holes.first, now &- first.time > limits.holePatience || holes.count > limits.remembered {
      holes.removeFirst()
      let slot = Int(first.slot)
      guard connections[slot].inUse, connections[slot].generation == first.generation else { continue }
      connections[slot].isHoleWatched = false
      guard connections[slot].troubled, !connections[slot].reported, now &- first.time > limits.holePatience else {
        continue
      }
      settle(slot, at: now)
      // What is behind it may be the next one.
      if connections[slot].troubled { settle(slot, at: now) }
      if halves[slot * 2].finOffset >= 0 || halves[slot * 2 + 1].finOffset >= 0 {
        deliverEnds(slot)
        finishIfDone(slot, at: now)
      }
    }
  }

  func reachesOnlyFIN(_ mine: Int) -> Bool {
    halves[mine].finOffset >= 0 && halves[mine].next >= halves[mine].finOffset
  }

  /// Gives up the hole in front of a side's stream: up to what waits, or up to what the peer has acknowledged.
  mutating func loseHole(_ slot: Int, side: Int, upTo limit: Int64 = .max) {
    let mine = slot * 2 + side
    var target = min(limit, halves[mine].acknowledged)
    if halves[mine].finOffset >= 0 { target = min(target, halves[mine].finOffset) }
    if let first = firstWaiting(mine) {
      let acknowledgedHole = target > halves[mine].next
      target = acknowledgedHole ? min(target, first.offset) : first.offset
    }
    if halves[mine].disorder >= 0 {
      disorders[Int(halves[mine].disorder)].holeSince = .min
      disorders[Int(halves[mine].disorder)].holePackets = 0
    }
    guard target > halves[mine].next else { return }
    lose(slot, side: side, to: target)
  }

  mutating func lose(_ slot: Int, side: Int, to target: Int64) {
    let mine = slot * 2 + side
    let octets = target &- halves[mine].next
    let place = disorder(of: mine)
    halves[mine].next = target
    disorders[place].holeFilled = false
    disorders[place].missingOctets &+= octets
    halves[mine].silentSinceLoss = disorders[place].waiting.isEmpty
    payload.missingUnseen += Int(octets)
    payload.total += Int(octets)
    events.append(.gap(slot: slot, side: side, octets: octets, endingAt: target, isCut: false))
  }

  /// The last octet of what was just given up seems to have been none: the FIN went with what was not captured. It may be sent
  /// again, and if octets follow, it was one.
  public mutating func countAsFIN(_ slot: Int, side: Int) {
    halves[slot * 2 + side].next -= 1
    disorders[disorder(of: slot * 2 + side)].missingOctets -= 1
    payload.missingUnseen -= 1
    payload.total -= 1
  }

  /// Stops waiting for whatever holds up the segment that has waited longest: the hole before it, what it acknowledges and
  /// the capture does not hold, or, in captures that contradict themselves, nothing at all.
  mutating func giveUpFirst(_ slot: Int, at time: Int64) {
    let a = firstWaiting(slot * 2)
    let b = firstWaiting(slot * 2 + 1)
    var side = 0
    if let b, a.map({ b.time < $0.time }) ?? true { side = 1 }
    giveUpFirst(slot, side: side, at: time)
  }

  /// The same for one side. Afterwards less waits there: what need not wait any more is delivered.
  mutating func giveUpFirst(_ slot: Int, side: Int, at time: Int64) {
    let mine = slot * 2 + side
    let other = slot * 2 + (1 - side)
    guard let first = firstWaiting(mine) else { return }
    if first.offset > halves[mine].next {
      lose(slot, side: side, to: first.offset)
    } else if halves[other].acknowledged > halves[other].next, first.acknowledges > halves[other].next &+ 1,
      firstWaiting(other).map({ $0.offset > halves[other].next }) ?? true
    {
      // Only what its sender had received by then: later acknowledgments belong to later segments.
      loseHole(slot, side: 1 - side, upTo: first.acknowledges)
      if mustWait(first.acknowledges, slot: slot, side: side) { deliverFirst(slot, side: side, at: time) }
    } else {
      deliverFirst(slot, side: side, at: time)
    }
    drain(slot, at: time)
  }

  mutating func closeStall(_ mine: Int, at time: Int64) {
    let place = disorder(of: mine)
    disorders[place].holeFilled = true
    var since = Int64.max
    var end = disorders[place].waiting.first?.offset ?? 0
    for w in disorders[place].waiting {
      guard w.offset == end else { break }
      end = w.offset + Int64(w.length)
      if w.aheadOfHole { since = min(since, w.time) }
    }
    guard since != .max, time > since else { return }
    disorders[place].stalls &+= 1
    disorders[place].stallTime &+= time &- since
    stalls.append(time &- since)
  }

  /// Delivers waiting segments of both sides as far as they follow on, each after what it acknowledges.
  mutating func drain(_ slot: Int, at time: Int64) {
    var progress = true
    while progress {
      progress = false
      for side in 0...1 {
        let mine = slot * 2 + side
        let place = Int(halves[mine].disorder)
        guard place >= 0 else { continue }
        var taken = 0
        while taken < disorders[place].waiting.count {
          let w = disorders[place].waiting[taken]
          guard w.offset <= halves[mine].next, !mustWait(w.acknowledges, slot: slot, side: side) else { break }
          taken += 1
          deliver(w, slot: slot, side: side, at: time)
        }
        if taken > 0 {
          removeWaiting(taken, place)
          progress = true
        }
      }
    }
  }

  mutating func deliverFirst(_ slot: Int, side: Int, at time: Int64) {
    let mine = slot * 2 + side
    guard let first = firstWaiting(mine) else { return }
    deliver(first, slot: slot, side: side, at: time)
    removeWaiting(1, disorder(of: mine))
  }

  private mutating func deliver(_ w: WaitingSegment, slot: Int, side: Int, at time: Int64) {
    let place = disorder(of: slot * 2 + side)
    waitingCostInAll -= w.cost
    disorders[place].waitingOctets -= w.octets.count
    let stalled = w.aheadOfHole && disorders[place].holeFilled
    events.append(.buffered(slot: slot, side: side, place: hadWaited.count, deliveredAt: time, stalled: stalled))
    hadWaited.append(w)
    advance(slot: slot, side: side, captured: w.octets.count, to: w.offset + Int64(w.length))
  }

  private mutating func removeWaiting(_ count: Int, _ place: Int) {
    if count == disorders[place].waiting.count {
      disorders[place].waiting = []
    } else {
      disorders[place].waiting.removeFirst(count)
    }
  }

  /// Delivers all that waits, over every hole: nothing more will come.
  mutating func flush(_ slot: Int) {
    guard connections[slot].troubled else { return }
    let time = connections[slot].lastSeen
    drain(slot, at: time)
    while waitingCount(slot * 2) > 0 || waitingCount(slot * 2 + 1) > 0 {
      giveUpFirst(slot, at: time)
    }
    for side in 0...1 where halves[slot * 2 + side].acknowledged > halves[slot * 2 + side].next &+ 1 {
      if halves[slot * 2 + side].packets > 0, !reachesOnlyFIN(slot * 2 + side) { loseHole(slot, side: side) }
    }
    deliverEnds(slot)
    connections[slot].troubled = false
  }
}
