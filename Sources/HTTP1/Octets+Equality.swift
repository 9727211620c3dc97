extension Span<UInt8> {
  /// Whether the octets are the same.
  @inlinable
  public func isEqual(to other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    guard count >= 8 else {
      for i in indices where self[i] != other[i] { return false }
      return true
    }
    var a = self
    var b = other
    while a.count > 32, b.count > 32 {
      // ^ and | have one precedence.
      let first = (a.eight(at: 0) ^ b.eight(at: 0)) | (a.eight(at: 8) ^ b.eight(at: 8))
      let second = (a.eight(at: 16) ^ b.eight(at: 16)) | (a.eight(at: 24) ^ b.eight(at: 24))
      if first | second != 0 { return false }
      a = a.extracting(droppingFirst: 32)
      b = b.extracting(droppingFirst: 32)
    }
    while a.count > 8, b.count > 8 {
      if a.eight(at: 0) != b.eight(at: 0) { return false }
      a = a.extracting(droppingFirst: 8)
      b = b.extracting(droppingFirst: 8)
    }
    // The last ones, some of them for the second time.
    a = extracting(last: 8)
    b = other.extracting(last: 8)
    guard a.count >= 8, b.count >= 8 else { return false }
    return a.eight(at: 0) == b.eight(at: 0)
  }

  /// Eight octets from a constant `offset` as a number, all of which are there.
  @inlinable @inline(__always)
  func eight(at offset: Int) -> UInt64 {
    let low =
      UInt64(self[offset]) | UInt64(self[offset &+ 1]) &<< 8 | UInt64(self[offset &+ 2]) &<< 16
      | UInt64(self[offset &+ 3]) &<< 24
    let high =
      UInt64(self[offset &+ 4]) &<< 32 | UInt64(self[offset &+ 5]) &<< 40 | UInt64(self[offset &+ 6]) &<< 48
      | UInt64(self[offset &+ 7]) &<< 56
    return low | high
  }
}
