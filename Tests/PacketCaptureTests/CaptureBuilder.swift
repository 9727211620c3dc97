import FoundationEssentials
import Glibc

@testable import PacketCapture

/// Octets put together field by field in one byte order.
struct Octets {
  var swapped = false
  private(set) var all: [UInt8] = []

  init(swapped: Bool = false) { self.swapped = swapped }

  mutating func put<Number: FixedWidthInteger>(_ number: Number) {
    var rest = swapped ? number.byteSwapped : number
    for _ in 0..<(Number.bitWidth / 8) {
      all.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  mutating func put(_ octets: [UInt8]) { all += octets }
}

/// A packet to write, and what is expected back.
struct Packet: Hashable {
  var time: Int64
  var octets: [UInt8]
  var originalLength: Int
  var linkType: UInt32 = 1

  init(time: Int64, _ octets: [UInt8], originalLength: Int? = nil, linkType: UInt32 = 1) {
    self.time = time
    self.octets = octets
    self.originalLength = originalLength ?? octets.count
    self.linkType = linkType
  }
}

/// Some packets a second apart, all different, of lengths that need every kind of padding.
func somePackets(_ count: Int = 5, from time: Int64 = 1_700_000_000_000_000_000, step: Int64 = 1_000_000_000)
  -> [Packet]
{
  (0..<count).map { index in
    let octets = (0..<(14 + index)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index &* 31) }
    return Packet(time: time + Int64(index) * step, octets, originalLength: 100 + index)
  }
}

struct PcapFile {
  var magic: UInt32 = 0xA1B2_C3D4
  var swapped = false
  var version: (UInt16, UInt16) = (2, 4)
  var snapLength: UInt32 = 262_144
  var linkType: UInt32 = 1
  var nanosecondsPerTick: Int64 = 1000
  /// After the 16 octets of a record header.
  var recordHeaderExtra = 0
  var lengthsSwapped = false

  /// The file, and where its records end.
  func octets(_ packets: [Packet]) -> (all: [UInt8], ends: [Int]) {
    var file = Octets(swapped: swapped)
    file.put(magic)
    file.put(version.0)
    file.put(version.1)
    file.put(UInt64(0))
    file.put(snapLength)
    file.put(linkType)
    var ends: [Int] = []
    for packet in packets {
      file.put(UInt32(packet.time / 1_000_000_000))
      file.put(UInt32(packet.time % 1_000_000_000 / nanosecondsPerTick))
      let lengths = (UInt32(packet.octets.count), UInt32(packet.originalLength))
      file.put(lengthsSwapped ? lengths.1 : lengths.0)
      file.put(lengthsSwapped ? lengths.0 : lengths.1)
      file.put([UInt8](repeating: 0xEE, count: recordHeaderExtra))
      file.put(packet.octets)
      ends.append(file.all.count)
    }
    return (file.all, ends)
  }
}

/// Writes pcapng blocks.
struct PcapngFile {
  let swapped: Bool
  private(set) var all: [UInt8] = []
  /// Where each block ends.
  private(set) var ends: [Int] = []

  init(swapped: Bool = false) { self.swapped = swapped }

  mutating func block(_ type: UInt32, trailer: UInt32? = nil, _ fill: (inout Octets) -> Void) {
    var body = Octets(swapped: swapped)
    fill(&body)
    while body.all.count % 4 != 0 { body.put(UInt8(0)) }
    var block = Octets(swapped: swapped)
    let length = UInt32(body.all.count + 12)
    block.put(type)
    block.put(length)
    block.put(body.all)
    block.put(trailer ?? length)
    append(block.all)
  }

  mutating func append(_ octets: [UInt8]) {
    all += octets
    ends.append(all.count)
  }

  mutating func section(major: UInt16 = 1, length: Int64 = -1) {
    block(0x0A0D_0D0A) { body in
      body.put(UInt32(0x1A2B_3C4D))
      body.put(major)
      body.put(UInt16(0))
      body.put(length)
    }
  }

  func octets<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    var octets = Octets(swapped: swapped)
    octets.put(number)
    return octets.all
  }

  private static func put(_ options: [(UInt16, [UInt8])], in body: inout Octets) {
    for (code, value) in options {
      body.put(code)
      body.put(UInt16(value.count))
      body.put(value)
      while body.all.count % 4 != 0 { body.put(UInt8(0)) }
    }
    if !options.isEmpty { body.put(UInt32(0)) }
  }

  mutating func interface(
    linkType: UInt16 = 1, snapLength: UInt32 = 0, resolution: UInt8? = nil, offset: Int64? = nil
  ) {
    var options: [(UInt16, [UInt8])] = [(2, Array("eth0".utf8))]
    if let resolution { options.append((9, [resolution])) }
    if let offset { options.append((14, octets(offset))) }
    block(1) { body in
      body.put(linkType)
      body.put(UInt16(0))
      body.put(snapLength)
      Self.put(options, in: &body)
    }
  }

  mutating func packet(
    interface: UInt32 = 0, ticks: UInt64, _ octets: [UInt8], captured: UInt32? = nil, original: UInt32? = nil,
    comment: String? = nil
  ) {
    block(6) { body in
      body.put(interface)
      body.put(UInt32(truncatingIfNeeded: ticks >> 32))
      body.put(UInt32(truncatingIfNeeded: ticks))
      body.put(captured ?? UInt32(octets.count))
      body.put(original ?? UInt32(octets.count))
      body.put(octets)
      while body.all.count % 4 != 0 { body.put(UInt8(0)) }
      if let comment { Self.put([(1, Array(comment.utf8))], in: &body) }
    }
  }

  mutating func obsoletePacket(interface: UInt16 = 0, ticks: UInt64, _ octets: [UInt8], original: UInt32) {
    block(2) { body in
      body.put(interface)
      body.put(UInt16(0xFFFF))
      body.put(UInt32(truncatingIfNeeded: ticks >> 32))
      body.put(UInt32(truncatingIfNeeded: ticks))
      body.put(UInt32(octets.count))
      body.put(original)
      body.put(octets)
    }
  }

  mutating func simplePacket(_ octets: [UInt8], original: UInt32) {
    block(3) { body in
      body.put(original)
      body.put(octets)
    }
  }

  mutating func statistics(interface: UInt32 = 0, _ options: [UInt16: UInt64]) {
    let encoded = options.sorted { $0.key < $1.key }.map { ($0.key, octets($0.value)) }
    block(5) { body in
      body.put(interface)
      body.put(UInt64(0))
      Self.put(encoded, in: &body)
    }
  }

  mutating func secrets(_ octets: [UInt8], length: UInt32? = nil) {
    block(10) { body in
      body.put(UInt32(0x544C_534B))
      body.put(length ?? UInt32(octets.count))
      body.put(octets)
    }
  }

  /// One section, one interface with times in nanoseconds, and packets.
  static func simple(_ packets: [Packet], swapped: Bool = false) -> PcapngFile {
    var file = PcapngFile(swapped: swapped)
    file.section()
    file.interface(resolution: 9)
    for packet in packets {
      file.packet(ticks: UInt64(packet.time), packet.octets, original: UInt32(packet.originalLength))
    }
    return file
  }
}

/// A directory of files that goes away with its owner.
final class Scratch {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "reusescope-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch {}
  }

  func write(_ octets: [UInt8], as name: String = "test.pcap") throws -> String {
    let file = path + "/" + name
    try Data(octets).write(to: URL(filePath: file))
    return file
  }
}

/// What a reader gave.
struct Reading: Equatable {
  var packets: [Packet] = []
  var warnings: [CaptureWarning] = []
  var truncated = false
  var drops: Int?
  var linkTypes: [UInt32] = []
  var filteredOut = 0
  var secrets: [DecryptionSecrets] = []
  var bytesRead = 0
  var totalBytes: Int?
}

func copy(_ span: Span<UInt8>) -> [UInt8] { unsafe span.withUnsafeBufferPointer { unsafe Array($0) } }

func read(_ reader: consuming CaptureReader) throws -> Reading {
  var result = Reading()
  try reader.forEachPacket { header, octets in
    let packet = Packet(
      time: header.timestamp, copy(octets), originalLength: header.originalLength, linkType: header.linkType)
    result.packets.append(packet)
    return header.capturedLength == octets.count
  }
  result.warnings = reader.warnings
  result.truncated = reader.truncated
  result.drops = reader.drops
  result.linkTypes = reader.linkTypes
  result.filteredOut = reader.packetsFilteredOut
  result.secrets = reader.secrets
  result.bytesRead = reader.bytesRead
  result.totalBytes = reader.totalBytes
  return result
}

func read(_ paths: String..., filter: String? = nil) throws -> Reading {
  try read(CaptureReader(paths: paths, filter: filter))
}

/// Reads octets through a socket that gives them in pieces, the way a slow pipe does.
func read(_ octets: [UInt8], inPiecesOf size: Int) throws -> Reading {
  var ends: [Int32] = [-1, -1]
  guard unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends) == 0 else { throw SystemError(errno) }
  defer { close(ends[0]) }
  var start = 0
  while start < octets.count {
    let piece = Array(octets[start..<min(start + size, octets.count)])
    guard unsafe send(ends[1], piece, piece.count, Int32(MSG_DONTWAIT)) == piece.count else {
      close(ends[1])
      throw SystemError(errno)
    }
    start += size
  }
  close(ends[1])
  return try read(CaptureReader(places: [.descriptor(ends[0], name: "-")]))
}

/// The error that opening a file of these octets gives.
func refusal(of octets: [UInt8]) throws -> CaptureError? {
  let scratch = try Scratch()
  let path = try scratch.write(octets)
  do {
    _ = try read(path)
    return nil
  } catch let error as CaptureError {
    return error
  }
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
