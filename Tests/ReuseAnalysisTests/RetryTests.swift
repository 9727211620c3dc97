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

  /// Each client has a connection that the server resets, with as many unanswered requests as there are targets.
  static func outage(clients: Int, targets: Int) -> [Conversation] {
    (0..<clients).map { client in
      var talk = Conversation(client: Address("192.0.\(client / 250).\(client % 250)"))
      talk.handshake(at: 0)
      for target in 0..<targets { talk.send(get("/\(target)"), from: .client, at: 10) }
      talk.reset(from: .server, at: 20)
      return talk
    }
  }

  static func repeating(clients: Int, targets: Int, at time: Double) -> [Conversation] {
    (0..<clients).map { client in
      var talk = Conversation(client: Address("192.0.\(client / 250).\(client % 250)"), clientPort: 40002 + Int(time))
      talk.handshake(at: time)
      for target in 0..<targets { talk.send(get("/\(target)"), from: .client, at: time + 10) }
      for _ in 0..<targets { talk.send(ok(), from: .server, at: time + 20) }
      return talk
    }
  }

  @Test(arguments: [(1500, 1), (1, 500), (30, 30)])
  func `every request of an outage is known again`(clients: Int, targets: Int) {
    let talks =
      Self.outage(clients: clients, targets: targets) + Self.repeating(clients: clients, targets: targets, at: 50)
      + Self.repeating(clients: clients, targets: targets, at: 1000)
    let a = Analysis(Conversation.merge(talks))
    // Each once.
    #expect(a.summary.exchanges.retries == clients * targets)
    #expect(a.exchanges.allSatisfy { $0.retryOf.map { r in r.connection <= clients } ?? true })
    #expect(a.summary.warnings.isEmpty)
  }

  @Test func `the same request many times over: each is repeated once`() {
    var first = Conversation()
    first.handshake(at: 0)
    for _ in 0..<20 { first.send(get("/x"), from: .client, at: 10) }
    first.reset(from: .server, at: 20)
    var second = Conversation(clientPort: 40002)
    second.handshake(at: 50)
    for _ in 0..<30 { second.send(get("/x"), from: .client, at: 60) }
    let a = Analysis(first, second)
    #expect(a.exchanges.compactMap { $0.retryOf?.index } == (1...20).reversed())
  }

  @Test func `more than are remembered: the first are forgotten, and it is said`() {
    let count = 1 << 15
    var talk = Conversation()
    talk.handshake(at: 0)
    for i in 0..<count + 10 { talk.send(get("/\(i)"), from: .client, at: 10) }
    talk.reset(from: .server, at: 20)
    let again = [0, 9, 10, count + 9].enumerated().map { i, target in
      Self.answered(get("/\(target)"), port: 40010 + i)
    }
    let a = Analysis(Conversation.merge([talk] + again)) { $0.outstanding = 2 * count }
    #expect(a.exchanges.compactMap { $0.retryOf?.index } == [11, count + 10])
    let words = "10 unanswered requests made room for others within 5 s (limit 32,768)"
    #expect(a.summary.warnings.contains { $0.matters && $0.message.hasPrefix(words) })
  }

  /// A connection that is reset while two requests are without an answer, and goes on.
  private func notHeeded() -> Conversation {
    var talk = Conversation()
    talk.handshake(at: 0)
    for target in ["/x", "/y"] { talk.send(get(target), from: .client, at: 10) }
    talk.reset(from: .server, at: 20)
    talk.send(ok(), from: .server, at: 30)
    return talk
  }

  @Test func `what a reset without effect left unanswered is not repeated`() {
    let a = Analysis(Conversation.merge([notHeeded(), Self.answered(get("/y"), at: 40, opened: 1)]))
    #expect(a.summary.exchanges.retries == 0)
  }

  @Test func `nor is any of many that asked for the same`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    for _ in 0..<100 { talk.send(get("/x"), from: .client, at: 10) }
    talk.reset(from: .server, at: 20)
    talk.send(ok(), from: .server, at: 30)
    var again = Conversation(clientPort: 40002)
    again.handshake(at: 1)
    for _ in 0..<100 { again.send(get("/x"), from: .client, at: 40) }
    #expect(Analysis(Conversation.merge([talk, again])).summary.exchanges.retries == 0)
  }

  @Test func `unless another end does`() {
    var talk = notHeeded()
    talk.reset(from: .server, at: 35)
    let again = ["/x", "/y"].enumerated().map { i, target in
      Self.answered(get(target), port: 40002 + i, at: 40, opened: 36)
    }
    let a = Analysis(Conversation.merge([talk] + again))
    #expect(a.exchanges.compactMap { $0.retryOf?.index } == [2])
  }
}
