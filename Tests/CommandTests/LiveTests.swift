import Foundation
import TestSupport
import Testing

@Suite struct `The live subcommand` {
  @Test(arguments: [
    ["live"], ["live", "-i", ""], ["live", "-i", "lo", "--packets", "0"], ["live", "-i", "lo", "--every", "999ms"],
    ["live", "-i", "lo", "--duration", "0"], ["live", "-i", "lo", "--duration", "5x"],
    ["live", "-i", "lo", "--duration", "99999999999999999999s"], ["live", "-i", "lo", "--snaplen", "63"],
    ["live", "-i", "lo", "--buffer-size", "2048"], ["live", "-i", "lo", "--json", ""],
    ["live", "-i", "lo", "--heads-only"], ["live", "-i", "lo", "--write", "a.pcap", "--zero-bodies"],
  ])
  func `wrong usage is refused`(_ arguments: [String]) throws {
    let outcome = try BuiltProgram().run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
  }

  @Test func `an interface that is not there is refused, and no file is left`() throws {
    try withTemporaryFolder { folder in
      let outcome = try BuiltProgram().run(["live", "-i", "no-such-if0", "--json", "s.json"], in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("no-such-if0"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  @Test func `interfaces are listed`() throws {
    let outcome = try BuiltProgram().run(["interfaces"])
    #expect(outcome.status == 0)
    #expect(outcome.output.split(separator: "\n").contains { $0.hasPrefix("lo ") && $0.contains("127.0.0.1") })
    // Who may not capture is told what would allow it.
    #expect(outcome.output.contains("setcap") == outcome.output.contains("  no  "))
  }

  @Test(.enabled(if: geteuid() == 0, "capturing needs root"))
  func `a running capture is ended by its duration and writes everything`() throws {
    try withTemporaryFolder { folder in
      let outcome = try BuiltProgram().run(
        [
          "live", "-i", "lo", "--user", "root", "-f", "tcp port 1", "--duration", "300ms", "--json", "s.json",
          "--exchanges", "x",
          "--every", "1s",
        ], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names.count == 2)
      #expect(names.first?.wholeMatch(of: /s-\d{8}T\d{6}\.\d{3}Z\.json/) != nil, "\(names)")
      #expect(names.last?.wholeMatch(of: /x-\d{8}T\d{6}\.\d{3}Z/) != nil, "\(names)")
    }
  }

  @Test(.enabled(if: geteuid() == 0, "capturing needs root"))
  func `what cannot start leaves the old file, and one name is not for two`() throws {
    try withTemporaryFolder { folder in
      let old = folder.appendingPathComponent("old.pcap")
      try Data("old".utf8).write(to: old)
      for (json, words) in [("none/x.json", "none/x.json"), ("old.pcap", "is named for two outputs")] {
        let outcome = try BuiltProgram().run(
          ["live", "-i", "lo", "--user", "root", "--duration", "300ms", "--write", "old.pcap", "--json", json],
          in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(words))
        #expect(try String(contentsOf: old, encoding: .utf8) == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["old.pcap"])
      }
    }
  }
}
