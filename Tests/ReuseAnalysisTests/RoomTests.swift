import ReuseAnalysis
import TestSupport
import Testing

/// What waits for more to come is bounded, and what goes for it is counted.
@Suite struct RoomTests {
  private func warns(_ analysis: Analysis, _ words: String) -> Bool {
    analysis.summary.warnings.contains { $0.matters && $0.message.contains(words) }
  }

  @Test func `heads that never end have a limit in all`() {
    // The legitimate one is the youngest, in the middle of a head in two segments.
    var talks = (0..<100).map { i in
      var talk = Conversation(clientPort: 10_000 + i)
      talk.handshake(at: Double(i))
      talk.send(
        "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 2_000), from: .client, at: 200 + Double(i) * 1_100)
      return talk
    }
    var good = Conversation(clientPort: 50_000)
    good.handshake(at: 200_000)
    good.send("GET /good HTTP/1.1\r\n", from: .client, at: 200_010)
    good.send("Host: a\r\n\r\n", from: .client, at: 200_020)
    good.send(ok(), from: .server, at: 200_030)
    good.close(from: .client, at: 200_040)
    talks.append(good)
    let frames = Conversation.merge(talks)
    let free = Analysis(frames)
    let bounded = Analysis(frames) { $0.heldOctets = 50_000 }
    #expect(free.summary.warnings.isEmpty)
    #expect(warns(bounded, "connections given up for want of room for unfinished heads and exchanges"))
    #expect(bounded.pairs.contains("GET /good 200"))
    #expect(bounded.connections.count == free.connections.count)
    #expect(bounded.ledgerAddsUp)
  }

  @Test func `exchanges without answers have a limit in all, and those idle longest go first`() {
    let talks = (0..<100).map { i in
      var talk = Conversation(clientPort: 10_000 + i)
      talk.handshake(at: Double(i) * 1_100)
      talk.send(get("/\(i)"), from: .client, at: Double(i) * 1_100 + 10)
      return talk
    }
    let bounded = Analysis(Conversation.merge(talks)) { $0.heldOctets = 20_000 }
    #expect(warns(bounded, "unfinished heads and exchanges"))
    #expect(bounded.exchanges.count == 100 && bounded.connections.count == 100)
    // In the order in which they were given up; the last were open at the end.
    #expect(bounded.pairs == (0..<100).map { "GET /\($0) -" })
    #expect(bounded.exchanges.allSatisfy { $0.outcome == .incomplete })
    #expect(bounded.ledgerAddsUp)
  }

  @Test(arguments: [1, 7])
  func `requests outstanding on one connection have a limit`(inOneSegment: Int) {
    var talk = Conversation()
    talk.handshake(at: 0)
    for start in stride(from: 0, to: 49, by: inOneSegment) {
      let requests = (start..<(start + inOneSegment)).map { get("/\($0)") }.joined()
      talk.send(requests, from: .client, at: 10 + Double(start))
    }
    let free = Analysis(talk)
    let bounded = Analysis(talk.frames) { $0.outstanding = 20 }
    #expect(free.summary.warnings.isEmpty && free.connections.count == 1)
    #expect(bounded.pairs == free.pairs)
    #expect(warns(bounded, "connections given up with too many requests unanswered (limit 20)"))
    #expect(bounded.connections.count == 3)
    #expect(bounded.ledgerAddsUp)
  }

  @Test func `responses to nothing count among them`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/a") + get("/b"), from: .client, at: 10)
    talk.lose(40, from: .server)
    for i in 0..<50 {
      // Whose they are cannot be known.
      talk.send(ok(status: 200 + i), from: .server, at: 20 + Double(i))
      talk.acknowledge(from: .client, at: 20 + Double(i))
    }
    let free = Analysis(talk)
    let bounded = Analysis(talk.frames) { $0.outstanding = 20 }
    #expect(free.connections.count == 1 && free.pairs == ["GET /a -", "GET /b -"] + (0..<50).map { "- \(200 + $0)" })
    #expect(warns(bounded, "connection given up with too many requests unanswered (limit 20)"))
    #expect(bounded.ledgerAddsUp)
  }

  @Test(arguments: [1000, 1100])
  func `beyond a thousand unanswered requests, a response after a hole is nobody's`(unanswered: Int) {
    var talk = Conversation()
    talk.handshake(at: 0)
    for i in 0..<unanswered { talk.send(get("/\(i)"), from: .client, at: 10) }
    talk.lose(40, from: .server)
    talk.acknowledge(from: .client, at: 20)
    // Its client had all that is missing.
    talk.send(get("/late"), from: .client, at: 30)
    talk.acknowledge(from: .server, at: 31)
    talk.send(ok(), from: .server, at: 200)
    let a = Analysis(talk)
    #expect(a.pairs.contains("GET /late 200") == (unanswered == 1000))
    #expect(a.pairs.contains("- 200") == (unanswered != 1000))
  }

  @Test func `one connection cannot take the room of all`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    for i in 0..<60 { talk.send(get("/\(i)/" + String(repeating: "x", count: 1_000)), from: .client, at: 10) }
    var other = Conversation(clientPort: 50_000)
    other.handshake(at: 0)
    other.send(get("/other"), from: .client, at: 5)
    other.send(ok(), from: .server, at: 100)
    let bounded = Analysis(Conversation.merge([talk, other])) { $0.heldOctets = 40_000 }
    #expect(warns(bounded, "too many requests unanswered"))
    #expect(!warns(bounded, "unfinished heads and exchanges"))
    #expect(bounded.pairs.contains("GET /other 200"))
    #expect(bounded.ledgerAddsUp)
  }

  @Test func `interim responses of one exchange have a limit`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/"), from: .client, at: 10)
    for i in 0..<100 { talk.send("HTTP/1.1 103 Early Hints\r\n\r\n", from: .server, at: 20 + Double(i)) }
    talk.send(ok(), from: .server, at: 200)
    let bounded = Analysis(talk.frames) { $0.interim = 30 }
    #expect(bounded.exchanges.map { $0.response?.interim.count } == [30])
    #expect(warns(bounded, "70 1xx responses beyond 30 of one exchange"))
    #expect(Analysis(talk).exchanges.map { $0.response?.interim.count } == [100])
  }

  @Test func `interim responses have a limit in all`() {
    func talks(interims: Int) -> [TimedFrame] {
      Conversation.merge(
        (0..<40).map { i in
          var talk = Conversation(clientPort: 10_000 + i)
          talk.handshake(at: Double(i) * 1_100)
          talk.send(get("/"), from: .client, at: Double(i) * 1_100 + 10)
          for _ in 0..<interims { talk.send("HTTP/1.1 103\n\n", from: .server, at: Double(i) * 1_100 + 20) }
          return talk
        })
    }
    #expect(Analysis(talks(interims: 1)) { $0.heldOctets = 40_000 }.summary.warnings.isEmpty)
    let bounded = Analysis(talks(interims: 900)) { $0.heldOctets = 40_000 }
    #expect(warns(bounded, "unfinished heads and exchanges"))
    #expect(bounded.ledgerAddsUp)
  }

  /// What is held is given back, whatever happens to it.
  @Test func `an analysis without end holds no more at its end than at its begin`() {
    let talks = (0..<200).map { i in
      var talk = Conversation(clientPort: 10_000 + i)
      talk.handshake(at: Double(i) * 10)
      let start = Double(i) * 10 + 1
      switch i % 5 {
      case 0: talk.send("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 500), from: .client, at: start)
      case 1:
        talk.send("GET / HTTP/1.1\r\nX: ", from: .client, at: start)
        talk.lose(700, from: .client)
        talk.send(get("/after"), from: .client, at: start + 1)
      case 2:
        talk.send(get("/"), from: .client, at: start)
        talk.send("HTTP/1.1 200 OK\r\nX: ", from: .server, at: start + 1)
      case 3: for j in 0..<5 { talk.send(get("/\(j)"), from: .client, at: start + Double(j)) }
      default: talk.send("GE", from: .client, at: start)
      }
      if i % 2 == 0 { talk.close(from: .client, at: start + 8) } else { talk.reset(from: .server, at: start + 8) }
      return talk
    }
    var configuration = AnalyzerConfiguration()
    configuration.wantsExchanges = true
    var analyzer = Analyzer(configuration: configuration)
    for frame in Conversation.merge(talks) {
      analyzer.observe(
        timestamp: frame.time, capturedLength: frame.octets.count, originalLength: frame.originalLength, linkType: 1,
        octets: frame.octets.span)
    }
    #expect(analyzer.memoryHeld > 0)
    analyzer.finish()
    #expect(analyzer.memoryHeld == 0)
  }
}
