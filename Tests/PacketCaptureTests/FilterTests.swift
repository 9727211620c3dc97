import Testing

@testable import PacketCapture

@Suite struct FilterTests {
  /// An IPv4 packet with a TCP header and nothing else.
  private func segment(port: UInt8) -> [UInt8] {
    [0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
      + [0x99, 0x99, 0, port, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 2, 0, 0, 0, 0, 0, 0]
  }

  private let ethernet: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]

  @Test func `packets that do not match are counted, not delivered`() throws {
    let packets = [80, 81, 80].enumerated().map { Packet(time: Int64($0) * 1000, ethernet + segment(port: $1)) }
    let scratch = try Scratch()
    let path = try scratch.write(PcapFile().octets(packets).all)
    let reading = try read(path, filter: "tcp port 80")
    #expect(reading.packets == [packets[0], packets[2]])
    #expect(reading.filteredOut == 1)
    #expect(try read(path, filter: "udp").packets.isEmpty)
    #expect(try read(path, filter: "").packets == packets)
  }

  @Test func `lengths are those on the wire`() throws {
    let scratch = try Scratch()
    let packets = [Packet(time: 0, ethernet, originalLength: 1000), Packet(time: 0, ethernet, originalLength: 100)]
    let reading = try read(scratch.write(PcapFile().octets(packets).all), filter: "greater 500")
    #expect(reading.packets == [packets[0]])
  }

  @Test func `each link type has a program of its own`() throws {
    var file = PcapngFile()
    file.section()
    file.interface(linkType: 1, resolution: 9)
    file.interface(linkType: 101, resolution: 9)
    file.interface(linkType: 113, resolution: 9)
    let cooked: [UInt8] = [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0]
    for port: UInt8 in [80, 81] {
      file.packet(interface: 0, ticks: 1, ethernet + segment(port: port))
      file.packet(interface: 1, ticks: 2, segment(port: port))
      file.packet(interface: 2, ticks: 3, cooked + segment(port: port))
      file.packet(interface: 0, ticks: 4, ethernet + segment(port: port))
    }
    let scratch = try Scratch()
    let reading = try read(scratch.write(file.all), filter: "port 80")
    #expect(reading.packets.map { $0.linkType } == [1, 101, 113, 1])
    #expect(reading.packets.map { $0.time } == [1, 2, 3, 4])
    #expect(reading.filteredOut == 4)
    #expect(reading.warnings.isEmpty)
  }

  @Test func `a link type on which the filter means nothing is a warning`() throws {
    var file = PcapngFile()
    file.section()
    file.interface(linkType: 1, resolution: 9)
    file.interface(linkType: 101, resolution: 9)
    file.packet(interface: 0, ticks: 1, ethernet)
    file.packet(interface: 1, ticks: 2, segment(port: 1))
    file.packet(interface: 1, ticks: 3, segment(port: 1))
    let scratch = try Scratch()
    let reading = try read(scratch.write(file.all), filter: "ether dst 02:00:00:00:00:01")
    #expect(reading.packets.map { $0.time } == [1])
    #expect(reading.filteredOut == 2)
    #expect(reading.warnings.count == 1)
    #expect(reading.warnings.first?.message.contains("RAW") == true)
  }

  @Test func `many link types on which the filter means nothing are one warning`() throws {
    var file = PcapngFile()
    file.section()
    file.interface(linkType: 1)
    file.packet(interface: 0, ticks: 1, ethernet)
    for i in 1...40 {
      file.interface(linkType: UInt16(20_000 + i))
      file.packet(interface: UInt32(i), ticks: 1, ethernet)
    }
    let scratch = try Scratch()
    let reading = try read(scratch.write(file.all), filter: "tcp port 80")
    #expect(reading.warnings.map { $0.message.contains(" and 39 more: none of its packets match") } == [true])
  }

  @Test(arguments: ["tcp prot 80", "port", "tcp port 80 and (", "ether host 1", "tcp\0", "\u{1}"])
  func `a bad filter is an error even without packets`(filter: String) throws {
    let scratch = try Scratch()
    let empty = try scratch.write(PcapFile().octets([]).all, as: "a")
    var noInterface = PcapngFile()
    noInterface.section()
    let bare = try scratch.write(noInterface.all, as: "b")
    for path in [empty, bare] {
      #expect { try read(path, filter: filter) } throws: { error in
        let error = error as? CaptureError
        return error?.file == nil && error?.description.hasPrefix("filter \"") == true
      }
    }
  }

  @Test func `packets of any length can be filtered`() throws {
    let whole = ethernet + segment(port: 80)
    let packets = (0...whole.count).map { Packet(time: 0, Array(whole[..<$0]), originalLength: whole.count) }
    let scratch = try Scratch()
    let reading = try read(scratch.write(PcapFile().octets(packets).all), filter: "tcp port 80")
    // The ports end at octet 38.
    #expect(reading.packets == Array(packets[38...]))
  }
}
