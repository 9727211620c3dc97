import Foundation
import TestSupport

/// The built program while it runs, its standard streams in the hands of a test.
final class RunningProgram {
  let process = Process()
  let input = Pipe()
  let output = Pipe()
  private let scratch: URL
  private let errors: URL

  init(_ arguments: [String]) throws {
    // The program may end before it has read all that a test gives it.
    signal(SIGPIPE, SIG_IGN)
    scratch = FileManager.default.temporaryDirectory.appendingPathComponent("reusescope-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    errors = scratch.appendingPathComponent("errors")
    try Data().write(to: errors)
    process.executableURL = URL(fileURLWithPath: BuiltProgram().path)
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
  }

  deinit {
    if process.isRunning { process.terminate() }
    try? FileManager.default.removeItem(at: scratch)
  }

  /// Waits for its end, and gives the exit status and what it said on standard error.
  func end() throws -> (status: Int32, isExit: Bool, errors: String) {
    process.waitUntilExit()
    return (
      process.terminationStatus, process.terminationReason == .exit, try String(contentsOf: errors, encoding: .utf8)
    )
  }
}
