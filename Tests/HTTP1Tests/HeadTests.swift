import HTTP1
import Oracles
import Testing

private func request(_ text: String) throws -> (method: String, target: String, host: String?, head: RequestHead) {
  let octets = octets(text)
  let head = try requestHead(octets.span)
  func part(_ range: OctetRange) -> String { String(decoding: octets[range.range], as: UTF8.self) }
  return (part(head.method), part(head.target), head.host.map(part), head)
}

private func fields(_ lines: String, version: String = "1.1") throws -> HeadFields {
  let octets = octets("HTTP/\(version) 200 OK\r\n\(lines)\r\n")
  return try responseHead(octets.span).fields
}

@Suite struct RequestLineTests {
  struct Row: Sendable {
    var line: String
    var method: String
    var target: String
    var version: [UInt8] = [1, 1]
    var oddities: HeadOddities = []
    var kind = RequestMethodKind.get
  }

  static let rows = [
    Row(line: "GET / HTTP/1.1\r\n", method: "GET", target: "/"),
    Row(line: "GET /a?b=c HTTP/1.0\r\n", method: "GET", target: "/a?b=c", version: [1, 0]),
    Row(line: "HEAD /x HTTP/1.1\r\n", method: "HEAD", target: "/x", kind: .head),
    Row(line: "POST /x HTTP/1.1\r\n", method: "POST", target: "/x", kind: .post),
    Row(line: "get /x HTTP/1.1\r\n", method: "get", target: "/x", kind: .other),
    Row(line: "CONNECT a.test:443 HTTP/1.1\r\n", method: "CONNECT", target: "a.test:443", kind: .connect),
    Row(line: "OPTIONS * HTTP/1.1\r\n", method: "OPTIONS", target: "*", kind: .other),
    Row(line: "M-SEARCH * HTTP/1.1\r\n", method: "M-SEARCH", target: "*", kind: .other),
    Row(line: "GET http://a.test/x HTTP/1.1\r\n", method: "GET", target: "http://a.test/x"),
    Row(line: "GET%!#$&'*+-.^_`|~ / HTTP/1.1\r\n", method: "GET%!#$&'*+-.^_`|~", target: "/", kind: .other),
    Row(line: "GET /\u{e9} HTTP/1.1\r\n", method: "GET", target: "/\u{e9}"),
    Row(line: "GET / HTTP/1.1\n", method: "GET", target: "/", oddities: .bareLF),
    Row(line: "GET /a b c HTTP/1.1\r\n", method: "GET", target: "/a b c"),
    Row(line: "GET  / HTTP/1.1\r\n", method: "GET", target: "/", oddities: .oddStartLine),
    Row(line: "GET /  HTTP/1.1\r\n", method: "GET", target: "/", oddities: .oddStartLine),
    Row(line: "GET / HTTP/1.1 \r\n", method: "GET", target: "/", oddities: .oddStartLine),
    Row(line: "GET\t/\tHTTP/1.1\r\n", method: "GET", target: "/", oddities: .oddStartLine),
    Row(line: "GET / HTTP/1.1\r\r\n", method: "GET", target: "/", oddities: .oddStartLine),
    Row(line: "GET / HTTP/1.2\r\n", method: "GET", target: "/", version: [1, 2], oddities: .oddVersion),
    Row(line: "GET / HTTP/1.01\r\n", method: "GET", target: "/", oddities: .oddVersion),
    Row(line: "GET / HTTP/0.9\r\n", method: "GET", target: "/", version: [0, 9], oddities: .oddVersion),
    Row(line: "GET / HTTP/2.0\r\n", method: "GET", target: "/", version: [2, 0], oddities: .oddVersion),
    Row(line: "GET / HTTP/999.256\r\n", method: "GET", target: "/", version: [255, 255], oddities: .oddVersion),
    Row(line: "GET / HTTP/1\r\n", method: "GET", target: "/", version: [1, 0], oddities: .oddVersion),
    Row(line: "GET / HTTP/\r\n", method: "GET", target: "/", version: [1, 0], oddities: .oddVersion),
    Row(line: "GET / HTTP/.1\r\n", method: "GET", target: "/", version: [1, 0], oddities: .oddVersion),
    Row(line: "GET / HTTP/a.b\r\n", method: "GET", target: "/", version: [1, 0], oddities: .oddVersion),
    Row(line: "GET / HTTP/1.1a\r\n", method: "GET", target: "/", version: [1, 0], oddities: .oddVersion),
    Row(line: "GET / HTTP/1111.1\r\n", method: "GET", target: "/", version: [1, 0], oddities: .oddVersion),
    Row(line: "PRI /x HTTP/1.1\r\n", method: "PRI", target: "/x", kind: .other),
  ]

  @Test(arguments: rows) func `a request line`(_ row: Row) throws {
    let (method, target, _, head) = try request(row.line + "\r\n")
    #expect(method == row.method)
    #expect(target == row.target)
    #expect([head.versionMajor, head.versionMinor] == row.version)
    #expect(head.fields.oddities == row.oddities)
    #expect(head.methodKind == row.kind)
    #expect(!head.isSimple)
    #expect(head.octets == row.line.utf8.count + 2)
    let octets = octets(row.line)
    #expect(recogniseRequest(octets.span) == (row.line.hasSuffix("1\r\r\n") ? .no : .yes))
  }

  @Test(arguments: ["GET /x\r\n", "GET /x\n", "GET http://a.test/\r\n", "GET /x \r\n"])
  func `a simple request has no version`(_ line: String) throws {
    let (method, target, _, head) = try request(line)
    #expect(method == "GET")
    #expect(target == (line.contains("http") ? "http://a.test/" : "/x"))
    #expect(head.isSimple)
    #expect([head.versionMajor, head.versionMinor] == [0, 9])
    #expect(BodyFraming.ofRequest(head) == .none)
    let octets = octets(line)
    #expect(recogniseRequest(octets.span) == .yes)
  }

  static let refused = [
    "", "\r\n", "GET\r\n", "GET \r\n", "GET HTTP/1.1\r\n", "POST HTTP/1.1\r\n", "OPTIONS HTTP/1.0\r\n",
    " GET / HTTP/1.1\r\n", "GET / HTML/1.1\r\n",
    "GET / http/1.1\r\n",
    "GET / HTTP\r\n", "GET / XHTTP/1.1\r\n", "GET / SIP/2.0\r\n", "GET / RTSP/1.0\r\n", "GET key\r\n",
    "POST /x\r\n", "T /x\r\n", "get /x\r\n", "GeT /x\r\n", "PRI * HTTP/2.0\r\n", "G\u{e9}T / HTTP/1.1\r\n",
    "GET(x) / HTTP/1.1\r\n",
    "HTTP/1.1 200 OK\r\n", "GET / HTTP/1.1", "\u{0}\r\n", String(repeating: "A", count: 65) + " / HTTP/1.1\r\n",
  ]

  @Test(arguments: refused) func `no request line`(_ line: String) {
    #expect(throws: Malformation.startLine) { try request(line) }
  }

  @Test(
    arguments: [
      ("GET / HTTP/1.1\r\nHost: a.test\r\n", "a.test"),
      ("GET / HTTP/1.1\r\nhOsT:a.test:80 \t\r\n", "a.test:80"),
      ("GET / HTTP/1.1\r\nHost:\r\n", ""),
      ("GET / HTTP/1.1\r\n", nil),
      ("GET http://u:p@b.test:8080/x@y HTTP/1.1\r\n", "b.test:8080"),
      ("GET http://b.test?x HTTP/1.1\r\n", "b.test"),
      ("GET http://b.test#x HTTP/1.1\r\n", "b.test"),
      ("GET http://b.test HTTP/1.1\r\nHost: a.test\r\n", "a.test"),
      ("GET http:/b.test HTTP/1.1\r\n", nil),
      ("GET http:// HTTP/1.1\r\n", nil),
      ("CONNECT b.test:443 HTTP/1.1\r\n", "b.test:443"),
      ("CONNECT b.test:25 / HTTP/1.0\r\n", "b.test:25"),
      ("CONNECT [::1]:443 HTTP/1.1\r\n", "[::1]:443"),
      ("OPTIONS * HTTP/1.1\r\n", nil),
    ] as [(String, String?)])
  func `host is the field, else the authority of the target`(_ text: String, _ host: String?) throws {
    #expect(try request(text + "\r\n").host == host)
  }

  @Test func `the first of several hosts counts`() throws {
    let (_, _, host, head) = try request("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
    #expect(host == "a")
    #expect(head.fields.oddities == .repeatedHost)
  }
}

@Suite struct StatusLineTests {
  @Test(
    arguments: [
      ("HTTP/1.1 200 OK\r\n", 200, [1, 1], HeadOddities()),
      ("HTTP/1.0 404 Not Found\r\n", 404, [1, 0], []),
      ("HTTP/1.1 200 \r\n", 200, [1, 1], []),
      ("HTTP/1.1 200\r\n", 200, [1, 1], .missingReason),
      ("HTTP/1.1 200 OK\n", 200, [1, 1], .bareLF),
      ("HTTP/1.1 200\n", 200, [1, 1], [.bareLF, .missingReason]),
      ("HTTP/1.1  200 OK\r\n", 200, [1, 1], .oddStartLine),
      ("HTTP/1.1\u{b}200\u{b}OK\r\n", 200, [1, 1], .oddStartLine),
      ("HTTP/1.1 20x OK\r\n", 20, [1, 1], .oddStatus),
      ("HTTP/1.0 2XX OK\r\n", 2, [1, 0], .oddStatus),
      ("HTTP/1.1 0204 OK\r\n", 204, [1, 1], .oddStatus),
      ("HTTP/1.1 2040 OK\r\n", 2040, [1, 1], .oddStatus),
      ("HTTP/1.1 200OK\r\n", 200, [1, 1], .oddStatus),
      ("HTTP/1.1 200 a\rb\r\n", 200, [1, 1], []),
      ("HTTP/0.9 200 OK\r\n", 200, [0, 9], .oddVersion),
      ("HTTP/1.01 200 OK\r\n", 200, [1, 1], .oddVersion),
      ("HTTP/1.2 200 OK\r\n", 200, [1, 2], .oddVersion),
      ("HTTP/2.0 200 OK\r\n", 200, [2, 0], .oddVersion),
      ("HTTP/1.1 999 ?\r\n", 999, [1, 1], []),
    ] as [(String, UInt16, [UInt8], HeadOddities)])
  func `a status line`(_ line: String, _ status: UInt16, _ version: [UInt8], _ oddities: HeadOddities) throws {
    let octets = octets(line + "\r\n")
    let head = try responseHead(octets.span)
    #expect(head.status == status)
    #expect([head.versionMajor, head.versionMinor] == version)
    #expect(head.fields.oddities == oddities)
    #expect(head.octets == octets.count)
  }

  @Test(arguments: [
    "", "\r\n", "HTTP/1.1\r\n", "HTTP/1.1 \r\n", "HTTP/1.1 OK\r\n", "http/1.1 200 OK\r\n", "HTTP/1 200 OK\r\n",
    "HTTP/1.1200 OK\r\n", "HTTP/1.1 20000 OK\r\n", "ICY 200 OK\r\n", "SIP/2.0 200 OK\r\n", "RTSP/1.0 200 OK\r\n",
    "GET / HTTP/1.1\r\n", " HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK", "HTTP/1.1 -200 OK\r\n",
  ])
  func `no status line`(_ line: String) {
    let octets = octets(line)
    #expect(throws: Malformation.startLine) { try responseHead(octets.span) }
  }

  @Test(
    arguments: [(99, false), (100, true), (101, false), (102, true), (199, true), (200, false), (20, false)]
      as [(UInt16, Bool)])
  func `1xx but 101 are interim`(_ status: UInt16, _ interim: Bool) throws {
    let octets = octets("HTTP/1.1 \(status) X\r\n\r\n")
    #expect(try responseHead(octets.span).isInterim == interim)
  }
}

@Suite struct FieldTests {
  @Test(
    arguments: [
      ("Connection: close\r\n", [true, false, false]),
      ("connection:CLOSE\r\n", [true, false, false]),
      ("Connection: keep-alive\r\n", [false, true, false]),
      ("Connection: Keep-Alive, Upgrade\r\n", [false, true, true]),
      ("Connection: keep-alive\r\nX: y\r\nCONNECTION: ,, close ,\r\n", [true, true, false]),
      ("Connection: te,\r\n close\r\n", [true, false, false]),
      ("Connection: closed, keep-alive2, xupgrade\r\n", [false, false, false]),
      ("Connection: \"close\"\r\n", [false, false, false]),
      ("Connection:\r\n", [false, false, false]),
      ("XConnection: close\r\nConnectio: close\r\nConnectioN2: close\r\n", [false, false, false]),
      ("Proxy-Connection: close\r\n", [false, false, false]),
    ] as [(String, [Bool])])
  func `connection is a repeatable list`(_ lines: String, _ expected: [Bool]) throws {
    let fields = try fields(lines)
    #expect([fields.connectionClose, fields.connectionKeepAlive, fields.connectionUpgrade] == expected)
    #expect(fields.proxyConnection == lines.hasPrefix("Proxy"))
  }

  @Test(
    arguments: [
      ("", nil, ""),
      ("Content-Length: 5\r\n", 5, ""),
      ("content-LENGTH:0\r\n", 0, ""),
      ("Content-Length: 00005\r\n", 5, ""),
      ("Content-Length: 9223372036854775807\r\n", Int64.max, ""),
      ("Content-Length: 9223372036854775808\r\n", nil, "invalid"),
      ("Content-Length: 99999999999999999999999999\r\n", nil, "invalid"),
      ("Content-Length: 5, 5\r\n", 5, "repeated"),
      ("Content-Length: 5\r\nContent-Length: 5\r\n", 5, "repeated"),
      ("Content-Length: 5\r\nContent-Length: 6\r\n", 5, "conflicting"),
      ("Content-Length: 5, 6\r\n", 5, "conflicting"),
      ("Content-Length: -1\r\n", nil, "invalid"),
      ("Content-Length: +5\r\n", nil, "invalid"),
      ("Content-Length: 0x5\r\n", nil, "invalid"),
      ("Content-Length: 5;\r\n", nil, "invalid"),
      ("Content-Length: 5,\r\n", nil, "invalid"),
      ("Content-Length:\r\n", nil, "invalid"),
      ("Content-Length: 3 4\r\n", nil, "invalid"),
      ("Content-Length: 3\r\n 4\r\n", nil, "invalid"),
      ("Content-Length:\r\n 34\r\n", 34, ""),
      ("Content-Length: 5\r\nContent-Length: x\r\n", nil, "invalid"),
    ] as [(String, Int64?, String)])
  func `content length`(_ lines: String, _ length: Int64?, _ kind: String) throws {
    let fields = try fields(lines)
    #expect(fields.contentLength == length)
    #expect(fields.contentLengthInvalid == (kind == "invalid"))
    #expect(fields.contentLengthConflicting == (kind == "conflicting"))
    #expect(fields.oddities.contains(.repeatedContentLength) == (kind == "repeated"))
  }

  @Test(
    arguments: [
      ("", TransferEncoding.none, false),
      ("Transfer-Encoding: chunked\r\n", .chunked, false),
      ("transfer-encoding:CHUNKED\r\n", .chunked, false),
      ("Transfer-Encoding: gzip, chunked\r\n", .chunked, false),
      ("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", .chunked, false),
      ("Transfer-Encoding: gzip;q=1 , chunked ; x=y\r\n", .chunked, false),
      ("Transfer-Encoding:, chunked,\r\n", .chunked, false),
      ("Transfer-Encoding:\r\n chunked\r\n", .chunked, false),
      ("Transfer-Encoding: \r chunked\r \r\n", .chunked, false),
      ("Transfer-Encoding: chunked, identity\r\n", .chunked, true),
      ("Transfer-Encoding: identity\r\n", .none, true),
      ("Transfer-Encoding: chunked, chunked\r\n", .chunked, true),
      ("Transfer-Encoding: gzip\r\n", .notChunkedFinal, false),
      ("Transfer-Encoding: xchunked\r\n", .notChunkedFinal, false),
      ("Transfer-Encoding: chunked, gzip\r\n", .notChunkedFinal, true),
      ("Transfer-Encoding: chunked\r\nTransfer-Encoding: lalala\r\n", .notChunkedFinal, true),
      ("Transfer-Encoding: x chunked\r\n", .invalid, true),
      ("Transfer-Encoding: chunked \r\n x\r\n", .invalid, true),
      ("Transfer-Encoding: \u{0}chunked\r\n", .invalid, true),
      ("Transfer-Encoding:\r\n", .none, false),
      ("Transfer\u{0}-Encoding: chunked\r\n", .none, false),
      ("X: y\r\n Transfer-Encoding: chunked\r\n", .none, false),
      ("Transfer-Encoding\r\n :chunked\r\n", .none, false),
      ("Transfer-Encoding\r\n", .none, false),
      ("\rTransfer-Encoding: chunked\r\n", .chunked, false),
      ("Transfer-Encoding : chunked\r\n", .chunked, false),
      ("Transfer-Encoding\t\u{b}\u{c}\r: chunked\r\n", .chunked, false),
      (" Transfer-Encoding: chunked\r\n", .none, false),
    ] as [(String, TransferEncoding, Bool)])
  func `transfer codings`(_ lines: String, _ expected: TransferEncoding, _ odd: Bool) throws {
    let fields = try fields(lines)
    #expect(fields.transferEncoding == expected)
    #expect(fields.oddities.contains(.oddTransferEncoding) == odd)
  }

  @Test(
    arguments: [
      ("Keep-Alive: timeout=5, max=100\r\n", 5, 100),
      ("keep-alive:timeout=5\r\n", 5, nil),
      ("Keep-Alive: timeout=65\r\n", 65, nil),
      ("Keep-Alive: timeout=5, max=9x\r\n", 5, 9),
      ("Keep-Alive: timeout=5, max=\r\n", 5, nil),
      ("Keep-Alive: timeout=5,max=99\r\n", 5, 99),
      ("Keep-Alive: timeout=5, max=99, x\r\n", 5, 99),
      ("Keep-Alive: timeout=1234567890123, max=99\r\n", Int32.max, 99),
      ("Keep-Alive: max=100\r\n", nil, 100),
      ("Keep-Alive: MAX = 7 ; Timeout = \"9\"\r\n", 9, 7),
      ("Keep-Alive: timeout=5;max=100\r\n", 5, 100),
      ("Keep-Alive: 115\r\n", 115, nil),
      ("Keep-Alive: timeout=5\r\nKeep-Alive: timeout=6, max=1\r\n", 5, 1),
      ("Keep-Alive: timeout=99999999999999999999\r\n", Int32.max, nil),
      ("Keep-Alive: timeout=-5, max=x\r\n", nil, nil),
      ("Keep-Alive: timeout, max, foo=3, timeoutx=4\r\n", nil, nil),
      ("Keep-Alive:\r\n", nil, nil),
      ("Keep-Alivf: timeout=5\r\n", nil, nil),
    ] as [(String, Int32?, Int32?)])
  func `keep-alive parameters`(_ lines: String, _ timeout: Int32?, _ max: Int32?) throws {
    let fields = try fields(lines)
    #expect(fields.keepAliveTimeout == timeout)
    #expect(fields.keepAliveMax == max)
  }

  @Test(
    arguments: [
      ("Upgrade: websocket\r\n", UpgradeProtocol.websocket),
      ("upgrade:WebSocket/13\r\n", .websocket),
      ("Upgrade: h2c\r\n", .h2c),
      ("Upgrade: H2C, websocket\r\n", .h2c),
      ("Upgrade: tcp\r\n", .other),
      ("Upgrade: websocketx\r\n", .other),
      ("Upgrade: TLS/1.0, HTTP/1.1\r\n", .other),
      ("Upgrade:\r\n", .none),
      ("Upgrade-Insecure-Requests: 1\r\n", .none),
    ] as [(String, UpgradeProtocol)])
  func `upgrade`(_ lines: String, _ expected: UpgradeProtocol) throws {
    #expect(try fields(lines).upgrade == expected)
  }

  @Test(arguments: [
    ("Expect: 100-continue\r\n", true), ("EXPECT:100-Continue\r\n", true), ("Expect: 200-ok\r\n", false),
    ("Expect: 100-continuex\r\n", false), ("Except: 100-continue\r\n", false),
  ])
  func `expect`(_ lines: String, _ expected: Bool) throws {
    #expect(try fields(lines).expectContinue == expected)
  }

  @Test(
    arguments: [
      ("A: b\n", HeadOddities.bareLF),
      ("A: b\r\r\n", .repeatedCR),
      ("\r\r\n", [.repeatedCR, .noColon]),
      ("A: b\r\n c\r\n", .obsFold),
      (" A: b\r\n", .obsFold),
      ("no colon here\r\n", .noColon),
      ("A : b\r\n", .spaceBeforeColon),
      ("Abc : bcdefghijklmnop\r\n", .spaceBeforeColon),
      ("Abcdefghi\t: bcdefghijklmnop\r\n", .spaceBeforeColon),
      ("Ab\u{b}: bcdefghijklmnop\r\n", .spaceBeforeColon),
      ("Ab\r\n: bcdefghijklmnop\r\n", .noColon),
      ("Abcd\r\nE: bcdefghijklmnop\r\n", .noColon),
      ("Abcdefgh\r\n: bcdefghijklmnop\r\n", .noColon),
      ("Abcdefghijklmnopqrstuvwxyz bcdefghijklmnop\r\n", .noColon),
      (": b\r\n", []),
      ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", .transferEncodingAndContentLength),
    ] as [(String, HeadOddities)])
  func `oddities`(_ lines: String, _ expected: HeadOddities) throws {
    #expect(try fields(lines).oddities == expected)
  }

  @Test(arguments: ["", " ", "\t", " \u{c}\r"], ["\r\n", "\r\nX: a longer line that follows\r\n"])
  func `a field is read with white space before its colon`(_ space: String, _ rest: String) throws {
    let fields = try fields(
      [
        "Connection\(space): close", "Content-Length\(space): 7", "Expect\(space): 100-continue",
        "Upgrade\(space): h2c",
      ]
      .joined(separator: "\r\n") + "\r\nKeep-Alive\(space): timeout=5" + rest)
    #expect(fields.connectionClose)
    #expect(fields.contentLength == 7)
    #expect(fields.expectContinue)
    #expect(fields.upgrade == .h2c)
    #expect(fields.keepAliveTimeout == 5)
    #expect(fields.oddities.contains(.spaceBeforeColon) == !space.isEmpty)
  }

  @Test func `an old version with transfer codings is marked`() throws {
    #expect(try fields("Transfer-Encoding: chunked\r\n", version: "1.0").oddities == .transferEncodingBefore11)
  }

  @Test func `fields beyond the limit are read and marked`() throws {
    var limits = HTTPLimits()
    limits.fieldCount = 3
    let few = octets("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nConnection: close\r\n\r\n")
    let many = octets("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nC: 3\r\nConnection: close\r\n\r\n")
    #expect(try responseHead(few.span, limits: limits).fields.oddities == [])
    let fields = try responseHead(many.span, limits: limits).fields
    #expect(fields.oddities == .tooManyFields)
    #expect(fields.connectionClose)
  }

  /// Names are compared eight octets at a time: near misses in every place must not match.
  @Test(arguments: [
    "Connection", "Keep-Alive", "Proxy-Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "Expect",
  ])
  func `a name differs when one octet does`(_ name: String) throws {
    let right = try fields("\(name): \(Self.values[name] ?? "")\r\n")
    #expect(right != (try fields("X: y\r\n")))
    for index in octets(name).indices {
      for bit in 0..<8 {
        var changed = octets(name)
        changed[index] ^= 1 << bit
        let letter = octets(name)[index] | 0x20
        let sameLetter = bit == 5 && (0x61...0x7A).contains(letter)
        let head = octets("HTTP/1.1 200 OK\r\n") + changed + octets(": \(Self.values[name] ?? "")\r\n\r\n")
        var wrong = try responseHead(head.span).fields
        wrong.oddities = right.oddities
        #expect((wrong == right) == sameLetter, "octet \(index), bit \(bit)")
      }
    }
  }

  private static let values = [
    "Connection": "close", "Keep-Alive": "timeout=5", "Content-Length": "5", "Transfer-Encoding": "chunked",
    "Upgrade": "h2c", "Expect": "100-continue",
  ]

  @Test func `every prefix of a head is read as far as it goes`() throws {
    let text =
      "POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 12\r\nConnection:\r\n close\r\nKeep-Alive: timeout=5, max=9\r\n"
      + "Upgrade: websocket\r\nExpect: 100-continue\r\nProxy-Connection: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    let whole = octets(text)
    let line = text.prefix { $0 != "\r\n" }.utf8.count + 2
    for count in 0..<whole.count {
      let prefix = Array(whole.prefix(count))
      if count < line {
        #expect(throws: Malformation.startLine) { try requestHead(prefix.span) }
      } else {
        let head = try requestHead(prefix.span)
        #expect(head.fields.oddities.contains(.incomplete))
        #expect(head.octets == count)
      }
    }
    #expect(try !requestHead(whole.span).fields.oddities.contains(.incomplete))
  }

  /// Heads of every length, so that lines end in every place of the 64 octets looked at together.
  @Test func `fields are found wherever they stand`() throws {
    for padding in 0..<200 {
      let pad = String(repeating: "p", count: padding)
      let fields = try fields("X: \(pad)\r\nContent-Length: 77\r\nY: \(pad)\r\nConnection: close\r\n")
      #expect(fields.contentLength == 77)
      #expect(fields.connectionClose)
      #expect(fields.oddities == [])
    }
  }
}
