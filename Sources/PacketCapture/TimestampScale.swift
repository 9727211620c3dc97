/// Turns the time stamps of one pcapng interface into nanoseconds since 1970: its resolution (if_tsresol) and its offset
/// in seconds (if_tsoffset). Exact, rounded down; clamped where 64 bits do not hold the time.
struct TimestampScale: Equatable {
  private enum Unit: Equatable {
    /// 10^-9 seconds or longer.
    case nanoseconds(UInt64)
    /// So many of them to a nanosecond; 0 when 64 bits of them do not make one.
    case perNanosecond(UInt64)
    /// 2^-n seconds.
    case powerOfTwo(UInt64)
  }

  private var unit: Unit
  private var offset: Int64

  /// - Parameters:
  ///   - resolution: the octet of if_tsresol: a negative power of 10, or with the highest bit set, of 2.
  ///   - offsetSeconds: the value of if_tsoffset.
  init(resolution: UInt8 = 6, offsetSeconds: Int64 = 0) {
    let exponent = Int(resolution & 0x7F)
    if resolution & 0x80 != 0 {
      unit = .powerOfTwo(UInt64(exponent))
    } else if exponent <= 9 {
      unit = .nanoseconds(powerOfTen(9 - exponent))
    } else {
      unit = .perNanosecond(exponent <= 28 ? powerOfTen(exponent - 9) : 0)
    }
    let (product, overflow) = offsetSeconds.multipliedReportingOverflow(by: 1_000_000_000)
    offset = overflow ? (offsetSeconds < 0 ? .min : .max) : product
  }

  @inline(__always)
  func nanoseconds(_ ticks: UInt64) -> Int64 {
    let sinceOffset: UInt64
    switch unit {
    case .nanoseconds(let count):
      let (product, overflow) = ticks.multipliedReportingOverflow(by: count)
      sinceOffset = overflow ? .max : product
    case .perNanosecond(let count):
      sinceOffset = count == 0 ? 0 : ticks / count
    case .powerOfTwo(let exponent):
      sinceOffset = Self.scale(ticks, by: exponent)
    }
    let (sum, overflow) = Int64(clamping: sinceOffset).addingReportingOverflow(offset)
    return overflow ? .max : sum
  }

  /// `ticks` × 10^9 ÷ 2^`exponent`, in 128 bits.
  @inline(never)
  private static func scale(_ ticks: UInt64, by exponent: UInt64) -> UInt64 {
    let (high, low) = ticks.multipliedFullWidth(by: 1_000_000_000)
    if exponent >= 64 { return high >> (exponent - 64) }
    if exponent == 0 { return high == 0 ? low : .max }
    return high >> exponent != 0 ? .max : high << (64 - exponent) | low >> exponent
  }
}

private func powerOfTen(_ exponent: Int) -> UInt64 {
  (0..<exponent).reduce(1) { power, _ in power &* 10 }
}
