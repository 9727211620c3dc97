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
