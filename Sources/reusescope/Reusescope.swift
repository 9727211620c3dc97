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
        reusescope --fail-if 'reuse.ratio < 0.9' test-run.pcap
        reusescope compare before.pcap after.pcap

      Exit status: 0 analysed; 1 analysed, with a warning that matters (capture cut short, packets dropped, a limit \
      reached); 2 nothing could be analysed; 3 a condition of --fail-if holds; 64 wrong usage; 129, 130 or 143 stopped \
      by a signal, after writing what was asked for.
      """,
    version: reusescopeVersion,
    subcommands: [Analyze.self, Live.self, Interfaces.self, Compare.self],
    defaultSubcommand: Analyze.self)

  static func main() {
    System.keepNoHoles()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let (code, message) = (exitCode(for: error), fullMessage(for: error))
      // Help and version are ours; an error repeats arguments, which may hold anything.
      if message.isEmpty {
        // What there was to say has been said.
      } else if code.isSuccess {
        print(message)
      } else {
        let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
        let text = lines.map { TerminalText.escaped(String($0)) }.joined(separator: "\n")
        System.writeToStandardError(Array("\(text)\n".utf8))
      }
      exit(withError: code)
    }
  }
}
