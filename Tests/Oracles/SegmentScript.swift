import TCPStreams
import Wire

/// Segments written as octets: what a fuzzer makes up, and what it found as a literal in a test.
package enum SegmentScript {
  /// An octet that chooses limits, then segments of eight octets each: any flags, offsets and acknowledgments on a few
  /// connections.
  ///
  /// - Returns: what was wrong with the streams that came out.
  package static func problem(running script: [UInt8]) -> String? {
    guard let first = script.first else { return nil }
    var checker = StreamChecker(ConnectionTable(limits: limits(first), seed: 1, postponing: first & 4 != 0))
    var rest = script.dropFirst()
    while rest.count >= 8 {
      checker.time += pause(rest[rest.startIndex + 7])
      checker.receive(segment(Array(rest.prefix(8))))
      rest = rest.dropFirst(8)
      if let problem = checker.problem { return problem }
    }
    checker.finish()
    return checker.problem
  }

  private static func limits(_ octet: UInt8) -> StreamLimits {
    var limits = StreamLimits()
    if octet & 1 != 0 {
      limits.connections = 3
      limits.remembered = 2
    }
    if octet & 2 != 0 {
      limits.bufferedOctets = 300
      limits.bufferedSegments = 4
      limits.bufferedOctetsInAll = 500
    }
    if octet & 8 != 0 { limits.halfOpen = 2 }
    return limits
  }

  /// Up to 6 s; now and then a step back.
  private static func pause(_ octet: UInt8) -> Int64 {
    octet < 250 ? Int64(octet) * Int64(octet) * 100_000 : -(Int64(octet) - 249) * 500_000_000
  }

  private static func segment(_ step: [UInt8]) -> CheckedSegment {
    var segment = CheckedSegment()
    segment.fromClient = step[0] & 1 != 0
    segment.port = UInt16(step[0] >> 1 & 3) + 1
    if step[0] & 0x80 != 0 { segment.incarnation = 1 }
    segment.flags = TCPFlags(rawValue: step[1] & 0x3F)
    segment.offset = number(step[2], step[3])
    segment.acknowledges = number(step[4], step[5])
    // Now and then far away.
    if step[0] & 0x78 == 0x78 { segment.offset <<= 16 }
    if step[0] & 0x78 == 0x70 { segment.acknowledges <<= 16 }
    segment.length = Int(step[6])
    segment.captured = step[1] & 0x40 != 0 ? segment.length / 2 : segment.length
    segment.repeatsIdentification = step[1] & 0x80 != 0
    return segment
  }

  private static func number(_ high: UInt8, _ low: UInt8) -> Int {
    Int(Int16(truncatingIfNeeded: Int(high) << 8 | Int(low)))
  }

  /// Three octets a segment of the client's one stream, its place and its length, in any order, some twice, some
  /// overlapping. What is delivered must be what a naive oracle says: everything before the first octet never sent.
  package static func problem(delivering script: [UInt8]) -> String? {
    var checker = StreamChecker(ConnectionTable(seed: 1))
    checker.handshake()
    var sent = [Bool](repeating: false, count: 1 << 12)
    var rest = script.prefix(180)
    while rest.count >= 3 {
      let step = Array(rest.prefix(3))
      rest = rest.dropFirst(3)
      var segment = CheckedSegment()
      segment.fromClient = true
      segment.flags = .ack
      segment.offset = (Int(step[0]) << 8 | Int(step[1])) & 0xFFF
      segment.length = min(Int(step[2]), sent.count - segment.offset)
      segment.captured = segment.length
      for place in segment.offset..<(segment.offset + segment.length) { sent[place] = true }
      checker.receive(segment)
      if let problem = checker.problem { return problem }
      let (found, expected) = (checker.delivered(toServerOn: 1), sent.prefix { $0 }.count)
      if found != expected { return "\(found) of \(expected) octets delivered" }
    }
    return nil
  }
}
