import ArgumentParser
import ReuseAnalysis

/// What to analyse, and how: the same for every subcommand that does.
struct AnalysisOptions: ParsableArguments {
  @Option(name: [.short, .long], help: ArgumentHelp("Only packets that match a libpcap filter.", valueName: "expr"))
  var filter: String?

  @Option(
    name: .customLong("server-port"),
    help: ArgumentHelp("Only servers on this port; repeat for more (default: every port).", valueName: "port"))
  var serverPorts: [UInt16] = []

  var configuration: AnalyzerConfiguration {
    var configuration = AnalyzerConfiguration()
    configuration.serverPorts = Set(serverPorts)
    return configuration
  }

  func validate() throws {
    if serverPorts.contains(0) { throw ValidationError("--server-port takes a port from 1 to 65535.") }
  }
}
