/// How each host's exchanges and connections spread over servers (METRICS.md §8), both known by their serial numbers.
struct BalanceTable: ~Copyable, Sendable {
  // Not private: Swift 6.3.1 then makes a broken module of its table in a build for debugging.
  struct Count: Sendable {
    var connections = 0
    var exchanges = 0
  }

  /// By host and server.
  private var counts = HashTable<UInt64, Count>()
  private let limit: Int
  /// Pairs that had to make room.
  private(set) var folded = 0

  init(limit: Int) { self.limit = limit }

  /// Takes out the pairs of which either is no more.
  mutating func keep(hosts: PlacesBySerial, servers: PlacesBySerial) {
    counts.keep { hosts[UInt32($0.key >> 32)] != nil && servers[UInt32($0.key & 0xFFFF_FFFF)] != nil }
  }

  mutating func add(host: UInt32, server: UInt32, connections: Int, exchanges: Int) {
    let key = UInt64(host) << 32 | UInt64(server)
    var place = counts.find(key)
    if place < 0 {
      if counts.entries.count >= limit { makeRoom() }
      place = counts.insert(Count(), for: key)
    }
    counts.change(place) {
      $0.connections += connections
      $0.exchanges += exchanges
    }
  }

  /// The quarter with the fewest exchanges goes, of older servers first: as rarely as that, it costs little for each pair.
  private mutating func makeRoom() {
    folded += counts.removeQuarter {
      ($0.value.exchanges, $0.key & 0xFFFF_FFFF, $0.key)
    } by: {
      $0 < $1
    }
  }

  /// Of each host with two servers or more, what each of them got: by host, then by server. The places of those that are still
  /// there are given.
  func shares(
    hosts: PlacesBySerial, servers: PlacesBySerial
  ) -> [(host: Int, servers: [(server: Int, connections: Int, exchanges: Int)])] {
    var byHost: [Int: [(server: Int, connections: Int, exchanges: Int)]] = [:]
    for i in counts.entries.indices where counts.entries[i].value.exchanges > 0 {
      let (key, count) = (counts.entries[i].key, counts.entries[i].value)
      guard let host = hosts[UInt32(key >> 32)], let server = servers[UInt32(key & 0xFFFF_FFFF)] else { continue }
      byHost[host, default: []].append((server, count.connections, count.exchanges))
    }
    return byHost.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
      .map { (host: $0.key, servers: $0.value.sorted { $0.server < $1.server }) }
  }
}

extension Analyzer {
  mutating func addBalance(host: Int32, server: Int32, connections: Int = 0, exchanges: Int = 0) {
    guard host >= 0, server >= 0 else { return }
    balance.add(
      host: groups.hosts[Int(host)].serial, server: groups.servers[Int(server)].serial, connections: connections,
      exchanges: exchanges)
  }

  func fillBalance(_ s: inout Summary) {
    var rows: [(row: Summary.Balance, exchanges: Int)] = []
    for (host, servers) in balance.shares(hosts: groups.hostsBySerial, servers: groups.serversBySerial) {
      let exchanges = servers.map(\.exchanges)
      let connections = servers.map(\.connections)
      let shares = servers.map {
        Summary.Balance.Share(
          server: groups.servers[$0.server].endpoint, connections: $0.connections, exchanges: $0.exchanges)
      }
      let order = shares.indices.sorted { (shares[$1].exchanges, $0) < (shares[$0].exchanges, $1) }
      let row = Summary.Balance(
        origin: groups.hosts[host].octets, servers: order.prefix(configuration.groupRows).map { shares[$0] },
        exchangesMaxToMean: maxToMean(exchanges), connectionsMaxToMean: maxToMean(connections))
      rows.append((row, exchanges.reduce(0, +)))
    }
    let order = rows.indices.sorted { (rows[$1].exchanges, $0) < (rows[$0].exchanges, $1) }
    s.balance = order.prefix(configuration.groupRows).map { rows[$0].row }
  }

  private func maxToMean(_ counts: [Int]) -> Double {
    let sum = counts.reduce(0, +)
    guard sum > 0, let most = counts.max() else { return 1 }
    return Double(most) * Double(counts.count) / Double(sum)
  }
}
