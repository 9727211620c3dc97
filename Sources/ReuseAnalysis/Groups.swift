import BasicContainers
import HTTP1
import Synchronization
import Wire

/// Pools, servers and hosts, each found by its key and bounded in number. Those that connections use stay where they are; of the
/// others the one idle longest makes room for a new one, and what it counted stays in the sums.
struct Groups: ~Copyable, Sendable {
  /// As in ``Analyzer``: else every look-up copies all of its own fields.
  private let byAddress = Atomic(false)
  /// Places that are free lie between them: ``Pool/isFree`` and so on.
  var pools = UniqueArray<Pool>()
  var servers = UniqueArray<Server>()
  var hosts = UniqueArray<HostEntry>()
  /// Connections whose pool or server, and exchanges whose host, found no room: all are in use.
  private(set) var poolsRefused = 0
  private(set) var serversRefused = 0
  private(set) var hostsRefused = 0
  /// Those that have made room; of pools and servers that came back, each time counts.
  private(set) var poolsFolded = 0
  private(set) var poolsBack = 0
  /// Pools that would have had no connection but one that nobody answered.
  private(set) var poolsNotMade = 0
  private(set) var serversFolded = 0
  private(set) var hostsFolded = 0
  /// The pools of servers that have made room.
  var folded = FoldedPools()
  /// Idle gaps at servers that have made room, or had none.
  private var gapsApart = Histogram()
  private var foldedKeys: FoldedKeys
  private var poolIndex = HashIndex()
  private var serverIndex = HashIndex()
  private var hostIndex = HashIndex()
  private var freePools: [Int32] = []
  private var freeServers: [Int32] = []
  private var freeHosts: [Int32] = []
  /// Without a connection, that idle longest first.
  private var idlePools = PlaceLists()
  private var idleServers = PlaceLists()
  private var poolsByServer = PlaceLists()
  private var serials: UInt32 = 0
  private let poolLimit, serverLimit, hostLimit: Int
  static let hostOctets = 255

  init(_ configuration: AnalyzerConfiguration) {
    poolLimit = configuration.pools
    serverLimit = configuration.servers
    hostLimit = configuration.hosts
    foldedKeys = FoldedKeys(limit: max(4096, configuration.pools))
  }

  // MARK: Pools and servers

  /// The places of a pool and of its server, -1 where there is none yet.
  func find(client: IPAddress, server endpoint: Endpoint) -> (pool: Int32, server: Int32) {
    let server = find(endpoint)
    return (server < 0 ? -1 : find(client: client, server: server), server)
  }

  /// The place of a pool of a server's, -1 where there is none yet.
  func find(client: IPAddress, server: Int32) -> Int32 {
    let hash = Pool.hash(client, server, seed: poolIndex.seed)
    var steps = 0
    while case let found = poolIndex.candidate(hash, &steps), found >= 0 {
      if pools[Int(found)].server == server, pools[Int(found)].client == client { return found }
    }
    return -1
  }

  func find(_ endpoint: Endpoint) -> Int32 {
    let hash = endpoint.hash(seed: serverIndex.seed)
    var steps = 0
    while case let found = serverIndex.candidate(hash, &steps), found >= 0 {
      if servers[Int(found)].endpoint == endpoint { return found }
    }
    return -1
  }

  /// A place for a new pool, which is to be held; -1 when there is none.
  mutating func add(client: IPAddress, server: Int32) -> Int32 {
    guard poolCount < poolLimit else {
      poolsRefused += 1
      return -1
    }
    let place = freePools.popLast() ?? Int32(pools.count)
    if Int(place) < pools.count {
      pools[Int(place)] = Pool(client: client, server: server)
    } else {
      pools.doubleIfFull()
      pools.append(Pool(client: client, server: server))
    }
    if hasFolded(client, servers[Int(server)].endpoint) {
      pools[Int(place)].everOpened = true
      poolsBack += 1
      servers[Int(server)].folded.back += 1
    }
    poolIndex.insert(place, hash: Pool.hash(client, server, seed: poolIndex.seed))
    poolsByServer.append(place, to: Int(server))
    return place
  }

  /// A place for a new server, which is to be held; -1 when there is none.
  mutating func add(_ endpoint: Endpoint) -> Int32 {
    guard servers.count - freeServers.count < serverLimit else {
      noteRefusedServer()
      return -1
    }
    let server = Server(endpoint: endpoint, serial: nextSerial())
    let place = freeServers.popLast() ?? Int32(servers.count)
    if Int(place) < servers.count {
      servers[Int(place)] = server
    } else {
      servers.doubleIfFull()
      servers.append(server)
    }
    serverIndex.insert(place, hash: endpoint.hash(seed: serverIndex.seed))
    return place
  }

  private mutating func nextSerial() -> UInt32 {
    serials = serials == .max ? 1 : serials + 1
    return serials
  }

  /// A connection begins to count in its pool, if it has one, and at its server.
  mutating func hold(pool: Int32, server: Int32) {
    if pool >= 0 {
      if pools[Int(pool)].users == 0 { idlePools.remove(pool) }
      pools[Int(pool)].users = max(1, pools[Int(pool)].users + 1)
    }
    if server >= 0 {
      if servers[Int(server)].users == 0 { idleServers.remove(server) }
      servers[Int(server)].users = max(1, servers[Int(server)].users + 1)
    }
  }

  /// The connection's figures have been added, and nothing will come of it any more.
  mutating func release(pool: Int32, server: Int32) {
    if pool >= 0 {
      pools[Int(pool)].users -= 1
      if pools[Int(pool)].users == 0 { idlePools.append(pool) }
    }
    if server >= 0 {
      servers[Int(server)].users -= 1
      if servers[Int(server)].users == 0 { idleServers.append(server) }
    }
  }

  // MARK: Room

  var poolCount: Int { pools.count - freePools.count }

  /// Whether there was such a pool, as far as it is remembered.
  func hasFolded(_ client: IPAddress, _ server: Endpoint) -> Bool {
    poolsFolded > 0 && foldedKeys.contains(client, server)
  }

  /// A connection that nobody has answered gets no pool: it counts as folded at once.
  mutating func noteNotMade(server: Int32) {
    poolsNotMade += 1
    if server >= 0 { servers[Int(server)].folded.addVain() } else { folded.addVain() }
  }

  /// Whether a server has a place or can be given one.
  func hasRoom(forServer known: Int32) -> Bool { known >= 0 || !needsServer || longestIdleServer >= 0 }

  mutating func noteRefusedServer() { serversRefused += 1 }

  var needsPool: Bool { poolCount >= poolLimit }
  var needsServer: Bool { servers.count - freeServers.count >= serverLimit }
  /// The pool and the server that have had no connection for the longest time; -1: all have one.
  var longestIdlePool: Int32 { idlePools.first() }
  var longestIdleServer: Int32 { idleServers.first() }
  func firstPool(ofServer server: Int32) -> Int32 { poolsByServer.first(of: Int(server)) }

  /// Takes out a pool without a connection; its sums stay with its server.
  mutating func fold(pool: Int32) {
    let place = Int(pool)
    let (client, server) = (pools[place].client, pools[place].server)
    poolsFolded += 1
    servers[Int(server)].folded.add(pools[place])
    foldedKeys.insert(client, servers[Int(server)].endpoint)
    poolIndex.remove(pool, hash: Pool.hash(client, server, seed: poolIndex.seed))
    poolsByServer.remove(pool, from: Int(server))
    idlePools.remove(pool)
    pools[place] = Pool(client: client, server: -1)
    freePools.append(pool)
  }

  /// Takes out a server without a connection and without a pool; what its pools summed up stays.
  mutating func fold(server: Int32) {
    let place = Int(server)
    serversFolded += 1
    folded.add(servers[place].folded, median: servers[place].figures.setup.quantile(0.5))
    gapsApart.merge(servers[place].idleGaps)
    serverIndex.remove(server, hash: servers[place].endpoint.hash(seed: serverIndex.seed))
    idleServers.remove(server)
    servers[place] = Server(endpoint: servers[place].endpoint, serial: 0)
    freeServers.append(server)
  }

  // MARK: Idle gaps

  /// Adds an idle gap at a server and a host, each -1 where it has no place.
  mutating func add(idleGap gap: Int64, server: Int32, host: Int32) {
    if server >= 0 { servers[Int(server)].idleGaps.add(gap) } else { gapsApart.add(gap) }
    if host >= 0 { hosts[Int(host)].idleGaps.add(gap) }
  }

  /// All idle gaps: the sum of the servers' is not kept, as every gap would be added once more.
  var idleGaps: Histogram {
    var all = gapsApart
    for place in servers.indices { all.merge(servers[place].idleGaps) }
    return all
  }

  // MARK: Hosts

  /// The place of a host, -1 where there is none yet.
  func find(host octets: Span<UInt8>) -> Int32 {
    let name = octets.extracting(last: Self.hostOctets)
    let hash = name.hash(seed: hostIndex.seed)
    var steps = 0
    while case let found = hostIndex.candidate(hash, &steps), found >= 0 {
      if isHost(found, name) { return found }
    }
    return -1
  }

  /// A place for a new host; -1 when there is none.
  mutating func add(host octets: Span<UInt8>) -> Int32 {
    guard !needsHost else {
      hostsRefused += 1
      return -1
    }
    let name = octets.extracting(last: Self.hostOctets)
    var copy: [UInt8] = []
    copy.reserveCapacity(name.count)
    for k in name.indices { copy.append(name[k]) }
    let host = HostEntry(octets: copy, serial: nextSerial())
    let place = freeHosts.popLast() ?? Int32(hosts.count)
    if Int(place) < hosts.count {
      hosts[Int(place)] = host
    } else {
      hosts.doubleIfFull()
      hosts.append(host)
    }
    hostIndex.insert(place, hash: name.hash(seed: hostIndex.seed))
    return place
  }

  var needsHost: Bool { hosts.count - freeHosts.count >= hostLimit }

  /// Takes out a host that nothing refers to.
  mutating func fold(host: Int32) {
    hostsFolded += 1
    hostIndex.remove(host, hash: Self.hash(hosts[Int(host)].octets, seed: hostIndex.seed))
    hosts[Int(host)] = HostEntry(octets: [], serial: 0)
    freeHosts.append(host)
  }

  private static func hash(_ octets: [UInt8], seed: UInt64) -> UInt64 { octets.span.hash(seed: seed) }

  /// Whether a host is the one given: spares the look-up on a connection that keeps asking for the same.
  func isHost(_ i: Int32, _ octets: Span<UInt8>) -> Bool {
    i >= 0 && hosts[Int(i)].octets.span.isEqual(to: octets)
  }
}

extension Pool {
  static func hash(_ client: IPAddress, _ server: Int32, seed: UInt64) -> UInt64 {
    var mix = Mix(seed: seed)
    mix.add(client.low)
    mix.add(client.high)
    mix.add(UInt64(UInt32(bitPattern: server)))
    return mix.value
  }
}

extension Endpoint {
  func hash(seed: UInt64) -> UInt64 {
    var mix = Mix(seed: seed)
    mix.add(address.low)
    mix.add(address.high ^ UInt64(port) << 32)
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
    statusClasses[!exchange.response.seen ? 0 : hundreds >= 1 && hundreds <= 5 ? hundreds : 6] &+= 1
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
  var exchanges = 0
  var responsesWithoutRequest = 0
  var pipelined = 0
  var pipelinedConnections = 0
  var outcomes = Tally<ExchangeOutcome>()
  /// As ``Summary/Exchanges/statusClasses``.
  var statusClasses = InlineArray<7, Int>(repeating: 0)
  var requestBodyBytes: Int64 = 0
  var responseBodyBytes: Int64 = 0
  var malformed = 0
  /// Connections evicted for what they held, and for requests outstanding.
  var givenUpHolding = 0
  var givenUpOutstanding = 0
  /// Pools made for openings that nobody completed.
  var vainPools = 0
  /// Status codes of 1xx responses beyond the limit of their exchange.
  var interimDropped = 0
  var retries = 0
  /// How often a connection turned to a further host than it is counted for.
  var hostsNotCounted = 0
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
  var idleTime: Int128 = 0
  var openTime: Int128 = 0

  var holDelay = Histogram()
  var holDelayed = 0
  var queued = 0
  var queueingBound: Int64 = 0
  var stalledExchanges = 0
  var stalls = Histogram()
}
