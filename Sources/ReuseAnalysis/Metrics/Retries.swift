import BasicContainers
import HTTP1

/// Exchanges that ended unanswered a moment ago, for the retries that may follow (METRICS.md §1, retry).
///
/// What was asked, of whom and by whom, is kept as a seeded hash. The last few are kept of all pools together, and none for longer
/// than 5 s.
struct RetryMemory: ~Copyable, Sendable {
  struct Unanswered: Sendable {
    /// Of method, target, host and pool; never 0.
    var key: UInt64
    var connection: Int
    var index: Int
    /// When it was certain that no answer would come.
    var time: Int64
  }

  // Not private: Swift 6.3.1 crashes on a debug build with a private element type here.
  struct Entry: Sendable {
    /// A key of 0: it is not remembered any more.
    var exchange: Unanswered
    /// Those of the same key that came before and after it.
    var older: Int32 = -1
    var younger: Int32 = -1
  }

  static let span: Int64 = 5_000_000_000
  static let capacity = 1 << 15
  /// Of as many that asked for the same, the last are looked at.
  private static let steps = 32

  /// In the order in which they came; from `capacity` on the latest takes the place of the oldest.
  private var entries = UniqueArray<Entry>()
  /// The one here, if it is before `next`, is remembered.
  private var oldest = 0
  private var next = 0
  /// To the latest of each key.
  private var index = HashIndex()
  /// How many made room for others before their time was over.
  private(set) var lost = 0
  private let seed = UInt64.random(in: 0 ... .max)

  @inline(__always) var isEmpty: Bool { oldest == next }

  /// Returns its place, by which it may be forgotten.
  mutating func add(_ exchange: Unanswered) -> Int32 {
    drop(before: exchange.time &- Self.span)
    if next &- oldest == Self.capacity {
      lost += 1
      unlink(oldest % Self.capacity)
    }
    let place = next % Self.capacity
    next += 1
    var entry = Entry(exchange: exchange)
    if case let before = find(exchange.key), before >= 0 {
      index.remove(Int32(before), hash: exchange.key)
      entries[before].younger = Int32(place)
      entry.older = Int32(before)
    }
    if place < entries.count { entries[place] = entry } else { entries.append(entry) }
    index.insert(Int32(place), hash: exchange.key)
    return Int32(place)
  }

  /// The latest exchange that a request on another connection repeats. It is not repeated a second time: when the retry goes
  /// unanswered too, that one is there to be repeated.
  mutating func take(_ key: UInt64, connection: Int, at time: Int64) -> Unanswered? {
    drop(before: time &- Self.span)
    var place = find(key)
    var steps = 0
    while place >= 0, steps < Self.steps {
      let exchange = entries[place].exchange
      if exchange.connection != connection, time &- exchange.time <= Self.span {
        unlink(place)
        return exchange
      }
      place = Int(entries[place].older)
      steps += 1
    }
    return nil
  }

  /// It may be answered after all. It may have been repeated, or another may have its place by now.
  mutating func forget(_ place: Int32, connection: Int, index: Int) {
    let exchange = entries[Int(place)].exchange
    guard exchange.key != 0, exchange.connection == connection, exchange.index == index else { return }
    unlink(Int(place))
  }

  /// The place of the latest of a key, -1 when there is none.
  private func find(_ key: UInt64) -> Int {
    var steps = 0
    while case let place = index.candidate(key, &steps), place >= 0 {
      if entries[Int(place)].exchange.key == key { return Int(place) }
    }
    return -1
  }

  private mutating func unlink(_ place: Int) {
    let entry = entries[place]
    if entry.younger >= 0 {
      entries[Int(entry.younger)].older = entry.older
    } else {
      index.remove(Int32(place), hash: entry.exchange.key)
      if entry.older >= 0 { index.insert(entry.older, hash: entry.exchange.key) }
    }
    if entry.older >= 0 { entries[Int(entry.older)].younger = entry.younger }
    entries[place].exchange.key = 0
    while oldest < next, entries[oldest % Self.capacity].exchange.key == 0 { oldest += 1 }
  }

  /// Drops those from before a time.
  private mutating func drop(before time: Int64) {
    while oldest < next, case let place = oldest % Self.capacity, entries[place].exchange.time < time { unlink(place) }
  }

  /// A hash of method, target and host (by its serial number). The request line holds the first two one after the other.
  @inline(__always)
  func fingerprint(_ octets: Span<UInt8>, host: UInt32) -> UInt64 {
    max(octets.hash(seed: seed, with: host), 1)
  }
}

extension Analyzer {
  /// What a request asks for: 0 where that is not known.
  @inline(__always)
  func fingerprint(of head: RequestHead, _ text: Span<UInt8>, host: Int32) -> UInt64 {
    // A host that found no room in the table cannot be told from others.
    guard head.host == nil || host >= 0, head.method.start <= head.target.end else { return 0 }
    return retries.fingerprint(
      text.extracting(head.method.range.lowerBound..<head.target.range.upperBound),
      host: host >= 0 ? groups.hosts[Int(host)].serial : 0)
  }

  @inline(never)
  mutating func findRepeated(_ exchange: Int, slot: Int) {
    guard !open[exchange].isRetry, case let key = retryKey(exchange, slot: slot), key != 0,
      let found = retries.take(key, connection: states[slot].id, at: open[exchange].request.start)
    else { return }
    totals.retries += 1
    open[exchange].isRetry = true
    repeated[Int32(exchange)] = (found.connection, found.index)
  }

  /// No answer will come any more to what has none.
  mutating func noteUnanswered(_ slot: Int) {
    // The answer may have been among the octets that the capture lacks.
    guard states[slot].firstUnanswered >= 0, pairs[pair(slot)].response.lostUntil == .min,
      !states[slot].carried.isOpaque
    else { return }
    var i = states[slot].firstUnanswered
    while i >= 0 {
      noteUnanswered(Int(i), slot: slot)
      i = open[Int(i)].next
    }
  }

  mutating func noteUnanswered(_ exchange: Int, slot: Int) {
    guard open[exchange].isUnanswered, open[exchange].placeRemembered < 0,
      case let key = retryKey(exchange, slot: slot), key != 0
    else { return }
    open[exchange].placeRemembered = retries.add(
      RetryMemory.Unanswered(
        key: key, connection: states[slot].id, index: Int(open[exchange].index), time: latest))
  }

  /// A connection whose end was none: what it has not answered may be answered yet.
  mutating func forgetUnanswered(_ slot: Int) {
    var i = Int(states[slot].firstUnanswered)
    while i >= 0 {
      if case let place = open[i].placeRemembered, place >= 0 {
        open[i].placeRemembered = -1
        retries.forget(place, connection: states[slot].id, index: Int(open[i].index))
      }
      i = Int(open[i].next)
    }
  }

  /// What a request is known by that asks for the same in the same pool: 0 where that is not known.
  private func retryKey(_ exchange: Int, slot: Int) -> UInt64 {
    let pool = Int(states[slot].pool)
    guard pool >= 0, open[exchange].fingerprint != 0 else { return 0 }
    var mix = Mix(seed: open[exchange].fingerprint)
    mix.add(groups.pools[pool].client.low)
    mix.add(groups.pools[pool].client.high)
    mix.add(UInt64(groups.servers[Int(groups.pools[pool].server)].serial))
    return max(mix.value, 1)
  }

  /// The exchange that the one at `exchange` repeats; asked once, when it is reported.
  mutating func takeRepeated(_ exchange: Int) -> (connection: Int, index: Int)? {
    open[exchange].isRetry ? repeated.removeValue(forKey: Int32(exchange)) : nil
  }
}
