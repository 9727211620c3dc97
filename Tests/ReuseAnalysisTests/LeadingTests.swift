import TestSupport
import Testing

@testable import ReuseAnalysis

@Suite struct LeadingTests {
  @Test(arguments: [0, 1, 2, 7, 50])
  func `the first few are those of a full sort`(limit: Int) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      // Rising, falling and mixed counts, many of them equal, and some 0.
      let counts = (0..<Int.random(in: 0...300, using: &random)).map { _ in Int.random(in: 0...20, using: &random) }
      for counts in [counts, counts.sorted(), counts.sorted(by: >)] {
        var leading = Leading(places: limit)
        for (place, count) in counts.enumerated() { leading.offer(place, count: count) }
        let sorted = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
        let result = leading.result()
        #expect(result.elements.map(\.place) == Array(sorted.prefix(limit)), "seed \(seed)")
        #expect(result.omitted == max(0, sorted.count - limit), "seed \(seed)")
      }
    }
  }
}
