import CZlib

/// Gzip through zlib (RFC 1952), with any number of members one after another.
@safe
final class GzipDecompressor: Decompressor {
  /// On the heap because zlib keeps its address.
  private let stream: UnsafeMutablePointer<z_stream>
  private(set) var isBetweenStreams = true
  private var membersRead = 0
  /// Zeros follow the last member, as writers of blocks leave them.
  private var isPadding = false

  init() throws(DecompressionError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 16 more than the largest window: gzip, neither zlib nor raw.
    let status = unsafe inflateInit2_(stream, 15 + 16, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK { throw DecompressionError(message: "zlib does not start (\(status))") }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  @unsafe
  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecompressionStep {
    if isBetweenStreams {
      guard let first = unsafe input.first else { return DecompressionStep() }
      isPadding = isPadding || membersRead > 0 && first == 0
      if isPadding || membersRead > 0 && first != 0x1F {
        var step = DecompressionStep(consumed: input.count)
        if unsafe input.contains(where: { $0 != 0 }) { step.problem = "what follows its last member is no gzip" }
        return step
      }
      isBetweenStreams = false
    }
    var (status, step) = unsafe inflateOnce(input, into: output)
    switch status {
    case Z_STREAM_END:
      membersRead += 1
      isBetweenStreams = true
      unsafe inflateReset(stream)
    case Z_OK, Z_BUF_ERROR:
      break
    default:
      step.problem = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "zlib error \(status)"
    }
    return step
  }

  @unsafe
  private func inflateOnce(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> (status: Int32, step: DecompressionStep) {
    let from = unsafe UnsafeMutableRawBufferPointer(mutating: input).assumingMemoryBound(to: UInt8.self)
    let into = unsafe output.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.next_in = from.baseAddress
    unsafe stream.pointee.avail_in = UInt32(clamping: from.count)
    unsafe stream.pointee.next_out = into.baseAddress
    unsafe stream.pointee.avail_out = UInt32(clamping: into.count)
    let (available, room) = unsafe (stream.pointee.avail_in, stream.pointee.avail_out)
    let status = unsafe inflate(stream, Z_NO_FLUSH)
    let consumed = unsafe Int(available - stream.pointee.avail_in)
    let produced = unsafe Int(room - stream.pointee.avail_out)
    return (status, DecompressionStep(consumed: consumed, produced: produced))
  }
}
