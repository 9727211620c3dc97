import CZstd

/// Zstandard through libzstd (RFC 8878), with any number of frames one after another.
@safe
final class ZstdDecompressor: Decompressor {
  private let stream: OpaquePointer
  private(set) var isBetweenStreams = true

  init() throws(DecompressionError) {
    guard let stream = unsafe ZSTD_createDStream() else { throw DecompressionError(message: "libzstd does not start") }
    unsafe self.stream = stream
  }

  deinit {
    unsafe ZSTD_freeDStream(stream)
  }

  func step(_ input: [UInt8], _ inputRange: Range<Int>, _ output: inout [UInt8], from outputStart: Int)
    throws(DecompressionError) -> (consumed: Int, produced: Int)
  {
    let (status, consumed, produced) = unsafe decompressOnce(input, inputRange, &output, from: outputStart)
    if ZSTD_isError(status) != 0 {
      throw DecompressionError(message: unsafe ZSTD_getErrorName(status).map { unsafe String(cString: $0) } ?? "error")
    }
    // 0: a frame is complete and all of it given out. A call that neither took nor gave anything says nothing new.
    if consumed > 0 || produced > 0 { isBetweenStreams = status == 0 }
    return (consumed, produced)
  }

  @unsafe
  private func decompressOnce(
    _ input: [UInt8], _ inputRange: Range<Int>, _ output: inout [UInt8], from outputStart: Int
  ) -> (status: Int, consumed: Int, produced: Int) {
    unsafe input.withUnsafeBytes { input in
      unsafe output.withUnsafeMutableBytes { output in
        let from = unsafe UnsafeRawBufferPointer(rebasing: input[inputRange])
        let into = unsafe UnsafeMutableRawBufferPointer(rebasing: output[outputStart...])
        var source = unsafe ZSTD_inBuffer(src: from.baseAddress, size: from.count, pos: 0)
        var target = unsafe ZSTD_outBuffer(dst: into.baseAddress, size: into.count, pos: 0)
        let status = unsafe ZSTD_decompressStream(stream, &target, &source)
        return unsafe (status, source.pos, target.pos)
      }
    }
  }
}
