import ArgumentParser
import Foundation

/// Compares the speed of the whole analysis with that of readers which do nothing with a packet.
@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reusescope-bench",
    abstract: "Measure the analysis against programs that only count packets.",
    discussion: """
      Each round runs, in turn: libpcap as it comes (pcap_dispatch, counting); libpcap with a large stdio buffer and \
      without stdio locks; a walk over the mapped file; Reusescope's reader alone; its whole analysis; the same with all \
      rows made as text. Medians over the rounds are printed, and of the rounds' ratios to libpcap by processor time. \
      Times are of one process with the file in the page cache: one more round, not counted, comes first.
      """)

  @Argument(help: "A capture file.", completion: .file())
  var file: String?

  @Option(help: "Make a capture instead: mixed (bodies of 0.2 to 60 kB) or dense (20 to 200 octets).")
  var generate: Conversation.Load?

  @Option(help: "Connections in the capture that is made.")
  var connections = 4000

  @Option(help: "Another seed makes another capture.")
  var seed: UInt64 = 1

  @Option(help: "Where the capture that is made is kept. Without it, it is removed at the end.")
  var output: String?

  @Option(help: "Rounds.")
  var rounds = 5

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func validate() throws {
    guard (file == nil) != (generate == nil) else { throw ValidationError("Give either FILE or --generate.") }
    guard output == nil || generate != nil else { throw ValidationError("--output goes with --generate.") }
    guard rounds > 0, connections > 0 else { throw ValidationError("--rounds and --connections begin at 1.") }
  }

  func run() throws {
    if let file { return try measure(file, expecting: nil) }
    guard let generate else { return }
    let path = output ?? FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).pcap").path
    defer { if output == nil { try? FileManager.default.removeItem(atPath: path) } }
    guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path)
    else { throw ValidationError("\(path) cannot be written.") }
    let made = try SyntheticCapture(of: generate, connections: connections, seed: seed, writingTo: handle)
    try handle.close()
    try measure(path, expecting: made)
  }

  private func measure(_ path: String, expecting made: SyntheticCapture?) throws {
    var measurements = Subject.allCases.map { Measurement(subject: $0) }
    var counts: Counts?
    for round in 0...rounds {
      for index in measurements.indices {
        let sample = try Sample { try measurements[index].subject.run(path) }
        if round > 0 { measurements[index].samples.append(sample) }
        counts = sample.counts.requests == nil ? counts : sample.counts
      }
    }
    guard let counts, counts.packets > 0 else { throw ValidationError("\(path) holds no packet.") }
    let result = Result(measurements: measurements, counts: counts, rounds: rounds, machine: Machine())
    print(json ? try result.json() : result.table())
    if let made, let difference = made.difference(from: counts) {
      FileHandle.standardError.write(Data("error: \(difference)\n".utf8))
      throw ExitCode.failure
    }
  }
}

extension Conversation.Load: ExpressibleByArgument {}

extension SyntheticCapture {
  /// What the analysis found otherwise than it was made.
  fileprivate func difference(from counts: Counts) -> String? {
    let pairs = [
      ("packets", packets, counts.packets), ("octets", octets, counts.octets),
      ("connections", connections, counts.connections ?? 0), ("requests", requests, counts.requests ?? 0),
      ("reused requests", requests - connections, counts.reused ?? 0),
    ]
    return pairs.first { $0.1 != $0.2 }.map { "the capture holds \($0.1) \($0.0), the analysis found \($0.2)" }
  }
}
