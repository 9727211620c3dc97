import BasicContainers
import Wire

/// Tells a frame captured twice from a retransmission: the same IP identification, sequence number and all else within 1 ms
/// (DESIGN.md §4). A fixed table of fingerprints, so its memory does not depend on the traffic.
struct DuplicateFilter: ~Copyable, Sendable {
  // Not private: Swift 6.3.1 then makes a broken module of its unique array in a build for debugging.
  struct Entry {
    var fingerprint: UInt64 = 0
    var time: Int64 = .min
  }

  private var entries: UniqueArray<Entry>
  static let window: Int64 = 1_000_000

  init() {
    entries = UniqueArray(repeating: Entry(), count: 1 << 13)
  }

  /// Whether the same frame was seen just before. Remembers it if not.
  @inline(__always)
  mutating func isDuplicate(_ s: TCPSegment, sender: Int, hash: UInt64, at time: Int64) -> Bool {
    // Without an identification (IPv6, atomic datagrams) only a checksum over something new can tell copies apart.
    if s.identification == 0 && (s.checksum == 0 || (s.payloadLength == 0 && s.flags.isDisjoint(with: [.syn, .fin]))) {
      return false
    }
    var f = hash ^ (UInt64(s.sequenceNumber) << 32 | UInt64(s.acknowledgmentNumber)) &* 0x9E37_79B9_7F4A_7C15
    f = (f ^ (f >> 31)) &* 0xBF58_476D_1CE4_E5B9
    f ^= UInt64(s.identification) << 32 | UInt64(s.checksum) << 16 | UInt64(s.window)
    f = (f ^ (f >> 29)) &* 0x94D0_49BB_1331_11EB
    f ^=
      UInt64(truncatingIfNeeded: s.payloadLength) << 16 | UInt64(s.flags.rawValue) << 8
      | UInt64(truncatingIfNeeded: sender)
    f = (f ^ (f >> 32)) &* 0xD6E8_FEB8_6659_FD93
    // Not by the fingerprint: it is seeded, and what falls out of the table must be the same in every run.
    var place = UInt64(s.sequenceNumber) << 32 | UInt64(s.acknowledgmentNumber)
    place ^= UInt64(s.identification) << 16 | UInt64(s.checksum) << 40 | UInt64(s.sourcePort) << 24
    place ^= UInt64(s.destinationPort) << 48 | UInt64(truncatingIfNeeded: s.payloadLength) << 4
    let i = Int(truncatingIfNeeded: (place &* 0x9E37_79B9_7F4A_7C15) >> 40) & (entries.count &- 1)
    let e = entries[i]
    if e.fingerprint == f, time &- e.time <= Self.window, e.time &- time <= Self.window { return true }
    entries[i] = Entry(fingerprint: f, time: time)
    return false
  }
}
