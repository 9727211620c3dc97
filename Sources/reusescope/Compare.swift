import ArgumentParser
import Comparison
import PacketCapture
import Reports
import ReuseAnalysis

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two captures, or two --json summaries: the figures side by side.",
    discussion: """
      Each side is a capture or a summary written by --json; '-' is a capture on standard input. A figure that a capture \
      does not tell has no change.
      """)

  @Argument(help: "The capture or summary to compare with.", completion: .file())
  var before: String

  @Argument(help: "The later capture or summary.", completion: .file())
  var after: String

  @Option(help: ArgumentHelp("Write the comparison as one JSON object.", valueName: "file"), completion: .file())
  var json: String?

  @OptionGroup var analysis: AnalysisOptions

  @Option(help: ArgumentHelp("Rows in the table of servers.", valueName: "n"))
  var top = 10

  @Option(help: ArgumentHelp("Columns of the text, 80 at least (default: the terminal's).", valueName: "n"))
  var width: Int?

  @Flag(name: .shortAndLong, help: "No progress and no warnings on standard error.")
  var quiet = false

  func validate() throws {
    if before.isEmpty || after.isEmpty || json == "" { throw ValidationError("A file name is empty.") }
    if before == "-", after == "-" { throw ValidationError("Standard input can be one side, not both.") }
    if top < 0 { throw ValidationError("--top takes a number from 0.") }
    if let width, !(40...10_000).contains(width) { throw ValidationError("--width takes 40 to 10000 columns.") }
  }

  func run() throws {
    Interruption.watch()
    do {
      if let json, json != "-" {
        for path in [before, after] where path != "-" && System.isSameFile(path, json) {
          throw OutputError(path: json, message: "is one of the captures: choose another name for the output")
        }
      }
      let old = try summary(of: before)
      let new = try summary(of: after)
      let comparison = Comparison(before: old, after: new)
      if let json { try write(ComparisonJSON(comparison).buffer.octets, to: json) }
      if json != "-" {
        let text = ComparisonText(
          comparison, names: (before, after), width: width ?? Terminal.width, top: top,
          usesColour: Terminal.usesColour)
        try write(Array(text.text.utf8), to: "-")
      }
      throw ExitCode(comparison.before.warnings + comparison.after.warnings > 0 ? 1 : 0)
    } catch let error as OutputError {
      complain("\(error)")
    } catch let error as CaptureError {
      if let signal = Interruption.signal { throw ExitCode(128 + signal) }
      complain("\(error)")
    }
    throw ExitCode(2)
  }

  /// The figures of a summary, or of a capture as its summary would have them.
  private func summary(of path: String) throws -> JSONValue {
    if let octets = try SummaryFile.octets(path) {
      guard let value = JSONValue(octets), Comparison.isSummary(value) else {
        throw CaptureError(file: path, message: "is no summary that --json wrote, and no capture")
      }
      return value
    }
    let outputs = Outputs()
    var run = try AnalysisRun([path], analysis, for: outputs)
    try run.read(into: outputs, showsProgress: !quiet && System.isTerminal(2))
    let summary = try run.finish(outputs)
    if let signal = Interruption.signal { throw ExitCode(128 + signal) }
    for warning in summary.warnings where warning.matters && !quiet { complain("\(path): warning: \(warning.message)") }
    return JSONValue(SummaryJSON(summary).buffer.octets) ?? .null
  }

  private func write(_ octets: [UInt8], to path: String) throws(OutputError) {
    let file = OutputFile(path)
    do {
      try file.write(octets[...])
      try file.complete()
      try file.close()
    } catch {
      file.discard()
      throw error
    }
  }
}
