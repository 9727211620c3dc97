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
}

@Suite struct `1xx responses without end` {
  @Test func `are listed up to a limit`() {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/"), from: .client, at: 1)
    for i in 0..<100 { talk.send("HTTP/1.1 102 Processing\r\n\r\n", from: .server, at: Double(2 + i)) }
    talk.send(ok(), from: .server, at: 200)
    let a = Analysis(talk)
    #expect(a.exchanges.first?.response?.interim.count == ExchangeRow.interimLimit)
    #expect(a.exchanges.first?.outcome == .complete)
  }
}
