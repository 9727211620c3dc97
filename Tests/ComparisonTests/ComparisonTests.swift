import Comparison
import Reports
import ReuseAnalysis
import Testing
import Wire

@Suite struct ComparisonTests {
  private func value(_ change: (inout Summary) -> Void) throws -> JSONValue {
    var summary = Summary()
    summary.capture.files = ["a.pcap"]
    summary.capture.duration = 2_000_000_000
    change(&summary)
    return try #require(JSONValue(SummaryJSON(summary).buffer.octets))
  }

  private func traffic(requests: Int, reused: Int, paid: Int) throws -> JSONValue {
    try value {
      $0.exchanges.withRequest = requests
      $0.exchanges.reused = reused
      $0.reuse.ratio = Double(reused) / Double(requests)...Double(reused) / Double(requests)
      $0.reuse.handshakes.paid = paid
      $0.causes = [Summary.Cause(cause: .missedReuse, connections: paid, setupTime: 0)]
    }
  }

  @Test func setsFiguresSideBySide() throws {
    let comparison = try Comparison(
      before: traffic(requests: 100, reused: 50, paid: 50), after: traffic(requests: 200, reused: 180, paid: 20))
    let ratio = try #require(comparison["reuse.ratio"])
    #expect(ratio.before == 0.5...0.5 && ratio.after == 0.9...0.9)
    #expect(abs((ratio.change ?? 0) - 0.4) < 1e-12)
    let causes = try #require(comparison["causes[missed-reuse].connections"])
    #expect(causes.change == -30 && causes.relativeChange == -0.6)
    let rate = try #require(comparison["per_1000_requests.reuse.handshakes.paid"])
    #expect(rate.before == 500...500 && rate.after == 100...100)
  }

  @Test func whatOneSideDoesNotTellHasNoChange() throws {
    let known = try traffic(requests: 10, reused: 5, paid: 5)
    let unknown = try value { $0.reuse.ratio = 0.2...0.4 }
    let comparison = Comparison(before: unknown, after: known)
    let ratio = try #require(comparison["reuse.ratio"])
    #expect(ratio.before == 0.2...0.4 && ratio.change == nil && ratio.relativeChange == nil)
    #expect(try #require(comparison["per_1000_requests.connections.total"]).before == nil)
    let onlyAfter = try #require(comparison["causes[missed-reuse].connections"])
    #expect(onlyAfter.before == 0...0 && onlyAfter.change == 5)
  }

  @Test func equalSummariesDifferInNothing() throws {
    let same = try traffic(requests: 10, reused: 5, paid: 5)
    let comparison = Comparison(before: same, after: same)
    #expect(!comparison.rows.isEmpty)
    for row in comparison.rows where row.change != nil { #expect(row.change == 0, "\(row.figure)") }
  }

  @Test func serversAreMatchedByName() throws {
    func servers(_ counts: [(octet: UInt8, reused: Int)]) throws -> JSONValue {
      try value { summary in
        summary.servers = counts.map {
          var group = Summary.Group()
          group.server = Endpoint(address: .init(v4: 0x0A00_0000 | UInt32($0.octet)), port: 80)
          group.reused = $0.reused
          return group
        }
      }
    }
    let comparison = try Comparison(before: servers([(1, 3), (2, 4)]), after: servers([(2, 9), (3, 1)]))
    #expect(comparison.servers.map(\.server) == ["10.0.0.2:80", "10.0.0.3:80", "10.0.0.1:80"])
    let both = try #require(comparison.servers[0].rows.first { $0.figure == "reused" })
    #expect(both.before == 4...4 && both.after == 9...9)
    let gone = try #require(comparison.servers[2].rows.first { $0.figure == "reused" })
    #expect(gone.before == 3...3 && gone.after == nil)
  }

  @Test func textFitsItsWidthAndEscapesNames() throws {
    var before = try traffic(requests: 100, reused: 50, paid: 50)
    before = try #require(
      JSONValue(Array(#"{"reusescope":"1","capture":{"files":["a\u001b[31m\u202eb.pcap"]},"x\u001b":1}"#.utf8)))
    let after = try traffic(requests: 200, reused: 180, paid: 20)
    for width in [80, 100, 200] {
      let text = ComparisonText(Comparison(before: before, after: after), names: ("a", "b"), width: width).text
      #expect(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
      for line in text.split(separator: "\n") { #expect(TerminalText.width(String(line)) <= width, "\(line)") }
    }
  }

  @Test func jsonIsJSON() throws {
    let comparison = try Comparison(
      before: traffic(requests: 100, reused: 50, paid: 50), after: value { $0.capture.files = ["\"\u{2028}"] })
    let json = try #require(JSONValue(ComparisonJSON(comparison).buffer.octets))
    #expect(json["after"]?["files"]?.array == [.string("\"\u{2028}")])
    #expect(json["figures"]?.array?.count == comparison.rows.count)
  }
}
