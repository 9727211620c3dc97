// What the command needs of the operating system and what no package offers without pointers: terminal size, environment,
// file identity, rename and signals. The only file outside the capture adapter that the compiler does not check.
import CMalloc
import Glibc
import Synchronization
import SystemPackage

enum System {
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Whether it is a terminal, and not that of somebody else: what runs in the background is stopped when it changes one.
  static func ownsTerminal(_ descriptor: Int32) -> Bool {
    guard isTerminal(descriptor) else { return false }
    let group = tcgetpgrp(descriptor)
    return group < 0 || group == getpgrp()
  }

  static var terminalWidth: Int? {
    var size = winsize()
    guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  static var processIdentifier: Int32 { getpid() }

  /// The value of a variable that is set and not empty.
  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status : nil
  }

  static func isSameFile(_ a: String, _ b: String) -> Bool {
    guard let a = status(a), let b = status(b) else { return false }
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }

  static func isSameFile(_ path: String, _ descriptor: FileDescriptor) -> Bool {
    var open = stat()
    guard let named = status(path), unsafe fstat(descriptor.rawValue, &open) == 0 else { return false }
    return named.st_dev == open.st_dev && named.st_ino == open.st_ino
  }

  /// There is something at this path, and it is no regular file.
  static func isSpecial(_ path: String) -> Bool {
    guard let status = status(path) else { return false }
    return status.st_mode & S_IFMT != S_IFREG
  }

  /// What a table leaves when it grows goes back to the system: glibc would keep more and more of it, as holes that nothing fits
  /// into (mallopt(3), M_MMAP_THRESHOLD).
  static func keepNoHoles() { mallopt(M_MMAP_THRESHOLD, 1 << 20) }

  static func exists(_ path: String) -> Bool { status(path) != nil }

  /// The path behind symbolic links, of which the last may lead to what is not there yet.
  static func destination(of path: String) throws(Errno) -> FilePath {
    var place = FilePath(path)
    // As many as the kernel follows (path_resolution(7)).
    for _ in 0..<40 {
      if let resolved = unsafe realpath(place.string, nil) {
        defer { unsafe free(resolved) }
        return unsafe FilePath(String(cString: resolved))
      }
      guard let next = target(ofLink: place.string) else { return place }
      place = place.removingLastComponent().pushing(next)
    }
    throw .tooManySymbolicLinkLevels
  }

  private static func target(ofLink path: String) -> FilePath? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard unsafe readlink(path, &target, target.count - 1) > 0 else { return nil }
    return FilePath(platformString: target)
  }

  /// The first octets of a file, `limit` at most; `nil` where it cannot be read.
  static func firstOctets(of path: String, _ limit: Int) -> [UInt8]? {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
    defer { try? file.close() }
    var octets: [UInt8] = []
    var part = [UInt8](repeating: 0, count: min(limit, 1 << 16))
    while octets.count < limit {
      guard let count = unsafe part.withUnsafeMutableBytes({ unsafe try? file.read(into: $0) }) else { return nil }
      if count == 0 { break }
      octets += part.prefix(min(count, limit - octets.count))
    }
    return octets
  }

  /// There is something at this path that is written to and never replaced: a device or a pipe.
  static func isDevice(_ path: String) -> Bool {
    guard let kind = status(path).map({ $0.st_mode & S_IFMT }) else { return false }
    return kind != S_IFREG && kind != S_IFDIR
  }

  /// The time of day where the user is, "16:04:59".
  static var timeOfDay: String {
    var now = time(nil)
    var local = unsafe tm()
    guard unsafe localtime_r(&now, &local) != nil else { return "" }
    let parts = unsafe [local.tm_hour, local.tm_min, local.tm_sec]
    return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }

  static var wallClockMilliseconds: Int64 {
    var now = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
  }

  /// Whether this process has a terminal that it can be talked to through, and that is still there.
  static var hasControllingTerminal: Bool {
    guard let terminal = try? FileDescriptor.open(FilePath("/dev/tty"), .readWrite) else {
      return false
    }
    try? terminal.close()
    return true
  }

  static func rename(_ path: String, to name: String) throws(Errno) {
    if unsafe Glibc.rename(path, name) != 0 { throw Errno(rawValue: errno) }
  }

  /// A new file in a folder, for writing, that has no name: `nil` where the folder's file system cannot have one.
  static func openUnnamedFile(in folder: String) -> FileDescriptor? {
    // What gives it a name later must be there.
    guard unsafe access("/proc/self/fd", X_OK) == 0 else { return nil }
    let flags = FileDescriptor.OpenOptions(rawValue: __O_TMPFILE)
    return try? FileDescriptor.open(
      FilePath(folder), .writeOnly, options: flags, permissions: FilePermissions(rawValue: 0o666))
  }

  /// Gives a file without a name a new one, on the same file system.
  static func link(_ descriptor: FileDescriptor, to path: String) throws(Errno) {
    let source = "/proc/self/fd/\(descriptor.rawValue)"
    if unsafe linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) != 0 { throw Errno(rawValue: errno) }
  }

  static func remove(_ path: String) { _ = unsafe unlink(path) }

  /// Makes a folder; false where there is one.
  static func makeFolder(_ path: String) throws(Errno) -> Bool {
    if unsafe mkdir(path, 0o777) == 0 { return true }
    guard errno == EEXIST else { throw Errno(rawValue: errno) }
    return false
  }

  static func removeFolder(_ path: String) { _ = unsafe rmdir(path) }

  static func writeToStandardError(_ octets: [UInt8]) { _ = try? FileDescriptor.standardError.writeAll(octets) }

  /// Whether a line would be taken there at once.
  static var takesStandardError: Bool {
    var request = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&request, 1, 0) > 0
  }

  /// Opens what is no regular file. A pipe without a reader is waited for until a signal comes.
  static func openSpecialFile(_ path: FilePath) throws(Errno) -> FileDescriptor {
    while true {
      do {
        return try FileDescriptor.open(path, .writeOnly, retryOnInterrupt: false)
      } catch .interrupted where Interruption.signal == nil {
        continue
      } catch {
        throw error as? Errno ?? .ioError
      }
    }
  }

  /// Writes all of it. False: a signal has come, and for seconds nothing was taken.
  static func write(_ octets: ArraySlice<UInt8>, to descriptor: FileDescriptor) throws(Errno) -> Bool {
    var rest = octets
    var interruptions = 0
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor.rawValue, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
        interruptions = 0
      } else if errno == EINTR {
        // After a signal there is an alarm every second.
        if Interruption.signal != nil { interruptions += 1 }
        if interruptions > 5 { return false }
      } else {
        throw Errno(rawValue: errno)
      }
    }
    return true
  }
}

/// SIGINT, SIGTERM, SIGHUP: the first one ends the reading, and what was asked for is written; the second quits at once.
enum Interruption {
  private static let received = Atomic<Int32>(0)
  private static let hungUp = Atomic<Int>(0)
  /// When the first one came: timeout(1) sends two at once, to the program and to its group.
  private static let when = Atomic<Int64>(0)

  private static var clock: Int64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
  }

  /// The signal that came, if one did.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// How many times SIGHUP came.
  static var hangUps: Int { hungUp.load(ordering: .relaxed) }

  /// Watches for signals.
  ///
  /// - Parameter hangUps: SIGHUP ends nothing, but counts.
  static func watch(hangUps: Bool = false) {
    // Made here: making it inside a handler would not be safe.
    received.store(0, ordering: .relaxed)
    hungUp.store(0, ordering: .relaxed)
    when.store(0, ordering: .relaxed)
    TemporaryFiles.make()
    _ = Glibc.signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM] + (hangUps || isIgnored(SIGHUP) ? [] : [SIGHUP]) {
      handle(number) { number in
        let (first, _) = Interruption.received.compareExchange(expected: 0, desired: number, ordering: .relaxed)
        if first {
          Interruption.when.store(Interruption.clock, ordering: .relaxed)
        } else if Interruption.clock - Interruption.when.load(ordering: .relaxed) > 100_000_000 {
          TerminalDevice.restoreInHandler()
          TemporaryFiles.removeInHandler()
          _exit(128 + number)
        }
        alarm(1)
      }
    }
    if hangUps {
      handle(SIGHUP) { _ in Interruption.hungUp.wrappingAdd(1, ordering: .relaxed) }
    }
    // A signal that comes between a look at `signal` and a read does not end that read. The alarm does.
    handle(SIGALRM) { _ in alarm(1) }
  }

  /// As nohup has it.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func handle(_ number: Int32, with handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    // Without SA_RESTART: a read that waits for a pipe must end.
    unsafe action.__sigaction_handler.sa_handler = handler
    _ = unsafe sigaction(number, &action, nil)
    // The program that runs this one may have blocked it, and a blocked signal never comes.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, number)
    unsafe sigprocmask(SIG_UNBLOCK, &signals, nil)
  }
}

/// Files that are written under a name of their own until they take the one that was asked for. Where the second signal ends
/// the program, they are removed.
enum TemporaryFiles {
  /// Addresses of paths; 0: none. More files than these are left behind.
  private static let paths = InlineArray<64, Atomic<UInt>> { _ in Atomic(0) }
  /// Who looks at a path keeps others from giving it back; the handler does not wait for that, since it ends the program.
  private static let changes = Mutex(())

  fileprivate static func make() { _ = paths.count }

  /// A file has just been made.
  static func add(_ path: String) {
    guard let copy = unsafe strdup(path) else { return }
    for index in paths.indices
    where paths[index].compareExchange(
      expected: 0, desired: UInt(bitPattern: copy), ordering: .sequentiallyConsistent
    ).exchanged {
      return
    }
    unsafe free(copy)
  }

  /// It is gone, or has its name.
  static func forget(_ path: String) {
    changes.withLock { _ in
      for index in paths.indices {
        let address = paths[index].load(ordering: .sequentiallyConsistent)
        guard let copy = unsafe UnsafeMutablePointer<CChar>(bitPattern: address), unsafe strcmp(copy, path) == 0 else {
          continue
        }
        if paths[index].compareExchange(expected: address, desired: 0, ordering: .sequentiallyConsistent).exchanged {
          unsafe free(copy)
        }
      }
    }
  }

  /// Only what may be called in a handler.
  fileprivate static func removeInHandler() {
    for index in paths.indices {
      let address = paths[index].exchange(0, ordering: .sequentiallyConsistent)
      if let path = unsafe UnsafeMutablePointer<CChar>(bitPattern: address) { _ = unsafe unlink(path) }
    }
  }
}

/// The terminal that this process was started from, while the screen has it: its own way in, which never makes the program wait,
/// and what gives it back as it was, whatever ends the program.
final class TerminalDevice {
  private let device: FileDescriptor
  private let before: termios
  private let restoring: [UInt8]

  /// What the handlers of signals need: nothing else can be reached from there.
  private static let number = Atomic<Int32>(-1)
  private nonisolated(unsafe) static let saved = UnsafeMutablePointer<termios>.allocate(capacity: 1)
  private nonisolated(unsafe) static var octets = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 0)

  /// Opens the controlling terminal and takes keys one by one; `nil` where there is none.
  ///
  /// - Parameter restoring: What puts the screen back.
  init?(restoring: [UInt8]) {
    // A descriptor of its own: not to wait is a property that the shell must not inherit.
    guard let device = try? FileDescriptor.open(FilePath("/dev/tty"), .readWrite, options: .nonBlocking) else {
      return nil
    }
    var state = termios()
    guard unsafe tcgetattr(device.rawValue, &state) == 0 else {
      try? device.close()
      return nil
    }
    self.device = device
    before = state
    self.restoring = restoring
    unsafe Self.saved.initialize(to: state)
    unsafe Self.octets = .allocate(capacity: restoring.count)
    _ = unsafe Self.octets.initialize(from: restoring)
    Self.number.store(device.rawValue, ordering: .sequentiallyConsistent)

    state.c_lflag &= ~tcflag_t(ICANON | ECHO)
    // ^S would stop what is written, and ^Z the capture.
    state.c_iflag &= ~tcflag_t(IXON | ICRNL)
    unsafe withUnsafeMutableBytes(of: &state.c_cc) { keys in
      unsafe keys[Int(VSUSP)] = 0
      unsafe keys[Int(VMIN)] = 1
      unsafe keys[Int(VTIME)] = 0
    }
    unsafe tcsetattr(device.rawValue, TCSANOW, &state)
    for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT] {
      _ = signal(
        number,
        { number in
          TerminalDevice.restoreInHandler()
          _ = Glibc.signal(number, SIG_DFL)
          raise(number)
        })
    }
    _ = signal(SIGTSTP, SIG_IGN)
  }

  var descriptor: Int32 { device.rawValue }

  var size: (columns: Int, rows: Int)? {
    var size = winsize()
    guard unsafe ioctl(device.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return nil
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// What was typed; `nil` when the terminal is gone.
  func read() -> [UInt8]? {
    var octets = [UInt8](repeating: 0, count: 256)
    do {
      let count = try unsafe octets.withUnsafeMutableBytes { unsafe try device.read(into: $0, retryOnInterrupt: false) }
      return count == 0 ? nil : Array(octets[..<count])
    } catch Errno.resourceTemporarilyUnavailable, Errno.interrupted {
      return []
    } catch {
      return nil
    }
  }

  /// Writes as much as the terminal takes without waiting, and gives the rest.
  func write(_ octets: [UInt8]) -> [UInt8] {
    var rest = octets[...]
    while !rest.isEmpty {
      let count = (try? unsafe rest.withUnsafeBytes { unsafe try device.write($0, retryOnInterrupt: false) }) ?? 0
      if count == 0 { break }
      rest = rest.dropFirst(count)
    }
    return Array(rest)
  }

  /// Gives the terminal back.
  func restore() {
    guard Self.number.exchange(-1, ordering: .sequentiallyConsistent) >= 0 else { return }
    for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT, SIGTSTP] {
      _ = signal(number, SIG_DFL)
    }
    // Some of it may have to wait for what was written before.
    var rest = restoring
    for _ in 0..<20 {
      rest = write(rest)
      if rest.isEmpty { break }
      usleep(10_000)
    }
    var state = before
    unsafe tcsetattr(device.rawValue, TCSANOW, &state)
    try? device.close()
  }

  /// The same where a signal ends the program: only what may be called in a handler.
  static func restoreInHandler() {
    let descriptor = number.exchange(-1, ordering: .sequentiallyConsistent)
    guard descriptor >= 0 else { return }
    _ = unsafe Glibc.write(descriptor, octets.baseAddress, octets.count)
    unsafe tcsetattr(descriptor, TCSANOW, saved)
  }
}
