/// A line on a terminal's standard error that says how far the reading is.
struct Progress {
  private let isShown: Bool
  private let begin = ContinuousClock.now
  private var last: ContinuousClock.Instant
  private var isOnScreen = false

  init(isShown: Bool) {
    self.isShown = isShown
    last = begin
  }

  /// At most five times a second.
  mutating func show(packets: Int, read: Int, of total: Int?) {
    guard isShown else { return }
    let now = ContinuousClock.now
    guard now - last >= .milliseconds(200) else { return }
    last = now
    let seconds = Double((now - begin) / .microseconds(1)) / 1e6
    var line = "\(packets) packets, \(Int(Double(packets) / seconds)) a second"
    if let total, total > 0, read > 0 {
      let share = min(1, Double(read) / Double(total))
      line = "\(Int(share * 100)) % read, \(line), \(Int(seconds / share - seconds)) s left"
    }
    System.writeToStandardError(Array("\r\u{1B}[K\(line)".utf8))
    isOnScreen = true
  }

  mutating func clear() {
    if isOnScreen { System.writeToStandardError(Array("\r\u{1B}[K".utf8)) }
    isOnScreen = false
  }
}
