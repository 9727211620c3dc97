import HTTP1
import Oracles
import Testing

/// A stream put together from pieces that say what they are.
struct Stream: Sendable, CustomTestStringConvertible {
  enum Piece: Sendable {
    case head(String)
    case content(String)
    /// Octets that give no event: chunk framing, blank lines, what is not HTTP.
    case silent(String)
    case end
    /// A message begins, and its first octets are wrong.
    case began
    case malformed(Malformation)
  }

  var name: String
  var direction: MessageParser.Direction
  var methods: [RequestMethodKind]
  var octets: [UInt8] = []
  var expected: [Transcript.Entry] = []
  /// Where content stands.
  var content: [Range<Int>] = []

  init(
    _ name: String, _ direction: MessageParser.Direction, methods: [RequestMethodKind] = [], _ pieces: [Piece],
    close: EndOutcome = .betweenMessages
  ) {
    self.name = name
    self.direction = direction
    self.methods = methods
    var transcript = Transcript()
    for piece in pieces {
      switch piece {
      case .head(let text):
        transcript.append(.began(octets.count))
        transcript.append(.head(Array(text.utf8)))
        octets += text.utf8
      case .content(let text):
        transcript.append(.body(text.utf8.count))
        content.append(octets.count..<octets.count + text.utf8.count)
        octets += text.utf8
      case .silent(let text):
        octets += text.utf8
      case .end:
        transcript.append(.end(octets.count))
      case .began:
        transcript.append(.began(octets.count))
      case .malformed(let malformation):
        transcript.append(.malformed(malformation))
      }
    }
    transcript.append(.close(close))
    expected = transcript.entries
  }

  var testDescription: String { name }

  static let all = [
    Stream(
      "pipelined requests", .request,
      [
        .head("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"), .end, .head("HEAD /2 HTTP/1.1\r\n\r\n"), .end,
        .head("POST /3 HTTP/1.1\r\nContent-Length: 7\r\n\r\n"), .content("GET / H"), .end,
      ]),
    Stream(
      "chunked requests with extensions and trailers", .request,
      [
        .head("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), .silent("5;a=b\r\n"), .content("hello"),
        .silent("\r\n0a ; x\r\n"), .content("0123456789"), .silent("\r\n000\r\nT: 1\r\nU: 2\r\n\r\n"), .end,
        .head("GET / HTTP/1.1\r\n\r\n"), .end,
      ]),
    Stream(
      "interim, chunked, bodyless and close-delimited responses", .response, methods: [.post, .head, .get, .get],
      [
        .head("HTTP/1.1 100 Continue\r\n\r\n"), .end,
        .head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), .silent("3\r\n"), .content("abc"),
        .silent("\r\n0\r\n\r\n"), .end, .head("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"), .end,
        .head("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"), .end, .head("HTTP/1.0 200 OK\r\n\r\n"),
        .content("HTTP/1.1 200 OK\r\n\r\n"),
      ], close: .messageEnded),
    Stream(
      "bare LF, blank lines, folds and doubled CR", .request,
      [
        .silent("\r\n\n"), .head("GET / HTTP/1.1\nHost:\n a\n\n"), .end, .silent("\r\n"),
        .head("GET /2 HTTP/1.1\r\nA: b\r\r\nC: d\n\r\n"), .end,
        .head("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n"), .silent("2\n"), .content("ab"), .silent("\n0\n\n"),
        .end, .silent("\n\n"), .head("GET /3\r\n"), .end,
      ]),
    Stream(
      "a tunnel", .response, methods: [.connect, .connect],
      [
        .head("HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\n"), .content("xx"), .end,
        .head("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), .end, .silent("\u{16}\u{3}\u{1}HTTP"),
      ]),
    Stream(
      "an upgrade", .response,
      [
        .head("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"), .end,
        .silent("\u{1}\u{2}HTTP/1.1 200 OK\r\n\r\n"),
      ]),
    Stream(
      "noise after a message", .response,
      [
        .head("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"), .content("x"), .end, .began, .malformed(.startLine),
        .silent("HTTQ/1.1 200 OK\r\n\r\n"),
      ], close: .lost),
    Stream(
      "a chunk without its end", .response,
      [
        .head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), .silent("3\r\n"), .content("abc"),
        .malformed(.chunkTerminator), .silent("d\r\n0\r\n\r\n"),
      ], close: .lost),
    Stream(
      "contradicting framing", .response,
      [
        .head("HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n"), .malformed(.bodyFraming),
        .silent("xHTTP/1.1 200 OK\r\n\r\n"),
      ], close: .lost),
  ]

  /// Empty lines in every place of the octets looked at together.
  static let long =
    Stream(
      "heads that end at every distance from their last field", .request,
      (0..<70).flatMap { length in
        [
          Piece.head("GET / HTTP/1.1\r\nA: \(String(repeating: "a", count: length))\r\n\r\n"), .end,
          .head("GET / HTTP/1.1\nA: \(String(repeating: "a", count: length))\n\n"), .end,
        ]
      })
}

@Suite struct ParserTests {
  @Test(arguments: Stream.all + [Stream.long]) func `a stream in one piece`(_ stream: Stream) {
    let whole = transcript(stream.direction, [stream.octets], methods: stream.methods)
    #expect(whole.entries == stream.expected)
  }

  @Test(arguments: Stream.all) func `every split in two gives the same events`(_ stream: Stream) {
    let octets = stream.octets
    for cut in 0...octets.count {
      let parts = [Array(octets[..<cut]), Array(octets[cut...])]
      let same = transcript(stream.direction, parts, methods: stream.methods).entries == stream.expected
      #expect(same, "cut at \(cut)")
    }
  }

  @Test(arguments: Stream.all) func `every split in three gives the same events`(_ stream: Stream) {
    let octets = stream.octets
    for first in 0...octets.count {
      for length in [1, 2, 3, 4, 17, 64] where first + length <= octets.count {
        let parts = [octets[..<first], octets[first..<first + length], octets[(first + length)...]].map { Array($0) }
        let same = transcript(stream.direction, parts, methods: stream.methods).entries == stream.expected
        #expect(same, "\(length) octets from \(first)")
      }
    }
  }

  @Test(arguments: Stream.all + [Stream.long], [1, 2, 3, 7, 64]) func `equal pieces give the same events`(
    _ stream: Stream, _ size: Int
  ) {
    let octets = stream.octets
    let parts = stride(from: 0, to: octets.count, by: size).map { Array(octets[$0..<min($0 + size, octets.count)]) }
    #expect(transcript(stream.direction, parts, methods: stream.methods).entries == stream.expected)
  }

  /// What has been said before the end of the stream is never taken back.
  @Test(arguments: Stream.all) func `every prefix gives a prefix of the events`(_ stream: Stream) {
    let octets = stream.octets
    for count in 0...octets.count {
      var entries = transcript(stream.direction, [Array(octets.prefix(count))], methods: stream.methods).entries
      guard case .close = entries.removeLast() else {
        Issue.record("no close")
        continue
      }
      for (index, entry) in entries.enumerated() {
        if case .body(let octets) = entry, case .body(let all) = stream.expected[index] {
          #expect(octets <= all)
          #expect(octets == all || index == entries.count - 1)
        } else {
          #expect(entry == stream.expected[index])
        }
      }
    }
  }

  @Test func `a million parsers fit`() {
    #expect(MemoryLayout<MessageParser>.stride <= 48)
  }

  @Test func `a head in one input is not copied`() {
    var parser = MessageParser(.request)
    let input = octets("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    var position = 0
    #expect(parser.next(input.span, position: &position, limits: HTTPLimits()) == .messageBegan)
    #expect(parser.inHead)
    let event = parser.next(input.span, position: &position, limits: HTTPLimits())
    #expect(event == .headComplete(.inInput(0..<input.count)))
    #expect(parser.buffer.isEmpty)
    #expect(parser.inBody)
    parser.beginBody(.none)
    #expect(parser.next(input.span, position: &position, limits: HTTPLimits()) == .messageEnd)
    #expect(parser.isBetweenMessages)
  }

  @Test func `the buffer is given back when the body begins`() {
    var parser = MessageParser(.request)
    var position = 0
    let first = octets("GET / HTTP/1.1\r\nHo")
    let second = octets("st: a\r\n\r\nGET")
    _ = parser.next(first.span, position: &position, limits: HTTPLimits())
    #expect(parser.next(first.span, position: &position, limits: HTTPLimits()) == .needMore)
    #expect(parser.buffer == first)
    position = 0
    #expect(parser.next(second.span, position: &position, limits: HTTPLimits()) == .headComplete(.buffered))
    #expect(parser.buffer == octets("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
    #expect(position == 9)
    parser.beginBody(.none)
    #expect(parser.buffer.capacity == 0)
  }

  @Test func `a body may be longer than any input`() {
    var driver = Driver(.response)
    driver.feed(octets("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n"))
    #expect(driver.parser.contentRemaining == .max)
    driver.feed(octets("abc"))
    driver.skip(.max - 3)
    driver.feed([])
    #expect(driver.transcript.entries.contains { if case .end = $0 { true } else { false } })
  }

  @Test(
    arguments: [
      "<html>", "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP is", "HTTP/2 is\nnew", "HTTP/1.1 is\n", "\u{0}",
      "HTTP/1." + String(repeating: "1", count: 70_000), "HTTP/1." + String(repeating: "1", count: 70_000) + "\n",
    ])
  func `a simple response is a body up to the close, however it is cut`(_ text: String) {
    let stream = octets(text)
    for step in [1, 2, 3, 5, 1448, stream.count] {
      var driver = Driver(.response)
      driver.parser.allowSimpleBody(true)
      for start in stride(from: 0, to: stream.count, by: step) {
        driver.feed(Array(stream[start..<min(start + step, stream.count)]))
      }
      driver.skip(100)
      driver.close()
      #expect(
        driver.transcript.entries == [.began(0), .simpleBody, .body(stream.count + 100), .close(.messageEnded)],
        "\(step) octets at a time")
    }
  }

  @Test(arguments: ["H", "HTTP/", "HTTP/1 is a name"])
  func `a simple response that could be a status line up to its end`(_ text: String) {
    var driver = Driver(.response)
    driver.parser.allowSimpleBody(true)
    driver.feed(octets(text))
    driver.close()
    #expect(driver.transcript.entries == [.began(0), .close(.simpleBodyEnded)])
  }

  @Test func `a head may answer a simple request, and what answers no such request needs one`() {
    let text = "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno"
    for (isAllowed, text) in [(true, text), (false, text), (false, "<html>")] {
      var driver = Driver(.response)
      driver.parser.allowSimpleBody(isAllowed)
      for octet in octets(text) { driver.feed([octet]) }
      driver.close()
      #expect(driver.transcript == transcript(.response, [octets(text)]))
    }
  }

  @Test func `a direction told to be no HTTP any more says nothing`() {
    for text in ["", "GET /x HT", "GET /x HTTP/1.1\r\nHo"] {
      var driver = Driver(.request)
      driver.feed(octets(text))
      driver.parser.beginBody(.upgrade)
      let before = driver.transcript
      driver.feed(octets("\u{81}\u{5}hello GET / HTTP/1.1\r\n\r\n"))
      #expect(driver.transcript == before)
      #expect(driver.parser.isOpaque)
      #expect(driver.parser.buffer.isEmpty)
      #expect(driver.parser.endOfStream() == .betweenMessages)
    }
  }

  @Test(
    arguments: [
      ("", .betweenMessages), ("\r\n\r\n", .betweenMessages), ("G", .incompleteHead),
      ("GET / HTTP/1.1", .incompleteHead),
      ("GET / HTTP/1.1\r\n", .incompleteHead), ("GET / HTTP/1.1\r\nA: b\r\n\r", .incompleteHead),
      ("GET /x", .incompleteHead), ("GET /x\r\n", .betweenMessages),
      ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n", .incompleteBody),
      ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na", .incompleteBody),
      ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab", .betweenMessages),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", .incompleteBody),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1", .incompleteBody),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", .incompleteBody),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0", .incompleteBody),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", .messageEnded),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n", .messageEnded),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .betweenMessages),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n", .lost),
      ("\u{16}\u{3}", .lost),
    ] as [(String, EndOutcome)])
  func `the end of the stream`(_ text: String, _ expected: EndOutcome) {
    #expect(transcript(.request, [octets(text)]).entries.last == .close(expected))
  }

  @Test(
    arguments: [
      ("5\r\nhello\r\n0\r\n\r\n", 5, nil), ("5\nhello\n0\n\n", 5, nil), ("A\r\n0123456789\r\n0\r\n\r\n", 10, nil),
      ("0000000000000000000000a\r\n0123456789\r\n0\r\n\r\n", 10, nil), ("5 \r\nhello\r\n0  \r\n\r\n", 5, nil),
      ("5\t;x\r\nhello\r\n0;y\r\n\r\n", 5, nil), ("5;a=\"\\\"\r\"\r\nhello\r\n0\r\n\r\n", 5, nil),
      ("0\r\nA: b\r\n c\r\n\rD\r\n\r\n", 0, nil), ("\r\n5\r\n", 0, .chunkSize), ("\n", 0, .chunkSize),
      (" 5\r\n", 0, .chunkSize), ("x\r\n", 0, .chunkSize), ("-1\r\n", 0, .chunkSize), ("0x5\r\n", 0, .chunkSize),
      ("5g\r\n", 0, .chunkSize), ("5 5\r\n", 0, .chunkSize), ("5\rx", 0, .chunkSize), (";a\r\n", 0, .chunkSize),
      ("8000000000000000\r\n", 0, .chunkSize), ("10000000000000000\r\n", 0, .chunkSize),
      ("ffffffffffffffff\r\n", 0, .chunkSize), ("1\r\nab\r\n", 1, .chunkTerminator), ("1\r\na\rb", 1, .chunkTerminator),
      ("1\r\na0\r\n", 1, .chunkTerminator), ("1\r\na\r\n\r\n", 1, .chunkSize),
    ] as [(String, Int, Malformation?)])
  func `the chunked coding`(_ body: String, _ content: Int, _ malformation: Malformation?) {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    let whole = octets(head + body)
    for size in [whole.count, 1] {
      let parts = stride(from: 0, to: whole.count, by: size).map { Array(whole[$0..<min($0 + size, whole.count)]) }
      let entries = transcript(.response, parts).entries
      #expect(entries.contains(.body(content)) == (content > 0))
      if let malformation {
        #expect(Array(entries.suffix(2)) == [.malformed(malformation), .close(.lost)])
      } else {
        #expect(Array(entries.suffix(2)) == [.end(whole.count), .close(.betweenMessages)])
      }
    }
  }

  @Test func `the largest chunk`() {
    var driver = Driver(.response)
    driver.feed(octets("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n"))
    #expect(driver.parser.skipGap(.max) == .absorbed)
    driver.feed(octets("\r\n0\r\n\r\n"))
    #expect(driver.parser.isBetweenMessages)
  }

  @Test(
    arguments: [
      ("5\r\nhello\r\n0\r\n\r\n", HeadOddities()), ("5\nhello\r\n0\r\n\r\n", .bareLFInChunked),
      ("5\r\nhello\n0\r\n\r\n", .bareLFInChunked), ("5\r\nhello\r\n0\r\n\n", .bareLFInChunked),
      ("5;x\r\nhello\r\n0\r\n\r\n", .chunkExtensions), ("5\r\nhello\r\n0\r\nT: u\r\n\r\n", .trailers),
      ("0\r\n", .missingFinalLine), ("\r\n", []),
    ] as [(String, HeadOddities)])
  func `oddities of the coding are noted`(_ body: String, _ expected: HeadOddities) {
    var driver = Driver(.response)
    driver.feed(octets("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
    driver.feed(octets(body))
    driver.close()
    #expect(driver.parser.oddities == expected)
  }

  @Test func `blank lines before a message are noted for that message`() {
    var driver = Driver(.request)
    driver.feed(octets("GET / HTTP/1.1\r\n\r\n"))
    #expect(driver.parser.oddities == [])
    driver.feed(octets("\r\n"))
    #expect(driver.parser.oddities == [])
    driver.feed(octets("GET"))
    #expect(driver.parser.oddities == .leadingBlankLines)
    driver.feed(octets(" / HTTP/1.1\r\n\r\nGET"))
    #expect(driver.parser.oddities == [])
  }

  @Test func `a lost parser says nothing until it is restarted`() {
    var driver = Driver(.response)
    driver.feed(octets("noise"))
    #expect(driver.transcript.entries == [.began(0), .malformed(.startLine)])
    driver.feed(octets("HTTP/1.1 200 OK\r\n\r\n"))
    #expect(driver.transcript.entries.count == 2)
    driver.parser.restart()
    driver.feed(octets("HTTP/1.1 204 OK\r\n\r\n"))
    #expect(driver.transcript.entries.count == 5)
    #expect(driver.parser.isBetweenMessages)
  }

  /// Noise is refused by its first octets, not held until a line end happens to come.
  @Test(arguments: [
    (MessageParser.Direction.request, "\u{16}\u{3}\u{1}", 1), (.request, "SSH-2.0-x\r", 10), (.request, "A(", 2),
    (.request, "<html>", 1), (.request, String(repeating: "A", count: 70), 65), (.response, "<html>", 1),
    (.response, "HTTQ", 4), (.response, "HTTP/x", 6), (.response, "http/1.1 200 OK", 1),
  ])
  func `noise is refused early`(_ direction: MessageParser.Direction, _ text: String, _ octetsNeeded: Int) {
    let all = octets(text)
    for size in [1, all.count] {
      var driver = Driver(direction)
      var used = 0
      while used < all.count, !driver.parser.isLost {
        driver.feed(Array(all[used..<min(used + size, all.count)]))
        used += size
      }
      #expect(driver.parser.isLost)
      if size == 1 { #expect(used == octetsNeeded) }
      #expect(driver.parser.buffer.isEmpty)
    }
  }

  @Test(arguments: [1, 2, 5, 1000]) func `limits hold however the head comes`(_ size: Int) {
    var limits = HTTPLimits()
    limits.headOctets = 64
    limits.startLineOctets = 32
    let start = "GET / HTTP/1.1\r\n"
    let rows: [(String, Malformation?)] = [
      (start + "A: " + String(repeating: "b", count: 64 - 16 - 3 - 4) + "\r\n\r\n", nil),
      (start + "A: " + String(repeating: "b", count: 65 - 16 - 3 - 4) + "\r\n\r\n", .headTooLarge),
      (start + String(repeating: "A: b\r\n", count: 30), .headTooLarge),
      ("GET /" + String(repeating: "b", count: 32 - 5 - 9 - 2) + " HTTP/1.1\r\n\r\n", nil),
      ("GET /" + String(repeating: "b", count: 33 - 5 - 9 - 2) + " HTTP/1.1\r\n\r\n", .startLineTooLong),
      ("GET /" + String(repeating: "b", count: 3000), .startLineTooLong),
    ]
    for (text, malformation) in rows {
      let all = octets(text)
      var driver = Driver(.request)
      driver.limits = limits
      var used = 0
      while used < all.count, !driver.parser.isLost {
        driver.feed(Array(all[used..<min(used + size, all.count)]))
        used += size
      }
      if let malformation {
        #expect(driver.transcript.entries.last == .malformed(malformation))
        #expect(used <= 65 + size)
      } else {
        #expect(driver.transcript.entries.last == .end(all.count))
      }
    }
  }

  @Test(arguments: [1, 40, 1000]) func `a head that is too large can still be read in part`(_ size: Int) throws {
    var limits = HTTPLimits()
    limits.headOctets = 100
    let all = octets("GET /x HTTP/1.1\r\nHost: a\r\nCookie: \(String(repeating: "c", count: 200))\r\n\r\n")
    var parser = MessageParser(.request)
    var used = 0
    feeding: while used < all.count {
      let input = Array(all[used..<min(used + size, all.count)])
      var position = 0
      while true {
        let event = parser.next(input.span, position: &position, limits: limits)
        if event == .malformed(.headTooLarge) { break feeding }
        if event == .needMore { break }
      }
      used += size
    }
    #expect(parser.buffer == Array(all.prefix(100)))
    let head = try requestHead(parser.buffer.span)
    #expect(head.host?.range == 23..<24)
    #expect(head.fields.oddities == .incomplete)
    var position = 0
    #expect(parser.next(all.span, position: &position, limits: limits) == .needMore)
    #expect(parser.buffer.capacity == 0)
  }

  @Test func `trailers and extensions are limited`() {
    var limits = HTTPLimits()
    limits.headOctets = 64
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    for text in ["5;" + String(repeating: "x", count: 100), "0\r\n" + String(repeating: "A: b\r\n", count: 20)] {
      let entries = transcript(.response, [octets(head + text)], limits: limits).entries
      #expect(entries.contains(.malformed(.trailersTooLarge)))
    }
    let many = String(repeating: "1;abc\r\nx\r\n", count: 100) + "0\r\n\r\n"
    #expect(transcript(.response, [octets(head + many)], limits: limits).entries.last == .close(.betweenMessages))
  }

  @Test func `a caller that forgets the body gets none`() {
    var parser = MessageParser(.request)
    let input = octets("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n")
    var position = 0
    _ = parser.next(input.span, position: &position, limits: HTTPLimits())
    _ = parser.next(input.span, position: &position, limits: HTTPLimits())
    #expect(parser.next(input.span, position: &position, limits: HTTPLimits()) == .messageEnd)
  }

  @Test(arguments: [-1, 4]) func `a position outside the input does nothing`(_ start: Int) {
    var parser = MessageParser(.request)
    let input = octets("GET")
    var position = start
    #expect(parser.next(input.span, position: &position, limits: HTTPLimits()) == .needMore)
    #expect(parser.isBetweenMessages)
  }
}
