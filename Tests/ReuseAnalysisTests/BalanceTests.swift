import ReuseAnalysis
import TestSupport
import Testing

@Suite struct `Balance and idle cost` {
  static func talk(_ port: Int, server: Address, hosts: [String]) -> Conversation {
    var talk = Conversation(clientPort: port, server: server)
    talk.handshake(at: 0)
    for (i, host) in hosts.enumerated() {
      talk.send("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", from: .client, at: Double(i * 20 + 10))
      talk.send(ok(), from: .server, at: Double(i * 20 + 20))
    }
    talk.close(from: .client, at: 1000)
    return talk
  }

  @Test func `an origin on two servers`() throws {
    let a = Analysis(
      Self.talk(1, server: "198.51.100.1", hosts: ["a", "a", "b", "a"]),
      Self.talk(2, server: "198.51.100.1", hosts: ["a"]),
      Self.talk(3, server: "198.51.100.2", hosts: ["a", "a"]),
      Self.talk(4, server: "198.51.100.3", hosts: ["c", "c"]))
    // b and c are on one server each.
    #expect(a.summary.balance.map { text($0.origin) } == ["a"])
    let row = try #require(a.summary.balance.first)
    #expect(row.servers.map(\.server.address) == ["198.51.100.1", "198.51.100.2"].map { Address($0).ipAddress })
    #expect(row.servers.map(\.exchanges) == [4, 2])
    #expect(row.servers.map(\.connections) == [2, 1])
    #expect(row.exchangesMaxToMean == 4.0 / 3 && row.connectionsMaxToMean == 2.0 / 1.5)
  }

  @Test func `the table is bounded`() {
    let talks = (0..<8).map { Self.talk($0 + 1, server: Address("198.51.100.\($0)"), hosts: ["a", "b"]) }
    let a = Analysis(Conversation.merge(talks)) { $0.balancePairs = 6 }
    #expect(a.summary.balance.reduce(0) { $0 + $1.servers.count } == 6)
  }

  @Test func `connections whose pool found no room are not called avoidable`() {
    let talks = (0..<3).map { Self.talk($0 + 1, server: Address("198.51.100.\($0)"), hosts: ["a", "a"]) }
    let whole = Analysis(Conversation.merge(talks)).summary
    let bounded = Analysis(Conversation.merge(talks)) { $0.pools = 1 }.summary
    #expect(whole.reuse.idealConnections == 3)
    #expect(bounded.reuse.idealConnections == 3)
    #expect(bounded.reuse.efficiency == whole.reuse.efficiency)
    #expect(bounded.warnings.contains { $0.matters })
  }

  @Test func `most exchanges first, in every order of hosts`() {
    let seed = SplitMix64.newSeed()
    var rng = SplitMix64(seed: seed)
    var naive: [String: [Int: Int]] = [:]
    let talks = (0..<12).map { i in
      let hosts = (0..<Int.random(in: 1...12, using: &rng)).map { _ in
        ["a", "b", "c"].randomElement(using: &rng) ?? "a"
      }
      for host in hosts { naive[host, default: [:]][i % 3, default: 0] += 1 }
      return Self.talk(i + 1, server: Address("198.51.100.\(i % 3)"), hosts: hosts)
    }
    let rows = Analysis(Conversation.merge(talks)).summary.balance
    for row in rows {
      let expected = naive[text(row.origin)] ?? [:]
      #expect(row.servers.map(\.exchanges) == expected.values.sorted(by: >), "seed \(seed)")
    }
    #expect(rows.count == naive.values.count { $0.count > 1 }, "seed \(seed)")
  }

  @Test func `idle connection-seconds and their cost`() throws {
    let frames = Conversation.merge([
      Self.talk(1, server: "198.51.100.1", hosts: ["a"]), Self.talk(2, server: "198.51.100.2", hosts: ["a"]),
    ])
    #expect(Analysis(frames).summary.idle.connectionMemory == nil)
    #expect(Analysis(frames).summary.idle.cost(of: Int128(second)) == nil)
    let s = Analysis(frames) { $0.connectionMemory = 1000 }.summary
    // Each 9 ms before its request and 980 ms after its response.
    #expect(s.idle.idleTime == 2 * 989 * millisecond)
    #expect(s.servers.map(\.idleTime) == [Int128(989 * millisecond), Int128(989 * millisecond)])
    #expect(s.servers.map(\.openTime) == [Int128(1000 * millisecond), Int128(1000 * millisecond)])
    let cost = try #require(s.idle.cost(of: s.idle.idleTime))
    #expect(abs(cost - 1978) < 1e-6)
  }

  @Test func `connection-seconds that 64 bits of nanoseconds do not hold`() {
    let year = 365.0 * 86_400_000
    let talks = (1...3).map { i in
      var talk = Conversation(clientPort: i)
      talk.handshake(at: 0)
      for time in [10, 200 * year] {
        talk.send(get("/"), from: .client, at: time)
        talk.send(ok(), from: .server, at: time + 10)
      }
      return talk
    }
    let idle = Analysis(Conversation.merge(talks)).summary.idle
    let expected = 600 * 365 * 86_400 * Double(second)
    #expect(abs(Double(idle.idleTime) / expected - 1) < 1e-6)
    #expect(abs(Double(idle.openTime) / expected - 1) < 1e-6)
    #expect((0.99...1).contains(idle.share ?? 0))
    #expect(idle.gaps.mean.map { Int64($0) / second } == idle.gaps.max.map { $0 / second })
  }
}
