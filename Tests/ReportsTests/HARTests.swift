import Foundation
import TestSupport
import Testing
import Wire

@testable import Reports
@testable import ReuseAnalysis

@Suite struct HARTests {
  @Test func `a reused exchange waits behind the one before it`() {
    var row = exchange()
    row.holDelay = 1_000_000
    let timings = HARTimings(row)
    #expect(timings.connect == nil)
    #expect(timings.send == 32_231)
    #expect(timings.blocked == 1_000_000)
    #expect(timings.wait == 400_878)
    #expect(timings.receive == 419_111)
    #expect(timings.sum == 1_852_220)
    #expect(timings.unknown.isEmpty)
  }

  @Test func `a fresh exchange paid for its handshake`() throws {
    var row = exchange()
    row.use = .fresh
    row.setup = 20_000_000
    row.openedBecause = .allBusy
    let entry = try entry(row)
    #expect(entry["startedDateTime"] as? String == "2026-11-21T01:32:41.103456789Z")
    #expect((entry["timings"] as? [String: Any])?["connect"] as? Double == 20)
    #expect(entry["_reused"] as? Bool == false)
    #expect(entry["_initiatingCause"] as? String == "all-busy")
    #expect(entry["connection"] as? String == "3")
    #expect(entry["_connectionId"] as? String == "3")
    #expect(entry["time"] as? Double == 21.85222)
  }

  @Test func `what is not known is told`() throws {
    var row = exchange()
    row.response = nil
    row.holDelay = nil
    row.use = .unknown
    var entry = try entry(row)
    let timings = try #require(entry["timings"] as? [String: Any])
    #expect(timings["blocked"] as? Double == -1)
    #expect(timings["connect"] as? Double == -1)
    #expect(timings["wait"] as? Double == 0)
    #expect(timings["comment"] as? String == "not known: wait, receive")
    #expect((entry["response"] as? [String: Any])?["status"] as? Int == 0)
    #expect(entry["_reused"] is NSNull)
    row = exchange()
    row.request = nil
    entry = try self.entry(row)
    #expect((entry["request"] as? [String: Any])?["url"] as? String == "about:blank")
  }

  @Test(
    arguments: [
      ("GET", "/a?b=c", "shop.test", "http://shop.test/a?b=c"), ("GET", "/", nil, "http://10.77.0.2:80/"),
      ("GET", "/", "", "http://10.77.0.2:80/"), ("GET", "http://other.test/x", "shop.test", "http://other.test/x"),
      ("OPTIONS", "*", "shop.test", "http://shop.test"), ("CONNECT", "a.test:443", "a.test", "http://a.test:443"),
      ("GET", "x", "shop.test", "http://shop.test/x"),
      ("GET", "/a b\"<>#\u{1B}%zz%20", "h", "http://h/a%20b%22%3C%3E%23%1B%25zz%20"),
      ("GET", "javascript:alert(1)", "h", "http://h/javascript:alert(1)"), ("GET", "/", "a/b?c", "http://a%2Fb%3Fc/"),
      ("GET", "/[x]", "[::1]:80", "http://[::1]:80/%5Bx%5D"), ("GET", "", "h", "http://h/"),
    ] as [(String, String, String?, String)])
  func `the address is whole and a URI`(_ method: String, _ target: String, _ host: String?, _ url: String) throws {
    var row = exchange()
    row.request?.method = Array(method.utf8)
    row.request?.target = Array(target.utf8)
    row.request?.host = host.map { Array($0.utf8) }
    #expect((try entry(row)["request"] as? [String: Any])?["url"] as? String == url)
  }

  @Test func `the query is told apart, and left out where asked for`() throws {
    var row = exchange()
    row.request?.target = Array("/a?b=c=d&&e&f=".utf8)
    let request = try #require(try entry(row)["request"] as? [String: Any])
    let query = try #require(request["queryString"] as? [[String: String]])
    #expect(query == [["name": "b", "value": "c=d"], ["name": "e", "value": ""], ["name": "f", "value": ""]])
    let redacted = try #require(try entry(row, redacts: true)["request"] as? [String: Any])
    #expect(redacted["url"] as? String == "http://shop.test/a?")
    #expect((redacted["queryString"] as? [Any])?.isEmpty == true)
  }

  @Test func `any octets give an archive that can be read`() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix64(seed: seed)
    var writer = HARWriter()
    for _ in 0..<200 {
      var row = exchange()
      func octets() -> [UInt8] { (0..<Int(random.next() % 20)).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
      row.request?.method = octets()
      row.request?.target = octets()
      row.request?.host = octets()
      row.request?.start = Int64(bitPattern: random.next())
      row.request?.end = Int64(bitPattern: random.next())
      row.response?.start = Int64(bitPattern: random.next())
      row.setup = Int64(bitPattern: random.next() >> 1)
      writer.append(row)
    }
    writer.end(Summary())
    let data = Data(writer.buffer.octets)
    #expect(throws: Never.self, "seed \(seed)") { try JSONDecoder().decode(AnyJSON.self, from: data) }
    writer.restart()
    writer.end(Summary())
    #expect(throws: Never.self) { try JSONDecoder().decode(AnyJSON.self, from: Data(writer.buffer.octets)) }
  }

  private func entry(_ row: ExchangeRow, redacts: Bool = false) throws -> [String: Any] {
    var writer = HARWriter(redacts: redacts)
    writer.append(row)
    writer.end(Summary())
    let archive = try JSONSerialization.jsonObject(with: Data(writer.buffer.octets)) as? [String: Any]
    let log = try #require(archive?["log"] as? [String: Any])
    #expect(log["version"] as? String == "1.2")
    let entries = try #require(log["entries"] as? [[String: Any]])
    return try #require(entries.first)
  }
}
