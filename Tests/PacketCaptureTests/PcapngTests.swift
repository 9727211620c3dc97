import Testing

@testable import PacketCapture

@Suite struct PcapngTests {
  private func read(_ file: PcapngFile) throws -> Reading {
    let scratch = try Scratch()
    return try PacketCaptureTests.read(scratch.write(file.all))
  }

  @Test(arguments: [false, true])
  func `packets come back as written, in either byte order`(swapped: Bool) throws {
    let reading = try read(PcapngFile.simple(somePackets(), swapped: swapped))
    #expect(reading.packets == somePackets())
    #expect(reading.warnings.isEmpty)
    #expect(reading.linkTypes == [1])
  }

  @Test func `interfaces have link types, snapshot lengths and resolutions of their own`() throws {
    var file = PcapngFile()
    file.section()
    file.interface(linkType: 1, snapLength: 65_535)
    file.interface(linkType: 113, snapLength: 96, resolution: 9)
    file.packet(interface: 1, ticks: 5_000_000_001, [1, 2, 3], original: 7)
    file.packet(interface: 0, ticks: 5_000_001, [4, 5])
    file.interface(linkType: 228)
    file.packet(interface: 2, ticks: 6_000_000, [6])
    let reading = try read(file)
    #expect(
      reading.packets == [
        Packet(time: 5_000_000_001, [1, 2, 3], originalLength: 7, linkType: 113),
        Packet(time: 5_000_001_000, [4, 5], linkType: 1),
        Packet(time: 6_000_000_000, [6], linkType: 228),
      ])
    #expect(reading.linkTypes == [1, 113, 228])
    #expect(reading.warnings.isEmpty)
  }

  @Test func `sections have byte orders and interfaces of their own`() throws {
    var file = PcapngFile()
    for (index, swapped) in [false, true, false].enumerated() {
      var section = PcapngFile(swapped: swapped)
      section.section(length: index == 1 ? 0x7FFF_FFFF : -1)
      section.interface(linkType: UInt16(101 + index * 12), resolution: 9)
      section.packet(ticks: UInt64(index), [UInt8(index)])
      file.append(section.all)
    }
    let reading = try read(file)
    let expected = [
      Packet(time: 0, [0], linkType: 101), Packet(time: 1, [1], linkType: 113), Packet(time: 2, [2], linkType: 125),
    ]
    #expect(reading.packets == expected)
    #expect(reading.linkTypes == [101, 113, 125])
  }

  @Test func `obsolete and simple packet blocks are read`() throws {
    var file = PcapngFile()
    file.section()
    file.interface(snapLength: 4, resolution: 9)
    file.simplePacket([9, 9], original: 2)
    file.obsoletePacket(ticks: 77, [1, 2, 3], original: 50)
    file.simplePacket([4, 5, 6, 7], original: 60)
    file.simplePacket([8], original: 1)
    let reading = try read(file)
    #expect(
      reading.packets == [
        Packet(time: 0, [9, 9]),
        Packet(time: 77, [1, 2, 3], originalLength: 50),
        Packet(time: 77, [4, 5, 6, 7], originalLength: 60),
        Packet(time: 77, [8]),
      ])
    #expect(reading.warnings.count == 1)
    #expect(reading.warnings.first?.message.contains("without a time") == true)
  }

  @Test func `other blocks are passed over`() throws {
    var file = PcapngFile()
    file.section()
    file.block(4) { $0.put([0, 0, 0, 0] as [UInt8]) }  // names
    file.interface(resolution: 9)
    file.block(0xBAD) { $0.put([UInt8](repeating: 7, count: 70_000)) }  // custom
    file.block(9) { $0.put([UInt8](repeating: 1, count: 300_000)) }  // systemd journal
    file.block(0x8000_0001) { _ in }
    file.packet(ticks: 3, [1], comment: "hello")
    file.block(0x0000_0B0B) { $0.put([UInt8](repeating: 7, count: 9)) }
    let reading = try read(file)
    #expect(reading.packets == [Packet(time: 3, [1])])
    #expect(reading.warnings.isEmpty)
  }

  @Test func `drops are the last statistics of each interface of each section`() throws {
    var file = PcapngFile(swapped: true)
    #expect(try read(PcapngFile.simple(somePackets())).drops == nil)
    file.section()
    file.interface()
    file.interface()
    file.statistics(interface: 0, [5: 10, 7: 1, 4: 1000])
    file.statistics(interface: 0, [5: 12, 7: 2])
    file.statistics(interface: 1, [7: 100])
    file.statistics(interface: 1, [4: 5])
    file.statistics(interface: 9, [5: 7777])
    #expect(try read(file).drops == 114)
    file.section()
    file.interface()
    file.statistics(interface: 0, [5: 1000])
    #expect(try read(file).drops == 1114)
    file.interface()
    file.statistics(interface: 1, [5: .max])
    #expect(try read(file).drops == Int.max)
  }

  @Test func `link types are listed up to a limit`() throws {
    var file = PcapngFile()
    file.section()
    for i in 0..<256 { file.interface(linkType: UInt16(1000 + i)) }
    file.interface(linkType: 1000)
    #expect(try read(file).warnings.isEmpty)
    file.interface(linkType: 2000)
    let reading = try read(file)
    #expect(reading.linkTypes.count == 256)
    #expect(reading.warnings.map { $0.matters && $0.message.hasSuffix("no more than 256 are listed") } == [true])
  }

  @Test func `decryption secrets are kept up to a limit`() throws {
    var file = PcapngFile()
    file.section()
    file.secrets(Array("CLIENT_RANDOM 01".utf8))
    file.secrets([1, 2, 3], length: 4000)
    file.secrets([UInt8](repeating: 1, count: CaptureReader.secretsLimit))
    file.secrets([4])
    let reading = try read(file)
    #expect(
      reading.secrets == [
        DecryptionSecrets(type: 0x544C_534B, octets: Array("CLIENT_RANDOM 01".utf8)),
        DecryptionSecrets(type: 0x544C_534B, octets: [4]),
      ])
    #expect(reading.warnings.map { $0.matters } == [false])
  }

  /// Blocks that end the reading; each follows one good packet and is followed by another.
  @Test(arguments: [
    ([6, 0, 0, 0, 11, 0, 0, 0], "a length of 11"),
    ([6, 0, 0, 0, 28, 0, 0, 0], "a length of 28"),
    ([6, 0, 0, 0, 33, 0, 0, 0], "a length of 33"),
    ([7, 0, 0, 0, 0, 0, 0, 0], "a length of 0"),
    ([7, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0xFF], "a length of 4294967292"),
    ([7, 0, 0, 0, 12, 0, 0, 0, 16, 0, 0, 0], "two lengths differ"),
    ([0x0A, 0x0D, 0x0D, 0x0A, 28, 0, 0, 0, 1, 2, 3, 4], "byte order"),
  ])
  func `a block that cannot be ends the reading with its place`(octets: [UInt8], reason: String) throws {
    var file = PcapngFile.simple(somePackets(1))
    let place = file.all.count
    file.append(octets)
    file.packet(ticks: 5, [1])
    let reading = try read(file)
    #expect(reading.packets == somePackets(1))
    #expect(reading.truncated)
    let message = try #require(reading.warnings.first).message
    #expect(message.contains(reason))
    #expect(message.contains("packet 2 at byte \(place)"))
  }

  @Test func `a captured length beyond its block ends the reading`() throws {
    var file = PcapngFile.simple(somePackets(1))
    file.packet(ticks: 5, [1, 2, 3, 4], captured: 5)
    file.packet(ticks: 6, [1])
    let reading = try read(file)
    #expect(reading.packets == somePackets(1))
    #expect(reading.truncated)
  }

  @Test func `a captured length beyond the snapshot length is believed`() throws {
    var file = PcapngFile()
    file.section()
    file.interface(snapLength: 2, resolution: 9)
    file.packet(ticks: 5, [1, 2, 3, 4])
    #expect(try read(file).packets == [Packet(time: 5, [1, 2, 3, 4])])
  }

  @Test func `packets of interfaces that are not described are passed over and counted`() throws {
    var file = PcapngFile.simple(somePackets(1))
    file.packet(interface: 1, ticks: 5, [1])
    file.obsoletePacket(interface: 2, ticks: 5, [1], original: 1)
    file.section()
    file.simplePacket([1], original: 1)
    file.interface(resolution: 9)
    file.packet(ticks: 6, [2])
    let reading = try read(file)
    #expect(reading.packets == somePackets(1) + [Packet(time: 6, [2])])
    #expect(reading.warnings.map { $0.message }.first?.hasSuffix(": 3") == true)
    #expect(!reading.truncated)
  }

  @Test func `malformed options are ignored`() throws {
    for options in [[9, 0, 0, 0], [9, 0, 200, 0], [14, 0, 2, 0, 1, 2, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [2, 0]] {
      var file = PcapngFile()
      file.section()
      file.block(1) { body in
        body.put(UInt64(1))
        body.put(options.map { UInt8($0) })
      }
      file.packet(ticks: 5, [1])
      #expect(try read(file).packets == [Packet(time: 5000, [1])])
    }
  }

  @Test func `a section of an unknown version is refused at first and ends the reading later`() throws {
    var file = PcapngFile()
    file.section(major: 2)
    #expect(try refusal(of: file.all)?.message == "unsupported pcapng version 2.0")
    file = PcapngFile.simple(somePackets(1))
    file.section(major: 2)
    #expect(try read(file).truncated)
  }

  @Test func `a file without interfaces is an empty capture`() throws {
    var file = PcapngFile()
    file.section()
    let reading = try read(file)
    #expect(reading.packets.isEmpty)
    #expect(reading.linkTypes.isEmpty)
    #expect(reading.warnings.isEmpty)
  }

  @Test func `endless interfaces are refused`() throws {
    var file = PcapngFile()
    file.section()
    var one = PcapngFile()
    one.block(1) { $0.put(UInt64(1)) }
    let all = file.all + (0..<65_537).flatMap { _ in one.all }
    let scratch = try Scratch()
    let reading = try PacketCaptureTests.read(scratch.write(all))
    #expect(reading.warnings.first?.message.contains("more than 65536 interfaces") == true)
  }
}
