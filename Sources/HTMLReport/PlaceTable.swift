/// Places by identifiers, which count up from 1: open addressing with one multiplication for a hash. Nobody but this program chooses
/// identifiers, so that they need no seed.
struct PlaceTable {
  /// An identifier from 1 on; 0: nothing.
  private var entries = [(key: Int, place: Int32)](repeating: (0, 0), count: 64)
  private var count = 0

  private func home(_ key: Int) -> Int {
    let hash = UInt64(truncatingIfNeeded: key) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: hash >> 32) & (entries.count &- 1)
  }

  private func find(_ key: Int) -> Int {
    var i = home(key)
    while entries[i].key != key, entries[i].key != 0 { i = (i &+ 1) & (entries.count &- 1) }
    return i
  }

  subscript(key: Int) -> Int32? {
    let entry = entries[find(key)]
    return entry.key == 0 ? nil : entry.place
  }

  var keys: [Int] { entries.compactMap { $0.key == 0 ? nil : $0.key } }

  /// Adds a key that is not there; 0 is none.
  mutating func insert(_ key: Int, _ place: Int32) {
    guard key != 0 else { return }
    count += 1
    if count * 2 > entries.count {
      let old = entries
      entries = [(key: Int, place: Int32)](repeating: (0, 0), count: old.count * 2)
      for entry in old where entry.key != 0 { entries[find(entry.key)] = entry }
    }
    entries[find(key)] = (key, place)
  }

  mutating func remove(_ key: Int) -> Int32? {
    var hole = find(key)
    guard entries[hole].key != 0 else { return nil }
    let place = entries[hole].place
    count -= 1
    // What came after it because its own place was taken moves up.
    let mask = entries.count &- 1
    var i = (hole &+ 1) & mask
    while entries[i].key != 0 {
      if (i &- home(entries[i].key)) & mask >= (i &- hole) & mask {
        entries[hole] = entries[i]
        hole = i
      }
      i = (i &+ 1) & mask
    }
    entries[hole] = (0, 0)
    return place
  }
}
