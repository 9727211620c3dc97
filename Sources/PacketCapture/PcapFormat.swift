/// Where one packet's record lies in the buffer of its source, and what it says.
struct Record {
  var header: PacketHeader
  /// Index of the first captured octet in the source's buffer.
  var dataStart: Int
  /// Octets to consume for the whole record.
  var length: Int
}

/// Why a format finds no further record.
enum Ending: Equatable {
  /// The file ends where a record may begin.
  case end
  /// The file ends inside a record: this many octets were needed and this many were there.
  case cut(needed: Int, available: Int)
  /// A record contradicts itself or the format.
  case damaged(String)
}

/// What the two file formats have in common.
protocol CaptureFormat {
  /// Finds the next packet and makes it available in `source`, without consuming it; what lies before it is consumed.
  /// `nil` sets `ending`.
  mutating func next(in source: inout ByteSource) -> Record?
  var ending: Ending { get }
  /// Host-order fields inside of packets are in the other order.
  var isSwapped: Bool { get }
}

/// The classic capture file: one header, then packets, each with a header of 16 octets.
///
/// Reads what libpcap reads, with its rules for what is wrong. Not covered: the record header of other lengths that some
/// old patched writers used without saying so, and the formats with other magic numbers (Navtel, IXIA).
struct PcapFormat: CaptureFormat {
  let isSwapped: Bool
  let linkType: UInt32
  private let recordHeaderLength: Int
  private let lengthOrder: LengthOrder
  private let snapLength: Int
  private let maximumLength: Int
  private let nanosecondsPerTick: Int64
  private(set) var ending = Ending.end

  /// Before version 2.3 the two lengths stood in the other order; writers of 2.3 did either.
  private enum LengthOrder {
    case capturedFirst, originalFirst, smallerIsCaptured
  }

  static let fileHeaderLength = 24

  enum HeaderProblem: Error, Equatable {
    case notPcap
    case version(major: Int, minor: Int)
  }

  /// Reads the file header, of which `octets` must hold all.
  ///
  ///      0  magic: resolution and byte order
  ///      4  major version, minor version (16 bits each)
  ///      8  time zone, accuracy: always 0 and ignored
  ///     16  snapshot length
  ///     20  link type in 26 bits, length of the frame check sequence
  init(fileHeader octets: Span<UInt8>) throws(HeaderProblem) {
    guard octets.count >= Self.fileHeaderLength, let magic = PcapMagic(octets) else { throw .notPcap }
    let order = magic.isSwapped
    let major = Int(octets.uint16(at: 4, swapped: order))
    let minor = Int(octets.uint16(at: 6, swapped: order))
    // 543.0 is what tcpdump of DG/UX wrote.
    guard (major == 2 && minor <= 4) || (major == 543 && minor == 0) else { throw .version(major: major, minor: minor) }

    isSwapped = order
    linkType = PacketCapture.linkType(fromFile: octets.uint32(at: 20, swapped: order) & 0x03FF_FFFF)
    lengthOrder = major == 543 || minor < 3 ? .originalFirst : minor == 3 ? .smallerIsCaptured : .capturedFirst
    nanosecondsPerTick = magic.kind == .nanoseconds ? 1 : 1000
    maximumLength = maximumPacketLength(for: linkType)
    let snapLength = effectiveSnapLength(octets.uint32(at: 16, swapped: order), for: linkType)
    if magic.kind == .modified {
      recordHeaderLength = 24
      // In cooked mode an Ethernet header was put before what the snapshot length had allowed.
      self.snapLength = linkType == 1 ? snapLength + 14 : snapLength
    } else {
      recordHeaderLength = 16
      self.snapLength = snapLength
    }
  }

  @inline(__always)
  mutating func next(in source: inout ByteSource) -> Record? {
    guard source.require(recordHeaderLength) else {
      ending = source.available == 0 ? .end : .cut(needed: recordHeaderLength, available: source.available)
      return nil
    }
    var (seconds, ticks, captured, original) = source.fourWords(swapped: isSwapped)
    if lengthOrder != .capturedFirst, lengthOrder == .originalFirst || captured > original {
      (captured, original) = (original, captured)
    }
    guard Int(captured) <= maximumLength else {
      return refuse(captured)
    }
    // A system that goes down can leave zeros at the end of a file: no packets of 1970 without an octet.
    if captured == 0, original | seconds | ticks == 0 {
      ending = .damaged("zeros where a packet should be, as of a file that was not written to its end")
      return nil
    }
    let length = recordHeaderLength &+ Int(captured)
    guard source.require(length) else {
      ending = .cut(needed: Int(captured), available: max(0, source.available &- recordHeaderLength))
      return nil
    }
    // At most 2^32 seconds and 2^32 milliseconds: far from the limits of 64 bits.
    let time = Int64(seconds) &* 1_000_000_000 &+ Int64(ticks) &* nanosecondsPerTick
    let kept = min(Int(captured), snapLength)
    return Record(
      header: PacketHeader(
        timestamp: time, capturedLength: kept, originalLength: max(Int(original), kept), linkType: linkType),
      dataStart: source.start &+ recordHeaderLength, length: length)
  }

  @inline(never)
  private mutating func refuse(_ captured: UInt32) -> Record? {
    ending = .damaged("a captured length of \(captured), more than the \(maximumLength) octets that a packet can have")
    return nil
  }
}

/// The magic number of a pcap file: kind of file and byte order.
struct PcapMagic {
  enum Kind {
    case microseconds, nanoseconds
    /// Alexey Kuznetzov's, with record headers of 24 octets.
    case modified
  }

  var kind: Kind
  var isSwapped: Bool

  init?(_ octets: Span<UInt8>) {
    guard octets.count >= 4 else { return nil }
    let magic = octets.uint32(at: 0, swapped: false)
    if let kind = Self.kind(of: magic) {
      (self.kind, isSwapped) = (kind, false)
    } else if let kind = Self.kind(of: magic.byteSwapped) {
      (self.kind, isSwapped) = (kind, true)
    } else {
      return nil
    }
  }

  private static func kind(of magic: UInt32) -> Kind? {
    switch magic {
    case 0xA1B2_C3D4: .microseconds
    case 0xA1B2_3C4D: .nanoseconds
    case 0xA1B2_CD34: .modified
    default: nil
    }
  }
}

extension ByteSource {
  /// The next 16 octets, which must be available, as four numbers.
  @inline(__always)
  func fourWords(swapped: Bool) -> (UInt32, UInt32, UInt32, UInt32) {
    withOctets(from: start, count: 16) { octets in
      (
        octets.uint32(at: 0, swapped: swapped), octets.uint32(at: 4, swapped: swapped),
        octets.uint32(at: 8, swapped: swapped), octets.uint32(at: 12, swapped: swapped)
      )
    }
  }
}

extension Span<UInt8> {
  var copy: [UInt8] {
    [UInt8](capacity: count) { output in
      for index in indices { output.append(self[index]) }
    }
  }

  /// A little-endian number, or a big-endian one when `swapped`.
  @inline(__always)
  func uint16(at index: Int, swapped: Bool) -> UInt16 {
    let value = UInt16(self[index]) | UInt16(self[index &+ 1]) << 8
    return swapped ? value.byteSwapped : value
  }

  @inline(__always)
  func uint32(at index: Int, swapped: Bool) -> UInt32 {
    let value =
      UInt32(self[index]) | UInt32(self[index &+ 1]) << 8 | UInt32(self[index &+ 2]) << 16
      | UInt32(self[index &+ 3]) << 24
    return swapped ? value.byteSwapped : value
  }

  @inline(__always)
  func uint64(at index: Int, swapped: Bool) -> UInt64 {
    let low = UInt64(uint32(at: index, swapped: swapped))
    let high = UInt64(uint32(at: index &+ 4, swapped: swapped))
    return swapped ? low << 32 | high : high << 32 | low
  }
}
