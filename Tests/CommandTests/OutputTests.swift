import Foundation
import TestSupport
import Testing

@Suite struct OutputTests {
  @Test func `outputs go to files beside the text`() throws {
    let (outcome, files) = try run(
      ["capture.pcap", "--json", "s.json", "--exchanges", "e.ndjson", "--connections", "c.ndjson"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("50.0 %"))
    #expect(files.keys.sorted() == ["c.ndjson", "e.ndjson", "s.json"])
    #expect(try types(of: files["e.ndjson"] ?? "") == ["exchange", "exchange"])
    #expect(try types(of: files["c.ndjson"] ?? "") == ["connection"])
    let summary = try JSONSerialization.jsonObject(with: Data((files["s.json"] ?? "").utf8)) as? [String: Any]
    #expect((summary?["reuse"] as? [String: Any])?["ratio"] as? [Double] == [0.5, 0.5])
    #expect((summary?["capture"] as? [String: Any])?["files"] as? [String] == ["capture.pcap"])
  }

  @Test func `rows share standard output`() throws {
    let both = try run(["--quiet", "capture.pcap", "--exchanges", "-", "--connections", "-"]).outcome
    #expect(both.status == 0)
    #expect(try types(of: both.output) == ["exchange", "exchange", "connection"])
    #expect(!both.output.contains("\n\n"))
    #expect(try types(of: run(["capture.pcap", "--exchanges", "-"]).outcome.output) == ["exchange", "exchange"])
    #expect(try types(of: run(["capture.pcap", "--connections", "-"]).outcome.output) == ["connection"])
  }

  @Test func `the summary alone goes to standard output`() throws {
    let (outcome, files) = try run(["capture.pcap", "--json", "-", "--exchanges", "e.ndjson"])
    #expect(outcome.status == 0)
    #expect(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) is [String: Any])
    #expect(files.keys.sorted() == ["e.ndjson"])
  }

  @Test func `a device is written to and stays one`() throws {
    let options = ["--exchanges", "/dev/null", "--connections", "/dev/null", "--json", "/dev/null"]
    #expect(try run(["capture.pcap"] + options).outcome.status == 0)
    let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
    #expect(type == .typeCharacterSpecial)
  }

  @Test func `a link to an output stays, what it leads to is replaced`() throws {
    try WorkingFolder.with { folder in
      let (old, link) = (folder.file("old.ndjson"), folder.file("link.ndjson"))
      try Data("old".utf8).write(to: old)
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: old)
      #expect(try folder.run(["capture.pcap", "--exchanges", "link.ndjson"]).status == 0)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == old.path)
      #expect(try types(of: String(contentsOf: old, encoding: .utf8)) == ["exchange", "exchange"])
      #expect(try folder.contents().count == 2)
    }
  }

  @Test func `redacted rows hold no query`() throws {
    #expect(try run(["capture.pcap", "--exchanges", "-"]).outcome.output.contains("secret"))
    let redacted = try run(["capture.pcap", "--exchanges", "-", "--redact"]).outcome
    #expect(!redacted.output.contains("secret"))
    #expect(redacted.output.contains(#""target":"/b?","#))
  }

  @Test(arguments: [
    (["--json", "capture.pcap"], "capture.pcap: is one of the captures"),
    (["--json", "./capture.pcap"], "is one of the captures"),
    (["--json", "link.pcap"], "link.pcap: is one of the captures"),
    (["--exchanges", "hard.pcap"], "hard.pcap: is one of the captures"),
    (["--json", "x", "--exchanges", "x"], "x: is named for two outputs"),
    (["--json", "x", "--exchanges", "./x"], "x: is named for two outputs"),
    (["--connections", "folder/../x", "--exchanges", "x"], "x: is named for two outputs"),
    (["--json", "nowhere/x"], "nowhere/x: cannot be written: No such file or directory: make its folder first"),
    (["--exchanges", "folder"], "folder: cannot be written: Is a directory: name a file in it"),
    (["--exchanges", "x", "--json", "nowhere/x"], "nowhere/x: cannot be written"),
  ])
  func `an output that cannot be is refused before reading`(_ arguments: [String], _ message: String) throws {
    try WorkingFolder.with { folder in
      let files = FileManager.default
      let capture = folder.file("capture.pcap")
      try files.createSymbolicLink(at: folder.file("link.pcap"), withDestinationURL: capture)
      try files.linkItem(at: capture, to: folder.file("hard.pcap"))
      try files.createDirectory(at: folder.file("folder"), withIntermediateDirectories: false)
      let before = try folder.contents()
      let outcome = try folder.run(["capture.pcap"] + arguments)
      #expect(outcome.status == 2)
      #expect(outcome.output == "")
      #expect(outcome.errors.hasPrefix("reusescope: "))
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(try folder.contents() == before)
      #expect(try Data(contentsOf: capture) == Data(TestCaptures.reuse))
    }
  }

  @Test func `a run that fails leaves old outputs as they were`() throws {
    try WorkingFolder.with(Array("not a capture".utf8)) { folder in
      try Data("old".utf8).write(to: folder.file("s.json"))
      #expect(try folder.run(["capture.pcap", "--json", "s.json", "--exchanges", "e.ndjson"]).status == 2)
      #expect(try folder.contents() == ["s.json": "old"])
    }
  }
}
