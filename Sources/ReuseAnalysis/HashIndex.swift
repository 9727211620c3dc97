/// Finds the places of values in an array by their keys: open addressing over hashes that the caller makes, seeded for each
/// run so that nobody can choose keys that collide. The keys stay in the array.
struct HashIndex: Sendable {
  /// The place, and the hash's low half, by which it is found and which spares most looks at the array; -1: nothing.
  private struct Entry {
    var place: Int32 = -1
    var tag: UInt32 = 0
  }

  private var entries = [Entry](repeating: Entry(), count: 64)
  private var count = 0
  let seed = UInt64.random(in: 0 ... .max)

  /// The next place whose value may have this hash, -1 when there is none. `steps`: how far the search has come, 0 at first.
  @inline(__always)
  func candidate(_ hash: UInt64, _ steps: inout Int) -> Int32 {
    let mask = entries.count &- 1
    let tag = UInt32(truncatingIfNeeded: hash)
    while true {
      let entry = entries[(Int(tag) &+ steps) & mask]
      if entry.place < 0 { return -1 }
      steps &+= 1
      if entry.tag == tag { return entry.place }
    }
  }

  /// Adds a place that `candidate` does not give.
  mutating func insert(_ place: Int32, hash: UInt64) {
    count += 1
    if count * 2 > entries.count {
      let old = entries
      entries = [Entry](repeating: Entry(), count: old.count * 2)
      for entry in old where entry.place >= 0 { put(entry) }
    }
    put(Entry(place: place, tag: UInt32(truncatingIfNeeded: hash)))
  }

  /// Takes out a place that was added with this hash.
  mutating func remove(_ place: Int32, hash: UInt64) {
    let mask = entries.count - 1
    let tag = UInt32(truncatingIfNeeded: hash)
    var hole = Int(tag) & mask
    while entries[hole].place != place || entries[hole].tag != tag {
      if entries[hole].place < 0 { return }
      hole = (hole + 1) & mask
    }
    // Move back what would no longer be found.
    var next = (hole + 1) & mask
    while entries[next].place >= 0 {
      if (next - Int(entries[next].tag)) & mask >= (next - hole) & mask {
        entries[hole] = entries[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    entries[hole] = Entry()
    count -= 1
  }

  private mutating func put(_ entry: Entry) {
    let mask = entries.count - 1
    var i = Int(entry.tag) & mask
    while entries[i].place >= 0 { i = (i + 1) & mask }
    entries[i] = entry
  }
}

/// A multiply-mix of whole words. Each is added by itself: of two that are joined by exclusive or, not to speak of the seed, others
/// with the same result are easily found.
struct Mix {
  private(set) var value: UInt64

  @inline(__always)
  init(seed: UInt64) { value = seed }

  @inline(__always)
  mutating func add(_ word: UInt64) {
    let h = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
    value = (h ^ (h >> 32)) &* 0xD6E8_FEB8_6659_FD93
    value ^= value >> 29
  }
}

extension Span<UInt8> {
  /// That of the octets together with a word.
  @inline(__always)
  func hash(seed: UInt64, with word: UInt32 = 0) -> UInt64 {
    var mix = Mix(seed: seed)
    mix.add(UInt64(word) << 32 | UInt64(truncatingIfNeeded: count) & 0xFFFF_FFFF)
    var rest = self
    while rest.count >= 8 {
      mix.add(rest.word(at: 0))
      rest = rest.extracting(droppingFirst: 8)
    }
    var last: UInt64 = 0
    for i in rest.indices { last = last << 8 | UInt64(rest[i]) }
    mix.add(last)
    return mix.value
  }
}
