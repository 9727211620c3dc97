import BasicContainers
import TCPStreams
import Wire

/// A key of a ``HashTable``.
protocol TableKey: Equatable, Sendable {
  func hash(seed: UInt64) -> UInt64
}

/// Values by keys, for what every connection looks up: a dictionary's hash takes longer than all else that is done with such
/// a value. Values go in numbers only, which is rare.
struct HashTable<Key: TableKey, Value: Sendable>: ~Copyable, Sendable {
  struct Entry: Sendable {
    let key: Key
    var value: Value
  }

  private(set) var entries = UniqueArray<Entry>()
  private var index = HashIndex()

  /// The place of a key's value until some are taken out, -1 where there is none.
  func find(_ key: Key) -> Int {
    let hash = key.hash(seed: index.seed)
    var steps = 0
    while case let place = index.candidate(hash, &steps), place >= 0 {
      if entries[Int(place)].key == key { return Int(place) }
    }
    return -1
  }

  /// Adds the value of a key that has none, and gives its place.
  mutating func insert(_ value: Value, for key: Key) -> Int {
    let place = entries.count
    entries.doubleIfFull()
    entries.append(Entry(key: key, value: value))
    index.insert(Int32(place), hash: key.hash(seed: index.seed))
    return place
  }

  @inline(__always)
  mutating func change(_ place: Int, _ body: (inout Value) -> Void) { body(&entries[place].value) }

  /// Takes out all of which `isKept` says no.
  mutating func keep(where isKept: (Entry) -> Bool) {
    let all = exchange(&entries, with: UniqueArray())
    index = HashIndex()
    for i in all.indices where isKept(all[i]) { _ = insert(all[i].value, for: all[i].key) }
  }

  /// Takes out the first quarter in the order of what `rank` gives, one at least, and tells how many those were.
  mutating func removeQuarter<Rank>(_ rank: (Entry) -> Rank, by comesFirst: (Rank, Rank) -> Bool) -> Int {
    var order = entries.indices.map { (rank: rank(entries[$0]), place: $0) }
    order.sort { comesFirst($0.rank, $1.rank) }
    let gone = order.prefix(max(1, order.count / 4))
    var isGone = [Bool](repeating: false, count: entries.count)
    for one in gone { isGone[one.place] = true }
    var place = -1
    keep { _ in
      place += 1
      return !isGone[place]
    }
    return gone.count
  }
}

extension IPAddress: TableKey {
  func hash(seed: UInt64) -> UInt64 {
    var mix = Mix(seed: seed)
    mix.add(low)
    mix.add(high)
    return mix.value
  }
}

extension UInt64: TableKey {
  func hash(seed: UInt64) -> UInt64 {
    var mix = Mix(seed: seed)
    mix.add(self)
    return mix.value
  }
}
