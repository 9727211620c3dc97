import ReuseAnalysis
import TestSupport
import Testing

@Suite struct `Dropped packets` {
  @Test(arguments: [(nil, 0.5, 0.75), (0, 0.5, 0.75), (1, 0.4, 0.8), (4, 0.25, 0.875)] as [(Int?, Double, Double)])
  func `widen the reuse ratio by a request each`(_ drops: Int?, _ low: Double, _ high: Double) {
    var summary = Summary()
    summary.exchanges.withRequest = 4
    summary.reuse.ratio = 0.5...0.75
    summary.note(drops: drops)
    #expect(summary.capture.drops == drops)
    #expect(summary.reuse.ratio.map { abs($0.lowerBound - low) < 1e-9 && abs($0.upperBound - high) < 1e-9 } == true)
  }

  @Test func `leave what is not known unknown`() {
    var summary = Summary()
    summary.note(drops: 3)
    #expect(summary.reuse.ratio == nil)
  }

  /// The last segment of a response, or one in its middle: the client acknowledged it.
  @Test(arguments: [-1, -2], [300.0, 100_000])
  func `leave no connection in use`(frame: Int, opened: Double) throws {
    var first = Conversation(clientPort: 1001)
    first.handshake(at: 0)
    first.send(get("/1"), from: .client, at: 10)
    first.send(ok(5000), from: .server, at: 20)
    first.dropFrame(frame)
    first.acknowledge(from: .client, at: 30)
    var second = Conversation(clientPort: 1002)
    second.handshake(at: opened)
    second.send(get("/2"), from: .client, at: opened + 10)
    second.send(ok(), from: .server, at: opened + 20)
    let a = Analysis(first, second)
    #expect(a.connections.map(\.openedBecause) == [.firstContact, .missedReuse])
    #expect(a.summary.reuse.idealConnections == 1)
    #expect(try #require(a.exchanges.first).missingBytes > 0)
    #expect(a.ledgerAddsUp)
  }

  /// It may come yet, as long as nobody has acknowledged it.
  @Test func `are waited for`() {
    var first = Conversation(clientPort: 1001)
    first.handshake(at: 0)
    first.send(get("/1"), from: .client, at: 10)
    first.send(ok(5000), from: .server, at: 20)
    first.repeatFrame(-2, at: 900)
    first.dropFrame(-3)
    var second = Conversation(clientPort: 1002)
    second.handshake(at: 300)
    let a = Analysis(first, second)
    #expect(a.connections.sorted { $0.id < $1.id }.map(\.openedBecause) == [.firstContact, .allBusy])
    #expect(a.exchanges.map(\.missingBytes) == [0])
  }

  /// With the last octets of a response, the server's FIN: that is no octet of anything.
  @Test(arguments: [true, false])
  func `hold a FIN, too`(saysClose: Bool) {
    var talk = Conversation(clientPort: 1001)
    talk.handshake(at: 0)
    talk.send(get("/1"), from: .client, at: 10)
    talk.send(ok(5000, saysClose ? "Connection: close\r\n" : ""), from: .server, at: 20)
    talk.dropFrame(-1)
    talk.lose(1, from: .server)
    talk.acknowledge(from: .client, at: 30)
    talk.finish(from: .client, at: 500)
    talk.acknowledge(from: .server, at: 501)
    var next = Conversation(clientPort: 1002)
    next.handshake(at: 1000)
    next.send(get("/2"), from: .client, at: 1010)
    next.send(ok(), from: .server, at: 1020)
    let a = Analysis(talk, next)
    let connections = a.connections.sorted { $0.id < $1.id }
    #expect(connections.map(\.closeReason) == [saysClose ? .closeHeader : .clientIdleClose, .open])
    #expect(connections.last?.openedBecause == (saysClose ? .afterCloseHeader : .afterClientIdleClose))
    let head = ok(5000, saysClose ? "Connection: close\r\n" : "").utf8.count - 5000
    let missing = (head + 5000) % 1460
    #expect(a.exchanges.map(\.outcome) == [.complete, .complete])
    #expect(a.exchanges.map(\.missingBytes) == [missing, 0])
    #expect(a.summary.ledger.missingUnseen == missing)
    #expect(a.ledgerAddsUp)
  }

  /// The server sends it again, and that copy is captured: it closed first.
  @Test func `hold a FIN that comes again`() {
    var talk = Conversation(clientPort: 1001)
    talk.handshake(at: 0)
    talk.send(get("/1"), from: .client, at: 10)
    talk.send(ok(5000), from: .server, at: 20)
    talk.dropFrame(-1)
    talk.lose(1, from: .server)
    talk.acknowledge(from: .client, at: 30)
    var other = Conversation(clientPort: 1002)
    other.handshake(at: 300)
    talk.lose(-1, from: .server)
    talk.finish(from: .server, at: 400)
    talk.finish(from: .client, at: 500)
    let a = Analysis(talk, other)
    #expect(a.connections.first { $0.id == 1 }?.closeReason == .serverIdleClose)
    #expect(a.ledgerAddsUp)
  }

  /// It was the first octet of the next response, of which the rest comes later: what that one answers is not known.
  @Test func `hold the begin of the next response`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    for i in 1...4 { talk.send(get("/\(i)"), from: .client, at: 10 + Double(i)) }
    let octets = Array((ok(5000) + ok(10)).utf8)
    let cut = ok(5000).utf8.count
    talk.send(Array(octets[..<(cut - 500)]), from: .server, at: 20)
    talk.send(Array(octets[(cut - 500)...cut]), from: .server, at: 21)
    talk.dropFrame(-1)
    talk.acknowledge(from: .client, at: 30)
    var other = Conversation(clientPort: 1002)
    other.handshake(at: 300)
    talk.send(Array(octets[(cut + 1)...]), from: .server, at: 400)
    talk.acknowledge(from: .client, at: 410)
    for i in 3...4 { talk.send(ok(i), from: .server, at: 600 + Double(i)) }
    let a = Analysis(talk, other)
    #expect(a.summary.ledger.missingUnseen == 501)
    #expect(a.ledgerAddsUp)
    for exchange in a.exchanges {
      guard let request = exchange.request, let response = exchange.response else { continue }
      let expected = ["/1": 5000, "/3": 3, "/4": 4][String(decoding: request.words.target, as: UTF8.self)]
      #expect(response.bodyBytes == expected)
    }
  }
}
