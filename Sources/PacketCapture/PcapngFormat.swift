/// The pcapng capture file (draft-ietf-opsawg-pcapng): sections, each with its own byte order and interfaces, made of
/// blocks that say their type and length at the front and their length again at the end.
///
/// More is read than libpcap reads: interfaces of different link types and snapshot lengths, sections of different byte
/// orders, any time stamp resolution. Names, comments and custom blocks are passed over.
struct PcapngFormat: CaptureFormat {
  /// One interface description block.
  private struct Interface {
    var linkType: UInt32
    var snapLength: Int
    var scale: TimestampScale
    /// Of the last interface statistics block.
    var drops: UInt64?
  }

  /// Limits on what a file can make us keep.
  private enum Limit {
    static let interfaces = 65_536
    static let linkTypes = 256
    /// The same as in libpcap: 16 MiB, or more where packets can be longer.
    static let blockLength = 16 << 20
    static let blockOverhead = 132 << 10
  }

  private enum BlockType {
    static let sectionHeader: UInt32 = 0x0A0D_0D0A
    static let interfaceDescription: UInt32 = 1
    static let packet: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let interfaceStatistics: UInt32 = 5
    static let enhancedPacket: UInt32 = 6
    static let decryptionSecrets: UInt32 = 10
  }

  private(set) var isSwapped = false
  private(set) var ending = Ending.end
  private(set) var linkTypes: [UInt32] = []
  private(set) var secrets: [DecryptionSecrets] = []
  /// Secrets were left out because they would have exceeded the limit.
  private(set) var droppedSecrets = false
  private(set) var droppedLinkTypes = false
  /// Packets passed over because the file does not describe their interface.
  private(set) var packetsOfUnknownInterfaces = 0
  /// Simple packet blocks have no time.
  private(set) var sawPacketsWithoutTime = false
  private var interfaces: [Interface] = []
  private var maximumBlockLength = Limit.blockLength
  private var lastTime: Int64 = 0
  private var dropsOfEndedSections: UInt64?
  private let allowance: SecretsAllowance

  enum HeaderProblem: Error, Equatable {
    case notPcapng
    case cut
    case version(major: Int, minor: Int)
  }

  /// Reads the first section header.
  init(from source: inout ByteSource, _ allowance: SecretsAllowance) throws(HeaderProblem) {
    self.allowance = allowance
    guard source.require(12) else { throw Self.looksLikeStart(source) ? .cut : .notPcapng }
    guard Self.looksLikeStart(source), let swapped = Self.byteOrder(at: 8, in: source) else { throw .notPcapng }
    let length = Int(source.word(at: 4, swapped: swapped))
    guard length >= 28, length % 4 == 0, length <= 1 << 20 else { throw .notPcapng }
    guard source.require(length) else { throw .cut }
    let major = Int(source.halfWord(at: 12, swapped: swapped))
    guard major == 1 else { throw .version(major: major, minor: Int(source.halfWord(at: 14, swapped: swapped))) }
    isSwapped = swapped
    // Its trailer is not checked, nor does libpcap: without the rest of the file this block says nothing that is needed.
    source.consume(length)
  }

  /// The block type of a section header, which reads the same in both byte orders.
  static func looksLikeStart(_ source: borrowing ByteSource) -> Bool {
    source.available >= 4 && source.word(at: 0, swapped: false) == BlockType.sectionHeader
  }

  /// Dropped by an interface or its system, as the last statistics of each interface say; `nil` when none do.
  var drops: Int? {
    let total = interfaces.reduce(dropsOfEndedSections) { sum, interface in Self.sum(sum, interface.drops) }
    return total.map { Int(clamping: $0) }
  }

  @inline(__always)
  mutating func next(in source: inout ByteSource) -> Record? {
    while true {
      guard source.require(12) else {
        ending = source.available == 0 ? .end : .cut(needed: 12, available: source.available)
        return nil
      }
      let type = source.word(at: 0, swapped: isSwapped)
      guard type == BlockType.enhancedPacket else {
        switch other(type, in: &source) {
        case .packet(let record): return record
        case .passed: continue
        case .stop: return nil
        }
      }
      let length = Int(source.word(at: 4, swapped: isSwapped))
      guard check(type, length, atLeast: 32, in: &source) else { return nil }
      let captured = Int(source.word(at: 20, swapped: isSwapped))
      guard captured <= length &- 32 else { return refuse(captured, in: length) }
      let index = Int(source.word(at: 8, swapped: isSwapped))
      guard index < interfaces.count else {
        packetsOfUnknownInterfaces += 1
        source.consume(length)
        continue
      }
      let ticks =
        UInt64(source.word(at: 12, swapped: isSwapped)) << 32 | UInt64(source.word(at: 16, swapped: isSwapped))
      let time = interfaces[index].scale.nanoseconds(ticks)
      lastTime = time
      let original = Int(source.word(at: 24, swapped: isSwapped))
      return Record(
        header: PacketHeader(
          timestamp: time, capturedLength: captured, originalLength: max(original, captured),
          linkType: interfaces[index].linkType),
        dataStart: source.start &+ 28, length: length)
    }
  }

  private enum Step {
    case packet(Record)
    case passed, stop
  }

  /// Reads a block that is not an enhanced packet block. What is not a packet is consumed.
  @inline(never)
  private mutating func other(_ type: UInt32, in source: inout ByteSource) -> Step {
    if type == BlockType.sectionHeader {
      guard let swapped = Self.byteOrder(at: 8, in: source) else {
        return stop(.damaged("a section header without a byte order"))
      }
      startSection(swapped: swapped)
    }
    let length = Int(source.word(at: 4, swapped: isSwapped))
    guard check(type, length, atLeast: Self.minimumLength(of: type), in: &source) else { return .stop }
    switch type {
    case BlockType.simplePacket: return simplePacket(length, in: &source)
    case BlockType.packet: return obsoletePacket(length, in: &source)
    case BlockType.sectionHeader:
      let major = source.halfWord(at: 12, swapped: isSwapped)
      guard major == 1 else { return stop(.damaged("a section of the unknown version \(major)")) }
    case BlockType.interfaceDescription:
      guard interfaces.count < Limit.interfaces else {
        return stop(.damaged("more than \(Limit.interfaces) interfaces"))
      }
      describeInterface(length, in: source)
    case BlockType.interfaceStatistics: readStatistics(length, in: source)
    case BlockType.decryptionSecrets: readSecrets(length, in: source)
    default: break
    }
    source.consume(length)
    return .passed
  }

  private static func minimumLength(of type: UInt32) -> Int {
    switch type {
    case BlockType.sectionHeader: 28
    case BlockType.interfaceDescription, BlockType.decryptionSecrets: 20
    case BlockType.packet: 32
    case BlockType.simplePacket: 16
    case BlockType.interfaceStatistics: 24
    default: 12
    }
  }

  /// Makes the whole block available and compares its two lengths.
  @inline(__always)
  private mutating func check(_ type: UInt32, _ length: Int, atLeast minimum: Int, in source: inout ByteSource) -> Bool
  {
    guard length >= minimum, length & 3 == 0, length <= maximumBlockLength else {
      return complain(.damaged("a block of type \(type) with a length of \(length) octets"))
    }
    guard source.require(length) else {
      return complain(.cut(needed: length, available: source.available))
    }
    guard Int(source.word(at: length &- 4, swapped: isSwapped)) == length else {
      return complain(.damaged("a block whose two lengths differ"))
    }
    return true
  }

  @inline(never)
  private mutating func complain(_ ending: @autoclosure () -> Ending) -> Bool {
    self.ending = ending()
    return false
  }

  private mutating func stop(_ ending: Ending) -> Step {
    self.ending = ending
    return .stop
  }

  @inline(never)
  private mutating func refuse(_ captured: Int, in length: Int) -> Record? {
    ending = .damaged("a captured length of \(captured) in a block of \(length) octets")
    return nil
  }

  private static func byteOrder(at index: Int, in source: borrowing ByteSource) -> Bool? {
    switch source.word(at: index, swapped: false) {
    case 0x1A2B_3C4D: false
    case 0x4D3C_2B1A: true
    default: nil
    }
  }

  private mutating func startSection(swapped: Bool) {
    dropsOfEndedSections = interfaces.reduce(dropsOfEndedSections) { sum, interface in Self.sum(sum, interface.drops) }
    interfaces.removeAll(keepingCapacity: true)
    isSwapped = swapped
  }

  /// The packet belongs to the first interface; its captured length is not written down.
  private mutating func simplePacket(_ length: Int, in source: inout ByteSource) -> Step {
    guard let interface = interfaces.first else { return passUnknown(length, in: &source) }
    sawPacketsWithoutTime = true
    let original = Int(source.word(at: 8, swapped: isSwapped))
    let captured = min(original, interface.snapLength, length - 16)
    return .packet(
      Record(
        header: PacketHeader(
          timestamp: lastTime, capturedLength: captured, originalLength: original, linkType: interface.linkType),
        dataStart: source.start + 12, length: length))
  }

  private mutating func obsoletePacket(_ length: Int, in source: inout ByteSource) -> Step {
    let captured = Int(source.word(at: 20, swapped: isSwapped))
    guard captured <= length - 32 else {
      return stop(.damaged("a captured length of \(captured) in a block of \(length) octets"))
    }
    let index = Int(source.halfWord(at: 8, swapped: isSwapped))
    guard index < interfaces.count else { return passUnknown(length, in: &source) }
    let ticks =
      UInt64(source.word(at: 12, swapped: isSwapped)) << 32 | UInt64(source.word(at: 16, swapped: isSwapped))
    lastTime = interfaces[index].scale.nanoseconds(ticks)
    return .packet(
      Record(
        header: PacketHeader(
          timestamp: lastTime, capturedLength: captured,
          originalLength: max(Int(source.word(at: 24, swapped: isSwapped)), captured),
          linkType: interfaces[index].linkType),
        dataStart: source.start + 28, length: length))
  }

  private mutating func passUnknown(_ length: Int, in source: inout ByteSource) -> Step {
    packetsOfUnknownInterfaces += 1
    source.consume(length)
    return .passed
  }

  private mutating func describeInterface(_ length: Int, in source: borrowing ByteSource) {
    let linkType = PacketCapture.linkType(fromFile: UInt32(source.halfWord(at: 8, swapped: isSwapped)))
    let snapLength = effectiveSnapLength(source.word(at: 12, swapped: isSwapped), for: linkType)
    var resolution: UInt8?
    var offsetSeconds: Int64?
    forEachOption(in: source, from: 16, to: length - 4) { code, value in
      switch code {
      case 9 where value.count >= 1: resolution = resolution ?? value[0]
      case 14 where value.count >= 8:
        offsetSeconds = offsetSeconds ?? Int64(bitPattern: value.uint64(at: 0, swapped: isSwapped))
      default: break
      }
    }
    let scale = TimestampScale(resolution: resolution ?? 6, offsetSeconds: offsetSeconds ?? 0)
    interfaces.append(Interface(linkType: linkType, snapLength: snapLength, scale: scale, drops: nil))
    maximumBlockLength = max(maximumBlockLength, maximumPacketLength(for: linkType) + Limit.blockOverhead)
    if !linkTypes.contains(linkType) {
      if linkTypes.count < Limit.linkTypes { linkTypes.append(linkType) } else { droppedLinkTypes = true }
    }
  }

  private mutating func readStatistics(_ length: Int, in source: borrowing ByteSource) {
    let index = Int(source.word(at: 8, swapped: isSwapped))
    guard index < interfaces.count else { return }
    var drops: UInt64?
    forEachOption(in: source, from: 20, to: length - 4) { code, value in
      // isb_ifdrop and isb_osdrop.
      guard code == 5 || code == 7, value.count >= 8 else { return }
      drops = Self.sum(drops, value.uint64(at: 0, swapped: isSwapped))
    }
    // Later statistics replace earlier ones: each counts from the start of the capture.
    if let drops { interfaces[index].drops = drops }
  }

  private mutating func readSecrets(_ length: Int, in source: borrowing ByteSource) {
    let count = Int(source.word(at: 12, swapped: isSwapped))
    guard count <= length - 20 else { return }
    guard allowance.take(count) else {
      droppedSecrets = true
      return
    }
    let copy = source.withOctets(from: source.start + 16, count: count) { $0.copy }
    secrets.append(DecryptionSecrets(type: source.word(at: 8, swapped: isSwapped), octets: copy))
  }

  /// Calls `body` with the code and value of each option (§3.5) between two places in the block. What is malformed ends
  /// the list.
  private func forEachOption(
    in source: borrowing ByteSource, from start: Int, to end: Int, _ body: (UInt16, Span<UInt8>) -> Void
  ) {
    source.withOctets(from: source.start + start, count: max(0, end - start)) { octets in
      forEachOption(in: octets, body)
    }
  }

  private func forEachOption(in octets: Span<UInt8>, _ body: (UInt16, Span<UInt8>) -> Void) {
    var position = 0
    while position + 4 <= octets.count {
      let code = octets.uint16(at: position, swapped: isSwapped)
      let length = Int(octets.uint16(at: position + 2, swapped: isSwapped))
      position += 4
      guard code != 0, position + length <= octets.count else { return }
      body(code, octets.extracting(position..<(position + length)))
      position += (length + 3) & ~3
    }
  }

  private static func sum(_ left: UInt64?, _ right: UInt64?) -> UInt64? {
    guard let left, let right else { return left ?? right }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }
}

/// The content of a decryption secrets block, such as a TLS key log.
public struct DecryptionSecrets: Hashable, Sendable {
  /// 0x544C534B for a TLS key log.
  public var type: UInt32
  public var octets: [UInt8]
}

/// How many octets of secrets may still be kept, of all files of a capture together.
final class SecretsAllowance {
  private var octets: Int

  init(octets: Int) { self.octets = octets }

  func take(_ count: Int) -> Bool {
    guard count <= octets else { return false }
    octets -= count
    return true
  }

  func giveBack(_ secrets: [DecryptionSecrets]) {
    octets += secrets.reduce(0) { $0 + $1.octets.count }
  }
}

extension ByteSource {
  /// The 32-bit number at an index from the next octet. Four octets there must be available.
  @inline(__always)
  borrowing func word(at index: Int, swapped: Bool) -> UInt32 {
    withOctets(from: start &+ index, count: 4) { $0.uint32(at: 0, swapped: swapped) }
  }

  @inline(__always)
  borrowing func halfWord(at index: Int, swapped: Bool) -> UInt16 {
    withOctets(from: start &+ index, count: 2) { $0.uint16(at: 0, swapped: swapped) }
  }
}
