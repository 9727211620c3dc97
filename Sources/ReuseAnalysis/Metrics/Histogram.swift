/// The distribution of durations or counts: exact count, sum, minimum and maximum; quantiles within 0.4 %.
///
/// Buckets are 1/128 of a power of two wide (METRICS.md §10), kept only between the smallest and the largest value seen.
/// Two histograms of parts merge to that of the whole.
public struct Histogram: Sendable {
  /// From `firstBucket` on; empty as long as all values are in that one bucket.
  private var buckets: [UInt32] = []
  private var firstBucket = 0
  public private(set) var count = 0
  /// Of many connections a year adds up to more than 64 bits of nanoseconds.
  public private(set) var sum: Int128 = 0
  public private(set) var min: Int64 = .max
  public private(set) var max: Int64 = .min

  public init() {}

  /// Adds a value; a negative one (packets that step back in time) counts as 0.
  public mutating func add(_ value: Int64) {
    let value = Swift.max(0, value)
    count &+= 1
    sum &+= Int128(value)
    if value < min { min = value }
    if value > max { max = value }
    let bucket = Self.bucket(of: value)
    let i = bucket &- firstBucket
    if i >= 0, i < buckets.count {
      if buckets[i] < .max { buckets[i] &+= 1 }
    } else {
      addApart(bucket)
    }
  }

  /// Makes room for a bucket, and for some beside it: each bucket apart would cost a copy of all.
  @inline(never)
  private mutating func addApart(_ bucket: Int) {
    if count == 1 { firstBucket = bucket }
    if buckets.isEmpty {
      if bucket == firstBucket { return }
      buckets = [UInt32(clamping: count - 1)]
    }
    let slack = buckets.count / 4
    if bucket < firstBucket {
      widen(to: Swift.max(0, bucket - slack)..<bucket)
    } else if bucket >= firstBucket + buckets.count {
      widen(to: bucket..<(bucket + 1 + slack))
    }
    buckets[bucket - firstBucket] += 1
  }

  /// The buckets, also where there is only one.
  private var content: [UInt32] { buckets.isEmpty && count > 0 ? [UInt32(clamping: count)] : buckets }

  public mutating func merge(_ other: Histogram) {
    guard other.count > 0 else { return }
    if count == 0 {
      self = other
      return
    }
    if buckets.isEmpty { buckets = content }
    widen(to: other.firstBucket..<(other.firstBucket + Swift.max(1, other.buckets.count)))
    if other.buckets.isEmpty {
      merge(UInt32(clamping: other.count), into: other.firstBucket - firstBucket)
    } else {
      for (i, n) in other.buckets.enumerated() where n > 0 { merge(n, into: other.firstBucket + i - firstBucket) }
    }
    count += other.count
    sum &+= other.sum
    min = Swift.min(min, other.min)
    max = Swift.max(max, other.max)
  }

  private mutating func merge(_ n: UInt32, into i: Int) {
    let (s, overflow) = buckets[i].addingReportingOverflow(n)
    buckets[i] = overflow ? .max : s
  }

  /// Makes room for buckets. Those that there are already are at least one.
  private mutating func widen(to range: Range<Int>) {
    if range.lowerBound < firstBucket {
      buckets.insert(contentsOf: repeatElement(0, count: firstBucket - range.lowerBound), at: 0)
      firstBucket = range.lowerBound
    }
    let missing = range.upperBound - firstBucket - buckets.count
    if missing > 0 { buckets.append(contentsOf: repeatElement(0, count: missing)) }
  }

  /// The smallest value that at least this share of the values does not exceed.
  public func quantile(_ share: Double) -> Int64? {
    guard count > 0 else { return nil }
    let rank = Swift.max(1, Int((share * Double(count)).rounded(.up)))
    if rank >= count { return max }
    if buckets.isEmpty { return Swift.min(max, Swift.max(min, Self.middle(of: firstBucket))) }
    var seen = 0
    for (i, n) in buckets.enumerated() {
      seen += Int(n)
      if seen >= rank { return Swift.min(max, Swift.max(min, Self.middle(of: firstBucket + i))) }
    }
    return max
  }

  /// What the histogram of some values, which rise, gives.
  static func quantile(_ share: Double, ofSorted values: [Int64]) -> Int64? {
    guard let least = values.first, let most = values.last else { return nil }
    let rank = Swift.max(1, Int((share * Double(values.count)).rounded(.up)))
    if rank >= values.count { return most }
    return Swift.min(most, Swift.max(least, middle(of: bucket(of: values[rank - 1]))))
  }

  /// Rising (value, share of values not above it), at most `points` of them, the last one (max, 1).
  public func curve(points: Int) -> [(Int64, Double)] {
    guard count > 0 else { return [] }
    var result: [(Int64, Double)] = []
    var seen = 0
    var nextShare = 0.0
    for (i, n) in content.enumerated() where n > 0 {
      seen += Int(n)
      let share = Double(seen) / Double(count)
      if share >= nextShare, seen < count {
        result.append((Swift.min(max, Self.upper(of: firstBucket + i)), share))
        nextShare = share + 1 / Double(points)
      }
    }
    while let last = result.last, last.0 >= max { result.removeLast() }
    result.append((max, 1))
    return result
  }

  /// The share of values that do not exceed `value`.
  public func share(upTo value: Int64) -> Double? {
    guard count > 0 else { return nil }
    return Double(count(upTo: value)) / Double(count)
  }

  /// How many values do not exceed `value`, to the width of a bucket.
  public func count(upTo value: Int64) -> Int {
    if value >= max { return count }
    if value < min { return 0 }
    let last = Self.bucket(of: value) - firstBucket
    return content.prefix(last + 1).reduce(0) { $0 + Int($1) }
  }

  /// How many of the values over `least` there are up to 1, 2, 5, 10, 20 … thousand, each without those before: from the
  /// first step with any to the last one.
  func lengths(over least: Int64 = -1) -> Summary.Lengths {
    var result: Summary.Lengths = []
    var seen = least < 0 ? 0 : count(upTo: least)
    var decade: Int64 = 1000
    while seen < count {
      for factor: Int64 in [1, 2, 5] where seen < count {
        let (limit, overflow) = decade.multipliedReportingOverflow(by: factor)
        let upTo = overflow ? .max : limit
        let all = count(upTo: upTo)
        if all > seen || !result.isEmpty { result.append((upTo, all - seen)) }
        seen = all
      }
      let (next, overflow) = decade.multipliedReportingOverflow(by: 10)
      decade = overflow ? .max : next
    }
    return result
  }

  /// The sum of the values that do not exceed `value`.
  func sum(upTo value: Int64) -> Int128 {
    if value >= max { return sum }
    var total: Int128 = 0
    let last = Self.bucket(of: Swift.max(0, value))
    for (i, n) in content.enumerated() where firstBucket + i <= last {
      total += Int128(Self.middle(of: firstBucket + i)) * Int128(n)
    }
    return total
  }

  /// The window that holds the most values, as wide as `width` says for its lowest one: its median, its count and the
  /// distance of its extremes. `nil` unless it holds two. Of equal ones the lowest.
  func densestCluster(width: (Int64) -> Int64) -> (median: Int64, count: Int, spread: Int64)? {
    let buckets = content
    var best: (range: Range<Int>, count: Int)?
    var end = 0
    var inside = 0
    for start in buckets.indices where buckets[start] > 0 {
      if end < start { (end, inside) = (start, 0) }
      let low = Self.lower(of: firstBucket + start)
      let (limit, overflow) = low.addingReportingOverflow(width(low))
      while end < buckets.count, overflow || Self.lower(of: firstBucket + end) <= limit {
        inside += Int(buckets[end])
        end += 1
      }
      if inside > best?.count ?? 1 { best = (start..<end, inside) }
      inside -= Int(buckets[start])
    }
    guard let best else { return nil }
    var seen = 0
    var median = Self.middle(of: firstBucket + best.range.lowerBound)
    for i in best.range {
      seen += Int(buckets[i])
      if seen * 2 >= best.count {
        median = Self.middle(of: firstBucket + i)
        break
      }
    }
    let last = best.range.last { buckets[$0] > 0 } ?? best.range.lowerBound
    let spread = Self.middle(of: firstBucket + last) - Self.middle(of: firstBucket + best.range.lowerBound)
    return (Swift.min(max, Swift.max(min, median)), best.count, spread)
  }

  public var distribution: Summary.Distribution {
    var d = Summary.Distribution()
    d.count = count
    guard count > 0 else { return d }
    d.min = min
    d.max = max
    d.sum = sum
    d.p50 = quantile(0.5)
    d.p90 = quantile(0.9)
    d.p99 = quantile(0.99)
    return d
  }

  // Values below 256 have a bucket each; above, the 8 leading bits choose it.
  private static func bucket(of value: Int64) -> Int {
    guard value >= 256 else { return Int(value) }
    let shift = 56 - value.leadingZeroBitCount  // ≥ 1
    return shift * 128 + Int(value >> Int64(shift))
  }

  private static func lower(of bucket: Int) -> Int64 {
    guard bucket >= 256 else { return Int64(bucket) }
    let shift = (bucket - 128) / 128
    return Int64(bucket - shift * 128) << Int64(shift)
  }

  private static func upper(of bucket: Int) -> Int64 {
    guard bucket >= 256 else { return Int64(bucket) }
    let shift = (bucket - 128) / 128
    return lower(of: bucket) &+ (Int64(1) << Int64(shift)) &- 1
  }

  private static func middle(of bucket: Int) -> Int64 {
    let low = lower(of: bucket)
    return low + (upper(of: bucket) - low) / 2
  }
}
