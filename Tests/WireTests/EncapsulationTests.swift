import TestSupport
import Testing

@testable import Wire

struct EncapsulationTests {
  static let payload = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)

  @Test(arguments: Encapsulation.all, [false, true])
  func `the innermost segment is found`(_ encapsulation: Encapsulation, v6: Bool) {
    for payload in [Self.payload, [], [UInt8](repeating: 0x41, count: 1400)] {
      let frame = TCPFrame(v6: v6, payload: payload)
      let octets = encapsulation.wrap(frame.packet)
      let decoded = decode(octets, encapsulation.link)
      #expect(decoded.outcome == .tcp)
      #expect(agree(decoded.segment, frame))
      #expect(decoded.payload == payload)
      #expect(decoded.segment.payloadLength == payload.count)
      #expect(decoded.segment.identification == (v6 ? 0 : 1) || encapsulation.name == "IPv6 atomic fragment")
    }
  }

  /// A frame that the capture cut anywhere: either the segment is there, with what was captured of its payload, or the
  /// stop is for a header that is not whole.
  @Test(arguments: Encapsulation.all, [false, true])
  func `every snap length is met`(_ encapsulation: Encapsulation, v6: Bool) throws {
    let frame = TCPFrame(v6: v6, payload: Self.payload)
    let octets = encapsulation.wrap(frame.packet)
    let whole = decode(octets, encapsulation.link).segment
    var found = 0
    for count in 0..<octets.count {
      let decoded = decode(Array(octets[..<count]), encapsulation.link, originalLength: octets.count)
      if decoded.hasSegment {
        found += 1
        #expect(decoded.segment.sourcePort == whole.sourcePort)
        #expect(decoded.segment.sequenceNumber == whole.sequenceNumber)
        #expect(decoded.segment.payloadLength == whole.payloadLength, "at \(count)")
        #expect(decoded.payload == Array(Self.payload[..<min(Self.payload.count, max(0, count - whole.payloadOffset))]))
      } else {
        let stop = try #require(decoded.stop)
        // Some formats are told by what they hold: where that is cut off, it is not theirs any more.
        #expect(stop.reason == .truncated || stop.kind != .undecodable || stop.layer == .atm, "at \(count): \(stop)")
        #expect(count < whole.payloadOffset)
      }
    }
    #expect(found >= Self.payload.count)
  }

  /// The same without the length on the wire: nothing traps, and no segment claims octets that are not there.
  @Test(arguments: Encapsulation.all, [false, true])
  func `every prefix is met`(_ encapsulation: Encapsulation, v6: Bool) {
    let octets = encapsulation.wrap(TCPFrame(v6: v6, payload: Self.payload).packet)
    for count in 0..<octets.count {
      let decoded = decode(Array(octets[..<count]), encapsulation.link)
      #expect(decoded.hasSegment || decoded.stop != nil)
      if decoded.hasSegment { #expect(Self.payload.starts(with: decoded.payload)) }
    }
  }

  @Test(arguments: Encapsulation.all)
  func `corrupt octets do no harm`(_ encapsulation: Encapsulation) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    var decoder = PacketDecoder()
    for round in 0..<400 {
      var octets = encapsulation.wrap(TCPFrame(v6: round.isMultiple(of: 2), payload: Self.payload).packet)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        // Most of what is worth breaking is at the front.
        let index = Int.random(
          in: 0..<(Bool.random(using: &random) ? min(64, octets.count) : octets.count), using: &random)
        octets[index] = [0, 0xFF, 0x80, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
      }
      let count = Bool.random(using: &random) ? octets.count : Int.random(in: 0...octets.count, using: &random)
      let length = [octets.count, 0, count, 1 << 31, -5].randomElement(using: &random) ?? 0
      let decoded = decoder.decoded(
        Array(octets[..<count]), encapsulation.link, originalLength: length, time: Int64(round) * 1_000_000)
      if decoded.hasSegment {
        let segment = decoded.segment
        #expect(segment.payloadCaptured <= segment.payloadLength, "seed \(seed)")
        #expect(segment.payloadLength <= 1 << 20, "seed \(seed)")
      }
    }
  }

  /// Told apart by the frame's own type and the IP header behind it.
  @Test(arguments: [0x40, 0x45, 0x60] as [UInt8])
  func `a pseudo-wire's address may begin like an IP header`(_ first: UInt8) {
    let frame = TCPFrame(v6: false, payload: Self.payload)
    let decoded = decode(
      PacketBuilder.ethernet(0x8847, [0, 0x01, 0xF1, 64, first] + PacketBuilder.ethernet(frame.packet).dropFirst()))
    #expect(agree(decoded.segment, frame))
  }

  @Test func `encapsulations nest in one another`() {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    let tunnels = Encapsulation.tunnels + Encapsulation.udpTunnels
    for _ in 0..<500 {
      let frame = TCPFrame(v6: Bool.random(using: &random), payload: Self.payload)
      var packet = frame.packet
      var names: [String] = []
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        guard let tunnel = tunnels.randomElement(using: &random) else { continue }
        names.append(tunnel.name)
        let ethernet = tunnel.wrap(packet)
        packet = Array(ethernet[(tunnel.name.contains("QinQ") ? 22 : 14)...])
      }
      guard let outer = Encapsulation.all.randomElement(using: &random) else { continue }
      names.append(outer.name)
      let decoded = decode(outer.wrap(packet), outer.link)
      #expect(decoded.outcome == .tcp, "seed \(seed): \(names)")
      #expect(agree(decoded.segment, frame), "seed \(seed): \(names)")
      #expect(decoded.payload == Self.payload, "seed \(seed): \(names)")
    }
  }
}
