import Foundation
import TestSupport
import Testing

@testable import reusescope

@Suite struct OutputFileTests {
  @Test func `a file that is completed is replaced by the next`() throws {
    try withTemporaryFolder { folder in
      let file = OutputFile(folder.appendingPathComponent("x").path)
      try file.open()
      try file.write(Array("one".utf8)[...])
      #expect(try names(in: folder).allSatisfy { $0.hasPrefix(".x.tmp") })
      try file.complete()
      #expect(try text("x", in: folder) == "one")
      try file.write(Array("two".utf8)[...])
      #expect(try text("x", in: folder) == "one")
      try file.complete()
      try file.close()
      #expect(try text("x", in: folder) == "two")
      #expect(try names(in: folder) == ["x"])
    }
  }

  @Test func `a file that is shown goes on`() throws {
    try withTemporaryFolder { folder in
      let file = OutputFile(folder.appendingPathComponent("x").path)
      try file.write(Array("one\n".utf8)[...])
      try file.show()
      #expect(try text("x", in: folder) == "one\n")
      try file.write(Array("two\n".utf8)[...])
      try file.show()
      #expect(try text("x", in: folder) == "one\ntwo\n")
      file.discard()
      #expect(try names(in: folder) == ["x"])
      try file.close()
    }
  }

  @Test func `a file that was moved away is begun anew`() throws {
    try withTemporaryFolder { folder in
      let (old, new) = (folder.appendingPathComponent("x.1"), folder.appendingPathComponent("x"))
      let file = OutputFile(new.path)
      try file.write(Array("one".utf8)[...])
      try file.show()
      try FileManager.default.moveItem(at: new, to: old)
      try file.write(Array(", rest".utf8)[...])
      try file.show()
      try file.write(Array("two".utf8)[...])
      try file.show()
      try file.close()
      #expect(try text("x.1", in: folder) == "one, rest")
      #expect(try text("x", in: folder) == "two")
    }
  }

  @Test func `what is discarded leaves nothing`() throws {
    try withTemporaryFolder { folder in
      let file = OutputFile(folder.appendingPathComponent("x").path)
      try file.write(Array("one".utf8)[...])
      file.discard()
      #expect(try names(in: folder).isEmpty)
    }
  }

  @Test func `links to what is not there yet stay`() throws {
    try withTemporaryFolder { folder in
      let files = FileManager.default
      let below = folder.appendingPathComponent("below")
      try files.createDirectory(at: below, withIntermediateDirectories: false)
      try files.createSymbolicLink(
        atPath: folder.appendingPathComponent("a").path, withDestinationPath: "below/b")
      try files.createSymbolicLink(atPath: below.appendingPathComponent("b").path, withDestinationPath: "../c")
      let file = OutputFile(folder.appendingPathComponent("a").path)
      try file.write(Array("one".utf8)[...])
      try file.complete()
      #expect(try text("c", in: folder) == "one")
      #expect(try files.destinationOfSymbolicLink(atPath: folder.appendingPathComponent("a").path) == "below/b")
      #expect(try names(in: folder).sorted() == ["a", "below", "c"])
    }
  }

  @Test func `a link to itself is an error`() throws {
    try withTemporaryFolder { folder in
      let link = folder.appendingPathComponent("a").path
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a")
      let file = OutputFile(link)
      #expect(throws: OutputError.self) {
        try file.write(Array("one".utf8)[...])
        try file.complete()
      }
      #expect(try names(in: folder) == ["a"])
    }
  }

  private func text(_ name: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  private func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
  }
}
