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

  @Option(
    help: ArgumentHelp(
      "Connections followed at once; beyond it those idle longest are given up (default: 1048576).", valueName: "n"))
  var limitConnections: Int?

  @Option(
    help: ArgumentHelp(
      "Use about this much memory at most, such as 256M: sets the limits for connections, clients and what is held.",
      valueName: "size"))
  var limitMemory: MemorySize?

  @Option(
    name: .customLong("time-wait"),
    help: ArgumentHelp("How long a closed connection stays in TIME-WAIT (default: 60).", valueName: "seconds"))
  var timeWait: Double?

  @Option(
    name: .customLong("connection-memory"),
    help: ArgumentHelp(
      "What one idle connection costs, as in 16k or 1.5M (1024s): adds the cost of idle connections.", valueName: "size"
    ))
  var connectionMemory: MemorySize?

  var configuration: AnalyzerConfiguration {
    var configuration = AnalyzerConfiguration()
    configuration.serverPorts = Set(serverPorts)
    if let limitMemory { configuration.limitMemory(to: limitMemory.octets) }
    if let limitConnections { configuration.streams.connections = limitConnections }
    if let timeWait { configuration.timeWait = Int64(timeWait * 1e9) }
    configuration.connectionMemory = connectionMemory?.octets
    return configuration
  }

  func validate() throws {
    if let limitConnections, !(1...AnalyzerConfiguration.mostConnections).contains(limitConnections) {
      throw ValidationError("--limit-connections takes 1 to \(AnalyzerConfiguration.mostConnections).")
    }
    if let limitMemory, limitMemory.octets < AnalyzerConfiguration.leastMemory {
      let least = MemorySize(octets: AnalyzerConfiguration.leastMemory).defaultValueDescription
      throw ValidationError("--limit-memory takes \(least) at least, such as 256M or 2G.")
    }
    if serverPorts.contains(0) { throw ValidationError("--server-port takes a port from 1 to 65535.") }
    if let timeWait, !(0.001...86_400).contains(timeWait) {
      throw ValidationError("--time-wait takes 0.001 to 86400 seconds.")
    }
  }
}
