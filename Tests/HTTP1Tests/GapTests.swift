import HTTP1
import Oracles
import Testing

@Suite struct GapTests {
  static let streams = [
    Stream(
      "requests", .request,
      [
        .head("POST /1 HTTP/1.1\r\nContent-Length: 7\r\n\r\n"), .content("GET / H"), .end,
        .head("GET /2 HTTP/1.1\r\n\r\n"), .end, .silent("\r\n"),
        .head("PUT /3 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), .silent("5;x\r\n"), .content("hello"),
        .silent("\r\n1\r\n"), .content("!"), .silent("\r\n0\r\nT: u\r\n\r\n"), .end,
        .head("GET /4 HTTP/1.1\r\n\r\n"), .end,
      ]),
    Stream(
      "responses", .response,
      [
        .head("HTTP/1.1 100 Continue\r\n\r\n"), .end, .head("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"),
        .content("abc"), .end, .head("HTTP/1.0 200 OK\r\n\r\n"), .content("up to the close"),
      ], close: .messageEnded),
  ]

  @Test(arguments: streams)
  func `a gap is absorbed in content, with exact later events, and lost elsewhere`(_ stream: Stream) {
    let all = stream.octets
    for start in 0..<all.count {
      for size in 1...all.count - start {
        var driver = Driver(stream.direction)
        driver.feed(Array(all[..<start]))
        driver.skip(size)
        let lost = driver.parser.isLost
        driver.feed(Array(all[(start + size)...]))
        driver.close()
        let harmless = stream.content.contains { $0.lowerBound <= start && start + size <= $0.upperBound }
        #expect(lost == !harmless, "\(size) octets at \(start)")
        let exact =
          harmless
          ? driver.transcript.entries == stream.expected
          : Array(driver.transcript.entries.suffix(2)) == [.lost, .close(.lost)]
        #expect(exact, "\(size) octets at \(start)")
      }
    }
  }

  @Test func `after a loss a restart at a boundary gives the exact later events`() {
    let first = octets("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
    let second = octets("GET /2 HTTP/1.1\r\n\r\n")
    for start in 0..<first.count {
      var driver = Driver(.request)
      driver.feed(Array(first[..<start]))
      driver.skip(first.count - start)
      #expect(driver.parser.isLost)
      driver.parser.restart()
      #expect(driver.parser.isBetweenMessages)
      #expect(driver.parser.oddities == [])
      driver.feed(second)
      driver.close()
      #expect(
        Array(driver.transcript.entries.suffix(4)) == [
          .began(first.count), .head(second), .end(first.count + second.count), .close(.betweenMessages),
        ])
    }
  }

  @Test func `a gap up to the end of a body gives the end before any input`() {
    var parser = MessageParser(.request)
    let input = octets("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n")
    var position = 0
    for _ in 0..<2 { _ = parser.next(input.span, position: &position, limits: HTTPLimits()) }
    parser.beginBody(.contentLength(5))
    #expect(parser.skipGap(5) == .absorbed)
    #expect(parser.endOfStream() == .messageEnded)
    let next = octets("GET")
    position = 0
    #expect(parser.next(next.span, position: &position, limits: HTTPLimits()) == .messageEnd)
    #expect(position == 0)
  }

  @Test func `no gap is no loss`() {
    var parser = MessageParser(.request)
    #expect(parser.skipGap(0) == .absorbed)
    #expect(parser.skipGap(-1) == .absorbed)
    #expect(parser.isBetweenMessages)
    #expect(parser.skipGap(1) == .lost)
    #expect(parser.skipGap(0) == .lost)
  }
}
