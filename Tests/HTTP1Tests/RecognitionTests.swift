import HTTP1
import Oracles
import Testing

@Suite struct RecognitionTests {
  @Test(
    arguments: [
      ("GET / HTTP/1.1\r\n", .yes), ("GET / HTTP/1.1\n", .yes), ("\r\n\nGET / HTTP/1.0\r\nHost", .yes),
      ("BREW /pot HTTP/1.1\r\n", .yes), ("GET /a b HTTP/1.1\r\n", .yes), ("GET /x\r\n", .yes),
      ("GET / HTTP/2.0\r\n", .yes), ("", .needMore), ("\r\n", .needMore), ("G", .needMore), ("GET /x", .needMore),
      ("GET / HTTP/1.1\r", .needMore), ("PRI * HTTP/2.0\r", .needMore), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .no),
      ("HTTP/1.1 200 OK\r\n", .no), ("OPTIONS sip:a@b SIP/2.0\r\n", .no), ("DESCRIBE rtsp://a RTSP/1.0\r\n", .no),
      ("ICY 200 OK\r\n", .no), ("SSH-2.0-OpenSSH_9.2\r\n", .no), ("220 mail.test ESMTP\r\n", .no),
      ("USER anonymous\r\n", .no), ("get key\r\n", .no), ("GET key\r\n", .no), ("*1\r\n$4\r\nPING\r\n", .no),
      ("\u{16}", .no), ("\u{0}", .no), ("<stream>", .no), ("{", .no), (" GET / HTTP/1.1\r\n", .no),
      ("GET / HTTP/1.1\rX", .no), ("GET /\u{0}", .no), ("GET /\u{7f}", .no), ("0032git-upload-pack /p\u{0}host=a", .no),
      ("POST /x\r\n", .no), ("AMQP\u{0}", .no), ("GET / http/1.1\r\n", .no),
    ] as [(String, Recognition)])
  func `a request`(_ text: String, _ expected: Recognition) {
    let octets = octets(text)
    #expect(recogniseRequest(octets.span) == expected)
  }

  @Test(
    arguments: [
      ("HTTP/1.1 200 OK\r\n", .yes), ("HTTP/1.0 404", .yes), ("\r\nHTTP/1.1 200\r\n", .yes), ("HTTP/0.9 200\n", .yes),
      ("", .needMore), ("\n", .needMore), ("H", .needMore), ("HTTP/", .needMore), ("HTTP/1.1 20", .needMore),
      ("HTTP/1.1 2000", .no), ("HTTP/1.1 20x", .no), ("HTTP/1.1  200", .no), ("HTTP/1,1", .no), ("HTTP/x", .no),
      ("http/1.1 200 OK", .no), ("HTTQ", .no), ("GET / HTTP/1.1\r\n", .no), ("ICY 200 OK", .no), ("\u{16}\u{3}", .no),
    ] as [(String, Recognition)])
  func `a response`(_ text: String, _ expected: Recognition) {
    let octets = octets(text)
    #expect(recogniseResponse(octets.span) == expected)
  }

  @Test func `nothing endless is waited for`() {
    let blank = [UInt8](repeating: 10, count: 70_000)
    let line = octets("GET /") + [UInt8](repeating: 0x61, count: 70_000)
    let token = [UInt8](repeating: 0x41, count: 65)
    #expect(recogniseRequest(blank.span) == .no)
    #expect(recogniseResponse(blank.span) == .no)
    #expect(recogniseRequest(line.span) == .no)
    #expect(recogniseRequest(token.span) == .no)
  }

  /// A verdict on a prefix is never taken back.
  @Test(arguments: ["GET /x HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "SSH-2.0-x\r\n"])
  func `every prefix`(_ text: String) {
    let octets = octets(text)
    for recognise in [recogniseRequest, recogniseResponse, recogniseHTTP2Preface] as [(Span<UInt8>) -> Recognition] {
      let verdict = recognise(octets.span)
      var decided = false
      for count in 0...octets.count {
        let now = recognise(octets.span.extracting(..<count))
        #expect(now == verdict || (now == .needMore && !decided))
        if now != .needMore { decided = true }
      }
    }
  }

  @Test(
    arguments: [
      ([0x16, 3, 1, 0, 5, 1], .tls), ([0x17, 3, 3, 0x40, 0], .tls), ([0x15, 3, 3, 0, 2], .tls),
      ([0x16, 3, 1], .needMore), ([0x16, 2], .other), ([0x16, 3, 5], .other), ([0x16, 3, 1, 0, 0], .other),
      ([0x16, 3, 1, 0xFF, 0xFF], .other), ([], .needMore), (Array("SSH-2.0".utf8), .ssh), (Array("SS".utf8), .needMore),
      (Array("SSL".utf8), .other), (Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), .http2Preface),
      (Array("PRI * HTTP/2.0\r\n".utf8), .needMore), (Array("PRI /x HTTP/1.1\r\n".utf8), .other),
      ([0, 0, 18, 4, 0, 0, 0, 0, 0], .http2Preface), ([0, 0, 18, 4, 1, 0, 0, 0, 0], .other), ([0, 0, 5, 4], .other),
      ([0, 0, 18, 4], .needMore), ([0x80], .other), (Array("GET / HTTP/1.1\r\n".utf8), .other),
    ] as [([UInt8], FirstOctets)])
  func `other protocols`(_ octets: [UInt8], _ expected: FirstOctets) {
    #expect(protocolName(ofFirstOctets: octets.span) == expected)
  }
}
