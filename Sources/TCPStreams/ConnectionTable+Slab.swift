import Wire

// Where connections are kept: their slots, and who makes room.
extension ConnectionTable {
  mutating func begin(_ s: TCPSegment, hash: UInt64, side: Int, at time: Int64) -> Int {
    var sender = 0
    var connection = TrackedConnection(key: ConnectionKey(s, sender: &sender), at: time)
    if s.flags.contains(.syn), !s.flags.contains(.rst) {
      connection.opener = Int8(s.flags.contains(.ack) ? 1 - side : side)
      connection.synCaptured = !s.flags.contains(.ack)
    }
    let isHalfOpen = connection.synCaptured
    makeRoom(forHalfOpen: isHalfOpen)
    let slot = insert(connection, hash: hash)
    noteCount()
    link(slot, in: isHalfOpen ? .halfOpen : .open)
    events.append(.began(slot: slot))
    return slot
  }

  /// Gives a new connection its slot; it is in no list.
  mutating func insert(_ new: TrackedConnection, hash: UInt64) -> Int {
    var connection = new
    let slot: Int
    if let reuse = free.popLast() {
      slot = Int(reuse)
      connection.generation = connections[slot].generation &+ 1
      connections[slot] = connection
      halves[slot * 2] = HalfStream()
      halves[slot * 2 + 1] = HalfStream()
    } else {
      slot = connections.count
      connections.doubleIfFull()
      halves.doubleIfFull()
      connections.append(connection)
      halves.append(HalfStream())
      halves.append(HalfStream())
    }
    count += 1
    index.insert(slot, hash: hash)
    return slot
  }

  mutating func noteCount() { if liveConnections > highWater { highWater = liveConnections } }

  /// Drops what is remembered first, then what has ended, then what has been idle longest.
  mutating func makeRoom(forHalfOpen isHalfOpen: Bool) {
    if isHalfOpen, halfOpen.count >= limits.halfOpen {
      // Some at once: their events are worked through together. Of few, one.
      for _ in 0..<min(halfOpen.count, 1 + limits.halfOpen / 1024) { evictHalfOpen() }
    }
    while liveConnections >= limits.connections {
      if let first = remembered.first {
        remembered.removeFirst()
        if isCurrent(first) { release(Int(first.slot)) }
      } else if let first = lingering.first {
        lingering.removeFirst()
        if isCurrent(first) {
          end(Int(first.slot))
          release(Int(first.slot))
        }
      } else {
        let a = halfOpen.oldest
        let b = open.oldest
        if a != UsageList.none, b < 0 || lastSeen(a) < connections[Int(b)].lastSeen {
          evictHalfOpen()
        } else if b >= 0 {
          evict(Int(b))
        } else {
          return
        }
      }
    }
  }

  /// The connection idle longest of those that have not ended; -1 where there is none. Which comes first within a second
  /// is open.
  public var longestIdle: Int { Int(open.oldest) }

  public func nextIdle(after slot: Int) -> Int { Int(connections[slot].younger) }

  /// Ends a connection for want of room, unless it has ended: what comes of it later is another connection.
  public mutating func giveUp(_ slot: Int) -> Bool {
    guard connections[slot].inUse, !connections[slot].reported else { return false }
    evict(slot)
    return true
  }

  /// Reports the end of the connection that has lingered longest; false where there is none.
  public mutating func endFirstLingering() -> Bool {
    while let first = lingering.first {
      lingering.removeFirst()
      guard isCurrent(first), !connections[Int(first.slot)].reported else { continue }
      end(Int(first.slot))
      remembered.append(slot: first.slot, generation: first.generation, time: first.time)
      return true
    }
    return false
  }

  private mutating func evict(_ slot: Int) {
    evicted += 1
    if connections[slot].list == .halfOpen { evictedHalfOpen += 1 }
    end(slot)
    release(slot)
  }

  private mutating func evictHalfOpen() {
    evicted += 1
    evictedHalfOpen += 1
    giveUpHalfOpen()
  }

  /// Frees a slot whose end has been reported: its figures stay until `clearEvents`.
  mutating func release(_ slot: Int) {
    guard connections[slot].inUse else { return }
    recent = RecentFlow()
    index.remove(slot, hash: connections[slot].key.hash(seed: seed))
    unlink(slot)
    connections[slot].inUse = false
    count -= 1
    freed.append(Int32(slot))
  }

  // MARK: By last use

  @inline(never)
  mutating func moveToYoungest(_ slot: Int) {
    let list = connections[slot].list
    unlink(slot)
    link(slot, in: list)
  }

  mutating func link(_ slot: Int, in list: UsageList.Kind) {
    connections[slot].list = list
    let before: Int32
    switch list {
    case .none: return
    case .halfOpen: before = halfOpen.append(Int32(slot))
    case .open: before = open.append(Int32(slot))
    }
    connections[slot].older = before
    connections[slot].younger = UsageList.none
    setYounger(of: before, to: Int32(slot))
    if list == .halfOpen, halfOpen.count == 1 { noteNextDue() }
  }

  mutating func unlink(_ slot: Int) {
    let older = connections[slot].older
    let younger = connections[slot].younger
    switch connections[slot].list {
    case .none: return
    case .halfOpen: halfOpen.remove(older: older, younger: younger)
    case .open: open.remove(older: older, younger: younger)
    }
    setYounger(of: older, to: younger)
    setOlder(of: younger, to: older)
    connections[slot].older = UsageList.none
    connections[slot].younger = UsageList.none
    connections[slot].list = .none
  }
}
