import Testing
import Wire

@testable import TCPStreams

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

  /// Before it: nothing, a reset after which its sender goes on, or a client of which nothing had been captured.
  @Test(arguments: ["", "reset", "silent"])
  func `an acknowledged hole is lost after a while though its connection is silent`(_ before: String) {
    var b = Bench()
    if before != "silent" { b.handshake() }
    b.send(.server, .ack, at: 0, payload: octets("abc"))
    if before == "reset" {
      b.send(.client, .rst, at: 0)
      b.send(.client, .ack, at: 0, acknowledges: 3, payload: octets("on"))
    }
    let sent = before == "reset" ? 2 : 0
    b.send(.server, .ack, at: 10, acknowledges: sent, payload: octets("klm"))
    b.send(.client, .ack, at: sent, acknowledges: 13)
    b.advance(by: 99_000_000)
    let known = b.delivered.first { $0.starts(with: octets("abc")) } ?? []
    #expect(text(known) == "abc")
    b.advance(by: 2_000_000)
    let all = b.delivered.first { $0.starts(with: octets("abc")) } ?? []
    #expect(text(all) == "abc???????klm")
    #expect(b.ledgerAddsUp)
  }

  @Test func `holes that are watched are bounded while time stands still`() {
    var limits = StreamLimits()
    limits.remembered = 4
    var b = Bench(limits: limits)
    for port in 1000..<1100 as Range<UInt16> {
      for (from, flags, offset, acknowledges, payload) in [
        (.client, .syn, -1, 0, ""), (.server, [.syn, .ack], -1, 0, ""), (.client, .ack, 0, 0, ""),
        (.server, .ack, 10, 0, "klm"), (.client, .ack, 0, 13, ""),
      ] as [(Bench.From, TCPFlags, Int, Int, String)] {
        let (s, octets) = b.segment(
          from, flags, at: offset, acknowledges: acknowledges, port: port, payload: octets(payload))
        b.take(s, octets)
      }
      let watched = b.table.holes.count
      #expect(watched <= 5)
    }
    b.advance(by: 200_000_000)
    b.finish()
    #expect(b.table.payload.missingUnseen == 1000)
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

  /// The server's segments wait for what they acknowledge, which lies behind the client's FIN and never comes; the hole before
  /// the FIN is given up for the first of them.
  @Test(arguments: [10, 60_000])
  func `a limit is not held up by what never comes`(length: Int) {
    var limits = StreamLimits()
    if length == 10 { limits.bufferedSegments = 4 }
    var b = Bench(limits: limits)
    b.handshake()
    b.send(.client, [.fin, .ack], at: 20)
    let payload = [UInt8](repeating: 0x61, count: length)
    for i in 0..<40 { b.send(.server, .ack, at: i * length, acknowledges: 500, payload: payload) }
    #expect(b.table.withoutRoom > 0)
    b.finish()
    #expect(b.ledgerAddsUp)
    #expect(b.fromServer.filter { $0 != nil }.count == 40 * length)
  }
}
