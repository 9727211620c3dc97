import TestSupport
import Testing

@testable import Wire

private typealias Build = PacketBuilder

/// Where a segment ends, on the wire and in the capture.
struct LengthTests {
  static let payload: [UInt8] = Array("0123456789".utf8)

  @Test(arguments: [false, true])
  func `padding is not payload`(v6: Bool) {
    for size in 0...10 {
      let frame = TCPFrame(v6: v6, payload: Array(Self.payload[..<size]))
      for padding in [0, 1, 6, 40] {
        let decoded = decode(frame.frame + [UInt8](repeating: 0, count: padding))
        #expect(decoded.payload == frame.payload)
        #expect(decoded.segment.payloadLength == size)
      }
    }
  }

  @Test(arguments: [false, true])
  func `without an IP length the frame's counts`(v6: Bool) {
    let big = [UInt8](repeating: 7, count: 80000)
    let frame = TCPFrame(v6: v6, payload: big)
    let packet =
      v6
      ? Build.ipv6(6, frame.segment, from: frame.source, to: frame.destination, payloadLength: 0)
      : {
        var fields = Build.IPv4Options()
        fields.totalLength = 0
        return Build.ipv4(6, frame.segment, fields)
      }()
    let octets = Build.ethernet(packet)
    let decoded = decode(octets)
    #expect(decoded.outcome == .tcp)
    #expect(decoded.payload == big)
    #expect(decoded.segment.payloadLength == 80000)
    // Captured short, the length on the wire is that of the frame.
    let cut = decode(Array(octets[..<100]), originalLength: octets.count)
    #expect(cut.segment.payloadLength == 80000)
    #expect(cut.payload.count == 100 - (v6 ? 74 : 54))
    // And one that nobody can believe is bounded.
    #expect(decode(Array(octets[..<100]), originalLength: Int.max).segment.payloadLength <= 1 << 20)
    #expect(decode(Array(octets[..<100]), originalLength: Int.min).segment.payloadLength == 100 - (v6 ? 74 : 54))
  }

  @Test func `a jumbo payload option gives the length`() {
    let big = [UInt8](repeating: 7, count: 70000)
    let frame = TCPFrame(v6: true, payload: big)
    let length = UInt32(8 + frame.segment.count)
    let packet = Build.ipv6(
      0, Build.extensionHeader(next: 6, [0xC2, 4] + Build.be32(length), frame.segment), payloadLength: 0)
    let decoded = decode(Build.ethernet(packet) + [1, 2, 3, 4])
    #expect(decoded.payload == big)
    #expect(decoded.segment.payloadLength == 70000)
  }

  @Test(arguments: [false, true])
  func `an IP length beyond the capture tells what is missing`(v6: Bool) {
    let frame = TCPFrame(v6: v6, payload: [UInt8](repeating: 7, count: 1000))
    let octets = frame.frame
    let header = octets.count - 1000
    for captured in [header, header + 1, header + 999] {
      // Some tools cut frames and write the length that is left as the length there was.
      for original in [octets.count, captured] {
        let decoded = decode(Array(octets[..<captured]), originalLength: original)
        #expect(decoded.outcome == .tcp)
        #expect(decoded.segment.payloadLength == 1000)
        #expect(decoded.payload.count == captured - header)
      }
    }
  }

  @Test func `a TCP header cut after its flags still tells of its connection`() {
    var frame = TCPFrame(v6: false, payload: Self.payload)
    frame.options = Conversation.synOptions
    frame.flags = [.syn]
    let octets = frame.frame
    for captured in 34..<octets.count {
      let decoded = decode(Array(octets[..<captured]), originalLength: octets.count)
      guard captured >= 34 + 14 else {
        #expect(decoded.stop == DecodingStop(layer: .tcp, reason: .truncated, insideIP: true))
        continue
      }
      #expect(decoded.outcome == .tcp)
      let segment = decoded.segment
      #expect(segment.sequenceNumber == frame.sequenceNumber)
      #expect(segment.flags == [.syn])
      #expect(Int(segment.window) == (captured >= 34 + 16 ? frame.window : 0))
      #expect(segment.payloadLength == 10)
      #expect(segment.payloadCaptured == max(0, captured - 34 - 28))
      #expect(segment.payloadOffset + segment.payloadCaptured <= captured)
      #expect(segment.windowScale == (captured >= 34 + 28 ? 7 : nil))
    }
  }

  @Test(
    arguments: [
      ([], nil),
      ([3, 3, 7, 0], 7),
      ([1, 1, 1, 3, 3, 0, 0, 0], 0),
      ([2, 4, 5, 0xB4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 14], 14),
      ([3, 3, 200, 0], 14),  // RFC 7323 §2.3
      ([0, 3, 3, 7], nil),  // behind the end of the list
      ([5, 0, 3, 3, 7, 0, 0, 0], nil),  // a length of 0
      ([5, 1, 3, 3, 7, 0, 0, 0], nil),
      ([5, 50, 3, 3, 7, 0, 0, 0], nil),  // a length beyond the header
      ([3, 4, 7, 7], nil),  // not the length that the option has
      ([1, 1, 1, 3], nil),  // no room for a length
      ([1, 1, 3, 3], nil),
    ] as [([UInt8], UInt8?)])
  func `the window scale is found among the options`(_ options: [UInt8], _ expected: UInt8?) {
    var frame = TCPFrame(v6: false, payload: [3, 3, 9])
    frame.options = options
    frame.flags = [.syn, .ack]
    #expect(decode(frame.frame).segment.windowScale == expected)
    #expect(decode(frame.frame).payload == [3, 3, 9])
    frame.flags = [.ack]
    #expect(decode(frame.frame).segment.windowScale == nil)
  }

  @Test func `UDP's length bounds what it carries`() {
    let inner = TCPFrame(v6: false, payload: Self.payload)
    var fields = Build.IPv4Options()
    fields.totalLength = 0
    let unbounded = Build.ipv4(6, inner.segment, fields)
    let tunnel = [8, 0, 0, 0, 0, 0, 5, 0] + Build.ethernet(unbounded)
    let octets = Build.ethernet(Build.ipv4(17, Build.udp(from: 50000, to: 4789, tunnel) + [9, 9, 9]))
    #expect(decode(octets).payload == Self.payload)
  }

  @Test(arguments: [0, 2, 4] as [UInt8])
  func `on its way a packet belongs to the end of its route`(_ type: UInt8) {
    let frame = TCPFrame(v6: true, payload: Self.payload)
    let final: Address = "2001:db8::99"
    let routing = Build.extensionHeader(next: 6, [type, 1, 0, 0, 0, 0] + final.octets, frame.segment)
    #expect(decode(Build.ethernet(Build.ipv6(43, routing))).segment.destination == final.ipAddress)
    let arrived = Build.extensionHeader(next: 6, [type, 0, 0, 0, 0, 0] + final.octets, frame.segment)
    #expect(decode(Build.ethernet(Build.ipv6(43, arrived))).segment.destination == frame.destination.ipAddress)
  }

  @Test func `a mobile node's home address is its own`() {
    let frame = TCPFrame(v6: true, payload: Self.payload)
    let home: Address = "2001:db8::77"
    let options = Build.extensionHeader(next: 6, [1, 2, 0, 0, 0xC9, 16] + home.octets, frame.segment)
    let decoded = decode(Build.ethernet(Build.ipv6(60, options)))
    #expect(decoded.segment.source == home.ipAddress)
    #expect(decoded.payload == Self.payload)
  }
}
