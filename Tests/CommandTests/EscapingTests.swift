import Foundation
import Oracles
import TestSupport
import Testing

/// What a capture says may have no effect where it is shown: on a terminal, in a page, in a spreadsheet.
@Suite struct EscapingTests {
  /// An output with what it may not be like. A new output takes a line in ``all``.
  struct Form: CustomTestStringConvertible, Sendable {
    let name: String
    let arguments: [String]
    /// The files that it makes, in a folder of their own; none: standard output.
    let files: [String]
    let problem: @Sendable ([UInt8]) -> String?

    init(
      _ name: String, _ arguments: [String], files: [String] = [], _ problem: @escaping @Sendable ([UInt8]) -> String?
    ) {
      self.name = name
      self.arguments = arguments
      self.files = files
      self.problem = problem
    }

    var testDescription: String { name }

    static let tables = ["exchanges", "connections", "servers", "pools", "hosts", "causes", "closes", "races"]

    static let all = [
      Form("text", ["--width", "300", "--top", "1000"]) { ShownText.problem($0) },
      Form("narrow text", ["--width", "40"]) { ShownText.problem($0) },
      Form("summary", ["--json", "out"], files: ["out"]) { JSONText.problem($0) },
      Form("exchanges", ["--exchanges", "out"], files: ["out"]) { linesProblem($0) },
      Form("connections", ["--connections", "out"], files: ["out"]) { linesProblem($0) },
      Form("HAR", ["--har", "out"], files: ["out"]) { JSONText.problem($0) },
      Form("HTML", ["--html", "out"], files: ["out"]) { pageProblem($0) },
      Form("Markdown", ["--markdown", "out"], files: ["out"]) { markdownProblem($0) },
      Form("Prometheus", ["--prometheus", "out"], files: ["out"]) { prometheusProblem($0) },
      Form("CSV", ["--csv", "tables"], files: tables.map { "tables/\($0).csv" }) { csvProblem($0) },
    ]

    private static func linesProblem(_ octets: [UInt8]) -> String? {
      octets.split(separator: 10).lazy.compactMap { JSONText.problem(Array($0)) }.first
    }

    /// No markup but the page's own.
    private static func pageProblem(_ octets: [UInt8]) -> String? {
      if let problem = ShownText.problem(octets, allowing: ["\n", "\t"]) { return problem }
      let page = String(decoding: octets, as: UTF8.self)
      for markup in ["<img src=x", "<script>alert", "</script><"] where page.contains(markup) { return markup }
      return nil
    }

    /// Text of a capture stands in code spans, where it is neither Markdown nor HTML; rows have the columns of their table.
    private static func markdownProblem(_ octets: [UInt8]) -> String? {
      if let problem = ShownText.problem(octets) { return problem }
      let lines = String(decoding: octets, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      var columns: Int?
      for line in lines {
        let bare = outsideCode(line)
        for tag in ["<script", "</script", "<img", "<!--", "]("] where bare.lowercased().contains(tag) {
          return "\(tag) in \(line)"
        }
        guard line.hasPrefix("|") else {
          columns = nil
          continue
        }
        // A table's cells end at every bar that has no backslash before it, in code spans as well.
        let bars = line.replacing("\\|", with: "").count { $0 == "|" }
        if let columns, columns != bars { return "\(bars) bars, not \(columns): \(line)" }
        columns = bars
      }
      return nil
    }

    private static func outsideCode(_ line: some StringProtocol) -> String {
      var (bare, rest) = ("", line[...])
      while let open = rest.firstIndex(of: "`") {
        bare += rest[..<open]
        let fence = rest[open...].prefix { $0 == "`" }
        guard let close = rest[fence.endIndex...].firstRange(of: fence) else { return bare + rest[open...] }
        rest = rest[close.upperBound...]
      }
      return bare + rest
    }

    /// The text exposition format: comments, or a name, labels in quotation marks, and a number.
    private static func prometheusProblem(_ octets: [UInt8]) -> String? {
      if let problem = ShownText.problem(octets) { return problem }
      let sample = #/[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*",?)*\})? [-+.0-9eINFNan]+/#
      return String(decoding: octets, as: UTF8.self).split(separator: "\n").lazy
        .filter { !$0.hasPrefix("# ") && $0.wholeMatch(of: sample) == nil }.map { "no sample: \($0)" }.first
    }

    /// RFC 4180, every row as long as the first, and no field that a spreadsheet would take for a formula.
    private static func csvProblem(_ octets: [UInt8]) -> String? {
      if let problem = ShownText.problem(octets, allowing: ["\r", "\n"]) { return problem }
      var columns: Int?
      for line in String(decoding: octets, as: UTF8.self).split(separator: "\r\n") {
        if line.unicodeScalars.contains(where: { $0 == "\r" || $0 == "\n" }) { return "a line break in \(line)" }
        guard let fields = csvFields(line) else { return "no fields: \(line)" }
        if let columns, columns != fields.count { return "\(fields.count) fields, not \(columns): \(line)" }
        columns = fields.count
        for field in fields where "=+-@\t".contains(field.first ?? " ") && Double(field) == nil {
          return "a formula: \(field)"
        }
      }
      return nil
    }

    private static func csvFields(_ line: some StringProtocol) -> [String]? {
      let field = #/("(?<quoted>([^"]|"")*)"|(?<plain>[^",]*))(,|$)/#
      var (fields, rest) = ([String](), Substring(line))
      while let match = rest.prefixMatch(of: field) {
        fields.append(String(match.quoted.map { $0.replacing("\"\"", with: "\"") } ?? match.plain ?? ""))
        let ended = !match.0.hasSuffix(",")
        rest = rest[match.range.upperBound...]
        if ended { return rest.isEmpty ? fields : nil }
      }
      return nil
    }
  }

  /// What text may hold that is more than text.
  static let hostile: [[UInt8]] =
    [
      "\u{1B}[2J\u{1B}]0;title\u{7}", "\u{9B}31m", "\u{202E}cod.exe", "\u{2066}a\u{2069}", "\u{200F}",
      "\u{2028}\u{2029}",
      "\u{8}\u{8}\u{8}", "\u{7F}", "a\rb", "a\tb", "\u{FEFF}", "\"", "'", "\\", "\\\"",
      "</script><script>alert(1)</script>",
      "<img src=x onerror=alert(1)>", "<!--", "]]>", "&lt;", "=1+1", "+1", "-1+1", "@SUM(A1)", ";=1", ",=1", "|x|y|",
      "`", "``x",
      "[a](http://a.test)", "${x}", "{{x}}", "%s%n", "\\n", "\\u0000", "a,b;c", "~~~", "# x", "🤷‍♀️", "ｅvil",
    ].map { Array($0.utf8) } + [
      [0], [0xFF], [0xC3, 0x28], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x9B, 0x33, 0x31, 0x6D],
      [0xC2], [0x1B, 0x5B, 0x32, 0x4A, 0x80],
    ]

  /// Every hostile text as target, host, user-info and value of Keep-Alive; methods are made of what may stand in one.
  static let capture: [UInt8] = {
    var talks: [Conversation] = []
    let methods = ["GET", "+SUM", "-1", "|x", "`x`", "'", "$x", "*", "~", "#x", "&x", "^!"]
    for (number, text) in hostile.enumerated() {
      var talk = Conversation(clientPort: 20_000 + number)
      talk.start += Int64(number) * 50_000_000
      talk.handshake(at: 0, roundTrip: 1)
      // First a harmless one: what begins a connection is looked at more closely than what follows.
      for (place, target) in [Array("/".utf8), text, Array("/a?".utf8) + text, Array("http://".utf8) + text]
        .enumerated()
      {
        let time = 10 + Double(place) * 10
        let method = Array((place == 0 ? "GET" : methods[(number + place) % methods.count]).utf8)
        let host = place == 0 ? Array("shop.test".utf8) : text
        talk.send(
          method + Array(" ".utf8) + target + Array(" HTTP/1.1\r\nHost: ".utf8) + host + Array("\r\n\r\n".utf8),
          from: .client, at: time)
        talk.send(
          Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: ".utf8) + text + Array("\r\nKeep-Alive: timeout=".utf8)
            + text + Array("\r\n\r\nok".utf8), from: .server, at: time + 2)
      }
      talk.close(from: .client, at: 60)
      talks.append(talk)
    }
    return PcapFile(Conversation.merge(talks)).octets
  }()

  /// A name of the capture that would have an effect as well.
  static let name = "=a`|\"'<img src=x>\u{1B}[2J\u{202E}\u{9B}\n.pcap"

  @Test(arguments: Form.all, [[], ["--redact"]])
  func `nothing in a capture has an effect`(_ form: Form, _ more: [String]) throws {
    try withTemporaryFolder { folder in
      try Data(Self.capture).write(to: folder.appendingPathComponent(Self.name))
      let outcome = try BuiltProgram().run(["--quiet", Self.name] + form.arguments + more, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let shown = [(form.name, Array(outcome.output.utf8))]
      let files = try form.files.map { ($0, [UInt8](try Data(contentsOf: folder.appendingPathComponent($0)))) }
      for (name, octets) in form.files.isEmpty ? shown : files {
        #expect(!octets.isEmpty, "\(name)")
        #expect(form.problem(octets) == nil, "\(name)")
      }
    }
  }

  @Test func `the capture reaches the rows`() throws {
    let output = try run(["--quiet", "capture.pcap", "--exchanges", "-"], on: Self.capture).outcome.output
    let rows = try output.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    let targets = Set(rows.compactMap { ($0["request"] as? [String: Any])?["target"] as? String })
    // What is UTF-8 comes back as it was sent.
    for text in Self.hostile {
      guard let text = String(validating: text, as: UTF8.self), !text.contains(where: { "\r\t ".contains($0) }) else {
        continue
      }
      #expect(targets.contains("/a?\(text)"), "\(text.debugDescription)")
    }
    #expect(targets.contains("/a?\u{FF}"))
    #expect(rows.count == Self.hostile.count * 4)
  }

  @Test(arguments: hostile)
  func `nothing in an argument has an effect`(_ text: [UInt8]) throws {
    let text = String(decoding: text.filter { $0 != 0 }, as: UTF8.self)
    for arguments in [
      ["./\(text)"], ["capture.pcap", "--json", "nowhere/\(text)"], ["capture.pcap", "--filter", text],
      ["capture.pcap", "--top", text], ["capture.pcap", "--\(text)"],
    ] {
      let outcome = try run(arguments).outcome
      #expect([0, 2, 64].contains(outcome.status))
      #expect(ShownText.problem(Array(outcome.errors.utf8)) == nil, "\(arguments)")
      #expect(ShownText.problem(Array(outcome.output.utf8)) == nil, "\(arguments)")
    }
  }
}
