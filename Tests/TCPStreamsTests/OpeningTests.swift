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

  @Test func `an end that was none does not hasten the next one`() {
    var b = Bench()
    b.handshake()
    b.send(.client, .rst, at: 0)
    b.send(.client, .ack, at: 0, payload: octets("a"), after: 500_000_000)
    b.send(.client, .rst, at: 1)
    #expect(b.log == ["began", "established", "closing", "reset", "reopened", "closing", "reset"])
    // More than a second after the first reset, less than one after the second.
    b.advance(by: 900_000_000)
    #expect(b.log.last == "reset")
    b.advance(by: 200_000_000)
    #expect(b.log.last == "ended")
  }

  @Test func `a connection that has not heeded many resets heeds none`() {
    var b = Bench()
    b.handshake()
    for i in 0..<100 {
      b.send(.client, .rst, at: i)
      b.send(.client, .ack, at: i, payload: octets("a"))
    }
    #expect(b.log.count { $0 == "reset" } == 16 && b.log.count { $0 == "reopened" } == 16)
    #expect(b.fromClient.count == 100)
    #expect(b.ledgerAddsUp)
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
        for i in table.events.indices { if case .ended = table.events[i] { ended += 1 } }
        table.clearEvents()
      }
    }
    #expect(ended == 7)
    #expect(table.evicted == 7)
    #expect(table.evictedHalfOpen == 7)
    #expect(table.liveConnections == 3)
  }

  @Test func `openings that nobody completes are given up in packet time, answered or not`() {
    var b = Bench()
    let start = b.time
    for port: UInt16 in 1...5 {
      let (s, octets) = b.segment(.client, .syn, at: -1, port: port)
      b.take(s, octets)
    }
    for port: UInt16 in 3...4 {
      let (answer, octets) = b.segment(.server, [.syn, .ack], at: -1, port: port)
      b.take(answer, octets)
    }
    let (end, octets) = b.segment(.client, .ack, at: 0, port: 4)
    b.take(end, octets)
    #expect(b.table.liveConnections == 5)
    b.time = start + b.table.limits.halfOpenPatience
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

  @Test func `half-open connections have a limit of their own`() {
    var limits = StreamLimits()
    limits.halfOpen = 4
    var b = Bench(limits: limits)
    b.handshake()
    for port: UInt16 in 1...10 {
      b.time += 2_000_000_000
      let (s, octets) = b.segment(.client, .syn, at: -1, port: port)
      b.take(s, octets)
    }
    #expect(b.table.evictedHalfOpen == 6)
    #expect(b.table.evicted == 6)
    #expect(b.table.liveConnections == 5)
  }
}
