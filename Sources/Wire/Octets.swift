extension Span<UInt8> {
  /// The two octets at `index` in network order.
  @inline(__always)
  func uint16(at index: Int) -> UInt16 {
    UInt16(self[index]) &<< 8 | UInt16(self[index &+ 1])
  }

  /// The four octets at `index` in network order.
  @inline(__always)
  func uint32(at index: Int) -> UInt32 {
    UInt32(uint16(at: index)) &<< 16 | UInt32(uint16(at: index &+ 2))
  }

  /// The eight octets at `index` in network order.
  @inline(__always)
  func uint64(at index: Int) -> UInt64 {
    UInt64(uint32(at: index)) &<< 32 | UInt64(uint32(at: index &+ 4))
  }

  /// The IPv6 address at `index`.
  @inline(__always)
  func ipv6Address(at index: Int) -> IPAddress {
    IPAddress(high: uint64(at: index), low: uint64(at: index &+ 8))
  }

  @inline(__always)
  func littleEndianUInt16(at index: Int) -> UInt16 { uint16(at: index).byteSwapped }

  @inline(__always)
  func littleEndianUInt32(at index: Int) -> UInt32 { uint32(at: index).byteSwapped }
}
