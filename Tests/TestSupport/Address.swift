import Wire

/// The octets of an IP address, written as text: `"192.0.2.1"`, `"2001:db8::1"`.
public struct Address: ExpressibleByStringLiteral, Hashable, Sendable {
  /// 4 or 16.
  public var octets: [UInt8]

  public init(octets: [UInt8]) { self.octets = octets }

  public init(stringLiteral text: String) { self.init(text) }

  public init(_ text: String) {
    if text.contains(":") {
      let halves = text.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false).map(Self.fields)
      let zeros = [UInt8](repeating: 0, count: 16 - halves.reduce(0) { $0 + $1.count })
      octets = halves.count == 1 ? halves[0] : halves[0] + zeros + halves[1]
    } else {
      octets = text.split(separator: ".").map { UInt8($0) ?? 0 }
    }
  }

  private static func fields(_ text: Substring) -> [UInt8] {
    text.split(separator: ":").flatMap { field in
      let value = UInt16(field, radix: 16) ?? 0
      return [UInt8(value >> 8), UInt8(value & 0xFF)]
    }
  }

  public var isV6: Bool { octets.count == 16 }

  public var ipAddress: IPAddress {
    func number(_ range: Range<Int>) -> UInt64 { octets[range].reduce(0) { $0 << 8 | UInt64($1) } }
    return isV6
      ? IPAddress(high: number(0..<8), low: number(8..<16)) : IPAddress(v4: UInt32(truncatingIfNeeded: number(0..<4)))
  }
}
