import Wire

// Openings that are kept apart until there is more than their SYN and its answer (DESIGN.md §3).
extension ConnectionTable {
  /// What is known of an opening, also after it was taken up or given up, until `clearEvents`.
  public func opening(_ place: Int) -> PendingOpening { pending[place] }

  /// How a segment of no connection in the slab is to be taken.
  enum Unknown {
    /// As a connection's: of the one in this slot, which was pending, or of a new one (-1).
    case connection(slot: Int)
    /// As an opening: a SYN between a client and a server without a pending one.
    case opening
    /// As part of a pending opening, which stays one.
    case pending
  }

  @inline(never)
  mutating func lookUpPending(_ s: TCPSegment, at time: Int64) -> Unknown {
    let flags = s.flags.intersection([.syn, .ack, .rst, .fin])
    if flags == .syn, s.payloadLength == 0 {
      let place = pending.find(client: s.source, server: s.destination, port: s.destinationPort, seed: seed)
      // RFC 9293 §3.5: the other half of a simultaneous open begins no connection.
      if place < 0, !hasPending(answeredBy: s) { return .opening }
      if place >= 0, pending[place].isRepeated(by: s) {
        note(s, place, at: time)
        return .pending
      }
    } else if flags == [.syn, .ack], s.payloadLength == 0 {
      let place = pending.find(client: s.destination, server: s.source, port: s.sourcePort, seed: seed)
      if place >= 0, pending[place].isAnswered(by: s) {
        note(s, place, at: time)
        return .pending
      }
    }
    return .connection(slot: takeUp(for: s))
  }

  /// Takes in a SYN or a SYN/ACK of a pending opening.
  private mutating func note(_ s: TCPSegment, _ place: Int, at time: Int64) {
    let before = pending[place].lastSeen
    pending.change(place) {
      if s.flags.contains(.ack) { $0.note(answer: s) } else { $0.note(again: s, at: time) }
      $0.lastSeen = now
    }
    if time &- before > UsageList.step { moveToYoungest(pending: place) }
  }

  /// Whether an opening is pending whose other end has sent the segment.
  private func hasPending(answeredBy s: TCPSegment) -> Bool {
    let place = pending.find(client: s.destination, server: s.source, port: s.sourcePort, seed: seed)
    return place >= 0 && pending[place].clientPort == s.destinationPort
  }

  /// Another connection is to begin between two endpoints, or more than a SYN has come of a pending one: what it finds is to be
  /// as it would be without postponing. The slot of the segment's own connection, if it was pending, else -1.
  mutating func takeUp(for s: TCPSegment) -> Int {
    var slot = -1
    if let (place, taken) = takeUp(client: s.source, server: s.destination, port: s.destinationPort) {
      events.append(.takenUp(opening: place, slot: taken))
      if pending[place].clientPort == s.sourcePort { slot = taken }
    }
    if let (place, taken) = takeUp(client: s.destination, server: s.source, port: s.sourcePort) {
      events.append(.takenUp(opening: place, slot: taken))
      if pending[place].clientPort == s.destinationPort { slot = taken }
    }
    return slot
  }

  /// To be called before ``postpone(_:)``. There may be events afterwards.
  public mutating func makeRoomForOpening() { makeRoom(forHalfOpen: true) }

  /// Keeps a SYN for which `receive` answered ``Reception/opening`` as a pending opening, and gives its place. There is no
  /// event; what has become due by now is for ``advance(to:)``.
  public mutating func postpone(_ opening: PendingOpening) -> Int {
    let place = pending.add(opening, seed: seed)
    pending.change(place) { $0.lastSeen = now }
    noteCount()
    link(pending: place)
    return place
  }

  /// Takes such a SYN as the first segment of a connection. There are events afterwards.
  public mutating func open(_ syn: TCPSegment, octets: Span<UInt8>, at time: Int64) {
    let hash = ConnectionKey.hash(syn, seed: seed)
    var side = 0
    _ = ConnectionKey(syn, sender: &side)
    receiveSlowly(syn, octets: octets, hash: hash, slot: -1, side: side, at: time)
    if now > nextDue { reportDue() }
  }

  /// Makes a connection of the pending opening between a client and a server, just as if it had been one from the begin: the
  /// opening's place and its slot. There is no event; `nil` when there is none. One of which ``StreamEvent/givenUp(opening:)``
  /// is still to be worked through is found as well: it becomes a connection that has ended.
  public mutating func takeUp(client: IPAddress, server: IPAddress, port: UInt16) -> (opening: Int, slot: Int)? {
    guard !pending.isEmpty else { return nil }
    let place = pending.find(client: client, server: server, port: port, seed: seed)
    guard place >= 0 else { return nil }
    if pending[place].isGivenUp { return (place, takeUpEnded(place)) }
    let slot = connection(of: pending[place])
    pending.remove(place, takenUpIn: slot)
    replaceInHalfOpen(pending: place, by: slot)
    return (place, slot)
  }

  /// Makes a connection that has ended of an opening that ``StreamEvent/givenUp(opening:)`` tells of, unless it is one. There is
  /// no event.
  public mutating func takeUpEnded(_ place: Int) -> Int {
    guard pending[place].slot < 0 else { return Int(pending[place].slot) }
    let slot = connection(of: pending[place])
    pending.remove(place, takenUpIn: slot)
    connections[slot].reported = true
    release(slot)
    return slot
  }

  /// What ``StreamEvent/givenUp(opening:)`` has told is settled, without a connection.
  public mutating func forget(_ place: Int) { pending.hide(place) }

  private mutating func connection(of opening: PendingOpening) -> Int {
    var side = 0
    let key = ConnectionKey(
      from: opening.client, opening.clientPort, to: opening.server, opening.serverPort, sender: &side)
    var connection = TrackedConnection(key: key, at: opening.opened)
    connection.opener = Int8(side)
    connection.synCaptured = true
    connection.lastSYN = opening.lastSYN
    connection.lastSeen = opening.lastSeen
    connection.synRetransmissions = opening.synRetransmissions
    let slot = insert(connection, hash: key.hash(seed: seed))
    recent = RecentFlow()
    let client = slot * 2 + side
    halves[client].takeSYN(opening.sequenceNumber, windowScale: opening.windowScale)
    halves[client].packets = opening.packets
    halves[client].largestWindow = UInt32(opening.window)
    if opening.answers > 0 {
      let server = slot * 2 + 1 - side
      halves[server].takeSYN(opening.answerSequenceNumber, windowScale: opening.answerWindowScale)
      halves[server].packets = UInt32(opening.answers)
      halves[server].largestWindow = UInt32(opening.answerWindow)
    }
    return slot
  }

  // MARK: Giving up

  /// Gives up the opening that nobody has completed for the longest time.
  mutating func giveUpHalfOpen() {
    let node = halfOpen.oldest
    if node >= 0 {
      end(Int(node))
      release(Int(node))
    } else if let place = UsageList.pending(node) {
      giveUp(pending: place)
    }
  }

  mutating func giveUp(pending place: Int) {
    unlink(pending: place)
    pending.giveUp(place)
    events.append(.givenUp(opening: place))
  }

  /// By the latest time when the last of a member of `halfOpen` was seen.
  func lastSeen(_ node: Int32) -> Int64 {
    UsageList.pending(node).map { pending[$0].lastSeen } ?? connections[Int(node)].lastSeen
  }

  // MARK: Among what is half-open

  private mutating func link(pending place: Int) {
    let node = UsageList.node(pending: place)
    let before = halfOpen.append(node)
    pending.setNeighbours(place, older: before, younger: UsageList.none)
    setYounger(of: before, to: node)
    if halfOpen.count == 1 { noteNextDue() }
  }

  private mutating func unlink(pending place: Int) {
    let (older, younger) = (pending[place].older, pending[place].younger)
    halfOpen.remove(older: older, younger: younger)
    setYounger(of: older, to: younger)
    setOlder(of: younger, to: older)
  }

  private mutating func moveToYoungest(pending place: Int) {
    unlink(pending: place)
    link(pending: place)
  }

  /// A connection takes its opening's place.
  private mutating func replaceInHalfOpen(pending place: Int, by slot: Int) {
    let (older, younger) = (pending[place].older, pending[place].younger)
    halfOpen.replace(older: older, younger: younger, by: Int32(slot))
    connections[slot].list = .halfOpen
    connections[slot].older = older
    connections[slot].younger = younger
    setYounger(of: older, to: Int32(slot))
    setOlder(of: younger, to: Int32(slot))
  }

  mutating func setYounger(of node: Int32, to other: Int32) {
    if node >= 0 {
      connections[Int(node)].younger = other
    } else if let place = UsageList.pending(node) {
      pending.setNeighbours(place, older: pending[place].older, younger: other)
    }
  }

  mutating func setOlder(of node: Int32, to other: Int32) {
    if node >= 0 {
      connections[Int(node)].older = other
    } else if let place = UsageList.pending(node) {
      pending.setNeighbours(place, older: other, younger: pending[place].younger)
    }
  }
}
