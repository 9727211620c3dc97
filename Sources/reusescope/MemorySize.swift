import ArgumentParser

/// A size as people write it: a number of octets, or one with K, M, G or T, which stand for powers of 1024.
struct MemorySize: Equatable, ExpressibleByArgument {
  var octets: Int

  init(octets: Int) { self.octets = octets }

  init?(argument: String) {
    var digits = argument[...]
    for ending in ["iB", "B", "ib", "b"] where digits.hasSuffix(ending) {
      digits = digits.dropLast(ending.count)
      break
    }
    var shift = 0
    if let unit = digits.last, let power = "KMGT".firstIndex(of: Character(unit.uppercased())) {
      shift = 10 * ("KMGT".distance(from: "KMGT".startIndex, to: power) + 1)
      digits = digits.dropLast()
    }
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits),
      number <= Int.max >> shift
    else { return nil }
    octets = number << shift
  }

  var defaultValueDescription: String {
    for (unit, shift) in [("G", 30), ("M", 20), ("K", 10)] where octets >= 1 << shift && octets % (1 << shift) == 0 {
      return "\(octets >> shift)\(unit)"
    }
    return "\(octets)"
  }
}
