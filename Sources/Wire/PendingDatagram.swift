/// A datagram that is being put together.
struct PendingDatagram: Sendable {
  private struct Part: Sendable {
    /// Where it belongs in the datagram, where it lies in `octets`, and how long it is.
    var start: Int
    var offset: Int
    var count: Int
  }

  private(set) var fragments = 0
  /// Captured octets, fragment after fragment as they came.
  private var octets: [UInt8] = []
  private var parts: [Part] = []
  /// One bit for each block of eight octets that was on the wire.
  private var blocks: [UInt64] = []
  private var blocksSeen = 0
  /// The end of the blocks seen, and of the datagram once its last fragment told.
  private var extent = 0
  private var length: Int?
  /// The first octet that was on the wire and not captured.
  private var cut = Int.max
  private var proto: UInt8?

  /// What it takes to hold it, roughly.
  var cost: Int { 256 + octets.count + parts.count * 48 + blocks.count * 8 }

  /// Takes in what is new of a fragment. False where the fragment contradicts the others or the format.
  mutating func add(_ piece: FragmentPiece, from bytes: Span<UInt8>) -> Bool {
    // All but the last consist of whole blocks (RFC 8200 §4.5); of a block begun nothing is used.
    let size = piece.isLast ? piece.length : piece.length & ~7
    guard size > 0 else { return false }
    let end = piece.start + size
    if piece.isLast {
      guard end >= extent, length == nil || length == end else { return false }
    } else if let length {
      guard end <= length else { return false }
    }
    if piece.isLast { length = end }
    extent = max(extent, end)
    if piece.start == 0, proto == nil { proto = piece.proto }
    fragments += 1

    let captured = min(piece.captured, size)
    guard claim(piece.start..<end, capturedEnd: piece.start + captured), captured > 0 else { return true }
    parts.append(Part(start: piece.start, offset: octets.count, count: captured))
    for index in piece.offset..<piece.offset + captured { octets.append(bytes[index]) }
    return true
  }

  /// Marks the blocks of a range, and says whether some were new.
  private mutating func claim(_ range: Range<Int>, capturedEnd: Int) -> Bool {
    let last = (range.upperBound - 1) >> 3
    while blocks.count <= last >> 6 { blocks.append(0) }
    var anyNew = false
    for block in range.lowerBound >> 3...last {
      let bit: UInt64 = 1 << UInt64(block & 63)
      guard blocks[block >> 6] & bit == 0 else { continue }
      blocks[block >> 6] |= bit
      blocksSeen += 1
      anyNew = true
      if min(block << 3 + 8, range.upperBound) > capturedEnd { cut = min(cut, max(block << 3, capturedEnd)) }
    }
    return anyNew
  }

  /// The datagram, when nothing of it is missing on the wire.
  func reassembled() -> ReassembledDatagram? {
    guard let length, let proto, blocksSeen == (length + 7) >> 3 else { return nil }
    let usable = min(length, cut)
    var whole = [UInt8](repeating: 0, count: usable)
    // The last first, so that the first copy of an octet is what remains.
    for part in parts.reversed() where part.start < usable {
      for index in 0..<min(part.count, usable - part.start) {
        whole[part.start + index] = octets[part.offset + index]
      }
    }
    return ReassembledDatagram(proto: proto, length: length, octets: whole)
  }
}
