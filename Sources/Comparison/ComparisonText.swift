import Reports
import ReuseAnalysis

/// A comparison as text for a terminal: the figures that matter, side by side.
package struct ComparisonText {
  private enum Unit {
    case count, seconds, share, decimal
  }

  private var page: TextPage
  private let comparison: Comparison

  package var text: String { page.text }

  /// - Parameters:
  ///   - names: What to call the captures where their summaries do not say.
  ///   - top: Rows in the table of servers.
  package init(
    _ comparison: Comparison, names: (before: String, after: String), width: Int = 80, top: Int = 10,
    usesColour: Bool = false
  ) {
    page = TextPage(width: width, usesColour: usesColour)
    self.comparison = comparison
    header("Before", comparison.before, names.before)
    header("After", comparison.after, names.after)
    section("Reuse", Self.reuse)
    section("For each 1,000 requests", Self.rates)
    section("Handshakes", Self.handshakes)
    section("Why connections were opened", vocabulary("causes", ".connections"))
    section("How connections ended", vocabulary("closes", ".connections"))
    section("Idle", Self.idle)
    section("Waiting", Self.waiting)
    section("Findings", vocabulary("findings", ".count"))
    servers(top)
  }

  private static let reuse: [(String, String, Unit)] = [
    ("requests", "exchanges.with_request", .count), ("connections", "connections.total", .count),
    ("reuse ratio", "reuse.ratio", .share), ("multi-use share", "reuse.multi_use_share", .share),
    ("requests per connection", "reuse.requests_per_connection.mean", .decimal),
    ("reuse efficiency", "reuse.efficiency", .share), ("ideal connections", "reuse.ideal_connections", .count),
    ("peak open", "connections.peak_open", .count), ("peak busy", "connections.peak_busy", .count),
  ]
  private static let rates: [(String, String, Unit)] = [
    ("connections", "per_1000_requests.connections.total", .decimal),
    ("handshakes paid", "per_1000_requests.reuse.handshakes.paid", .decimal),
    ("time in handshakes", "per_1000_requests.reuse.handshakes.time_paid", .seconds),
    ("raced requests", "per_1000_requests.races.count", .decimal),
  ]
  private static let handshakes: [(String, String, Unit)] = [
    ("paid", "reuse.handshakes.paid", .count), ("failed", "reuse.handshakes.failed", .count),
    ("saved", "reuse.handshakes.saved", .count), ("time paid", "reuse.handshakes.time_paid", .seconds),
    ("time saved", "reuse.handshakes.time_saved", .seconds),
    ("setup, median", "reuse.handshakes.setup.p50", .seconds), ("setup, p99", "reuse.handshakes.setup.p99", .seconds),
    ("SYN retransmissions", "reuse.handshakes.syn_retransmissions", .count),
  ]
  private static let idle: [(String, String, Unit)] = [
    ("idle share", "idle.share", .share), ("idle gap, median", "idle.gaps.p50", .seconds),
    ("idle gap, p90", "idle.gaps.p90", .seconds), ("idle gap, longest", "idle.gaps.max", .seconds),
    ("idle connection time", "idle.idle_time", .seconds),
  ]
  private static let waiting: [(String, String, Unit)] = [
    ("pipelined", "hol.http.pipelined_exchanges", .count), ("HOL delay, p90", "hol.http.delay.p90", .seconds),
    ("queued in the client", "hol.queueing.exchanges", .count), ("TCP stalls", "hol.tcp.stalls.count", .count),
    ("TCP stalls, time", "hol.tcp.stalls.sum", .seconds), ("raced requests", "races.count", .count),
    ("retries", "exchanges.retries", .count),
  ]

  private mutating func header(_ label: String, _ source: Comparison.Source, _ name: String) {
    let files = source.files.isEmpty ? [name] : source.files
    page.line(
      page.padded(label, to: 7)
        + page.bold(
          TerminalText.shortened(files.map(TerminalText.escaped).joined(separator: ", "), to: page.width - 7)))
    var facts: [String] = []
    if let duration = source.duration, let nanoseconds = Int64(exactly: (duration * 1e9).rounded()) {
      facts.append(Quantity.elapsed(nanoseconds))
    }
    if let packets = source.packets, let count = Int(exactly: packets) {
      facts.append(Quantity.count(count, "packet"))
    }
    if source.warnings > 0 {
      facts.append("\(Quantity.count(source.warnings, "warning")): figures may be off")
    }
    if !facts.isEmpty { page.sentence(facts.joined(separator: ", "), indent: 7, isNote: true) }
  }

  /// The rows of a table whose words are known, those that either capture has, most first.
  private func vocabulary(_ table: String, _ member: String) -> [(String, String, Unit)] {
    comparison.rows.compactMap { row -> (row: Comparison.Row, word: String)? in
      guard row.figure.hasPrefix(table + "["), row.figure.hasSuffix("]" + member) else { return nil }
      let most = max(row.before?.upperBound ?? 0, row.after?.upperBound ?? 0)
      guard most > 0 else { return nil }
      return (row, String(row.figure.dropFirst(table.count + 1).dropLast(member.count + 1)))
    }
    .sorted {
      max($0.row.before?.upperBound ?? 0, $0.row.after?.upperBound ?? 0)
        > max($1.row.before?.upperBound ?? 0, $1.row.after?.upperBound ?? 0)
    }
    .map { (TerminalText.escaped($0.word), $0.row.figure, .count) }
  }

  private mutating func section(_ title: String, _ figures: [(label: String, figure: String, unit: Unit)]) {
    var table = TextTable(columns: [
      (title, .left), ("before", .right), ("after", .right), ("change", .right), ("", .right),
    ])
    for (label, figure, unit) in figures {
      // What happened in neither says nothing.
      guard let row = comparison[figure], row.before?.upperBound ?? 0 != 0 || row.after?.upperBound ?? 0 != 0 else {
        continue
      }
      table.rows.append([label.padding(to: 26)] + Self.cells(row, unit))
    }
    guard !table.rows.isEmpty else { return }
    page.line()
    page.table(table)
  }

  private mutating func servers(_ top: Int) {
    let servers = comparison.servers.filter { !$0.rows.isEmpty }
    guard servers.count > 1, top > 0 else { return }
    var table = TextTable(columns: [
      ("Reuse ratio by server", .left), ("before", .right), ("after", .right), ("change", .right), ("", .right),
    ])
    for server in servers.prefix(top) {
      guard let row = server.rows.first(where: { $0.figure == "ratio" }) else { continue }
      table.rows.append([TerminalText.escaped(server.server)] + Self.cells(row, .share))
    }
    guard !table.rows.isEmpty else { return }
    page.line()
    page.table(table)
    if servers.count > top {
      page.sentence("\(Quantity.count(servers.count - top, "more server")): --top.", isNote: true)
    }
  }

  private static func cells(_ row: Comparison.Row, _ unit: Unit) -> [String] {
    [
      text(row.before, unit), text(row.after, unit), row.change.map { signed($0, unit) } ?? Quantity.unknown,
      unit == .share ? "" : row.relativeChange.map(relative) ?? "",
    ]
  }

  private static func text(_ value: ClosedRange<Double>?, _ unit: Unit) -> String {
    guard let value else { return Quantity.unknown }
    if unit == .share { return Quantity.percent(value) }
    if value.lowerBound != value.upperBound {
      return text(value.lowerBound, unit) + "–" + text(value.upperBound, unit)
    }
    return text(value.lowerBound, unit)
  }

  private static func text(_ value: Double, _ unit: Unit) -> String {
    switch unit {
    case .count: Int(exactly: value.rounded()).map { Quantity.count($0) } ?? Quantity.unknown
    case .seconds: Int64(exactly: (value * 1e9).rounded()).map { Quantity.duration($0) } ?? Quantity.unknown
    case .share: Quantity.percent(value)
    case .decimal: Quantity.decimal(value)
    }
  }

  private static func signed(_ change: Double, _ unit: Unit) -> String {
    if change == 0 { return "=" }
    // Shares differ by points, not by a share of themselves.
    let size = unit == .share ? Quantity.decimal(abs(change) * 100) + " pp" : text(abs(change), unit)
    return (change < 0 ? "-" : "+") + size
  }

  private static func relative(_ change: Double) -> String {
    if change == 0 { return "" }
    if change >= 10 { return "×\(Quantity.decimal(change + 1))" }
    return (change < 0 ? "-" : "+") + Quantity.decimal(abs(change) * 100) + " %"
  }
}

extension String {
  fileprivate func padding(to columns: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, columns - TerminalText.width(self)))
  }
}
