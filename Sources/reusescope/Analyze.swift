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

  @Option(help: ArgumentHelp("Write the summary as one JSON object.", valueName: "file"), completion: .file())
  var json: String?

  @Option(
    help: ArgumentHelp("Write one exchange a line (NDJSON), as they end.", valueName: "file"), completion: .file())
  var exchanges: String?

  @Option(
    help: ArgumentHelp("Write one connection a line (NDJSON), in the order of their ends.", valueName: "file"),
    completion: .file())
  var connections: String?

  @Option(name: [.short, .long], help: ArgumentHelp("Only packets that match a libpcap filter.", valueName: "expr"))
  var filter: String?

  @Option(
    name: .customLong("server-port"),
    help: ArgumentHelp("Only servers on this port; repeat for more (default: every port).", valueName: "port"))
  var serverPorts: [UInt16] = []

  @Option(help: ArgumentHelp("Rows in the tables of the text.", valueName: "n"))
  var top = 10

  @Option(help: ArgumentHelp("Columns of the text, 80 at least (default: the terminal's).", valueName: "n"))
  var width: Int?

  @Flag(help: "Leave out query strings and user-info.")
  var redact = false

  @Flag(name: .shortAndLong, help: "No progress and no warnings on standard error.")
  var quiet = false

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name a capture file, or '-' for standard input.") }
    if top < 0 { throw ValidationError("--top takes a number from 0.") }
    if let width, !(40...10_000).contains(width) { throw ValidationError("--width takes 40 to 10000 columns.") }
    if serverPorts.contains(0) { throw ValidationError("--server-port takes a port from 1 to 65535.") }
    if files.contains("") || [json, exchanges, connections].contains("") {
      throw ValidationError("A file name is empty.")
    }
    if json == "-", exchanges == "-" || connections == "-" {
      throw ValidationError("Standard output takes rows (--exchanges, --connections) or the summary (--json).")
    }
  }

  func run() throws {
    Interruption.watch()
    let outputs = try opened()
    do {
      var analysis = try AnalysisRun(self)
      try analysis.read(into: outputs, showsProgress: !quiet && System.isTerminal(2))
      let summary = try analysis.finish(outputs)
      try outputs.finish(summary, self)
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
      return try Outputs(self)
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
