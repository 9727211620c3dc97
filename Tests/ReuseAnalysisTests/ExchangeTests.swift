import ReuseAnalysis
import TestSupport
import Testing

@Suite struct `Exchanges and their pairs` {
  @Test func `a reused connection`() throws {
    var talk = Conversation()
    talk.handshake(at: 0, roundTrip: 10)
    talk.send(get("/a"), from: .client, at: 20)
    talk.send(ok(), from: .server, at: 30)
    talk.send(get("/b"), from: .client, at: 130)
    talk.send(ok(7, "Keep-Alive: timeout=5, max=99\r\n"), from: .server, at: 145)
    talk.close(from: .client, at: 300)
    let a = Analysis(talk)
    #expect(a.pairs == ["GET /a 200", "GET /b 200"])
    #expect(a.exchanges.map(\.use) == [.fresh, .reused])
    #expect(a.exchanges.map(\.idleBefore) == [nil, 100 * millisecond])
    #expect(a.exchanges.map(\.wait) == [10 * millisecond, 15 * millisecond])
    #expect(a.exchanges.map(\.holDelay) == [0, 0])
    #expect(a.exchanges[1].response?.keepAlive == KeepAliveParameters(timeout: 5, max: 99))
    #expect(a.exchanges[1].response?.bodyBytes == 7)
    let c = try #require(a.connections.first)
    #expect(c.handshake?.setup == 10 * millisecond)
    #expect(c.idle.lead == 10 * millisecond && c.idle.total == 100 * millisecond && c.idle.tail == 155 * millisecond)
    #expect(c.closedBy == .client && c.closeKind == .fin && c.closeReason == .clientIdleClose)
    #expect(c.exchanges == 2 && c.fresh == 1 && c.reused == 1)
    #expect(c.hosts.map(text) == ["shop.test"])
    #expect(a.summary.reuse.ratio == 0.5...0.5)
    #expect(a.summary.reuse.handshakes.paid == 1 && a.summary.reuse.handshakes.saved == 1)
    #expect(a.summary.reuse.handshakes.timeSaved == 10 * millisecond)
    #expect(a.summary.reuse.efficiency == 1)
    #expect(a.ledgerAddsUp)
  }

  @Test func `five requests in one segment are pipelined and wait for each other`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send((1...5).map { get("/\($0)") }.joined(), from: .client, at: 10)
    for i in 1...5 { talk.send(ok(), from: .server, at: Double(10 + i * 20)) }
    let a = Analysis(talk)
    #expect(a.pairs == (1...5).map { "GET /\($0) 200" })
    #expect(a.exchanges.map(\.pipelined) == [false, true, true, true, true])
    #expect(a.exchanges.map(\.holDelay) == [0, 20, 40, 60, 80].map { $0 * millisecond })
    #expect(a.exchanges.allSatisfy { $0.idleBefore == nil })
    #expect(a.summary.headOfLine.pipelinedExchanges == 4 && a.summary.headOfLine.delayed == 4)
  }

  @Test func `a retransmitted request is one request and pipelines nothing`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/a"), from: .client, at: 10)
    talk.repeatFrame(-1, at: 250)
    talk.send(ok(), from: .server, at: 260)
    talk.send(get("/b"), from: .client, at: 300)
    talk.send(ok(), from: .server, at: 310)
    let a = Analysis(talk)
    #expect(a.pairs == ["GET /a 200", "GET /b 200"])
    #expect(a.summary.exchanges.pipelined == 0)
    #expect(a.connections[0].tcp.retransmissions == 1)
  }

  @Test func `1xx responses belong to the exchange`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send("POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", from: .client, at: 10)
    talk.send("HTTP/1.1 100 Continue\r\n\r\n", from: .server, at: 20)
    talk.send("abc", from: .client, at: 30)
    talk.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok(2, status: 201), from: .server, at: 40)
    let a = Analysis(talk)
    #expect(a.pairs == ["POST /p 201"])
    #expect(a.exchanges[0].response?.interim == [100, 103])
    #expect(a.exchanges[0].request?.bodyBytes == 3)
  }

  @Test func `an early response ends its exchange when the request has ended too`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send("POST /big HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n", from: .client, at: 10)
    talk.send("12345", from: .client, at: 11)
    talk.send(ok(0, status: 413), from: .server, at: 20)
    talk.send("67890", from: .client, at: 30)
    talk.send(get("/next"), from: .client, at: 50)
    talk.send(ok(), from: .server, at: 60)
    let a = Analysis(talk)
    #expect(a.pairs == ["POST /big 413", "GET /next 200"])
    #expect(a.exchanges[0].wait == nil)
    #expect(a.exchanges.allSatisfy { $0.outcome == .complete && !$0.pipelined })
    // Nothing is idle while the request is still coming.
    #expect(a.exchanges[1].idleBefore == 20_000_000)
  }

  @Test func `a lost response head shifts no other pair`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    for i in 0..<1000 {
      let t = Double(10 + i * 10)
      talk.send(get("/\(i)"), from: .client, at: t)
      if i == 400 { talk.lose(ok().utf8.count, from: .server) } else { talk.send(ok(), from: .server, at: t + 3) }
      talk.acknowledge(from: .client, at: t + 4)
    }
    let a = Analysis(talk)
    #expect(a.pairs == (0..<1000).map { "GET /\($0) \($0 == 400 ? "-" : "200")" })
    #expect(a.exchanges[400].outcome == .incomplete)
    #expect(a.exchanges[401].idleBefore == nil)
    #expect(a.summary.exchanges.pipelined == 0)
    #expect(a.summary.connections.missingBytes == ok().utf8.count)
    #expect(a.summary.connections.headsHit == 1)
  }

  @Test func `a lost request leaves its response without one`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    for i in 0..<5 {
      let t = Double(10 + i * 200)
      if i == 2 {
        talk.lose(get("/2").utf8.count, from: .client)
      } else {
        talk.send(get("/\(i)"), from: .client, at: t)
      }
      talk.send(ok(status: 200 + i), from: .server, at: t + 3)
      talk.acknowledge(from: .client, at: t + 4)
    }
    let a = Analysis(talk)
    #expect(a.pairs == ["GET /0 200", "GET /1 201", "- 202", "GET /3 203", "GET /4 204"])
  }

  @Test func `a missing segment of a body is skipped exactly`() {
    var talk = Conversation()
    talk.maximumSegment = 100
    talk.handshake(at: 0)
    talk.send(get("/a"), from: .client, at: 10)
    talk.send(ok(1000), from: .server, at: 20)
    talk.dropFrame(-4)
    talk.acknowledge(from: .client, at: 21)
    talk.send(get("/b"), from: .client, at: 200)
    talk.send(ok(), from: .server, at: 210)
    let a = Analysis(talk)
    #expect(a.pairs == ["GET /a 200", "GET /b 200"])
    #expect(a.exchanges[0].response?.bodyBytes == 1000)
    #expect(a.exchanges[0].outcome == .complete)
    #expect(a.exchanges.map(\.missingBytes) == [100, 0])
    #expect(a.connections[0].tcp.missingBytes == 100)
  }

  @Test func `an unsolicited 408 answers nothing`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/a"), from: .client, at: 10)
    talk.send(ok(), from: .server, at: 20)
    talk.send(ok(0, "Connection: close\r\n", status: 408), from: .server, at: 5000)
    talk.close(from: .server, at: 5001)
    let a = Analysis(talk)
    #expect(a.pairs == ["GET /a 200", "- 408"])
  }

  @Test func `an upgrade, a tunnel and HTTP inside them`() {
    var socket = Conversation(clientPort: 1111)
    socket.handshake(at: 0)
    socket.send(get("/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\n"), from: .client, at: 10)
    socket.send("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", from: .server, at: 20)
    socket.send(get("/inside"), from: .client, at: 30)
    socket.close(from: .client, at: 40)
    var tunnel = Conversation(clientPort: 2222)
    tunnel.handshake(at: 0)
    tunnel.send("CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n", from: .client, at: 11)
    tunnel.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", from: .server, at: 21)
    tunnel.send(get("/inside"), from: .client, at: 31)
    tunnel.close(from: .server, at: 41)
    let a = Analysis(socket, tunnel)
    #expect(a.pairs == ["GET /ws 101", "CONNECT a.test:443 200"])
    #expect(a.exchanges.map(\.outcome) == [.upgraded, .tunnel])
    #expect(a.connections.map(\.protocol) == [.websocket, .tunnel])
    #expect(a.connections.map(\.closeReason) == [.upgraded, .tunnel])
  }

  @Test func `a TLS client on a plain port is answered in HTTP`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3], from: .client, at: 10)
    talk.send(ok(0, "Connection: close\r\n", status: 400), from: .server, at: 20)
    talk.close(from: .server, at: 21)
    let a = Analysis(talk)
    #expect(a.pairs == ["- 400"])
  }

  @Test func `a request answered before its head was whole is one exchange`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(
      "GET /long HTTP/1.1\r\nHost: shop.test\r\nX: " + String(repeating: "y", count: 3000), from: .client, at: 10)
    talk.send(ok(0, "Connection: close\r\n", status: 431), from: .server, at: 20)
    talk.close(from: .server, at: 21)
    let a = Analysis(talk)
    #expect(a.pairs == ["GET /long 431"])
    #expect(a.exchanges[0].request?.complete == false)
    #expect(a.connections[0].closeReason == .midExchange)
  }

  /// Each try to read what there is of a head costs as much as there is: the next one comes when that is twice as much.
  @Test(arguments: [(19, "- 400"), (20, "GET /cut 400")])
  func `a head that did not tell what was asked is read again when there is twice as much`(count: Int, pair: String) {
    let head = Array("GET /cut HTTP/1.1\r\nHost: shop.test\r\n".utf8)
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(Array(head[..<10]), from: .client, at: 10)
    talk.send(ok(0, status: 408), from: .server, at: 20)
    talk.send(Array(head[10..<count]), from: .client, at: 30)
    talk.send(ok(0, status: 400), from: .server, at: 40)
    #expect(Analysis(talk).pairs == ["- 408", pair])
  }

  @Test func `a connection goes on after a reset that nobody heeded`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.reset(from: .client, at: 5)
    talk.send(get("/a"), from: .client, at: 10)
    talk.send(ok(), from: .server, at: 20)
    talk.close(from: .server, at: 30)
    let a = Analysis(talk)
    #expect(a.pairs == ["GET /a 200"])
    #expect(a.connections.map(\.closeReason) == [.serverIdleClose])
    #expect(a.connections[0].closeKind == .fin)
  }

  /// Found by fuzzing: what had been read of it stayed a request in progress, and the close one in its middle.
  @Test(arguments: [1, 2])
  func `what proves to be no request is none in progress`(pieces: Int) {
    var talk = Conversation()
    talk.handshake(at: 0, roundTrip: 1)
    let request = Array(get("/a\u{1}").utf8)
    for piece in pieces == 1 ? [request[...]] : [request[..<5], request[5...]] {
      talk.send(Array(piece), from: .client, at: 10)
    }
    talk.send(ok(), from: .server, at: 20)
    talk.close(from: .server, at: 30)
    #expect(Analysis(talk).connections.map(\.closeReason) == [.serverIdleClose])
  }

  @Test(arguments: [1, 7, 100, 1460, 9000])
  func `a long request line is one however it is cut`(size: Int) {
    var talk = Conversation()
    talk.maximumSegment = size
    let target = "/" + String(repeating: "x", count: 8000)
    talk.handshake(at: 0)
    talk.send(get(target), from: .client, at: 10)
    talk.send(ok(), from: .server, at: 20)
    #expect(Analysis(talk).pairs == ["GET \(target) 200"])
    var other = Conversation()
    other.maximumSegment = size
    other.handshake(at: 0)
    other.send("GET " + target + " x\u{1}" + target + " HTTP/1.1\r\n\r\n", from: .client, at: 10)
    #expect(Analysis(other).exchanges.isEmpty)
  }

  @Test(arguments: [1, 4])
  func `content that came before the protocol changed counts, however it is cut`(pieces: Int) {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n", from: .client, at: 10)
    for _ in 0..<pieces { talk.send(String(repeating: "x", count: 400 / pieces), from: .client, at: 20) }
    talk.send(ok(), from: .server, at: 30)
    talk.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", from: .server, at: 40)
    talk.close(from: .server, at: 50)
    #expect(Analysis(talk).exchanges.first?.request?.bodyBytes == 400)
  }

  @Test func `a word after GET in the middle of a connection is no request`() {
    var talk = Conversation()
    talk.send("GET something\r\n", from: .client, at: 10)
    #expect(Analysis(talk).exchanges.isEmpty)
    var opened = Conversation()
    opened.handshake(at: 0)
    opened.send("GET /something\r\n", from: .client, at: 10)
    opened.send("plain words", from: .server, at: 20)
    opened.close(from: .server, at: 30)
    let a = Analysis(opened)
    #expect(a.pairs == ["GET /something -"])
    #expect(a.connections[0].protocol == .http09)
  }

  @Test func `picked up mid-stream the first use is unknown, and the ratio a range`() {
    var talk = Conversation()
    talk.send(get("/a"), from: .client, at: 10)
    talk.send(ok(), from: .server, at: 20)
    talk.send(get("/b"), from: .client, at: 30)
    talk.send(ok(), from: .server, at: 40)
    let a = Analysis(talk)
    #expect(a.exchanges.map(\.use) == [.unknown, .reused])
    #expect(a.connections[0].role == .inferred)
    #expect(a.summary.reuse.ratio == 0.5...1)
    #expect(a.connections[0].handshake?.setup == nil && !a.connections[0].openingSeen)
  }
}

@Suite struct `Ends and causes` {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var reason: CloseReason
    var by: Side?
    var steps: @Sendable (inout Conversation) -> Void
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "server closes idle", reason: .serverIdleClose, by: .server) {
      $0.send(get("/"), from: .client, at: 10)
      $0.send(ok(), from: .server, at: 20)
      $0.close(from: .server, at: 5020)
    },
    Case(name: "client closes idle", reason: .clientIdleClose, by: .client) {
      $0.send(get("/"), from: .client, at: 10)
      $0.send(ok(), from: .server, at: 20)
      $0.close(from: .client, at: 30)
    },
    Case(name: "close header", reason: .closeHeader, by: .server) {
      $0.send(get("/"), from: .client, at: 10)
      $0.send(ok(5, "Connection: close\r\n"), from: .server, at: 20)
      $0.close(from: .server, at: 21)
    },
    Case(name: "HTTP/1.0", reason: .http10, by: .server) {
      $0.send("GET / HTTP/1.0\r\n\r\n", from: .client, at: 10)
      $0.send(ok(), from: .server, at: 20)
      $0.close(from: .server, at: 21)
    },
    Case(name: "delimited by close", reason: .http10, by: .server) {
      $0.send(get("/"), from: .client, at: 10)
      $0.send("HTTP/1.1 200 OK\r\n\r\nall there is", from: .server, at: 20)
      $0.close(from: .server, at: 21)
    },
    Case(name: "reset in the middle", reason: .midExchange, by: .server) {
      $0.send(get("/"), from: .client, at: 10)
      $0.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", from: .server, at: 20)
      $0.reset(from: .server, at: 21)
    },
    Case(name: "never answered", reason: .midExchange, by: .server) {
      $0.send(get("/"), from: .client, at: 10)
      $0.acknowledge(from: .server, at: 11)
      $0.close(from: .server, at: 20)
    },
    Case(name: "raced", reason: .serverIdleClose, by: .server) {
      $0.send(get("/"), from: .client, at: 10)
      $0.send(ok(), from: .server, at: 20)
      $0.acknowledge(from: .client, at: 21)
      $0.finish(from: .server, at: 5020)
      $0.send(get("/lost"), from: .client, at: 5021)
      $0.reset(from: .server, at: 5022, acknowledges: false)
    },
    Case(name: "half-closed by the client, answered all the same", reason: .midExchange, by: .client) {
      $0.send(get("/"), from: .client, at: 10)
      $0.finish(from: .client, at: 10)
      $0.send(ok(), from: .server, at: 20)
      $0.finish(from: .server, at: 20)
      $0.acknowledge(from: .client, at: 21)
    },
    Case(name: "never used", reason: .unused, by: .client) { $0.close(from: .client, at: 100) },
    Case(name: "still open", reason: .open, by: nil) {
      $0.send(get("/"), from: .client, at: 10)
      $0.send(ok(), from: .server, at: 20)
    },
  ]

  @Test(arguments: cases)
  func `a connection's end has one reason`(_ c: Case) {
    var talk = Conversation()
    talk.handshake(at: 0)
    c.steps(&talk)
    let a = Analysis(talk)
    #expect(a.connections.map(\.closeReason) == [c.reason])
    #expect(a.connections.map(\.closedBy) == [c.by])
    #expect(a.summary.closes.reduce(0) { $0 + $1.connections } == 1)
  }

  @Test func `each opening has its cause`() {
    // Idle, then in use, then closed by the server, then by a header.
    var first = Conversation(clientPort: 1001)
    first.handshake(at: 0)
    first.send(get("/1"), from: .client, at: 10)
    first.send(ok(), from: .server, at: 20)
    first.send(get("/1b"), from: .client, at: 200)
    first.send(ok(), from: .server, at: 300)
    first.close(from: .server, at: 5000)
    var second = Conversation(clientPort: 1002)  // while the first is idle
    second.handshake(at: 100)
    second.send(get("/2"), from: .client, at: 110)
    second.send(ok(), from: .server, at: 1000)
    second.close(from: .client, at: 1001)
    var third = Conversation(clientPort: 1003)  // while both are busy
    third.handshake(at: 250)
    third.send(get("/3", "Connection: close\r\n"), from: .client, at: 260)
    third.send(ok(5, "Connection: close\r\n"), from: .server, at: 270)
    third.close(from: .server, at: 271)
    var fourth = Conversation(clientPort: 1004)  // after the first one's end
    fourth.handshake(at: 6000)
    fourth.send(get("/4", "Connection: close\r\n"), from: .client, at: 6010)
    fourth.send(ok(5, "Connection: close\r\n"), from: .server, at: 6020)
    fourth.close(from: .server, at: 6021)
    var fifth = Conversation(clientPort: 1005)
    fifth.handshake(at: 7000)
    fifth.send(get("/5"), from: .client, at: 7010)
    fifth.reset(from: .server, at: 7020)
    var sixth = Conversation(clientPort: 1006)
    sixth.handshake(at: 8000)
    let a = Analysis(first, second, third, fourth, fifth, sixth)
    let causes = a.connections.sorted { $0.id < $1.id }.map(\.openedBecause)
    #expect(
      causes == [.firstContact, .missedReuse, .allBusy, .afterServerIdleClose, .afterCloseHeader, .afterFailure])
    #expect(a.summary.causes.reduce(0) { $0 + $1.connections } == 6)
    #expect(a.summary.causes.reduce(0) { $0 + $1.setupTime } == a.summary.reuse.handshakes.timePaid)
  }

  @Test func `failed openings are counted apart`() {
    var refused = Conversation(clientPort: 1)
    refused.syn(at: 0)
    refused.reset(from: .server, at: 1)
    var silent = Conversation(clientPort: 2)
    silent.syn(at: 2)
    silent.syn(at: 1002, again: true)
    let a = Analysis(refused, silent)
    #expect(a.summary.reuse.handshakes.refused == 1 && a.summary.reuse.handshakes.timedOut == 1)
    #expect(a.summary.reuse.handshakes.paid == 0 && a.summary.reuse.handshakes.synRetransmissions == 1)
    #expect(a.summary.reuse.ratio == nil && a.summary.reuse.efficiency == nil)
  }
}

@Suite struct `What ends tell of servers` {
  /// Connections that the server closes `after` milliseconds of idleness.
  private func closed(after gaps: [Double]) -> Analysis {
    let talks = gaps.enumerated().map { i, gap in
      var talk = Conversation(clientPort: 1000 + i)
      let t = Double(i) * 20_000
      talk.handshake(at: t)
      talk.send(get("/"), from: .client, at: t + 10)
      talk.send(ok(), from: .server, at: t + 20)
      talk.close(from: .server, at: t + 20 + gap)
      return talk
    }
    return Analysis(Conversation.merge(talks))
  }

  @Test func `a keep-alive timeout is the densest cluster of idle closes`() throws {
    let a = closed(after: [5001, 5002, 5004, 5003, 1000, 9000])
    let found = try #require(a.summary.servers.first?.inferredTimeout)
    #expect(abs(found.timeout - 5003 * millisecond) < 60 * millisecond)
    #expect(found.connections == 4 && found.of == 6)
    #expect(found.asDefaultOf == "Apache httpd, Node.js, uvicorn")
    #expect(a.summary.servers.first?.inferredClientTimeout == nil)
  }

  @Test func `one idle close shows no timeout`() {
    #expect(closed(after: [5000]).summary.servers.first?.inferredTimeout == nil)
    #expect(closed(after: [1000, 5000]).summary.servers.first?.inferredTimeout == nil)
  }

  @Test func `a request limit is where unasked closes gather`() {
    let talks = [3, 3, 2, 3].enumerated().map { i, count in
      var talk = Conversation(clientPort: 1000 + i)
      let t = Double(i) * 1000
      talk.handshake(at: t)
      for k in 1...count {
        talk.send(get("/\(k)"), from: .client, at: t + Double(k * 20))
        talk.send(ok(5, k == count ? "Connection: close\r\n" : ""), from: .server, at: t + Double(k * 20 + 5))
      }
      talk.close(from: .server, at: t + 100)
      return talk
    }
    let limit = Analysis(Conversation.merge(talks)).summary.servers.first?.inferredRequestLimit
    #expect(limit?.requests == 3 && limit?.connections == 3)
  }

  @Test(arguments: [(-2.0, CloseRace.Kind.beforeFIN), (3.0, .afterFIN)])
  func `a request that meets the close is raced`(offset: Double, kind: CloseRace.Kind) throws {
    var talk = Conversation()
    talk.handshake(at: 0, roundTrip: 10)
    talk.send(get("/"), from: .client, at: 20)
    talk.send(ok(), from: .server, at: 30)
    talk.acknowledge(from: .client, at: 31)
    // The server has not received the request when it closes.
    let received = talk.clientNext
    func finish() {
      talk.emit(.server, at: 5030, flags: [.fin, .ack], sequence: talk.serverNext, acknowledgment: received)
    }
    if offset > 0 { finish() }
    talk.send(get("/lost"), from: .client, at: 5030 + offset)
    if offset < 0 { finish() }
    talk.advance(.server, by: 1)
    talk.reset(from: .server, at: 5040, acknowledges: false)
    let a = Analysis(talk)
    let c = try #require(a.connections.first)
    let race = try #require(c.race)
    #expect(race.kind == kind && race.exchange == 2)
    #expect(race.sinceFIN == Int64(offset) * millisecond)
    #expect(race.idle == Int64(5000 + offset) * millisecond)
    #expect(c.closeReason == .serverIdleClose && c.idle.tail == 5000 * millisecond)
    #expect(a.exchanges[1].outcome == .reset && a.exchanges[1].response == nil)
    #expect(a.summary.servers.first?.closeRaces == 1)
  }

  @Test func `a request that was received and then dropped is no race`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/"), from: .client, at: 20)
    talk.acknowledge(from: .server, at: 21)
    talk.close(from: .server, at: 30)
    let a = Analysis(talk)
    #expect(a.connections[0].race == nil && a.connections[0].closeReason == .midExchange)
  }
}
