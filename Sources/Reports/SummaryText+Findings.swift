import ReuseAnalysis

extension SummaryText {
  /// The findings that matter most, near the top: what is wrong, and what to change.
  mutating func writeFindings() {
    guard !summary.findings.isEmpty else {
      page.line()
      page.line("No findings: nothing here is beyond its threshold.")
      return
    }
    let shown = summary.findings.prefix(Self.findingRows)
    let left = summary.findings.count - shown.count
    page.heading("FINDINGS", note: left > 0 ? "worst first; \(Quantity.count(left)) more in --json" : "worst first")
    for finding in shown {
      let words = FindingText(finding, redacts: redacts)
      page.sentence(sign(finding.severity) + " " + words.message, indent: 2, hanging: 4)
      page.sentence("→ " + words.advice, indent: 4, hanging: 6)
    }
  }

  private static let findingRows = 3

  private func sign(_ severity: Finding.Severity) -> String {
    switch severity {
    case .problem: page.bold("!!")
    case .warning: page.bold("!")
    case .info: "-"
    }
  }
}
