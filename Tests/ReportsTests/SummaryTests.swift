import FoundationEssentials
import ReuseAnalysis
import Testing

@testable import Reports

/// A summary under a name: its content would fill pages where a test is named by its arguments.
struct SampleSummary: CustomTestStringConvertible {
  let testDescription: String
  let summary: Summary
  let text: String

  static let all = [
    SampleSummary(testDescription: "busy", summary: busySummary(), text: expectedBusyText),
    SampleSummary(testDescription: "uncertain", summary: uncertainSummary(), text: expectedUncertainText),
    SampleSummary(testDescription: "hostile", summary: hostileSummary(), text: expectedHostileText),
    SampleSummary(testDescription: "encrypted", summary: encryptedSummary(), text: expectedEncryptedText),
    SampleSummary(testDescription: "empty", summary: Summary(), text: expectedEmptyText),
  ]
}

@Test(arguments: SampleSummary.all)
func `the text of a summary is as expected`(_ sample: SampleSummary) {
  let text = SummaryText(sample.summary).text
  #expect(text == sample.text, "\(text)")
}

@Test func `the JSON of a summary is as expected`() {
  for (summary, expected) in [(uncertainSummary(), expectedUncertainJSON), (Summary(), expectedEmptyJSON)] {
    let text = String(decoding: SummaryJSON(summary).buffer.octets, as: UTF8.self)
    #expect(text == expected, "\(text)")
  }
}

@Test(arguments: SampleSummary.all)
func `no line is wider than asked for, and nothing reaches the terminal`(_ sample: SampleSummary) {
  for width in [0, 80, 81, 99, 132, 250] {
    let text = SummaryText(sample.summary, width: width).text
    for line in text.split(separator: "\n") {
      #expect(TerminalText.width(String(line)) <= max(width, 80), "\(line)")
      #expect(line.last != " ", "\(line)")
    }
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isObeyedByViewers })
  }
}

@Test(arguments: SampleSummary.all)
func `colour changes nothing but colour`(_ sample: SampleSummary) {
  let coloured = SummaryText(sample.summary, usesColour: true).text
  #expect(coloured.contains("\u{1B}[1m"))
  var plain = coloured
  for code in ["\u{1B}[0m", "\u{1B}[1m", "\u{1B}[2m"] { plain.replace(code, with: "") }
  #expect(plain == sample.text)
}

@Test func `the first screen answers the question`() {
  let screen = SummaryText(busySummary()).text.split(separator: "\n", omittingEmptySubsequences: false).prefix(24)
  let text = screen.joined(separator: "\n")
  for fact in ["87.3 %", "407 handshakes", "1.23 s", "2,800", "7.9", "58", "88.9 %", "10.77.0.2:80"] {
    #expect(text.contains(fact), "\(fact)")
  }
}

@Test func `tables show the rows asked for`() {
  let summary = busySummary()
  #expect(!SummaryText(summary, top: 1).text.contains("static.shop.test"))
  #expect(SummaryText(summary, top: 1).text.contains("top 1 of 2"))
  #expect(!SummaryText(summary, top: 0).text.contains("SERVERS"))
  #expect(SummaryText(summary, top: .max).text.contains("static.shop.test"))
}

@Test func `wider text keeps long server names in their row`() {
  let name = "[2001:db8:1111:2222:3333:4444:5555:6666]:65535"
  #expect(SummaryText(uncertainSummary()).text.contains(name + "\n"))
  #expect(SummaryText(uncertainSummary(), width: 120).text.contains(name + " "))
}

@Test func `responses alone are called that`() {
  var summary = busySummary()
  summary.reuse.ratio = nil
  summary.exchanges.withRequest = 0
  let text = SummaryText(summary).text
  #expect(text.contains("Only responses were captured (3,207)"))
  #expect(!text.contains("Reuse ratio"))
  // How many reused a connection is not known, so neither is what that saved.
  #expect(text.contains("Handshakes paid") && !text.contains("Handshakes saved"))
}

@Test func `a ledger that does not add up is shown and counted`() {
  var summary = busySummary()
  #expect(summary.ledger.packetRemainder == 0)
  #expect(summary.ledger.payloadRemainder == 0)
  summary.ledger.tcp -= 2
  summary.ledger.delivered += 1_000
  #expect(summary.ledger.packetRemainder == 2)
  #expect(summary.ledger.payloadRemainder == -1_000)
  let text = SummaryText(summary).text
  #expect(text.contains("2 packets in no row"))
  #expect(text.contains("-1.00 kB in no row"))
}

@Test(arguments: SampleSummary.all)
func `the JSON of a summary parses and is printable`(_ sample: SampleSummary) throws {
  let octets = SummaryJSON(sample.summary).buffer.octets
  _ = try JSONDecoder().decode([String: AnyJSON].self, from: Data(octets))
  #expect(octets.allSatisfy { $0 == 0x0A || $0 >= 0x20 && $0 != 0x7F })
}

@Test func `redacted summaries hold no user-info`() {
  let summary = hostileSummary()
  #expect(SummaryText(summary).text.contains("secret"))
  #expect(!SummaryText(summary, redacts: true).text.contains("secret"))
  #expect(!String(decoding: SummaryJSON(summary, redacts: true).buffer.octets, as: UTF8.self).contains("secret"))
}

@Test func `extreme figures are shown`() {
  var summary = busySummary()
  summary.capture.duration = .max
  summary.capture.bytes = .max
  summary.capture.packets = .min
  summary.exchanges.withRequest = .max
  summary.reuse.ratio = 0...1
  summary.reuse.efficiency = -.infinity
  summary.reuse.multiUseShare = .nan
  summary.reuse.requestsPerConnection.max = .max
  summary.idle.reuseByGap = [(.min, -.infinity), (.max, .nan)]
  summary.ledger.packets = .min
  summary.ledger.tcp = .max
  for octets in [Array(SummaryText(summary).text.utf8), SummaryJSON(summary).buffer.octets] { #expect(!octets.isEmpty) }
}
