/// Picks those with the most exchanges, equal ones in the order in which they came, without sorting all: there may be a
/// million of them, and a summary shows a few.
struct MostExchanges {
  private var kept: [(exchanges: Int, place: Int)] = []
  private var seen = 0
  /// Later ones need more than this.
  private var threshold = 0
  private let limit: Int

  init(limit: Int) { self.limit = max(0, limit) }

  /// Places must rise. Those without exchanges do not count.
  mutating func offer(_ place: Int, exchanges: Int) {
    guard exchanges > 0 else { return }
    seen += 1
    guard exchanges > threshold else { return }
    kept.append((exchanges, place))
    if kept.count >= 2 * limit + 16 { cut() }
  }

  private mutating func cut() {
    kept.sort { ($1.exchanges, $0.place) < ($0.exchanges, $1.place) }
    if kept.count > limit { kept.removeLast(kept.count - limit) }
    if kept.count == limit { threshold = kept.last?.exchanges ?? .max }
  }

  /// The places, most exchanges first, and how many were left out.
  mutating func result() -> (places: [Int], omitted: Int) {
    cut()
    return (kept.map(\.place), seen - kept.count)
  }
}
