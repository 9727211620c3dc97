import Foundation

/// The built `reusescope`, run as its users run it.
///
/// The debug build that lies beside the tests, or what the environment's `REUSESCOPE` names.
package struct BuiltProgram {
  package struct Outcome {
    /// The exit status, or the number of the signal that ended it.
    package let status: Int32
    package let endedBySignal: Bool
    package let output, errors: String
  }

  /// The program did not come to an end and was stopped.
  package struct TimeOut: Error {
    package let arguments: [String]

    package init(arguments: [String]) { self.arguments = arguments }
  }

  private let executable: URL

  package init() {
    if let named = Locations.environment("REUSESCOPE") {
      executable = URL(fileURLWithPath: named)
    } else {
      // SwiftPM puts the test runner and the products into one folder.
      executable = Bundle.main.bundleURL.appendingPathComponent("reusescope")
    }
  }

  package var path: String { executable.path }

  /// Runs it to its end. What it prints goes through files: a full pipe would stop it.
  package func run(_ arguments: [String], in folder: URL? = nil, seconds: Double = 60) throws -> Outcome {
    try Self.run(executable, arguments, in: folder, seconds: seconds)
  }

  package static func run(
    _ executable: URL, _ arguments: [String], in folder: URL? = nil, seconds: Double
  ) throws -> Outcome {
    try withTemporaryFolder { scratch in
      let (output, errors) = (scratch.appendingPathComponent("output"), scratch.appendingPathComponent("errors"))
      try Data().write(to: output)
      try Data().write(to: errors)
      let process = Process()
      process.executableURL = executable
      process.arguments = arguments
      if let folder { process.currentDirectoryURL = folder }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
      let identifier = process.processIdentifier
      let watch = DispatchWorkItem { kill(identifier, SIGKILL) }
      DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: watch)
      process.waitUntilExit()
      watch.cancel()
      let bySignal = process.terminationReason == .uncaughtSignal
      if bySignal, process.terminationStatus == SIGKILL { throw TimeOut(arguments: arguments) }
      return Outcome(
        status: process.terminationStatus, endedBySignal: bySignal,
        output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
  }
}

/// Gives `body` an empty folder that is gone afterwards.
package func withTemporaryFolder<T>(_ body: (URL) throws -> T) throws -> T {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reusescope-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
