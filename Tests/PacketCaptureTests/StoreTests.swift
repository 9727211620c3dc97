import Foundation
import Synchronization
import TestSupport
import Testing

@testable import PacketCapture

@Suite struct `Stored packets` {
  @Test(arguments: [false, true])
  func `are read back as they were`(compressed: Bool) throws {
    try withTemporaryFolder { url in
      let folder = url.path
      let path = "\(folder)/a.pcap"
      let store = try PacketStore(
        StoreOptions(path: path, isCompressed: compressed), linkType: 1, snapLength: 100
      ) { "" }
      let packets = (0..<1000).map { i in
        (time: Int64(i) * 1_234_567_891, octets: [UInt8](repeating: UInt8(i & 0xFF), count: i % 90))
      }
      for packet in packets {
        store.add(
          PacketHeader(
            timestamp: packet.time, capturedLength: packet.octets.count, originalLength: packet.octets.count + 7,
            linkType: 1), packet.octets.span)
      }
      // The format has no place for this one.
      store.add(PacketHeader(timestamp: -1, capturedLength: 0, originalLength: 0, linkType: 1), [UInt8]().span)
      store.close()
      #expect(store.packetsLeftOut == 1)
      #expect(store.failure == nil)
      var reader = try CaptureReader(paths: [path])
      var read: [(time: Int64, octets: [UInt8])] = []
      try reader.forEachPacket { header, octets in
        read.append((header.timestamp, octets.indices.map { octets[$0] }))
        return header.originalLength == octets.count + 7
      }
      #expect(read.count == packets.count)
      #expect(zip(read, packets).allSatisfy { $0.time == $1.time && $0.octets == $1.octets })
      #expect(reader.warnings.isEmpty)
    }
  }

  @Test func `go round in a ring`() throws {
    try withTemporaryFolder { url in
      let folder = url.path
      var options = StoreOptions(path: "\(folder)/a.b.pcap", isCompressed: false)
      (options.ringFiles, options.ringSize) = (3, 10_000)
      let counter = Counter()
      let store = try PacketStore(options, linkType: 1, snapLength: 65535) { counter.next() }
      let octets = [UInt8](repeating: 1, count: 984)
      for i in 0..<100 {
        store.add(
          PacketHeader(timestamp: Int64(i), capturedLength: 984, originalLength: 984, linkType: 1), octets.span)
        store.flush()
      }
      store.close()
      // 10 packets, or 11 where the header counts, to a file: 100 make 9 or 10, of which 3 are there.
      let names = try names(in: folder)
      #expect(names.count == 3)
      #expect(names.allSatisfy { $0.wholeMatch(of: /a-\d{4}\.b\.pcap/) != nil }, "\(names)")
      var reader = try CaptureReader(paths: names.map { "\(folder)/\($0)" })
      var times: [Int64] = []
      try reader.forEachPacket { header, _ in
        times.append(header.timestamp)
        return true
      }
      #expect(times == Array((100 - Int64(times.count))..<100))
      #expect((20...33).contains(times.count))
    }
  }

  @Test func `take the place of what had their name, and follow no link`() throws {
    try withTemporaryFolder { url in
      let folder = url.path
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/a.pcap", withDestinationPath: "\(folder)/elsewhere")
      let store = try PacketStore(
        StoreOptions(path: "\(folder)/a.pcap", isCompressed: false), linkType: 1, snapLength: 64
      ) { "" }
      store.close()
      #expect(try names(in: folder) == ["a.pcap"])
      #expect(throws: CaptureError.self) {
        _ = try PacketStore(
          StoreOptions(path: "\(folder)/none/a.pcap", isCompressed: false), linkType: 1, snapLength: 64
        ) { "" }
      }
    }
  }

  @Test func `that never came leave the file that had their name`() throws {
    try withTemporaryFolder { url in
      let path = "\(url.path)/a.pcap"
      try Data("old".utf8).write(to: URL(fileURLWithPath: path))
      do {
        _ = try PacketStore(StoreOptions(path: path, isCompressed: false), linkType: 1, snapLength: 64) { "" }
      }
      #expect(try names(in: url.path) == ["a.pcap"])
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    }
  }

  @Test func `go through a pipe, which stays one`() throws {
    try withTemporaryFolder { url in
      let path = "\(url.path)/pipe"
      try #require(unsafe mkfifo(path, 0o600) == 0)
      // Nobody reads it.
      #expect(throws: CaptureError.self) {
        _ = try PacketStore(StoreOptions(path: path, isCompressed: false), linkType: 1, snapLength: 64) { "" }
      }
      let reader = unsafe open(path, O_RDONLY | O_NONBLOCK)
      defer { close(reader) }
      let store = try PacketStore(StoreOptions(path: path, isCompressed: false), linkType: 1, snapLength: 64) { "" }
      store.add(PacketHeader(timestamp: 1, capturedLength: 3, originalLength: 3, linkType: 1), [1, 2, 3].span)
      store.close()
      var octets = [UInt8](repeating: 0, count: 100)
      #expect(unsafe read(reader, &octets, octets.count) == 24 + 16 + 3)
      #expect(store.failure == nil && store.packetsLeftOut == 0)
    }
  }

  @Test(arguments: [false, true])
  func `are counted where nobody takes them`(compressed: Bool) throws {
    try withTemporaryFolder { url in
      let path = "\(url.path)/pipe"
      try #require(unsafe mkfifo(path, 0o600) == 0)
      let reader = unsafe open(path, O_RDONLY | O_NONBLOCK)
      let store = try PacketStore(
        StoreOptions(path: path, isCompressed: compressed), linkType: 1, snapLength: 65535
      ) { "" }
      _ = signal(SIGPIPE, SIG_IGN)
      close(reader)
      var random = SplitMix64(seed: 5)
      for i in 0..<1500 {
        let octets = (0..<984).map { _ in UInt8.random(in: 0...255, using: &random) }
        store.add(
          PacketHeader(timestamp: Int64(i), capturedLength: 984, originalLength: 984, linkType: 1), octets.span)
      }
      store.close()
      #expect(store.packetsLeftOut == 1500)
      #expect(store.failure?.contains("Broken pipe") == true)
    }
  }
}

private func names(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

private final class Counter: Sendable {
  private let number = Mutex(0)

  func next() -> String {
    let number = number.withLock { number in
      number += 1
      return number
    }
    return String(String(10_000 + number).suffix(4))
  }
}
