import ReuseAnalysis
import TestSupport
import Testing

@Suite struct `Retries` {
  enum Failure: CaseIterable { case closed, reset, racedBefore, racedAfter, clientGaveUp }

  /// A connection whose second request is not answered; it is over at `end`.
  static func failing(_ how: Failure, request: String = get("/x"), end: Double = 100) -> Conversation {
    var talk = Conversation(clientPort: 40001)
    talk.handshake(at: 0)
    talk.send(get("/a"), from: .client, at: 10)
    talk.send(ok(), from: .server, at: 20)
    switch how {
    case .closed:
      talk.send(request, from: .client, at: end - 30)
      talk.close(from: .server, at: end)
    case .reset:
      talk.send(request, from: .client, at: end - 30)
      talk.reset(from: .server, at: end)
    case .racedBefore:
      let before = talk.next(of: .client)
      talk.send(request, from: .client, at: end - 1)
      talk.emit(.server, at: end, flags: [.fin, .ack], sequence: talk.next(of: .server), acknowledgment: before)
      talk.advance(.server, by: 1)
      talk.reset(from: .server, at: end + 1, acknowledges: false)
    case .racedAfter:
      talk.finish(from: .server, at: end - 1)
      talk.send(request, from: .client, at: end)
      talk.reset(from: .server, at: end + 1, acknowledges: false)
    case .clientGaveUp:
      talk.send(request, from: .client, at: end - 30)
      talk.reset(from: .client, at: end)
    }
    return talk
  }

  static func answered(
    _ request: String = get("/x"), port: Int = 40002, at time: Double = 200, opened: Double = 150,
    client: Address = "192.0.2.1", server: Address = "198.51.100.2"
  ) -> Conversation {
    var talk = Conversation(client: client, clientPort: port, server: server)
    talk.handshake(at: opened)
    talk.send(request, from: .client, at: time)
    talk.send(ok(), from: .server, at: time + 10)
    return talk
  }

  @Test(arguments: Failure.allCases, [true, false])
  func `what went unanswered and is asked again`(how: Failure, wantsRows: Bool) {
    let a = Analysis(Conversation.merge([Self.failing(how), Self.answered()])) { $0.wantsExchanges = wantsRows }
    #expect(a.summary.exchanges.retries == 1)
    guard wantsRows else { return }
    let retries = a.exchanges.filter { $0.retryOf != nil }
    #expect(retries.map { $0.connection } == [2])
    #expect(retries.first?.retryOf.map { [$0.connection, $0.index] } == [1, 2])
  }

  @Test(arguments: [
    ("another target", answered(get("/y"))),
    ("a longer target", answered(get("/xx"))),
    ("another method", answered("HEAD /x HTTP/1.1\r\nHost: shop.test\r\n\r\n")),
    ("another host", answered("GET /x HTTP/1.1\r\nHost: shop\r\n\r\n")),
    ("no host", answered("GET /x HTTP/1.1\r\n\r\n")),
    ("too late", answered(at: 5102)),
    ("another client", answered(client: "192.0.2.9")),
    ("another server", answered(server: "198.51.100.9")),
    ("before it failed", answered(at: 90, opened: 5)),
  ])
  func `what is no retry`(name: String, talk: Conversation) {
    let a = Analysis(Self.failing(.reset), talk)
    #expect(a.summary.exchanges.retries == 0 && a.exchanges.allSatisfy { $0.retryOf == nil })
  }

  @Test func `fields, and a connection opened before, do not matter; the latest one is repeated, once`() {
    let a = Analysis(
      Self.failing(.racedAfter), Self.answered(get("/x", "X-Attempt: 2\r\n"), port: 40002, at: 5100, opened: 5),
      Self.answered(port: 40003, at: 5200))
    #expect(a.exchanges.filter { $0.retryOf != nil }.map(\.connection) == [2])
  }

  @Test func `a retry that fails is repeated itself`() {
    var second = Conversation(clientPort: 40002)
    second.handshake(at: 110)
    second.send(get("/x"), from: .client, at: 120)
    second.reset(from: .server, at: 130)
    let a = Analysis(Self.failing(.reset), second, Self.answered(port: 40003))
    let links = a.exchanges.compactMap { e in e.retryOf.map { [e.connection, $0.connection, $0.index] } }
    #expect(links.sorted { $0[0] < $1[0] } == [[2, 1, 2], [3, 2, 1]])
    #expect(a.summary.exchanges.retries == 2)
  }

  @Test func `an answered exchange is not retried`() {
    var talk = Conversation(clientPort: 40001)
    talk.handshake(at: 0)
    talk.send(get("/x"), from: .client, at: 10)
    talk.send(ok(), from: .server, at: 20)
    talk.close(from: .server, at: 30)
    #expect(Analysis(talk, Self.answered()).summary.exchanges.retries == 0)
  }

  @Test func `many unanswered ones in many pools stay few`() {
    var talks: [Conversation] = []
    for i in 0..<1500 {
      var talk = Conversation(client: Address("192.0.\(i / 250).\(i % 250)"))
      talk.handshake(at: 0)
      talk.send(get("/x"), from: .client, at: 10)
      talk.reset(from: .server, at: 20)
      talks.append(talk)
    }
    talks.append(Self.answered(at: 100, opened: 50, client: "192.0.0.0"))
    #expect(Analysis(Conversation.merge(talks)).summary.exchanges.retries == 1)
  }
}
