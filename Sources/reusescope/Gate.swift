import ArgumentParser
import Comparison
import Reports
import ReuseAnalysis

/// `--fail-if`: conditions on the summary's figures that end the run with an exit status of its own, for CI.
struct Gate: ParsableArguments {
  @Option(
    name: .customLong("fail-if"),
    help: ArgumentHelp(
      """
      Exit with status 3 when a figure of the --json summary is so, as in 'reuse.ratio < 0.9', \
      'causes[missed-reuse].connections > 0' or 'findings[problem].count > 0'; repeat for more.
      """, valueName: "condition"))
  var conditions: [String] = []

  func validate() throws {
    guard !conditions.isEmpty else { return }
    let nothing = Self.json(Summary())
    for text in conditions {
      guard let condition = Condition(text) else {
        throw ValidationError(
          "--fail-if takes PATH RELATION VALUE, as in 'reuse.ratio < 0.9' (<, <=, >, >=, ==): '\(text)' is none.")
      }
      // Every key of the summary is always there, so a wrong name shows before anything is read.
      if case .wrong(let why) = condition.outcome(in: nothing), case .noSuchFigure = condition.path.figure(in: nothing)
      {
        throw ValidationError("--fail-if: \(why).")
      }
    }
  }

  struct Verdict {
    /// A line for each condition that holds, or that cannot be one.
    var failures: [String] = []
    var mistakes: [String] = []
    /// A line for each that this capture does not decide.
    var undecided: [String] = []
  }

  func verdict(on summary: Summary) -> Verdict {
    var verdict = Verdict()
    guard !conditions.isEmpty else { return verdict }
    let figures = Self.json(summary)
    for condition in conditions.compactMap(Condition.init) {
      switch condition.outcome(in: figures) {
      case .holds(let value): verdict.failures.append("failed: \(condition.text) (it is \(value))")
      case .doesNotHold: break
      case .undecided(let why): verdict.undecided.append("warning: --fail-if is undecided: \(why)")
      case .wrong(let why): verdict.mistakes.append("--fail-if: \(why)")
      }
    }
    return verdict
  }

  /// Says on standard error what was met, and gives the exit status that follows; `nil` when nothing was.
  func status(of summary: Summary, isQuiet: Bool) -> Int32? {
    let verdict = verdict(on: summary)
    for line in verdict.failures + verdict.mistakes { complain(line) }
    if !isQuiet { for line in verdict.undecided { complain(line) } }
    if !verdict.mistakes.isEmpty { return 64 }
    if !verdict.failures.isEmpty { return 3 }
    return verdict.undecided.isEmpty ? nil : 1
  }

  private static func json(_ summary: Summary) -> JSONValue {
    JSONValue(SummaryJSON(summary).buffer.octets) ?? .null
  }
}
