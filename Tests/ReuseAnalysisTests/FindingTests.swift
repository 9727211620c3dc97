import ReuseAnalysis
import TestSupport
import Testing

/// A hand-made pool in which one thing is wrong, or nothing.
struct Scenario: CustomTestStringConvertible {
  let testDescription: String
  let finds: Finding.Kind?
  let conversations: [Conversation]

  init(_ name: String, finds: Finding.Kind?, _ conversations: [Conversation]) {
    testDescription = name
    self.finds = finds
    self.conversations = conversations
  }

  var analysis: Analysis { Analysis(Conversation.merge(conversations)) }
}

@Suite struct `Findings of hand-made pools` {
  // MARK: pools in which one thing is wrong

  static let closeRaces = Talk.many(3) { talk, i in
    talk.opened = i * 8_000
    talk.requests = [10, 2_000]
  }.map { talk in
    var talk = talk
    let received = talk.clientNext
    let last = Double(talk.frames[talk.frames.count - 1].time - talk.start) / 1e6
    talk.send(get("/lost"), from: .client, at: last + 4_999)
    talk.emit(.server, at: last + 5_000, flags: [.fin, .ack], sequence: talk.serverNext, acknowledgment: received)
    talk.advance(.server, by: 1)
    talk.reset(from: .server, at: last + 5_001, acknowledges: false)
    return talk
  }

  /// The server closes after 5 s idle. `resets` ms after the last answer of the others it resets them, with a request on them
  /// that it has acknowledged.
  static func unread(resets: Double, inOrder: Bool = false) -> [Conversation] {
    Talk.many(6) { talk, i in
      talk.useOwnClient()
      talk.opened = i * 20
      talk.requests = [10, 310]
      talk.end = .closed(by: .server, after: 5_000)
    }
      + (0..<4).map { i in
        var talk = Conversation(client: "192.0.2.9", clientPort: 20_000 + i)
        let opened = Double(i) * 8_000
        talk.handshake(at: opened)
        talk.send(get("/"), from: .client, at: opened + 10)
        talk.send(ok(), from: .server, at: opened + 15)
        talk.send(get("/lost"), from: .client, at: opened + 15 + resets - 2)
        talk.acknowledge(from: .server, at: opened + 15 + resets - 1)
        talk.emit(
          .server, at: opened + 15 + resets, flags: inOrder ? [.fin, .ack] : [.rst, .ack], sequence: talk.serverNext)
        return talk
      }
  }

  /// A client of its own for each connection, so that none comes back later.
  static let serverClosesFirst = Talk.many(8) { talk, i in
    talk.useOwnClient()
    talk.opened = i * 100
    talk.requests = [10, 4_600]
    talk.end = .closed(by: .server, after: 5_000)
  }

  static let shortTimeout = Talk.many(10) { talk, i in
    talk.opened = i * 4_000
    talk.requests = [10, 310, 610, 985]
    talk.end = .closed(by: .server, after: 2_000)
  }

  static let longTimeout = Talk.many(30) { talk, i in
    talk.useOwnClient()
    talk.opened = i * 10
    talk.requests = [10, 510]
    talk.end = .closed(by: .server, after: 60_000)
  }

  static let requestLimit = Talk.many(10) { talk, i in
    talk.opened = i * 300
    talk.requests = (1...10).map { Double($0) * 20 }
    talk.lastAnswer = ok(5, "Connection: close\r\n")
    talk.end = .closed(by: .server, after: 1)
  }

  static let unaskedClose = Talk.many(10) { talk, i in
    talk.opened = i * 300
    talk.requests = (1...(1 + Int(i) % 4)).map { Double($0) * 20 }
    talk.lastAnswer = ok(5, "Connection: close\r\n")
    talk.end = .closed(by: .server, after: 1)
  }

  static let unaskedCloseEachTime = Talk.many(10) { talk, i in
    talk.opened = i * 300
    talk.answer = ok(5, "Connection: close\r\n")
    talk.end = .closed(by: .server, after: 1)
  }

  static let clientClose = Talk.many(10) { talk, i in
    talk.opened = i * 300
    talk.request = get("/", "Connection: close\r\n")
    talk.answer = ok(5, "Connection: close\r\n")
    talk.end = .closed(by: .server, after: 1)
  }

  static let clientClosesEarly = Talk.many(10) { talk, i in
    talk.opened = i * 300
    talk.requests = [10, 40]
    talk.end = .closed(by: .client, after: 1)
  }

  /// Ten at a time, closed at once after use, three times over: after the first ten, kept ones would have done.
  static let clientDropsBursts = Talk.many(30) { talk, i in
    talk.opened = Double(Int(i) / 10) * 5_000 + Double(Int(i) % 10) * 0.05
    talk.wait = 100
    talk.end = .closed(by: .client, after: 1)
  }

  static let http10 = Talk.many(10) { talk, i in
    talk.opened = i * 300
    talk.request = "GET / HTTP/1.0\r\nHost: shop.test\r\n\r\n"
    talk.answer = ok(5, version: "1.0")
    talk.end = .closed(by: .server, after: 1)
  }

  /// A server of HTTP/1.1 says `close` to a client that did not ask to persist.
  static let http10Answered11 = Talk.many(10) { talk, i in
    talk.opened = i * 300
    talk.request = "GET / HTTP/1.0\r\nHost: shop.test\r\n\r\n"
    talk.answer = ok(5, "Connection: close\r\n")
    talk.end = .closed(by: .server, after: 1)
  }

  static let closeDelimited = Talk.many(10) { talk, i in
    talk.opened = i * 300
    talk.answer = "HTTP/1.1 200 OK\r\n\r\nuntil the close"
    talk.end = .closed(by: .server, after: 1)
  }

  static let missedReuse = Talk.many(10) { talk, i in talk.opened = i * 300 }

  static let oneRequest = Talk.many(40) { talk, i in
    talk.useOwnClient()
    talk.opened = i * 100
    talk.end = .closed(by: .server, after: 60_000)
  }

  static let pipelined: [Conversation] = {
    var talk = Conversation()
    talk.handshake(at: 0)
    for batch in 0..<4 {
      let t = Double(batch) * 1_000
      talk.send((0..<5).map { get("/\($0)") }.joined(), from: .client, at: t + 10)
      for k in 1...5 { talk.send(ok(), from: .server, at: t + 10 + Double(k) * 50) }
    }
    talk.close(from: .client, at: 5_000)
    return [talk]
  }()

  /// Two connections that are never idle for more than a moment, with a slow server.
  static let queueing = Talk.many(2) { talk, i in
    talk.opened = i * 50
    talk.wait = 200
    talk.requests = (0..<20).map { 10 + Double($0) * 200.5 }
    talk.end = .closed(by: .client, after: 100)
  }

  static let unevenBalance = [100, 12, 8].enumerated().flatMap { n, requests in
    Talk.many(2) { talk, i in
      talk.server = Address("198.51.100.\(n + 2)")
      talk.port += n * 10
      talk.opened = i * 3
      talk.requests = (1...(requests / 2)).map { Double($0) * 50 + i * 20 }
      talk.end = .closed(by: .client, after: 20)
    }
  }

  static let refused = (0..<6).map { i in
    var talk = Conversation(clientPort: 20_000 + i)
    talk.syn(at: Double(i) * 10)
    talk.reset(from: .server, at: Double(i) * 10 + 1)
    return talk
  }

  static let unanswered =
    (0..<6).map { i in
      var talk = Conversation(clientPort: 20_000 + i, server: "198.51.100.9")
      talk.syn(at: Double(i) * 10)
      talk.syn(at: Double(i) * 10 + 1_000, again: true)
      return talk
    } + healthy(1)

  static let lostHead: [Conversation] = {
    var talk = Conversation()
    talk.handshake(at: 0)
    for i in 0..<20 {
      let t = Double(10 + i * 10)
      talk.send(get("/\(i)"), from: .client, at: t)
      if i == 10 { talk.lose(ok().utf8.count, from: .server) } else { talk.send(ok(), from: .server, at: t + 3) }
      talk.acknowledge(from: .client, at: t + 4)
    }
    talk.close(from: .client, at: 1_000)
    return [talk]
  }()

  static let wrong: [Scenario] = [
    .init("requests meet the close", finds: .closeRaces, closeRaces),
    .init("the server gives up with a request in its hands", finds: .closeRaces, unread(resets: 5_001)),
    .init("the server gives up first", finds: .serverClosesFirst, serverClosesFirst),
    .init("gaps longer than the timeout", finds: .shortTimeout, shortTimeout),
    .init("a timeout that nothing needs", finds: .longTimeout, longTimeout),
    .init("ten requests a connection", finds: .requestLimit, requestLimit),
    .init("close, unasked, now and then", finds: .unaskedClose, unaskedClose),
    .init("close, unasked, each time", finds: .unaskedClose, unaskedCloseEachTime),
    .init("the client asks for close", finds: .clientClose, clientClose),
    .init("the client closes too early", finds: .clientClosesEarly, clientClosesEarly),
    .init("the client drops what a burst used", finds: .clientClosesEarly, clientDropsBursts),
    .init("HTTP/1.0", finds: .http10, http10),
    .init("HTTP/1.0, answered with close", finds: .http10, http10Answered11),
    .init("responses delimited by close", finds: .http10, closeDelimited),
    .init("idle ones overlooked", finds: .missedReuse, missedReuse),
    .init("one request, held for nothing", finds: .oneRequest, oneRequest),
    .init("pipelining", finds: .headOfLine, pipelined),
    .init("two busy connections", finds: .headOfLine, queueing),
    .init("one server of three does nearly all", finds: .unevenBalance, unevenBalance),
    .init("refused", finds: .failedHandshakes, refused),
    .init("unanswered", finds: .failedHandshakes, unanswered),
    .init("a lost head", finds: .captureQuality, lostHead),
  ]

  // MARK: pools in which nothing is

  /// Connections that are used again and again, up to their clients' end.
  static func healthy(_ connections: Int) -> [Conversation] {
    Talk.many(connections) { talk, i in
      talk.opened = i * 0.1
      talk.requests = (1...50).map { Double($0) * 100 + i }
      talk.wait = 60
      talk.end = .closed(by: .client, after: 10_000)
    }
  }

  static let right: [Scenario] = [
    .init("one connection", finds: nil, healthy(1)),
    .init("six at a time", finds: nil, healthy(6)),
    .init(
      "more connections than needed, all at once", finds: nil,
      Talk.many(50) { talk, i in
        talk.opened = i * 0.01
        talk.wait = 200
        talk.end = .closed(by: .client, after: 1)
      }),
    .init(
      "two clients, a pool each", finds: nil,
      (0..<2).flatMap { client in
        Talk.many(1) { talk, _ in
          talk.client = client == 0 ? "192.0.2.1" : "192.0.2.7"
          talk.opened = Double(client) * 500
          talk.requests = (1...9).map { Double($0) * 1_000 }
          talk.end = .closed(by: .client, after: 60)
        }
      }),
    .init(
      "a client that gives up first, and comes back much later", finds: nil,
      Talk.many(10) { talk, i in
        talk.opened = i * 200_000
        talk.requests = (1...20).map { Double($0) * 500 }
        talk.end = .closed(by: .client, after: 50_000)
      }),
    .init(
      "a server that closes long before the next visit", finds: nil,
      Talk.many(10) { talk, i in
        talk.opened = i * 1_000_000
        talk.requests = (1...20).map { Double($0) * 500 }
        talk.end = .closed(by: .server, after: 75_000)
      }),
    .init(
      "a server that closes at all sorts of times", finds: nil,
      Talk.many(12) { talk, i in
        talk.useOwnClient()
        talk.opened = i * 100
        talk.requests = [10, 60, 100 + i * 20, 500 + i * 50]
        talk.end = .closed(by: .server, after: 20 + i * 37)
      }),
    .init("a few of everything", finds: nil, Talk.many(4) { talk, i in talk.opened = i * 300 }),
    .init("four timeouts", finds: nil, Array(shortTimeout.prefix(4))),
    .init(
      "a limit of a hundred requests and more", finds: nil,
      Talk.many(6) { talk, i in
        talk.opened = i * 3_000
        talk.requests = (1...200).map { Double($0) * 10 }
        talk.lastAnswer = ok(5, "Connection: close\r\n")
        talk.end = .closed(by: .server, after: 1)
      }),
    .init(
      "three servers, alike", finds: nil,
      (0..<3).flatMap { n in
        Talk.many(2) { talk, i in
          talk.server = Address("198.51.100.\(n + 2)")
          talk.port += n * 10
          talk.requests = (1...(20 + n)).map { Double($0) * 50 + i * 20 }
        }
      }),
    .init(
      "SYNs just before the end", finds: nil,
      healthy(1)
        + (0..<9).map { i in
          var talk = Conversation(clientPort: 20_000 + i)
          talk.syn(at: 14_000)
          return talk
        }),
    .init(
      "one at a time, one after another", finds: nil,
      Talk.many(1) { talk, _ in
        talk.wait = 100
        talk.requests = (0..<50).map { 10 + Double($0) * 100.2 }
      }),
  ]

  @Test(arguments: wrong + right)
  func `the right finding and no other`(_ scenario: Scenario) {
    let a = scenario.analysis
    #expect(a.summary.findings.map(\.kind) == (scenario.finds.map { [$0] } ?? []))
    for finding in a.summary.findings {
      #expect(!finding.evidence.isEmpty && !finding.threshold.isEmpty)
      if finding.kind != .unevenBalance { #expect(!finding.examples.isEmpty) }
      #expect(finding.examples.count <= Finding.exampleLimit)
      for id in finding.examples { #expect(a.connections.first { $0.id == id }?.isExample == true, "connection \(id)") }
      if let saves = finding.saves {
        #expect(saves.handshakes <= a.summary.reuse.handshakes.paid && saves.handshakes > 0)
        #expect(saves.time ?? 0 <= a.summary.reuse.handshakes.timePaid)
      }
    }
  }

  @Test(arguments: wrong + right)
  func `causes, ends and handshake times add up`(_ scenario: Scenario) {
    let s = scenario.analysis.summary
    #expect(s.causes.reduce(0) { $0 + $1.connections } == s.connections.openingSeen)
    #expect(s.causes.reduce(0) { $0 + $1.setupTime } == s.reuse.handshakes.timePaid)
    #expect(s.closes.reduce(0) { $0 + $1.connections } == s.connections.total)
  }

  // MARK: figures

  private func only(_ conversations: [Conversation]) throws -> Finding {
    let findings = Analysis(Conversation.merge(conversations)).summary.findings
    #expect(findings.count == 1)
    return try #require(findings.first)
  }

  private func duration(_ finding: Finding, _ name: String) throws -> Double {
    guard case .duration(let duration)? = finding[name] else { throw Missing(name: name) }
    return Double(duration) / 1e9
  }

  private struct Missing: Error { var name: String }

  /// Ten connections, closed 2 s after their last answers; the next request comes 3.02 s after each.
  @Test func `the advised timeout keeps the gaps that were lost, at its price`() throws {
    let finding = try only(Self.shortTimeout)
    #expect(finding["lost_gaps"] == .count(9))
    #expect(abs(try duration(finding, "lost_gap_p90") - 3.02) < 0.02)
    #expect(abs(try duration(finding, "timeout") - 2) < 0.01)
    #expect(try duration(finding, "advised_timeout") == 4)
    #expect(finding["kept_share"] == .share(1))
    // Nine kept for 1.02 s more, the last one for 2 s more.
    #expect(abs(try duration(finding, "extra_idle_seconds") - (9 * 1.02 + 2)) < 0.2)
    #expect(finding.saves == .init(handshakes: 9, time: 9 * millisecond))
    #expect(finding.examples == [2, 3, 4, 5, 6])
  }

  @Test func `a race names the gap, the timeout and when to give up`() throws {
    let finding = try only(Self.closeRaces)
    #expect(finding.severity == .problem && finding["races"] == .count(3))
    #expect(finding["before_fin"] == .count(3) && finding["after_fin"] == .count(0))
    #expect(abs(try duration(finding, "timeout") - 5) < 0.03)
    #expect(abs(try duration(finding, "idle_p50") - 4.999) < 0.03)
    #expect(abs(try duration(finding, "give_up_before") - 4) < 0.03)
    #expect(finding.examples == [1, 2, 3])
  }

  @Test func `a reset on a request when the timeout runs out is as good as a race`() throws {
    let finding = try only(Self.unread(resets: 5_001))
    #expect(finding.severity == .problem && finding["races"] == nil && finding["reset_unread"] == .count(4))
    #expect(abs(try duration(finding, "timeout") - 5) < 0.03)
    #expect(finding.examples.count == 4)
  }

  @Test func `resets at other times, and closes of a server that had read the request, are no races`() {
    for conversations in [Self.unread(resets: 1_200), Self.unread(resets: 5_001, inOrder: true)] {
      let analysis = Analysis(Conversation.merge(conversations))
      #expect(!analysis.summary.findings.contains { $0.kind == .closeRaces })
    }
  }

  @Test func `closes at all sorts of times show no timeout`() throws {
    let talks = Talk.many(8) { talk, i in
      talk.opened = i * 100
      talk.end = .closed(by: .server, after: 20 + i * 45)
    }
    let found = try #require(Analysis(Conversation.merge(talks)).summary.servers[0].inferredTimeout)
    #expect(found.connections == 8 && !found.isSharp)
    let set = Analysis(Conversation.merge(Self.serverClosesFirst)).summary.servers[0].inferredTimeout
    #expect(set?.isSharp == true)
  }

  @Test func `a limit of requests costs what followed`() throws {
    let finding = try only(Self.requestLimit)
    #expect(finding["requests"] == .count(10) && finding["connections"] == .count(10))
    #expect(finding.saves == .init(handshakes: 9, time: 9 * millisecond))
  }

  /// Each opening is charged once: the first ten of thirty were needed.
  @Test func `a burst is charged to what the client had dropped`() throws {
    #expect(try only(Self.clientDropsBursts).saves?.handshakes == 20)
  }

  @Test func `idle time that nothing used is spared`() throws {
    let finding = try only(Self.longTimeout)
    #expect(try duration(finding, "advised_timeout") == 1)
    #expect(abs(try duration(finding, "spared_idle_seconds") - 30 * 59) < 20)
  }

  @Test func `HTTP/1.0 is the client's, a response without length the server's`() throws {
    let client = PoolAddresses.client
    let server = PoolAddresses.server
    #expect(try only(Self.http10).subject == .pool(client: client, server: server))
    #expect(try only(Self.closeDelimited).subject == .server(server))
  }

  private enum PoolAddresses {
    static let client = Address("192.0.2.1").ipAddress
    static let server = Endpoint(address: Address("198.51.100.2").ipAddress, port: 80)
  }

  @Test func `problems come first, then what saves most`() {
    let missed = Talk.many(6) { talk, i in
      talk.server = "198.51.100.50"
      talk.opened = i * 300
    }
    let closed = Talk.many(10) { talk, i in
      talk.server = "198.51.100.51"
      talk.opened = i * 300
      talk.end = .closed(by: .client, after: 1)
    }
    let findings = Analysis(Conversation.merge(missed + closed + Self.closeRaces)).summary.findings
    #expect(findings.map(\.kind) == [.closeRaces, .clientClosesEarly, .missedReuse])
    #expect(findings.map(\.saves?.handshakes) == [nil, 9, 5])
  }
}
