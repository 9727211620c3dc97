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
    try wait { false }
    process.waitUntilExit()
    return (
      process.terminationStatus, process.terminationReason == .exit, try String(contentsOf: errors, encoding: .utf8)
    )
  }
}

extension RunningProgram {
  /// Waits until a condition holds, or the program has ended. One that hangs is killed.
  func wait(until condition: () -> Bool) throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(120)
    while process.isRunning, !condition() {
      guard clock.now < deadline else {
        kill(process.processIdentifier, SIGKILL)
        throw BuiltProgram.TimeOut(arguments: process.arguments ?? [])
      }
      usleep(1_000)
    }
  }

  /// Sends a signal, and waits until it has been taken.
  func send(_ signal: Int32) throws {
    kill(process.processIdentifier, signal)
    try wait { !isPending(signal) }
  }
}

// What the kernel says that it is doing: it stands still in one of these calls until a test goes on.
extension RunningProgram {
  /// It waits in a write to its standard output.
  var isWaitingForReader: Bool { waits(in: ["1", "64"], on: "0x1") }

  /// It waits in a read of its standard input.
  var isWaitingForInput: Bool { waits(in: ["0", "63"], on: "0x0") }

  /// It waits in an open.
  var isOpening: Bool {
    let call = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/wchan", encoding: .utf8)
    return call?.contains("fifo") == true || call?.contains("wait_for_partner") == true
  }

  /// The signal was sent, and has not reached it.
  private func isPending(_ signal: Int32) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let masks = (status ?? "").split(separator: "\n").filter { $0.hasPrefix("SigPnd:") || $0.hasPrefix("ShdPnd:") }
    return masks.contains { line in
      let mask = line.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) } ?? 0
      return mask & 1 << UInt64(signal - 1) != 0
    }
  }

  /// By the number of the call, on x86-64 or on arm64, and its first argument.
  private func waits(in calls: Set<Substring>, on descriptor: String) -> Bool {
    let call = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/syscall", encoding: .utf8)
    let words = call?.split(separator: " ") ?? []
    return words.count > 1 && calls.contains(words[0]) && words[1] == descriptor
  }
}
