import FoundationEssentials
import Oracles
import PacketCapture
import SystemPackage
import TCPStreams
import Wire

/// The first inputs of a target: what captures hold, in the form that the target reads.
struct SeedFolder {
  let path: FilePath
  private var count = 0
  private static let largest = 1 << 14

  init(path: FilePath) { self.path = path }

  mutating func add(_ target: Target, from capture: String) throws {
    switch target {
    case .capture, .program: try write(contents(of: capture))
    case .wire: for packets in try packets(of: capture) { try write(packets) }
    case .segments, .stream: for packets in try packets(of: capture) { try write(packets.map { $0 &* 3 }) }
    case .requests: for turns in try conversations(in: capture) { try write(everySecond(turns, from: 0)) }
    case .responses: for turns in try conversations(in: capture) { try write(everySecond(turns, from: 1)) }
    case .pairs:
      for turns in try conversations(in: capture) {
        try write(everySecond(turns, from: 0) + Separator.octets + everySecond(turns, from: 1))
      }
    case .conversations:
      for turns in try conversations(in: capture) { try write(Array(turns.joined(separator: Separator.octets))) }
    }
  }

  private mutating func write(_ octets: [UInt8]) throws {
    count += 1
    let name = path.appending("seed-\(count)-\(UInt32.random(in: 0 ... .max))")
    let file = try FileDescriptor.open(name, .writeOnly, options: [.create], permissions: [.ownerReadWrite])
    try file.closeAfter { _ = try file.writeAll(octets.prefix(Self.largest)) }
  }

  private func contents(of path: String) throws -> [UInt8] {
    guard let contents = FileManager.default.contents(atPath: path) else { throw Errno.noSuchFileOrDirectory }
    return [UInt8](contents)
  }

  /// Groups of packets as ``runWire(_:)`` reads them.
  private func packets(of capture: String) throws -> [[UInt8]] {
    var groups: [[UInt8]] = []
    var group: [UInt8] = []
    var reader = try CaptureReader(paths: [capture])
    try reader.forEachPacket { header, octets in
      let count = min(octets.count, 0xFFFF)
      group += [UInt8(truncatingIfNeeded: header.linkType >> 8), UInt8(truncatingIfNeeded: header.linkType)]
      group += [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count), 0]
      for index in 0..<count { group.append(octets[index]) }
      if group.count > 600 {
        groups.append(group)
        group = []
      }
      return groups.count < 30
    }
    return groups + [group]
  }

  /// What the sides of each connection sent in turn, the client (the first to send) first; the first few kilobytes.
  private func conversations(in capture: String) throws -> [[[UInt8]]] {
    var table = ConnectionTable()
    var decoder = PacketDecoder()
    var segment = TCPSegment()
    var turns: [Int: (first: Int, last: Int, octets: [[UInt8]])] = [:]
    var reader = try CaptureReader(paths: [capture])
    func add(_ octets: Span<UInt8>, _ slot: Int, _ side: Int) {
      guard !octets.isEmpty else { return }
      var connection = turns[slot] ?? (side, 1 - side, [])
      guard connection.octets.reduce(0, { $0 + $1.count }) < 3000 else { return }
      if connection.last != side { connection.octets.append([]) }
      connection.last = side
      for index in octets.indices.prefix(1500) { connection.octets[connection.octets.count - 1].append(octets[index]) }
      turns[slot] = connection
    }
    try reader.forEachPacket { header, octets in
      let outcome = decoder.decode(
        octets, link: LinkType(rawValue: header.linkType), originalLength: header.originalLength,
        time: header.timestamp, into: &segment)
      guard outcome == .tcp else { return true }
      switch table.receive(segment, octets: octets, at: header.timestamp) {
      case .nothing, .duplicate, .opening: break
      case .inOrder(let slot, let side, _, _):
        let start = segment.payloadOffset
        add(octets.extracting(start..<(start + segment.payloadCaptured)), slot, side)
      case .events:
        for i in table.events.indices {
          switch table.events[i] {
          case .segment(let slot, let side, let start, let count, _, _):
            let from = segment.payloadOffset + start
            add(octets.extracting(from..<(from + count)), slot, side)
          case .buffered(let slot, let side, let place, _, _):
            let waited = table.hadWaited[place]
            add(waited.octets.span, slot, side)
          default: break
          }
        }
        table.clearEvents()
      }
      return turns.count < 20
    }
    return turns.values.map(\.octets)
  }

  private func everySecond(_ turns: [[UInt8]], from first: Int) -> [UInt8] {
    Array(turns.enumerated().filter { $0.offset % 2 == first }.map(\.element).joined())
  }
}
