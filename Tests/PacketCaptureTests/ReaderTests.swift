import Foundation
import Glibc
import Testing

@testable import PacketCapture

@Suite struct ReaderTests {
  @Test func `rotated files come in the order of their packets, whatever order they are named in`() throws {
    let scratch = try Scratch()
    let packets = somePackets(20)
    let paths = try (0..<4).map { index in
      try scratch.write(PcapFile().octets(Array(packets[(index * 5)..<(index * 5 + 5)])).all, as: "\(index)")
    }
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
      #expect(try read(CaptureReader(paths: order.map { paths[$0] })).packets == packets)
    }
  }

  @Test func `overlapping files of both formats are merged by time`() throws {
    let scratch = try Scratch()
    let packets = somePackets(30)
    let even = packets.indices.filter { $0 % 3 == 0 }.map { packets[$0] }
    let odd = packets.indices.filter { $0 % 3 != 0 }.map { packets[$0] }
    let reading = try read(
      scratch.write(PcapFile().octets(even).all, as: "a"), scratch.write(PcapngFile.simple(odd).all, as: "b"))
    #expect(reading.packets == packets)
    #expect(reading.bytesRead == reading.totalBytes)
  }

  @Test func `of packets at one time those of the file named first come first`() throws {
    let scratch = try Scratch()
    let first = scratch.path + "/a"
    let second = scratch.path + "/b"
    func packets(_ octet: UInt8) -> [Packet] { [Packet(time: 1000, [octet]), Packet(time: 1000, [octet + 1])] }
    _ = try scratch.write(PcapFile().octets(packets(10)).all, as: "a")
    _ = try scratch.write(PcapFile().octets(packets(20)).all, as: "b")
    #expect(try read(first, second).packets.map { $0.octets } == [[10], [11], [20], [21]])
    #expect(try read(second, first).packets.map { $0.octets } == [[20], [21], [10], [11]])
  }

  @Test func `times that step back inside a file stay as they are`() throws {
    let scratch = try Scratch()
    func packets(_ times: [Int64]) -> [Packet] { times.map { Packet(time: $0 * 1000, [UInt8($0)]) } }
    let stepping = packets([5, 9, 2, 7])
    #expect(try read(scratch.write(PcapFile().octets(stepping).all, as: "a")).packets == stepping)
    let steady = packets([1, 6, 8, 10])
    let merged = try read(scratch.path + "/a", scratch.write(PcapFile().octets(steady).all, as: "b"))
    #expect(merged.packets.map { $0.octets[0] } == [1, 5, 6, 8, 9, 2, 7, 10])
  }

  /// Random files against a plain merge: take the earliest head until there is none.
  @Test func `random files are merged like the plain merge`() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<30 {
      let scratch = try Scratch()
      var files: [[Packet]] = []
      for file in 0..<Int.random(in: 1...8, using: &generator) {
        files.append(
          (0..<Int.random(in: 0...20, using: &generator)).map { place in
            Packet(time: Int64.random(in: 0...30, using: &generator) * 1000, [UInt8(file), UInt8(place)])
          })
      }
      let paths = try files.enumerated().map { index, packets in
        try scratch.write(
          index % 2 == 0 ? PcapFile().octets(packets).all : PcapngFile.simple(packets).all, as: "\(index)")
      }
      let order = files.filter { !$0.isEmpty }.enumerated().sorted {
        ($0.element[0].time, $0.offset) < ($1.element[0].time, $1.offset)
      }
      var rest = order.map { $0.element[...] }
      var expected: [Packet] = []
      while let next = rest.indices.filter({ !rest[$0].isEmpty }).min(by: {
        (rest[$0].first?.time ?? 0, $0) < (rest[$1].first?.time ?? 0, $1)
      }), let packet = rest[next].popFirst() {
        expected.append(packet)
      }
      #expect(try read(CaptureReader(paths: paths)).packets == expected, "seed \(seed)")
    }
  }

  @Test func `hundreds of rotated files need few descriptors`() throws {
    let scratch = try Scratch()
    let packets = somePackets(600)
    var paths: [String] = []
    for (index, packet) in packets.enumerated() {
      paths.append(try scratch.write(PcapFile().octets([packet]).all, as: "\(index)"))
    }
    var reader = try CaptureReader(paths: paths.reversed())
    var times: [Int64] = []
    var most = 0
    try reader.forEachPacket { header, _ in
      times.append(header.timestamp)
      if times.count % 50 == 0 { most = max(most, openFiles(in: scratch.path)) }
      return true
    }
    #expect(times == packets.map { $0.time })
    #expect((1..<100).contains(most))
  }

  @Test func `files without packets and repeated files are read`() throws {
    let scratch = try Scratch()
    let empty = try scratch.write(PcapFile(linkType: 228).octets([]).all, as: "empty")
    let file = try scratch.write(PcapFile().octets(somePackets(1)).all, as: "file")
    let reading = try read(empty, file, file)
    #expect(reading.packets == somePackets(1) + somePackets(1))
    #expect(reading.warnings.map { $0.matters } == [false])
    #expect(reading.warnings.first?.message.contains("more than once") == true)
    #expect(reading.linkTypes == [1, 228])
    #expect(try read(empty).packets.isEmpty)
    #expect(try read(CaptureReader(paths: [])).packets.isEmpty)
  }

  @Test func `a damaged file among others ends alone`() throws {
    let scratch = try Scratch()
    let packets = somePackets(10)
    let (octets, ends) = PcapFile().octets(Array(packets[..<5]))
    let cut = try scratch.write(Array(octets[..<(ends[2] + 3)]), as: "cut")
    let whole = try scratch.write(PcapngFile.simple(Array(packets[5...])).all, as: "whole")
    let reading = try read(cut, whole)
    #expect(reading.packets == Array(packets[..<3] + packets[5...]))
    #expect(reading.truncated)
    #expect(reading.warnings.map { $0.file } == [cut])
  }

  @Test func `the body can stop and go on`() throws {
    let scratch = try Scratch()
    let packets = somePackets(9)
    let even = packets.indices.filter { $0 % 2 == 0 }.map { packets[$0] }
    let odd = packets.indices.filter { $0 % 2 == 1 }.map { packets[$0] }
    var reader = try CaptureReader(paths: [
      scratch.write(PcapFile().octets(even).all, as: "a"), scratch.write(PcapngFile.simple(odd).all, as: "b"),
    ])
    var times: [Int64] = []
    var calls = 0
    while try !reader.forEachPacket({ header, _ in
      times.append(header.timestamp)
      return false
    }) {
      calls += 1
      #expect(times.count == calls)
      let bytesRead = reader.bytesRead
      #expect(bytesRead > 0)
    }
    #expect(times == packets.map { $0.time })
    let again = try reader.forEachPacket { _, _ in false }
    #expect(again)
  }

  @Test(arguments: [1, 3, 16, 100])
  func `short reads change nothing`(size: Int) throws {
    // A socket holds some 270 messages, however short.
    let packets = size == 1 ? somePackets(2) : somePackets()
    let plain = PcapFile().octets(packets).all
    let reading = try read(plain, inPiecesOf: size)
    #expect(reading.packets == packets)
    #expect(reading.warnings.isEmpty)
    #expect(reading.totalBytes == nil)
    #expect(reading.bytesRead == plain.count)
    #expect(try read(Compressed.gzip(plain), inPiecesOf: max(size, 3)).packets == packets)
    #expect(try read(Compressed.zstd(plain), inPiecesOf: max(size, 3)).packets == packets)
    let cut = try read(Array(plain.dropLast()), inPiecesOf: size)
    #expect(cut.packets == Array(packets.dropLast()))
    #expect(cut.truncated)
  }

  @Test func `a pipe among files is merged`() throws {
    let scratch = try Scratch()
    let packets = somePackets(6)
    let path = try scratch.write(PcapFile().octets([packets[0], packets[3], packets[5]]).all)
    var ends: [Int32] = [-1, -1]
    #expect(unsafe pipe(&ends) == 0)
    let piped = PcapngFile.simple([packets[1], packets[2], packets[4]]).all
    #expect(unsafe write(ends[1], piped, piped.count) == piped.count)
    close(ends[1])
    let reading = try read(CaptureReader(places: [.descriptor(ends[0], name: "-"), .path(path)]))
    close(ends[0])
    #expect(reading.packets == packets)
    #expect(reading.totalBytes == nil)
  }

  @Test func `a file that is cut while it is read ends where it ends`() throws {
    let scratch = try Scratch()
    let packets = (0..<10).map { Packet(time: Int64($0) * 1000, [UInt8](repeating: UInt8($0), count: 100_000)) }
    let path = try scratch.write(PcapFile().octets(packets).all)
    var reader = try CaptureReader(paths: [path])
    var count = 0
    try reader.forEachPacket { _, _ in
      count += 1
      if count == 1 { unsafe truncate(path, 1000) }
      return true
    }
    #expect(count >= 1 && count < 10)
    let truncated = reader.truncated
    #expect(truncated)
  }

  @Test func `a file that goes away before its turn is a warning`() throws {
    let scratch = try Scratch()
    let packets = somePackets(2)
    let first = try scratch.write(PcapFile().octets([packets[0]]).all, as: "a")
    let second = try scratch.write(PcapFile().octets([packets[1]]).all, as: "b")
    var reader = try CaptureReader(paths: [first, second])
    var count = 0
    try reader.forEachPacket { _, _ in
      unsafe unlink(second)
      count += 1
      return true
    }
    #expect(count == 1)
    let truncated = reader.truncated
    #expect(truncated)
    let warnings = reader.warnings
    #expect(warnings.map { $0.file } == [second])
  }

  @Test func `a pipe that does not wait is waited for`() throws {
    let scratch = try Scratch()
    let path = try scratch.write(PcapFile().octets(somePackets()).all)
    guard let stream = unsafe popen("head -c 30 \(path); sleep 0.1; tail -c +31 \(path)", "r") else {
      throw SystemError(errno)
    }
    defer { unsafe pclose(stream) }
    let number = unsafe fileno(stream)
    #expect(fcntl(number, F_SETFL, O_NONBLOCK) == 0)
    let reading = try read(CaptureReader(places: [.descriptor(number, name: "-")]))
    #expect(reading.packets == somePackets())
    #expect(reading.warnings.isEmpty)
  }

  @Test func `secrets of all files together have one limit`() throws {
    let scratch = try Scratch()
    var paths: [String] = []
    for index in 0..<3 {
      var file = PcapngFile()
      file.section()
      file.interface(resolution: 9)
      file.secrets([UInt8](repeating: UInt8(index), count: CaptureReader.secretsLimit / 2))
      file.packet(ticks: UInt64(index), [1])
      paths.append(try scratch.write(file.all, as: "\(index)"))
    }
    let reading = try read(CaptureReader(paths: paths))
    #expect(reading.secrets.map { $0.octets.first } == [0, 1])
    #expect(reading.warnings.map { $0.file } == [paths[2]])
  }

  @Test func `standard input can be named once`() {
    #expect(throws: CaptureError.self) { _ = try CaptureReader(paths: ["-", "-"]) }
  }

  @Test func `link types have names`() {
    #expect(linkTypeName(1) == "EN10MB")
    #expect(linkTypeName(101) == "RAW")
    #expect(linkTypeName(276) == "LINUX_SLL2")
    #expect(linkTypeName(60_000) == "LINKTYPE 60000")
    #expect(linkTypeName(.max) == "LINKTYPE 4294967295")
  }
}

/// How many descriptors of this process lead into a folder: other tests use descriptors at the same time.
private func openFiles(in folder: String) -> Int {
  let files = FileManager.default
  let descriptors = (try? files.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
  return descriptors.count { number in
    (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)"))?.hasPrefix(folder) ?? false
  }
}
