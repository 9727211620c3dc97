import FoundationEssentials
import Testing
import Wire

@testable import Reports
@testable import ReuseAnalysis

private let server = endpoint(10, 77, 0, 2, port: 8080)
private let client = IPAddress(v4: 0x0A4D_0001)

/// One of each kind, as the analysis makes them.
private let findings: [Finding] = [
  Finding(
    kind: .closeRaces, severity: .problem, subject: .server(server),
    evidence: [
      ("races", .count(3)), ("before_fin", .count(2)), ("after_fin", .count(1)), ("idle_min", .duration(4_990 * ms)),
      ("idle_p50", .duration(4_998 * ms)), ("idle_max", .duration(5_003 * ms)), ("timeout", .duration(5 * second)),
      ("timeout_is", .text("inferred")), ("give_up_before", .duration(4 * second)), ("timeout_connections", .count(17)),
      ("as_default_of", .text("Apache httpd, Node.js, uvicorn")),
    ], threshold: [("races", .count(1))], examples: [4, 9, 11]),
  Finding(
    kind: .shortTimeout, severity: .warning, subject: .server(server),
    evidence: [
      ("lost_gaps", .count(280)), ("reused_gaps", .count(900)), ("lost_gap_p50", .duration(7 * second)),
      ("lost_gap_p90", .duration(18 * second)), ("timeout", .duration(5 * second)),
      ("advised_timeout", .duration(20 * second)),
      ("kept_share", .share(0.92)), ("extra_idle_seconds", .duration(2_400 * second)),
      ("extra_idle_connections", .number(39.2)),
      ("extra_idle_memory", .number(1_605_632)), ("as_default_of", .text("Apache httpd, Node.js, uvicorn")),
    ], threshold: [("lost_gaps", .count(5))], saves: .init(handshakes: 258, time: 780 * ms), examples: [3]),
  Finding(
    kind: .missedReuse, severity: .warning, subject: .pool(client: client, server: server),
    evidence: [
      ("missed", .count(61)), ("openings", .count(310)), ("share", .share(0.197)), ("clients", .count(1)),
      ("peak_open", .count(44)),
    ], threshold: [("missed", .count(5))], saves: .init(handshakes: 61, time: nil), examples: [7, 8]),
]

@Test func `the first screen of a capture with races names server, timeout, gap and setting`() {
  var summary = busySummary()
  summary.findings = findings
  let lines = SummaryText(summary).text.split(separator: "\n", omittingEmptySubsequences: false).prefix(24)
  let screen = lines.map { $0.drop { $0 == " " } }.joined(separator: " ")
  for fact in [
    "10.77.0.2:8080", "after 5.00 s, as the default of Apache httpd, Node.js, uvicorn", "came after 5.00 s idle", "502",
    "for less than 4.00 s", "nginx upstream keepalive_timeout", "AWS ALB idle timeout", "server.keepAliveTimeout",
  ] { #expect(screen.contains(fact), "\(fact) is not in\n\(lines.joined(separator: "\n"))") }
}

@Test func `the text shows three findings, the JSON all`() throws {
  var summary = busySummary()
  summary.findings = findings + [findings[2]]
  let text = SummaryText(summary).text
  #expect(text.contains("FINDINGS  worst first; 1 more in --json\n"))
  #expect(!text.contains("No findings"))
  let octets = SummaryJSON(summary).buffer.octets
  let json = try JSONDecoder().decode([String: AnyJSON].self, from: Data(octets))
  #expect(json["findings"] != nil)
  let written = String(decoding: octets, as: UTF8.self)
  #expect(written.split(separator: "\"advice\":").count == 5)
  #expect(written.contains(#""subject": {"kind": "pool", "client": "10.77.0.1", "server": "10.77.0.2:8080"}"#))
  #expect(written.contains(#""saves": {"handshakes": 258, "seconds": 0.78}"#))
  #expect(written.contains(#""saves": null"#) && written.contains(#""examples": [4, 9, 11]"#))
}

@Test func `advice follows from the numbers`() {
  let short = FindingText(findings[1])
  #expect(short.message.contains("280 requests that came later, 90 % of them within 18.0 s"))
  for fact in ["timeout of 20 s", "92.0 %", "258 handshakes (780 ms)", "2,400 s", "39.2 connections", "1.61 MB"] {
    #expect(short.advice.contains(fact), "\(short.advice)")
  }
}

@Test(arguments: [
  (0, 1, "it fails"), (0, 35, "they fail"), (2, 35, "closed 2 connections while a request was on its way, and"),
])
func `resets on unread requests are told as lost requests`(races: Int, unread: Int, words: String) {
  var finding = findings[0]
  finding.evidence = [("reset_unread", .count(unread))] + finding.evidence.filter { $0.name != "races" }
  if races > 0 { finding.evidence.append(("races", .count(races))) }
  let text = FindingText(finding)
  #expect(text.message.contains("reset \(unread) connection") && text.message.contains(words))
  #expect(text.message.contains("502") && text.advice.contains("for less than 4.00 s"))
}

/// Whatever the numbers: every kind has words, and nothing in them hurts a terminal.
@Test(arguments: Finding.Kind.allCases)
func `every kind has words`(_ kind: Finding.Kind) {
  let origin: [UInt8] = Array("user:secret@shop\u{1B}[2J\u{202E}.test".utf8) + [0xFF]
  let subjects: [Finding.Subject] = [
    .capture, .server(server), .pool(client: client, server: server), .origin(origin), .client(client),
  ]
  let extreme: [Finding.Value] = [
    .count(.max), .count(.min), .duration(.min), .share(.nan), .number(.infinity), .text("x"),
  ]
  let names =
    findings.flatMap { $0.evidence.map(\.name) } + [
      "waited", "queued", "refused", "unanswered", "exchanges_max_to_mean", "reset_unread",
    ]
  for subject in subjects {
    for value in extreme {
      let words = FindingText(
        Finding(
          kind: kind, severity: .info, subject: subject, evidence: names.map { ($0, value) }, threshold: [],
          saves: .init(handshakes: .max, time: .max)), redacts: true)
      #expect(words.message.count > 40 && words.advice.count > 40 || kind == .failedHandshakes)
      for text in [words.message, words.advice, words.subject] {
        #expect(!text.contains("secret") && text.unicodeScalars.allSatisfy { !$0.isObeyedByViewers })
      }
    }
  }
}
