import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct StreamTests {
  @Test func `standard input is read`() throws {
    let running = try RunningProgram(["-", "--exchanges", "-"])
    try running.process.run()
    try running.input.fileHandleForWriting.write(contentsOf: Data(TestCaptures.reuse))
    try running.input.fileHandleForWriting.close()
    let output = try running.output.fileHandleForReading.readToEnd() ?? Data()
    let end = try running.end()
    #expect(end.status == 0)
    #expect(end.errors == "")
    #expect(try types(of: String(decoding: output, as: UTF8.self)) == ["exchange", "exchange"])
  }

  @Test func `a closed pipe ends the run without a word`() throws {
    try WorkingFolder.with(TestCaptures.long(packets: 40_000)) { folder in
      let running = try RunningProgram([folder.file("capture.pcap").path, "--exchanges", "-"])
      try running.process.run()
      try running.output.fileHandleForReading.close()
      let end = try running.end()
      #expect(end.isExit)
      #expect(end.status == 0)
      #expect(end.errors == "")
    }
  }

  @Test func `a closed pipe does not cost the other outputs`() throws {
    try WorkingFolder.with(TestCaptures.long(packets: 40_000)) { folder in
      let rows = folder.file("c.ndjson")
      let running = try RunningProgram(
        [folder.file("capture.pcap").path, "--exchanges", "-", "--connections", rows.path])
      try running.process.run()
      try running.output.fileHandleForReading.close()
      let end = try running.end()
      #expect(end.status == 0)
      #expect(end.errors == "")
      #expect(try types(of: String(contentsOf: rows, encoding: .utf8)).count > 1_000)
    }
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a signal ends the reading, and what was asked for is written`(_ signal: Int32, _ status: Int32) throws {
    try withTemporaryFolder { folder in
      let json = folder.appendingPathComponent("s.json")
      let running = try RunningProgram(["-", "--exchanges", "-", "--json", json.path])
      try running.process.run()
      // Enough for rows to appear; the pipe stays open behind it.
      let capture = Data(TestCaptures.long(packets: 40_000))
      let pipe = running.input.fileHandleForWriting
      Thread.detachNewThread { try? pipe.write(contentsOf: capture) }
      var output = running.output.fileHandleForReading.availableData
      #expect(!output.isEmpty)
      if signal == SIGINT { running.process.interrupt() } else { running.process.terminate() }
      output += try running.output.fileHandleForReading.readToEnd() ?? Data()
      let end = try running.end()
      #expect(end.isExit)
      #expect(end.status == status)
      #expect(try !types(of: String(decoding: output, as: UTF8.self)).isEmpty)
      #expect(try JSONSerialization.jsonObject(with: Data(contentsOf: json)) is [String: Any])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["s.json"])
    }
  }

  @Test func `a signal ends the wait for a pipe that stays empty`() throws {
    try withTemporaryFolder { folder in
      let running = try RunningProgram(["-", "--json", folder.appendingPathComponent("s.json").path])
      try running.process.run()
      try running.wait { running.isWaitingForInput }
      running.process.interrupt()
      let end = try running.end()
      #expect(end.isExit)
      #expect(end.status == 130)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasPrefix(".") })
    }
  }

  @Test(arguments: [["pipe"], ["capture.pcap", "--json", "pipe"], ["capture.pcap", "--exchanges", "pipe"]])
  func `a signal ends the wait for the other end of a pipe`(_ arguments: [String]) throws {
    try WorkingFolder.with(TestCaptures.long(packets: 100)) { folder in
      let pipe = folder.file("pipe").path
      let made = try BuiltProgram.run(URL(fileURLWithPath: "/usr/bin/env"), ["mkfifo", pipe], seconds: 10)
      try #require(made.status == 0)
      let running = try RunningProgram(
        arguments.map { $0 == "pipe" ? pipe : $0.hasPrefix("-") ? $0 : folder.file($0).path })
      try running.process.run()
      try running.wait { running.isOpening }
      running.process.terminate()
      let end = try running.end()
      #expect(end.isExit && end.status == 143)
    }
  }

  @Test func `a reader that has stopped reading does not cost the other outputs after a signal`() throws {
    try WorkingFolder.with(TestCaptures.long(packets: 40_000)) { folder in
      let json = folder.file("s.json")
      let running = try RunningProgram([folder.file("capture.pcap").path, "--exchanges", "-", "--json", json.path])
      try running.process.run()
      try running.wait { running.isWaitingForReader }
      running.process.terminate()
      let end = try running.end()
      #expect(end.isExit && end.status == 143)
      #expect(try JSONSerialization.jsonObject(with: Data(contentsOf: json)) is [String: Any])
    }
  }
}
