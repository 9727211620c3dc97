import Glibc
import Synchronization

/// Where captured packets are kept.
public struct StoreOptions: Sendable {
  public var path: String
  /// Compressed with zstd.
  public var isCompressed: Bool
  /// A ring of so many files, the oldest of which goes when there is one more.
  public var ringFiles: Int?
  /// A file that has reached so many octets is the last but one of the ring.
  public var ringSize: Int?

  public init(path: String, isCompressed: Bool) {
    self.path = path
    self.isCompressed = isCompressed
  }
}

/// Writes packets to a pcap file, or to a ring of them, with nanoseconds.
///
/// A thread of its own writes and compresses: a disk that is slow for a while must not cost the capture packets. When it stays
/// slow, packets are left out of the file and counted, but analysed all the same.
public final class PacketStore {
  private let queue: StoreQueue
  private var chunk: [UInt8] = []
  private var packetsInChunk = 0
  private var leftOut = 0

  private static let chunkSize = 256 << 10
  /// Chunks that may wait for the disk.
  private static let chunksWaiting = 128

  /// Begins the first file. `nameStamp` gives a name's part for each file of a ring; names must sort and never repeat.
  public init(
    _ options: StoreOptions, linkType: UInt32, snapLength: Int, nameStamp: @escaping @Sendable () -> String
  ) throws(CaptureError) {
    let file = try StoreFile(options, header: Self.fileHeader(linkType, snapLength), nameStamp: nameStamp)
    queue = StoreQueue(limit: Self.chunksWaiting)
    try queue.start(file, named: options.path)
    chunk.reserveCapacity(Self.chunkSize + 4096)
  }

  /// Without ``close()`` there is no file, unless packets are in it.
  deinit {
    flush()
    queue.finish(discarding: true)
  }

  /// Takes one packet. `octets` may be shorter than what was captured.
  public func add(_ header: PacketHeader, _ octets: Span<UInt8>) {
    let (seconds, nanoseconds) = header.timestamp.quotientAndRemainder(dividingBy: 1_000_000_000)
    guard let seconds = UInt32(exactly: seconds), nanoseconds >= 0 else {
      leftOut += 1  // the format knows no time before 1970
      return
    }
    append(seconds)
    append(UInt32(nanoseconds))
    append(UInt32(clamping: octets.count))
    append(UInt32(clamping: header.originalLength))
    unsafe octets.withUnsafeBufferPointer { unsafe chunk.append(contentsOf: $0) }
    packetsInChunk += 1
    if chunk.count >= Self.chunkSize { flush() }
  }

  /// Hands over what is there: it should not wait for more packets.
  public func flush() {
    guard !chunk.isEmpty else { return }
    if !queue.add((chunk, packetsInChunk)) { leftOut += packetsInChunk }
    chunk.removeAll(keepingCapacity: true)
    packetsInChunk = 0
  }

  /// Packets that are not in the file, and what went wrong with it.
  public var packetsLeftOut: Int { leftOut + queue.packetsLost }
  public var failure: String? { queue.failure }

  /// Writes everything and ends the file.
  public func close() {
    flush()
    queue.finish()
  }

  private func append(_ number: UInt32) {
    chunk.append(UInt8(truncatingIfNeeded: number))
    chunk.append(UInt8(truncatingIfNeeded: number >> 8))
    chunk.append(UInt8(truncatingIfNeeded: number >> 16))
    chunk.append(UInt8(truncatingIfNeeded: number >> 24))
  }

  /// draft-ietf-opsawg-pcap §4, little-endian, with nanoseconds.
  private static func fileHeader(_ linkType: UInt32, _ snapLength: Int) -> [UInt8] {
    var header: [UInt8] = []
    func append(_ number: UInt32, octets: Int = 4) {
      for shift in 0..<octets { header.append(UInt8(truncatingIfNeeded: number >> UInt32(8 * shift))) }
    }
    append(0xA1B2_3C4D)
    append(2, octets: 2)
    append(4, octets: 2)
    append(0)
    append(0)
    append(UInt32(clamping: snapLength))
    append(linkType)
    return header
  }
}

/// What passes from the capture to the thread that writes.
private final class StoreQueue: Sendable {
  typealias Chunk = (octets: [UInt8], packets: Int)

  private struct State {
    var chunks: [Chunk] = []
    var isFinished = false
    var isDiscarded = false
    var failure: String?
    var packetsLost = 0
  }

  private let state = Mutex(State())
  private let limit: Int
  private let signal = Semaphore()
  private let thread = Mutex<pthread_t?>(nil)

  init(limit: Int) { self.limit = limit }

  /// False: there is no room, or nobody to write it.
  func add(_ chunk: Chunk) -> Bool {
    let isTaken = state.withLock { state in
      guard state.chunks.count < limit, state.failure == nil else { return false }
      state.chunks.append(chunk)
      return true
    }
    if isTaken { signal.post() }
    return isTaken
  }

  var failure: String? { state.withLock { $0.failure } }
  /// Packets that were taken and then could not be written.
  var packetsLost: Int { state.withLock { $0.packetsLost } }

  /// Waits for the next chunks; `nil` at the end.
  private func next() -> [Chunk]? {
    while true {
      signal.wait()
      let (chunks, isFinished) = state.withLock { state in
        defer { state.chunks = [] }
        return (state.chunks, state.isFinished)
      }
      if !chunks.isEmpty { return chunks }
      if isFinished { return nil }
    }
  }

  private func fail(_ message: String, losing packets: Int) {
    state.withLock { state in
      state.failure = message
      state.packetsLost = packets + state.chunks.reduce(0) { $0 + $1.packets }
      state.chunks = []
    }
  }

  func start(_ file: StoreFile, named name: String) throws(CaptureError) {
    let work = StoreWork(queue: self, file: file)
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let work = unsafe Unmanaged<StoreWork>.fromOpaque(argument).takeRetainedValue()
        work.queue.run(work.file)
        return nil
      }, Unmanaged.passRetained(work).toOpaque())
    guard status == 0 else {
      unsafe Unmanaged.passUnretained(work).release()
      throw CaptureError(file: name, message: "no thread for it: \(SystemError(status))")
    }
    self.thread.withLock { $0 = thread }
  }

  private func run(_ file: StoreFile) {
    var packetsAtRisk = 0
    do {
      while let chunks = next() {
        for chunk in chunks {
          packetsAtRisk += chunk.packets
          if try file.write(chunk.octets) { packetsAtRisk = chunk.packets }
        }
        try file.flush()
        packetsAtRisk = 0
      }
      if file.hasName || !state.withLock({ $0.isDiscarded }) { try file.close() }
    } catch {
      file.dropUnflushed()
      fail("\(error)", losing: packetsAtRisk)
    }
  }

  /// - Parameter discarding: nothing was ever to be stored.
  func finish(discarding: Bool = false) {
    state.withLock { state in
      state.isFinished = true
      state.isDiscarded = discarding
    }
    signal.post()
    let thread = self.thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    if let thread { pthread_join(thread, nil) }
  }
}

private final class StoreWork {
  let queue: StoreQueue
  let file: StoreFile

  init(queue: StoreQueue, file: StoreFile) {
    self.queue = queue
    self.file = file
  }
}

/// A counting semaphore.
@safe
private final class Semaphore: Sendable {
  private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    unsafe semaphore = .allocate(capacity: 1)
    unsafe sem_init(semaphore, 0, 0)
  }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  func post() { unsafe sem_post(semaphore) }

  func wait() {
    while unsafe sem_wait(semaphore) != 0 && errno == EINTR {}
  }
}
