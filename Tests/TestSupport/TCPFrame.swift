import Wire

/// A TCP segment to be built.
public struct TCPFrame: Sendable {
  public var source: Address = "192.0.2.1"
  public var destination: Address = "198.51.100.2"
  public var sourcePort = 40000
  public var destinationPort = 80
  public var sequenceNumber: UInt32 = 1000
  public var acknowledgmentNumber: UInt32 = 2000
  public var flags: TCPFlags = [.ack]
  public var window = 65535
  /// A multiple of four octets.
  public var options: [UInt8] = []
  public var payload: [UInt8] = []
  public var identification = 1

  public init() {}

  public init(v6: Bool, payload: [UInt8] = []) {
    self.payload = payload
    if v6 {
      source = "2001:db8::1"
      destination = "2001:db8::2"
    }
  }

  /// Header and payload, with a right checksum.
  public var segment: [UInt8] {
    typealias Build = PacketBuilder
    var segment = Build.be16(sourcePort) + Build.be16(destinationPort)
    segment += Build.be32(sequenceNumber) + Build.be32(acknowledgmentNumber)
    segment += [UInt8((20 + options.count) / 4) << 4, flags.rawValue] + Build.be16(window) + [0, 0, 0, 0]
    segment += options + payload
    let pseudoHeader = source.octets + destination.octets + Build.be32(UInt32(segment.count)) + [0, 0, 0, 6]
    segment.replaceSubrange(16..<18, with: Build.checksum(pseudoHeader + segment))
    return segment
  }

  /// In an IP packet of the addresses' kind.
  public var packet: [UInt8] {
    if source.isV6 { return PacketBuilder.ipv6(6, segment, from: source, to: destination) }
    var fields = PacketBuilder.IPv4Options()
    fields.identification = identification
    fields.dontFragment = true
    return PacketBuilder.ipv4(6, segment, from: source, to: destination, fields)
  }

  /// In an Ethernet frame.
  public var frame: [UInt8] { PacketBuilder.ethernet(packet) }
}
