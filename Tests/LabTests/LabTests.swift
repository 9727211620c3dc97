import Foundation
import TestSupport
import Testing

/// Real servers and clients, recorded here and now, against the servers' own logs. `.ci/lab` runs the whole set.
@Test func `a fresh recording agrees with the server's log`() throws {
  let lab = try Locations.shared("lab")
  if let obstacle = missing() {
    guard Locations.environment("CI") == "true" else { try Test.cancel("\(obstacle)") }
    Issue.record("\(obstacle)")
    return
  }
  let script = URL(fileURLWithPath: Locations.package + "/.ci/lab")
  let scenarios = "reuse-basic,methods-and-framing"
  let outcome = try BuiltProgram.run(script, [BuiltProgram().path, lab, scenarios], seconds: 300)
  print(outcome.output)
  #expect(outcome.status == 0, "\(outcome.output.suffix(2000)) \(outcome.errors.suffix(500))")
}

/// Live, beside tcpdump, whose file must give the same rows.
@Test func `a capture live agrees with the same traffic from a file`() throws {
  let lab = try Locations.shared("lab")
  if let obstacle = missing() {
    guard Locations.environment("CI") == "true" else { try Test.cancel("\(obstacle)") }
    Issue.record("\(obstacle)")
    return
  }
  let script = URL(fileURLWithPath: Locations.package + "/.ci/live")
  let outcome = try BuiltProgram.run(script, [BuiltProgram().path, lab, "reuse-basic,pipelined"], seconds: 300)
  print(outcome.output)
  #expect(outcome.status == 0, "\(outcome.output.suffix(2000)) \(outcome.errors.suffix(500))")
}

/// What recording needs and this machine lacks.
private func missing() -> String? {
  guard geteuid() == 0 else { return "recording needs root, for network namespaces" }
  let path = Locations.environment("PATH") ?? ""
  let folders = path.components(separatedBy: ":") + ["/usr/sbin", "/sbin"]
  let tools = ["nginx", "tcpdump", "ip", "ethtool", "curl", "python3"]
  let absent = tools.first { tool in
    !folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
  }
  return absent.map { "recording needs \($0), which is not installed" }
}
