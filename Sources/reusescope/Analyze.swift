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
    name: .customLong("server-port"), parsing: .upToNextOption,
    help: ArgumentHelp("Only servers on these ports (default: every port).", valueName: "port"))
  var serverPorts: [UInt16] = []

  @Option(help: ArgumentHelp("Rows in the tables of the text.", valueName: "n"))
  var top = 10

  @Option(help: ArgumentHelp("Columns of the text (default: the terminal's, or 80).", valueName: "n"))
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
  }

  func run() throws {
    Interruption.watch()
    let outputs = try opened()
    let run: AnalysisRun
    do {
      run = try AnalysisRun(self)
    } catch {
      complain("\(error)")
      outputs.discard()
      throw ExitCode(2)
    }
    var analysis = run
    do {
      try analysis.read(into: outputs, showsProgress: !quiet && System.isTerminal(2))
      let summary = try analysis.finish(outputs)
      try outputs.finish(summary, self)
      throw ExitCode(report(summary, analysis))
    } catch let error as OutputError {
      outputs.discard()
      if error.isClosedPipe { throw ExitCode(0) }
      complain("\(error)")
      throw ExitCode(2)
    } catch let error as CaptureError {
      outputs.discard()
      complain("\(error)")
      throw ExitCode(2)
    }
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
  var line = Array("reusescope: ".utf8)
  line += Array(message.utf8)
  line.append(0x0A)
  System.writeToStandardError(line)
}
