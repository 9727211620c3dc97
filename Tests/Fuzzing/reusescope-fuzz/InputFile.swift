import SystemPackage

/// Octets as a file, for what reads files. In memory, one for the whole run.
enum InputFile {
  /// It has no name of its own: it is gone with the process, however that ends.
  private static let descriptor: FileDescriptor? = {
    let path = FilePath("/dev/shm/reusescope-fuzz-\(UInt64.random(in: 0 ... .max))")
    let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate]
    let descriptor = try? FileDescriptor.open(path, .readWrite, options: options, permissions: .ownerReadWrite)
    remove(path.string)
    return descriptor
  }()

  /// The path of a file that holds `octets`.
  static func holding(_ octets: [UInt8]) -> String {
    do {
      guard let descriptor else { throw Errno.badFileDescriptor }
      try descriptor.resize(to: 0)
      try descriptor.seek(offset: 0, from: .start)
      try descriptor.writeAll(octets)
      return "/proc/self/fd/\(descriptor.rawValue)"
    } catch {
      find("cannot write the input file: \(error)")
    }
  }
}
