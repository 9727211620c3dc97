extension IPAddress: CustomStringConvertible {
  /// The text of RFC 5952; dotted decimal for IPv4.
  public var description: String {
    var text: [UInt8] = []
    append(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the text of `description`, 39 octets at most.
  public func append(to text: inout [UInt8]) {
    if isV4 {
      for shift in [24, 16, 8, 0] {
        appendDecimal(UInt8(truncatingIfNeeded: low >> UInt64(shift)), to: &text)
        if shift > 0 { text.append(UInt8(ascii: ".")) }
      }
      return
    }
    // RFC 5952 §4.2: `::` stands for the longest run of two zero fields or more, the first of equals.
    let run = longestZeroRun
    var index = 0
    while index < 8 {
      if index == run.lowerBound, run.count >= 2 {
        text.append(UInt8(ascii: ":"))
        text.append(UInt8(ascii: ":"))
        index = run.upperBound
        continue
      }
      if index > 0, index != run.upperBound || run.count < 2 { text.append(UInt8(ascii: ":")) }
      appendHexadecimal(field(index), to: &text)
      index += 1
    }
  }

  private func field(_ index: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - index % 4 * 16))
  }

  private var longestZeroRun: Range<Int> {
    var longest = 0..<0
    var start = 0
    for index in 0..<8 {
      if field(index) != 0 {
        start = index + 1
      } else if index + 1 - start > longest.count {
        longest = start..<index + 1
      }
    }
    return longest
  }

  private func appendDecimal(_ value: UInt8, to text: inout [UInt8]) {
    let zero = UInt8(ascii: "0")
    if value >= 100 { text.append(zero + value / 100) }
    if value >= 10 { text.append(zero + value / 10 % 10) }
    text.append(zero + value % 10)
  }

  private func appendHexadecimal(_ value: UInt16, to text: inout [UInt8]) {
    var significant = false
    for shift in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: value >> UInt16(shift)) & 15
      significant = significant || digit != 0 || shift == 0
      if significant { text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10) }
    }
  }
}
