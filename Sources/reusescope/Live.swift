import ArgumentParser
import PacketCapture
import Reports
import ReuseAnalysis
import Service

struct Live: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live",
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

  @Option(
    help: ArgumentHelp(
      "Serve the figures over HTTP: / (a live page), /metrics, /api/summary, /api/connections?server=, /healthz.",
      valueName: "address:port"))
  var listen: String?

  @Flag(help: "Let other hosts ask, too: --listen on an address that is not a loopback one.")
  var allowRemote = false

  @Flag(help: "On a terminal too: a line for each interval instead of the screen.")
  var noScreen = false

  @Flag(name: .shortAndLong, help: "No rates and no warnings on standard error.")
  var quiet = false

  func validate() throws {
    if interface.isEmpty { throw ValidationError("Name an interface; 'reusescope interfaces' lists them.") }
    if !(64...262_144).contains(snaplen) { throw ValidationError("--snaplen takes 64 to 262144 octets.") }
    if !(1...2047).contains(bufferSize) { throw ValidationError("--buffer-size takes 1 to 2047 MiB.") }
    if let packets, packets < 1 { throw ValidationError("--packets takes a number from 1.") }
    if listen != nil {
      guard let settings = serviceSettings else { throw ValidationError("--listen takes ADDRESS:PORT.") }
      if !settings.isLoopback, !allowRemote {
        throw ValidationError(
          "--listen on \(settings.address) lets other hosts see who asks for what: say --allow-remote.")
      }
    }
    if keeping.zeroBodies, !keeping.headsOnly, !output.redact {
      throw ValidationError("--zero-bodies goes with --heads-only or --redact.")
    }
    if let every, every.milliseconds < 1000 { throw ValidationError("--every takes a second or more.") }
  }

  private var serviceSettings: ServiceSettings? {
    guard var settings = listen.flatMap({ ServiceSettings($0) }) else { return nil }
    settings.allowsRemote = allowRemote
    settings.redacts = output.redact
    return settings
  }

  func run() throws {
    Interruption.watch(hangUps: true)
    var outputs: LiveOutputs?
    var screen: LiveScreen?
    var service: Service?
    defer { service?.end() }
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
      let store = try keeping.keeper(for: capture, snapLength: snaplen, redacts: output.redact)
      let opened = try LiveOutputs(
        output, others: keeping.write.map { [$0] } ?? [], isEachIntervalApart: every != nil)
      outputs = opened
      let state = listen == nil ? nil : LiveState()
      if let settings = serviceSettings, let state { service = try Service(settings, state) }
      screen = usesScreen ? LiveScreen() : nil
      opened.holdsText = screen != nil
      var run = LiveRun(capture, self, store, screen, state, for: opened)
      try run.capture(into: opened)
      screen?.end()
      opened.holdsText = false
      let summary = try run.finish(opened)
      throw ExitCode(report(summary, ledgerAddsUp: run.ledgerAddsUp))
    } catch let problem as Privileges.Problem {
      complain("--user: \(problem)")
    } catch let problem as Service.Problem {
      outputs?.discard()
      complain("--listen: \(problem)")
    } catch let error as OutputError {
      screen?.end()
      outputs?.discard()
      // What was interrupted while it waited for a pipe has no fault.
      if let signal = Interruption.signal, outputs == nil { throw ExitCode(128 + signal) }
      complain("\(error)\(hint)")
    } catch let error as CaptureError {
      outputs?.discard()
      complain("\(error)\(hint)")
    }
    throw ExitCode(2)
  }

  /// A terminal that can be drawn on, and nothing else that goes to it.
  private var usesScreen: Bool {
    !noScreen && !quiet && System.ownsTerminal(1) && System.environment("TERM").map { $0 != "dumb" } == true
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
