/// One line on standard error for each interval: what a log keeps of a running capture.
struct StatusLines {
  private let every: Duration
  private var next: ContinuousClock.Instant

  init(every: Duration, from begin: ContinuousClock.Instant) {
    self.every = every
    next = begin + every
  }

  mutating func show(_ rates: Rates, at now: ContinuousClock.Instant) {
    guard now >= next, let latest = rates.latest, let change = rates.change(over: every) else { return }
    next = max(next + every, now)
    func rate(_ count: Int) -> String { "\(Int(change.rate(count).rounded()))" }
    var line = "\(rate(change.packets)) packets/s, \(rate(change.requests)) requests/s"
    line += ", \(rate(change.opened)) openings/s, reuse \(percent(change.reuse))"
    line += ", \(latest.figures.open) open, \(latest.figures.busy) busy, \(latest.drops) dropped"
    // The capture does not wait for a terminal that stands still.
    if System.takesStandardError { complain(line) }
  }
}

/// A ratio for people: "98.2 %", a range where it is not exact, "-" where there is none.
func percent(_ ratio: ClosedRange<Double>?) -> String {
  guard let ratio else { return "-" }
  func text(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
  let (low, high) = (text(ratio.lowerBound), text(ratio.upperBound))
  return low == high ? "\(low) %" : "\(low)-\(high) %"
}
