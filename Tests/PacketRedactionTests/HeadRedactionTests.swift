import HTTP1
import TestSupport
import Testing

@Suite struct `A head without its secrets` {
  @Test(arguments: [
    ("GET /a?q=1&t=2 HTTP/1.1\r\n\r\n", "GET /a?xxxxxxx HTTP/1.1\r\n\r\n"),
    ("GET /a;jsessionid=12/b HTTP/1.0\r\n\r\n", "GET /a;xxxxxxxxxxxxxxx HTTP/1.0\r\n\r\n"),
    ("GET /a#frag HTTP/1.1\r\n\r\n", "GET /a#xxxx HTTP/1.1\r\n\r\n"),
    ("GET http://me:pw@shop.test/a?b HTTP/1.1\r\n\r\n", "GET http://xxxxx@shop.test/a?x HTTP/1.1\r\n\r\n"),
    ("CONNECT me:pw@shop.test:443 HTTP/1.1\r\n\r\n", "CONNECT xxxxx@shop.test:443 HTTP/1.1\r\n\r\n"),
    ("GET http://me:p?w@shop.test/a HTTP/1.1\r\n\r\n", "GET http://xxxx?xxxxxxxxxxxxx HTTP/1.1\r\n\r\n"),
    ("GET http://me:p;w@shop.test/a HTTP/1.1\r\n\r\n", "GET http://xxxx;xxxxxxxxxxxxx HTTP/1.1\r\n\r\n"),
    ("GET http://me:p/w@shop.test/a HTTP/1.1\r\n\r\n", "GET http://xxxxxx@shop.test/a HTTP/1.1\r\n\r\n"),
    ("GET /to/http://me:pw@shop.test/a HTTP/1.1\r\n\r\n", "GET /to/http://xxxxx@shop.test/a HTTP/1.1\r\n\r\n"),
    ("GET http://shop.test//me:pw@b/ HTTP/1.1\r\n\r\n", "GET http://shop.test//xxxxx@b/ HTTP/1.1\r\n\r\n"),
    ("GET /@scope/pkg HTTP/1.1\r\n\r\n", "GET /@scope/pkg HTTP/1.1\r\n\r\n"),
    ("secret /a HTTP/1.1\r\n\r\n", "xxxxxx /a HTTP/1.1\r\n\r\n"),
    ("M-SEARCH * HTTP/1.1\r\n\r\n", "M-SEARCH * HTTP/1.1\r\n\r\n"),
    ("OPTIONS * HTTP/1.1\r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n"),
    ("GET /a b?c d HTTP/1.1\r\n\r\n", "GET /a xxxxx HTTP/1.1\r\n\r\n"),
    ("GET /a?b HTTP/secret\r\n\r\n", "GET /a?x HTTP/xxxxxx\r\n\r\n"),
    ("GET /a?b\r\n", "GET /a?x\r\n"),
    ("GET /a?b\n\n", "GET /a?x\n\n"),
    ("not a request line\r\nHost: a\r\n\r\n", "xxxxxxxxxxxxxxxxxx\r\nHost: a\r\n\r\n"),
    ("GET /a?no end", "xxxxxxxxxxxxx"),
  ])
  func `keeps of a request line what is no secret`(_ head: String, _ kept: String) {
    #expect(redacted(head, .request) == kept)
  }

  @Test(arguments: [
    ("Cookie: a=1; b=2\r\n", "Cookie: xxxxxxxx\r\n"),
    ("cookie:a=1\n", "cookie:xxx\n"),
    ("COOKIE : a=1\r\n", "COOKIE : xxx\r\n"),
    ("Set-Cookie: a=1\r\n b=2\r\n\tc=3\r\nVary: x\r\n", "Set-Cookie: xxx\r\nxxxx\r\nxxxx\r\nVary: x\r\n"),
    ("Authorization: Basic eA==\r\n", "Authorization: xxxxxxxxxx\r\n"),
    ("Proxy-Authorization: Bearer a.b\r\n", "Proxy-Authorization: xxxxxxxxxx\r\n"),
    ("X-Api-Key: k\r\nReferer: http://a/?b\r\n", "X-Api-Key: x\r\nReferer: xxxxxxxxxxx\r\n"),
    ("A-Name-That-Is-Longer-Than-Any: v\r\n", "A-Name-That-Is-Longer-Than-Any: x\r\n"),
    ("Host: me:pw@shop.test\r\n", "Host: xxxxx@shop.test\r\n"),
    ("Host: me:p/w@shop.test\r\n", "Host: xxxxxx@shop.test\r\n"),
    ("Host: shop.test?key=1\r\n", "Host: shop.test?xxxxx\r\n"),
    ("Host: shop.test:8080\r\nConnection: keep-alive\r\n", "Host: shop.test:8080\r\nConnection: keep-alive\r\n"),
    ("Keep-Alive: timeout=5, max=9\r\n", "Keep-Alive: timeout=5, max=9\r\n"),
    ("Content-Length: 5\r\nTransfer-Encoding:chunked\r\n", "Content-Length: 5\r\nTransfer-Encoding:chunked\r\n"),
    ("Transfer-Encoding:\r\n chunked\r\n", "Transfer-Encoding:\r\n chunked\r\n"),
    ("Accept: a\r\n Cookie: b\r\n", "Accept: a\r\nxxxxxxxxxx\r\n"),
    ("Accept: a\rCookie: b\r\n", "Accept: axxxxxxxxxx\r\n"),
    ("Accept: a\0secret\r\n", "Accept: axxxxxxx\r\n"),
    ("no colon here\r\n", "xxxxxxxxxxxxx\r\n"),
    (": no name\r\n", "xxxxxxxxx\r\n"),
    ("a b: c\r\n", "xxxxxx\r\n"),
    (" begins with a blank\r\n", "xxxxxxxxxxxxxxxxxxxx\r\n"),
    ("Accept: */*\r\nHost: no-end", "Accept: */*\r\nHost: xxxxxx"),
  ])
  func `keeps of fields what is no secret`(_ fields: String, _ kept: String) {
    #expect(redacted("GET / HTTP/1.1\r\n" + fields, .request) == "GET / HTTP/1.1\r\n" + kept)
    #expect(redacted("HTTP/1.1 200 \r\n" + fields, .response) == "HTTP/1.1 200 \r\n" + kept)
  }

  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 xx\r\n\r\n"),
    ("HTTP/1.1 200\r\n\r\n", "HTTP/1.1 200\r\n\r\n"),
    ("HTTP/1.0 404 Not Found 1\n\n", "HTTP/1.0 404 xxxxxxxxxxx\n\n"),
    ("HTTP/1.1 20x secret\r\n\r\n", "HTTP/1.1 20xxxxxxxx\r\n\r\n"),
    ("HTTP/1.1 2secret\r\n\r\n", "HTTP/1.1 2xxxxxx\r\n\r\n"),
  ])
  func `keeps of a status line what is no secret`(_ head: String, _ kept: String) {
    #expect(redacted(head, .response) == kept)
  }

  @Test func `keeps no password, whatever octets it has`() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix64(seed: seed)
    for _ in 0..<2000 {
      let password = String(
        (0..<Int.random(in: 0...12, using: &random)).map { _ in "ab/?#;@:1.".randomElement(using: &random) ?? "a" })
      let before = ["http://", "//", "/to/http://", "https:/", ""].randomElement(using: &random) ?? ""
      let after = ["", "/", "/p?q=1", ":80/a@b", "/p;q"].randomElement(using: &random) ?? ""
      let target = "\(before)user:q\(password)@shop.test\(after)"
      let kept = redacted("GET \(target) HTTP/1.1\r\nHost: user:q\(password)@shop.test\r\n\r\n", .request)
      #expect(!kept.contains("user") && !kept.contains("q\(password)@"), "seed \(seed): \(target)")
    }
  }

  @Test func `means the same to a parser`() throws {
    var random = SplitMix64(seed: 7)
    let lines = [
      "Host: shop.test", "Connection: keep-alive", "connection: Close", "Content-Length: 12", "Cookie: a=b",
      "Keep-Alive: timeout=5", "Transfer-Encoding: chunked", "Upgrade: websocket", "X: y", "Expect: 100-continue",
    ]
    for _ in 0..<500 {
      let chosen = (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in lines.randomElement(using: &random) }
      let end = Bool.random(using: &random) ? "\r\n" : "\n"
      let request = (["GET /a?secret HTTP/1.1"] + chosen + ["", ""]).joined(separator: end)
      let response = (["HTTP/1.1 200 OK"] + chosen + ["", ""]).joined(separator: end)
      #expect(parsed(redacted(request, .request)) == parsed(request))
      let before = parseResponseHead(Array(response.utf8).span)
      #expect(parseResponseHead(Array(redacted(response, .response).utf8).span) == before)
    }
  }
}

private func parsed(_ head: String) -> HeadResult<RequestHead> { parseRequestHead(Array(head.utf8).span) }

private func redacted(_ head: String, _ direction: MessageParser.Direction) -> String {
  let text = Array(head.utf8)
  let kept = direction == .request ? HeadRedaction.request(text.span) : HeadRedaction.response(text.span)
  return String(decoding: kept, as: UTF8.self)
}
