import SystemPackage

/// `FUZZ_TARGET=name reusescope-fuzz [libFuzzer options] CORPUS...` runs a target.
/// `FUZZ_TARGET=name reusescope-fuzz seeds FOLDER CAPTURE...` makes the first inputs of its corpus out of captures.
@main
enum Fuzz {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.first == "seeds", let folder = arguments.dropFirst().first else { runLibFuzzer() }
    var seeds = SeedFolder(path: FilePath(folder))
    for capture in arguments.dropFirst(2) { try seeds.add(target, from: capture) }
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
