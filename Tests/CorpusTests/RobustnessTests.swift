import Foundation
import TestSupport
import Testing

/// Broken captures: the built program ends, with an exit status that is documented. `.ci/robustness` does the same at length.
@Suite struct RobustnessTests {
  /// The samples, and every eighth capture of the corpus where it is there.
  private func files(_ random: inout SplitMix64) -> [URL] {
    let captures = URL(fileURLWithPath: Locations.shared + "/corpus/captures")
    let corpus = (try? FileManager.default.contentsOfDirectory(at: captures, includingPropertiesForKeys: nil)) ?? []
    return Sample.all.map(\.capture)
      + corpus.sorted { $0.path < $1.path }.filter { $0.pathExtension != "json" && random.next().isMultiple(of: 8) }
  }

  @Test func `cut and corrupted captures are survived`() throws {
    let seed = SplitMix64.newSeed()
    print("robustness: TEST_SEED=\(seed) repeats it")
    var random = SplitMix64(seed: seed)
    let program = BuiltProgram()
    try withTemporaryFolder { scratch in
      let (broken, json) = (scratch.appendingPathComponent("broken"), scratch.appendingPathComponent("json"))
      for file in files(&random) {
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
