/// The octets of one file in order, decompressed where they are compressed, through one buffer.
///
/// What was read and not yet consumed is `buffer[start..<end]`. The buffer grows only as octets arrive: a length field
/// that lies costs no memory. After something large has passed, its front is used again as before: octets that were
/// just read are still in the processor's cache.
struct ByteSource: ~Copyable {
  private(set) var buffer: [UInt8]
  private(set) var start = 0
  private(set) var end = 0
  /// How far the buffer is used at present.
  private var limit: Int
  private let capacity: Int
  /// The position in the (decompressed) file of `buffer[0]`.
  private var base = 0
  private let descriptor: Descriptor
  private(set) var compression: Compression?
  private var decompressor: (any Decompressor)?
  private var compressed: [UInt8] = []
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
  }

  init(_ descriptor: consuming Descriptor, capacity: Int) {
    self.descriptor = descriptor
    self.capacity = max(capacity, 4096)
    limit = self.capacity
    buffer = [UInt8](repeating: 0, count: self.capacity)
  }

  /// The position in the (decompressed) file of the next octet.
  var offset: Int { base + start }

  /// Octets that can be looked at without reading.
  var available: Int { end &- start }

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

  /// Recognises compression by the first octets and takes it off from here on.
  mutating func detectCompression() throws(DecompressionError) {
    guard compression == nil, require(4) else { return }
    guard let found = Compression(magic: buffer.span.extracting(start..<end)) else { return }
    decompressor =
      switch found {
      case .gzip: try GzipDecompressor()
      case .zstd: try ZstdDecompressor()
      }
    compression = found
    compressed = buffer
    compressedRange = start..<end
    (start, end, base) = (0, 0, 0)
  }

  /// Swaps the two octets at an index of `buffer`.
  mutating func swapOctets(at index: Int) {
    buffer.swapAt(index, index + 1)
  }

  @inline(never)
  private mutating func fill(_ count: Int) -> Bool {
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
      if limit > buffer.count { buffer += [UInt8](repeating: 0, count: limit - buffer.count) }
    }
  }

  /// What is left is at most one packet: at the end of a full buffer, a small part of what passes through it.
  private mutating func moveToFront() {
    let (from, count) = (start, end - start)
    unsafe buffer.withUnsafeMutableBytes { octets in
      unsafe UnsafeMutableRawBufferPointer(rebasing: octets[..<count])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: octets[from..<(from + count)]))
    }
    base += from
    (start, end) = (0, count)
    if count < capacity { limit = capacity }
  }

  private mutating func readPlain() throws(Failure) -> Bool {
    let count = try read(from: descriptor, into: &buffer, end..<limit, isStopping)
    octetsRead += count
    end += count
    return count > 0
  }

  private mutating func readCompressed() throws(Failure) -> Bool {
    guard let decompressor, let compression else { return false }
    while true {
      if compressedRange.isEmpty {
        let count = try read(from: descriptor, into: &compressed, 0..<compressed.count, isStopping)
        octetsRead += count
        compressedRange = 0..<count
      }
      // At the end of the file the decompressor may still hold octets: it is asked once more, with no input.
      let atEnd = compressedRange.isEmpty
      let step = decompressor.step(compressed, compressedRange, into: &buffer, end..<limit)
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

/// Reads once, again when a signal interrupted it and `isStopping` does not object.
private func read(
  from descriptor: borrowing Descriptor, into buffer: inout [UInt8], _ range: Range<Int>,
  _ isStopping: (@Sendable () -> Bool)?
) throws(ByteSource.Failure) -> Int {
  var mustWait = false
  while true {
    do {
      if mustWait { try descriptor.waitUntilReadable() }
      return try descriptor.read(into: &buffer, range)
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
