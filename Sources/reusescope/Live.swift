import ArgumentParser
import PacketCapture
import Reports
import ReuseAnalysis

struct Live: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Analyse what passes an interface, until it is stopped.",
    discussion: """
      Ctrl-C, SIGTERM, --duration and --packets end it: connections that are still open are reported as open, and every \
      output is written. SIGHUP writes the outputs as of now and goes on; a row file that was moved away is begun anew.

      With --every, each interval gets files of its own, with the time of its begin in their names; the summaries \
      tell of everything since the begin of the capture.
      """)

  @Option(
    name: [.customShort("i"), .customLong("interface")],
    help: ArgumentHelp("An interface, or 'any'; 'reusescope interfaces' lists them.", valueName: "name"))
  var interface: String

  @OptionGroup var output: OutputOptions

  @OptionGroup var analysis: AnalysisOptions

  @OptionGroup var gate: Gate

  @Flag(help: "Capture frames to other stations as well.")
  var promiscuous = false

  @Option(help: ArgumentHelp("Octets kept of a packet.", valueName: "octets"))
  var snaplen = 262_144

  @Option(
    help: ArgumentHelp("The kernel's buffer, in MiB: what may wait while this program is busy.", valueName: "mib"))
  var bufferSize = 64

  @Option(
    help: ArgumentHelp("Where time stamps come from: one of those that the interface offers.", valueName: "name"))
  var timestampSource: String?

  @Option(help: ArgumentHelp("End after this time: 90s, 5m, 2h.", valueName: "time"))
  var duration: TimeSpan?

  @Option(help: ArgumentHelp("End after so many packets.", valueName: "n"))
  var packets: Int?

  @Option(help: ArgumentHelp("Write the outputs each interval, 1s at least, into files of its own.", valueName: "time"))
  var every: TimeSpan?

  @OptionGroup(title: "Keeping packets") var keeping: KeepingOptions

  @Option(
    help: ArgumentHelp(
      "Started as root, go on as this user once the interface is open (default: who called sudo, else nobody).",
      valueName: "name"))
  var user: String?

  @Flag(help: "On a terminal too: a line for each interval instead of the screen.")
  var noScreen = false

  @Flag(name: .shortAndLong, help: "No rates and no warnings on standard error.")
  var quiet = false

  func validate() throws {
    if interface.isEmpty { throw ValidationError("Name an interface; 'reusescope interfaces' lists them.") }
    if !(64...262_144).contains(snaplen) { throw ValidationError("--snaplen takes 64 to 262144 octets.") }
    if !(1...2047).contains(bufferSize) { throw ValidationError("--buffer-size takes 1 to 2047 MiB.") }
    if let packets, packets < 1 { throw ValidationError("--packets takes a number from 1.") }
    if let every, every.milliseconds < 1000 { throw ValidationError("--every takes a second or more.") }
  }

  func run() throws {
    Interruption.watch(hangUps: true)
    var outputs: LiveOutputs?
    var screen: LiveScreen?
    var hint = ""
    do {
      var options = LiveOptions(interface: interface)
      options.filter = analysis.filter
      options.snapLength = snaplen
      options.bufferSize = bufferSize << 20
      options.isPromiscuous = promiscuous
      options.timestampSource = timestampSource
      let capture = try LiveCapture(options)
      if let name = try dropPrivileges() { hint = " (files are made as \(name); --user names another)" }
      let store = try keeping.store(for: capture, snapLength: snaplen)
      let opened = try LiveOutputs(output, isEachIntervalApart: every != nil)
      outputs = opened
      screen = usesScreen ? LiveScreen(interface, filter: analysis.filter) : nil
      opened.holdsText = screen != nil
      var run = LiveRun(capture, self, store, screen, for: opened)
      try run.capture(into: opened)
      screen?.end()
      opened.holdsText = false
      let summary = try run.finish(opened)
      throw ExitCode(report(summary, ledgerAddsUp: run.ledgerAddsUp))
    } catch let problem as Privileges.Problem {
      complain("--user: \(problem)")
    } catch let error as OutputError {
      screen?.end()
      outputs?.discard()
      complain("\(error)\(hint)")
    } catch let error as CaptureError {
      outputs?.discard()
      complain("\(error)\(hint)")
    }
    throw ExitCode(2)
  }

  /// A terminal that can be drawn on, and nothing else that goes to it.
  private var usesScreen: Bool {
    !noScreen && !quiet && System.isTerminal(1) && System.environment("TERM").map { $0 != "dumb" } == true
      && !output.outputs().contains { !($0 is TextOutput) && $0.paths.contains("-") }
  }

  /// Files are made as the user that the rest runs as, not as root.
  private func dropPrivileges() throws(Privileges.Problem) -> String? {
    let caller = System.environment("SUDO_USER").flatMap { $0 == "root" ? nil : $0 }
    let name = user ?? (Privileges.areRoot ? caller ?? "nobody" : nil)
    try Privileges.drop(to: name)
    return name
  }

  /// Says on standard error what matters, and gives the exit status.
  private func report(_ summary: Summary, ledgerAddsUp: Bool) -> Int32 {
    guard ledgerAddsUp else {
      complain("internal error: packets or octets are unaccounted for; please report this")
      return 70
    }
    for warning in summary.warnings where warning.matters && !quiet { complain("warning: \(warning.message)") }
    if let signal = Interruption.signal { return 128 + signal }
    return gate.status(of: summary, isQuiet: quiet) ?? (summary.warnings.contains { $0.matters } ? 1 : 0)
  }
}
