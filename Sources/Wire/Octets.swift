extension Span<UInt8> {
  /// The two octets at `index` in network order.
  @inlinable
  func uint16(at index: Int) -> UInt16 {
    UInt16(self[index]) &<< 8 | UInt16(self[index &+ 1])
  }

  /// The four octets at `index` in network order.
  @inlinable
  func uint32(at index: Int) -> UInt32 {
    UInt32(uint16(at: index)) &<< 16 | UInt32(uint16(at: index &+ 2))
  }

  /// The eight octets at `index` in network order.
  @inlinable
  func uint64(at index: Int) -> UInt64 {
    UInt64(uint32(at: index)) &<< 32 | UInt64(uint32(at: index &+ 4))
  }

  /// The IPv6 address at `index`.
  @inlinable
  func ipv6Address(at index: Int) -> IPAddress {
    IPAddress(high: uint64(at: index), low: uint64(at: index &+ 8))
  }

  func littleEndianUInt16(at index: Int) -> UInt16 { uint16(at: index).byteSwapped }

  func littleEndianUInt32(at index: Int) -> UInt32 { uint32(at: index).byteSwapped }
}
