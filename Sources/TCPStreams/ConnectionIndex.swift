import BasicContainers

/// From a hash to slots: open addressing with linear probing, without tombstones.
///
/// An entry is 32 bits of the hash and the slot, so that neither a probe nor the growing of the index touches what it leads
/// to, except where the hash fits. The caller's hash is seeded: whoever wrote the capture cannot choose what collides.
struct ConnectionIndex: ~Copyable, Sendable {
  /// The hash's low half above, the slot plus one below; 0: nothing.
  private var entries: UniqueArray<UInt64>
  private var count = 0

  init() {
    entries = UniqueArray(repeating: 0, count: 1024)
  }

  /// The slot of which `fits` says yes, -1 when there is none.
  @inline(__always)
  func find(_ hash: UInt64, _ fits: (Int) -> Bool) -> Int {
    let mask = entries.count &- 1
    let tag = hash &<< 32
    var i = Int(truncatingIfNeeded: hash & 0xFFFF_FFFF) & mask
    while true {
      let entry = entries[i]
      if entry == 0 { return -1 }
      if (entry ^ tag) >> 32 == 0 {
        let slot = Self.slot(entry)
        if fits(slot) { return slot }
      }
      i = (i &+ 1) & mask
    }
  }

  private static func slot(_ entry: UInt64) -> Int { Int(entry & 0xFFFF_FFFF) &- 1 }
  private func home(_ entry: UInt64) -> Int { Int(entry >> 32) & (entries.count - 1) }

  mutating func insert(_ slot: Int, hash: UInt64) {
    if (count + 1) * 2 > entries.count {
      let size = entries.count * 2
      let old = exchange(&entries, with: UniqueArray(repeating: 0, count: size))
      for i in old.indices where old[i] != 0 { place(old[i]) }
    }
    place(hash << 32 | UInt64(slot + 1))
    count += 1
  }

  private mutating func place(_ entry: UInt64) {
    let mask = entries.count - 1
    var i = home(entry)
    while entries[i] != 0 { i = (i + 1) & mask }
    entries[i] = entry
  }

  mutating func remove(_ slot: Int, hash: UInt64) {
    let mask = entries.count - 1
    let entry = hash << 32 | UInt64(slot + 1)
    var i = home(entry)
    while entries[i] != entry {
      if entries[i] == 0 { return }
      i = (i + 1) & mask
    }
    // Move back what would no longer be found.
    var j = i
    while true {
      j = (j + 1) & mask
      if entries[j] == 0 { break }
      if (j - home(entries[j])) & mask >= (j - i) & mask {
        entries[i] = entries[j]
        i = j
      }
    }
    entries[i] = 0
    count -= 1
  }
}
