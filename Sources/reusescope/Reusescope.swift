import ArgumentParser
import Reports

@main
struct Reusescope: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reusescope",
    abstract: "What HTTP connections do: reuse, handshakes, idle time, head-of-line blocking, and how they end.",
    discussion: """
      Reads packet captures, follows the TCP connections, parses the HTTP/1.x messages on any port, and attributes \
      every request to its connection.

        reusescope capture.pcap
        reusescope --exchanges rows.ndjson --json summary.json day-1.pcap.gz day-2.pcap.gz

      Exit status: 0 analysed; 1 analysed, with a warning that matters (capture cut short, packets dropped, a limit \
      reached); 2 nothing could be analysed; 64 wrong usage; 130 or 143 stopped by a signal, after writing what was \
      asked for.
      """,
    version: reusescopeVersion,
    subcommands: [Analyze.self],
    defaultSubcommand: Analyze.self)
}
