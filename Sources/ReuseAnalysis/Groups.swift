import HTTP1
import Wire

/// Pools, servers and hosts, each found by its key and bounded in number.
struct Groups: ~Copyable, Sendable {
  var pools: [Pool] = []
  var servers: [Server] = []
  var hosts: [HostEntry] = []
  /// Connections whose pool or server, and exchanges whose host, found no room.
  private(set) var poolsRefused = 0
  private(set) var serversRefused = 0
  private(set) var hostsRefused = 0
  private var poolIndex = HashIndex()
  private var serverIndex = HashIndex()
  private var hostIndex = HashIndex()
  private let poolLimit, serverLimit, hostLimit: Int
  static let hostOctets = 255

  init(_ configuration: AnalyzerConfiguration) {
    poolLimit = configuration.pools
    serverLimit = configuration.servers
    hostLimit = configuration.hosts
  }

  /// The places of a pool and of its server, made at their first connections; -1 when there is no room.
  mutating func pool(client: IPAddress, server endpoint: Endpoint) -> (pool: Int32, server: Int32) {
    let server = self.server(endpoint)
    guard server >= 0 else { return (-1, -1) }
    let seed = poolIndex.seed
    let hash = Pool.hash(client, server, seed: seed)
    var steps = 0
    while case let found = poolIndex.candidate(hash, &steps), found >= 0 {
      if pools[Int(found)].server == server, pools[Int(found)].client == client { return (found, server) }
    }
    guard pools.count < poolLimit else {
      poolsRefused += 1
      return (-1, server)
    }
    let i = Int32(pools.count)
    pools.append(Pool(client: client, server: server))
    poolIndex.insert(i, hash: hash) { Pool.hash(pools[$0].client, pools[$0].server, seed: seed) }
    return (i, server)
  }

  mutating func server(_ endpoint: Endpoint) -> Int32 {
    let seed = serverIndex.seed
    let hash = endpoint.hash(seed: seed)
    var steps = 0
    while case let found = serverIndex.candidate(hash, &steps), found >= 0 {
      if servers[Int(found)].endpoint == endpoint { return found }
    }
    guard servers.count < serverLimit else {
      serversRefused += 1
      return -1
    }
    let i = Int32(servers.count)
    servers.append(Server(endpoint: endpoint))
    serverIndex.insert(i, hash: hash) { servers[$0].endpoint.hash(seed: seed) }
    return i
  }

  mutating func host(_ octets: Span<UInt8>) -> Int32 {
    let name = octets.extracting(first: Self.hostOctets)
    let seed = hostIndex.seed
    let hash = name.hash(seed: seed)
    var steps = 0
    while case let found = hostIndex.candidate(hash, &steps), found >= 0 {
      if isHost(found, name) { return found }
    }
    guard hosts.count < hostLimit else {
      hostsRefused += 1
      return -1
    }
    let i = Int32(hosts.count)
    var copy: [UInt8] = []
    copy.reserveCapacity(name.count)
    for k in name.indices { copy.append(name[k]) }
    hosts.append(HostEntry(octets: copy))
    hostIndex.insert(i, hash: hash) { Self.hash(hosts[$0].octets, seed: seed) }
    return i
  }

  private static func hash(_ octets: [UInt8], seed: UInt64) -> UInt64 { octets.span.hash(seed: seed) }

  /// Whether a host is the one given: spares the look-up on a connection that keeps asking for the same.
  func isHost(_ i: Int32, _ octets: Span<UInt8>) -> Bool {
    guard i >= 0 else { return false }
    let name = hosts[Int(i)].octets
    return name.span.isEqual(to: octets)
  }
}

extension Pool {
  fileprivate static func hash(_ client: IPAddress, _ server: Int32, seed: UInt64) -> UInt64 {
    var mix = Mix(seed: seed ^ UInt64(UInt32(bitPattern: server)))
    mix.add(client.low)
    if client.high != 0 { mix.add(client.high) }
    return mix.value
  }
}

extension Endpoint {
  fileprivate func hash(seed: UInt64) -> UInt64 {
    var mix = Mix(seed: seed)
    mix.add(address.low)
    mix.add(address.high ^ UInt64(port) << 32)
    return mix.value
  }
}

extension Span<UInt8> {
  /// Eight octets as a number. There must be eight.
  @inline(__always)
  private var firstWord: UInt64 {
    let low = UInt64(self[0]) | UInt64(self[1]) << 8 | UInt64(self[2]) << 16 | UInt64(self[3]) << 24
    let high = UInt64(self[4]) | UInt64(self[5]) << 8 | UInt64(self[6]) << 16 | UInt64(self[7]) << 24
    return low | high << 32
  }

  fileprivate func hash(seed: UInt64) -> UInt64 {
    var mix = Mix(seed: seed ^ UInt64(truncatingIfNeeded: count))
    var rest = self
    while rest.count >= 8 {
      mix.add(rest.firstWord)
      rest = rest.extracting(droppingFirst: 8)
    }
    var last: UInt64 = 0
    for i in rest.indices { last = last << 8 | UInt64(rest[i]) }
    mix.add(last)
    return mix.value
  }
}

extension Totals {
  /// Counts an exchange that is over, or will never be.
  @inline(__always)
  mutating func add(_ exchange: borrowing OpenExchange, _ outcome: ExchangeOutcome) {
    exchanges &+= 1
    outcomes.add(outcome)
    if !exchange.request.seen { responsesWithoutRequest &+= 1 }
    let hundreds = Int(exchange.status) / 100
    statusClasses[exchange.response.seen && hundreds >= 1 && hundreds <= 5 ? hundreds : 0] &+= 1
    requestBodyBytes &+= exchange.request.bodyOctets
    responseBodyBytes &+= exchange.response.bodyOctets
  }
}

/// Accumulators of the whole capture.
struct Totals: ~Copyable, Sendable {
  var connections = 0
  var openingSeen = 0
  var httpConnections = 0
  var protocols = Tally<ConnectionProtocol>()
  var short = 0
  var persistent = 0
  var unused = 0
  var openWithOne = 0
  var rolesInferred = 0
  var rolesGuessed = 0
  var headsHit = 0
  var missingBytes = 0
  var concurrency = Concurrency()
  var busy = Concurrency()

  var figures = GroupFigures()
  var idleGaps = Histogram()
  var exchanges = 0
  var responsesWithoutRequest = 0
  var pipelined = 0
  var pipelinedConnections = 0
  var outcomes = Tally<ExchangeOutcome>()
  /// 1xx to 5xx; index 0 holds those without a response.
  var statusClasses = InlineArray<6, Int>(repeating: 0)
  var requestBodyBytes: Int64 = 0
  var responseBodyBytes: Int64 = 0
  var malformed = 0
  /// Connections evicted for what they held, and for requests outstanding.
  var givenUpHolding = 0
  var givenUpOutstanding = 0
  /// Status codes of 1xx responses beyond the limit of their exchange.
  var interimDropped = 0
  var retries = 0
  /// Connections that were used and whose pool found no room: whether fewer would have done is not known.
  var usedWithoutPool = 0

  var refused = 0
  var timedOut = 0
  var paidNotTimed = 0
  var synRetransmissions = 0
  var rtt = Histogram()
  var causes = CauseTable()
  /// The same at the openings: `causes` waits for the ends, and for the handshakes' times.
  var opened = CauseTable()
  /// Openings for `first-contact` at the capture's begin (METRICS.md §3).
  var captureStart = 0
  var closes = CloseTable()

  var lead = Histogram()
  var tail = Histogram()
  var idleTime: Int64 = 0
  var openTime: Int64 = 0

  var holDelay = Histogram()
  var holDelayed = 0
  var queued = 0
  var queueingBound: Int64 = 0
  var stalledExchanges = 0
  var stalls = Histogram()
}
