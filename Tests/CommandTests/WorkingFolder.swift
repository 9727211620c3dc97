import Foundation
import TestSupport
import Testing

/// A folder with `capture.pcap` in it, to run the program in.
struct WorkingFolder {
  let url: URL

  static func with<T>(_ capture: [UInt8] = TestCaptures.reuse, _ body: (WorkingFolder) throws -> T) throws -> T {
    try withTemporaryFolder { url in
      let folder = WorkingFolder(url: url)
      try Data(capture).write(to: folder.file("capture.pcap"))
      return try body(folder)
    }
  }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  func run(_ arguments: [String]) throws -> BuiltProgram.Outcome {
    try BuiltProgram().run(arguments, in: url)
  }

  /// What is there besides the capture.
  func contents() throws -> [String: String] {
    var files: [String: String] = [:]
    for file in try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
    where file.lastPathComponent != "capture.pcap" {
      files[file.lastPathComponent] = String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
    }
    return files
  }
}

/// Runs the program on a capture, and gives what it left behind as well.
func run(
  _ arguments: [String], on capture: [UInt8] = TestCaptures.reuse
) throws -> (outcome: BuiltProgram.Outcome, files: [String: String]) {
  try WorkingFolder.with(capture) { folder in (try folder.run(arguments), try folder.contents()) }
}

/// The `type` of each line, every one of which must be a JSON object.
func types(of lines: String) throws -> [String] {
  try lines.split(separator: "\n").map { line in
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return try #require(object?["type"] as? String)
  }
}
