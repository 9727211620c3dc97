/// ``GroupFigures`` of a pool: most pools have few connections, so this is small as long as there are few.
struct PoolFigures: Sendable {
  private(set) var exchanges = 0
  /// Exchanges on connections whose opening was seen.
  private(set) var exchangesSeenOpening = 0
  private(set) var reused = 0
  private(set) var setup = SparseHistogram()
  private var requestsPerConnection = SparseHistogram()
  private var connections: UInt32 = 0
  private var openingSeen: UInt32 = 0
  private var fresh: UInt32 = 0
  private var unknown: UInt32 = 0
  private var paid: UInt32 = 0
  private var failed: UInt32 = 0
  /// -1: nothing said.
  private var advertisedTimeout: Int32 = -1
  private var advertisedMax: Int32 = -1

  var handshakesPaid: Int { Int(paid) }

  mutating func add(_ c: EndedConnection) {
    connections &+= 1
    if c.openingSeen { openingSeen &+= 1 }
    if c.exchanges > 0 { requestsPerConnection.add(Int64(c.exchanges)) }
    if c.paid { paid &+= 1 }
    if c.failed { failed &+= 1 }
    if let setup = c.setup { self.setup.add(setup) }
    if c.advertisedTimeout >= 0 { advertisedTimeout = c.advertisedTimeout }
    if c.advertisedMax >= 0 { advertisedMax = max(advertisedMax, c.advertisedMax) }
  }

  /// Adds exchanges of one connection that are over.
  mutating func add(_ counts: ExchangeCounts, openingSeen: Bool) {
    exchanges += Int(counts.exchanges)
    if openingSeen { exchangesSeenOpening += Int(counts.exchanges) }
    fresh &+= UInt32(counts.fresh)
    reused += Int(counts.reused)
    unknown &+= UInt32(counts.unknown)
  }

  func fill(_ group: inout Summary.Group) {
    var figures = GroupFigures()
    figures.connections = Int(connections)
    figures.openingSeen = Int(openingSeen)
    figures.exchanges = exchanges
    figures.exchangesSeenOpening = exchangesSeenOpening
    figures.fresh = Int(fresh)
    figures.reused = reused
    figures.unknown = Int(unknown)
    figures.handshakesPaid = Int(paid)
    figures.handshakesFailed = Int(failed)
    figures.setup = setup.histogram
    figures.requestsPerConnection = requestsPerConnection.histogram
    figures.advertisedTimeout = advertisedTimeout < 0 ? nil : Int(advertisedTimeout)
    figures.advertisedMax = advertisedMax < 0 ? nil : Int(advertisedMax)
    figures.fill(&group)
  }
}

/// A ``Histogram`` that is made when there are more than a few values: its buckets take kilobytes where the values differ much.
struct SparseHistogram: Sendable {
  /// The first value; -1: none.
  private var first: Int64 = -1
  /// Those after it, while they are few.
  private var more: [Int64] = []
  private var all: [Histogram] = []
  private static let few = 16

  /// Adds a value; a negative one counts as 0.
  mutating func add(_ value: Int64) {
    let value = max(0, value)
    if first < 0 {
      first = value
    } else if !all.isEmpty {
      all[0].add(value)
    } else if more.count < Self.few - 1 {
      more.append(value)
    } else {
      var histogram = histogram
      histogram.add(value)
      all.append(histogram)
      more = []
    }
  }

  var histogram: Histogram {
    if let histogram = all.first { return histogram }
    var histogram = Histogram()
    if first >= 0 { histogram.add(first) }
    for value in more { histogram.add(value) }
    return histogram
  }

  /// As ``Histogram/quantile(_:)``.
  func quantile(_ share: Double) -> Int64? {
    if let histogram = all.first { return histogram.quantile(share) }
    guard first >= 0 else { return nil }
    guard !more.isEmpty else { return first }
    let values = ([first] + more).sorted()
    return Histogram.quantile(share, ofSorted: values)
  }
}
