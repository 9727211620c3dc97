import PacketRedaction
import TestSupport
import Testing

/// Packets that nobody sane has sent.
@Suite struct `Hostile packets` {
  @Test(arguments: 0..<40)
  func `come out one for one, with nothing that was not in them`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var talks: [Conversation] = []
    for port in 0..<4 {
      var talk = Conversation(clientPort: 4000 + port)
      talk.maximumSegment = Int.random(in: 20...200, using: &random)
      talk.handshake(at: 0)
      for i in 0..<5 {
        talk.send(
          "POST /a?b HTTP/1.1\r\nHost: a\r\nCookie: c\r\nContent-Length: 9\r\n\r\nsome body", from: .client,
          at: Double(10 * i + 1))
        talk.send(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;e\r\nhello\r\n0\r\nT: u\r\n\r\n", from: .server,
          at: Double(10 * i + 2))
      }
      talk.close(from: .client, at: 60)
      talks.append(talk)
    }
    var frames = Conversation.merge(talks)
    var areHeadersWhole = true
    for _ in 0..<Int.random(in: 1...60, using: &random) {
      let index = Int.random(in: 0..<frames.count, using: &random)
      switch Int.random(in: 0...5, using: &random) {
      case 0 where seed % 2 == 0:
        areHeadersWhole = false
        frames[index] = frames[index].cut(to: Int.random(in: 0...frames[index].octets.count, using: &random))
      case 1: frames[index].time += Int64.random(in: -5_000_000_000...5_000_000_000, using: &random)
      case 2: frames.swapAt(index, Int.random(in: 0..<frames.count, using: &random))
      case 3: frames[index].octets += [UInt8](repeating: 0x55, count: 10)
      default:
        guard !frames[index].octets.isEmpty else { continue }
        // Half of the time only what packets carry is broken.
        if seed % 2 == 1, frames[index].octets.count <= 54 { continue }
        let place = Int.random(in: (seed % 2 == 1 ? 54 : 0)..<frames[index].octets.count, using: &random)
        if place < 54 { areHeadersWhole = false }
        frames[index].octets[place] = UInt8.random(in: 0...255, using: &random)
      }
    }
    for index in frames.indices {
      frames[index].originalLength = max(frames[index].octets.count, frames[index].originalLength)
    }
    for hidesValues in [false, true] {
      for keepsLengths in [false, true] {
        let stored = Stored(frames) {
          ($0.hidesValues, $0.keepsLengths, $0.heldPackets) = (hidesValues, keepsLengths, 20)
        }
        #expect(stored.frames.map(\.time) == frames.map(\.time))
        #expect(stored.frames.map(\.originalLength) == frames.map(\.originalLength))
        for (kept, frame) in zip(stored.frames, frames) {
          #expect(kept.octets.count <= frame.octets.count)
          let strange = zip(kept.octets, frame.octets).dropFirst(54).filter { kept, octet in
            kept != 0 && kept != octet && kept != UInt8(ascii: "x")
          }
          // A header that was broken may be longer, and then its checksum lies elsewhere.
          #expect(strange.count <= 2)
          // What a broken header says is no payload is none.
          guard areHeadersWhole else { continue }
          #expect(!kept.octets.contains(sequence: [UInt8](repeating: 0x55, count: 10)))
          if hidesValues { #expect(!kept.octets.contains(sequence: Array("some body".utf8))) }
        }
      }
    }
  }
}
