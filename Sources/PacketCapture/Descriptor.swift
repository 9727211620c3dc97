import Glibc

/// An open file descriptor, closed with its owner.
struct Descriptor: ~Copyable {
  private let number: Int32
  private let isOwned: Bool

  /// Takes over an open descriptor; `owned` says whether to close it.
  init(_ number: Int32, owned: Bool) {
    self.number = number
    isOwned = owned
  }

  /// Opens a file for reading. A pipe without a writer is waited for, unless a signal comes and `isStopping` says so.
  init(path: String, isStopping: (@Sendable () -> Bool)? = nil) throws(SystemError) {
    while true {
      let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
      if opened >= 0 {
        self.init(opened, owned: true)
        return
      }
      if errno != EINTR || isStopping?() == true { throw SystemError(errno) }
    }
  }

  deinit {
    if isOwned { close(number) }
  }

  struct Status {
    /// The size of a regular file; `nil` for what has none, such as a pipe.
    var size: Int?
    var isDirectory: Bool
    /// The same file has the same two numbers under any name.
    var device, inode: UInt64
  }

  func status() -> Status? {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { return nil }
    let kind = status.st_mode & S_IFMT
    return Status(
      size: kind == S_IFREG ? Int(status.st_size) : nil, isDirectory: kind == S_IFDIR,
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }

  /// Reads once, and gives the number of octets read: 0 at the end of the file.
  @unsafe
  func read(into target: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    let count = unsafe Glibc.read(number, target.baseAddress, target.count)
    if count < 0 { throw SystemError(errno) }
    return count
  }

  /// Where the next octet is read from; `nil` where no such place is, as in a pipe, or where it is somebody else's too.
  var position: Int? {
    guard isOwned, case let position = lseek(number, 0, SEEK_CUR), position >= 0 else { return nil }
    return position
  }

  func move(to position: Int) throws(SystemError) {
    if lseek(number, position, SEEK_SET) < 0 { throw SystemError(errno) }
  }

  /// Shows a part of the file at an address, in place of what was mapped there.
  @unsafe
  func show(from position: Int, at target: UnsafeMutableRawBufferPointer) -> Bool {
    let flags = MAP_SHARED | MAP_FIXED | MAP_POPULATE
    let address = unsafe mmap(target.baseAddress, target.count, PROT_READ, flags, number, position)
    return unsafe address != MAP_FAILED
  }

  /// Waits until there is something to read from a descriptor that does not wait by itself.
  func waitUntilReadable() throws(SystemError) {
    var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    if unsafe poll(&request, 1, -1) < 0 { throw SystemError(errno) }
  }
}

/// An error number of the system.
struct SystemError: Error, Hashable, CustomStringConvertible {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  var isInterruption: Bool { number == EINTR }
  var isNothingYet: Bool { number == EAGAIN || number == EWOULDBLOCK }
  var isTooManyOpenFiles: Bool { number == EMFILE || number == ENFILE }

  /// The system's own words for it.
  var description: String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
  }
}
