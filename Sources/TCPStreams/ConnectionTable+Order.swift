import Wire

// Octets of payload: delivered, repeated, or kept until their turn.
extension ConnectionTable {
  /// Whether an offset can belong to the stream: not far behind, not beyond what the peer could have allowed.
  func isPlausible(_ offset: Int64, length: Int, slot: Int, side: Int) -> Bool {
    let mine = halves[slot * 2 + side]
    let peer = halves[slot * 2 + (1 - side)]
    // Without the SYNs the window's scale is unknown: allow the largest.
    let known = peer.synSeen && peer.packets > 0
    let window = max(known ? Int64(peer.largestWindow) * 2 : 1 << 30, 1 << 17)
    let reference = max(mine.acknowledged, furthest(slot * 2 + side))
    return offset <= reference &+ window && offset &+ Int64(length) >= mine.next &- max(window, 1 << 22)
  }

  mutating func accept(
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
      connections[slot].revivals += 1
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
    let next = halves[mine].next
    if end <= next {
      payload.retransmitted += Int(end - offset)
      if !(length <= 1 && end == next && waitingCount(mine) == 0) {  // RFC 9293 §3.8.4: a keep-alive probe is none
        disorders[disorder(of: mine)].retransmissions &+= 1
      }
      return
    }
    let old = max(0, Int(next - offset))
    payload.overlapping += old
    let from = offset + Int64(old)
    let captured = max(0, min(s.payloadCaptured, Int(end - offset)) - old)
    let aheadOfHole = from > next
    if aheadOfHole {
      disorders[disorder(of: mine)].outOfOrder &+= 1
    } else if !mustWait(acknowledges, slot: slot, side: side), waitingCount(mine) == 0 {
      events.append(
        .segment(
          slot: slot, side: side, start: old, count: captured, offset: from, acknowledges: acknowledges))
      advance(slot: slot, side: side, captured: captured, to: end)
      return
    } else if !mustWait(acknowledges, slot: slot, side: side), let waiting = firstWaiting(mine)?.offset {
      // Fills the hole, up to what waits behind it.
      let until = min(end, waiting)
      let usable = min(captured, Int(until - from))
      if until > from {
        if until == waiting { closeStall(mine, at: time) }
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
  func mustWait(_ acknowledges: Int64, slot: Int, side: Int) -> Bool {
    let peer = halves[slot * 2 + (1 - side)]
    return peer.packets > 0 && acknowledges > peer.next &+ 1 && !peer.silentSinceLoss && !connections[slot].finished
  }

  mutating func advance(slot: Int, side: Int, captured: Int, to end: Int64) {
    let mine = slot * 2 + side
    let missing = end &- halves[mine].next &- Int64(captured)
    halves[mine].next = end
    payload.delivered += captured
    if missing > 0 {
      payload.missingCut += Int(missing)
      disorders[disorder(of: mine)].missingOctets += missing
      events.append(.gap(slot: slot, side: side, octets: missing, endingAt: end, isCut: true))
    }
  }

  /// Keeps what is new of a segment until it can be delivered: the first copy of an octet wins.
  mutating func buffer(
    _ s: TCPSegment, octets: Span<UInt8>, slot: Int, side: Int, skip: Int, until end: Int64, offset: Int64,
    acknowledges: Int64, aheadOfHole: Bool, at time: Int64
  ) {
    let mine = slot * 2 + side
    connections[slot].troubled = true
    let size = max(0, s.payloadCaptured - skip)
    if exceeds(mine, adding: size) {
      withoutRoom += 1
      // The limit forces the hole: what waits goes on without it, and then this segment may find its place.
      let waited = waitingCount(mine) > 0
      while waitingCount(mine) > 0 { giveUpFirst(slot, side: side, at: time) }
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
    let place = disorder(of: mine)
    if end > disorders[place].furthest { disorders[place].furthest = end }
    var from = offset + Int64(skip)
    var i = firstWaiting(place, endingAfter: from)
    var duplicated = 0
    while from < end {
      var until = end
      if i < disorders[place].waiting.count {
        let w = disorders[place].waiting[i]
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
      let segment = WaitingSegment(
        offset: from, length: length, octets: copy, time: time, acknowledges: acknowledges, startsSegment: start == 0,
        aheadOfHole: aheadOfHole)
      disorders[place].waiting.insert(segment, at: i)
      disorders[place].waitingOctets += captured
      waitingCostInAll += segment.cost
      i += 1
      from = until
    }
    if duplicated > 0 {
      if duplicated == Int(end - offset) - skip {
        payload.retransmitted += duplicated
        disorders[place].retransmissions &+= 1
      } else {
        payload.overlapping += duplicated
      }
    }
  }

  private func exceeds(_ mine: Int, adding octets: Int) -> Bool {
    if waitingCostInAll + octets > limits.bufferedOctetsInAll { return true }
    let place = Int(halves[mine].disorder)
    guard place >= 0 else { return octets > limits.bufferedOctets || limits.bufferedSegments < 1 }
    return disorders[place].waitingOctets + octets > limits.bufferedOctets
      || disorders[place].waiting.count >= limits.bufferedSegments
  }

  private func firstWaiting(_ place: Int, endingAfter offset: Int64) -> Int {
    var low = 0
    var high = disorders[place].waiting.count
    while low < high {
      let middle = (low + high) / 2
      let w = disorders[place].waiting[middle]
      if w.offset + Int64(w.length) <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
