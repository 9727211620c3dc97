/// Gzip and zstd streams made by hand, of blocks that are stored and not compressed: valid, and every octet has its
/// known place.
enum Compressed {
  /// One gzip member (RFC 1952) of stored blocks (RFC 1951 §3.2.4).
  static func gzip(_ plain: [UInt8], blockLength: Int = 50) -> [UInt8] {
    var stream = Octets()
    stream.put([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] as [UInt8])
    var start = 0
    repeat {
      let block = Array(plain[start..<min(start + blockLength, plain.count)])
      start += block.count
      stream.put(UInt8(start == plain.count ? 1 : 0))
      stream.put(UInt16(block.count))
      stream.put(~UInt16(block.count))
      stream.put(block)
    } while start < plain.count
    stream.put(crc32(plain))
    stream.put(UInt32(plain.count))
    return stream.all
  }

  /// One zstd frame (RFC 8878 §3.1.1) of raw blocks, without a checksum.
  static func zstd(_ plain: [UInt8], blockLength: Int = 50) -> [UInt8] {
    var stream = Octets()
    stream.put(UInt32(0xFD2F_B528))
    stream.put([0x00, 0x50] as [UInt8])  // window of 1 MiB, content size unknown
    var start = 0
    repeat {
      let block = Array(plain[start..<min(start + blockLength, plain.count)])
      start += block.count
      let header = UInt32(block.count) << 3 | (start == plain.count ? 1 : 0)
      stream.put([UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16)])
      stream.put(block)
    } while start < plain.count
    return stream.all
  }

  /// A frame that decoders skip (RFC 8878 §3.1.2).
  static func skippableFrame(_ content: [UInt8]) -> [UInt8] {
    var frame = Octets()
    frame.put(UInt32(0x184D_2A50))
    frame.put(UInt32(content.count))
    frame.put(content)
    return frame.all
  }

  private static func crc32(_ octets: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for octet in octets {
      crc ^= UInt32(octet)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
