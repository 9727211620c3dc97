import CPcap
import Glibc

/// A pcap file mapped into memory and walked from record to record: what other readers' speed is compared with.
///
/// Not for use on files that may change: one that shrinks while it is mapped ends the process (SIGBUS). ``CaptureReader`` guards
/// against it.
public struct MappedFile: Sendable {
  public let path: String

  public init(path: String) {
    self.path = path
  }

  /// Counts packets and captured octets of a little-endian pcap file, and looks at one octet of each packet.
  public func countPackets() throws(CaptureError) -> (packets: Int, bytes: Int) {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw CaptureError(file: path, message: "cannot be opened: \(SystemError(errno))") }
    defer { close(number) }
    var status = stat()
    guard unsafe fstat(number, &status) == 0, status.st_size >= 24 else {
      throw CaptureError(file: path, message: "is too short for a capture")
    }
    let size = Int(status.st_size)
    guard let address = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, number, 0), unsafe address != MAP_FAILED else {
      throw CaptureError(file: path, message: "cannot be mapped: \(SystemError(errno))")
    }
    defer { unsafe munmap(address, size) }
    unsafe madvise(address, size, MADV_SEQUENTIAL)
    let octets = unsafe UnsafeRawBufferPointer(start: address, count: size)
    let magic = unsafe octets.loadUnaligned(as: UInt32.self)
    guard magic == 0xA1B2_C3D4 || magic == 0xA1B2_3C4D else {
      throw CaptureError(file: path, message: "is no little-endian pcap file")
    }
    var packets = 0
    var bytes = 0
    var first = 0
    var place = 24
    while place + 16 < size {
      let captured = Int(unsafe octets.loadUnaligned(fromByteOffset: place + 8, as: UInt32.self))
      guard captured <= size - place - 16 else { break }
      if captured > 0 { first &+= Int(unsafe octets[place + 16]) }
      packets += 1
      bytes += captured
      place += 16 + captured
    }
    // Looked at, so that the compiler cannot leave the look out.
    return (first == .min ? 0 : packets, bytes)
  }
}
