extension Span<UInt8> {
  /// The offset after the empty line that ends a head (RFC 9112 §2.1), or -1. It is searched for after the LF at
  /// `lineFeed`, 64 octets at a time: an LF that follows another at a distance of one, or of two with a CR between.
  @inline(__always) func endOfHead(after lineFeed: Int) -> Int {
    var base = lineFeed
    guard base >= 0 else { return -1 }
    var before: UInt64 = 0
    while base < count {
      let mask = extracting(base...).lineFeedMask()
      var candidates = mask & ((mask &<< 1 | before &>> 63) | (mask &<< 2 | before &>> 62))
      while candidates != 0 {
        let index = base &+ candidates.trailingZeroBitCount
        candidates &= candidates &- 1
        if index > lineFeed, self[index &- 1].isLineEnd { return index &+ 1 }
      }
      before = mask
      base &+= 64
    }
    return -1
  }

  /// The same for the continuation of a head whose octets so far are `held`: its empty line may begin in those.
  func endOfHead(continuing held: [UInt8]) -> Int {
    guard count > 0, let last = held.last else { return endOfHead(after: 0) }
    if self[0] == Octet.lineFeed {
      if last == Octet.lineFeed { return 1 }
      if last == Octet.carriageReturn, held.count >= 2, held[held.count &- 2] == Octet.lineFeed { return 1 }
    } else if last == Octet.lineFeed, self[0] == Octet.carriageReturn, count >= 2, self[1] == Octet.lineFeed {
      return 2
    }
    return endOfHead(after: 0)
  }
}
