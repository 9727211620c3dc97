import TestSupport
import Testing

@testable import ReuseAnalysis

@Suite struct `TIME-WAIT and ports` {
  /// The most at once when each stays for `duration`.
  static func peak(_ times: [Int64], duration: Int64) -> Int {
    times.indices.map { i in times[...i].count { times[i] - $0 < duration } }.max() ?? 0
  }

  @Test(arguments: 0..<60)
  func `the peak is as counted afterwards, or that of stays 1/256 longer`(run: Int) {
    let seed = SplitMix64.newSeed()
    var rng = SplitMix64(seed: seed)
    let duration = Int64.random(in: 1000...1_000_000, using: &rng)
    let step = max(1, duration >> Int64.random(in: 0...12, using: &rng))
    var times: [Int64] = []
    var time: Int64 = 0
    var place = TimeWaits.Place()
    for _ in 0..<Int.random(in: 1...400, using: &rng) {
      time += Int64.random(in: 0...step, using: &rng)
      times.append(time)
      place.add(at: time, duration: duration)
    }
    #expect(place.connections == times.count)
    #expect(place.peak >= Self.peak(times, duration: duration), "seed \(seed)")
    #expect(place.peak <= Self.peak(times, duration: duration + duration / 256), "seed \(seed)")
  }

  @Test(arguments: 0..<60)
  func `how many are there over time is as counted afterwards, to those of one interval`(run: Int) {
    let seed = SplitMix64.newSeed()
    var rng = SplitMix64(seed: seed)
    let duration = Int64.random(in: 1...120_000_000_000, using: &rng)
    let step = Int64.random(in: 1...2_000_000_000, using: &rng)
    var series = TimeWaitSeries()
    var times: [Int64] = []
    var time: Int64 = 0
    for _ in 0..<Int.random(in: 1...600, using: &rng) {
      time += Int64.random(in: 0...step, using: &rng)
      times.append(time)
      series.add(at: time)
    }
    let width = series.width << Int64.random(in: 0...2, using: &rng)
    let count = Int(time / width) + 1
    let points = series.points(count: count, width: width, duration: duration)
    #expect(points.count == count)
    for (i, point) in points.enumerated() {
      let end = Int64(i + 1) * width
      func entered(upTo limit: Int64) -> Int { times.count { $0 < limit } }
      // Those that left within the interval in which the oldest entered may or may not be counted.
      let gone = end - duration
      let least = entered(upTo: end) - entered(upTo: (gone / width + 1) * width)
      let most = entered(upTo: end) - (gone > 0 ? entered(upTo: gone / width * width) : 0)
      #expect(gone <= 0 ? point == entered(upTo: end) : (least...most).contains(point), "seed \(seed), point \(i)")
    }
  }

  @Test func `a million of them take 257 entries`() {
    var queue = TimeWaitQueue()
    for i in 0..<1_000_000 as Range<Int64> {
      _ = queue.expire(at: i * 1000, duration: 60_000_000)
      queue.add(at: i * 1000, duration: 60_000_000)
    }
    #expect(queue.entries <= 512)
    #expect(queue.count >= 60_000 && queue.count <= 60_000 + 60_000 / 256 + 1)
  }

  enum End { case client, server, reset, halfClosed, open }

  static func talk(_ port: Int, at start: Double, _ end: End, host: Int = 2) -> Conversation {
    var talk = Conversation(clientPort: port, server: Address("198.51.100.\(host)"))
    talk.handshake(at: start)
    talk.send(get("/a"), from: .client, at: start + 10)
    talk.send(ok(), from: .server, at: start + 20)
    switch end {
    case .client: talk.close(from: .client, at: start + 30)
    case .server: talk.close(from: .server, at: start + 30)
    case .reset: talk.reset(from: .client, at: start + 30)
    case .halfClosed: talk.finish(from: .client, at: start + 30)
    case .open: break
    }
    return talk
  }

  @Test func `it waits at the side that closed first`() throws {
    let ends: [End] = [.client, .client, .server, .reset, .halfClosed, .open, .client]
    var talks = ends.enumerated().map { Self.talk(40000 + $0.offset, at: Double($0.offset) * 100, $0.element) }
    // The first two are over.
    talks.append(Self.talk(41000, at: 61_100, .client))
    let wait = Analysis(Conversation.merge(talks)).summary.timeWait
    #expect(wait.duration == 60 * second)
    let total = try #require(wait.total)
    #expect(total.connections == 5 && total.peak == 4 && total.at == 630 * millisecond)
    #expect(wait.endpoints.map(\.address) == ["192.0.2.1", "198.51.100.2"].map { Address($0).ipAddress })
    #expect(wait.endpoints.map(\.connections) == [4, 1])
    #expect(wait.endpoints.map(\.peak) == [3, 1])
    // The ports of three closed by the client, one half-closed and one open are in use at 600 ms.
    #expect(wait.ports.map(\.peak) == [5])
    #expect(wait.ports[0].share == 5.0 / 28_232)
  }

  @Test func `how long it lasts can be said`() {
    let talks = (0..<10).map { Self.talk(40000 + $0, at: Double($0) * 1000, .client) }
    let wait = Analysis(Conversation.merge(talks)) { $0.timeWait = 2500 * millisecond }.summary.timeWait
    #expect(wait.total?.peak == 3)
    // Two in TIME-WAIT when the next one is opened.
    #expect(wait.ports.map(\.peak) == [3])
  }

  @Test func `rows are bounded, the total is not`() {
    let talks = (0..<9).map { Self.talk(40000, at: Double($0) * 10, .server, host: $0) }
    let a = Analysis(Conversation.merge(talks)) {
      $0.timeWaitAddresses = 4
      $0.timeWaitRows = 3
    }
    #expect(a.summary.timeWait.total?.connections == 9 && a.summary.timeWait.total?.peak == 9)
    #expect(a.summary.timeWait.endpoints.count == 3 && a.summary.timeWait.ports.count == 3)
  }

  @Test func `nothing closed, nothing waits`() {
    let wait = Analysis(Self.talk(40000, at: 0, .open)).summary.timeWait
    #expect(wait.total == nil && wait.endpoints.isEmpty)
    #expect(wait.ports.map(\.peak) == [1])
  }
}
