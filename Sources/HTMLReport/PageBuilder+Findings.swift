import Reports
import ReuseAnalysis

extension PageBuilder {
  var findings: PageModel.Findings {
    var findings = PageModel.Findings()
    guard !summary.findings.isEmpty else {
      findings.empty =
        summary.exchanges.total > 0
        ? "Nothing: no figure is past the threshold of a finding."
        : "Without HTTP there is nothing to find."
      return findings
    }
    let problems = summary.findings.count { $0.severity == .problem }
    findings.count =
      problems > 0
      ? "\(Quantity.count(problems, "problem")), \(Quantity.count(summary.findings.count, "finding"))"
      : Quantity.count(summary.findings.count, "finding")
    if summary.findings.count > Self.findingLimit {
      findings.rest =
        "The worst \(Quantity.count(Self.findingLimit)) are shown; --json has all \(Quantity.count(summary.findings.count))."
    }
    // A page that is made without rows, as that of a running capture, draws none.
    let drawn = Set(choice.lanes.map(\.id))
    findings.cards = summary.findings.prefix(Self.findingLimit).enumerated().map {
      card($1, number: $0 + 1, drawn: drawn)
    }
    return findings
  }

  /// How many there are of each severity, worst first.
  var severities: [PageModel.Severity] {
    [Finding.Severity.problem, .warning, .info].compactMap { severity in
      let count = summary.findings.count { $0.severity == severity }
      guard count > 0 else { return nil }
      return .init(
        severity: severity.rawValue, icon: severity.icon, label: Quantity.count(count, severity.label.lowercased()))
    }
  }

  /// The worst findings that are more than notes, one of each kind, by their first sentence.
  var worst: [PageModel.Worst] {
    var kinds: [Finding.Kind] = []
    var worst: [PageModel.Worst] = []
    for (i, finding) in summary.findings.prefix(Self.findingLimit).enumerated()
    where finding.severity != .info && !kinds.contains(finding.kind) && worst.count < 3 {
      kinds.append(finding.kind)
      let words = FindingText(finding, redacts: names.redacts)
      worst.append(
        .init(
          id: "finding-\(i + 1)", severity: finding.severity.rawValue, icon: finding.severity.icon,
          label: finding.severity.label, message: Self.firstSentence(words.message)))
    }
    return worst
  }

  /// Up to a full stop before a capital letter.
  private static func firstSentence(_ text: String) -> String {
    for end in text.indices where text[end] == "." {
      let rest = text[text.index(after: end)...]
      guard rest.first == " ", let next = rest.dropFirst().first, next.isASCII, next.isUppercase else { continue }
      return String(text[...end])
    }
    return text
  }

  private func card(_ finding: Finding, number: Int, drawn: Set<Int>) -> PageModel.Card {
    let words = FindingText(finding, redacts: names.redacts)
    return PageModel.Card(
      id: "finding-\(number)", finding: "\(number)", severity: finding.severity.rawValue,
      severityLabel: finding.severity.label, icon: finding.severity.icon,
      message: words.message, advice: words.advice,
      saves: finding.saves.map { saving in
        "Would have saved \(Quantity.count(saving.handshakes, "handshake"))"
          + (saving.time.map { ", \(Quantity.duration($0))" } ?? "") + " in this capture."
      },
      evidence: finding.evidence.map { .init(name: $0.name.replacing("_", with: " "), value: text($0.value)) },
      threshold: finding.threshold.isEmpty
        ? nil
        : "Reported from "
          + finding.threshold.map { "\($0.name.replacing("_", with: " ")) \(text($0.value))" }.joined(separator: ", ")
          + " on.",
      examples: finding.examples.filter { drawn.contains($0) },
      otherExamples: finding.examples.filter { !drawn.contains($0) },
      isOpen: summary.findings.firstIndex { $0.kind == finding.kind } == number - 1)
  }

  private func text(_ value: Finding.Value) -> String {
    switch value {
    case .count(let count): Quantity.count(count)
    case .duration(let nanoseconds): Quantity.duration(nanoseconds)
    case .share(let share): Quantity.percent(share)
    case .number(let number): Quantity.decimal(number)
    case .text(let text): TerminalText.escaped(text)
    case .endpoint(let endpoint): Names.endpoint(endpoint)
    }
  }
}

extension Finding.Severity {
  var label: String {
    switch self {
    case .problem: "Problem"
    case .warning: "Warning"
    case .info: "Note"
    }
  }

  /// An SVG path in 16 × 16: a cross in a disc, a triangle, a bar: told apart without colour.
  var icon: String {
    switch self {
    case .problem: "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0zM4.5 6 6 4.5l2 2 2-2L11.5 6l-2 2 2 2-1.5 1.5-2-2-2 2L4.5 10l2-2z"
    case .warning: "M8 0 16 15H0zM7 5v5h2V5zM7 11.5v2h2v-2z"
    case .info: "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0zM7 3h2v2H7zM7 6.5h2V13H7z"
    }
  }
}
