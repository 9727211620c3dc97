import Foundation
import TestSupport
import Testing

@testable import Reports
@testable import ReuseAnalysis

@Suite struct MarkdownTests {
  @Test func `the summary is short, the answer first`() {
    let text = SummaryMarkdown(busySummary()).text
    #expect(
      text.hasPrefix("## HTTP connection reuse\n\n`shop.pcapng`: 61.3 s from 2026-11-21T01:32:41Z, 91,462 packets"))
    #expect(text.contains("**87.3 % of 3,207 requests reused a connection.** 407 handshakes (1.23 s) paid; 58 would"))
    #expect(text.contains("| `10.77.0.2:80` | 3,000 | 310 | 89.7 % | 310 | 940 ms | 40 | 5 s (advertised) |"))
    #expect(text.contains("| after-server-idle-close | 280 | 68.8 % | 850 ms |"))
    #expect(text.split(separator: "\n").count < 40)
  }

  @Test func `tables have as many cells in each row`() {
    for summary in [busySummary(), uncertainSummary()] {
      var cells = 0
      for line in SummaryMarkdown(summary).text.split(separator: "\n", omittingEmptySubsequences: false) {
        guard line.hasPrefix("|") else {
          cells = 0
          continue
        }
        let count = line.count { $0 == "|" }
        #expect(cells == 0 || cells == count, "\(line)")
        cells = count
      }
    }
  }

  @Test func `findings come first, and a hostile origin stays in its code span`() {
    var summary = busySummary()
    var balance = Finding.sample(.origin(Array("a`|<b>@all{origin}".utf8)))
    balance.kind = .unevenBalance
    summary.findings = [.sample(.server(endpoint(10, 0, 0, 2, port: 80))), balance]
    let text = SummaryMarkdown(summary).text
    #expect(text.contains("\n### Findings\n\n- **warning**: 10 of 18 connections from "))
    #expect(text.contains(" Connections 5, 6.\n"))
    #expect(text.contains("`a\\x60\\x7c<b>@all{origin}`"))
    #expect(!text.replacing("`a\\x60\\x7c<b>@all{origin}`", with: "").contains("<b>"))
    #expect(
      (text.range(of: "### Findings")?.lowerBound ?? text.endIndex)
        < (text.range(of: "| Reuse ratio")?.lowerBound ?? text.startIndex))
  }

  @Test func `a capture without HTTP, and one without requests, is told`() {
    #expect(SummaryMarkdown(Summary()).text.contains("**No HTTP/1.x was found** in 0 TCP connections."))
    var summary = Summary()
    summary.exchanges.total = 2
    let text = SummaryMarkdown(summary).text
    #expect(text.contains("**Only responses were captured:**"))
    #expect(text.contains("Handshakes paid") && !text.contains("Handshakes saved"))
  }

  @Test(arguments: [
    ("a|b", "`a\\x7cb`"), ("`x`", "`\\x60x\\x60`"), ("<script>", "`<script>`"), ("", "(empty)"),
    ("a\n# b", "`a\\x0a# b`"), ("\u{202E}\u{1B}", "`\\xe2\\x80\\xae\\x1b`"),
  ])
  func `text from elsewhere stays in its code span`(_ text: String, _ code: String) {
    #expect(SummaryMarkdown.code(text) == code)
    var summary = busySummary()
    summary.capture.files = [text]
    summary.warnings = [.init(text, matters: true)]
    let document = SummaryMarkdown(summary).text
    #expect(document.contains("\(code): 61.3 s"))
    #expect(document.contains("\n- \(code)\n"))
  }
}
