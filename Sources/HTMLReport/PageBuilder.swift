import Reports
import ReuseAnalysis
import Wire

/// Figures into what the page says about them: sentences, tables, drawings.
struct PageBuilder {
  let summary: Summary
  let names: Names
  let choice: ConnectionSample.Choice
  let requestCounts: RequestCounts
  /// Rows of a table of servers, pools or origins: the CSV files have them all.
  static let rowLimit = 100
  /// Bars of a drawing, one a server or an address.
  static let barLimit = 12
  /// Servers whose load is drawn.
  static let loadLimit = 6
  /// Findings shown in full: the worst.
  static let findingLimit = 40

  func model(style: String, early: String, script: String) -> PageModel {
    let style = style + Self.heights(choice.lanes)
    var model = PageModel(
      policy: Policy.text(style: style, scripts: [early, script]), version: reusescopeVersion, style: style,
      early: early, script: script, title: title, answer: answer)
    model.facts = facts
    model.answer.doubts = doubts
    model.findings = findings
    model.waterfall = waterfall(choice)
    model.sections = sections
    model.contents = [.init(id: "answer", title: "In short"), .init(id: "findings", title: "What to change")]
    if model.waterfall != nil { model.contents.append(.init(id: "waterfall", title: "Connections over time")) }
    model.contents += model.sections.map { .init(id: $0.id, title: $0.title) }
    model.contents.append(.init(id: "meanings", title: "Meanings"))
    model.meanings = Term.all.map { .init(key: $0.key, label: $0.label, definition: $0.definition) }
    return model
  }

  private var sections: [PageModel.Section] {
    guard summary.exchanges.total > 0 else { return [accounting] }
    return [causes, closes, idleGaps, perConnection, load, headOfLine, timeWait, servers, pools, origins, accounting]
      .compactMap { $0 }
  }

  private var title: String {
    let files = summary.capture.files.map { $0 == "-" ? "standard input" : Names.fileName($0) }
    switch files.count {
    case 0: return "Capture"
    case 1: return files[0]
    default: return "\(files[0]) and \(Quantity.count(files.count - 1, "more file"))"
    }
  }

  private var facts: [String] {
    let capture = summary.capture
    var facts: [String] = []
    if let start = capture.start {
      facts.append("\(Quantity.elapsed(capture.duration)) from \(Names.time(start))")
    }
    facts.append(Quantity.count(capture.packets, "packet"))
    facts.append(Quantity.size(capture.bytes))
    facts.append(Quantity.count(summary.connections.total, "connection"))
    if summary.exchanges.total > 0 { facts.append(Quantity.count(summary.exchanges.total, "exchange")) }
    facts += capture.linkTypes.map(TerminalText.escaped)
    return facts
  }

  /// What makes all figures uncertain: said where the answer is.
  private var doubts: [String] {
    var doubts = summary.warnings.filter(\.matters).map { TerminalText.escaped($0.message) }
    if summary.exchanges.unknown > 0 {
      doubts.append(
        "\(Quantity.count(summary.exchanges.unknown, "request")) came first on connections that were opened before the "
          + "capture: whether they reused one cannot be known, so the ratio is a range.")
    }
    if summary.connections.headsHit > 0 {
      doubts.append(
        "Bytes of message heads are missing on \(Quantity.count(summary.connections.headsHit, "connection")): requests on "
          + "them may not be counted.")
    }
    return doubts
  }
}

extension Names {
  /// The last part of a path.
  static func fileName(_ path: String) -> String {
    TerminalText.escaped(path.split(separator: "/").last.map(String.init) ?? path)
  }

  /// `2026-11-21 01:32:41 UTC`.
  static func time(_ nanosecondsSince1970: Int64) -> String {
    var buffer = OctetBuffer(capacity: 64)
    buffer.appendTimestamp(nanosecondsSince1970: nanosecondsSince1970, fraction: false)
    let text = String(decoding: buffer.octets, as: UTF8.self)
    return text.replacing("T", with: " ").replacing("Z", with: " UTC")
  }
}
