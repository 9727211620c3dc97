import Testing
import Wire

@testable import TCPStreams

@Suite struct `Against a naive oracle` {
  /// Segments of a stream in any order, some twice, some overlapping: what comes out is the stream.
  @Test(arguments: 0..<60)
  func `shuffled segments give the stream`(run: Int) {
    let seed = UInt64.random(in: 0 ... .max)
    var rng = Xorshift(state: seed | 1)
    let stream = (0..<Int.random(in: 1...3000, using: &rng)).map { _ in UInt8.random(in: 0...255, using: &rng) }
    var pieces: [Range<Int>] = []
    var at = 0
    while at < stream.count {
      let end = min(stream.count, at + Int.random(in: 1...200, using: &rng))
      pieces.append(at..<end)
      at = end
    }
    for _ in 0..<(pieces.count / 2) {
      let a = Int.random(in: 0..<stream.count, using: &rng)
      pieces.append(a..<min(stream.count, a + Int.random(in: 1...300, using: &rng)))
    }
    // Move each at most a few places, as networks do.
    for i in pieces.indices {
      pieces.swapAt(i, min(pieces.count - 1, i + Int.random(in: 0...6, using: &rng)))
    }
    var b = Bench(clientISN: UInt32.random(in: 0 ... .max, using: &rng))
    b.handshake()
    var bitmap = [Bool](repeating: false, count: stream.count)
    for p in pieces {
      b.send(.client, .ack, at: p.lowerBound, payload: Array(stream[p]))
      for i in p { bitmap[i] = true }
    }
    let inOrder = bitmap.prefix { $0 }.count
    #expect(b.fromClient == stream[..<inOrder].map(Optional.some), "seed \(seed)")
    #expect(b.ledgerAddsUp, "seed \(seed)")
  }

  /// Anything at all: no trap, every octet accounted for.
  @Test(arguments: 0..<40)
  func `random segments are all accounted for`(run: Int) {
    let seed = UInt64.random(in: 0 ... .max)
    var rng = Xorshift(state: seed | 1)
    var limits = StreamLimits()
    limits.bufferedOctets = 2000
    limits.bufferedSegments = 16
    limits.remembered = 4
    limits.connections = 6
    var b = Bench(limits: limits)
    for _ in 0..<600 {
      b.time += Int64.random(in: -1_000_000...300_000_000, using: &rng)
      let flags = TCPFlags(rawValue: UInt8.random(in: 0...63, using: &rng))
      let length = Int.random(in: 0...80, using: &rng)
      var (s, payload) = b.segment(
        Bool.random(using: &rng) ? .client : .server, flags, at: Int.random(in: -100...4000, using: &rng),
        acknowledges: Int.random(in: -100...4000, using: &rng), port: UInt16.random(in: 1...8, using: &rng),
        captured: Int.random(in: 0...length, using: &rng), payload: Array(repeating: 7, count: length))
      if Int.random(in: 0..<20, using: &rng) == 0 { s.sequenceNumber = UInt32.random(in: 0 ... .max, using: &rng) }
      if Int.random(in: 0..<20, using: &rng) == 0 {
        s.acknowledgmentNumber = UInt32.random(in: 0 ... .max, using: &rng)
      }
      b.take(s, payload)
    }
    b.finish()
    let balanced = b.ledgerAddsUp
    #expect(balanced, "seed \(seed): \(b.table.payload)")
    let began = b.log.filter { $0 == "began" }.count
    let ended = b.log.filter { $0 == "ended" }.count
    #expect(began == ended, "seed \(seed)")
  }
}

struct Xorshift: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
