/// Slots in the order in which they ended: a queue whose front is dropped in constant time.
struct SlotQueue: Sendable {
  struct Entry: Sendable {
    var slot: Int32
    var generation: UInt32
    var time: Int64
  }

  private var entries: [Entry] = []
  private var head = 0

  var isEmpty: Bool { head == entries.count }
  var count: Int { entries.count - head }
  var first: Entry? { head < entries.count ? entries[head] : nil }

  mutating func append(slot: Int32, generation: UInt32, time: Int64) {
    entries.append(Entry(slot: slot, generation: generation, time: time))
  }

  mutating func removeFirst() {
    head += 1
    if head == entries.count {
      entries.removeAll(keepingCapacity: head < 4096)
      head = 0
    } else if head >= 1024, head * 2 > entries.count {
      entries.removeFirst(head)
      head = 0
    }
  }
}
