import Foundation
import TestSupport
import Testing

@Suite struct CSVOutputTests {
  static let names = [
    "balance", "causes", "closes", "connections", "exchanges", "findings", "hosts", "lengths", "load", "pools", "ports",
    "races", "servers", "time_wait",
  ]

  @Test func `a folder of tables is written, each complete`() throws {
    try WorkingFolder.with { folder in
      let outcome = try folder.run(["capture.pcap", "--csv", "tables", "--exchanges", "e.ndjson"])
      #expect(outcome.status == 0)
      #expect(outcome.errors == "")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("tables").path)
      #expect(files.sorted() == Self.names.map { "\($0).csv" })
      let exchanges = try table("exchanges", in: folder)
      let rows = try String(contentsOf: folder.file("e.ndjson"), encoding: .utf8).split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      #expect(exchanges.count == rows.count)
      for (row, object) in zip(exchanges, rows) {
        let request = object["request"] as? [String: Any]
        let response = object["response"] as? [String: Any]
        #expect(row["client"] == object["client"] as? String)
        #expect(row["use"] == object["use"] as? String)
        #expect(row["request_target"] == request?["target"] as? String)
        #expect(Double(row["request_start"] ?? "") == request?["start"] as? Double)
        #expect(row["response_status"] == (response?["status"] as? Int).map(String.init))
        #expect(row["outcome"] == "complete")
        #expect(row["retry_of_index"] == "")
      }
      #expect(try table("connections", in: folder).map { $0["hosts"] } == [#"["shop.test"]"#])
      #expect(try table("servers", in: folder).map { $0["exchanges"] } == ["2"])
      #expect(try table("causes", in: folder).contains { $0["server"] == "" && $0["cause"] == "first-contact" })
    }
  }

  @Test func `tables go into a folder that is there, and replace old ones`() throws {
    try WorkingFolder.with { folder in
      try FileManager.default.createDirectory(at: folder.file("tables"), withIntermediateDirectories: false)
      try Data("old".utf8).write(to: folder.file("tables/hosts.csv"))
      try Data("kept".utf8).write(to: folder.file("tables/other"))
      #expect(try folder.run(["capture.pcap", "--csv", "tables/"]).status == 0)
      #expect(try table("hosts", in: folder).map { $0["host"] } == ["shop.test"])
      #expect(try String(contentsOf: folder.file("tables/other"), encoding: .utf8) == "kept")
    }
  }

  @Test func `a run that fails leaves no table and no folder`() throws {
    try WorkingFolder.with(Array("not a capture".utf8)) { folder in
      let outcome = try folder.run(["capture.pcap", "--csv", "tables"])
      #expect(outcome.status == 2)
      #expect(try folder.contents().isEmpty)
    }
    let outcome = try run(["capture.pcap", "--csv", "capture.pcap"]).outcome
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("reusescope: capture.pcap"))
    #expect(try run(["capture.pcap", "--csv", "-"]).outcome.status == 64)
  }

  @Test func `hostile text is no formula`() throws {
    let hostile = #"=cmd|'/C calc'!A0"#
    try WorkingFolder.with(TestCaptures.exchange(target: "=1+1;=2", host: hostile)) { folder in
      #expect(try folder.run(["capture.pcap", "--csv", "tables"]).status == 0)
      let row = try #require(try table("exchanges", in: folder).first)
      #expect(row["request_target"] == #"\x3d1+1;\x3d2"#)
      #expect(row["request_host"] == #"\x3dcmd|'/C calc'!A0"#)
    }
  }

  private func table(_ name: String, in folder: WorkingFolder) throws -> [[String: String]] {
    try csv(String(contentsOf: folder.file("tables/\(name).csv"), encoding: .utf8))
  }
}

/// Rows by the names of the header (RFC 4180).
func csv(_ text: String) throws -> [[String: String]] {
  var rows: [[String]] = [[]]
  var field = ""
  var isQuoted = false
  var rest = Array(text.unicodeScalars)[...]
  while let scalar = rest.popFirst() {
    switch scalar {
    case "\"" where isQuoted && rest.first == "\"":
      rest.removeFirst()
      field.unicodeScalars.append(scalar)
    case "\"": isQuoted.toggle()
    case "," where !isQuoted:
      rows[rows.count - 1].append(field)
      field = ""
    case "\r" where !isQuoted:
      #expect(rest.popFirst() == "\n")
      rows[rows.count - 1].append(field)
      field = ""
      rows.append([])
    default: field.unicodeScalars.append(scalar)
    }
  }
  #expect(rows.popLast() == [])
  let header = rows.removeFirst()
  return try rows.map { row in
    try #require(row.count == header.count)
    return Dictionary(uniqueKeysWithValues: zip(header, row))
  }
}
