import SystemPackage

/// Why an output could not be written.
struct OutputError: Error, CustomStringConvertible {
  var path: String
  var message: String

  var description: String { "\(path == "-" ? "standard output" : path): \(message)" }
}

/// A file that is written beside its name and takes it when it is complete; "-" is standard output.
final class OutputFile {
  let path: String
  private var state = State.none
  /// Whoever read it has gone: nothing more is written, and that is no reason to complain.
  private(set) var isClosedByReader = false

  private enum State {
    /// Not begun, or completed: what is written next begins it anew.
    case none
    /// Written where nobody sees it: without a name, or beside its own.
    case hidden(FileDescriptor, temporary: FilePath?, place: FilePath)
    /// Has its name and goes on; or is a device, a pipe or standard output, which are written to and never replaced.
    case shown(FileDescriptor)
  }

  init(_ path: String) {
    self.path = path
  }

  /// Begins it, unless it has begun.
  func open() throws(OutputError) {
    guard case .none = state else { return }
    do {
      state = try begun()
    } catch {
      throw failure(error, doing: "cannot be written")
    }
  }

  private func begun() throws -> State {
    if path == "-" { return .shown(.standardOutput) }
    // A link stays, and what it leads to is replaced.
    let place = try System.destination(of: path)
    if System.isSpecial(path) { return .shown(try System.openSpecialFile(place)) }
    guard place.lastComponent != nil else { throw Errno.isDirectory }
    // A file without a name is gone with the process, however that ends.
    if let descriptor = System.openUnnamedFile(in: Self.folder(of: place)) {
      return .hidden(descriptor, temporary: nil, place: place)
    }
    let beside = Self.temporary(for: place)
    // It must be new: what somebody else put there is not touched, and a link there not followed.
    let descriptor = try FileDescriptor.open(
      beside, .writeOnly, options: [.create, .exclusiveCreate], permissions: FilePermissions(rawValue: 0o666))
    TemporaryFiles.add(beside.string)
    return .hidden(descriptor, temporary: beside, place: place)
  }

  private static func folder(of place: FilePath) -> String {
    let folder = place.removingLastComponent()
    return folder.isEmpty ? "." : folder.string
  }

  private static func temporary(for place: FilePath, _ attempt: Int = 0) -> FilePath {
    let suffix = attempt == 0 ? "" : "-\(attempt)"
    let name = ".\(place.lastComponent?.string ?? "").tmp\(System.processIdentifier)\(suffix)"
    return place.removingLastComponent().appending(name)
  }

  /// Lets a file take the name it was asked for, once `body` has succeeded.
  private static func name(
    _ descriptor: FileDescriptor, _ temporary: FilePath?, _ place: FilePath, after body: () throws -> Void = {}
  ) throws {
    // Only what has a name already can take the place of another file.
    let beside = if let temporary { temporary } else { try link(descriptor, beside: place) }
    defer { TemporaryFiles.forget(beside.string) }
    do {
      try body()
      try System.rename(beside.string, to: place.string)
    } catch {
      System.remove(beside.string)
      throw error
    }
  }

  private static func link(_ descriptor: FileDescriptor, beside place: FilePath) throws(Errno) -> FilePath {
    var attempt = 0
    while true {
      let beside = temporary(for: place, attempt)
      do {
        try System.link(descriptor, to: beside.string)
        TemporaryFiles.add(beside.string)
        return beside
      } catch .fileExists where attempt < 100 {
        // Left by somebody else: not touched.
        attempt += 1
      }
    }
  }

  func write(_ octets: ArraySlice<UInt8>) throws(OutputError) {
    guard !octets.isEmpty, !isClosedByReader else { return }
    try open()
    do {
      switch state {
      case .none: break
      case .hidden(let descriptor, _, _), .shown(let descriptor):
        // A reader that has stopped reading must not cost the other outputs.
        if try !System.write(octets, to: descriptor) { isClosedByReader = true }
      }
    } catch Errno.brokenPipe {
      isClosedByReader = true
    } catch {
      throw failure(error, doing: "cannot be written")
    }
  }

  /// Gives it its name, and goes on in it. Where something else has that name by now (a log was rotated), what is
  /// written next begins a new one.
  func show() throws(OutputError) {
    do {
      switch state {
      case .none: break
      case .hidden(let descriptor, let temporary, let place):
        state = .shown(descriptor)
        try Self.name(descriptor, temporary, place)
      case .shown(let descriptor):
        guard descriptor != .standardOutput, !System.isSpecial(path), !System.isSameFile(path, descriptor) else {
          break
        }
        state = .none
        try descriptor.close()
      }
    } catch {
      throw failure(error, doing: "cannot be completed")
    }
  }

  /// Gives it its name. What is written next begins a new one, which replaces it.
  func complete() throws(OutputError) {
    guard case .hidden(let descriptor, let temporary, let place) = state else { return }
    state = .none
    do {
      try Self.name(descriptor, temporary, place) { try descriptor.close() }
    } catch {
      throw failure(error, doing: "cannot be completed")
    }
  }

  /// Ends it when it has its name.
  func close() throws(OutputError) {
    guard case .shown(let descriptor) = state, descriptor != .standardOutput else { return }
    state = .none
    do {
      try descriptor.close()
    } catch {
      throw failure(error, doing: "cannot be completed")
    }
  }

  /// Removes it unless it has its name.
  func discard() {
    guard case .hidden(let descriptor, let temporary, _) = state else { return }
    state = .none
    try? descriptor.close()
    if let temporary {
      System.remove(temporary.string)
      TemporaryFiles.forget(temporary.string)
    }
  }

  private func failure(_ error: any Error, doing what: String) -> OutputError {
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
