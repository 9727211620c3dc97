/// ``GroupFigures`` of a pool: most pools have few connections, so this is small as long as there are few.
struct PoolFigures: Sendable {
  private(set) var exchanges = 0
  /// Exchanges with a request, on connections whose opening was seen.
  private(set) var exchangesSeenOpening = 0
  private(set) var reused = 0
  private(set) var setup = SparseHistogram()
  private var requestsPerConnection = SparseHistogram()
  private var connections: UInt32 = 0
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
    if openingSeen { exchangesSeenOpening += Int(counts.withRequest) }
    fresh &+= UInt32(counts.fresh)
    reused += Int(counts.reused)
    unknown &+= UInt32(counts.unknown)
  }

  func fill(_ group: inout Summary.Group) {
    var figures = GroupFigures()
    figures.connections = Int(connections)
    // Each was paid for, or failed.
    figures.openingSeen = Int(paid) + Int(failed)
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
  enum Rest: Sendable {
    case none
    case few([Int64])
    /// All of them, the first too: one histogram.
    case many([Histogram])
  }

  /// The first value; -1: none.
  private var first: Int64 = -1
  private var rest = Rest.none
  private static let few = 16

  /// Adds a value; a negative one counts as 0.
  mutating func add(_ value: Int64) {
    let value = max(0, value)
    if first < 0 { first = value } else { addNext(value) }
  }

  @inline(never)
  private mutating func addNext(_ value: Int64) {
    // `rest` is left empty meanwhile: what is in it must not be shared, or it would be copied.
    switch exchange(&rest, with: .none) {
    case .none:
      rest = .few([value])
    case .few(var values):
      values.append(value)
      rest = values.count < Self.few ? .few(values) : .many([histogram(of: values)])
    case .many(var all):
      all[0].add(value)
      rest = .many(all)
    }
  }

  private func histogram(of more: [Int64]) -> Histogram {
    var histogram = Histogram()
    if first >= 0 { histogram.add(first) }
    for value in more { histogram.add(value) }
    return histogram
  }

  var histogram: Histogram {
    switch rest {
    case .none: histogram(of: [])
    case .few(let values): histogram(of: values)
    case .many(let all): all[0]
    }
  }

  /// As ``Histogram/quantile(_:)``.
  func quantile(_ share: Double) -> Int64? {
    switch rest {
    case .none: first < 0 ? nil : first
    case .few(let values): Histogram.quantile(share, ofSorted: ([first] + values).sorted())
    case .many(let all): all[0].quantile(share)
    }
  }
}
