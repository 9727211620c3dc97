import SystemPackage

/// Why an output could not be written.
struct OutputError: Error, CustomStringConvertible {
  var path: String
  var message: String

  var description: String { "\(path == "-" ? "standard output" : path): \(message)" }
}

/// A file that is written beside its name and takes it when it is complete; "-" is standard output.
final class OutputFile {
  private let path: String
  /// Where the file will be: a link stays, and what it leads to is replaced.
  private let place: FilePath
  private let temporary: FilePath?
  private var descriptor: FileDescriptor?
  /// Whoever read it has gone: nothing more is written, and that is no reason to complain.
  private(set) var isClosedByReader = false

  init(_ path: String) throws(OutputError) {
    self.path = path
    place = FilePath(System.realPath(path) ?? path)
    guard path != "-" else {
      temporary = nil
      descriptor = .standardOutput
      return
    }
    do {
      if System.isSpecial(path) {
        // A device or a pipe is written to, never replaced.
        temporary = nil
        descriptor = try FileDescriptor.open(place, .writeOnly)
        return
      }
      guard let name = place.lastComponent else { throw Errno.isDirectory }
      let beside = place.removingLastComponent().appending(".\(name.string).tmp\(System.processIdentifier)")
      // It must be new: what somebody else put there is not touched, and a link there not followed.
      descriptor = try FileDescriptor.open(
        beside, .writeOnly, options: [.create, .exclusiveCreate], permissions: FilePermissions(rawValue: 0o666))
      temporary = beside
    } catch {
      throw Self.failure(path, error, doing: "cannot be written")
    }
  }

  func write(_ octets: ArraySlice<UInt8>) throws(OutputError) {
    guard let descriptor, !octets.isEmpty, !isClosedByReader else { return }
    do {
      try descriptor.writeAll(octets)
    } catch Errno.brokenPipe {
      isClosedByReader = true
    } catch {
      throw Self.failure(path, error, doing: "cannot be written")
    }
  }

  func finish() throws(OutputError) {
    guard let descriptor, descriptor != .standardOutput else { return }
    do {
      try descriptor.close()
      self.descriptor = nil
      if let temporary { try System.rename(temporary.string, to: place.string) }
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
    var message = "\(what): \(errno?.description ?? "\(error)")"
    switch errno {
    case .noSuchFileOrDirectory?, .notDirectory?: message += ": make its folder first"
    case .isDirectory?: message += ": name a file in it"
    case .fileExists?: message += ": remove the temporary file of an earlier run beside it"
    default: break
    }
    return OutputError(path: path, message: message)
  }
}
