import Testing
import Wire

@testable import TCPStreams

@Suite struct `Openings and ends` {
  @Test func `a handshake is timed from the SYN to the ACK of its answer`() {
    var b = Bench()
    b.send(.client, .syn, at: -1)
    b.send(.client, .syn, at: -1, after: 1_000_000_000)
    b.send(.server, [.syn, .ack], at: -1)
    b.send(.client, .ack, at: 0)
    let c = b.table.connection(0)
    #expect(c.established && c.openingSeen && c.synCaptured)
    #expect(c.setup == 1_002_000_000)
    #expect(c.roundTrip == 2_000_000)
    #expect(c.synRetransmissions == 1)
    #expect(b.log == ["began", "established"])
  }

  @Test func `data that comes with the ACK of the answer establishes too`() {
    var b = Bench()
    b.send(.client, .syn, at: -1)
    b.send(.server, [.syn, .ack], at: -1)
    b.send(.client, [.ack, .psh], at: 0, payload: octets("hello"))
    #expect(b.table.connection(0).setup == 2_000_000)
    #expect(text(b.fromClient) == "hello")
  }

  @Test func `octets on a SYN are delivered once`() {
    var b = Bench()
    b.send(.client, .syn, at: 0 - 1, payload: octets("early"))
    b.send(.server, [.syn, .ack], at: -1)
    b.send(.client, [.ack], at: 0, payload: octets("early"))
    #expect(text(b.fromClient) == "early")
    #expect(b.table.payload.retransmitted == 5)
  }

  @Test func `a simultaneous open is one connection`() {
    var b = Bench()
    b.send(.client, .syn, at: -1)
    b.send(.server, .syn, at: -1)
    b.send(.client, [.syn, .ack], at: -1)
    b.send(.server, [.syn, .ack], at: -1)
    b.send(.client, .ack, at: 0, payload: octets("a"))
    #expect(b.log.filter { $0 == "began" }.count == 1)
    #expect(b.table.connection(0).established)
  }

  @Test func `a SYN with another sequence number is another connection, seen to close or not`() {
    var b = Bench()
    b.handshake()
    b.send(.client, [.ack], at: 0, payload: octets("one"))
    var again = Bench(clientISN: 900_000, serverISN: 70)
    again.takeOver(b)
    again.handshake()
    again.send(.client, [.ack], at: 0, payload: octets("two"))
    #expect(again.log == ["ended", "began", "established"])
    #expect(text(again.fromClient) == "two")
  }

  @Test func `a repeated SYN is the same attempt, also after a refusal`() {
    var b = Bench()
    b.send(.client, .syn, at: -1)
    b.send(.server, [.rst, .ack], at: -1)
    b.send(.client, .syn, at: -1, after: 500_000_000)
    b.send(.server, [.syn, .ack], at: -1)
    b.send(.client, .ack, at: 0)
    #expect(b.log.filter { $0 == "began" }.count == 1)
    #expect(b.table.connection(0).established)
    #expect(!b.table.connection(0).refused)
  }

  @Test func `a refused opening is told`() {
    var b = Bench()
    b.send(.client, .syn, at: -1)
    b.send(.server, [.rst, .ack], at: -1)
    b.finish()
    let c = b.table.connection(0)
    #expect(c.refused && !c.established)
    #expect(c.closedBy == 1 && c.closeKind == .rst)
  }

  @Test func `the first FIN is the close, a reset after it is not`() {
    var b = Bench()
    b.handshake()
    b.send(.server, [.fin, .ack], at: 0)
    b.send(.client, [.rst, .ack], at: 0, acknowledges: 1)
    b.finish()
    let c = b.table.connection(0)
    #expect(c.closedBy == 1 && c.closeKind == .fin)
    #expect(b.log == ["began", "established", "closing", "end 1", "reset", "ended"])
  }

  @Test(arguments: [-200_000, 9_000_000])
  func `a reset out of the window changes nothing`(offset: Int) {
    var b = Bench()
    b.handshake()
    b.send(.client, .ack, at: 0, payload: Array(repeating: 1, count: 300))
    b.send(.server, [.rst], at: offset, acknowledges: 300)
    b.send(.server, .ack, at: 0, acknowledges: 300, payload: octets("still here"))
    #expect(text(b.fromServer) == "still here")
    #expect(b.table.connection(0).closeKind == .none)
  }

  @Test func `a half-closed connection still carries the other way`() {
    var b = Bench()
    b.handshake()
    b.send(.client, [.ack, .fin], at: 0, payload: octets("bye"))
    b.send(.server, .ack, at: 0, acknowledges: 4, payload: octets("answer"))
    b.send(.server, [.fin, .ack], at: 6, acknowledges: 4)
    b.send(.client, .ack, at: 4, acknowledges: 7)
    b.finish()
    #expect(text(b.fromServer) == "answer")
    #expect(b.log == ["began", "established", "closing", "end 0", "end 1", "ended"])
  }

  @Test func `octets after a FIN are not of the stream`() {
    var b = Bench()
    b.handshake()
    b.send(.client, [.ack, .fin], at: 0, payload: octets("abc"))
    b.send(.client, .ack, at: 3, payload: octets("more"))
    #expect(text(b.fromClient) == "abc")
    #expect(b.table.payload.afterClose == 4)
    #expect(b.ledgerAddsUp)
  }

  @Test func `late segments of a reported connection are no new one`() {
    var b = Bench()
    b.handshake()
    b.send(.client, [.fin, .ack], at: 0)
    b.send(.server, [.fin, .ack], at: 0, acknowledges: 1)
    b.send(.client, [.ack], at: 1, acknowledges: 1, after: 5_000_000_000)
    b.send(.server, [.ack], at: 1, acknowledges: 1, payload: octets("late"), after: 1_000_000_000)
    #expect(b.log.filter { $0 == "began" }.count == 1)
    #expect(b.table.payload.afterClose == 4)
  }

  @Test func `beyond the limit the connection idle longest is given up`() {
    var limits = StreamLimits()
    limits.connections = 3
    var table = ConnectionTable(limits: limits, seed: 1)
    let b = Bench()
    var ended = 0
    for port in 1...10 {
      let (s, octets) = b.segment(.client, .syn, at: -1, port: UInt16(port))
      if case .events = table.receive(s, octets: octets.span, at: Int64(port) * 2_000_000_000) {
        for event in table.events { if case .ended = event { ended += 1 } }
        table.clearEvents()
      }
    }
    #expect(ended == 7)
    #expect(table.evicted == 7)
    #expect(table.evictedUnanswered == 7)
    #expect(table.liveConnections == 3)
  }

  @Test func `SYNs that nobody answers are given up in packet time, answered ones are not`() {
    var b = Bench()
    let start = b.time
    for port: UInt16 in 1...5 {
      let (s, octets) = b.segment(.client, .syn, at: -1, port: port)
      b.take(s, octets)
    }
    let (answer, octets) = b.segment(.server, [.syn, .ack], at: -1, port: 3)
    b.take(answer, octets)
    #expect(b.table.liveConnections == 5)
    b.time = start + b.table.limits.unansweredPatience
    b.handshake()
    #expect(b.table.liveConnections == 2)
    #expect(b.log.filter { $0 == "ended" }.count == 4)
    #expect(b.table.evicted == 0)
  }

  @Test func `a SYN in a packet earlier than those before it is waited for all the same`() {
    var b = Bench()
    b.time = 4_000_000_000_000
    let (s, octets) = b.segment(.client, .syn, at: -1, port: 9)
    b.take(s, octets)
    b.time = 400_000_000_000
    b.handshake()
    #expect(b.log == ["began", "began", "established"])
    #expect(b.table.liveConnections == 2)
  }

  @Test func `a SYN sent again keeps its connection`() {
    var b = Bench()
    for seconds: Int64 in [1, 2, 4, 8, 16, 32, 64, 64] { b.send(.client, .syn, at: -1, after: seconds * 1_000_000_000) }
    b.send(.server, [.syn, .ack], at: -1)
    b.send(.client, .ack, at: 0)
    #expect(b.log == ["began", "established"])
    #expect(b.table.connection(0).synRetransmissions == 7)
  }

  @Test func `unanswered SYNs have a limit of their own`() {
    var limits = StreamLimits()
    limits.unanswered = 4
    var b = Bench(limits: limits)
    b.handshake()
    for port: UInt16 in 1...10 {
      b.time += 2_000_000_000
      let (s, octets) = b.segment(.client, .syn, at: -1, port: port)
      b.take(s, octets)
    }
    #expect(b.table.evictedUnanswered == 6)
    #expect(b.table.evicted == 6)
    #expect(b.table.liveConnections == 5)
  }
}

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

@Suite struct `The index of connections` {
  /// Against a dictionary, with hashes that collide and slots that come back.
  @Test(arguments: 0..<20)
  func `finds what a dictionary finds`(run: Int) {
    let seed = UInt64.random(in: 0 ... .max)
    var rng = Xorshift(state: seed | 1)
    var index = ConnectionIndex()
    var hashes: [Int: UInt64] = [:]
    for _ in 0..<5000 {
      let slot = Int.random(in: 0..<1500, using: &rng)
      if let hash = hashes[slot] {
        if Bool.random(using: &rng) {
          index.remove(slot, hash: hash)
          hashes[slot] = nil
        }
      } else {
        let hash = UInt64.random(in: 0..<64, using: &rng) &* 0x0101_0000_0000_0101
        index.insert(slot, hash: hash)
        hashes[slot] = hash
      }
      let probe = Int.random(in: 0..<1500, using: &rng)
      let hash = hashes[probe] ?? 7
      let found = index.find(hash) { $0 == probe }
      #expect(found == (hashes[probe] == nil ? -1 : probe), "seed \(seed)")
    }
  }
}

@Suite struct `Octets in order` {
  @Test func `keep-alive probes are no retransmissions and add nothing`() {
    var b = Bench()
    b.handshake()
    b.send(.client, .ack, at: 0, payload: octets("abc"))
    b.send(.client, .ack, at: 2, payload: [0])
    b.send(.client, .ack, at: 2)
    b.send(.client, .ack, at: 3, payload: octets("def"))
    #expect(text(b.fromClient) == "abcdef")
    #expect(b.table.disorder(0, 0).retransmissions == 0)
    #expect(b.ledgerAddsUp)
  }

  @Test func `the first copy of an octet wins`() {
    var b = Bench()
    b.handshake()
    b.send(.client, .ack, at: 0, payload: octets("abc"))
    b.send(.client, .ack, at: 1, payload: octets("XXdef"))
    b.send(.client, .ack, at: 9, payload: octets("jkl"))
    b.send(.client, .ack, at: 8, payload: octets("iYYYm"))
    b.send(.client, .ack, at: 6, payload: octets("gh"))
    #expect(text(b.fromClient) == "abcdefghijklm")
    #expect(b.ledgerAddsUp)
  }

  @Test func `a stall lasts from the first octet out of order to the filling of the hole`() {
    var b = Bench()
    b.handshake()
    b.send(.server, .ack, at: 3, payload: octets("def"))
    b.send(.server, .ack, at: 6, payload: octets("ghi"))
    b.send(.server, .ack, at: 0, payload: octets("abc"), after: 40_000_000)
    #expect(text(b.fromServer) == "abcdefghi")
    let half = b.table.disorder(0, 1)
    #expect(half.stalls == 1)
    #expect(half.stallTime == 41_000_000)
    #expect(half.outOfOrder == 2)
  }

  @Test func `an acknowledged hole is lost, with its size, after a while`() {
    var b = Bench()
    b.handshake()
    b.send(.server, .ack, at: 0, payload: octets("abc"))
    b.send(.server, .ack, at: 10, payload: octets("klm"))
    b.send(.client, .ack, at: 0, acknowledges: 13)
    #expect(text(b.fromServer) == "abc")
    b.send(.client, .ack, at: 0, acknowledges: 13, payload: octets("next"), after: 200_000_000)
    #expect(text(b.fromServer) == "abc???????klm")
    #expect(text(b.fromClient) == "next")
    #expect(b.table.payload.missingUnseen == 7)
    #expect(b.ledgerAddsUp)
  }

  @Test func `an answer captured before its question waits for it`() {
    var b = Bench()
    b.handshake()
    b.send(.server, .ack, at: 0, acknowledges: 4, payload: octets("answer"))
    #expect(b.fromServer.isEmpty)
    b.send(.client, .ack, at: 0, payload: octets("ask!"))
    #expect(text(b.fromClient) == "ask!")
    #expect(text(b.fromServer) == "answer")
    #expect(b.table.disorder(0, 1).stalls == 0)
  }

  @Test func `picked up mid-stream what was acknowledged just before and is missing is a hole`() {
    var b = Bench()
    b.send(.client, .ack, at: 0, payload: octets("ask"))
    b.send(.server, .ack, at: 5, acknowledges: 3, payload: octets("fghi"))
    b.send(.client, .ack, at: 3, acknowledges: 9, payload: octets("more"), after: 200_000_000)
    b.finish()
    #expect(text(b.fromServer) == "?????fghi")
    #expect(text(b.fromClient) == "askmore")
  }

  @Test func `a segment waits for no more than what it acknowledges`() {
    var b = Bench()
    b.handshake()
    b.send(.client, .ack, at: 0, acknowledges: 10, payload: octets("one"))
    b.send(.client, .ack, at: 3, acknowledges: 30, payload: octets("two"), after: 200_000_000)
    b.finish()
    #expect(b.log.filter { $0.hasPrefix("gap") } == ["gap 10", "gap 20"])
    #expect(text(b.fromClient) == "onetwo")
  }

  @Test func `a packet cut short leaves a gap of known size`() {
    var b = Bench()
    b.handshake()
    b.send(.server, .ack, at: 0, captured: 2, payload: octets("abcdef"))
    b.send(.server, .ack, at: 6, payload: octets("ghi"))
    #expect(text(b.fromServer) == "ab????ghi")
    #expect(b.table.payload.missingCut == 4)
    #expect(b.ledgerAddsUp)
  }

  @Test(arguments: [UInt32.max - 3, UInt32.max - 1, UInt32.max, 0x7FFF_FFFE])
  func `sequence numbers wrap`(isn: UInt32) {
    var b = Bench(clientISN: isn, serverISN: isn &+ 5)
    b.handshake()
    for i in 0..<10 { b.send(.client, .ack, at: i * 3, payload: octets("abc")) }
    b.send(.client, .ack, at: 33, payload: octets("z"))
    b.send(.client, .ack, at: 30, payload: octets("xyw"))
    #expect(text(b.fromClient) == String(repeating: "abc", count: 10) + "xywz")
  }

  @Test func `a frame captured twice is one`() {
    var b = Bench()
    b.handshake()
    for i in 0..<3 {
      b.send(.client, .ack, at: i * 2, payload: octets("ab"), identification: UInt32(100 + i))
      b.send(.client, .ack, at: i * 2, payload: octets("ab"), after: 2000, identification: UInt32(100 + i))
    }
    #expect(text(b.fromClient) == "ababab")
    #expect(b.log.filter { $0 == "duplicate" }.count == 3)
    #expect(b.table.disorder(0, 0).retransmissions == 0)
  }

  /// More frames between two copies than the filter remembers, by place: which ones it forgets may not depend on the seed.
  @Test func `what counts as a copy is the same in every run`() {
    func duplicates(seed: UInt64) -> [Int] {
      var b = Bench()
      b.table = ConnectionTable(seed: seed)
      b.handshake()
      for group in stride(from: 0, to: 20_000, by: 4000) {
        for identification in [group, group] {
          for i in 0..<4000 {
            b.send(
              .client, .ack, at: (group + i) * 2, payload: octets("ab"), after: 10,
              identification: UInt32(identification + i))
          }
        }
      }
      return b.log.indices.filter { b.log[$0] == "duplicate" } + [b.fromClient.count]
    }
    let found = duplicates(seed: 1)
    #expect(found.count > 10_000)
    for seed in [2, 3, .max] as [UInt64] { #expect(duplicates(seed: seed) == found) }
  }

  @Test func `far octets are out of the window`() {
    var b = Bench()
    b.handshake()
    b.send(.client, .ack, at: 50_000_000, payload: octets("evil"))
    b.send(.client, .ack, at: 0, payload: octets("good"))
    #expect(text(b.fromClient) == "good")
    #expect(b.table.payload.outOfWindow == 4)
    #expect(b.ledgerAddsUp)
  }

  @Test func `a capture of one side only goes on over holes`() {
    var b = Bench()
    for i in 0..<200 where i != 50 {
      b.send(.client, .ack, at: i * 2, acknowledges: i, payload: octets("ab"))
    }
    b.finish()
    #expect(b.fromClient.count == 400)
    #expect(b.fromClient.filter { $0 == nil }.count == 2)
    #expect(b.ledgerAddsUp)
  }

  @Test func `what waits is bounded`() {
    var limits = StreamLimits()
    limits.bufferedOctets = 1000
    limits.bufferedSegments = 8
    var b = Bench(limits: limits)
    b.handshake()
    for i in 1...300 { b.send(.client, .ack, at: i * 20, payload: octets("0123456789")) }
    b.finish()
    #expect(b.ledgerAddsUp)
    #expect(b.fromClient.filter { $0 != nil }.count == 3000)
  }
}

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
