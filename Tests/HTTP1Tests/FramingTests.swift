import HTTP1
import Oracles
import Testing

@Suite struct FramingTests {
  @Test(arguments: [
    ("GET / HTTP/1.1\r\n", BodyFraming.none),
    ("POST / HTTP/1.1\r\n", .none),
    ("POST / HTTP/1.1\r\nContent-Length: 5\r\n", .contentLength(5)),
    ("GET / HTTP/1.1\r\nContent-Length: 5\r\n", .contentLength(5)),
    ("HEAD / HTTP/1.1\r\nContent-Length: 0\r\n", .contentLength(0)),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", .chunked),
    ("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", .chunked),
    ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", .chunked),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n", .contentLength(5)),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n", .invalid),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n", .invalid),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: x y\r\n", .invalid),
    ("POST / HTTP/1.1\r\nContent-Length: -1\r\n", .invalid),
    ("POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n", .invalid),
    ("POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n", .contentLength(5)),
    ("CONNECT a:1 HTTP/1.1\r\n", .none),
    ("CONNECT a:1 HTTP/1.1\r\nContent-Length: 3\r\n", .contentLength(3)),
    ("GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c\r\n", .none),
    ("GET / HTTP/0.9\r\nContent-Length: 3\r\n", .contentLength(3)),
  ])
  func `of a request`(_ text: String, _ expected: BodyFraming) throws {
    let octets = octets(text + "\r\n")
    #expect(BodyFraming.ofRequest(try requestHead(octets.span)) == expected)
  }

  @Test(
    arguments: [
      ("200", "", .get, BodyFraming.untilClose),
      ("200", "Content-Length: 5", .get, .contentLength(5)),
      ("200", "Content-Length: 5", .post, .contentLength(5)),
      ("200", "Content-Length: 0", .get, .contentLength(0)),
      ("200", "Content-Length: 5", .head, .none),
      ("200", "Transfer-Encoding: chunked", .head, .none),
      ("404", "Content-Length: -1", .head, .none),
      ("100", "", .post, .none),
      ("100", "Content-Length: 5", .get, .none),
      ("199", "Transfer-Encoding: chunked", .get, .none),
      ("101", "Content-Length: 5", .get, .upgrade),
      ("101", "", .head, .upgrade),
      ("204", "Content-Length: 5", .get, .none),
      ("304", "Content-Length: 5", .get, .none),
      ("304", "Transfer-Encoding: chunked", .get, .none),
      ("205", "Content-Length: 5", .get, .contentLength(5)),
      ("20", "Content-Length: 5", .get, .contentLength(5)),
      ("200", "", .connect, .tunnel),
      ("200", "Content-Length: 5", .connect, .tunnel),
      ("204", "", .connect, .tunnel),
      ("299", "Transfer-Encoding: chunked", .connect, .tunnel),
      ("407", "Content-Length: 5", .connect, .contentLength(5)),
      ("100", "", .connect, .none),
      ("304", "", .connect, .none),
      ("200", "Transfer-Encoding: chunked", .get, .chunked),
      ("200", "Transfer-Encoding: chunked\r\nContent-Length: 5", .get, .chunked),
      ("200", "Content-Length: 5, 6\r\nTransfer-Encoding: chunked", .get, .chunked),
      ("200", "Transfer-Encoding: gzip", .get, .untilClose),
      ("200", "Transfer-Encoding: gzip\r\nContent-Length: 5", .get, .untilClose),
      ("200", "Transfer-Encoding: x chunked", .get, .untilClose),
      ("200", "Transfer-Encoding: identity", .get, .untilClose),
      ("200", "Content-Length: 5, 6", .get, .invalid),
      ("200", "Content-Length: 5x", .get, .invalid),
      ("200", "Content-Length: 5, 5", .get, .contentLength(5)),
    ] as [(String, String, RequestMethodKind, BodyFraming)])
  func `of a response`(_ status: String, _ line: String, _ method: RequestMethodKind, _ expected: BodyFraming) throws {
    let octets = octets("HTTP/1.1 \(status) X\r\n" + (line.isEmpty ? "" : line + "\r\n") + "\r\n")
    #expect(BodyFraming.ofResponse(try responseHead(octets.span), answering: method) == expected)
  }

  @Test(
    arguments: [
      (1, 1, "", true), (1, 1, "close", false), (1, 1, "keep-alive, close", false), (1, 1, "keep-alive", true),
      (1, 0, "", false), (1, 0, "keep-alive", true), (1, 0, "close", false), (1, 0, "Close, Keep-Alive", false),
      (1, 2, "", true), (2, 0, "", true), (0, 9, "", false), (0, 9, "keep-alive", false),
    ] as [(UInt8, UInt8, String, Bool)])
  func `one message persists`(_ major: UInt8, _ minor: UInt8, _ options: String, _ expected: Bool) throws {
    let octets = octets("HTTP/\(major).\(minor) 200 OK\r\nConnection: \(options)\r\n\r\n")
    let head = try responseHead(octets.span)
    #expect(persists(versionMajor: head.versionMajor, minor: head.versionMinor, fields: head.fields) == expected)
  }
}
