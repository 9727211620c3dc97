/// How each host's exchanges and connections spread over servers (METRICS.md §8).
struct BalanceTable: ~Copyable, Sendable {
  private struct Count {
    var connections = 0
    var exchanges = 0
  }

  /// By host and server.
  private var counts: [UInt64: Count] = [:]
  private let limit: Int
  /// Additions for which there was no room.
  private(set) var refused = 0

  init(limit: Int) { self.limit = limit }

  mutating func add(host: Int32, server: Int32, connections: Int = 0, exchanges: Int = 0) {
    guard host >= 0, server >= 0 else { return }
    let key = UInt64(UInt32(bitPattern: host)) << 32 | UInt64(UInt32(bitPattern: server))
    guard counts.count < limit || counts[key] != nil else {
      refused += 1
      return
    }
    counts[key, default: Count()].connections += connections
    counts[key, default: Count()].exchanges += exchanges
  }

  /// Of each host with two servers or more, what each of them got: by host, then by server.
  var shares: [(host: Int, servers: [(server: Int, connections: Int, exchanges: Int)])] {
    var byHost: [Int: [(server: Int, connections: Int, exchanges: Int)]] = [:]
    for (key, count) in counts where count.exchanges > 0 {
      byHost[Int(key >> 32), default: []].append((Int(key & 0xFFFF_FFFF), count.connections, count.exchanges))
    }
    return byHost.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
      .map { (host: $0.key, servers: $0.value.sorted { $0.server < $1.server }) }
  }
}

extension Analyzer {
  func fillBalance(_ s: inout Summary) {
    var rows: [(row: Summary.Balance, exchanges: Int)] = []
    for (host, servers) in balance.shares {
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
