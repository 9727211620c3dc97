/// Gives the LFs of octets one after the other.
struct LineScan {
  /// Where the 64 octets begin that `mask` speaks of, and those of their LFs that have not been given yet.
  private var base: Int
  private var mask: UInt64

  @inline(__always) init(_ octets: Span<UInt8>, from start: Int) {
    base = start
    mask = start < octets.count ? octets.lineFeedMask(from: start) : 0
  }

  /// The offset of the next LF, -1 when there is none.
  @inline(__always) mutating func next(in octets: Span<UInt8>) -> Int {
    while mask == 0 {
      guard base &+ 64 < octets.count else { return -1 }
      base &+= 64
      mask = octets.lineFeedMask(from: base)
    }
    let found = base &+ mask.trailingZeroBitCount
    mask &= mask &- 1
    return found
  }
}

extension Span<UInt8> {
  /// The first LF at or after `start`, and the place after the empty line that ends the head which begins there (RFC 9112
  /// §2.1): an LF that follows another at a distance of one, or of two with a CR between. Each is -1 when there is none.
  @inline(__always) func scanHead(from start: Int) -> (lineFeed: Int, end: Int) {
    guard start >= 0 else { return (-1, -1) }
    var lineFeed = -1
    var base = start
    var before: UInt64 = 0
    while base < count {
      let mask = lineFeedMask(from: base)
      if lineFeed < 0, mask != 0 { lineFeed = base &+ mask.trailingZeroBitCount }
      var candidates = mask & ((mask &<< 1 | before &>> 63) | (mask &<< 2 | before &>> 62))
      while candidates != 0 {
        let index = base &+ candidates.trailingZeroBitCount
        candidates &= candidates &- 1
        if self[index &- 1].isLineEnd { return (lineFeed, index &+ 1) }
      }
      before = mask
      base &+= 64
    }
    return (lineFeed, -1)
  }

  /// The place after the empty line of a head whose octets so far are `held`: the line may begin in those.
  func endOfHead(continuing held: [UInt8]) -> Int {
    guard count > 0, let last = held.last else { return scanHead(from: 0).end }
    if self[0] == Octet.lineFeed {
      if last == Octet.lineFeed { return 1 }
      if last == Octet.carriageReturn, held.count >= 2, held[held.count &- 2] == Octet.lineFeed { return 1 }
    } else if last == Octet.lineFeed, self[0] == Octet.carriageReturn, count >= 2, self[1] == Octet.lineFeed {
      return 2
    }
    return scanHead(from: 0).end
  }
}
