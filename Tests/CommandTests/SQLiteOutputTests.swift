import Foundation
import SQLiteReport
import TestSupport
import Testing

@Suite struct SQLiteOutputTests {
  @Test func `rows and tables are in the database`() throws {
    try WorkingFolder.with { folder in
      let outcome = try folder.run(["capture.pcap", "--sqlite", "c.db"])
      #expect(outcome.status == 0)
      #expect(outcome.errors == "")
      #expect(try folder.contents().keys.sorted() == ["c.db"])
      let database = try Database(folder.file("c.db").path)
      #expect(
        try database.texts(
          #"SELECT capture || ' ' || connection || ' ' || "index" || ' ' || request_target FROM exchanges"#)
          == ["1 1 1 /a", "1 1 2 /b?token=secret"])
      #expect(try database.texts("SELECT server FROM connections WHERE closed_by = 'client'") == ["198.51.100.2:80"])
      #expect(try database.texts("SELECT exchanges FROM servers") == ["2"])
      #expect(
        try database.texts("SELECT requests || ' ' || ratio_low || ' ' || files FROM captures") == [
          "2 0.5 [\"capture.pcap\"]"
        ])
      #expect(try database.texts("SELECT json_extract(summary, '$.reuse.ratio[0]') FROM captures") == ["0.5"])
      #expect(try database.texts("SELECT cause FROM why_opened") == ["first-contact"])
      #expect(try database.texts("SELECT ratio_low FROM reuse_by_server") == ["0.5"])
      #expect(try database.texts("SELECT reason FROM how_closed") == ["client-idle-close"])
      #expect(try database.texts("SELECT 1 FROM avoidable_openings UNION ALL SELECT 2 FROM failed_requests") == [])
      #expect(try database.texts("PRAGMA integrity_check") == ["ok"])
      #expect(try database.texts("PRAGMA foreign_key_check") == [])
    }
  }

  @Test func `a second capture is added`() throws {
    try WorkingFolder.with { folder in
      for _ in 0..<2 { #expect(try folder.run(["capture.pcap", "--sqlite", "c.db", "--redact"]).status == 0) }
      let database = try Database(folder.file("c.db").path)
      #expect(try database.texts("SELECT id FROM captures") == ["1", "2"])
      #expect(
        try database.texts("SELECT capture || ' ' || count(*) FROM exchanges GROUP BY capture") == ["1 2", "2 2"])
      #expect(try database.texts("SELECT DISTINCT request_target FROM exchanges") == ["/a", "/b?"])
      #expect(try folder.contents().keys.sorted() == ["c.db"])
    }
  }

  @Test func `a run that fails leaves no database, and an old one as it was`() throws {
    try WorkingFolder.with { folder in
      #expect(try folder.run(["capture.pcap", "--sqlite", "c.db"]).status == 0)
      let before = try Data(contentsOf: folder.file("c.db"))
      try Data("not a capture".utf8).write(to: folder.file("junk"))
      #expect(try folder.run(["junk", "--sqlite", "c.db"]).status == 2)
      #expect(try folder.run(["junk", "--sqlite", "new.db"]).status == 2)
      #expect(try Data(contentsOf: folder.file("c.db")) == before)
      #expect(try folder.contents().keys.sorted() == ["c.db", "junk"])
    }
  }

  @Test func `what is no database of ours is refused and left alone`() throws {
    try WorkingFolder.with { folder in
      try Data("some text that is no database".utf8).write(to: folder.file("text"))
      let other = try Database(folder.file("other.db").path)
      try other.run("CREATE TABLE mine (x); INSERT INTO mine VALUES (1)")
      let old = try Database(folder.file("old.db").path)
      try old.run("CREATE TABLE captures (id); PRAGMA application_id = 1382380915")
      try FileManager.default.createDirectory(at: folder.file("folder"), withIntermediateDirectories: false)
      for (name, message) in [
        ("text", "not a database"), ("other.db", "something else"), ("old.db", "another version"),
        ("folder", "no regular file"), ("/dev/null", "no regular file"), ("nowhere/x.db", "unable to open"),
      ] {
        let outcome = try folder.run(["capture.pcap", "--sqlite", name])
        #expect(outcome.status == 2, "\(name)")
        #expect(outcome.errors.hasPrefix("reusescope: \(name): "), "\(outcome.errors)")
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
      }
      #expect(try String(contentsOf: folder.file("text"), encoding: .utf8) == "some text that is no database")
      #expect(try other.texts("SELECT name FROM sqlite_master") == ["mine"])
      #expect(try run(["capture.pcap", "--sqlite", "-"]).outcome.status == 64)
    }
  }

  @Test func `hostile text is a value and nothing else`() throws {
    let hostile = "'); DROP TABLE exchanges; --\u{1B}[2J\u{202E}"
    try WorkingFolder.with(TestCaptures.exchange(target: "/\"';--", host: hostile)) { folder in
      #expect(try folder.run(["capture.pcap", "--sqlite", "c.db"]).status == 0)
      let database = try Database(folder.file("c.db").path)
      #expect(try database.texts("SELECT request_target FROM exchanges") == ["/\"';--"])
      #expect(
        try database.texts("SELECT request_host FROM exchanges")
          == ["'); DROP TABLE exchanges; --\\x1b[2J\\xe2\\x80\\xae"])
    }
  }
}
