/// A compressed format in which captures come.
enum Compression: String {
  case gzip, zstd

  /// Recognises a format by its first octets (RFC 1952 §2.3.1, RFC 8878 §3.1).
  init?(magic octets: Span<UInt8>) {
    guard octets.count >= 4 else { return nil }
    switch (octets[0], octets[1], octets[2], octets[3]) {
    case (0x1F, 0x8B, 0x08, _): self = .gzip
    case (0x28, 0xB5, 0x2F, 0xFD), (0x50...0x5F, 0x2A, 0x4D, 0x18): self = .zstd
    default: return nil
    }
  }
}

/// Turns compressed octets into plain ones, as much as fits at a time.
protocol Decompressor: AnyObject {
  @unsafe
  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecompressionStep

  /// No member or frame is begun and unfinished: the input may end here.
  var isBetweenStreams: Bool { get }
}

struct DecompressionStep {
  var consumed = 0
  /// What was produced counts even when there is a problem: it lies before it.
  var produced = 0
  /// Why there will be no more.
  var problem: String?
}

/// A decompressor that does not start.
struct DecompressionError: Error {
  var message: String
}
