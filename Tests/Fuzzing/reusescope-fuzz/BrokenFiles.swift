import FoundationEssentials
import Glibc
import SystemPackage

/// Files cut and corrupted at random, given to a target one after the other: many times as many runs as with a process for
/// each.
struct BrokenFiles {
  private let files: [[UInt8]]
  private var random: Choices

  init(_ paths: [String], seed: String) {
    files = paths.compactMap { FileManager.default.contents(atPath: $0) }.map { [UInt8]($0) }.filter { !$0.isEmpty }
    random = Choices(Array(seed.utf8))
  }

  /// `skipping` runs are made up and not run: a trap in run n is found again with `skipping` n − 1.
  mutating func run(_ runs: Int, skipping: Int) {
    guard !files.isEmpty else { find("no files") }
    for number in 1...max(runs, 1) {
      let input = next()
      if number <= skipping { continue }
      // A trap or the alarm ends the process: its last line says where.
      if number % 100 == 0 { say("run \(number)") }
      alarm(20)
      target.run(input)
    }
    alarm(0)
    say("\(runs - skipping) runs of \(target.rawValue) on \(files.count) files")
  }

  private mutating func next() -> [UInt8] {
    var octets = files[random.number(upTo: files.count - 1)]
    if random.number(upTo: 4) == 0 { return Array(octets.prefix(random.number(upTo: octets.count))) }
    for _ in 0...random.number(upTo: 3) {
      octets[random.number(upTo: octets.count - 1)] ^= UInt8(1 + random.number(upTo: 254))
    }
    return octets
  }

  /// At once: a trap would take with it what waits in a buffer.
  private func say(_ line: String) { _ = try? FileDescriptor.standardOutput.writeAll(Array("\(line)\n".utf8)) }
}
