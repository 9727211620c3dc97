import ArgumentParser
import PacketCapture
import Reports
import ReuseAnalysis

struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Analyse captures: pcap or pcapng, plain, .gz or .zst (the default subcommand).")

  @Argument(
    help: "Capture files, together one capture in time order; '-' is standard input.", completion: .file())
  var files: [String]

  @OptionGroup var output: OutputOptions

  @Option(name: [.short, .long], help: ArgumentHelp("Only packets that match a libpcap filter.", valueName: "expr"))
  var filter: String?

  @Option(
    name: .customLong("server-port"),
    help: ArgumentHelp("Only servers on this port; repeat for more (default: every port).", valueName: "port"))
  var serverPorts: [UInt16] = []

  @Flag(name: .shortAndLong, help: "No progress and no warnings on standard error.")
  var quiet = false

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name a capture file, or '-' for standard input.") }
    if serverPorts.contains(0) { throw ValidationError("--server-port takes a port from 1 to 65535.") }
    if files.contains("") { throw ValidationError("A file name is empty.") }
  }

  func run() throws {
    Interruption.watch()
    let outputs = try opened()
    do {
      var analysis = try AnalysisRun(self, for: outputs)
      try analysis.read(into: outputs, showsProgress: !quiet && System.isTerminal(2))
      let summary = try analysis.finish(outputs)
      try outputs.finish(summary)
      throw ExitCode(report(summary, analysis))
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
      complain("\(error)")
      throw ExitCode(2)
    }
  }

  /// Says on standard error what matters, and gives the exit status.
  private func report(_ summary: Summary, _ analysis: borrowing AnalysisRun) -> Int32 {
    if !analysis.ledgerAddsUp {
      complain("internal error: packets or octets are unaccounted for; please report this capture")
      return 70
    }
    for warning in summary.warnings where warning.matters && !quiet { complain("warning: \(warning.message)") }
    if let signal = Interruption.signal { return 128 + signal }
    return summary.warnings.contains { $0.matters } ? 1 : 0
  }
}

/// One line on standard error.
func complain(_ message: String) {
  System.writeToStandardError(Array("reusescope: \(TerminalText.escaped(message))\n".utf8))
}
