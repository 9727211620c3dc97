import Foundation
import TestSupport
import Testing

/// Broken captures: the built program ends, with an exit status that is documented. `.ci/robustness` does the same at length.
@Suite struct RobustnessTests {
  private static let files = Sample.all.map(\.capture) + Corpus.captures.filter { _ in Int.random(in: 0..<8) == 0 }

  @Test func `cut and corrupted captures are survived`() throws {
    let seed = UInt64.random(in: 0...(.max))
    print("robustness seed: \(seed)")
    var random = SeededNumbers(state: seed)
    let program = BuiltProgram()
    try withTemporaryFolder { scratch in
      let (broken, json) = (scratch.appendingPathComponent("broken"), scratch.appendingPathComponent("json"))
      for file in Self.files {
        let whole = try Data(contentsOf: file)
        guard !whole.isEmpty else { continue }
        var corrupted = whole
        corrupted[Int.random(in: 0..<whole.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
        for octets in [whole.prefix(Int.random(in: 0..<whole.count, using: &random)), corrupted] {
          try octets.write(to: broken)
          let outcome = try program.run(
            ["--quiet", broken.path, "--exchanges", "-", "--connections", "-", "--json", json.path])
          #expect(
            !outcome.endedBySignal && [0, 1, 2].contains(outcome.status),
            "\(file.lastPathComponent), seed \(seed): \(outcome.status) \(outcome.errors.suffix(500))")
        }
      }
    }
  }
}

/// SplitMix64.
private struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
