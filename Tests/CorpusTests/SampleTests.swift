import Comparison
import Foundation
import TestSupport
import Testing

@Suite struct SampleTests {
  let program = BuiltProgram()

  @Test func `there are samples, and each has all its files`() throws {
    #expect(Sample.all.count >= 20)
    let names = ["README.md", "truth.json", "expected.txt", "expected.json", "expected.connections.ndjson"]
    let missing = try Sample.all.flatMap { sample in
      try names.filter { try sample.contents(of: $0) == nil }.map { "\(sample.testDescription)/\($0)" }
    }
    #expect(missing.isEmpty)
  }

  @Test(arguments: Sample.all)
  func `a sample gives its expected output`(_ sample: Sample) throws {
    let report = try sample.analyse(with: program)
    let expected = [
      ("expected.txt", report.text), ("expected.json", report.summary),
      ("expected.exchanges.ndjson", report.exchanges), ("expected.connections.ndjson", report.connections),
    ]
    for (name, text) in expected {
      guard let wanted = try sample.contents(of: name) else { continue }
      if text != wanted {
        let lines = zip(wanted.split(separator: "\n"), text.split(separator: "\n"))
        let first = lines.first { $0 != $1 }.map { "\n- \($0)\n+ \($1)" } ?? "another number of lines"
        Issue.record("\(sample.testDescription)/\(name) differs (samples/renew writes it anew): \(first)")
      }
    }
  }

  /// The facts of truth.json are known without any analyser: from the server's log, or from how the packets were made.
  @Test(arguments: Sample.all)
  func `a sample agrees with what is known about it`(_ sample: Sample) throws {
    let truth = try JSONValue(try #require(try sample.contents(of: "truth.json")))
    let report = try sample.analyse(with: program)
    #expect(truth["exit"] == .number(Double(report.status)))
    var differences = truth["summary"]?.differences(from: try JSONValue(report.summary), at: "summary") ?? []

    let exchanges = try JSONValue.lines(of: report.exchanges)
    var rows = try JSONValue.lines(of: report.connections).sorted { $0.id < $1.id }
    let known = truth["connections"]?.elements ?? []
    #expect(!known.isEmpty)
    for connection in known {
      let facts = try #require(connection["connection"])
      let name = "\(facts["client"] ?? .null)"
      guard let index = rows.firstIndex(where: { $0["client"] == facts["client"] && $0["server"] == facts["server"] })
      else {
        differences.append("\(name): no such connection")
        continue
      }
      let row = rows.remove(at: index)
      differences += facts.differences(from: row, at: name)
      let found = exchanges.filter { $0["connection"] == row["id"] }.sorted { $0.index < $1.index }
      let wanted = (connection["exchanges"]?.elements ?? []).flatMap(\.repeated)
      differences += JSONValue.array(wanted).differences(from: .array(found), at: name)
    }
    differences += rows.map { "unexpected connection \($0)" }
    #expect(differences.isEmpty, "\(differences.prefix(10).joined(separator: "\n"))")
  }
}

extension JSONValue {
  fileprivate var id: Double { number("id") }
  fileprivate var index: Double { number("index") }

  private func number(_ key: String) -> Double {
    if case .number(let value)? = self[key] { value } else { 0 }
  }

  /// `"n": [first, last]` stands for as many elements.
  fileprivate var repeated: [JSONValue] {
    guard case .object(var members) = self, case .array(let bounds)? = members.removeValue(forKey: "n"),
      case (.number(let first)?, .number(let last)?) = (bounds.first, bounds.last), first <= last
    else { return [self] }
    return (Int(first)...Int(last)).map { JSONValue.object(members).filled($0) }
  }
}
