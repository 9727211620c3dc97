import Wire

/// What is left of pools that had to make room for others: their part of every sum that is made over pools.
struct FoldedPools: Sendable {
  /// One that came back, and was folded again, counts twice.
  var pools = 0
  /// Those that came back, as far as they were remembered.
  var back = 0
  var reused = 0
  var exchangesSeenOpening = 0
  var idealConnections = 0
  /// The most connections that one of them had open at once.
  var peakOpen: Int32 = 0
  /// METRICS.md §2, handshakes saved: by the pool's own median…
  var timeSaved: Int64 = 0
  /// … and the reused exchanges of pools without one, for which their server's median stands.
  var reusedUntimed = 0

  /// Takes in a pool that will have no further connection.
  mutating func add(_ pool: Pool) {
    pools += 1
    let reused = pool.figures.reused
    self.reused += reused
    exchangesSeenOpening += pool.figures.exchangesSeenOpening
    idealConnections += pool.idealConnections
    peakOpen = max(peakOpen, pool.concurrency.peak)
    if let median = pool.figures.setup.quantile(0.5) {
      timeSaved = Self.sum(timeSaved, Self.product(median, reused))
    } else {
      reusedUntimed += reused
    }
  }

  /// Takes in a pool whose only connection nobody answered.
  mutating func addVain() {
    pools += 1
    peakOpen = max(peakOpen, 1)
  }

  /// Takes in those of a server that will have no further connection; `median`: its handshakes'.
  mutating func add(_ other: FoldedPools, median: Int64?) {
    pools += other.pools
    back += other.back
    reused += other.reused
    exchangesSeenOpening += other.exchangesSeenOpening
    idealConnections += other.idealConnections
    peakOpen = max(peakOpen, other.peakOpen)
    let saved = other.saved(median: median)
    timeSaved = Self.sum(timeSaved, saved.time)
    reusedUntimed += saved.notTimed
  }

  /// The time saved, and the reused exchanges for which it is not known.
  func saved(median: Int64?) -> (time: Int64, notTimed: Int) {
    guard let median else { return (timeSaved, reusedUntimed) }
    return (Self.sum(timeSaved, Self.product(median, reusedUntimed)), 0)
  }

  static func product(_ duration: Int64, _ count: Int) -> Int64 {
    let (product, overflow) = duration.multipliedReportingOverflow(by: Int64(count))
    return overflow ? .max : product
  }

  private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}

/// The pools that were folded last, by the hashes of their keys: whether one has been there before. So many are
/// kept for certain, and twice as many at most.
struct FoldedKeys: Sendable {
  private var recent: Set<UInt64> = []
  private var older: Set<UInt64> = []
  private let limit: Int
  private let seed = UInt64.random(in: 0 ... .max)

  init(limit: Int) { self.limit = limit }

  mutating func insert(_ client: IPAddress, _ server: Endpoint) {
    if recent.count >= limit {
      older = recent
      recent = []
    }
    recent.insert(hash(client, server))
  }

  func contains(_ client: IPAddress, _ server: Endpoint) -> Bool {
    let hash = hash(client, server)
    return recent.contains(hash) || older.contains(hash)
  }

  private func hash(_ client: IPAddress, _ server: Endpoint) -> UInt64 {
    var mix = Mix(seed: seed)
    mix.add(client.low)
    mix.add(client.high)
    mix.add(server.address.low)
    mix.add(server.address.high ^ UInt64(server.port) << 32)
    return mix.value
  }
}
