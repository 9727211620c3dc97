import TestSupport
import Testing

@testable import Wire

/// The shortcut must say what the long way says.
struct QuickDecodingTests {
  static let links = Encapsulation.all.filter {
    ["Ethernet", "Ethernet, padded", "Linux cooked", "Linux cooked v2", "RAW", "802.1Q"].contains($0.name)
  }

  @Test(arguments: links, [false, true])
  func `common frames take the shortcut`(_ encapsulation: Encapsulation, v6: Bool) {
    var frame = TCPFrame(v6: v6, payload: [1, 2, 3])
    frame.options = [1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0]
    var segment = TCPSegment()
    let octets = encapsulation.wrap(frame.packet)
    let taken = segment.decodeQuickly(octets.span, link: encapsulation.link.rawValue)
    #expect(taken)
    #expect(agree(segment, frame))
  }

  @Test(arguments: links)
  func `both ways agree on damaged frames`(_ encapsulation: Encapsulation) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    var agreed = 0
    for round in 0..<4000 {
      var frame = TCPFrame(v6: round.isMultiple(of: 2), payload: random.octets(Int.random(in: 0...40, using: &random)))
      if Bool.random(using: &random) { frame.flags = [.syn] }
      frame.options = random.octets(Int.random(in: 0...10, using: &random) * 4)
      var octets = encapsulation.wrap(frame.packet)
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        octets[Int.random(in: 0..<min(octets.count, 70), using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) { octets.removeLast(Int.random(in: 0...octets.count, using: &random)) }
      if Bool.random(using: &random) { octets += random.octets(6) }
      var quick = PacketDecoder()
      var thorough = PacketDecoder()
      let one = quick.decoded(octets, encapsulation.link)
      #expect(one == thorough.decoded(octets, encapsulation.link, thoroughly: true), "seed \(seed), round \(round)")
      agreed += one.hasSegment ? 1 : 0
    }
    #expect(agreed > 500)
  }
}
