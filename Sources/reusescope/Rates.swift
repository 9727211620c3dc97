import ReuseAnalysis

/// Counts at moments past, to tell what happened in the last seconds. It holds a minute, however long the capture runs.
struct Rates {
  struct Sample {
    var time: ContinuousClock.Instant
    var figures = CurrentFigures()
    var drops = 0
  }

  /// What happened in a stretch of time.
  struct Change {
    var seconds: Double
    var packets, bytes, requests, opened, drops: Int
    /// METRICS.md §2, of the exchanges that ended in the stretch; `nil` when there were none.
    var reuse: ClosedRange<Double>?

    func rate(_ count: Int) -> Double { seconds > 0 ? Double(count) / seconds : 0 }
  }

  private var samples: [Sample] = []
  private static let kept: Duration = .seconds(61)

  init(at time: ContinuousClock.Instant) {
    samples = [Sample(time: time)]
  }

  var latest: Sample? { samples.last }

  mutating func add(_ sample: Sample) {
    samples.append(sample)
    while samples.count > 2, sample.time - samples[1].time > Self.kept { samples.removeFirst() }
  }

  /// What happened in about the last so many seconds, as far as the samples go back.
  func change(over span: Duration) -> Change? {
    guard let last = samples.last else { return nil }
    let from = samples.last { last.time - $0.time >= span } ?? samples[0]
    let seconds = Double((last.time - from.time) / .milliseconds(1)) / 1000
    guard seconds > 0 else { return nil }
    let (a, b) = (from.figures, last.figures)
    let (reused, unknown) = (b.reused - a.reused, b.unknown - a.unknown)
    let requests = b.requests - a.requests
    return Change(
      seconds: seconds, packets: b.packets - a.packets, bytes: b.bytes - a.bytes, requests: requests,
      opened: b.opened - a.opened, drops: last.drops - from.drops,
      reuse: requests > 0 ? Double(reused) / Double(requests)...Double(reused + unknown) / Double(requests) : nil)
  }
}
