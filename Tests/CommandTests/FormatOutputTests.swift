import Foundation
import TestSupport
import Testing

@testable import reusescope

/// Outputs that .ci/formats gives to other programs to read: here, that they are there, complete, and alone on standard output.
@Suite struct FormatOutputTests {
  @Test func `an archive holds each exchange`() throws {
    let (outcome, files) = try run(["capture.pcap", "--har", "h.har", "--redact"])
    #expect(outcome.status == 0)
    #expect(files.keys.sorted() == ["h.har"])
    let archive = try JSONSerialization.jsonObject(with: Data((files["h.har"] ?? "").utf8)) as? [String: [String: Any]]
    let entries = try #require(archive?["log"]?["entries"] as? [[String: Any]])
    #expect(entries.map { $0["_reused"] as? Bool } == [false, true])
    #expect(entries.map { $0["connection"] as? String } == ["1", "1"])
    #expect((entries[0]["timings"] as? [String: Any])?["connect"] as? Double == 10)
    #expect((entries[1]["timings"] as? [String: Any])?["connect"] as? Double == -1)
    #expect((entries[1]["request"] as? [String: Any])?["url"] as? String == "http://shop.test/b?")
  }

  @Test(arguments: [
    ("--har", "{\"log\":"), ("--markdown", "## HTTP connection reuse"), ("--prometheus", "# HELP reusescope_info"),
  ])
  func `a document can go to standard output`(_ option: String, _ begin: String) throws {
    let outcome = try run(["capture.pcap", option, "-"]).outcome
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix(begin))
    #expect(outcome.errors == "")
    #expect(try run(["capture.pcap", option, "-", "--json", "-"]).outcome.status == 64)
  }

  @Test func `a run that fails leaves none of them`() throws {
    try WorkingFolder.with(Array("not a capture".utf8)) { folder in
      let outcome = try folder.run([
        "capture.pcap", "--har", "h", "--markdown", "m", "--prometheus", "p", "--sqlite", "s",
      ])
      #expect(outcome.status == 2)
      #expect(try folder.contents().isEmpty)
    }
  }

  @Test func `intervals have files of their own, but for those that must keep their names`() throws {
    let names = ["json", "exchanges", "connections", "html", "har", "markdown", "csv", "sqlite", "prometheus"]
    let options = try OutputOptions.parse(names.flatMap { ["--\($0)", $0] }).renamed { "\($0)-1" }
    let paths = options.outputs().flatMap(\.paths).map { $0.split(separator: "/")[0] }
    #expect(Set(paths) == Set(names.map { ["sqlite", "prometheus"].contains($0) ? $0[...] : "\($0)-1" } + ["-"]))
  }
}
