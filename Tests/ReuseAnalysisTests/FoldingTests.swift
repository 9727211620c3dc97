import TestSupport
import Testing

@testable import ReuseAnalysis

/// Pools, servers and hosts that make room for others: their rows go, their sums stay.
@Suite struct FoldingTests {
  private static let servers = 5

  /// Connections of many clients to a few servers, in time order. `comesBack`: a client may be met at any time, else each has
  /// its own 200 ms, so that nobody who was folded is met again.
  private static func traffic(_ random: inout SplitMix64, clients: Int, comesBack: Bool) -> [TimedFrame] {
    var talks: [Conversation] = []
    for i in 0..<(clients * 3) {
      let client = comesBack ? Int.random(in: 0..<clients, using: &random) : i / 3
      let begin = comesBack ? Double(i) * 150 : Double(client) * 400 + Double(i % 3) * 100
      var talk = Talk(port: i)
      talk.client = Address("10.0.\(client / 250).\(client % 250 + 1)")
      let server = comesBack ? Int.random(in: 0..<servers, using: &random) : client % servers
      talk.server = Address("198.51.100.\(server + 1)")
      talk.roundTrip = Double.random(in: 0.5...3, using: &random)
      talk.opened = begin
      var time = 5.0
      talk.requests = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        time += Double.random(in: 8...30, using: &random)
        return time
      }
      talk.request = "GET /\(i) HTTP/1.1\r\nHost: h\(client % 40).test\r\n\r\n"
      if Int.random(in: 0..<6, using: &random) == 0 { talk.lastAnswer = ok(5, "Connection: close\r\n") }
      let side: Conversation.Side = Bool.random(using: &random) ? .client : .server
      switch Int.random(in: 0..<40, using: &random) {
      case 0: talk.end = .open
      case 1..<8: talk.end = .reset(by: side, after: Double.random(in: 1...30, using: &random))
      default: talk.end = .closed(by: side, after: Double.random(in: 1...30, using: &random))
      }
      talks.append(talk.conversation)
    }
    return Conversation.merge(talks)
  }

  /// What does not depend on which connections had the same pool.
  private func sums(_ s: Summary) -> [String] {
    var exchanges = s.exchanges
    exchanges.retries = 0
    var handshakes = s.reuse.handshakes
    (handshakes.timeSaved, handshakes.savedNotTimed) = (0, 0)
    return [
      "\(s.capture)", "\(s.ledger)", "\(s.connections)", "\(exchanges)", "\(handshakes)",
      "\(String(describing: s.reuse.ratio))",
      "\(String(describing: s.reuse.multiUseShare))", "\(s.reuse.requestsPerConnection)", "\(s.closes)", "\(s.idle)",
      "\(s.headOfLine)", "\(s.load.total)", "\(s.load.interval)", "\(String(describing: s.timeWait.total))",
    ]
  }

  /// What does.
  private func pooled(_ s: Summary) -> [String] {
    ["\(s.reuse)", "\(s.causes)", "\(s.captureStart)", "\(s.exchanges)", "\(s.races)", "\(s.servers)"]
  }

  private func isFolded(_ a: Analysis) -> Bool {
    a.summary.warnings.contains { $0.matters && $0.message.contains("pools idle longest made room for others") }
  }

  @Test(arguments: 0..<6)
  func `totals do not depend on how many pools are kept`(run: Int) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    let frames = Self.traffic(&random, clients: 120, comesBack: false)
    let whole = Analysis(frames)
    let bounded = Analysis(frames) { $0.pools = 30 }
    #expect(whole.summary.folded.pools == 0 && !isFolded(whole), "seed \(seed)")
    #expect(bounded.summary.folded.pools == 120 - 30 && bounded.summary.folded.poolsBack == 0, "seed \(seed)")
    #expect(isFolded(bounded) && bounded.ledgerAddsUp)
    #expect(sums(bounded.summary) == sums(whole.summary), "seed \(seed)")
    #expect(pooled(bounded.summary) == pooled(whole.summary), "seed \(seed)")
    #expect(bounded.connections.map(\.openedBecause) == whole.connections.map(\.openedBecause), "seed \(seed)")
    #expect(bounded.summary.pools.count + bounded.summary.poolsOmitted <= 30)
  }

  @Test(arguments: 0..<6)
  func `clients that come back leave the sums of connections as they are`(run: Int) throws {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    let frames = Self.traffic(&random, clients: 60, comesBack: true)
    let whole = Analysis(frames).summary
    let bounded = Analysis(frames) {
      $0.pools = 40
      $0.hosts = 10
    }.summary
    #expect(bounded.folded.poolsBack > 0 && bounded.folded.hosts > 0, "seed \(seed)")
    #expect(sums(bounded) == sums(whole), "seed \(seed)")
    // What a pool did before it was folded is not known, but that there was one.
    func count(_ cause: OpeningCause, _ s: Summary) -> Int { s.causes.first { $0.cause == cause }?.connections ?? 0 }
    #expect(count(.firstContact, bounded) == count(.firstContact, whole), "seed \(seed)")
    #expect(bounded.causes.reduce(0) { $0 + $1.connections } == whole.causes.reduce(0) { $0 + $1.connections })
    let (some, all) = (try #require(bounded.reuse.idealConnections), try #require(whole.reuse.idealConnections))
    #expect(all <= some && some <= bounded.reuse.handshakes.paid, "seed \(seed)")
  }

  @Test(arguments: 0..<4)
  func `totals do not depend on how many servers and hosts are kept`(run: Int) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    // Each server has its time, and each host.
    var talks: [Conversation] = []
    for i in 0..<300 {
      var talk = Talk(port: i)
      talk.client = Address("10.0.0.\(i % 7 + 1)")
      talk.server = Address("198.51.\(i / 1500).\(i / 5 % 250 + 1)")
      talk.opened = Double(i) * 100
      talk.requests = [10, 20, 35]
      talk.roundTrip = Double.random(in: 0.5...3, using: &random)
      talk.request = "GET /\(i) HTTP/1.1\r\nHost: h\(i / 4).test\r\n\r\n"
      talk.end = .closed(by: i % 3 == 0 ? .client : .server, after: Double.random(in: 1...30, using: &random))
      talks.append(talk.conversation)
    }
    let frames = Conversation.merge(talks)
    let whole = Analysis(frames)
    let bounded = Analysis(frames) {
      $0.servers = 16
      $0.hosts = 24
      $0.balancePairs = 30
      $0.timeWaitAddresses = 20
      $0.loadLines = 10
    }
    #expect(sums(bounded.summary) == sums(whole.summary), "seed \(seed)")
    #expect("\(bounded.summary.reuse)" == "\(whole.summary.reuse)", "seed \(seed)")
    #expect("\(bounded.summary.causes)" == "\(whole.summary.causes)", "seed \(seed)")
    #expect(whole.summary.idle.gaps.count > 100)
    #expect("\(bounded.summary.idle)" == "\(whole.summary.idle)", "seed \(seed)")
    #expect(bounded.summary.folded.servers == 60 - 16, "seed \(seed)")
    #expect(bounded.summary.servers.count <= 16 && bounded.summary.hosts.count <= 24)
    #expect(75 - bounded.summary.folded.hosts == bounded.summary.hosts.count + bounded.summary.hostsOmitted)
    // The rows that are left are whole.
    for row in bounded.summary.servers {
      let same = whole.summary.servers.first { $0.server == row.server }
      #expect("\(row)" == same.map { "\($0)" }, "seed \(seed)")
    }
    #expect(bounded.ledgerAddsUp)
  }

  @Test func `a race keeps the timeout of a server that made room`() throws {
    var talks = [nil, -20, 15, nil].enumerated().map { i, late in
      `Races and the margin to the timeout`.talk(40_001 + i, at: Double(i) * 100, timeout: 5_000, late: late)
    }
    talks += (0..<4).map { i in
      var talk = Talk(port: 20 + i, end: .closed(by: .client, after: 1))
      talk.server = Address("198.51.100.\(100 + i)")
      talk.opened = 20_000 + Double(i) * 2_000
      return talk.conversation
    }
    let frames = Conversation.merge(talks)
    let whole = Analysis(frames).summary
    let bounded = Analysis(frames) { $0.servers = 2 }.summary
    #expect(bounded.folded.servers == 3)
    #expect(try #require(whole.races.first).timeout != nil)
    #expect(bounded.races.map(\.timeout) == whole.races.map(\.timeout))
    #expect(bounded.load.total.points.reduce(0) { $0 + $1.requests } == whole.exchanges.withRequest)
  }

  @Test func `groups with open connections stay, and what finds no room is counted`() {
    let talks = (0..<6).map { i in
      var talk = Talk(port: i, opened: Double(i) * 100)
      talk.client = Address("10.0.0.\(i + 1)")
      return talk.conversation
    }
    let a = Analysis(Conversation.merge(talks)) { $0.pools = 4 }
    #expect(a.summary.folded.pools == 0 && a.summary.pools.count == 4)
    #expect(a.summary.warnings.contains { $0.message.contains("2 connections found no room for pool or server") })
    #expect(a.summary.reuse.idealConnections == 6)
  }

  @Test func `nothing grows`() {
    var configuration = AnalyzerConfiguration()
    (configuration.pools, configuration.servers, configuration.hosts) = (32, 8, 16)
    configuration.balancePairs = 24
    configuration.timeWaitAddresses = 16
    configuration.loadLines = 4
    var analyzer = Analyzer(configuration: configuration)
    for i in 0..<1200 {
      var talk = Talk(port: i % 20_000, opened: Double(i) * 200, end: .closed(by: .client, after: 1))
      talk.client = Address("10.0.\(i / 250).\(i % 250 + 1)")
      talk.server = Address("198.51.\(i / 3 / 250).\(i / 3 % 250 + 1)")
      talk.request = "GET /\(i) HTTP/1.1\r\nHost: h\(i).test\r\n\r\n"
      for frame in talk.conversation.frames {
        analyzer.observe(
          timestamp: frame.time, capturedLength: frame.octets.count, originalLength: frame.originalLength, linkType: 1,
          octets: frame.octets.span)
      }
      #expect(analyzer.groups.pools.count <= 32 && analyzer.groups.servers.count <= 8)
      #expect(analyzer.groups.hosts.count <= 16)
    }
    analyzer.finish()
    let used =
      analyzer.groups.pools.indices.count { analyzer.groups.pools[$0].users > 0 }
      + analyzer.groups.servers.indices.count { analyzer.groups.servers[$0].users > 0 }
    #expect(used == 0)
    let s = analyzer.summary()
    #expect(s.connections.total == 1200 && s.exchanges.withRequest == 1200 && s.reuse.idealConnections == 1200)
    #expect(s.folded.hosts >= 1200 - 16 - 1 && s.folded.servers == 400 - 8)
    #expect(analyzer.memoryHeld == 0 && analyzer.ledgerAddsUp)
  }
}
