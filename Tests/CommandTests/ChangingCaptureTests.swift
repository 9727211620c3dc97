import Foundation
import TestSupport
import Testing

/// A capture that somebody changes while it is read: what was read counts, and what is missing is said.
@Suite(.serialized) struct ChangingCaptureTests {
  static let capture = TestCaptures.long(packets: 30_000)

  struct Result {
    var exchanges: Int
    var status: Int32
    var errors: String
  }

  /// Changes the capture while the program stands still in the middle of it, since nobody reads its rows.
  private func reading(_ change: (URL) throws -> Void) throws -> Result {
    try WorkingFolder.with(Self.capture) { folder in
      let running = try RunningProgram([folder.file("capture.pcap").path, "--exchanges", "-"])
      try running.process.run()
      try running.wait { running.isWaitingForReader }
      try change(folder.file("capture.pcap"))
      let rows = try running.output.fileHandleForReading.readToEnd() ?? Data()
      let end = try running.end()
      #expect(end.isExit)
      return Result(
        exchanges: try types(of: String(decoding: rows, as: UTF8.self)).count, status: end.status, errors: end.errors)
    }
  }

  /// The place of the first packet behind this one, and of the packet behind that.
  private func packetAfter(_ place: Int) -> (place: Int, next: Int) {
    var at = 24
    while true {
      let length = (0..<4).reduce(0) { $0 | Int(Self.capture[at + 8 + $1]) << (8 * $1) }
      let next = at + 16 + length
      if at >= place { return (at, next) }
      at = next
    }
  }

  @Test func `one that becomes longer is read to its new end`() throws {
    let before = try reading { _ in }
    #expect(before.status == 0 && before.errors == "")
    let more = TestCaptures.exchange(target: "/more", host: "a.test").dropFirst(24)
    let after = try reading { url in
      let file = try FileHandle(forWritingTo: url)
      try file.seekToEnd()
      try file.write(contentsOf: Data(more))
    }
    #expect(after.status == 0 && after.errors == "")
    #expect(after.exchanges == before.exchanges + 1)
  }

  @Test func `one that is being written ends in the middle of a packet`() throws {
    let result = try reading { url in
      let file = try FileHandle(forWritingTo: url)
      try file.seekToEnd()
      try file.write(contentsOf: Data(Self.capture[24..<(packetAfter(24).place + 8)]))
    }
    #expect(result.status == 1)
    #expect(result.errors.contains("cut short, 8 of 16 octets are there"), "\(result.errors)")
  }

  @Test func `one that becomes shorter is said to`() throws {
    let end = packetAfter(Self.capture.count * 3 / 4)
    for (size, says) in [
      (end.place, "became shorter while it was read: \(end.place) of \(Self.capture.count) octets were there"),
      (end.next - 1, "cut short"), (24, "capture.pcap: "), (0, "capture.pcap: "),
    ] {
      let result = try reading { try FileHandle(forWritingTo: $0).truncate(atOffset: UInt64(size)) }
      #expect(result.status == 1)
      #expect(result.exchanges > 100)
      #expect(result.errors.contains(says), "\(size): \(result.errors)")
      #expect(result.errors.contains("short"), "\(size): \(result.errors)")
    }
  }

  @Test func `one that is replaced or removed is read as it was`() throws {
    let before = try reading { _ in }
    for change in [
      { try FileManager.default.removeItem(at: $0) },
      { try Data("something else".utf8).write(to: $0, options: .atomic) },
    ] as [(URL) throws -> Void] {
      let result = try reading(change)
      #expect(result.status == 0 && result.errors == "" && result.exchanges == before.exchanges)
    }
  }
}
