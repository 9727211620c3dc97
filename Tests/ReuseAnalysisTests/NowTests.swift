import ReuseAnalysis
import TestSupport
import Testing

@Suite struct `A running analysis` {
  @Test func `a connection gives its row when time has passed, without another packet`() {
    var talk = Conversation()
    talk.handshake(at: 0, roundTrip: 10)
    talk.send(get("/a"), from: .client, at: 20)
    talk.send(ok(), from: .server, at: 30)
    talk.close(from: .client, at: 300)
    var configuration = AnalyzerConfiguration()
    configuration.wantsConnections = true
    var analyzer = Analyzer(configuration: configuration)
    var open: [Int] = []
    var busy: [Int] = []
    for frame in Conversation.merge([talk]) {
      analyzer.observe(
        timestamp: frame.time, capturedLength: frame.octets.count, originalLength: frame.originalLength, linkType: 1,
        octets: frame.octets.span)
      open.append(analyzer.now.open)
      busy.append(analyzer.now.busy)
    }
    #expect(open.first == 1 && open.last == 0)
    #expect(busy.contains(1) && busy.last == 0)
    let now = analyzer.now
    #expect(now.packets == open.count && now.opened == 1 && now.fresh == 1 && now.requests == 1)

    let end = Conversation.merge([talk]).map(\.time).max() ?? 0
    analyzer.advance(to: end + 900 * millisecond)
    let early = analyzer.connections.count
    #expect(early == 0)
    analyzer.advance(to: end + 1100 * millisecond)
    let due = analyzer.connections.count
    #expect(due == 1)
    analyzer.advance(to: .min)
    analyzer.finish()
    analyzer.advance(to: .max)
    let (after, addsUp) = (analyzer.connections.count, analyzer.ledgerAddsUp)
    #expect(after == 1)
    #expect(addsUp)
  }
}
