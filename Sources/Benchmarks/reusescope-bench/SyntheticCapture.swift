import Foundation

/// A capture of interleaved connections, written to a file, with exact counts of what is in it.
struct SyntheticCapture {
  private(set) var packets = 0
  /// Octets on the wire.
  private(set) var octets = 0
  private(set) var connections = 0
  private(set) var requests = 0

  /// One connection begins every half millisecond.
  private static let start: Int64 = 1_767_614_400_000_000_000
  private static let interval: Int64 = 500_000
  private static let writeOctets = 1 << 20

  init(of load: Conversation.Load, connections count: Int, seed: UInt64, writingTo file: FileHandle) throws {
    var open: [Conversation] = []
    var buffer: [UInt8] = []
    var frame: [UInt8] = []
    buffer.reserveCapacity(Self.writeOctets * 2)
    for value: UInt32 in [0xA1B2_C3D4, 0x0004_0002, 0, 0, 262_144, 1] { buffer.append(littleEndian: value) }

    while connections < count || !open.isEmpty {
      let nextStart = Self.start + Int64(connections) * Self.interval
      if connections < count, open.isEmpty || nextStart <= open[0].nextTime ?? .max {
        let conversation = Conversation(number: connections, start: nextStart, load: load, seed: seed)
        requests += conversation.exchanges
        connections += 1
        open.push(conversation)
      }
      let time = open[0].nextTime ?? 0
      frame.removeAll(keepingCapacity: true)
      open[0].append(to: &frame)
      if open[0].nextTime == nil { open.removeEarliest() } else { open.sink(from: 0) }

      buffer.append(littleEndian: UInt32(time / 1_000_000_000))
      buffer.append(littleEndian: UInt32(time % 1_000_000_000 / 1000))
      buffer.append(littleEndian: UInt32(frame.count))
      buffer.append(littleEndian: UInt32(frame.count))
      buffer.append(contentsOf: frame)
      packets += 1
      octets += frame.count
      if buffer.count >= Self.writeOctets {
        try file.write(contentsOf: Data(buffer))
        buffer.removeAll(keepingCapacity: true)
      }
    }
    try file.write(contentsOf: Data(buffer))
  }
}

/// A binary heap: the conversation whose next packet comes earliest is first.
extension [Conversation] {
  private func isEarlier(_ a: Int, _ b: Int) -> Bool { self[a].nextTime ?? .max < self[b].nextTime ?? .max }

  fileprivate mutating func push(_ conversation: Conversation) {
    append(conversation)
    var child = count - 1
    while child > 0, isEarlier(child, (child - 1) / 2) {
      swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  fileprivate mutating func removeEarliest() {
    swapAt(0, count - 1)
    removeLast()
    sink(from: 0)
  }

  fileprivate mutating func sink(from index: Int) {
    var parent = index
    while true {
      var earliest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < count && isEarlier(child, earliest) {
        earliest = child
      }
      guard earliest != parent else { return }
      swapAt(parent, earliest)
      parent = earliest
    }
  }
}
