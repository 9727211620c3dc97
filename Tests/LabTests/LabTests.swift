import Foundation
import TestSupport
import Testing

/// Real servers and clients, recorded here and now, against the servers' own logs. `.ci/lab` runs the whole set.
enum Lab {
  private static let tools = ["nginx", "tcpdump", "ip", "ethtool", "curl", "python3"]

  /// What is missing to run it, `nil` where nothing is.
  static let obstacle: String? = {
    let lab = packageFolder.deletingLastPathComponent().appendingPathComponent("shared/lab/lab.py")
    guard FileManager.default.fileExists(atPath: lab.path) else { return "../shared/lab is missing" }
    guard geteuid() == 0 else { return "it needs root, for network namespaces" }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = path.components(separatedBy: ":") + ["/usr/sbin", "/sbin"]
    return tools.first { tool in
      !folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
    }.map { "\($0) is not installed" }
  }()
}

@Suite(.enabled(if: Lab.obstacle == nil || isContinuousIntegration, "needs ../shared/lab, root, nginx, tcpdump …"))
struct LabTests {
  @Test func `a fresh recording agrees with the server's log`() throws {
    try #require(Lab.obstacle == nil, "\(Lab.obstacle ?? "")")
    let lab = packageFolder.appendingPathComponent(".ci/lab")
    let outcome = try BuiltProgram.run(
      lab, [BuiltProgram().path, "reuse-basic", "methods-and-framing"], in: packageFolder, seconds: 300)
    print(outcome.output)
    #expect(outcome.status == 0, "\(outcome.output.suffix(2000)) \(outcome.errors.suffix(500))")
  }
}
