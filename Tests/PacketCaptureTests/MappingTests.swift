import Foundation
import Testing

@testable import PacketCapture

/// Large files are looked at through a window: what comes out is what reading gives.
@Suite struct MappingTests {
  /// Some 9 MiB of packets, small and large, whose octets tell which they are.
  private func packets(seed: UInt64, count: Int = 300) -> [Packet] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { number in
      let length = Int.random(in: 0...(number % 3 == 0 ? 90_000 : 1500), using: &random)
      let octets = [UInt8](repeating: UInt8(truncatingIfNeeded: number &* 31 &+ 1), count: length)
      return Packet(time: 1_700_000_000_000_000_000 + Int64(number) * 1_000_000, octets)
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `a mapped file gives what a read one gives`(_ seed: UInt64) throws {
    let scratch = try Scratch()
    let packets = packets(seed: seed)
    for (name, octets) in [
      ("a.pcap", PcapFile().octets(packets).all), ("b.pcapng", PcapngFile.simple(packets).all),
      ("c.pcapng", PcapngFile.simple(packets, swapped: true).all),
    ] {
      for cut in [0, 1, 700, 100_000] {
        let path = try scratch.write(Array(octets.dropLast(cut)), as: name)
        let expected = try read(CaptureReader(paths: [path]))
        let mapped = try read(CaptureReader(paths: [path], mapping: true))
        #expect(mapped == expected, "\(name), seed \(seed), \(cut) octets less")
        #expect(cut > 0 || mapped.packets == packets)
      }
    }
  }

  @Test func `a filter, and calls that stop, change nothing`() throws {
    let scratch = try Scratch()
    let packets = packets(seed: 4)
    let path = try scratch.write(PcapFile().octets(packets).all)
    let filtered = try read(CaptureReader(paths: [path], filter: "greater 700", mapping: true))
    #expect(filtered.packets == packets.filter { $0.originalLength >= 700 })
    var reader = try CaptureReader(paths: [path], mapping: true)
    var found: [Packet] = []
    var done = false
    while !done {
      var left = 10
      done = try reader.forEachPacket { header, octets in
        found.append(Packet(time: header.timestamp, copy(octets), originalLength: header.originalLength))
        left -= 1
        return left > 0
      }
    }
    #expect(found == packets)
  }

  @Test func `more files than there are windows`() throws {
    let scratch = try Scratch()
    let packets = packets(seed: 5)
    // All overlap in time: each has every twelfth packet, and large ones.
    let paths = try (0..<12).map { part in
      var own = packets.indices.filter { $0 % 12 == part }.map { packets[$0] }
      let last = packets.last!.time + Int64(part + 1)
      own += (0..<40).map { Packet(time: last + $0 * 100, [UInt8](repeating: UInt8(part), count: 120_000)) }
      return try scratch.write(PcapFile().octets(own).all, as: "\(part)")
    }
    let expected = try read(CaptureReader(paths: paths))
    let mapped = try read(CaptureReader(paths: paths, mapping: true))
    #expect(mapped == expected)
    // The windows were given back.
    #expect(try read(CaptureReader(paths: [paths[0]], mapping: true)).packets.count == 25 + 40)
  }

  @Test func `a block larger than a window`() throws {
    let scratch = try Scratch()
    let packets = packets(seed: 6)
    var file = PcapngFile.simple(Array(packets[..<150]))
    file.block(0x0000_0BAD) { $0.put([UInt8](repeating: 7, count: 3 << 20)) }
    for packet in packets[150...] {
      file.packet(ticks: UInt64(packet.time), packet.octets, original: UInt32(packet.originalLength))
    }
    let path = try scratch.write(file.all)
    let mapped = try read(CaptureReader(paths: [path], mapping: true))
    #expect(mapped.packets == packets)
    #expect(mapped.warnings.isEmpty && mapped.bytesRead == mapped.totalBytes)
  }

  @Test func `a file that grows while it is read is read to its end`() throws {
    let scratch = try Scratch()
    let packets = packets(seed: 7, count: 600)
    let (octets, ends) = PcapFile().octets(packets)
    let path = try scratch.write(Array(octets[..<ends[350]]))
    var reader = try CaptureReader(paths: [path], mapping: true)
    var count = 0
    try reader.forEachPacket { _, seen in
      let same = copy(seen) == packets[count].octets
      if !same { Issue.record("packet \(count + 1)") }
      count += 1
      if count == 10 {
        let file = FileHandle(forWritingAtPath: path)
        file?.seekToEndOfFile()
        file?.write(Data(octets[ends[350]...]))
        file?.closeFile()
      }
      return same
    }
    #expect(count == packets.count)
    let truncated = reader.truncated
    #expect(!truncated)
  }

  /// SIGBUS, where the octets are gone; zeros, where the page is still there.
  @Test(arguments: [0, 1000, 2 << 20, (2 << 20) + 1234, (3 << 20) + 77, (4 << 20) + 4000], [true, false])
  func `a file that is cut while it is read ends there`(_ length: Int, _ mapping: Bool) throws {
    let scratch = try Scratch()
    let packets = packets(seed: 8)
    let (octets, ends) = PcapFile().octets(packets)
    let whole = ends.count { $0 <= length }
    for moment in [1, 2, 50, 140, 150, 220] {
      let path = try scratch.write(octets)
      // As a parent may leave it.
      var mask = sigset_t()
      unsafe sigemptyset(&mask)
      unsafe sigaddset(&mask, SIGBUS)
      unsafe pthread_sigmask(SIG_BLOCK, &mask, nil)
      var reader = try CaptureReader(paths: [path], mapping: mapping)
      // Not where other tests have taken all the windows that there are. A reader without one has filled its buffer.
      let isMapped = reader.isMapped
      #expect(mapping || !isMapped)
      let held = ends.count { $0 <= ends[moment - 1] + 256 << 10 }
      var count = 0
      var wrong = 0
      try reader.forEachPacket { header, seen in
        // What is read after the file was cut may hold zeros, and no more than one such packet is handed out.
        if copy(seen) != packets[count].octets { wrong += 1 }
        count += 1
        if count == moment { unsafe truncate(path, length) }
        return true
      }
      #expect(wrong <= 1 && count - wrong >= min(moment, whole), "cut to \(length) after packet \(moment)")
      #expect(count <= max(whole, isMapped ? moment : held) + 1, "cut to \(length) after packet \(moment)")
      let truncated = reader.truncated
      #expect(truncated)
      #expect(reader.warnings.count == 1)
    }
  }
}
