import TestSupport
import Testing

@testable import Wire

/// Fragmented datagrams, from the frames.
struct FragmentTests {
  static let payload = (0..<900).map { UInt8(truncatingIfNeeded: $0 &* 7) }

  static func fragments(_ v6: Bool, cuts: [Int] = [8, 320, 640], identification: UInt32 = 77) -> [[UInt8]] {
    PacketBuilder.fragments(of: TCPFrame(v6: v6, payload: payload).packet, at: cuts, identification: identification)
      .map { PacketBuilder.ethernet($0, padded: true) }
  }

  static let orders: [[Int]] = {
    var orders: [[Int]] = [[]]
    for index in 0..<4 {
      orders = orders.flatMap { order in
        (0...index).map { $0 == index ? order + [index] : Array(order[..<$0]) + [index] + order[$0...] }
      }
    }
    return orders
  }()

  @Test(arguments: orders, [false, true])
  func `fragments come in any order`(_ order: [Int], v6: Bool) {
    let frames = Self.fragments(v6)
    var decoder = PacketDecoder()
    for (place, index) in order.enumerated() {
      let decoded = decoder.decoded(frames[index])
      guard place == 3 else {
        #expect(decoded.outcome == .fragment)
        continue
      }
      #expect(decoded.outcome == .tcpReassembled)
      #expect(agree(decoded.segment, TCPFrame(v6: v6, payload: Self.payload)))
      #expect(decoded.payload == Self.payload)
      #expect(decoded.segment.payloadLength == Self.payload.count)
      #expect(decoded.segment.identification == 77)
    }
    #expect(decoder.fragmentCounts.completedDatagrams == 1)
  }

  @Test func `all 24 orders are tried`() { #expect(Set(Self.orders).count == 24) }

  @Test(arguments: [false, true])
  func `datagrams under way at once are kept apart`(v6: Bool) {
    let one = Self.fragments(v6, identification: 1)
    let other = Self.fragments(v6, identification: 2)
    var decoder = PacketDecoder()
    for index in 0..<3 {
      #expect(decoder.decoded(one[index]).outcome == .fragment)
      #expect(decoder.decoded(other[index]).outcome == .fragment)
    }
    #expect(decoder.decoded(other[3]).payload == Self.payload)
    #expect(decoder.decoded(one[3]).payload == Self.payload)
  }

  @Test func `every octet of a tiny-fragment datagram is found`() {
    let cuts = Array(stride(from: 8, to: 920, by: 8))
    var decoder = PacketDecoder()
    var outcomes: [DecodingOutcome] = []
    for frame in Self.fragments(false, cuts: cuts).reversed() {
      let decoded = decoder.decoded(frame)
      outcomes.append(decoded.outcome)
      if decoded.hasSegment { #expect(decoded.payload == Self.payload) }
    }
    #expect(outcomes.filter { $0 == .tcpReassembled }.count == 1)
    #expect(outcomes.last == .tcpReassembled)
  }

  @Test func `a fragment captured short leaves what is before the cut`() {
    let frames = Self.fragments(false)
    for cut in [0, 1, 19, 100, 311] {
      var decoder = PacketDecoder()
      // The second fragment has octets 8 to 320 of the datagram, 20 of which are the TCP header.
      _ = decoder.decoded(frames[0])
      _ = decoder.decoded(Array(frames[1][..<(34 + cut)]), originalLength: frames[1].count)
      _ = decoder.decoded(frames[2])
      let decoded = decoder.decoded(frames[3])
      if 8 + cut < 14 {
        #expect(decoded.stop == DecodingStop(layer: .tcp, reason: .truncated, insideIP: true))
      } else {
        #expect(decoded.outcome == .tcpReassembled)
        #expect(decoded.segment.payloadLength == Self.payload.count)
        #expect(decoded.payload == Array(Self.payload[..<max(0, 8 + cut - 20)]))
      }
    }
  }

  @Test func `a fragmented tunnel is followed, and fragments in it`() {
    let inner = TCPFrame(v6: true, payload: Self.payload)
    let innerFragments = PacketBuilder.fragments(of: inner.packet, at: [400], identification: 5)
    let frames = innerFragments.enumerated().flatMap { number, fragment in
      PacketBuilder.fragments(
        of: PacketBuilder.ipv4(47, [0, 0, 0x86, 0xDD] + fragment), at: [160, 320], identification: UInt32(number))
    }.map { PacketBuilder.ethernet($0) }
    var decoder = PacketDecoder()
    for frame in frames.dropLast() { #expect(decoder.decoded(frame).outcome == .fragment) }
    let last = decoder.decoded(frames[frames.count - 1])
    #expect(last.outcome == .tcpReassembled)
    #expect(agree(last.segment, inner))
    #expect(last.payload == Self.payload)
    #expect(decoder.fragmentCounts.completedDatagrams == 3)
  }

  @Test func `a first fragment alone is a fragment, with a whole TCP header too`() {
    var decoder = PacketDecoder()
    #expect(decoder.decoded(Self.fragments(false, cuts: [640])[0]).outcome == .fragment)
    decoder.flush()
    #expect(decoder.fragmentCounts.incompleteDatagrams == 1)
    #expect(decoder.fragmentCounts.incompleteFragments == 1)
  }

  @Test func `an atomic fragment is a datagram`() {
    let frame = TCPFrame(v6: true, payload: Self.payload)
    let packet = PacketBuilder.fragment(
      of: frame.packet, start: 0, isLast: true, frame.segment, identification: 0xDEAD_BEEF)
    let decoded = decode(PacketBuilder.ethernet(packet))
    #expect(decoded.outcome == .tcp)
    #expect(decoded.payload == Self.payload)
    #expect(decoded.segment.identification == 0xDEAD_BEEF)
  }

  @Test func `a datagram beyond 65535 octets is refused`() {
    let packet = TCPFrame(v6: false).packet
    let frame = PacketBuilder.ethernet(
      PacketBuilder.fragment(of: packet, start: 65528, isLast: true, [1, 2, 3, 4, 5, 6, 7, 8], identification: 1))
    #expect(decode(frame).stop == DecodingStop(layer: .fragment, reason: .fragmentLength, insideIP: true))
    let fits = PacketBuilder.ethernet(
      PacketBuilder.fragment(of: packet, start: 65528, isLast: true, [1, 2, 3, 4, 5, 6, 7], identification: 1))
    #expect(decode(fits).outcome == .fragment)
  }

  @Test func `a fragment without a whole block is refused`() {
    let packet = TCPFrame(v6: false).packet
    for count in [0, 1, 7] {
      let frame = PacketBuilder.ethernet(
        PacketBuilder.fragment(
          of: packet, start: 16, isLast: false, [UInt8](repeating: 1, count: count), identification: 1))
      #expect(decode(frame).stop?.reason == .fragmentLength)
    }
  }
}
