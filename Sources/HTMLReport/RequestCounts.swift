import Reports

/// Connections by the number of exchanges that they carried.
struct RequestCounts {
  private static let limits = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
  private var counts = [Int](repeating: 0, count: limits.count + 1)

  /// Takes in a connection; one without an exchange does not count.
  mutating func add(_ exchanges: Int) {
    guard exchanges > 0 else { return }
    counts[Self.limits.firstIndex { exchanges <= $0 } ?? Self.limits.count] += 1
  }

  /// From 1 request on as far as there are any: `1`, `2`, `3–5`, ….
  var bars: [(label: String, count: Int)] {
    guard let last = counts.lastIndex(where: { $0 > 0 }) else { return [] }
    return counts[...max(last, 3)].enumerated().map { i, count in
      let from = i == 0 ? 1 : Self.limits[i - 1] + 1
      guard i < Self.limits.count else { return (">1000", count) }
      return (from == Self.limits[i] ? "\(from)" : "\(from)–\(Self.limits[i])", count)
    }
  }
}
