import SystemPackage

/// Why an output could not be written.
struct OutputError: Error, CustomStringConvertible {
  var path: String
  var message: String
  /// Whoever read standard output has gone: no reason to complain.
  var isClosedPipe = false

  var description: String { "\(path == "-" ? "standard output" : System.shown(path)): \(message)" }
}

/// A file that is written beside its name and takes it when it is complete; "-" is standard output.
final class OutputFile {
  private let path: String
  private let temporary: FilePath?
  private var descriptor: FileDescriptor?

  init(_ path: String) throws(OutputError) {
    self.path = path
    guard path != "-" else {
      temporary = nil
      descriptor = .standardOutput
      return
    }
    let target = FilePath(path)
    do {
      if System.isSpecial(path) {
        // A device or a pipe is written to, never replaced.
        temporary = nil
        descriptor = try FileDescriptor.open(target, .writeOnly)
        return
      }
      guard let name = target.lastComponent else { throw Errno.isDirectory }
      let beside = target.removingLastComponent().appending(".\(name.string).tmp\(System.processIdentifier)")
      descriptor = try FileDescriptor.open(
        beside, .writeOnly, options: [.create, .truncate], permissions: FilePermissions(rawValue: 0o666))
      temporary = beside
    } catch {
      throw Self.failure(path, error, doing: "cannot be written")
    }
  }

  func write(_ octets: [UInt8]) throws(OutputError) {
    guard let descriptor, !octets.isEmpty else { return }
    do {
      try descriptor.writeAll(octets)
    } catch {
      throw Self.failure(path, error, doing: "cannot be written")
    }
  }

  func finish() throws(OutputError) {
    guard let descriptor, descriptor != .standardOutput else { return }
    do {
      try descriptor.close()
      self.descriptor = nil
      if let temporary { try System.rename(temporary.string, to: path) }
    } catch {
      throw Self.failure(path, error, doing: "cannot be completed")
    }
  }

  func discard() {
    guard let temporary else { return }
    if let descriptor { try? descriptor.close() }
    descriptor = nil
    System.remove(temporary.string)
  }

  private static func failure(_ path: String, _ error: any Error, doing what: String) -> OutputError {
    let errno = error as? Errno
    return OutputError(
      path: path, message: "\(what): \(errno?.description ?? "\(error)")", isClosedPipe: errno == .brokenPipe)
  }
}
