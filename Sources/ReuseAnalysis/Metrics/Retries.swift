import HTTP1

/// Exchanges that ended unanswered a moment ago, for the retries that may follow (METRICS.md §1, retry).
///
/// What was asked is kept as a seeded hash. Only pools in which something went unanswered are remembered, each with its
/// last few exchanges, and all is forgotten after 5 s without another one.
struct RetryMemory: ~Copyable, Sendable {
  struct Unanswered: Sendable {
    /// Of method, target and host; never 0.
    var fingerprint: UInt64
    var connection: Int
    var index: Int
    /// When it was certain that no answer would come.
    var time: Int64
  }

  static let span: Int64 = 5_000_000_000
  static let pools = 1024
  static let exchanges = 32

  private var byPool: [Int32: [Unanswered]] = [:]
  private var latest: Int64 = .min
  private let seed = UInt64.random(in: 0 ... .max)

  @inline(__always) var isEmpty: Bool { byPool.isEmpty }

  mutating func add(_ exchange: Unanswered, pool: Int32) {
    guard exchange.fingerprint != 0 else { return }
    if byPool[pool] == nil, byPool.count >= Self.pools {
      byPool = byPool.filter { $0.value.contains { exchange.time &- $0.time <= Self.span } }
      guard byPool.count < Self.pools else { return }
    }
    var list = byPool.removeValue(forKey: pool) ?? []
    if list.count >= Self.exchanges { list.removeFirst() }
    list.append(exchange)
    byPool[pool] = list
    latest = max(latest, exchange.time)
  }

  /// The latest exchange that a request on another connection of the pool repeats. It is not repeated a second time: when
  /// the retry goes unanswered too, that one is there to be repeated.
  mutating func take(_ fingerprint: UInt64, pool: Int32, connection: Int, at time: Int64) -> Unanswered? {
    guard time &- latest <= Self.span else {
      byPool = [:]
      return nil
    }
    guard fingerprint != 0, let list = byPool[pool],
      let i = list.lastIndex(where: {
        $0.fingerprint == fingerprint && $0.connection != connection && time &- $0.time <= Self.span
      })
    else { return nil }
    let found = list[i]
    byPool[pool]?.remove(at: i)
    if list.count == 1 { byPool[pool] = nil }
    return found
  }

  /// A pool has made room for another one.
  mutating func forget(pool: Int32) { byPool[pool] = nil }

  /// A connection whose end was none.
  mutating func forget(connection: Int, pool: Int32) {
    byPool[pool]?.removeAll { $0.connection == connection }
    if byPool[pool]?.isEmpty == true { byPool[pool] = nil }
  }

  /// A hash of method, target and host (by its serial number). The request line holds the first two one after the other.
  @inline(__always)
  func fingerprint(_ octets: Span<UInt8>, host: UInt32) -> UInt64 {
    var rest = octets
    var h = seed ^ UInt64(truncatingIfNeeded: rest.count) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(host)
    while rest.count >= 8 {
      let low = UInt64(rest[0]) | UInt64(rest[1]) << 8 | UInt64(rest[2]) << 16 | UInt64(rest[3]) << 24
      let high = UInt64(rest[4]) | UInt64(rest[5]) << 8 | UInt64(rest[6]) << 16 | UInt64(rest[7]) << 24
      h = (h ^ (low | high << 32)) &* 0xBF58_476D_1CE4_E5B9
      h ^= h >> 29
      rest = rest.extracting(droppingFirst: 8)
    }
    var last: UInt64 = 0
    for i in rest.indices { last = last << 8 | UInt64(rest[i]) }
    h = (h ^ last) &* 0x94D0_49BB_1331_11EB
    h ^= h >> 31
    return h == 0 ? 1 : h
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
    let pool = states[slot].pool
    guard pool >= 0, open[exchange].fingerprint != 0, !open[exchange].isRetry,
      let found = retries.take(
        open[exchange].fingerprint, pool: pool, connection: states[slot].id, at: open[exchange].request.start)
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
    guard states[slot].pool >= 0, open[exchange].isUnanswered, !open[exchange].isRemembered else { return }
    open[exchange].isRemembered = true
    retries.add(
      RetryMemory.Unanswered(
        fingerprint: open[exchange].fingerprint, connection: states[slot].id, index: Int(open[exchange].index),
        time: latest),
      pool: states[slot].pool)
  }

  /// The exchange that the one at `exchange` repeats; asked once, when it is reported.
  mutating func takeRepeated(_ exchange: Int) -> (connection: Int, index: Int)? {
    open[exchange].isRetry ? repeated.removeValue(forKey: Int32(exchange)) : nil
  }
}
