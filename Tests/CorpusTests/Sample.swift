import Foundation
import TestSupport
import Testing

/// A folder of samples/.
struct Sample: CustomTestStringConvertible {
  let folder: URL
  let capture: URL

  static let all: [Sample] = {
    let samples = URL(fileURLWithPath: Locations.samples)
    let folders = (try? FileManager.default.contentsOfDirectory(at: samples, includingPropertiesForKeys: nil)) ?? []
    return folders.sorted { $0.path < $1.path }.compactMap { folder in
      let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
      let capture = files.first { $0.lastPathComponent.hasPrefix("capture.") }
      return capture.map { Sample(folder: folder, capture: $0) }
    }
  }()

  var testDescription: String { folder.lastPathComponent }

  struct Report {
    let status: Int32
    let text, summary, exchanges, connections: String
  }

  /// Runs the program in the sample's folder, as samples/renew does.
  func analyse(with program: BuiltProgram) throws -> Report {
    try withTemporaryFolder { scratch in
      let names = ["json", "exchanges", "connections"]
      let options = names.flatMap { ["--\($0)", scratch.appendingPathComponent($0).path] }
      let outcome = try program.run(["--quiet", capture.lastPathComponent] + options, in: folder)
      let files = try names.map { try String(contentsOf: scratch.appendingPathComponent($0), encoding: .utf8) }
      return Report(
        status: outcome.status, text: outcome.output, summary: files[0], exchanges: files[1], connections: files[2])
    }
  }

  func contents(of name: String) throws -> String? {
    let file = folder.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    return try String(contentsOf: file, encoding: .utf8)
  }
}
