import Testing

@testable import HTTP1

/// Octets that differ in one bit, wherever it is and whatever stands beside it, are not equal.
@Test func `one bit makes a difference`() {
  for count in 0...100 {
    for fill in [0x00, 0xFF, 0x5A, nil] as [UInt8?] {
      let octets = (0..<count).map { fill ?? UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(areEqual(octets, octets))
      #expect(!areEqual(octets, octets + [0]) && !areEqual(octets + [0], octets))
      var missed: [String] = []
      for place in 0..<count {
        for bit in 0..<8 {
          var other = octets
          other[place] ^= 1 << UInt8(bit)
          if areEqual(octets, other) || areEqual(other, octets) {
            missed.append("bit \(bit) of octet \(place)")
          }
        }
      }
      #expect(missed.isEmpty, "\(count) octets of \(fill.map { "\($0)" } ?? "all kinds")")
    }
  }
}

private func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.span.isEqual(to: b.span) }

/// Heads are remembered by their hash and compared as a whole: no octet of one may be taken for another's.
@Test func `a remembered head does not stand for one that differs`() throws {
  let lines = "Connection: Keep-Alive\r\nHost: 10.77.1.2\r\nUser-Agent: ApacheBench/2.3\r\nAccept: */*\r\n\r\n"
  let request = Array("GET /f100 HTTP/1.0\r\n\(lines)".utf8)
  for (place, other) in [(37, UInt8(ascii: "I")), (39, UInt8(ascii: "q")), (20, UInt8(ascii: "D"))] {
    var changed = request
    changed[place] = other
    for (first, second) in [(request, changed), (changed, request)] {
      var memory = HeadMemory()
      for _ in 0..<3 { _ = memory.wholeRequest(first.span, limits: HTTPLimits()) }
      let read = memory.wholeRequest(second.span, limits: HTTPLimits())
      let head = try #require(read)
      let isPersistent = persists(versionMajor: head.versionMajor, minor: head.versionMinor, fields: head.fields)
      #expect(isPersistent == (second == request), "octet \(place)")
    }
  }
}
