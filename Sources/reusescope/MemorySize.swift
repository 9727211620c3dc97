import ArgumentParser

/// A number of octets as people write it: `4096`, `16k`, `16 KiB`, `1.5M`. k, M and G stand for powers of 1024.
struct MemorySize: ExpressibleByArgument {
  var octets: Int

  init?(argument: String) {
    let text = argument.lowercased()
    let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    let unit = text.dropFirst(number.count).drop { $0 == " " }
    let factors = [
      "": 1, "b": 1, "k": 1 << 10, "kb": 1 << 10, "kib": 1 << 10, "m": 1 << 20, "mb": 1 << 20, "mib": 1 << 20,
    ]
    .merging(["g": 1 << 30, "gb": 1 << 30, "gib": 1 << 30]) { a, _ in a }
    guard let factor = factors[String(unit)], let value = Double(number) else { return nil }
    let octets = value * Double(factor)
    guard octets >= 1, octets <= Double(1 << 40) else { return nil }
    self.octets = Int(octets)
  }
}
