import CPcap

/// The octets of one file in order, decompressed where they are compressed, through one buffer or window.
///
/// What was read and not yet consumed is there from `start` to `end`. The buffer grows only as octets arrive: a length field
/// that lies costs no memory. After something large has passed, its front is used again as before: octets that were
/// just read are still in the processor's cache.
@safe
struct ByteSource: ~Copyable {
  private(set) var start = 0
  private(set) var end = 0
  /// Where `start` and `end` count from: the buffer, or the window.
  private var front: UnsafeRawPointer
  private var buffer: UnsafeMutableRawBufferPointer
  private var window = FileWindow()
  /// How far the buffer is used at present.
  private var limit: Int
  private let capacity: Int
  /// The position in the (decompressed) file of the first octet of the buffer or window.
  private var base = 0
  private let descriptor: Descriptor
  private(set) var compression: Compression?
  private var decompressor: (any Decompressor)?
  /// Empty until compression is found.
  private var compressed = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var compressedRange = 0..<0
  /// Octets of the file as stored.
  private(set) var octetsRead = 0
  /// Why there is no more, when the file does not simply end here.
  private(set) var failure: Failure?
  /// Asked when a signal interrupts a read; `true` ends the reading.
  var isStopping: (@Sendable () -> Bool)?

  enum Failure: Error {
    case unreadable(SystemError)
    case compressedStreamCut(Compression)
    case compressedStreamDamaged(Compression, String)
    case interrupted
    /// Octets that were there when they were to be looked at are not there any more, or cannot be read.
    case changed
  }

  init(_ descriptor: consuming Descriptor, capacity: Int) {
    self.descriptor = descriptor
    self.capacity = max(capacity, 4096)
    limit = self.capacity
    unsafe buffer = Self.allocate(self.capacity)
    unsafe front = UnsafeRawPointer(buffer.baseAddress!)
  }

  deinit {
    unsafe buffer.deallocate()
    unsafe compressed.deallocate()
  }

  /// No page of it is touched before octets are read into it, most files being small; only what was read is ever looked at.
  @unsafe
  private static func allocate(_ count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
  }

  /// The position in the (decompressed) file of the next octet.
  var offset: Int { base + start }

  /// Octets that can be looked at without reading.
  var available: Int { end &- start }

  /// Octets are looked at where the system shows the file, and none are held.
  var isMapped: Bool { window.isOpen }

  /// Octets that memory is held for.
  var bufferSize: Int { unsafe buffer.count }

  /// Makes at least `count` octets available, or says that there are not so many left.
  @inline(__always)
  mutating func require(_ count: Int) -> Bool {
    end &- start >= count ? true : fill(count)
  }

  /// Takes octets off the front. No more than are available can be taken.
  @inline(__always)
  mutating func consume(_ count: Int) {
    start = min(start &+ count, end)
  }

  /// Hands out octets that are available: from an index, `start` being that of the next octet.
  @inline(__always)
  borrowing func withOctets<R, E: Error>(
    from index: Int, count: Int, _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    precondition(index >= start && count >= 0 && count <= end &- index)
    let octets = unsafe UnsafeBufferPointer(start: front.assumingMemoryBound(to: UInt8.self) + index, count: count)
    return try body(unsafe octets.span)
  }

  /// All that are available.
  borrowing func withOctets<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    try withOctets(from: start, count: available, body)
  }

  /// Recognises compression by the first octets and takes it off from here on.
  mutating func detectCompression() throws(DecompressionError) {
    guard compression == nil, require(4) else { return }
    guard let found = withOctets({ Compression(magic: $0) }) else { return }
    decompressor =
      switch found {
      case .gzip: try GzipDecompressor()
      case .zstd: try ZstdDecompressor()
      }
    compression = found
    unsafe compressed = buffer
    compressedRange = start..<end
    unsafe buffer = Self.allocate(capacity)
    unsafe front = UnsafeRawPointer(buffer.baseAddress!)
    (start, end, base, limit) = (0, 0, 0, capacity)
  }

  @inline(never)
  private mutating func fill(_ count: Int) -> Bool {
    if window.isOpen, move(for: count) { return true }
    while end - start < count {
      if failure != nil { return false }
      makeRoom(for: count)
      do {
        guard try decompressor == nil ? readPlain() : readCompressed() else { return false }
      } catch {
        failure = error
      }
    }
    return true
  }

  private mutating func makeRoom(for count: Int) {
    if start == end {
      base += start
      (start, end, limit) = (0, 0, capacity)
    } else if start > 0, end == limit || start + count > limit {
      moveToFront()
    }
    if end == limit {
      limit *= 2
      grow()
    }
  }

  private mutating func grow() {
    guard unsafe limit > buffer.count else { return }
    let larger = unsafe Self.allocate(limit)
    unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<end]))
    unsafe buffer.deallocate()
    unsafe buffer = larger
    unsafe front = UnsafeRawPointer(buffer.baseAddress!)
  }

  /// What is left is at most one packet: at the end of a full buffer, a small part of what passes through it.
  private mutating func moveToFront() {
    let (from, count) = (start, end - start)
    unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[from..<(from + count)]))
    base += from
    (start, end) = (0, count)
    if count < capacity { limit = capacity }
  }

  /// The part of the buffer that octets are to be read into.
  @unsafe
  private var room: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[end..<limit])
  }

  private mutating func readPlain() throws(Failure) -> Bool {
    let count = try unsafe read(from: descriptor, into: room, isStopping)
    octetsRead += count
    end += count
    return count > 0
  }

  private mutating func readCompressed() throws(Failure) -> Bool {
    guard let decompressor, let compression else { return false }
    while true {
      if compressedRange.isEmpty {
        let count = try unsafe read(from: descriptor, into: compressed, isStopping)
        octetsRead += count
        compressedRange = 0..<count
      }
      // At the end of the file the decompressor may still hold octets: it is asked once more, with no input.
      let atEnd = compressedRange.isEmpty
      let input = unsafe UnsafeRawBufferPointer(rebasing: compressed[compressedRange])
      let step = unsafe decompressor.step(input, into: room)
      compressedRange = (compressedRange.lowerBound + step.consumed)..<compressedRange.upperBound
      end += step.produced
      if let problem = step.problem { throw .compressedStreamDamaged(compression, problem) }
      if step.produced > 0 { return true }
      if atEnd {
        if decompressor.isBetweenStreams { return false }
        throw .compressedStreamCut(compression)
      }
      if step.consumed == 0 { throw .compressedStreamDamaged(compression, "the decompressor makes no progress") }
    }
  }
}

// A large regular file is not copied: its parts are shown in a window, one after another.
extension ByteSource {
  /// Looks at the file through a window from here on, if it is one that this is worth its while for and possible with.
  mutating func mapIfLarge() {
    guard !window.isOpen, decompressor == nil, failure == nil, descriptor.position == base + end,
      let size = descriptor.status()?.size, size - offset >= 2 * FileWindow.length
    else { return }
    window.open()
    if window.isOpen { _ = move(for: available) }
  }

  /// Shows the next part of the file. Its last part, and more at once than a window holds, are read: where the file ends
  /// is then what the system says when they are.
  private mutating func move(for count: Int) -> Bool {
    let position = offset
    if endIfDamaged() { return false }
    let first = position & ~(FileWindow.pageSize - 1)
    let size = descriptor.status()?.size ?? 0
    if size - first >= FileWindow.length, position - first + count <= FileWindow.length,
      let octets = unsafe window.show(descriptor, from: first)
    {
      unsafe front = octets
      base = first
      (start, end) = (position - first, FileWindow.length)
      octetsRead = first + FileWindow.length
      return true
    }
    window.close()
    unsafe front = UnsafeRawPointer(buffer.baseAddress!)
    base = position
    (start, end, limit) = (0, 0, capacity)
    octetsRead = position
    do {
      try descriptor.move(to: position)
    } catch {
      failure = .unreadable(error)
    }
    return false
  }

  /// Whether octets looked at through the window were not there; if so, there is no more.
  @inline(__always)
  mutating func endIfDamaged() -> Bool {
    guard window.isDamaged else { return false }
    failure = .changed
    return true
  }

  /// Zeros at the end of a file that became shorter in the middle of a page were never in it.
  @inline(never)
  mutating func endIfShorter() -> Bool {
    guard window.isOpen, descriptor.status()?.size ?? 0 < base + end else { return false }
    failure = .changed
    return true
  }

  /// Lets the processor fetch what will be looked at soon: through a window octets come from memory.
  @inline(__always)
  borrowing func prefetch(_ distance: Int) {
    guard window.isOpen else { return }
    let next = unsafe front + (start &+ distance)
    unsafe prefetch_octets(next)
    unsafe prefetch_octets(next + 64)
  }
}

/// Reads once, again when a signal interrupted it and `isStopping` does not object.
@unsafe
private func read(
  from descriptor: borrowing Descriptor, into target: UnsafeMutableRawBufferPointer,
  _ isStopping: (@Sendable () -> Bool)?
) throws(ByteSource.Failure) -> Int {
  var mustWait = false
  while true {
    do {
      if mustWait { try descriptor.waitUntilReadable() }
      return try unsafe descriptor.read(into: target)
    } catch {
      if error.isInterruption {
        if let isStopping, isStopping() { throw .interrupted }
      } else if error.isNothingYet {
        mustWait = true
      } else {
        throw .unreadable(error)
      }
    }
  }
}
