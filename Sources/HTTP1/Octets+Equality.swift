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
      let first = (a.word(at: 0) ^ b.word(at: 0)) | (a.word(at: 8) ^ b.word(at: 8))
      let second = (a.word(at: 16) ^ b.word(at: 16)) | (a.word(at: 24) ^ b.word(at: 24))
      if first | second != 0 { return false }
      a = a.extracting(droppingFirst: 32)
      b = b.extracting(droppingFirst: 32)
    }
    while a.count > 8, b.count > 8 {
      if a.word(at: 0) != b.word(at: 0) { return false }
      a = a.extracting(droppingFirst: 8)
      b = b.extracting(droppingFirst: 8)
    }
    // The last ones, some of them for the second time.
    a = extracting(last: 8)
    b = other.extracting(last: 8)
    guard a.count >= 8, b.count >= 8 else { return false }
    return a.word(at: 0) == b.word(at: 0)
  }
}
