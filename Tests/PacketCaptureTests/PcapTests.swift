import Testing

@testable import PacketCapture

@Suite struct PcapTests {
  @Test(arguments: [false, true], [PcapMagic.Kind.microseconds, .nanoseconds, .modified])
  func `packets come back as written, in either byte order`(swapped: Bool, kind: PcapMagic.Kind) throws {
    var file = PcapFile(swapped: swapped)
    switch kind {
    case .microseconds: break
    case .nanoseconds: (file.magic, file.nanosecondsPerTick) = (0xA1B2_3C4D, 1)
    case .modified: (file.magic, file.recordHeaderExtra) = (0xA1B2_CD34, 8)
    }
    let packets = somePackets(step: 1_000_001_000)
    let scratch = try Scratch()
    let reading = try read(scratch.write(file.octets(packets).all))
    #expect(reading.packets == packets)
    #expect(reading.warnings.isEmpty)
    #expect(!reading.truncated)
    #expect(reading.linkTypes == [1])
    #expect(reading.drops == nil)
    #expect(reading.bytesRead == file.octets(packets).all.count)
    #expect(reading.totalBytes == reading.bytesRead)
  }

  @Test func `a file without packets is a capture`() throws {
    let scratch = try Scratch()
    let reading = try read(scratch.write(PcapFile(linkType: 113).octets([]).all))
    #expect(reading.packets.isEmpty)
    #expect(reading.warnings.isEmpty)
    #expect(reading.linkTypes == [113])
  }

  @Test func `a packet longer than the snapshot length is cut to it`() throws {
    let packets = [Packet(time: 0, [1, 2, 3, 4, 5, 6], originalLength: 9), Packet(time: 1000, [7, 8])]
    let scratch = try Scratch()
    let reading = try read(scratch.write(PcapFile(snapLength: 4).octets(packets).all))
    #expect(reading.packets == [Packet(time: 0, [1, 2, 3, 4], originalLength: 9), Packet(time: 1000, [7, 8])])
  }

  @Test func `a captured length above the original one raises the original one`() throws {
    let scratch = try Scratch()
    let reading = try read(scratch.write(PcapFile().octets([Packet(time: 0, [1, 2, 3], originalLength: 1)]).all))
    #expect(reading.packets == [Packet(time: 0, [1, 2, 3], originalLength: 3)])
  }

  /// Snapshot length in the file and what a packet of 300 000 octets does: too long for Ethernet, whatever is allowed;
  /// not for D-Bus (231).
  @Test(arguments: [(1, 0, false), (1, 0x7FFF_FFFF, false), (231, 0, true), (231, 0xFFFF_FFFF, true)])
  func `the longest packet depends on the link type`(linkType: UInt32, snapLength: UInt32, isRead: Bool) throws {
    let long = Packet(time: 2000, [UInt8](repeating: 5, count: 300_000), linkType: linkType)
    let short = Packet(time: 1000, [1], linkType: linkType)
    let file = PcapFile(snapLength: snapLength, linkType: linkType).octets([short, long])
    let scratch = try Scratch()
    let reading = try read(scratch.write(file.all))
    #expect(reading.packets == (isRead ? [short, long] : [short]))
    #expect(reading.truncated == !isRead)
    #expect(reading.warnings.isEmpty == isRead)
  }

  @Test func `a packet of the greatest length passes the buffer's end`() throws {
    let packets = (0..<5).map { Packet(time: Int64($0) * 1000, [UInt8](repeating: UInt8($0), count: 262_144)) }
    let scratch = try Scratch()
    #expect(try read(scratch.write(PcapFile().octets(packets).all)).packets == packets)
  }

  @Test func `a record header that cannot be ends the reading with its place`() throws {
    var (octets, ends) = PcapFile().octets(somePackets(3))
    octets.replaceSubrange((ends[1] + 8)..<(ends[1] + 12), with: [0, 0, 0x42, 0])
    let scratch = try Scratch()
    let reading = try read(scratch.write(octets))
    #expect(reading.packets == Array(somePackets(3).prefix(2)))
    #expect(reading.truncated)
    #expect(reading.warnings.count == 1)
    let message = try #require(reading.warnings.first).message
    #expect(message.contains("packet 3 at byte \(ends[1])"))
    #expect(message.contains("4325376"))
    #expect(reading.warnings.first?.matters == true)
  }

  /// Before 2.3 the lengths stood the other way round, in 2.3 either way.
  @Test(arguments: [(2, 2, true), (2, 3, true), (2, 3, false), (2, 4, false), (543, 0, true)])
  func `old versions order the lengths otherwise`(major: UInt16, minor: UInt16, swapped: Bool) throws {
    let file = PcapFile(version: (major, minor), lengthsSwapped: swapped)
    let scratch = try Scratch()
    #expect(try read(scratch.write(file.octets(somePackets()).all)).packets == somePackets())
  }

  @Test(arguments: [(1, 2), (2, 5), (3, 0), (543, 1), (0, 0)])
  func `unknown versions are refused`(major: UInt16, minor: UInt16) throws {
    let error = try #require(try refusal(of: PcapFile(version: (major, minor)).octets(somePackets()).all))
    #expect(error.message == "unsupported pcap version \(major).\(minor)")
  }

  /// Field in the file, link type given.
  @Test(arguments: [
    (1, 1), (0x2800_0001, 1), (12, 101), (14, 101), (11, 100), (19, 106), (101, 101), (0x0030_0000, 0x0030_0000),
  ])
  func `link types are LINKTYPE_ values without the frame check sequence`(field: UInt32, linkType: UInt32) throws {
    let scratch = try Scratch()
    let reading = try read(scratch.write(PcapFile(linkType: field).octets(somePackets()).all))
    #expect(reading.linkTypes == [linkType])
    #expect(Set(reading.packets.map { $0.linkType }) == [linkType])
  }

  @Test func `times beyond 2038 and fractions beyond a second do not wrap`() throws {
    let packets = [Packet(time: 4_294_967_295_000_000_000, [1])]
    var octets = PcapFile().octets(packets).all
    octets.replaceSubrange(28..<32, with: [0xFF, 0xFF, 0xFF, 0xFF])
    let scratch = try Scratch()
    #expect(try read(scratch.write(octets)).packets.map { $0.time } == [4_294_967_295_000_000_000 + 4_294_967_295_000])
  }

  @Test func `netfilter log fields come in little-endian order from either machine`() throws {
    // Family, version, resource; TLV of 8 octets and type 9; TLV of 5 octets (padded) and type 1.
    let little: [UInt8] = [2, 0, 0, 0, 8, 0, 9, 0, 1, 2, 3, 4, 5, 0, 1, 0, 7, 0, 0, 0]
    let big: [UInt8] = [2, 0, 0, 0, 0, 8, 0, 9, 1, 2, 3, 4, 0, 5, 0, 1, 7, 0, 0, 0]
    for cut in 0...big.count {
      let captured = [Packet(time: 1000, Array(big[..<cut]))]
      let scratch = try Scratch()
      let file = PcapFile(swapped: true, linkType: 239).octets(captured)
      let reading = try read(scratch.write(file.all))
      #expect(reading.packets.map { $0.octets.count } == [cut])
      if cut == big.count { #expect(reading.packets.map { $0.octets } == [little]) }
    }
    let scratch = try Scratch()
    let native = try read(scratch.write(PcapFile(linkType: 239).octets([Packet(time: 0, little)]).all))
    #expect(native.packets.map { $0.octets } == [little])
  }
}
