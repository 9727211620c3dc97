import Wire

// SYNs, and what tells that they were answered.
extension ConnectionTable {
  /// Whether a SYN on a known four-tuple begins another connection: a new initial sequence number does, unless it is the
  /// other half of a simultaneous open (RFC 9293 §3.5), the answer, or was only captured late.
  func beginsAnew(_ s: TCPSegment, slot: Int, side: Int) -> Bool {
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

  mutating func receiveSYN(_ s: TCPSegment, slot: Int, side: Int, at time: Int64) {
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
    if halves[mine].synSeen, connections[slot].established || furthest(mine) > 0 { return }
    if halves[mine].started, !halves[mine].synSeen, halves[mine].base != s.sequenceNumber &+ 1,
      halves[mine].spoke || halves[mine].next > 0
    {
      return
    }
    if !halves[mine].started || halves[mine].base != s.sequenceNumber &+ 1 {
      halves[mine].next = 0
      halves[mine].acknowledged = 0
      if halves[mine].disorder >= 0 { disorders[Int(halves[mine].disorder)].furthest = 0 }
    }
    halves[mine].takeSYN(s.sequenceNumber, windowScale: s.windowScale)
    if connections[slot].opener < 0 { connections[slot].opener = Int8(s.flags.contains(.ack) ? 1 - side : side) }
    if !s.flags.contains(.ack), Int(connections[slot].opener) == side { connections[slot].synCaptured = true }
  }

  /// Takes back an end that was none.
  mutating func revive(_ slot: Int) {
    connections[slot].refused = false
    connections[slot].closeKind = .none
    connections[slot].closedBy = -1
    connections[slot].closed = .min
    connections[slot].closeAcknowledges = .min
    if connections[slot].finished {
      connections[slot].finished = false
      // What lingers for this end is not for the next one.
      connections[slot].generation &+= 1
      connections[slot].isHoleWatched = false
      link(slot, in: .open)
    }
  }

  /// Makes sure that the sequence space of the sender is known.
  mutating func start(_ s: TCPSegment, slot: Int, side: Int) {
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
      }
    }
    if s.flags.contains(.ack), !halves[theirs].started {
      halves[theirs].started = true
      halves[theirs].base = s.acknowledgmentNumber
    }
  }

  mutating func noteEstablished(_ s: TCPSegment, slot: Int, side: Int, acknowledges: Int64, at time: Int64) {
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
}
