import Testing
import Wire

@testable import TCPStreams

@Suite struct `Octets passed over` {
  @Test func `are told before what follows, with the latest time among them`() {
    var b = Bench()
    b.handshake()
    b.send(.server, .ack, at: 0, payload: octets("1"))
    b.table.pass(0, side: 1, until: 7)
    b.send(.server, .ack, at: 1, payload: octets("ab"))
    b.send(.server, .ack, at: 3, payload: octets("c"))
    let latest = b.time
    b.send(.client, .ack, at: 0, acknowledges: 4)
    #expect(text(b.fromServer) == "1")
    b.send(.server, .ack, at: 4, payload: octets("xyz"))
    let passed = Array(repeating: Optional(Bench.passedOctet), count: 3)
    #expect(b.fromServer == octets("1").map(Optional.some) + passed + octets("xyz").map(Optional.some))
    #expect(b.passedAt[1] == latest)
    #expect(b.table.payload.delivered == 7)
  }

  /// The same segments with and without: the same octets at the same places, and everything else in the same order.
  @Test(arguments: 0..<40)
  func `change nothing but how octets are told`(run: Int) {
    let seed = UInt64.random(in: 0 ... .max)
    var rng = Xorshift(state: seed | 1)
    var plain = Bench()
    var passing = Bench()
    plain.handshake()
    passing.handshake()
    var ends = [0, 0]
    for _ in 0..<300 {
      let from: Bench.From = Bool.random(using: &rng) ? .client : .server
      let mine = from == .client ? 0 : 1
      if Int.random(in: 0..<6, using: &rng) == 0 {
        let side = Int.random(in: 0...1, using: &rng)
        passing.table.pass(0, side: side, until: Int64(ends[side] + Int.random(in: 0...40, using: &rng)))
      }
      // Mostly in order; sometimes again, or ahead.
      let jump = [0, 0, 0, 0, 0, -7, 5][Int.random(in: 0..<7, using: &rng)]
      let at = max(0, ends[mine] + jump)
      let payload = (0..<Int.random(in: 0...12, using: &rng)).map { UInt8((at + $0) % 200) }
      let step = Int64.random(in: -1_000...30_000_000, using: &rng)
      plain.send(from, .ack, at: at, acknowledges: ends[1 - mine], payload: payload, after: step)
      passing.send(from, .ack, at: at, acknowledges: ends[1 - mine], payload: payload, after: step)
      ends[mine] = max(ends[mine], at + payload.count)
    }
    plain.finish()
    passing.finish()
    #expect(plain.log == passing.log, "seed \(seed)")
    #expect(plain.table.payload.delivered == passing.table.payload.delivered, "seed \(seed)")
    for side in 0...1 {
      #expect(plain.delivered[side].count == passing.delivered[side].count, "seed \(seed)")
      let different = zip(plain.delivered[side], passing.delivered[side]).contains {
        $0 != $1 && $1 != Bench.passedOctet
      }
      #expect(!different, "seed \(seed)")
    }
  }
}
