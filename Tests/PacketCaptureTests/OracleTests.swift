import FoundationEssentials
import Testing

@testable import PacketCapture

/// Every capture of the corpus, read by libpcap and by us.
@Suite struct OracleTests {
  /// Beside the package; not part of it.
  static let corpus =
    #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 } + "/shared/corpus/captures"

  static var files: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: corpus)) ?? []
    return names.sorted().filter { !$0.hasSuffix(".json") }.map { corpus + "/" + $0 }
  }

  static var isPresent: Bool { FileManager.default.fileExists(atPath: corpus) }

  @Test func `the corpus is there`() {
    let isCI = ProcessInfo.processInfo.environment["CI"] == "true"
    if isCI { #expect(Self.isPresent, "no captures in \(Self.corpus)") }
  }

  @Test(.enabled(if: isPresent, "needs the captures of the corpus"))
  func `packets are those of libpcap`() throws {
    let scratch = try Scratch()
    var compared = 0
    for file in Self.files {
      var theirs: [Fingerprint] = []
      let end: LibpcapFile.End
      do {
        let plain = LibpcapFile(path: try plainFile(file, in: scratch))
        end = try plain.forEachPacket { theirs.append(Fingerprint($0, $1)) }
      } catch is CaptureError {
        continue
      }
      var ours: [Fingerprint] = []
      var reader = try CaptureReader(paths: [file])
      try reader.forEachPacket { header, octets in
        ours.append(Fingerprint(header, octets))
        return true
      }
      // libpcap gives up where we may go on: at a second link type or snapshot length, at trailing octets.
      #expect(end.message == nil ? ours.count == theirs.count : ours.count >= theirs.count, "\(file)")
      let truncated = reader.truncated
      #expect(end.message != nil || !truncated, "\(file)")
      for (number, (our, their)) in zip(ours, theirs).enumerated() where !our.isSame(as: their) {
        Issue.record("\(file): packet \(number + 1) is \(our), libpcap has \(their)")
        break
      }
      compared += 1
    }
    #expect(compared > 700)
  }

  /// The file itself, or what is in it when it is compressed, which libpcap cannot read.
  private func plainFile(_ file: String, in scratch: Scratch) throws -> String {
    var source = ByteSource(try Descriptor(path: file), capacity: 1 << 16)
    try source.detectCompression()
    if source.compression == nil { return file }
    _ = source.require(1 << 30)
    return try scratch.write(source.withOctets { copy($0) })
  }
}

/// A packet for comparison.
private struct Fingerprint {
  var header: PacketHeader
  var hash: Int

  init(_ header: PacketHeader, _ octets: Span<UInt8>) {
    self.header = header
    var hasher = Hasher()
    unsafe octets.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    hash = hasher.finalize()
  }

  /// The same packet, but for what libpcap does otherwise on purpose or by accident:
  /// - it takes the seconds and fractions of pcap files as signed numbers, and times after 2038 come before 1970;
  /// - packets without a time (simple packet blocks) are of 1970, not of the time of the packet before;
  /// - the original length may be less than the captured one.
  func isSame(as their: Fingerprint) -> Bool {
    header.linkType == their.header.linkType && header.capturedLength == their.header.capturedLength
      && header.originalLength == max(their.header.originalLength, their.header.capturedLength) && hash == their.hash
      && isSameTime(as: their.header.timestamp)
  }

  private func isSameTime(as theirs: Int64) -> Bool {
    let range: Int64 = 1 << 32
    let difference = header.timestamp - theirs
    return difference == 0 || theirs == 0 || difference == range * 1_000_000_000
      || difference == range * 1000 || difference == range * 1_000_001_000
  }
}
