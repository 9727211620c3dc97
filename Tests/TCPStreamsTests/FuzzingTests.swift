import Oracles
import TestSupport
import Testing
import Wire

@testable import TCPStreams

/// What fuzzing has found, and scripts as a fuzzer makes them up (`.ci/fuzz` does that at length).
@Suite struct FuzzingTests {
  @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7, 12, 13] as [UInt8])
  func `random scripts give streams without a flaw`(_ limits: UInt8) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    for round in 0..<200 {
      var script = [limits] + random.octets(8 * Int.random(in: 1...60, using: &random))
      // Near enough to each other to meet.
      for place in stride(from: 1, to: script.count, by: 8) where Bool.random(using: &random) {
        script[place] &= 0x01
        (script[place + 2], script[place + 4]) = (0, 0)
      }
      let problem = SegmentScript.problem(running: script)
      #expect(problem == nil, "TEST_SEED=\(seed), round \(round)")
      if problem != nil { return }
    }
  }

  @Test func `random pieces of a stream are delivered as the naive oracle delivers them`() {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    for round in 0..<200 {
      var script = random.octets(180)
      for place in stride(from: 0, to: script.count, by: 3) { script[place] &= 0x03 }
      let problem = SegmentScript.problem(delivering: script)
      #expect(problem == nil, "TEST_SEED=\(seed), round \(round)")
      if problem != nil { return }
    }
  }

  @Test func `what waits behind a FIN is not of the stream`() {
    var b = Bench()
    b.handshake()
    b.send(.client, .ack, at: 6, payload: octets("ghij"))
    b.send(.client, .ack, at: 20, payload: octets("spoof"))
    b.send(.client, [.fin, .ack], at: 8)
    b.send(.client, .ack, at: 0, payload: octets("abcdef"))
    b.finish()
    #expect(text(b.fromClient) == "abcdefgh")
    #expect(b.table.payload.afterClose == 7)
    #expect(b.ledgerAddsUp)
    let script: [UInt8] = [0, 0, 0x8A, 0x5C, 0x2F, 0x59, 0x93, 96, 150, 0x80, 0x90, 0x60, 0xED, 0x4A, 0x5C, 135, 147]
    #expect(SegmentScript.problem(running: script + [0x80, 0x99, 0x27, 0x1E, 0x01, 0x90, 152, 77]) == nil)
  }

  /// This took for ever: a limit was reached while segments waited for what lies behind a FIN.
  @Test func `a limit is reached behind a FIN`() {
    let script: [UInt8] = [
      0x03, 0x15, 0x00, 0x03, 0x00, 0xba, 0x00, 0x06, 0x00, 0x4d, 0x59, 0x5c, 0xae, 0x60, 0x59, 0x38, 0x4d, 0x99, 0x2c,
      0x3c, 0x40, 0x00, 0x06, 0x1e, 0x00, 0x54, 0x00, 0x00, 0x06, 0x0c, 0x0f, 0x1c, 0x03, 0x09, 0x00, 0x00, 0x50, 0x06,
      0xee, 0xd0, 0xf4, 0xfc, 0x00, 0x00, 0x06, 0x0c, 0x0f, 0x1c, 0x03, 0x09, 0x09, 0x15, 0x00, 0x03, 0x00, 0xba, 0x00,
      0x00, 0x00, 0x00, 0x93, 0x8a, 0x93, 0x27, 0x1e, 0xc0, 0x12, 0xea, 0xed, 0x40, 0x00, 0x03, 0x00, 0xc0, 0x12, 0xea,
      0x5c, 0x52, 0x99, 0x2c, 0x3c,
    ]
    #expect(SegmentScript.problem(running: script) == nil)
  }

  /// Octets that only the peer's acknowledgments tell of were given up; then their sender appears elsewhere.
  @Test(arguments: [
    CheckedSegment.acknowledgment(at: 1 << 22, length: 10), .acknowledgment(at: -100, length: 10),
    .acknowledgment(at: 1000, length: 10), .answer(at: 700_000),
  ])
  func `what was given up stays given up`(_ first: CheckedSegment) {
    var checker = StreamChecker(ConnectionTable(seed: 1))
    for (acknowledged, length) in [(0, 10), (3000, 0), (3000, 0), (3000, 0)] {
      var segment = CheckedSegment()
      segment.flags = .ack
      segment.acknowledges = acknowledged
      segment.offset = length == 0 ? 10 : 0
      segment.length = length
      segment.captured = length
      checker.time += 200_000_000
      checker.receive(segment)
    }
    checker.receive(first)
    var more = first
    more.flags = .ack
    more.offset += 10
    (more.length, more.captured) = (10, 10)
    checker.receive(more)
    checker.finish()
    #expect(checker.problem == nil)
  }
}

extension CheckedSegment {
  fileprivate static func acknowledgment(at offset: Int, length: Int) -> CheckedSegment {
    var segment = CheckedSegment()
    segment.fromClient = true
    segment.flags = .ack
    segment.offset = offset
    segment.length = length
    segment.captured = length
    return segment
  }

  fileprivate static func answer(at offset: Int) -> CheckedSegment {
    var segment = acknowledgment(at: offset, length: 0)
    segment.flags = [.syn, .ack]
    return segment
  }
}
