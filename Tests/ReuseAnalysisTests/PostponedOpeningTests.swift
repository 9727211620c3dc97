import TestSupport
import Testing
import Wire

@testable import ReuseAnalysis

/// Openings that nobody has completed yet are kept apart: no row may tell, and no figure.
@Suite struct PostponedOpeningTests {
  /// Segments between few endpoints, most of them SYNs and their answers, some in order and some not.
  private static func frames(_ random: inout SplitMix64, count: Int) -> [TimedFrame] {
    var time: Int64 = 1_700_000_000_000_000_000
    return (0..<count).map { i in
      switch Int.random(in: 0..<20, using: &random) {
      case 0: time += Int64.random(in: 0...130, using: &random) * second
      case 1: time -= Int64.random(in: 0...3, using: &random) * second
      case 2..<8: time += Int64.random(in: 0...1_500, using: &random) * millisecond
      default: time += Int64.random(in: 0...900, using: &random) * 1000
      }
      var frame = TCPFrame()
      frame.source = Address("192.0.2.\(Int.random(in: 1...4, using: &random))")
      frame.destination = Address("198.51.100.\(Int.random(in: 1...2, using: &random))")
      frame.sourcePort = 40_000 + Int.random(in: 0..<3, using: &random)
      frame.destinationPort = 80
      let number = UInt32.random(in: 0...1, using: &random) * 500 + 1000
      frame.identification = i & 0xFFFF
      frame.acknowledgmentNumber = 0
      frame.sequenceNumber = number
      switch Int.random(in: 0..<16, using: &random) {
      case 0..<8: frame.flags = [.syn]
      case 8, 9: (frame.flags, frame.acknowledgmentNumber) = ([.syn, .ack], number + 1)
      case 10, 11: (frame.flags, frame.sequenceNumber, frame.acknowledgmentNumber) = ([.ack], number + 1, number + 1)
      case 12: (frame.flags, frame.acknowledgmentNumber) = ([.rst, .ack], number + 1)
      case 13: (frame.flags, frame.sequenceNumber, frame.acknowledgmentNumber) = ([.fin, .ack], number + 1, number + 1)
      case 14:
        (frame.flags, frame.sequenceNumber, frame.acknowledgmentNumber) = ([.ack], number + 1, number + 1)
        frame.payload = Array((Bool.random(using: &random) ? get("/\(i)") : ok()).utf8)
      default:
        frame.flags = [.syn]
        frame.payload = Array("GET".utf8)
      }
      if Int.random(in: 0..<3, using: &random) > (frame.flags == [.syn] ? 1 : 0) {
        swap(&frame.source, &frame.destination)
        swap(&frame.sourcePort, &frame.destinationPort)
      }
      // No two at once: what ends first of two that opened at once is open.
      return TimedFrame(time: time + Int64(i), octets: frame.frame)
    }
  }

  /// The limits that decide who is given up.
  private static let limits: [(connections: Int, halfOpen: Int)] = [(1 << 20, 1 << 18), (1 << 20, 3), (5, 3), (3, 1)]

  @Test(arguments: 0..<200)
  func `no figure tells whether an opening was postponed`(run: Int) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    let frames = Self.frames(&random, count: Int.random(in: 1...120, using: &random))
    let limits = Self.limits[run % Self.limits.count]
    func analysis(postponing: Bool) -> Analysis {
      Analysis(frames) {
        $0.postponesOpenings = postponing
        $0.streams.connections = limits.connections
        $0.streams.halfOpen = limits.halfOpen
      }
    }
    var postponed = analysis(postponing: true)
    var plain = analysis(postponing: false)
    // Of what is equal, the first pool comes first: the first SYN's, or the first to be answered.
    func order(_ s: inout Summary) {
      s.pools.sort { "\($0)" < "\($1)" }
      s.timeWait.ports.sort { "\($0)" < "\($1)" }
    }
    order(&postponed.summary)
    order(&plain.summary)
    #expect(
      postponed.connections.map { "\($0)" }.sorted() == plain.connections.map { "\($0)" }.sorted(), "seed \(seed)")
    #expect(postponed.exchanges.map { "\($0)" } == plain.exchanges.map { "\($0)" }, "seed \(seed)")
    #expect("\(postponed.summary)" == "\(plain.summary)", "seed \(seed)")
    #expect(postponed.ledgerAddsUp, "seed \(seed)")
  }

  /// A connection whose begin was not seen turns out, only when it ends, to be of the client and the server that have an
  /// opening pending, and the table has let go of that by then.
  @Test(arguments: [false, true])
  func `an opening that was given up is there for a connection that ended before`(isReplaced: Bool) {
    func frame(from isClient: Bool, port: Int, _ flags: TCPFlags, sequence: UInt32, _ payload: String = "") -> TCPFrame
    {
      var frame = TCPFrame()
      (frame.source, frame.sourcePort) = (Address("192.0.2.1"), port)
      (frame.destination, frame.destinationPort) = (Address("198.51.100.1"), 80)
      (frame.flags, frame.sequenceNumber) = (flags, sequence)
      frame.acknowledgmentNumber = flags.contains(.ack) ? 1001 : 0
      frame.payload = Array(payload.utf8)
      if !isClient {
        swap(&frame.source, &frame.destination)
        swap(&frame.sourcePort, &frame.destinationPort)
      }
      return frame
    }
    let last =
      isReplaced
      ? frame(from: false, port: 40_000, [.syn], sequence: 9000)  // of the same two ports: another connection
      : frame(from: false, port: 40_000, [.ack], sequence: 1500, ok())  // behind a hole, so that it waits
    let frames = [
      frame(from: false, port: 40_000, [.ack], sequence: 1001), frame(from: true, port: 40_001, [.syn], sequence: 5000),
      last,
    ].enumerated().map { TimedFrame(time: Int64($0.offset + 1) * second, octets: $0.element.frame) }
    for postponing in [false, true] {
      let summary = Analysis(frames) { $0.postponesOpenings = postponing }.summary
      #expect(summary.timeWait.ports.first?.peak == 2, "\(postponing)")
      // Pools without HTTP are not listed.
      #expect(summary.pools.map(\.peakOpen) == (isReplaced ? [] : [2]), "\(postponing)")
    }
  }

  @Test(arguments: 0..<100)
  func `without room for their pools they count all the same`(run: Int) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    let frames = Self.frames(&random, count: Int.random(in: 1...120, using: &random))
    let rows = Analysis(frames) { $0.pools = 2 }
    let alone = Analysis(frames) {
      $0.pools = 2
      $0.wantsConnections = false
    }
    let whole = Analysis(frames)
    for bounded in [rows, alone] {
      #expect("\(bounded.summary.connections)" == "\(whole.summary.connections)", "seed \(seed)")
      #expect("\(bounded.summary.closes)" == "\(whole.summary.closes)", "seed \(seed)")
      #expect("\(bounded.summary.load.total)" == "\(whole.summary.load.total)", "seed \(seed)")
      #expect(bounded.summary.reuse.handshakes.timedOut == whole.summary.reuse.handshakes.timedOut, "seed \(seed)")
      #expect(bounded.ledgerAddsUp, "seed \(seed)")
    }
    #expect("\(rows.summary)" == "\(alone.summary)", "seed \(seed)")
    #expect(rows.connections.count == whole.connections.count, "seed \(seed)")
  }

  @Test func `a flood leaves the pools of others alone`() {
    var talk = Conversation(client: "192.0.2.9")
    talk.handshake(at: 0)
    talk.send(get("/a"), from: .client, at: 10)
    talk.send(ok(), from: .server, at: 20)
    talk.close(from: .server, at: 30)
    let flood = (0..<200).map { i in
      var talk = Conversation(client: Address("10.0.0.\(i)"))
      talk.syn(at: 1_000 + Double(i))
      return talk
    }
    let analysis = Analysis(Conversation.merge([talk] + flood)) { $0.pools = 32 }
    let summary = analysis.summary
    #expect(analysis.connections.count == 201 && summary.reuse.handshakes.timedOut == 200)
    #expect(summary.folded.pools == 199)
    #expect(summary.pools.count == 1 && summary.pools.first?.exchanges == 1)
    #expect(summary.servers.first?.openingSeen == 201)
    #expect(summary.causes.first { $0.cause == .firstContact }?.connections == 201)
    #expect(
      summary.warnings.contains {
        $0.matters
          && $0.message.hasPrefix("199 openings that nobody completed came from clients of whom nothing else is kept")
      })
  }

  @Test(arguments: [false, true])
  func `a scan of more servers than there is room for counts in the sums`(wantsRows: Bool) {
    var talks = (0..<100).map { i in
      var talk = Conversation(server: Address("10.0.0.\(i)"))
      talk.syn(at: Double(i))
      return talk
    }
    // All but one, whose SYN came again in time, are given up, and then one of those for which there was no room comes back and is answered.
    talks[98].syn(at: 120_000, again: true)
    talks[99].syn(at: 200_000, again: true)
    talks[99].synACK(at: 200_001)
    talks[99].acknowledge(from: .client, at: 200_002)
    talks[99].send(get("/"), from: .client, at: 200_003)
    talks[99].send(ok(), from: .server, at: 200_004)
    let analysis = Analysis(Conversation.merge(talks)) {
      $0.servers = 16
      $0.wantsConnections = wantsRows
    }
    let summary = analysis.summary
    #expect(summary.connections.total == 101 && summary.reuse.handshakes.timedOut == 100)
    #expect(summary.causes.reduce(0) { $0 + $1.connections } == 101)
    #expect(summary.reuse.handshakes.paid == 1 && summary.servers.count == 1)
    // When they were given up, there was room, for one after the other.
    #expect(summary.folded.servers == 84)
    #expect(!summary.warnings.contains { $0.message.contains("found no room") })
    #expect(analysis.ledgerAddsUp)
  }
}
