import TCPStreams
import Wire

/// The connections that one client could have used for the same request (METRICS.md §1), and what they did. Whether they carry
/// TLS is kept beside what it is known by: it is not known at a SYN.
///
/// There may be a pool for every client of a server: hundreds of thousands.
struct Pool: Sendable {
  // In an order without gaps.
  let client: IPAddress
  var figures = PoolFigures()
  /// -1: this place is free.
  let server: Int32
  var concurrency = Concurrency()
  var busyPeak = BusyPeak()
  /// Connections by ``Availability``.
  private var available = InlineArray<6, Int32>(repeating: 0)
  /// Connections that count in it and have not given their rows; -1: not held yet.
  var users: Int32 = -1
  /// The end of the last exchange of the last connection to end here, `.min` when unknown.
  var lastUse: Int64 = .min
  private var ends = PoolEnds()
  var tls = false
  /// Had a connection before; also when it was folded since (``FoldedKeys``).
  var everOpened = false
  /// How the last connection to end here did.
  var lastEnd: OpeningCause?
  /// Connections whose opening was seen and that carried an exchange.
  private var usedConnections: UInt32 = 0

  /// Ports of the client in use towards the server: of open connections and of those in TIME-WAIT at the client.
  var ports: Int32 = 0
  var portsPeak: Int32 = 0
  /// Where those in TIME-WAIT are, in ``TimeWaits``; -1: there are none.
  var waitingPorts: Int32 = -1

  init(client: IPAddress, server: Int32) {
    self.client = client
    self.server = server
  }

  var isFree: Bool { server < 0 }

  /// Charges an opening at `time` to the end of an earlier connection.
  mutating func charge(at time: Int64) -> AvoidableEnd? { ends.charge(at: time) }

  mutating func note(_ end: AvoidableEnd, idleSince: Int64) { ends.note(end, idleSince: idleSince) }

  mutating func noteUsed() { usedConnections &+= 1 }
  var used: Int { Int(usedConnections) }

  /// METRICS.md §2. What was used was enough: a connection that could not persist may have been the one of the peak.
  var idealConnections: Int { min(used, busyPeak.idealConnections) }

  func count(_ availability: Availability) -> Int32 { available[Int(availability.rawValue)] }

  mutating func move(from old: Availability, to new: Availability) {
    available[Int(old.rawValue)] &-= 1
    available[Int(new.rawValue)] &+= 1
  }

  /// A connection has something in progress now. Its periods count where its opening was seen.
  mutating func makeBusy(_ slot: Int, from old: Availability, isSeen: Bool, in nodes: inout BusyPeak.Nodes) {
    if old != .busy { move(from: old, to: .busy) }
    if isSeen { busyPeak.begin(slot, in: &nodes) }
  }

  /// Why a connection is opened now (METRICS.md §3): the first that fits.
  func cause() -> OpeningCause {
    if !everOpened { return .firstContact }
    if count(.idle) > 0 { return .missedReuse }
    if count(.opaque) > 0 || tls { return .afterUnknown }
    if count(.opening) + count(.busy) > 0 { return .allBusy }
    return lastEnd ?? .afterUnknown
  }
}

/// How many were there at once: the peak, and how long there was one and more than one.
struct Concurrency: Sendable {
  private(set) var now: Int32 = 0
  private(set) var peak: Int32 = 0
  private(set) var timeWithAny: Int64 = 0
  private(set) var timeWithMany: Int64 = 0
  private var since: Int64 = 0

  mutating func change(by n: Int32, at time: Int64) {
    let elapsed = max(0, time &- since)
    if now > 0 { timeWithAny &+= elapsed }
    if now > 1 { timeWithMany &+= elapsed }
    since = now > 0 ? max(since, time) : time
    now += n
    if now > peak { peak = now }
  }

  mutating func settle(at time: Int64) { change(by: 0, at: time) }
}

/// Exchanges of one connection that are over and not yet added to its pool, server and host: those are reached once for
/// many exchanges.
struct ExchangeCounts: Sendable {
  var exchanges: Int32 = 0
  /// Of those with a request.
  var fresh: Int32 = 0
  var reused: Int32 = 0
  var unknown: Int32 = 0

  var withRequest: Int32 { fresh &+ reused &+ unknown }
}

/// What an ended connection adds to the figures of the groups that it belongs to.
struct EndedConnection: Sendable {
  var exchanges: Int32
  var openingSeen: Bool
  /// Its handshake was completed, or failed.
  var paid, failed: Bool
  var setup: Int64?
  /// -1: nothing said.
  var advertisedTimeout, advertisedMax: Int32
}

/// The figures that are kept for a server, a pool and a host alike, and for the whole.
struct GroupFigures: Sendable {
  var connections = 0
  var openingSeen = 0
  var httpConnections = 0
  var exchanges = 0
  /// Exchanges with a request, on connections whose opening was seen.
  var exchangesSeenOpening = 0
  var fresh = 0
  var reused = 0
  var unknown = 0
  var handshakesPaid = 0
  var handshakesFailed = 0
  var setup = Histogram()
  var requestsPerConnection = Histogram()
  var advertisedTimeout: Int?
  var advertisedMax: Int?

  /// METRICS.md §2: exchanges of unknown use count as fresh for the lower bound and as reused for the upper.
  var ratio: ClosedRange<Double>? {
    let all = fresh + reused + unknown
    guard all > 0 else { return nil }
    return Double(reused) / Double(all)...Double(reused + unknown) / Double(all)
  }

  mutating func add(_ c: EndedConnection) {
    connections += 1
    if c.openingSeen { openingSeen += 1 }
    if c.exchanges > 0 {
      httpConnections += 1
      requestsPerConnection.add(Int64(c.exchanges))
    }
    if c.paid { handshakesPaid += 1 }
    if c.failed { handshakesFailed += 1 }
    if let setup = c.setup { self.setup.add(setup) }
    if c.advertisedTimeout >= 0 { advertisedTimeout = Int(c.advertisedTimeout) }
    if c.advertisedMax >= 0 { advertisedMax = max(advertisedMax ?? 0, Int(c.advertisedMax)) }
  }

  /// Adds an exchange that is over: its use, if it has a request.
  mutating func add(_ use: ConnectionUse?, openingSeen: Bool) {
    exchanges += 1
    if openingSeen, use != nil { exchangesSeenOpening += 1 }
    switch use {
    case .fresh: fresh += 1
    case .reused: reused += 1
    case .unknown: unknown += 1
    case nil: break
    }
  }

  /// Adds exchanges of one connection that are over.
  mutating func add(_ counts: ExchangeCounts, openingSeen: Bool) {
    exchanges += Int(counts.exchanges)
    if openingSeen { exchangesSeenOpening += Int(counts.withRequest) }
    fresh += Int(counts.fresh)
    reused += Int(counts.reused)
    unknown += Int(counts.unknown)
  }

  func fill(_ group: inout Summary.Group) {
    group.connections = connections
    group.openingSeen = openingSeen
    group.exchanges = exchanges
    group.fresh = fresh
    group.reused = reused
    group.unknown = unknown
    group.ratio = ratio
    group.handshakesPaid = handshakesPaid
    group.handshakesFailed = handshakesFailed
    group.setup = setup.distribution
    group.timePaid = Int64(clamping: setup.sum)
    group.requestsPerConnection = requestsPerConnection.distribution
    group.advertisedTimeout = advertisedTimeout
    group.advertisedMax = advertisedMax
  }
}

/// How many connections were opened for each cause, and how long their handshakes took.
struct CauseTable: Sendable {
  private var connections = InlineArray<9, Int>(repeating: 0)
  private var setupTime = InlineArray<9, Int64>(repeating: 0)
  private var timed = InlineArray<9, Int>(repeating: 0)

  mutating func add(_ cause: OpeningCause, setup: Int64?) {
    connections[cause.position] += 1
    guard let setup else { return }
    setupTime[cause.position] &+= setup
    timed[cause.position] += 1
  }

  var rows: [Summary.Cause] {
    OpeningCause.allCases.map {
      Summary.Cause(
        cause: $0, connections: connections[$0.position], setupTime: setupTime[$0.position], timed: timed[$0.position])
    }
  }
}

/// How many connections ended in which way.
struct CloseTable: Sendable {
  /// By reason, and by client, server and nobody.
  private var counts = InlineArray<27, Int>(repeating: 0)

  mutating func add(_ reason: CloseReason, by side: Side?) {
    counts[Self.place(reason, side)] += 1
  }

  private static func place(_ reason: CloseReason, _ side: Side?) -> Int {
    reason.position * 3 + (side == nil ? 2 : side == .client ? 0 : 1)
  }

  /// Most connections first.
  var rows: [Summary.Close] {
    var rows: [Summary.Close] = []
    for reason in CloseReason.allCases {
      for side in [Side.client, .server, nil] {
        let connections = counts[Self.place(reason, side)]
        if connections > 0 { rows.append(.init(reason: reason, closedBy: side, connections: connections)) }
      }
    }
    return rows.sorted {
      ($1.connections, $0.reason.rawValue, $0.closedBy?.rawValue ?? "")
        < ($0.connections, $1.reason.rawValue, $1.closedBy?.rawValue ?? "")
    }
  }
}

/// A server: one address and port.
struct Server: Sendable {
  var endpoint: Endpoint
  /// Its number among all that there were; 0: this place is free.
  let serial: UInt32
  /// Connections that count at it and have not given their rows; -1: not held yet.
  var users: Int32 = -1
  /// Its pools that had to make room.
  var folded = FoldedPools()
  var figures = GroupFigures()
  var idleGaps = Histogram()
  var causes = CauseTable()
  var closes = CloseTable()
  /// Tail idle times of connections that the server, and that its clients, closed while idle.
  var serverIdleCloses = Histogram()
  var clientIdleCloses = Histogram()
  /// Exchanges on connections that ended with an unasked `Connection: close` of the server, and how many such connections.
  var closedAfter: [Int: ClosedAfter] = [:]
  var closeRaces = 0
  /// Connections whose SYN was seen, counted as they open.
  var opened = 0
  /// Idle gaps that ended in a raced request.
  var racedGaps = Histogram()
  /// Connection-nanoseconds idle and open, over connections whose opening was seen.
  var idleTime: Int128 = 0
  var openTime: Int128 = 0
  /// Its line of the load over time; -1: none yet.
  var loadLine: Int32 = -1
  /// There was no room for one.
  static let noLoadLine: Int32 = -2
  var record = ServerRecord()
  static let closeCountLimit = 1024

  init(endpoint: Endpoint, serial: UInt32) {
    self.endpoint = endpoint
    self.serial = serial
  }

  var isFree: Bool { serial == 0 }

  /// Whether the connection is now an example of its number of exchanges.
  mutating func noteUnaskedClose(after exchanges: Int, connection: Int) -> Bool {
    guard closedAfter[exchanges] != nil || closedAfter.count < Self.closeCountLimit else { return false }
    var closed = closedAfter[exchanges] ?? ClosedAfter()
    closed.connections += 1
    let isExample = closed.examples.count < Finding.exampleLimit
    if isExample { closed.examples.append(connection) }
    closedAfter[exchanges] = closed
    return isExample
  }

  mutating func add(_ ended: EndedConnection, cause: OpeningCause?, _ reason: CloseReason, by side: Side?) {
    figures.add(ended)
    closes.add(reason, by: side)
    if let cause { causes.add(cause, setup: ended.setup) }
  }

  /// METRICS.md §4: the densest cluster, max(0.5 s, 10 %) wide.
  static func timeout(from closes: Histogram) -> Summary.InferredTimeout? {
    guard let cluster = closes.densestCluster(width: { max(500_000_000, $0 / 10) }) else { return nil }
    return Summary.InferredTimeout(
      timeout: cluster.median, connections: cluster.count, of: closes.count, spread: cluster.spread,
      asDefaultOf: KnownDefaults.timeout(of: cluster.median))
  }

  /// The most common number of exchanges, with two connections at least; of equal ones the largest.
  var requestLimit: Summary.InferredRequestLimit? {
    closedAfter.filter { $0.value.connections > 1 }.max {
      ($0.value.connections, $0.key) < ($1.value.connections, $1.key)
    }
    .map { Summary.InferredRequestLimit(requests: $0.key, connections: $0.value.connections) }
  }
}

/// A Host value, as sent.
struct HostEntry: Sendable {
  var octets: [UInt8]
  /// Its number among all that there were; 0: this place is free.
  let serial: UInt32
  /// When a connection began to ask for it, or ended, last.
  var lastUse: Int64 = .min
  var figures = GroupFigures()
  var idleGaps = Histogram()

  init(octets: [UInt8], serial: UInt32) {
    self.octets = octets
    self.serial = serial
  }

  var isFree: Bool { serial == 0 }
}
