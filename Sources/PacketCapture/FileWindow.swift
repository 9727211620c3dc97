import Glibc
import Synchronization

/// A stretch of memory that shows one part of a file after another: its octets need not be copied, and those that nobody looks
/// at, most of them bodies, never come near the processor.
///
/// What a file no longer has while it is shown cannot be read, nor what a disk refuses: the system raises SIGBUS. Then zeros
/// take the place of the octets, and the window says that it is damaged.
@safe
struct FileWindow: ~Copyable {
  static let length = 1 << 21
  /// Positions that can be shown first are multiples of it.
  static let pageSize = Int(getpagesize())
  private var memory: UnsafeMutableRawPointer?
  private var watch: UnsafeMutablePointer<Watch>?

  /// A window that shows nothing.
  init() {}

  /// Stays closed where there is no memory, or where too many windows are open.
  mutating func open() {
    guard !isOpen else { return }
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let address = unsafe mmap(nil, Self.length, PROT_NONE, flags, -1, 0), unsafe address != MAP_FAILED else {
      return
    }
    unsafe watch = Watches.begin(at: address)
    if unsafe watch == nil { unsafe munmap(address, Self.length) } else { unsafe memory = address }
  }

  mutating func close() {
    unsafe giveBack()
    unsafe (memory, watch) = (nil, nil)
  }

  deinit { unsafe giveBack() }

  @unsafe
  private func giveBack() {
    guard let address = unsafe memory, let watch = unsafe watch else { return }
    // In this order: the address may be another window's as soon as it is free.
    unsafe watch.pointee.begin.store(0, ordering: .relaxed)
    unsafe munmap(address, Self.length)
  }

  @inline(__always)
  var isOpen: Bool { unsafe memory != nil }

  /// Shows the file from a position on, a multiple of the size of a page; `nil` where the system does not, which closes the window.
  @unsafe
  mutating func show(_ descriptor: borrowing Descriptor, from position: Int) -> UnsafeRawPointer? {
    guard let address = unsafe memory, let watch = unsafe watch else { return nil }
    let octets = unsafe UnsafeMutableRawBufferPointer(start: address, count: Self.length)
    if unsafe descriptor.show(from: position, at: octets) { return UnsafeRawPointer(address) }
    // What was there may be unmapped already, and somebody else's by now: nothing is given back.
    unsafe watch.pointee.begin.store(0, ordering: .relaxed)
    unsafe (memory, self.watch) = (nil, nil)
    return nil
  }

  /// Some of what was shown since the window was opened was not there.
  @inline(__always)
  var isDamaged: Bool {
    guard let watch = unsafe watch else { return false }
    return unsafe watch.pointee.isDamaged.load(ordering: .relaxed)
  }
}

/// An open window, as the handler of SIGBUS finds it.
private struct Watch: ~Copyable {
  /// Where the window begins; 0: none.
  let begin = Atomic<UInt>(0)
  let isDamaged = Atomic(false)
}

private enum Watches {
  static let count = 8
  /// Made before the handler is set, and never freed.
  nonisolated(unsafe) static let all = unsafe makeAll()
  /// What the signal did before.
  nonisolated(unsafe) private static var before = sigaction()
  private static let handlerIsSet = setHandler()

  @unsafe
  private static func makeAll() -> UnsafeMutablePointer<Watch> {
    let all = UnsafeMutablePointer<Watch>.allocate(capacity: count)
    for i in 0..<count { unsafe (all + i).initialize(to: Watch()) }
    return unsafe all
  }

  private static func setHandler() -> Bool {
    // The handler must not be the first to ask for these.
    _ = unsafe (all, FileWindow.pageSize)
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_sigaction = { _, info, _ in unsafe Watches.take(info) }
    action.sa_flags = SA_SIGINFO
    return unsafe sigaction(SIGBUS, &action, &before) == 0
  }

  @unsafe
  static func begin(at address: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Watch>? {
    guard handlerIsSet else { return nil }
    // Blocked, as a parent may have left it, it would end the process.
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, SIGBUS)
    unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    for i in 0..<count {
      let (exchanged, _) = unsafe all[i].begin.compareExchange(
        expected: 0, desired: UInt(bitPattern: address), ordering: .relaxed)
      if exchanged {
        unsafe all[i].isDamaged.store(false, ordering: .relaxed)
        return unsafe all + i
      }
    }
    return nil
  }

  /// The handler: only what a signal may do at any moment (signal-safety(7)), and mmap, which is a bare system call.
  private static func take(_ info: UnsafeMutablePointer<siginfo_t>?) {
    let saved = errno
    defer { errno = saved }
    if let fault = unsafe info?.pointee._sifields._sigfault.si_addr {
      let address = UInt(bitPattern: fault)
      for i in 0..<count {
        let begin = unsafe all[i].begin.load(ordering: .relaxed)
        guard begin != 0, address >= begin, address < begin + UInt(FileWindow.length) else { continue }
        unsafe all[i].isDamaged.store(true, ordering: .relaxed)
        let page = address & ~UInt(FileWindow.pageSize - 1)
        let rest = Int(begin + UInt(FileWindow.length) - page)
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED
        let zeros = unsafe mmap(UnsafeMutableRawPointer(bitPattern: page), rest, PROT_READ, flags, -1, 0)
        if unsafe zeros != MAP_FAILED { return }
      }
    }
    // Not ours: it happens again at once, and is taken as it was before.
    unsafe sigaction(SIGBUS, &before, nil)
  }
}
