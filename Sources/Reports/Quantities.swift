import ReuseAnalysis

// With units, and where their lines may be broken.
extension Quantity {
  /// The words of a sentence, between which a line may be broken: a number and its unit are one.
  package static func words(_ sentence: String) -> [String] {
    var words: [String] = []
    for part in sentence.utf8.split(separator: 0x20).lazy.map({ Substring($0) }) {
      // Few words stand behind a digit, and what characters are takes long to find out.
      if let number = words.last, let last = number.utf8.last, (0x30...0x39).contains(last), isUnit(part) {
        words[words.count - 1] = number + " " + part
      } else {
        words.append(String(part))
      }
    }
    return words
  }

  /// With punctuation behind it, if any.
  private static func isUnit(_ word: Substring) -> Bool {
    let name = word.prefix { $0 == "%" || $0.isLetter }
    return units.contains(String(name)) && word.dropFirst(name.count).allSatisfy(\.isPunctuation)
  }

  /// A sentence for what breaks lines by itself.
  package static func keepingUnits(_ sentence: String) -> String {
    let spaced = words(sentence).map { word in String(word.map { $0 == " " ? "\u{A0}" : $0 }) }
    return spaced.joined(separator: " ")
  }

  private static let units: Set<String> = ["ns", "µs", "ms", "s", "min", "h", "d", "B", "kB", "MB", "GB", "TB", "%"]

  /// A duration in ns, µs, ms or s: `420 µs`, `1.23 s`, `86,400 s`.
  package static func duration(_ nanoseconds: Int64) -> String {
    if nanoseconds == 0 { return "0 s" }
    return scaled(nanoseconds.magnitude, negative: nanoseconds < 0, units: ["ns", "µs", "ms", "s"])
  }

  package static func duration(_ nanoseconds: Int64?) -> String {
    nanoseconds.map { duration($0) } ?? unknown
  }

  /// A size in B, kB (1000 B), MB, GB or TB.
  package static func size(_ octets: Int) -> String {
    scaled(UInt64(octets.magnitude), negative: octets < 0, units: ["B", "kB", "MB", "GB", "TB"])
  }

  /// A share in percent with one decimal; `0 %` and `100 %` only when it is exactly that.
  package static func percent(_ share: Double) -> String {
    percentNumber(share) + " %"
  }

  package static func percent(_ share: Double?) -> String {
    share.map { percent($0) } ?? unknown
  }

  /// `87.3 %`, or `80.0–87.3 %` where only the bounds are known.
  package static func percent(_ range: ClosedRange<Double>?) -> String {
    guard let range else { return unknown }
    let low = percentNumber(range.lowerBound)
    let high = percentNumber(range.upperBound)
    return low == high ? high + " %" : "\(low)–\(high) %"
  }

  /// One decimal, thousands apart: `7.9`.
  package static func decimal(_ value: Double?) -> String {
    guard let value, value.isFinite, abs(value) < 1e15 else { return unknown }
    let tenths = (abs(value) * 10).rounded()
    let whole = grouped(UInt64(tenths) / 10, negative: value < 0 && tenths > 0)
    return "\(whole).\(UInt64(tenths) % 10)"
  }

  /// A span of time for people: `12.3 s`, `2 min 5 s`, `3 h 20 min`, `2 d 4 h`.
  package static func elapsed(_ nanoseconds: Int64) -> String {
    let seconds = nanoseconds / 1_000_000_000
    return switch seconds {
    case ..<120: duration(nanoseconds)
    case ..<7200: "\(seconds / 60) min \(seconds % 60) s"
    case ..<172_800: "\(seconds / 3600) h \(seconds / 60 % 60) min"
    default: "\(count(Int(seconds / 86_400))) d \(seconds / 3600 % 24) h"
    }
  }

  /// Stands for a figure that cannot be known.
  package static let unknown = "–"

  private static func percentNumber(_ share: Double) -> String {
    guard share.isFinite else { return unknown }
    if share == 0 { return "0" }
    if share == 1 { return "100" }
    if share > 0, share < 0.0005 { return "<0.1" }
    if share < 1, share >= 0.9995 { return ">99.9" }
    return decimal(share * 100)
  }

  /// Three significant digits in the largest unit of which there is one; whole numbers from the last unit's 1000 on.
  private static func scaled(_ value: UInt64, negative: Bool, units: [String]) -> String {
    let sign = negative ? "-" : ""
    var unit = 0
    var divisor: UInt64 = 1
    while unit < units.count - 1, value / divisor >= 1000 {
      divisor *= 1000
      unit += 1
    }
    if unit == 0 { return "\(grouped(value, negative: negative)) \(units[0])" }
    // Thousandths of the unit, rounded; rounding can carry into the next unit.
    let thousandths = divisor >= 1000 ? value / (divisor / 1000) : value * (1000 / divisor)
    for (limit, decimals) in [(10_000 as UInt64, 2), (100_000, 1), (1_000_000, 0)] {
      let step = limit / 1000
      let rounded = (thousandths + step / 2) / step * step
      if rounded < limit { return sign + fixed(rounded, decimals: decimals) + " " + units[unit] }
    }
    if unit < units.count - 1 { return "\(sign)1.00 \(units[unit + 1])" }
    return "\(grouped((thousandths + 500) / 1000, negative: negative)) \(units[unit])"
  }

  /// `thousandths` of one with `decimals` decimals, 2 at most, the rest cut.
  private static func fixed(_ thousandths: UInt64, decimals: Int) -> String {
    let whole = "\(thousandths / 1000)"
    let hundredths = thousandths % 1000 / 10
    switch decimals {
    case 1: return "\(whole).\(hundredths / 10)"
    case 2: return "\(whole).\(hundredths / 10)\(hundredths % 10)"
    default: return whole
    }
  }
}
