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
    let isUnanswered = connection.synCaptured
    makeRoom(forUnanswered: isUnanswered)
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
    if count > highWater { highWater = count }
    index.insert(slot, hash: hash)
    link(slot, in: isUnanswered ? .unanswered : .open)
    events.append(.began(slot: slot))
    return slot
  }

  /// Drops what is remembered first, then what has ended, then what has been idle longest.
  private mutating func makeRoom(forUnanswered isUnanswered: Bool) {
    if isUnanswered, unanswered.count >= limits.unanswered, unanswered.oldest >= 0 { evict(Int(unanswered.oldest)) }
    while count >= limits.connections {
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
        let a = Int(unanswered.oldest)
        let b = Int(open.oldest)
        guard a >= 0 || b >= 0 else { return }
        evict(b < 0 || a >= 0 && connections[a].lastSeen < connections[b].lastSeen ? a : b)
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
    if connections[slot].list == .unanswered { evictedUnanswered += 1 }
    end(slot)
    release(slot)
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
    case .unanswered: before = unanswered.append(Int32(slot))
    case .open: before = open.append(Int32(slot))
    }
    connections[slot].older = before
    connections[slot].younger = -1
    if before >= 0 { connections[Int(before)].younger = Int32(slot) }
    if list == .unanswered, unanswered.count == 1 { noteNextDue() }
  }

  mutating func unlink(_ slot: Int) {
    let older = connections[slot].older
    let younger = connections[slot].younger
    switch connections[slot].list {
    case .none: return
    case .unanswered: unanswered.remove(older: older, younger: younger)
    case .open: open.remove(older: older, younger: younger)
    }
    if older >= 0 { connections[Int(older)].younger = younger }
    if younger >= 0 { connections[Int(younger)].older = older }
    connections[slot].older = -1
    connections[slot].younger = -1
    connections[slot].list = .none
  }
}

/// The two ends of a list of connections by last use: linked through `older` and `younger`.
struct UsageList: Sendable {
  /// A connection keeps its place for so long: the order within a second does not matter for eviction, and moving costs
  /// three cache lines a packet.
  static let step: Int64 = 1_000_000_000

  enum Kind: UInt8, Sendable {
    case none
    /// Only SYNs of one side have been seen.
    case unanswered
    case open
  }

  private(set) var oldest: Int32 = -1
  private(set) var youngest: Int32 = -1
  private(set) var count = 0

  /// Puts a slot at the young end, and gives the one before it.
  mutating func append(_ slot: Int32) -> Int32 {
    let before = youngest
    if before < 0 { oldest = slot }
    youngest = slot
    count += 1
    return before
  }

  /// Takes out a slot whose neighbours are given.
  mutating func remove(older: Int32, younger: Int32) {
    if older < 0 { oldest = younger }
    if younger < 0 { youngest = older }
    count -= 1
  }
}
