import SystemPackage

/// `FUZZ_TARGET=name reusescope-fuzz [libFuzzer options] CORPUS...` runs a target.
/// `FUZZ_TARGET=name reusescope-fuzz seeds FOLDER CAPTURE...` makes the first inputs of its corpus out of captures.
/// `FUZZ_TARGET=name reusescope-fuzz broken RUNS[-SKIPPED] SEED FILE...` gives it cut and corrupted files.
@main
enum Fuzz {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let operands = arguments.dropFirst()
    switch (arguments.first, operands.first) {
    case ("seeds", let folder?):
      var seeds = SeedFolder(path: FilePath(folder))
      for capture in operands.dropFirst() { try seeds.add(target, from: capture) }
    case ("broken", let runs?):
      let numbers = runs.split(separator: "-").map { Int($0) ?? 0 }
      var files = BrokenFiles(Array(operands.dropFirst(2)), seed: operands.dropFirst().first ?? "")
      files.run(numbers.first ?? 0, skipping: numbers.dropFirst().first ?? 0)
    default:
      runLibFuzzer()
    }
  }
}

/// The one that the environment names.
let target: Target = {
  guard let name = environment("FUZZ_TARGET"), let target = Target(rawValue: name) else {
    let names = Target.allCases.map(\.rawValue).joined(separator: " ")
    find("FUZZ_TARGET names no target; there are: \(names)")
  }
  return target
}()
