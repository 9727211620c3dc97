import TestSupport
import Testing

@testable import ReuseAnalysis

@Suite struct `Metrics against naive ones` {
  @Test(arguments: 0..<20)
  func `quantiles are within one per cent, the rest is exact`(run: Int) {
    let seed = SplitMix64.newSeed()
    var rng = SplitMix64(seed: seed)
    var histogram = Histogram()
    var parts = [Histogram](repeating: Histogram(), count: .random(in: 2...9, using: &rng))
    var values: [Int64] = []
    for i in 0..<Int.random(in: 1...500, using: &rng) {
      let value = Int64.random(in: 0...(Int64(1) << Int64.random(in: 1...62, using: &rng)), using: &rng) >> 8
      values.append(value)
      histogram.add(value)
      parts[i * i % parts.count].add(value)
    }
    values.sort()
    for share in [0.0, 0.01, 0.25, 0.5, 0.9, 0.99, 1.0] {
      let exact = values[max(0, min(values.count, Int((share * Double(values.count)).rounded(.up))) - 1)]
      let got = histogram.quantile(share) ?? -1
      #expect(abs(Double(got - exact)) <= 0.01 * Double(exact), "seed \(seed), share \(share): \(got), not \(exact)")
    }
    let merged = parts.reduce(into: Histogram()) { $0.merge($1) }
    for h in [histogram, merged] {
      #expect(h.count == values.count && h.min == values.first && h.max == values.last, "seed \(seed)")
      #expect(h.sum == values.reduce(0, +), "seed \(seed)")
      #expect("\(h.distribution)" == "\(histogram.distribution)", "seed \(seed)")
    }
    let lengths = histogram.lengths()
    #expect(lengths.reduce(0) { $0 + $1.count } == values.count && lengths.first?.count != 0, "seed \(seed)")
    for (i, step) in lengths.enumerated() {
      let all = lengths[...i].reduce(0) { $0 + $1.count }
      // A bucket is 1/128 wide at most.
      let (least, most) = (step.upTo - step.upTo / 128, step.upTo + min(step.upTo / 128, .max - step.upTo))
      #expect((values.count { $0 <= least }...values.count { $0 <= most }).contains(all), "seed \(seed): \(step)")
    }
    #expect(histogram.lengths(over: 0).reduce(0) { $0 + $1.count } == values.count { $0 > 0 }, "seed \(seed)")
    let curve = histogram.curve(points: 20)
    #expect(curve.last?.1 == 1 && curve.last?.0 == values.last, "seed \(seed)")
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.0 < $1.0 && $0.1 < $1.1 }, "seed \(seed)")
  }

  @Test func `extreme values do not trap`() {
    var h = Histogram()
    for value in [Int64.min, -1, 0, 1, .max, .max] { h.add(value) }
    #expect(h.min == 0 && h.max == .max && h.sum == 2 * Int128(Int64.max) + 1)
    #expect(h.quantile(1) == .max)
    #expect(h.lengths().map(\.count).reduce(0, +) == 6)
    #expect(Histogram().lengths().isEmpty)
  }

  /// Intervals known only at their ends, against counting at every moment afterwards.
  @Test(arguments: 0..<100)
  func `the busy peak is that of the periods that ended well`(run: Int) {
    let seed = SplitMix64.newSeed()
    var rng = SplitMix64(seed: seed)
    let slots = Int.random(in: 1...12, using: &rng)
    var nodes = BusyPeak.Nodes(repeating: BusyPeak.Node(), count: slots)
    var peak = BusyPeak()
    var begun = [Int?](repeating: nil, count: slots)
    var ended: [Range<Int>] = []
    var notPersistent = 0
    for time in 0..<Int.random(in: 2...120, using: &rng) {
      let slot = Int.random(in: 0..<slots, using: &rng)
      if let start = begun[slot] {
        let persists = Int.random(in: 0..<4, using: &rng) > 0
        peak.end(slot, persists: persists, in: &nodes)
        if persists { ended.append(start..<time) } else { notPersistent += 1 }
        begun[slot] = nil
      } else {
        peak.begin(slot, in: &nodes)
        begun[slot] = time
      }
    }
    for slot in 0..<slots {
      if let start = begun[slot] {
        peak.end(slot, persists: true, in: &nodes)
        ended.append(start..<1000)
      }
    }
    let naive = (0..<1000).map { t in ended.filter { $0.contains(t) }.count }.max() ?? 0
    #expect(Int(peak.peak) == naive, "seed \(seed)")
    #expect(peak.idealConnections == naive + notPersistent, "seed \(seed)")
  }
}

@Suite struct `Chunking does not matter` {
  static func talk(_ size: Int) -> Conversation {
    var talk = Conversation()
    talk.maximumSegment = size
    talk.handshake(at: 0)
    talk.send(get("/a") + get("/b"), from: .client, at: 10)
    talk.send(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: v\r\n\r\n",
      from: .server, at: 20)
    talk.send("HTTP/1.1 204 No Content\r\n\r\n", from: .server, at: 30)
    talk.send("POST /c HTTP/1.1\nHost: h\nContent-Length: 4\n\nbody", from: .client, at: 40)
    talk.send(ok(300), from: .server, at: 50)
    talk.close(from: .client, at: 60)
    return talk
  }

  @Test(arguments: [1, 2, 3, 5, 7, 16, 33, 61, 100, 400])
  func `segments of any size give the same exchanges`(size: Int) {
    let whole = Analysis(Self.talk(1460))
    let split = Analysis(Self.talk(size))
    #expect(whole.pairs == ["GET /a 200", "GET /b 204", "POST /c 200"])
    #expect(split.pairs == whole.pairs)
    #expect(split.exchanges.map { $0.response?.bodyBytes } == [5, 0, 300])
    #expect(split.exchanges.map { $0.response?.headBytes } == whole.exchanges.map { $0.response?.headBytes })
    #expect(split.exchanges.map(\.pipelined) == [false, true, false])
    #expect(split.connections.map(\.closeReason) == whole.connections.map(\.closeReason))
  }

  @Test func `every prefix of a conversation is analysed and adds up`() {
    let frames = Self.talk(9).frames
    for count in 0...frames.count {
      let a = Analysis(Array(frames.prefix(count)))
      #expect(a.ledgerAddsUp)
      #expect(a.summary.capture.packets == count)
    }
  }

  @Test func `frames in any order near by, doubled or missing add up`() {
    let seed = SplitMix64.newSeed()
    var rng = SplitMix64(seed: seed)
    for _ in 0..<50 {
      var frames = Self.talk(Int.random(in: 1...60, using: &rng)).frames
      for i in frames.indices where Int.random(in: 0..<4, using: &rng) == 0 {
        frames.swapAt(i, min(frames.count - 1, i + Int.random(in: 1...5, using: &rng)))
      }
      frames = frames.flatMap { frame in
        Array(repeating: frame, count: [0, 1, 1, 1, 1, 1, 1, 2][Int.random(in: 0..<8, using: &rng)])
      }
      let a = Analysis(frames)
      #expect(a.ledgerAddsUp, "seed \(seed)")
    }
  }
}
