import ArgumentParser

/// A number of octets as people write it: `4096`, `16k`, `16 KiB`, `1.5M`, `2G`. K, M, G and T stand for powers of 1024.
struct MemorySize: Equatable, ExpressibleByArgument {
  var octets: Int

  init(octets: Int) { self.octets = octets }

  init?(argument: String) {
    let text = argument.lowercased()
    let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    var unit = text.dropFirst(number.count).drop { $0 == " " }
    for ending in ["ib", "b"] where unit.hasSuffix(ending) {
      unit = unit.dropLast(ending.count)
      break
    }
    let powers: [Substring: Int] = ["": 0, "k": 10, "m": 20, "g": 30, "t": 40]
    guard let power = powers[unit], let value = Double(number) else { return nil }
    let octets = value * Double(1 << power)
    guard octets >= 1, octets <= Double(1 << 50) else { return nil }
    self.octets = Int(octets)
  }

  var defaultValueDescription: String {
    for (unit, shift) in [("G", 30), ("M", 20), ("K", 10)] where octets >= 1 << shift && octets % (1 << shift) == 0 {
      return "\(octets >> shift)\(unit)"
    }
    return "\(octets)"
  }
}
