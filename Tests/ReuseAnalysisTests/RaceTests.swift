import ReuseAnalysis
import TestSupport
import Testing

@Suite struct `Races and the margin to the timeout` {
  /// A connection that the server closes after `timeout` ms idle. `late`: when the client's next request is captured, in ms
  /// from the close.
  static func talk(_ port: Int, at start: Double, timeout: Double, late: Double? = nil, gaps: [Double] = [])
    -> Conversation
  {
    var talk = Conversation(clientPort: port)
    talk.handshake(at: start)
    var time = start + 10
    for gap in [0] + gaps {
      time += gap
      talk.send(get("/a"), from: .client, at: time)
      talk.send(ok(), from: .server, at: time)
    }
    let close = time + timeout
    if let late, late < 0 {
      // The server's FIN does not cover it.
      let before = talk.next(of: .client)
      talk.send(get("/raced"), from: .client, at: close + late)
      talk.emit(.server, at: close, flags: [.fin, .ack], sequence: talk.next(of: .server), acknowledgment: before)
      talk.advance(.server, by: 1)
    } else {
      talk.finish(from: .server, at: close)
      if let late { talk.send(get("/raced"), from: .client, at: close + late) }
    }
    talk.reset(from: .server, at: close + 30, acknowledges: false)
    return talk
  }

  @Test func `races are listed with the server's timeout`() throws {
    let a = Analysis(
      Self.talk(40001, at: 0, timeout: 5000), Self.talk(40002, at: 100, timeout: 5000, late: -20),
      Self.talk(40003, at: 200, timeout: 5000, late: 15), Self.talk(40004, at: 300, timeout: 5000))
    let races = a.summary.races
    #expect(races.map(\.connection) == [2, 3])
    #expect(races.map(\.kind) == [.beforeFIN, .afterFIN])
    #expect(races.map(\.sinceFIN) == [-20, 15].map { $0 * millisecond })
    #expect(races.map(\.idle) == [4980, 5015].map { $0 * millisecond })
    #expect(races.map(\.time) == [5090, 5225].map { $0 * millisecond })
    #expect(races.map(\.exchange) == [2, 2])
    #expect(races.allSatisfy { abs(($0.timeout ?? 0) - 5 * second) < 20 * millisecond })
    #expect(races[0].client == a.connections.first { $0.id == 2 }?.client)
    #expect(a.summary.racesOmitted == 0)
    #expect(a.summary.servers.map(\.closeRaces) == [2])
    // Four tails of 5 s: the gaps before the raced requests lie within theirs.
    #expect(a.summary.idle.tail.sum == 20 * second)
    #expect(a.summary.idle.idleTime <= a.summary.idle.openTime)
    #expect(a.summary.idle.idleTime >= 20 * second)
    // Races are no near misses.
    #expect(a.summary.servers[0].timeoutMargin?.gaps == 0)
  }

  @Test func `more races than are listed are counted`() {
    let talks = (0..<5).map { Self.talk(40000 + $0, at: Double($0), timeout: 5000, late: 15) }
    let a = Analysis(Conversation.merge(talks)) { $0.races = 3 }
    // The first, and the latest.
    #expect(a.summary.races.map(\.connection) == [1, 2, 5])
    #expect(a.summary.racesOmitted == 2)
    #expect(a.summary.servers.map(\.closeRaces) == [5])
  }

  @Test(arguments: [
    ([3000.0], 0), ([4100.0], 1), ([4500.0, 4900, 100, 3900], 2), ([], 0),
  ])
  func `gaps near the timeout that the closes show`(gaps: [Double], near: Int) {
    let a = Analysis(
      Self.talk(40001, at: 0, timeout: 5000, gaps: gaps), Self.talk(40002, at: 5, timeout: 5000))
    let margin = a.summary.servers[0].timeoutMargin
    #expect(margin?.isInferred == true && margin?.margin == second && margin?.gaps == near)
    #expect(abs((margin?.timeout ?? 0) - 5 * second) < 20 * millisecond)
  }

  @Test func `an advertised timeout and a long way`() {
    var talk = Conversation()
    talk.handshake(at: 0, roundTrip: 800)
    talk.send(get("/a"), from: .client, at: 900)
    talk.send(ok(5, "Keep-Alive: timeout=3\r\n"), from: .server, at: 1000)
    talk.send(get("/b"), from: .client, at: 2700)
    talk.send(ok(5, "Keep-Alive: timeout=3\r\n"), from: .server, at: 3500)
    talk.send(get("/c"), from: .client, at: 4500)
    let margin = Analysis(talk).summary.servers[0].timeoutMargin
    #expect(margin?.isInferred == false && margin?.timeout == 3 * second)
    #expect(margin.map { abs($0.margin - 1600 * millisecond) < 20 * millisecond } == true)
    #expect(margin?.gaps == 1)
  }

  @Test func `no timeout, no margin`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/a"), from: .client, at: 10)
    talk.send(ok(), from: .server, at: 20)
    #expect(Analysis(talk).summary.servers[0].timeoutMargin == nil)
  }

  @Test func `openings within a second of the begin may be the capture's fault`() {
    let talks = [(0.0, 1), (500, 2), (999, 3), (1001, 4), (1500, 1)].map { start, host in
      var talk = Conversation(clientPort: 40000 + Int(start), server: Address("198.51.100.\(host)"))
      talk.handshake(at: start)
      return talk
    }
    let a = Analysis(Conversation.merge(talks))
    #expect(a.summary.captureStart == 3)
    #expect(a.summary.causes.first { $0.cause == .firstContact }?.connections == 4)
  }
}
