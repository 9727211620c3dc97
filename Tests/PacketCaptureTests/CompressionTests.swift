import Testing

@testable import PacketCapture

@Suite struct CompressionTests {
  enum Kind: String, CaseIterable {
    case gzip, zstd

    func compress(_ octets: [UInt8]) -> [UInt8] {
      switch self {
      case .gzip: Compressed.gzip(octets)
      case .zstd: Compressed.zstd(octets)
      }
    }
  }

  @Test(arguments: Kind.allCases, [false, true])
  func `compressed captures are read by their content, not their name`(kind: Kind, isPcapng: Bool) throws {
    let plain = isPcapng ? PcapngFile.simple(somePackets()).all : PcapFile().octets(somePackets()).all
    let stored = kind.compress(plain)
    let scratch = try Scratch()
    let reading = try read(scratch.write(stored))
    #expect(reading.packets == somePackets())
    #expect(reading.warnings.isEmpty)
    #expect(reading.bytesRead == stored.count)
  }

  @Test(arguments: Kind.allCases)
  func `streams that follow one another are one`(kind: Kind) throws {
    let (plain, ends) = PcapFile().octets(somePackets())
    let pieces = [Array(plain[..<30]), [], Array(plain[30..<ends[2]]), Array(plain[ends[2]...])]
    let scratch = try Scratch()
    let reading = try read(scratch.write(pieces.flatMap { kind.compress($0) }))
    #expect(reading.packets == somePackets())
    #expect(reading.warnings.isEmpty)
  }

  @Test func `skippable zstd frames are skipped, in front too`() throws {
    let plain = PcapFile().octets(somePackets()).all
    let frame = Compressed.skippableFrame([1, 2, 3])
    let scratch = try Scratch()
    #expect(try read(scratch.write(frame + Compressed.zstd(plain) + frame)).packets == somePackets())
  }

  @Test func `zeros behind the last gzip member are ignored, and nothing else`() throws {
    let plain = PcapFile().octets(somePackets()).all
    let scratch = try Scratch()
    let zeros = [UInt8](repeating: 0, count: 600)
    let reading = try read(scratch.write(Compressed.gzip(plain) + zeros))
    #expect(reading.packets == somePackets())
    #expect(reading.warnings.isEmpty)
    for more in [zeros + [1], [0x20] + Compressed.gzip(plain).dropFirst(), zeros + Compressed.gzip(plain)] {
      let reading = try read(scratch.write(Compressed.gzip(plain) + more))
      #expect(reading.packets == somePackets())
      #expect(reading.warnings.count == 1 && reading.warnings[0].matters)
    }
  }

  @Test(arguments: Kind.allCases)
  func `a stream cut anywhere gives the packets before the cut`(kind: Kind) throws {
    let plain = PcapFile().octets(somePackets()).all
    let stored = kind.compress(plain)
    let scratch = try Scratch()
    var seen = 0
    for cut in 1..<stored.count {
      do {
        let reading = try read(scratch.write(Array(stored[..<cut])))
        #expect(reading.packets == Array(somePackets().prefix(reading.packets.count)))
        #expect(reading.packets.count >= seen)
        #expect(reading.truncated, "cut at \(cut)")
        #expect(reading.warnings.first?.message.contains("the \(kind) stream is cut short") == true, "cut at \(cut)")
        seen = reading.packets.count
      } catch let error as CaptureError {
        #expect(seen == 0, "\(error)")
        #expect(cut < 60, "\(error)")
      }
    }
    // What libzstd has of an unfinished block it does not give out.
    #expect(seen >= somePackets().count - 1)
  }

  @Test func `a wrong gzip checksum is a warning`() throws {
    var stored = Compressed.gzip(PcapFile().octets(somePackets()).all)
    stored[stored.count - 8] ^= 1
    let scratch = try Scratch()
    let reading = try read(scratch.write(stored))
    #expect(reading.packets == somePackets())
    #expect(reading.truncated)
    #expect(reading.warnings.first?.message.contains("the gzip stream cannot be decompressed") == true)
  }

  @Test func `a zstd frame that asks for 2 GiB of memory is refused, with what helps`() throws {
    // RFC 8878 §3.1.1.1.2: a window descriptor of exponent 21, then an empty last block.
    let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 21 << 3, 0x01, 0x00, 0x00]
    let scratch = try Scratch()
    let file = try scratch.write(frame)
    let error = #expect(throws: CaptureError.self) { try read(file) }
    #expect(error?.message.contains("zstd -d --long=31") == true)
  }

  @Test(arguments: Kind.allCases)
  func `wrong octets in a stream are survived`(kind: Kind) throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    let stored = kind.compress(PcapngFile.simple(somePackets()).all)
    let scratch = try Scratch()
    for _ in 0..<500 {
      var octets = stored
      let place = Int.random(in: 0..<octets.count, using: &generator)
      octets[place] ^= UInt8.random(in: 1...255, using: &generator)
      do {
        let reading = try read(scratch.write(octets))
        #expect(reading.packets.count <= octets.count / 16, "seed \(seed), octet \(place)")
      } catch let error as CaptureError {
        #expect(place < 80, "seed \(seed), octet \(place): \(error)")
      }
    }
  }

  /// Really compressed, by gzip and zstd: a pcap file of 20 packets of 100 equal octets.
  @Test(arguments: [Samples.gzip, Samples.zstd])
  func `streams of the usual tools are read`(stored: [UInt8]) throws {
    let packets = (0..<20).map { index in
      Packet(time: Int64(index) * 1_000_000_000, [UInt8](repeating: UInt8(index), count: 100))
    }
    let scratch = try Scratch()
    let reading = try read(scratch.write(stored))
    #expect(reading.packets == packets)
    #expect(reading.warnings.isEmpty)
  }

  /// 40 MiB from a few kilobytes, through a buffer that stays small.
  @Test func `highly compressed octets pass through a small buffer`() throws {
    let packet = Packet(time: 0, [UInt8](repeating: 0, count: 262_144))
    let record = Array(PcapFile().octets([packet]).all[24...])
    // One zstd frame: the file header raw, then each record as a raw head and a run of one octet.
    var stream = Octets()
    stream.put(UInt32(0xFD2F_B528))
    stream.put([0x00, 0x50] as [UInt8])
    func block(_ kind: UInt32, _ length: Int, _ content: [UInt8], last: Bool = false) {
      let header = UInt32(length) << 3 | kind << 1 | (last ? 1 : 0)
      stream.put([UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16)])
      stream.put(content)
    }
    block(0, 24, PcapFile().octets([]).all)
    for index in 0..<160 {
      block(0, 16, Array(record[..<16]))
      block(1, 131_072, [0])
      block(1, 131_072, [0], last: index == 159)
    }
    let scratch = try Scratch()
    var reader = try CaptureReader(paths: [scratch.write(stream.all)])
    var octets = 0
    try reader.forEachPacket { _, span in
      octets += span.count
      return true
    }
    #expect(octets == 160 * 262_144)
    let warnings = reader.warnings
    #expect(warnings.isEmpty)
  }
}
