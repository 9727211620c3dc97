import TCPStreams
import Wire

// Room for new pools, servers and hosts: who has been without a connection for the longest time makes it. What a group counted
// stays in the sums; its row, and what only it could tell, goes.
extension Analyzer {
  /// The places of a pool and of its server, made at their first connections; -1 when there is no room: all are in use.
  mutating func pool(client: IPAddress, server endpoint: Endpoint) -> (pool: Int32, server: Int32) {
    let server = place(ofServer: endpoint, groups.find(endpoint))
    return (server < 0 ? -1 : pool(client: client, server: server), server)
  }

  /// The place of a pool, whose server has one, in the same way.
  mutating func pool(client: IPAddress, server: Int32) -> Int32 {
    let known = groups.find(client: client, server: server)
    if known >= 0 { return known }
    if groups.needsPool, case let oldest = groups.longestIdlePool, oldest >= 0 { fold(pool: oldest) }
    return groups.add(client: client, server: server)
  }

  /// The place of a server, made unless it is `known`; -1 when there is no room.
  mutating func place(ofServer endpoint: Endpoint, _ known: Int32) -> Int32 {
    if known >= 0 { return known }
    if groups.needsServer { foldServer() }
    return groups.add(endpoint)
  }

  private mutating func fold(pool: Int32) {
    noteFoldedPorts(Int(pool))
    timeWaits.forget(&groups.pools[Int(pool)].waitingPorts)
    groups.fold(pool: pool)
  }

  private mutating func foldServer() {
    let server = groups.longestIdleServer
    guard server >= 0 else { return }
    let place = Int(server)
    while case let pool = groups.firstPool(ofServer: server), pool >= 0 { fold(pool: pool) }
    if groups.servers[place].closeRaces > 0 {
      races.settle(server: groups.servers[place].serial, timeout: groups.servers[place].timeout?.duration)
    }
    load.free(groups.servers[place].loadLine)
    groups.fold(server: server)
    noteStale(1)
  }

  // MARK: Hosts

  /// The place of a host that a request names; -1 when there is no room.
  mutating func place(ofHost octets: Span<UInt8>) -> Int32 {
    var host = groups.find(host: octets)
    if host < 0 {
      if groups.needsHost {
        if hostsUntilSweep == 0 { foldHosts() } else { hostsUntilSweep -= 1 }
      }
      host = groups.add(host: octets)
    }
    if host >= 0 { groups.hosts[Int(host)].lastUse = latest }
    return host
  }

  /// A connection may have asked for many hosts, so none keeps a count of who refers to it: when there is no room, all connections
  /// are looked through, and an eighth of the hosts goes at once, or as many as nobody refers to. Where those are few, as many
  /// names are refused before the next look.
  private mutating func foldHosts() {
    var isUsed = [Bool](repeating: false, count: groups.hosts.count)
    func mark(_ host: Int32) {
      if host >= 0 { isUsed[Int(host)] = true }
    }
    for slot in states.indices where !states[slot].counted {
      for host in hosts(of: slot) { mark(host) }
      mark(states[slot].lastHost)
      mark(states[slot].countedHost)
      var i = states[slot].firstExchange
      while i >= 0 {
        mark(open[Int(i)].host)
        i = open[Int(i)].next
      }
    }
    let unused = groups.hosts.indices.filter { !isUsed[$0] && !groups.hosts[$0].isFree }
      .sorted { (groups.hosts[$0].lastUse, $0) < (groups.hosts[$1].lastUse, $1) }
    let wanted = max(1, groups.hosts.count / 8)
    for i in unused.prefix(wanted) { groups.fold(host: Int32(i)) }
    hostsUntilSweep = max(0, wanted - unused.count)
    noteStale(min(wanted, unused.count))
  }

  // MARK: What refers to them

  private mutating func noteStale(_ count: Int) {
    staleGroups += count
    guard staleGroups >= max(16, configuration.balancePairs / 64) else { return }
    staleGroups = 0
    balance.keep(hosts: groups.hostsBySerial, servers: groups.serversBySerial)
  }

  func warnOfFolding(in s: inout Summary) {
    func room(_ limit: Int) -> String { "made room for others (limit \(Quantity.count(limit)))" }
    var pools = "idle longest \(room(configuration.pools)): counted in all sums, but without rows."
    if groups.poolsBack > 0 {
      pools +=
        " \(Quantity.count(groups.poolsBack)) of these came back as new, first openings as after-unknown: ideal "
        + "connections and reuse efficiency are upper bounds."
    }
    s.warn(of: groups.poolsFolded, "pool", pools)
    s.warn(
      of: groups.poolsNotMade, "opening",
      "that nobody completed came from clients of whom nothing else is kept (limit "
        + "\(Quantity.count(configuration.vainPools))): counted in all sums, but what these clients open later counts as "
        + "first contact.")
    s.warn(
      of: groups.serversFolded, "server",
      "idle longest \(room(configuration.servers)): counted in all sums, but without rows and findings.")
    s.warn(of: groups.hostsFolded, "host", "idle longest \(room(configuration.hosts)): without rows.")
    s.warn(
      of: groups.poolsRefused + groups.serversRefused, "connection",
      "found no room for pool or server, all having open connections: some figures by pool are incomplete.")
    s.warn(
      of: groups.hostsRefused, "request",
      "found no room for the host, all being in use: some figures by host are incomplete.")
    s.warn(
      of: balance.folded, "server",
      "of a host with the fewest exchanges \(room(configuration.balancePairs)): some figures of the balance are "
        + "incomplete.")
    s.warn(
      of: timeWaits.folded, "address", plural: "addresses",
      "with the fewest connections in TIME-WAIT \(room(configuration.timeWaitAddresses)): some figures of TIME-WAIT are "
        + "incomplete.")
  }
}

extension Groups {
  /// Where those are now that are known by their serial numbers.
  var serversBySerial: PlacesBySerial { PlacesBySerial(servers.indices.map { servers[$0].serial }) }
  var hostsBySerial: PlacesBySerial { PlacesBySerial(hosts.indices.map { hosts[$0].serial }) }
}

/// The places of serial numbers.
struct PlacesBySerial {
  private let serials: [UInt32]
  private var index = HashIndex()

  /// In the order of places; 0: none.
  init(_ serials: [UInt32]) {
    self.serials = serials
    for i in serials.indices where serials[i] != 0 { index.insert(Int32(i), hash: UInt64(serials[i])) }
  }

  subscript(serial: UInt32) -> Int? {
    var steps = 0
    while case let place = index.candidate(UInt64(serial), &steps), place >= 0 {
      if serials[Int(place)] == serial { return Int(place) }
    }
    return nil
  }
}
