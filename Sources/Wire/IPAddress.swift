/// An IPv4 or IPv6 address. IPv4 addresses are kept in their IPv4-mapped form, `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2).
public struct IPAddress: Hashable, Sendable {
  public var high, low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  @inlinable
  public init(v4 address: UInt32) {
    high = 0
    low = 0xFFFF_0000_0000 | UInt64(address)
  }

  @inlinable
  public var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }
}
