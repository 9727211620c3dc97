import HTTP1
import Oracles
import Testing

/// Message sequences of which much is right and something may be wrong.
struct StreamGenerator {
  var random: SeededGenerator
  var methods: [RequestMethodKind] = []

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func one(of choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }

  mutating func lineEnd() -> String {
    chance(90) ? "\r\n" : one(of: ["\n", "\r\r\n", "\r\n ", "\n\t"])
  }

  mutating func requestLine() -> String {
    if chance(90) {
      return one(of: ["GET / HTTP/1.1", "POST /x HTTP/1.1", "HEAD /y?z HTTP/1.0", "CONNECT a:1 HTTP/1.1"])
    }
    return one(of: [
      "GET /simple", "GET /a b HTTP/1.1", "GET  /\t HTTP/1.1 ", "PRI * HTTP/2.0", "GET / HTTP/1.22", "GET / HTTP/a.b",
      "GE(T / HTTP/1.1", "GET", "\u{16}\u{3}\u{1}", "GET\r/ HTTP/1.1", "GET / HTTP/2.0", "get /x", "GET http://h/",
    ])
  }

  mutating func statusLine() -> String {
    if chance(90) {
      return one(of: [
        "HTTP/1.1 200 OK", "HTTP/1.0 404 Not Found", "HTTP/1.1 100 Continue", "HTTP/1.1 204 None", "HTTP/1.1 304 Same",
        "HTTP/1.1 200",
      ])
    }
    return one(of: [
      "HTTP/1.1 101 Up", "HTTP/1.1  20x", "HTTP/1.1 0204 x", "HTTP/1.1 20000", "HTTP/1.01 200 OK", "HTTP/2 200",
      "http/1.1 200 OK", "HTTP/1.1", "HTTP/9.9 299 ok", "<html>",
    ])
  }

  mutating func field() -> String {
    one(of: [
      "Host: a.test", "User-Agent: x y z", "A:", "Connection: keep-alive, close", "Keep-Alive: timeout=5, max=9",
      "Upgrade: h2c", "Expect: 100-continue", "no colon", "Odd : space", " folded", "\rReturn: x",
      "X: \(one(of: ["", "yy"]))",
      "Proxy-Connection: close", "connection: Upgrade", "Server: nginx/1.22.1 and a longer value to cross a border",
    ])
  }

  mutating func framing() -> (fields: [String], body: String) {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<6:
      return ([], "")
    case 6..<10:
      let length = Int.random(in: 0...20, using: &random)
      return (["Content-Length: \(length)"], String(repeating: "b", count: length))
    case 10..<15:
      return (["Transfer-Encoding: chunked"], chunked())
    case 15:
      return (["Transfer-Encoding: gzip, chunked", "Content-Length: 3"], chunked())
    case 16:
      return (["Content-Length: 2", "Content-Length: \(one(of: ["2", "3"]))"], "bb")
    case 17:
      return ([one(of: ["Content-Length: x", "Content-Length: 2,", "Content-Length:", "Content-Length: 2, 2"])], "bb")
    case 18:
      return (
        [one(of: ["Transfer-Encoding: gzip", "Transfer-Encoding: identity", "Transfer-Encoding: chunked, x"])], "bb"
      )
    default:
      return (["Transfer-Encoding :\t chunked"], chunked())
    }
  }

  mutating func chunked() -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let size = Int.random(in: 1...20, using: &random)
      text += chance(50) ? String(size, radix: 16) : "0" + String(size, radix: 16, uppercase: true)
      if chance(20) { text += one(of: [";a", " ;b=c", "  ", "\t"]) }
      text += chance(95) ? "\r\n" : "\n"
      text += String(repeating: "c", count: size) + (chance(95) ? "\r\n" : "\n")
    }
    text += one(of: ["0", "00", "0;x"]) + "\r\n"
    if chance(30) { text += one(of: ["T: u\r\n", "T: u\r\n v\n", "\rT\r\n"]) }
    return text + "\r\n"
  }

  mutating func stream(_ direction: MessageParser.Direction, messages: Int) -> [UInt8] {
    var text = ""
    for _ in 0..<messages {
      if chance(5) { text += one(of: ["\r\n", "\n", "\r\n\r\n"]) }
      let (framingFields, body) = framing()
      var lines = framingFields
      for _ in 0..<Int.random(in: 0...6, using: &random) { lines.append(field()) }
      lines.shuffle(using: &random)
      text += (direction == .request ? requestLine() : statusLine()) + (chance(95) ? "\r\n" : "\n")
      for line in lines { text += line + lineEnd() }
      text += (chance(95) ? "\r\n" : "\n") + body
      methods.append(chance(70) ? .get : [.head, .post, .connect, .other].randomElement(using: &random) ?? .get)
    }
    return Array(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
  }

  mutating func corrupt(_ octets: inout [UInt8]) {
    for _ in 0..<Int.random(in: 1...3, using: &random) where !octets.isEmpty {
      let index = octets.indices.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<4, using: &random) {
      case 0: octets[index] = UInt8.random(in: 0...255, using: &random)
      case 1: octets[index] = [10, 13, 32, 58, 44, 48, 9, 0].randomElement(using: &random) ?? 10
      case 2: octets.remove(at: index)
      default: octets.insert([10, 13, 32, 58, 44, 48, 9, 0].randomElement(using: &random) ?? 10, at: index)
      }
    }
  }

  mutating func pieces(_ octets: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var at = 0
    let largest = [1, 3, 20, 100, 1000].randomElement(using: &random) ?? 1
    while at < octets.count {
      let end = min(octets.count, at + Int.random(in: 0...largest, using: &random))
      pieces.append(Array(octets[at..<end]))
      at = end
    }
    return pieces
  }
}

@Suite struct OracleTests {
  /// Fixed seeds, and one that is new with every run.
  static let seeds = Array(UInt64(1)...6) + [UInt64.random(in: .min ... .max)]

  @Test(arguments: seeds, [MessageParser.Direction.request, .response])
  func `random streams are read as the oracle reads them`(_ seed: UInt64, _ direction: MessageParser.Direction) {
    var generator = StreamGenerator(seed: seed)
    for round in 0..<150 {
      generator.methods = []
      var stream = generator.stream(direction, messages: Int.random(in: 1...5, using: &generator.random))
      if round % 3 == 2 { generator.corrupt(&stream) }
      let expected = Oracle.transcript(direction, stream, methods: generator.methods)
      for pieces in [[stream], generator.pieces(stream), generator.pieces(stream)] {
        let found = transcript(direction, pieces, methods: generator.methods)
        guard found != expected else { continue }
        Issue.record(
          "seed \(seed), round \(round)\n\(Oracle.text(stream).debugDescription)\n\(found)\nnot\n\(expected)")
        return
      }
    }
  }

  @Test(arguments: seeds) func `random heads have the facts that the oracle finds`(_ seed: UInt64) throws {
    var generator = StreamGenerator(seed: seed)
    var read = 0
    for round in 0..<300 {
      let direction: MessageParser.Direction = round % 2 == 0 ? .request : .response
      var stream = generator.stream(direction, messages: 1)
      if round % 3 == 2 { generator.corrupt(&stream) }
      let entries = transcript(direction, [stream]).entries
      guard case .head(let octets)? = entries.dropFirst().first else { continue }
      read += 1
      let expected = try #require(Oracle.head(octets, direction))
      let fields: HeadFields
      if direction == .request {
        let head = try requestHead(octets.span)
        fields = head.fields
        #expect(Oracle.text(octets[head.method.range]) == expected.method)
        #expect(Oracle.text(octets[head.target.range]) == expected.target, "seed \(seed), round \(round)")
        #expect((Int(head.versionMajor), Int(head.versionMinor)) == expected.version)
        if let host = expected.values("host").first {
          #expect(head.host.map { Oracle.text(octets[$0.range]) } == host)
        }
        #expect(BodyFraming.ofRequest(head) == Oracle.framing(expected, direction, answering: .get))
      } else {
        let head = try responseHead(octets.span)
        fields = head.fields
        #expect(Int(head.status) == expected.status)
        #expect((Int(head.versionMajor), Int(head.versionMinor)) == expected.version)
        for method in [RequestMethodKind.get, .head, .connect] {
          let framing = BodyFraming.ofResponse(head, answering: method)
          #expect(framing == Oracle.framing(expected, direction, answering: method))
        }
      }
      let options = expected.list("connection")
      #expect(fields.connectionClose == options.contains("close"), "seed \(seed), round \(round)")
      #expect(fields.connectionKeepAlive == options.contains("keep-alive"))
      #expect(fields.connectionUpgrade == options.contains("upgrade"))
      #expect(fields.proxyConnection == !expected.values("proxy-connection").isEmpty)
      #expect((fields.upgrade != .none) == !expected.list("upgrade").isEmpty)
      let expectsContinue = expected.values("expect").contains { $0.lowercased() == "100-continue" }
      #expect(fields.expectContinue == expectsContinue)
    }
    #expect(read > 100)
  }

  /// Noise of every kind: no trap, no event out of order, and every octet accounted for.
  @Test(arguments: seeds, [MessageParser.Direction.request, .response])
  func `corrupted streams do no harm`(_ seed: UInt64, _ direction: MessageParser.Direction) {
    var generator = StreamGenerator(seed: seed)
    for round in 0..<200 {
      var stream = generator.stream(direction, messages: 3)
      for _ in 0..<Int.random(in: 0...10, using: &generator.random) { generator.corrupt(&stream) }
      if round % 5 == 0 { stream = (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator.random) } }
      var driver = Driver(direction, methods: generator.methods)
      driver.limits.headOctets = Int.random(in: 0...300, using: &generator.random)
      driver.limits.startLineOctets = Int.random(in: 0...100, using: &generator.random)
      for piece in generator.pieces(stream) {
        if generator.chance(5) {
          driver.skip(Int.random(in: 0...50, using: &generator.random))
        }
        driver.feed(piece)
        if driver.parser.isLost, generator.chance(50) { driver.parser.restart() }
        _ = recogniseRequest(piece.span)
        _ = recogniseResponse(piece.span)
        _ = protocolName(ofFirstOctets: piece.span)
        _ = parseRequestHead(piece.span)
        _ = parseResponseHead(piece.span)
        #expect(driver.parser.buffer.count <= 300)
      }
      driver.close()
      #expect(wellFormed(driver.transcript), "seed \(seed), round \(round)\n\(driver.transcript)")
    }
  }

  /// A message begins, has a head, a body and an end, in this order.
  private func wellFormed(_ transcript: Transcript) -> Bool {
    var place = 0
    for entry in transcript.entries {
      switch entry {
      case .began where place == 0: place = 1
      case .head where place == 1: place = 2
      case .body where place == 2: break
      case .body: if place != 0 { return false }  // a gap after the end of HTTP
      case .end where place == 2: place = 0
      case .malformed where place > 0, .lost: place = 0
      case .close: break
      default: return false
      }
    }
    return true
  }
}
