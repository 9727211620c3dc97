import ReuseAnalysis
import TestSupport
import Testing

/// HTTP/0.9 (RFC 1945 §4.1): what is read depends on the octets alone, not on the segments that they come in.
@Suite struct SimpleRequestTests {
  struct Case: CustomTestStringConvertible {
    var requests: String
    var responses: String
    /// Request, status, outcome, octets of the response's body; an answer without a head is no `response`.
    var rows: [String]

    var testDescription: String { "\(requests.debugDescription) answered \(responses.debugDescription)" }
  }

  static let cases = [
    Case(requests: "GET /a\r\n", responses: "<html></html>", rows: ["GET /a - complete -1"]),
    Case(requests: "GET /a\r\n", responses: "\r\nHTTP/1.1 200 OK\r\n\r\n", rows: ["GET /a - complete -1"]),
    Case(requests: "GET /a\r\n", responses: "HTTP/1 is a name", rows: ["GET /a - complete -1"]),
    Case(
      requests: "GET /a\r\n", responses: "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno",
      rows: ["GET /a 400 complete 2"]),
    Case(
      requests: "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b\n\r\n",
      responses: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokwords\r\n",
      rows: ["GET /a 200 complete 2", "GET /b - complete -1"]),
    Case(
      requests: "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b\n\r\n",
      responses: "HTTP/1.1 204 No Content\r\n\r\n\nHTTP/1.1 200 OK\r\n\r\n",
      rows: ["GET /a 204 complete 0", "GET /b - complete -1"]),
  ]

  @Test(arguments: cases)
  func `how it is cut does not tell`(_ row: Case) {
    let requests = Array(row.requests.utf8)
    let responses = Array(row.responses.utf8)
    let whole = rows([requests], [responses])
    #expect(whole == row.rows)
    for cut in 1..<requests.count {
      #expect(rows([Array(requests[..<cut]), Array(requests[cut...])], [responses]) == whole, "requests cut at \(cut)")
    }
    for cut in 1..<responses.count {
      #expect(
        rows([requests], [Array(responses[..<cut]), Array(responses[cut...])]) == whole, "responses cut at \(cut)")
    }
    #expect(rows(requests.map { [$0] }, responses.map { [$0] }) == whole, "octet by octet")
  }

  private func rows(_ requests: [[UInt8]], _ responses: [[UInt8]]) -> [String] {
    var talk = Conversation()
    talk.handshake(at: 0)
    for piece in requests { talk.send(piece, from: .client, at: 10) }
    for piece in responses { talk.send(piece, from: .server, at: 20) }
    talk.close(from: .server, at: 30)
    let analysis = Analysis(talk)
    return zip(analysis.pairs, analysis.exchanges).map { "\($0) \($1.outcome) \($1.response?.bodyBytes ?? -1)" }
  }
}
