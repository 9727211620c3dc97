import TestSupport
import Testing

@testable import Wire

/// What other tests build on.
struct TestSupportTests {
  @Test func `the generator gives the published numbers`() {
    var random = SplitMix64(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
  }

  @Test func `the package is found`() {
    #expect(Locations.exists(Locations.package + "/Package.swift"))
  }

  @Test(arguments: [false, true])
  func `a conversation's numbers follow one another`(v6: Bool) {
    var talk = v6 ? Conversation(client: "2001:db8::1", server: "2001:db8::2") : Conversation()
    talk.maximumSegment = 10
    talk.handshake(at: 0)
    talk.send("GET / HTTP/1.1\r\n\r\n", from: .client, at: 2)
    talk.send("HTTP/1.1 204 No Content\r\n\r\n", from: .server, at: 3.5)
    talk.acknowledge(from: .client, at: 4)
    talk.close(from: .server, at: 5)

    var decoder = PacketDecoder()
    var next: [Int: UInt32] = [:]
    var octets: [Int: [UInt8]] = [:]
    var flags: [TCPFlags] = []
    for frame in talk.frames {
      let decoded = decoder.decoded(frame.octets, time: frame.time)
      let segment = decoded.segment
      let port = Int(segment.sourcePort)
      #expect(next[port] == nil || next[port] == segment.sequenceNumber)
      if segment.flags.contains(.ack) {
        #expect(segment.acknowledgmentNumber == next[Int(segment.destinationPort)])
      }
      let counted = segment.flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1
      next[port] = segment.sequenceNumber &+ UInt32(decoded.payload.count + counted)
      octets[port, default: []] += decoded.payload
      flags.append(segment.flags)
    }
    #expect(octets[40000] == Array("GET / HTTP/1.1\r\n\r\n".utf8))
    #expect(octets[80] == Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))
    #expect(flags.prefix(3) == [[.syn], [.syn, .ack], [.ack]])
    #expect(flags.suffix(3) == [[.fin, .ack], [.fin, .ack], [.ack]])
    #expect(talk.frames.map { ($0.time - talk.start) / 500_000 } == [0, 1, 2, 4, 4, 7, 7, 7, 8, 10, 10, 10])
  }

  @Test func `pcap files are written in both orders`() {
    var file = PcapFile([TimedFrame(time: 1_000_002_000, octets: [9, 8], originalLength: 5)])
    file.nanoseconds = false
    file.link = .raw
    file.snapLength = 2
    let little: [UInt8] = [
      0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 101, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2,
      0,
      0, 0, 5, 0, 0, 0, 9, 8,
    ]
    #expect(file.octets == little)
    file.bigEndian = true
    file.nanoseconds = true
    let big: [UInt8] = [
      0xA1, 0xB2, 0x3C, 0x4D, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 101, 0, 0, 0, 1, 0, 0, 0x07,
      0xD0,
      0, 0, 0, 2, 0, 0, 0, 5, 9, 8,
    ]
    #expect(file.octets == big)
  }
}
