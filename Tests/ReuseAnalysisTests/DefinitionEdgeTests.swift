import ReuseAnalysis
import TestSupport
import Testing

/// What lies at the edge of a definition in METRICS.md.
@Suite struct DefinitionEdges {
  /// §4: a client that gives up while it waits is not idle, and §3 says the same to the next connection.
  @Test func `a client that closes before its answer leaves in the middle of an exchange`() {
    var talks: [Conversation] = []
    for i in 0..<3 {
      let t = Double(i) * 10_000
      var talk = Conversation(clientPort: 1000 + i)
      talk.handshake(at: t)
      talk.send(get("/"), from: .client, at: t + 100)
      talk.finish(from: .client, at: t + 3000)
      talk.send(ok(), from: .server, at: t + 3001)
      talk.reset(from: .client, at: t + 3002)
      talks.append(talk)
    }
    let a = Analysis(Conversation.merge(talks))
    #expect(a.connections.map(\.closeReason) == [.midExchange, .midExchange, .midExchange])
    #expect(a.connections.map(\.openedBecause) == [.firstContact, .afterFailure, .afterFailure])
    #expect(a.summary.servers.first?.inferredClientTimeout == nil)
  }

  /// §4: where a request ends that cannot be understood nobody knows; its answer ends the exchange.
  @Test(arguments: ["\r\nbad", "Content-Length: 1x\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloxx"])
  func `an answered request that cannot be understood is not in progress`(_ rest: String) {
    for saysClose in [false, true] {
      var talk = Conversation()
      talk.handshake(at: 0)
      let fields = rest.hasPrefix("\r\n") ? "Content-Length: 1, 2\r\n" : ""
      talk.send("POST / HTTP/1.1\r\nHost: shop.test\r\n" + fields + rest, from: .client, at: 100)
      talk.send(ok(5, saysClose ? "Connection: close\r\n" : "", status: 400), from: .server, at: 200)
      if !saysClose {
        talk.send(get("/b"), from: .client, at: 300)
        talk.send(ok(), from: .server, at: 400)
      }
      talk.close(from: .server, at: 1400)
      let a = Analysis(talk)
      #expect(a.pairs == (saysClose ? ["POST / 400"] : ["POST / 400", "GET /b 200"]))
      #expect(a.exchanges.first?.outcome == .malformed)
      #expect(a.exchanges.first?.request?.complete == false)
      #expect(a.connections.map(\.closeReason) == [saysClose ? .closeHeader : .serverIdleClose])
      #expect(a.summary.exchanges.pipelined == 0)
    }
  }

  /// The answer may come before what cannot be understood.
  @Test func `a request that is answered and then cannot be understood is not in progress`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(
      "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", from: .client, at: 100)
    talk.send(ok(5, status: 400), from: .server, at: 200)
    talk.send("no size\r\n", from: .client, at: 300)
    talk.close(from: .server, at: 1400)
    let a = Analysis(talk)
    #expect(a.exchanges.map(\.outcome) == [.malformed])
    #expect(a.connections.map(\.closeReason) == [.serverIdleClose])
  }

  /// §6: what the server had acknowledged is no race, though its reset acknowledges nothing.
  @Test func `a request acknowledged before the reset is dropped, not raced`() {
    var talk = Conversation()
    talk.handshake(at: 0, roundTrip: 12)
    talk.send(get("/"), from: .client, at: 100)
    talk.send(ok(), from: .server, at: 200)
    talk.send(get("/x"), from: .client, at: 5000)
    talk.acknowledge(from: .server, at: 5001)
    talk.reset(from: .server, at: 5008, acknowledges: false)
    let a = Analysis(talk)
    #expect(a.connections.map(\.closeReason) == [.midExchange])
    #expect(a.summary.races.isEmpty)
  }

  /// §6: a raced request has got no octet of an answer, and a 1xx response is one.
  @Test func `a request that got a 100 before the close is dropped, not raced`() {
    for continues in [false, true] {
      var talk = Conversation()
      talk.handshake(at: 0)
      talk.send(get("/"), from: .client, at: 100)
      talk.send(ok(), from: .server, at: 200)
      let before = talk.next(of: .client)
      talk.send(get("/x", "Expect: 100-continue\r\nContent-Length: 3\r\n"), from: .client, at: 5000)
      if continues { talk.send("HTTP/1.1 100 Continue\r\n\r\n", from: .server, at: 5001) }
      talk.emit(.server, at: 5008, flags: [.fin, .ack], sequence: talk.next(of: .server), acknowledgment: before)
      let a = Analysis(talk)
      #expect(a.connections.map(\.closeReason) == [continues ? .midExchange : .serverIdleClose])
      #expect(a.summary.races.count == (continues ? 0 : 1))
    }
  }

  /// §7: by the first octet of the request. §5: no gap where requests overlap.
  @Test func `a request that begins before the response's end is pipelined`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/1"), from: .client, at: 100)
    let response = ok(40)
    talk.send(String(response.prefix(50)), from: .server, at: 200)
    let request = get("/2")
    talk.send(String(request.prefix(10)), from: .client, at: 250)
    talk.send(String(response.dropFirst(50)), from: .server, at: 300)
    talk.send(String(request.dropFirst(10)), from: .client, at: 350)
    talk.send(ok(), from: .server, at: 400)
    let a = Analysis(talk)
    #expect(a.exchanges.map(\.pipelined) == [false, true])
    #expect(a.exchanges.last?.idleBefore == nil)
    #expect(a.connections.first?.idle.gaps == 0)
  }

  /// §7: both exchanges were held up, also the one that came whole and late.
  @Test func `a message that waited whole behind a hole was stalled`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/1") + get("/2"), from: .client, at: 100)
    talk.send(ok(), from: .server, at: 300)
    talk.send(ok(), from: .server, at: 250)
    let a = Analysis(talk.frames.sorted { $0.time < $1.time })
    #expect(a.exchanges.map(\.tcpStall) == [0, 50_000_000])
    #expect(a.pairs == ["GET /1 200", "GET /2 200"])
  }

  /// §3: whether its FIN has come or not, what said that it would close is the one that ended last.
  @Test(arguments: [true, false])
  func `a connection that said close is over before its FIN`(isIdleCloseBefore: Bool) {
    var talks: [Conversation] = []
    if isIdleCloseBefore {
      var talk = Conversation(clientPort: 1000)
      talk.handshake(at: 0)
      talk.send(get("/"), from: .client, at: 100)
      talk.send(ok(), from: .server, at: 200)
      talk.close(from: .server, at: 3000)
      talks.append(talk)
    }
    var talk = Conversation(clientPort: 1001)
    talk.handshake(at: 10_000)
    talk.send(get("/"), from: .client, at: 10_100)
    talk.send(ok(5, "Connection: close\r\n"), from: .server, at: 10_200)
    talk.close(from: .server, at: 10_201)
    var next = Conversation(clientPort: 1002)
    next.handshake(at: 10_200.5)
    let a = Analysis(Conversation.merge(talks + [talk, next]))
    #expect(a.connections.max { $0.id < $1.id }?.openedBecause == .afterCloseHeader)
  }

  /// §2: a request's head that is missing makes the reuse uncertain, though nothing of it was seen.
  @Test func `a request that the capture lacks is a head hit`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.lose(get("/a").utf8.count, from: .client)
    talk.send(ok(), from: .server, at: 200)
    talk.acknowledge(from: .client, at: 210)
    talk.send(get("/c"), from: .client, at: 500)
    talk.send(ok(), from: .server, at: 600)
    let a = Analysis(talk)
    #expect(a.summary.connections.headsHit == 1)
  }

  /// §5: a response that was captured before its request ended where it ended.
  @Test func `a gap begins with the response's end though its request was captured later`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/1"), from: .client, at: 100)
    talk.send(ok(), from: .server, at: 200)
    let request = (sequence: talk.next(of: .client), acknowledgment: talk.next(of: .server))
    talk.advance(.client, by: get("/2").utf8.count)
    talk.send(ok(), from: .server, at: 300)
    talk.emit(
      .client, at: 305, flags: [.ack], sequence: request.sequence, acknowledgment: request.acknowledgment,
      payload: Array(get("/2").utf8))
    talk.send(get("/3"), from: .client, at: 400)
    talk.send(ok(), from: .server, at: 500)
    let a = Analysis(talk)
    #expect(a.pairs == ["GET /1 200", "GET /2 200", "GET /3 200"])
    #expect(a.exchanges.last?.idleBefore == 100_000_000)
  }

  /// §3: unanswered is a failure.
  @Test func `after a SYN that nobody answered comes a connection after a failure`() {
    var silent = Conversation(clientPort: 1000)
    silent.syn(at: 0)
    silent.syn(at: 1000, again: true)
    var other = Conversation(clientPort: 2000, serverPort: 8080)
    other.handshake(at: 10)
    for i in 1..<20 {
      other.send(get("/"), from: .client, at: Double(i) * 10_000)
      other.send(ok(), from: .server, at: Double(i) * 10_000 + 1)
    }
    var next = Conversation(clientPort: 1001)
    next.handshake(at: 200_000)
    // Also where no packet came in between.
    for talks in [[silent, other, next], [silent, next]] {
      let a = Analysis(Conversation.merge(talks))
      #expect(a.connections.max { $0.id < $1.id }?.openedBecause == .afterFailure)
    }
  }

  /// §4: HTTP/0.9 is delimited by the close, and no keep-alive timeout shows in it.
  @Test func `HTTP/0.9 does not end idle`() {
    var talks: [Conversation] = []
    for i in 0..<3 {
      let t = Double(i) * 1000
      var talk = Conversation(clientPort: 1000 + i)
      talk.handshake(at: t)
      talk.send("GET /\r\n", from: .client, at: t + 100)
      talk.send("<p>hello</p>", from: .server, at: t + 200)
      talk.close(from: .server, at: t + 300)
      talks.append(talk)
    }
    let a = Analysis(Conversation.merge(talks))
    #expect(a.connections.map(\.closeReason) == [.http10, .http10, .http10])
    #expect(a.connections.map(\.openedBecause) == [.firstContact, .afterHTTP10, .afterHTTP10])
    #expect(a.summary.servers.first?.inferredTimeout == nil)
  }

  /// Of a Host value that is too long, the end is kept: user-info, which is hidden by its `@`, stands before it.
  @Test func `a long host keeps no user-info without its end`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    let name = "alice:secret" + String(repeating: "x", count: 250) + "@h.test"
    talk.send("GET / HTTP/1.1\r\nHost: \(name)\r\n\r\n", from: .client, at: 10)
    talk.send(ok(), from: .server, at: 20)
    let a = Analysis(talk)
    #expect(a.summary.hosts.map { text($0.host ?? []) } == [String(name.suffix(255))])
  }

  /// §3: the last one to end. Its end is not in the capture, only that its client used the port again; the one before it was
  /// closed by its idle server.
  @Test(arguments: [true, false])
  func `an end that was not captured is the last one, too`(answered: Bool) {
    func talk(_ port: Int, at t: Double, sequence: UInt32, answered: Bool = true) -> Conversation {
      var talk = Conversation(clientPort: port)
      (talk.clientNext, talk.serverNext) = (sequence, sequence + 500_000)
      talk.handshake(at: t)
      talk.send(get("/"), from: .client, at: t + 10)
      if answered { talk.send(ok(), from: .server, at: t + 20) }
      return talk
    }
    var first = talk(1001, at: 0, sequence: 1000)
    first.close(from: .server, at: 5000)
    let second = talk(1002, at: 10_000, sequence: 2000, answered: answered)
    let third = talk(1002, at: 200_000, sequence: 4_000_000)
    let a = Analysis(Conversation.merge([first, second, third]))
    let causes = a.connections.sorted { $0.id < $1.id }.map(\.openedBecause)
    #expect(causes == [.firstContact, .afterServerIdleClose, .afterUnknown])
  }

  /// §4: a server that counts down had said its limit first.
  @Test func `the largest max is what the server advertised`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    for (i, max) in [99, 100, 98].enumerated() {
      talk.send(get("/"), from: .client, at: Double(i) * 100 + 10)
      talk.send(ok(5, "Keep-Alive: timeout=5, max=\(max)\r\n"), from: .server, at: Double(i) * 100 + 20)
    }
    let a = Analysis(talk)
    #expect(a.connections.map(\.advertised?.max) == [100])
    #expect(a.summary.servers.map(\.advertisedMax) == [100])
  }

  /// A row lists eight of its hosts; each of them has the connection.
  @Test func `every host has its connections`() {
    let talks = (1...3).map { i in
      var talk = Conversation(clientPort: 1000 + i)
      talk.handshake(at: Double(i))
      for host in 0..<66 {
        let t = Double(i) + Double(host) * 10
        talk.send("GET / HTTP/1.1\r\nHost: h\(host).test\r\n\r\n", from: .client, at: t + 2)
        talk.send(ok(), from: .server, at: t + 3)
      }
      return talk
    }
    let a = Analysis(Conversation.merge(talks)) { $0.groupRows = 100 }
    #expect(a.connections.map(\.hosts.count) == [8, 8, 8])
    #expect(a.summary.hosts.count { $0.connections == 3 } == 64)
    #expect(a.summary.hosts.count { $0.connections == 0 } == 2)
    #expect(a.summary.warnings.contains { $0.message.hasPrefix("6 times a connection turned to a host beyond its") })
  }

  @Test func `a status of no class is a response, too`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    for (i, status) in [200, 999, 600, 503].enumerated() {
      talk.send(get("/"), from: .client, at: Double(i) * 100 + 10)
      talk.send(ok(status: status), from: .server, at: Double(i) * 100 + 20)
    }
    let exchanges = Analysis(talk).summary.exchanges
    #expect(exchanges.statusClasses == [0, 0, 1, 0, 0, 1, 2])
  }

  /// §7: octets waited from when the first of them came until the hole was filled.
  @Test func `segments in reverse order wait for the last one`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/"), from: .client, at: 10)
    talk.send(ok(6000), from: .server, at: 100)
    let count = talk.frames.count
    for i in 0..<5 { talk.repeatFrame(count - 1 - i, at: 200 + Double(i) * 100) }
    for _ in 0..<5 { talk.dropFrame(count - 5) }
    let a = Analysis(talk)
    #expect(a.connections.map(\.tcp.stallTime) == [400 * millisecond])
    #expect(a.exchanges.map(\.tcpStall) == [400 * millisecond])
  }

  /// §7: the response before it was still on its way, whoever had asked for it.
  @Test func `a request behind a response whose request is not captured is pipelined`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.lose(40, from: .client)
    talk.send(String(ok(6000).prefix(3000)), from: .server, at: 100)
    talk.send(get("/"), from: .client, at: 150)
    talk.send(String(ok(6000).dropFirst(3000)), from: .server, at: 200)
    talk.send(ok(), from: .server, at: 210)
    let a = Analysis(talk)
    #expect(a.exchanges.map { $0.request != nil } == [false, true])
    #expect(a.exchanges.map(\.pipelined) == [false, true])
    #expect(a.summary.headOfLine.delayed == a.exchanges.count { $0.holDelay ?? 0 > 0 })
  }

  /// §2: ideal connections are those that requests need, so responses without one count on neither side.
  @Test func `responses without a request make reuse no more efficient`() {
    var first = Conversation(clientPort: 1)
    first.handshake(at: 0)
    for i in 0..<5 {
      let time = Double(10 + i * 200)
      if i == 2 { first.lose(40, from: .client) } else { first.send(get("/"), from: .client, at: time) }
      first.send(ok(), from: .server, at: time + 3)
      first.acknowledge(from: .client, at: time + 4)
    }
    var second = Conversation(clientPort: 2)
    second.handshake(at: 2000)
    second.send(get("/"), from: .client, at: 2010)
    second.send(ok(), from: .server, at: 2020)
    let both = Analysis(first, second).summary
    #expect(both.exchanges.total == 6 && both.reuse.idealConnections == 1)
    #expect(both.reuse.efficiency == 0.75)
    #expect(both.pools.map(\.efficiency) == [0.75] && both.servers.map(\.efficiency) == [0.75])
    #expect(both.pools.map(\.idealConnections) == [1] && both.servers.map(\.idealConnections) == [1])

    var unasked = Conversation()
    unasked.handshake(at: 0)
    for i in 0..<3 {
      unasked.lose(40, from: .client)
      unasked.send(ok(), from: .server, at: Double(i) * 100 + 10)
    }
    let alone = Analysis(unasked).summary
    #expect(alone.exchanges.total == 3 && alone.reuse.handshakes.paid == 1)
    #expect(alone.reuse.efficiency == nil && alone.pools.map(\.efficiency) == [nil])
    #expect(alone.reuse.idealConnections == nil && alone.pools.map(\.idealConnections) == [nil])
    #expect(alone.servers.map(\.idealConnections) == [nil])
    #expect(Analysis(Conversation()).summary.reuse.idealConnections == 0)
  }

  /// What nobody timed cost no 0 seconds.
  @Test func `an opening seen from the server alone is not timed`() throws {
    func opening(sawClient: Bool) throws -> Summary.Cause {
      var talk = Conversation()
      talk.handshake(at: 0)
      talk.send(get("/"), from: .client, at: 10)
      if !sawClient { for place in [3, 2, 0] { talk.dropFrame(place) } }
      talk.send(ok(), from: .server, at: 20)
      return try #require(Analysis(talk).summary.causes.first { $0.cause == .firstContact })
    }
    let seen = try opening(sawClient: true)
    let unseen = try opening(sawClient: false)
    #expect(seen.connections == 1 && seen.timed == 1 && seen.setupTime == millisecond)
    #expect(unseen.connections == 1 && unseen.timed == 0)
  }
}
