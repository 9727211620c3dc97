import Wire

/// Pools, servers and hosts, each found by its key and bounded in number.
struct Groups: Sendable {
  var pools: [Pool] = []
  var servers: [Server] = []
  var hosts: [HostEntry] = []
  /// Connections whose pool or server, and exchanges whose host, found no room.
  private(set) var poolsRefused = 0
  private(set) var serversRefused = 0
  private(set) var hostsRefused = 0
  private var poolIndex: [PoolKey: Int32] = [:]
  private var serverIndex: [Endpoint: Int32] = [:]
  private var hostIndex: [[UInt8]: Int32] = [:]
  private let poolLimit, serverLimit, hostLimit: Int
  static let hostOctets = 255

  init(_ configuration: AnalyzerConfiguration) {
    poolLimit = configuration.pools
    serverLimit = configuration.servers
    hostLimit = configuration.hosts
  }

  /// The index of a pool, made at its first connection; -1 when there is no room.
  mutating func pool(client: IPAddress, server: Endpoint) -> Int32 {
    let key = PoolKey(client: client, server: server)
    if let found = poolIndex[key] { return found }
    guard pools.count < poolLimit else {
      poolsRefused += 1
      return -1
    }
    let i = Int32(pools.count)
    pools.append(Pool(key: key, server: self.server(server)))
    pools[Int(i)].figures.keepsIdleGaps = false
    poolIndex[key] = i
    return i
  }

  mutating func server(_ endpoint: Endpoint) -> Int32 {
    if let found = serverIndex[endpoint] { return found }
    guard servers.count < serverLimit else {
      serversRefused += 1
      return -1
    }
    let i = Int32(servers.count)
    servers.append(Server(endpoint: endpoint))
    serverIndex[endpoint] = i
    return i
  }

  mutating func host(_ octets: Span<UInt8>) -> Int32 {
    let size = Swift.min(octets.count, Self.hostOctets)
    let key = [UInt8](capacity: size) { output in
      for i in 0..<size { output.append(octets[i]) }
    }
    if let found = hostIndex[key] { return found }
    guard hosts.count < hostLimit else {
      hostsRefused += 1
      return -1
    }
    let i = Int32(hosts.count)
    hosts.append(HostEntry(octets: key))
    hostIndex[key] = i
    return i
  }

  /// Whether a host is the one given: spares the look-up on a connection that keeps asking for the same.
  func isHost(_ i: Int32, _ octets: Span<UInt8>) -> Bool {
    guard i >= 0 else { return false }
    guard hosts[Int(i)].octets.count == octets.count else { return false }
    for k in octets.indices where hosts[Int(i)].octets[k] != octets[k] { return false }
    return true
  }
}

/// Accumulators of the whole capture.
struct Totals: Sendable {
  var connections = 0
  var openingSeen = 0
  var httpConnections = 0
  var protocols: [ConnectionProtocol: Int] = [:]
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
  var exchanges = 0
  var responsesWithoutRequest = 0
  var pipelined = 0
  var pipelinedConnections = 0
  var outcomes: [ExchangeOutcome: Int] = [:]
  var statusClasses = [0, 0, 0, 0, 0, 0]
  var requestBodyBytes: Int64 = 0
  var responseBodyBytes: Int64 = 0
  var malformed = 0
  var retries = 0

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
