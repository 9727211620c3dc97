import Foundation
import TestSupport
import Testing

@Suite struct GateTests {
  @Test(arguments: [
    ("reuse.ratio < 0.9", "failed: reuse.ratio < 0.9 (it is 0.5)"),
    ("reuse.ratio <= 50 %", "failed: reuse.ratio <= 50 % (it is 0.5)"),
    ("causes[first-contact].connections >= 1", "failed: causes[first-contact].connections >= 1 (it is 1)"),
    ("capture.truncated == false", "failed: capture.truncated == false (it is false)"),
  ])
  func `a condition that holds gives status 3 and a line`(_ condition: String, _ line: String) throws {
    let (outcome, files) = try run(["capture.pcap", "--fail-if", condition, "--json", "out.json"])
    #expect(outcome.status == 3)
    #expect(outcome.errors == "reusescope: \(line)\n")
    // It was analysed, and everything that was asked for is there.
    #expect(outcome.output.contains("50.0 % of 2 requests"))
    #expect(files.keys.contains("out.json"))
  }

  @Test func `every one that holds is named, and one is enough`() throws {
    let outcome = try run([
      "capture.pcap", "--quiet", "--fail-if", "reuse.ratio > 0.9", "--fail-if", "exchanges.total == 2", "--fail-if",
      "connections.total < 9",
    ]).outcome
    #expect(outcome.status == 3)
    #expect(outcome.errors.split(separator: "\n").count == 2)
  }

  @Test func `conditions that do not hold change nothing`() throws {
    let outcome = try run([
      "capture.pcap", "--fail-if", "reuse.ratio < 0.5", "--fail-if", "exchanges.pipelined > 0", "--fail-if",
      "closes[mid-exchange].connections > 0",
    ]).outcome
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
  }

  @Test func `what the capture does not tell is a warning`() throws {
    let outcome = try run(["capture.pcap", "--fail-if", "reuse.ratio < 0.9"], on: TestCaptures.empty).outcome
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("undecided"))
  }

  @Test(arguments: [
    "reuse.ratio", "reuse.ration < 0.9", "reuse.ratio = 1", "", "reuse < 1", "capture.truncated == 1",
    "reuse.ratio == x",
  ])
  func `a condition that can never hold is wrong usage`(_ condition: String) throws {
    #expect(try run(["capture.pcap", "--fail-if", condition]).outcome.status == 64)
  }
}

@Suite struct CompareTests {
  @Test func `two captures are set side by side`() throws {
    let outcome = try run(["compare", "capture.pcap", "capture.pcap"]).outcome
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("Before capture.pcap\n"))
    #expect(outcome.output.contains("reuse ratio"))
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(outcome.errors == "")
  }

  @Test func `summaries stand for their captures`() throws {
    try WorkingFolder.with { folder in
      #expect(try folder.run(["capture.pcap", "--json", "s.json"]).status == 0)
      let captures = try folder.run(["compare", "capture.pcap", "capture.pcap", "--json", "-"])
      for sides in [["s.json", "capture.pcap"], ["capture.pcap", "s.json"], ["s.json", "s.json"]] {
        let outcome = try folder.run(["compare"] + sides + ["--json", "-"])
        #expect(outcome.status == 0)
        #expect(outcome.output == captures.output)
      }
      let json = try JSONSerialization.jsonObject(with: Data(captures.output.utf8)) as? [String: Any]
      let figures = try #require(json?["figures"] as? [[String: Any]])
      let ratio = try #require(figures.first { $0["figure"] as? String == "reuse.ratio" })
      #expect(ratio["before"] as? Double == 0.5 && ratio["change"] as? Double == 0)
    }
  }

  @Test(arguments: [["capture.pcap", "missing.pcap"], ["text.txt", "capture.pcap"], ["other.json", "capture.pcap"]])
  func `what is neither is refused`(_ sides: [String]) throws {
    try WorkingFolder.with { folder in
      try Data("hello".utf8).write(to: folder.file("text.txt"))
      try Data(#"{"some": "JSON"}"#.utf8).write(to: folder.file("other.json"))
      let outcome = try folder.run(["compare"] + sides + ["--json", "out.json"])
      #expect(outcome.status == 2)
      #expect(outcome.errors.hasPrefix("reusescope: "))
      #expect(outcome.output == "")
      #expect(try folder.contents()["out.json"] == nil)
    }
  }

  @Test func `what is too long for a summary is not read`() throws {
    try WorkingFolder.with { folder in
      try Data(Array("{".utf8) + [UInt8](repeating: UInt8(ascii: " "), count: 16 << 20))
        .write(to: folder.file("long.json"))
      let outcome = try folder.run(["compare", "capture.pcap", "long.json"])
      #expect(outcome.status == 2)
      #expect(outcome.errors == "reusescope: long.json: is too long for a summary\n")
    }
  }

  @Test(arguments: [
    ["compare"], ["compare", "capture.pcap"], ["compare", "-", "-"], ["compare", "a", "b", "--top", "-1"],
  ])
  func `wrong usage is told apart`(_ arguments: [String]) throws {
    #expect(try run(arguments).outcome.status == 64)
  }
}
