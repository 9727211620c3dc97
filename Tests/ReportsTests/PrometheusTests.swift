import FoundationEssentials
import TestSupport
import Testing
import Wire

@testable import Reports
@testable import ReuseAnalysis

@Suite struct PrometheusTests {
  @Test(arguments: [Summary(), busySummary(), uncertainSummary()])
  func `each family is told once, and each sample belongs to it`(_ summary: Summary) throws {
    var families: [String: String] = [:]
    var series: Set<String> = []
    var family = ""
    for line in text(summary).split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.hasPrefix("# HELP ") {
        family = String(words[2])
        #expect(words.count > 3)
      } else if line.hasPrefix("# TYPE ") {
        #expect(words[2] == family)
        #expect(families.updateValue(String(words[3]), forKey: family) == nil, "\(family)")
        #expect((words[3] == "counter") == family.hasSuffix("_total"), "\(family)")
      } else {
        #expect(words.count == 2, "\(line)")
        #expect(series.insert(String(words[0])).inserted, "\(line)")
        let name = words[0].prefix { $0 != "{" }
        #expect(name == family || families[family] == "summary" && name.hasPrefix(family), "\(line)")
        #expect(Double(words[1]) != nil, "\(line)")
      }
    }
    #expect(families.count > 30)
  }

  @Test func `figures have their names`() {
    let text = text(busySummary())
    for line in [
      #"reusescope_exchanges_total{use="reused"} 2800"#, #"reusescope_handshake_setup_seconds{quantile="0.5"} 0.0021"#,
      #"reusescope_handshake_setup_seconds_sum 1.234"#, #"reusescope_handshake_setup_seconds_count 407"#,
      #"reusescope_connections_opened_total{cause="missed-reuse"} 61"#,
      #"reusescope_server_exchanges_total{server="[2001:db8::1]:8080",use="fresh"} 97"#,
      #"reusescope_connections_closed_total{reason="open",closed_by=""} 44"#,
    ] {
      #expect(text.contains("\n\(line)\n"), "\(line)")
    }
    #expect(!text.contains("shop.test"))
  }

  @Test func `what cannot be known has no sample`() {
    var summary = Summary()
    summary.reuse.idealConnections = nil
    let text = text(summary)
    #expect(!text.contains("reusescope_reuse_ratio"))
    #expect(!text.contains("reusescope_ideal_connections"))
    #expect(!text.contains("quantile"))
    #expect(!text.contains("packets_dropped"))
    #expect(text.contains("reusescope_packets_total 0\n"))
  }

  @Test func `servers have a bounded number of series`() {
    var summary = busySummary()
    let servers = (0..<1_000).map { number in
      group(
        server: endpoint(10, 0, UInt8(number >> 8), UInt8(number & 255), port: 80), connections: 1, exchanges: 1,
        paid: 1)
    }
    summary.servers = servers
    summary.serversOmitted = 5
    let text = text(summary)
    #expect(text.split(separator: "\n").count { $0.hasPrefix("reusescope_server_connections_total{") } == 50)
    #expect(text.contains(#"reusescope_servers{shown="all"} 1005"#))
  }

  @Test func `labels are escaped`() {
    #expect(PrometheusText.escaped("a\\b\"c\nd\u{1B}\u{202E}é") == "a\\\\b\\\"c\\nd\u{FFFD}\u{FFFD}é")
  }

  private func text(_ summary: Summary) -> String {
    String(decoding: PrometheusText(summary).buffer.octets, as: UTF8.self)
  }
}
