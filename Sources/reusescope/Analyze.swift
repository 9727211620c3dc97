import ArgumentParser
import PacketCapture
import Reports
import ReuseAnalysis

struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    // Said here: to make it of the type's name takes a seventh of all that the start of the program takes.
    commandName: "analyze",
    abstract: "Analyse captures: pcap or pcapng, plain, .gz or .zst (the default subcommand).")

  @Argument(
    help: "Capture files, together one capture in time order; '-' is standard input.", completion: .file())
  var files: [String]

  @OptionGroup var output: OutputOptions

  @OptionGroup var analysis: AnalysisOptions

  @OptionGroup var gate: Gate

  @Flag(name: .shortAndLong, help: "No progress and no warnings on standard error.")
  var quiet = false

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name a capture file, or '-' for standard input.") }
    if files.contains("") { throw ValidationError("A file name is empty.") }
  }

  func run() throws {
    Interruption.watch()
    let outputs = try opened()
    do {
      var run = try AnalysisRun(files, analysis, for: outputs)
      try run.read(into: outputs, showsProgress: !quiet && System.isTerminal(2))
      let summary = try run.finish(outputs)
      try outputs.finish(summary)
      throw ExitCode(report(summary, run))
    } catch let error as OutputError {
      outputs.discard()
      complain("\(error)")
    } catch let error as CaptureError {
      outputs.discard()
      // What was interrupted before the first packet is not unreadable.
      if let signal = Interruption.signal { throw ExitCode(128 + signal) }
      complain("\(error)")
    }
    throw ExitCode(2)
  }

  private func opened() throws -> Outputs {
    do {
      return try Outputs(output, inputs: files)
    } catch {
      if let signal = Interruption.signal { throw ExitCode(128 + signal) }
      complain("\(error)")
      throw ExitCode(2)
    }
  }

  /// Says on standard error what matters, and gives the exit status.
  private func report(_ summary: Summary, _ run: borrowing AnalysisRun) -> Int32 {
    if !run.ledgerAddsUp {
      complain("internal error: packets or octets are unaccounted for; please report this capture")
      return 70
    }
    for warning in summary.warnings where warning.matters && !quiet { complain("warning: \(warning.message)") }
    if let signal = Interruption.signal { return 128 + signal }
    return gate.status(of: summary, isQuiet: quiet) ?? (summary.warnings.contains { $0.matters } ? 1 : 0)
  }
}

/// One line on standard error.
func complain(_ message: String) {
  System.writeToStandardError(Array("reusescope: \(TerminalText.escaped(message))\n".utf8))
}
