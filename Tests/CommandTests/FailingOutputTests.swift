import Foundation
import TestSupport
import Testing

/// Outputs that cannot be written to their end: an error that says which, and nothing left behind that looks complete.
@Suite(.serialized) struct FailingOutputTests {
  /// The options of every output that writes files, with the name of what it would make. A new output takes a line.
  static let outputs = [
    ("--json", "x"), ("--exchanges", "x"), ("--connections", "x"), ("--har", "x"), ("--markdown", "x"),
    ("--prometheus", "x"), ("--csv", "x"), ("--sqlite", "x"), ("--html", "x"),
  ]

  /// What the system says of a failure, and what SQLite makes of it.
  private func says(_ errors: String, _ reason: String, _ option: String) -> Bool {
    errors.contains(reason) || option == "--sqlite" && errors.split(separator: "\n").count == 1
  }

  static let long = TestCaptures.long(packets: 30_000)

  // The short summary in Markdown fits on the smallest disk.
  @Test(arguments: outputs.filter { $0.0 != "--markdown" })
  func `a full disk leaves no half file`(_ option: String, _ name: String) throws {
    try WorkingFolder.with(Self.long) { folder in
      try withFileSystem("size=4k,nr_inodes=64") { disk in
        let outcome = try folder.run(["capture.pcap", option, "\(disk.path)/\(name)"])
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(says(outcome.errors, "No space left on device", option), "\(outcome.errors)")
        #expect(outcome.errors.contains(disk.path))
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: disk.path).isEmpty)
      }
    }
  }

  /// One that fits does not appear without the one that does not.
  @Test func `a full disk leaves none of several outputs`() throws {
    try WorkingFolder.with(Self.long) { folder in
      try withFileSystem("size=64k") { disk in
        try Data("old".utf8).write(to: disk.appendingPathComponent("e"))
        let outcome = try folder.run(
          ["capture.pcap", "--markdown", "\(disk.path)/m", "--exchanges", "\(disk.path)/e", "--json", "\(disk.path)/j"])
        #expect(outcome.status == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["e"])
        #expect(try String(contentsOf: disk.appendingPathComponent("e"), encoding: .utf8) == "old")
      }
    }
  }

  @Test(arguments: outputs)
  func `a file system that can only be read is refused before reading`(_ option: String, _ name: String) throws {
    try WorkingFolder.with { folder in
      try withFileSystem("ro") { disk in
        let outcome = try folder.run(["capture.pcap", option, "\(disk.path)/\(name)"])
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(says(outcome.errors, "Read-only file system", option), "\(outcome.errors)")
      }
    }
  }

  @Test(arguments: outputs)
  func `a folder that may not be written to is refused before reading`(_ option: String, _ name: String) throws {
    try WorkingFolder.with { folder in
      let locked = folder.file("locked")
      try FileManager.default.createDirectory(
        at: locked, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o555])
      // Root may write everywhere.
      let shed = geteuid() == 0 ? ["setpriv", "--reuid=65534", "--clear-groups"] : ["env"]
      if geteuid() == 0 {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
      }
      let command = shed + [BuiltProgram().path, "capture.pcap", option, "locked/\(name)"]
      let outcome = try BuiltProgram.run(URL(fileURLWithPath: "/usr/bin/env"), command, in: folder.url, seconds: 60)
      #expect(outcome.status == 2, "\(outcome.errors)")
      #expect(says(outcome.errors, "Permission denied", option), "\(outcome.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: locked.path).isEmpty)
    }
  }

  @Test(arguments: [
    ["--exchanges", "/dev/full"], ["--json", "/dev/full"], ["--har", "/dev/full"], ["--connections", "-"],
    ["--json", "-"],
    [],
  ])
  func `a full device is an error`(_ arguments: [String]) throws {
    try WorkingFolder.with(Self.long) { folder in
      let script = "exec \"$0\" capture.pcap \"$@\" > /dev/full"
      let outcome = try BuiltProgram.run(
        URL(fileURLWithPath: "/bin/sh"), ["-c", script, BuiltProgram().path] + arguments, in: folder.url, seconds: 60)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("No space left on device"), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
  }

  @Test(arguments: [(SIGHUP, 129), (SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a second signal quits at once and leaves nothing`(_ signal: Int32, _ status: Int32) throws {
    try WorkingFolder.with(Self.long) { folder in
      let outputs = folder.file("outputs")
      try FileManager.default.createDirectory(at: outputs, withIntermediateDirectories: false)
      let running = try RunningProgram(
        [
          folder.file("capture.pcap").path, "--exchanges", "-", "--json", outputs.path + "/s.json", "--har",
          outputs.path + "/h.har", "--csv", outputs.path + "/csv", "--sqlite", outputs.path + "/s.db",
        ])
      try running.process.run()
      // Nobody reads its standard output: it stops in the middle of a write, with files begun.
      try running.wait { running.isWaitingForReader }
      try running.send(signal)
      // It goes on with what it was writing, which nobody reads.
      #expect(running.process.isRunning)
      // Two at once are one.
      Thread.sleep(forTimeInterval: 0.2)
      try running.send(signal)
      let end = try running.end()
      #expect(end.isExit)
      #expect(end.status == status)
      let left = try FileManager.default.subpathsOfDirectory(atPath: outputs.path)
      #expect(left.filter { $0 != "csv" }.isEmpty, "\(left)")
    }
  }

  @Test(arguments: [(SIGHUP, 129), (SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a signal leaves every output complete and the summary marked`(_ signal: Int32, _ status: Int32) throws {
    try withTemporaryFolder { folder in
      let options = Self.outputs.enumerated().flatMap { [$0.element.0, folder.path + "/\($0.offset)"] }
      let running = try RunningProgram(["-"] + options)
      try running.process.run()
      let pipe = running.input.fileHandleForWriting
      // The pipe stays open behind the capture: the program waits for more.
      try pipe.write(contentsOf: Data(Self.long))
      try running.wait { running.isWaitingForInput }
      try running.send(signal)
      let end = try running.end()
      #expect(end.isExit)
      #expect(end.status == status)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == Self.outputs.indices.map(String.init))
      let summary = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent("0")))
      let warnings = try #require((summary as? [String: Any])?["warnings"] as? [[String: Any]])
      #expect(warnings.contains { ($0["message"] as? String)?.hasPrefix("interrupted: ") == true })
      #expect(try !types(of: String(contentsOf: folder.appendingPathComponent("1"), encoding: .utf8)).isEmpty)
      #expect(
        try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent("3"))) is [String: Any])
    }
  }

  /// Gives `body` a file system of its own, which takes root. Without, the test is skipped, and fails in CI.
  private func withFileSystem(_ options: String, _ body: (URL) throws -> Void) throws {
    guard geteuid() == 0 else {
      #expect(Locations.environment("CI") != "true", "a file system can be mounted by root only")
      try Test.cancel("a file system can be mounted by root only")
    }
    try withTemporaryFolder { folder in
      let mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.path]
      let outcome = try BuiltProgram.run(URL(fileURLWithPath: "/usr/bin/env"), mount, seconds: 10)
      guard outcome.status == 0 else {
        #expect(Locations.environment("CI") != "true", "cannot mount: \(outcome.errors)")
        try Test.cancel("cannot mount: \(outcome.errors)")
      }
      defer {
        _ = try? BuiltProgram.run(URL(fileURLWithPath: "/usr/bin/env"), ["umount", folder.path], seconds: 10)
      }
      try body(folder)
    }
  }
}
