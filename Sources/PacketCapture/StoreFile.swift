import CZstd
import Glibc

/// The file that packets are written to, and those of its ring before it.
final class StoreFile {
  private let options: StoreOptions
  private let header: [UInt8]
  private let nameStamp: @Sendable () -> String
  private var descriptor: Int32 = -1
  private var compressor: ZstdCompressor?
  /// As it is on the disk.
  private var size = 0
  /// How much of it can be read whatever becomes of the rest.
  private var sizeFlushed = 0
  /// Its name until there is something to keep: until then what has its place stays.
  private var temporary: String?
  private var ring: [String] = []

  init(_ options: StoreOptions, header: [UInt8], nameStamp: @escaping @Sendable () -> String) throws(CaptureError) {
    self.options = options
    self.header = header
    self.nameStamp = nameStamp
    try begin()
  }

  deinit {
    if descriptor >= 0 { Glibc.close(descriptor) }
    if let temporary { unsafe unlink(temporary) }
  }

  private var isRing: Bool { options.ringFiles != nil || options.ringSize != nil }

  private func failure(_ what: String) -> CaptureError {
    CaptureError(file: options.path, message: "\(what): \(SystemError(errno))")
  }

  private func begin() throws(CaptureError) {
    let path = isRing ? stamped(options.path) : options.path
    if !isRing, try isSpecial(path) {
      // Not waiting for a pipe's reader.
      descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
      guard descriptor >= 0, fcntl(descriptor, F_SETFL, 0) == 0 else { throw failure("cannot be written") }
    } else {
      // It must be new, so that no link is followed and nobody's file is cut; a plain name then takes the place of what had it.
      let fresh = isRing ? path : "\(path).tmp\(getpid())"
      descriptor = unsafe open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw failure("cannot be written") }
      if !isRing { temporary = fresh }
    }
    (size, sizeFlushed) = (0, 0)
    compressor = nil
    if options.isCompressed { compressor = try ZstdCompressor(options.path) }
    try compress(header)
    try flush()
    guard isRing else { return }
    ring.append(path)
    while let files = options.ringFiles, ring.count > files { unsafe unlink(ring.removeFirst()) }
  }

  /// A device or a pipe is written to and never replaced.
  private func isSpecial(_ path: String) throws(CaptureError) -> Bool {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return false }
    switch status.st_mode & S_IFMT {
    case S_IFREG, S_IFLNK: return false
    case S_IFDIR: throw CaptureError(file: path, message: "cannot be written: \(SystemError(EISDIR))")
    default: return true
    }
  }

  /// Something is to be kept.
  var hasName: Bool { temporary == nil }

  private func takeName() throws(CaptureError) {
    guard let temporary else { return }
    guard unsafe rename(temporary, options.path) == 0 else { throw failure("cannot be written") }
    self.temporary = nil
  }

  /// "shop.pcap.zst" becomes "shop-STAMP.pcap.zst".
  private func stamped(_ path: String) -> String {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let dot = path[start...].dropFirst().firstIndex(of: ".") ?? path.endIndex
    return "\(path[..<dot])-\(nameStamp())\(path[dot...])"
  }

  /// Writes whole packets, in the next file of the ring where this one is full: then all before them are safe, which is what
  /// it returns.
  @discardableResult
  func write(_ octets: [UInt8]) throws(CaptureError) -> Bool {
    try takeName()
    var isNext = false
    if let limit = options.ringSize, size >= limit, !ring.isEmpty {
      try close()
      try begin()
      isNext = true
    }
    try compress(octets)
    return isNext
  }

  private func compress(_ octets: [UInt8]) throws(CaptureError) {
    if let compressor {
      try put(try compressor.compress(octets, .proceed))
    } else {
      try put(octets)
    }
  }

  /// Makes readable what was written so far.
  func flush() throws(CaptureError) {
    if let compressor { try put(try compressor.compress([], .flush)) }
    sizeFlushed = size
  }

  /// After a failure: leaves no half of a packet.
  func dropUnflushed() { if descriptor >= 0 { ftruncate(descriptor, sizeFlushed) } }

  func close() throws(CaptureError) {
    guard descriptor >= 0 else { return }
    try takeName()
    if let compressor { try put(try compressor.compress([], .end)) }
    let status = Glibc.close(descriptor)
    descriptor = -1
    if status != 0 { throw failure("cannot be completed") }
  }

  private func put(_ octets: [UInt8]) throws(CaptureError) {
    var rest = octets[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("cannot be written")
      }
      rest = rest.dropFirst(count)
    }
    size += octets.count
  }
}

/// Zstandard through libzstd, as a stream.
@safe
final class ZstdCompressor {
  enum Step {
    case proceed, flush, end
  }

  private let stream: OpaquePointer
  private let name: String
  private var output = [UInt8](repeating: 0, count: 128 << 10)

  init(_ name: String) throws(CaptureError) {
    guard let stream = unsafe ZSTD_createCCtx() else {
      throw CaptureError(file: name, message: "libzstd does not start")
    }
    unsafe self.stream = stream
    self.name = name
    unsafe ZSTD_CCtx_setParameter(stream, ZSTD_c_compressionLevel, 1)
    unsafe ZSTD_CCtx_setParameter(stream, ZSTD_c_checksumFlag, 1)
  }

  deinit { unsafe ZSTD_freeCCtx(stream) }

  func compress(_ octets: [UInt8], _ step: Step) throws(CaptureError) -> [UInt8] {
    let directive =
      switch step {
      case .proceed: ZSTD_e_continue
      case .flush: ZSTD_e_flush
      case .end: ZSTD_e_end
      }
    var result: [UInt8] = []
    var consumed = 0
    while true {
      var (produced, left) = (0, 0)
      unsafe octets.withUnsafeBytes { input in
        unsafe output.withUnsafeMutableBytes { output in
          var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: consumed)
          var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
          left = unsafe ZSTD_compressStream2(stream, &target, &source, directive)
          unsafe (consumed, produced) = (source.pos, target.pos)
        }
      }
      if ZSTD_isError(left) != 0 {
        throw CaptureError(file: name, message: unsafe String(cString: ZSTD_getErrorName(left)))
      }
      result += output[..<produced]
      if step == .proceed ? consumed == octets.count : left == 0 { return result }
    }
  }
}
