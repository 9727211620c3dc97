/// Numbers as a reader wants them: a unit with each, three significant digits, thousands apart.
package enum Quantity {
  /// `1,234,567`.
  package static func count(_ value: Int) -> String {
    grouped(UInt64(value.magnitude), negative: value < 0)
  }

  /// `count` with the noun that goes with it: `1 packet`, `2,000 packets`.
  package static func count(_ value: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? singular : plural ?? singular + "s")"
  }

  package static func grouped(_ value: UInt64, negative: Bool) -> String {
    var groups: [String] = []
    var rest = value
    while rest >= 1000 {
      let group = String(rest % 1000)
      groups.append(String(repeating: "0", count: 3 - group.count) + group)
      rest /= 1000
    }
    groups.append(String(rest))
    return (negative ? "-" : "") + groups.reversed().joined(separator: ",")
  }
}
