import CZstd

/// Zstandard through libzstd (RFC 8878), with any number of frames one after another.
@safe
final class ZstdDecompressor: Decompressor {
  private let stream: OpaquePointer
  private(set) var isBetweenStreams = true
  /// What libzstd wants next: a header, or one block. It gets no more, for of what a call has produced before it meets
  /// an error it says nothing.
  private var wanted: Int

  init() throws(DecompressionError) {
    guard let stream = unsafe ZSTD_createDStream() else { throw DecompressionError(message: "libzstd does not start") }
    unsafe self.stream = stream
    wanted = unsafe ZSTD_initDStream(stream)
  }

  deinit {
    unsafe ZSTD_freeDStream(stream)
  }

  @unsafe
  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecompressionStep {
    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: min(input.count, max(wanted, 1)), pos: 0)
    var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let status = unsafe ZSTD_decompressStream(stream, &target, &source)
    var step = unsafe DecompressionStep(consumed: source.pos, produced: target.pos)
    if ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge {
      // libzstd's own limit: a file must not choose how much memory its reader takes.
      step.problem = "its window is larger than 128 MiB; zstd -d --long=31 decompresses it"
    } else if ZSTD_isError(status) != 0 {
      step.problem = unsafe ZSTD_getErrorName(status).map { unsafe String(cString: $0) } ?? "libzstd error"
    } else if step.consumed > 0 || step.produced > 0 {
      // 0: a frame is complete and all of it given out. A call that neither took nor gave anything says nothing new.
      isBetweenStreams = status == 0
      wanted = status
    }
    return step
  }
}
