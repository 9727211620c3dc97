import Testing

@testable import PacketCapture

@Suite struct DamageTests {
  @Test(arguments: [false, true])
  func `a pcap file cut anywhere gives the packets before the cut`(swapped: Bool) throws {
    let (octets, ends) = PcapFile(swapped: swapped).octets(somePackets())
    let scratch = try Scratch()
    for cut in 0..<octets.count {
      let path = try scratch.write(Array(octets[..<cut]))
      guard cut >= 24 else {
        #expect(throws: CaptureError.self) { try read(path) }
        continue
      }
      let reading = try read(path)
      #expect(reading.packets == Array(somePackets().prefix(ends.count { $0 <= cut })))
      #expect(reading.truncated == !([24] + ends).contains(cut), "cut at \(cut)")
      #expect(reading.warnings.contains { $0.matters } == reading.truncated)
    }
  }

  @Test(arguments: [false, true])
  func `a pcapng file cut anywhere gives the packets before the cut`(swapped: Bool) throws {
    var file = PcapngFile.simple(somePackets(), swapped: swapped)
    file.statistics([5: 3])
    let scratch = try Scratch()
    for cut in 0..<file.all.count {
      let path = try scratch.write(Array(file.all[..<cut]))
      guard cut >= 28 else {
        #expect(throws: CaptureError.self) { try read(path) }
        continue
      }
      let reading = try read(path)
      // The first two blocks are the section and the interface, the last one the statistics.
      let whole = file.ends.count { $0 <= cut }
      #expect(reading.packets == Array(somePackets().prefix(max(0, whole - 2))))
      #expect(reading.truncated == !file.ends.contains(cut), "cut at \(cut)")
    }
  }

  @Test(arguments: [16, 17, 32, 4096, 3 << 20])
  func `zeros that were never overwritten are no packets`(count: Int) throws {
    let packets = somePackets() + [Packet(time: 5_000_000_000, [])]
    let octets = PcapFile().octets(packets).all
    let scratch = try Scratch()
    let reading = try read(scratch.write(octets + [UInt8](repeating: 0, count: count)))
    #expect(reading.packets == packets)
    #expect(reading.truncated)
    let place = "packet \(packets.count + 1) at byte \(octets.count): damaged: zeros"
    #expect(reading.warnings.map { $0.message.hasPrefix(place) && $0.matters } == [true])
  }

  /// What one damaged octet may change: nothing before the record it is in.
  @Test func `one wrong octet harms nothing before it`() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    let pcap = PcapFile().octets(somePackets())
    let pcapng = PcapngFile.simple(somePackets())
    let scratch = try Scratch()
    for round in 0..<3000 {
      let isPcapng = round % 2 == 1
      var octets = isPcapng ? pcapng.all : pcap.all
      let packetEnds = isPcapng ? Array(pcapng.ends.dropFirst(2)) : pcap.ends
      let place = Int.random(in: 0..<octets.count, using: &generator)
      octets[place] ^= UInt8.random(in: 1...255, using: &generator)
      let path = try scratch.write(octets)
      let reading: Reading
      do {
        reading = try read(path)
      } catch is CaptureError {
        #expect(place < 28, "seed \(seed), octet \(place)")
        continue
      }
      let headEnd = isPcapng ? pcapng.ends[1] : 24
      if place >= headEnd {
        let sure = packetEnds.count { $0 <= place }
        #expect(
          Array(reading.packets.prefix(sure)) == Array(somePackets().prefix(sure)), "seed \(seed), octet \(place)")
      }
      #expect(reading.packets.count <= octets.count / 16, "seed \(seed), octet \(place)")
      for packet in reading.packets {
        #expect(packet.originalLength >= packet.octets.count, "seed \(seed), octet \(place)")
      }
    }
  }

  @Test func `random octets after a good header are survived`() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    let scratch = try Scratch()
    for round in 0..<1000 {
      var octets = round % 2 == 0 ? PcapFile().octets([]).all : PcapngFile.simple([]).all
      let start = octets.count
      for _ in 0..<Int.random(in: 0..<200, using: &generator) {
        // Small numbers make lengths that fit.
        octets.append(UInt8.random(in: 0...255, using: &generator) & (Bool.random(using: &generator) ? 0x1C : 0xFF))
      }
      let reading = try read(scratch.write(octets))
      let delivered = reading.packets.reduce(0) { $0 + $1.octets.count }
      #expect(delivered <= octets.count - start, "seed \(seed)")
    }
  }

  @Test func `a length that lies costs no memory`() throws {
    // D-Bus allows packets of 128 MiB.
    let claim = Packet(time: 0, [1, 2, 3], linkType: 231)
    var octets = PcapFile(linkType: 231).octets([claim]).all
    octets.replaceSubrange(32..<36, with: [0, 0, 0, 8])
    var source = try source(of: octets)
    let hasAll = source.require(128 << 20)
    #expect(!hasAll)
    #expect(source.available == octets.count)
    #expect(source.bufferSize <= 8192)
  }

  @Test func `after something large the front of the buffer is used again`() throws {
    let octets = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 13 >> 3) }
    var source = try source(of: octets)
    var passed: [UInt8] = []
    for size in [10, 100_000, 20, 4096, 30, 4000, 5000, 50_000, 1, 2] {
      let hasAll = source.require(size)
      #expect(hasAll)
      passed += source.withOctets(from: source.start, count: size) { copy($0) }
      source.consume(size)
      #expect(source.offset == passed.count)
    }
    while source.require(1) {
      passed += source.withOctets { copy($0) }
      source.consume(source.available)
      if source.require(1) { #expect(source.start == 0 && source.available <= 4096) }
    }
    #expect(passed == octets)
  }

  private func source(of octets: [UInt8]) throws -> ByteSource {
    let scratch = try Scratch()
    return ByteSource(try Descriptor(path: scratch.write(octets)), capacity: 4096)
  }
}
