import CPcap
import Glibc

/// A capture file as libpcap reads it: what `CaptureReader` is compared with, in tests and in speed.
public struct LibpcapFile: Sendable {
  public let path: String

  public init(path: String) {
    self.path = path
  }

  /// How libpcap ended.
  public struct End: Hashable, Sendable {
    /// `nil` when the whole file was read.
    public var message: String?
    public var linkType: UInt32
  }

  /// Counts packets and captured octets in the fastest way that libpcap has: `pcap_next_ex` over a large buffer.
  public func countPackets() throws(CaptureError) -> (packets: Int, bytes: Int) {
    var packets = 0
    var bytes = 0
    _ = try unsafe read { header, _, _ in
      packets &+= 1
      unsafe bytes &+= Int(header.pointee.caplen)
    }
    return (packets, bytes)
  }

  /// Counts packets and captured octets as most programs read: `pcap_open_offline` and `pcap_dispatch`.
  public func countPacketsWithDefaults() throws(CaptureError) -> (packets: Int, bytes: Int) {
    var errors = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_open_offline(path, &errors) else { throw failure(errors) }
    defer { unsafe pcap_close(handle) }
    var counts = Counts()
    let status = unsafe withUnsafeMutablePointer(to: &counts) { counts in
      unsafe counts.withMemoryRebound(to: UInt8.self, capacity: MemoryLayout<Counts>.size) { user in
        unsafe pcap_dispatch(handle, -1, count, user)
      }
    }
    if status < 0 { throw CaptureError(file: path, message: unsafe String(cString: pcap_geterr(handle))) }
    return (counts.packets, counts.bytes)
  }

  /// Hands every packet to `body`, with the lengths as libpcap gives them.
  public func forEachPacket(_ body: (PacketHeader, Span<UInt8>) -> Void) throws(CaptureError) -> End {
    try unsafe read { header, octets, linkType in
      let captured = unsafe Int(header.pointee.caplen)
      let time =
        unsafe Int64(header.pointee.ts.tv_sec)
        .multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int64(header.pointee.ts.tv_usec)
      let described = unsafe PacketHeader(
        timestamp: time, capturedLength: captured, originalLength: Int(header.pointee.len), linkType: linkType)
      body(described, unsafe UnsafeBufferPointer(start: octets, count: captured).span)
    }
  }

  @unsafe
  private func read(
    _ body: (UnsafePointer<pcap_pkthdr>, UnsafePointer<UInt8>, UInt32) -> Void
  ) throws(CaptureError) -> End {
    guard let stream = unsafe fopen(path, "re") else {
      throw CaptureError(file: path, message: "cannot be opened: \(SystemError(errno))")
    }
    // libpcap's own stream reads 4 KiB at a time. The buffer must outlive the stream, which pcap_close closes.
    let capacity = 256 << 10
    let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: capacity)
    defer { unsafe buffer.deallocate() }
    unsafe setvbuf(stream, buffer, _IOFBF, capacity)
    unsafe __fsetlocking(stream, Int32(FSETLOCKING_BYCALLER))
    var errors = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard
      let handle = unsafe pcap_fopen_offline_with_tstamp_precision(
        stream, UInt32(PCAP_TSTAMP_PRECISION_NANO), &errors)
    else {
      unsafe fclose(stream)
      throw failure(errors)
    }
    defer { unsafe pcap_close(handle) }
    let type = linkType(fromFile: UInt32(bitPattern: unsafe pcap_datalink(handle)))
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var octets: UnsafePointer<UInt8>?
    while true {
      let status = unsafe pcap_next_ex(handle, &header, &octets)
      guard status == 1, let header = unsafe header, let octets = unsafe octets else {
        let message = status == -2 ? nil : unsafe String(cString: pcap_geterr(handle))
        return End(message: message, linkType: type)
      }
      unsafe body(header, octets, type)
    }
  }

  private func failure(_ errors: [CChar]) -> CaptureError {
    let text = String(decoding: errors.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return CaptureError(file: path, message: text)
  }
}

private struct Counts {
  var packets = 0
  var bytes = 0
}

@unsafe
private let count: pcap_handler = { user, header, _ in
  guard let user = unsafe user, let header = unsafe header else { return }
  unsafe user.withMemoryRebound(to: Counts.self, capacity: 1) { counts in
    unsafe counts.pointee.packets &+= 1
    unsafe counts.pointee.bytes &+= Int(header.pointee.caplen)
  }
}
