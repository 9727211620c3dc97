/// What tells the fragments of one datagram from others: RFC 791 §3.2 for IPv4, RFC 8200 §4.5 for IPv6, which leaves
/// the protocol out. VLANs and tunnels around them are not part of it.
struct FragmentKey: Hashable {
  var source = IPAddress(high: 0, low: 0)
  var destination = IPAddress(high: 0, low: 0)
  var identification: UInt32 = 0
  /// The protocol of an IPv4 datagram, or `ipv6`.
  var proto: UInt16 = 0

  static let ipv6: UInt16 = 0x100
}

/// A fragment as its header describes it.
struct FragmentPiece {
  var key = FragmentKey()
  /// Where it belongs in the datagram's payload, a multiple of eight.
  var start = 0
  var isLast = false
  /// The protocol of the payload; that of the first fragment counts.
  var proto: UInt8 = 0
  /// Where it lies in the octets that are decoded, how much of it was captured, and how much there was.
  var offset = 0
  var captured = 0
  var length = 0
}

/// A datagram put together.
struct ReassembledDatagram {
  var proto: UInt8
  /// The payload on the wire.
  var length: Int
  /// The payload up to the first octet that was not captured.
  var octets: [UInt8]
}

/// What became of the fragments of datagrams that never were complete.
public struct FragmentCounts: Hashable, Sendable {
  /// Datagrams put together.
  public var completedDatagrams = 0
  /// Datagrams given up: too old, or pending at the end.
  public var incompleteDatagrams = 0
  public var incompleteFragments = 0
  /// Datagrams given up to keep a limit.
  public var evictedDatagrams = 0
  public var evictedFragments = 0

  public init() {}
}

/// The datagrams of which fragments are held, at most `limits` of them; the oldest go first.
///
/// The first copy of an octet wins. Fragments may come in any order. A datagram is complete when its last fragment and
/// everything before were on the wire; of what the capture cut short only the part before the first cut is given.
struct FragmentTable: Sendable {
  private struct Slot: Sendable {
    var key = FragmentKey()
    var created: Int64 = 0
    var previous = -1
    var next = -1
    var datagram = PendingDatagram()
  }

  /// Enough to know the copies of a fragment that some capture points record of every frame.
  private struct Completed: Sendable {
    var key: FragmentKey
    var time: Int64
  }

  enum Insertion {
    case held, limit, refused
    case complete(ReassembledDatagram)
  }

  let limits: PacketDecoder.Limits
  private(set) var counts = FragmentCounts()
  private(set) var octetsHeld = 0
  private var slots: [Slot] = []
  private var free: [Int] = []
  private var index: [FragmentKey: Int] = [:]
  private var oldest = -1
  private var newest = -1
  private var completed: [Completed] = []
  private var nextCompleted = 0

  private static let completedKept = 16
  private static let copyInterval: UInt64 = 10_000_000

  init(limits: PacketDecoder.Limits) { self.limits = limits }

  var datagramsHeld: Int { index.count }

  mutating func insert(_ piece: FragmentPiece, from bytes: Span<UInt8>, at time: Int64) -> Insertion {
    guard piece.start &+ piece.length <= 65535 else { return .refused }
    expire(at: time)
    let slot: Int
    if let known = index[piece.key] {
      slot = known
    } else {
      if isCopy(piece.key, at: time) { return .held }
      guard limits.fragmentedDatagrams > 0 else { return .limit }
      if datagramsHeld >= limits.fragmentedDatagrams { evict(oldest) }
      slot = open(piece.key, at: time)
    }

    let before = slots[slot].datagram.cost
    let accepted = slots[slot].datagram.add(piece, from: bytes)
    octetsHeld += slots[slot].datagram.cost - before
    guard accepted else {
      if slots[slot].datagram.fragments == 0 { close(slot) }
      return .refused
    }
    if let whole = slots[slot].datagram.reassembled() {
      counts.completedDatagrams += 1
      remember(piece.key, at: time)
      close(slot)
      return .complete(whole)
    }
    while octetsHeld > limits.fragmentOctets, oldest >= 0 {
      let victim = oldest
      evict(victim)
      if victim == slot {
        // It was counted with the fragments before it; this packet is the caller's to count.
        counts.evictedFragments -= 1
        return .limit
      }
    }
    return .held
  }

  /// Gives up everything that is pending.
  mutating func removeAll() {
    while oldest >= 0 { giveUp(oldest) }
    completed = []
    nextCompleted = 0
  }

  private mutating func expire(at time: Int64) {
    while oldest >= 0, Self.distance(slots[oldest].created, time) > limits.fragmentLifetime.magnitude {
      giveUp(oldest)
    }
  }

  /// Time may step back, and a capture appended to another may begin at any time: what counts is how far apart.
  private static func distance(_ one: Int64, _ other: Int64) -> UInt64 {
    let difference = other.subtractingReportingOverflow(one)
    return difference.overflow ? .max : difference.partialValue.magnitude
  }

  private mutating func giveUp(_ slot: Int) {
    counts.incompleteDatagrams += 1
    counts.incompleteFragments += slots[slot].datagram.fragments
    close(slot)
  }

  private mutating func evict(_ slot: Int) {
    counts.evictedDatagrams += 1
    counts.evictedFragments += slots[slot].datagram.fragments
    close(slot)
  }

  private mutating func open(_ key: FragmentKey, at time: Int64) -> Int {
    let slot: Int
    if let last = free.popLast() {
      slot = last
    } else {
      slot = slots.count
      slots.append(Slot())
    }
    slots[slot].key = key
    slots[slot].created = time
    slots[slot].previous = newest
    slots[slot].next = -1
    if newest >= 0 { slots[newest].next = slot } else { oldest = slot }
    newest = slot
    index[key] = slot
    octetsHeld += slots[slot].datagram.cost
    return slot
  }

  private mutating func close(_ slot: Int) {
    index[slots[slot].key] = nil
    octetsHeld -= slots[slot].datagram.cost
    let previous = slots[slot].previous
    let next = slots[slot].next
    if previous >= 0 { slots[previous].next = next } else { oldest = next }
    if next >= 0 { slots[next].previous = previous } else { newest = previous }
    slots[slot].datagram = PendingDatagram()
    free.append(slot)
  }

  private mutating func remember(_ key: FragmentKey, at time: Int64) {
    if completed.count < Self.completedKept {
      completed.append(Completed(key: key, time: time))
    } else {
      completed[nextCompleted] = Completed(key: key, time: time)
      nextCompleted = (nextCompleted + 1) % Self.completedKept
    }
  }

  private func isCopy(_ key: FragmentKey, at time: Int64) -> Bool {
    completed.contains { $0.key == key && Self.distance($0.time, time) <= Self.copyInterval }
  }
}
