import Wire

/// Headers around octets, from the inside out: each function returns its header followed by `payload`.
public enum PacketBuilder {
  public static func be16(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  public static func be32(_ value: UInt32) -> [UInt8] {
    be16(Int(value >> 16)) + be16(Int(value & 0xFFFF))
  }

  public static func le16(_ value: Int) -> [UInt8] { be16(value).reversed() }

  public static func le32(_ value: UInt32) -> [UInt8] { be32(value).reversed() }

  /// The Internet checksum (RFC 1071).
  public static func checksum(_ octets: [UInt8]) -> [UInt8] {
    var sum = 0
    for index in octets.indices { sum += index.isMultiple(of: 2) ? Int(octets[index]) << 8 : Int(octets[index]) }
    while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
    return be16(~sum & 0xFFFF)
  }

  /// The EtherType of an IP packet.
  public static func etherType(of packet: [UInt8]) -> Int { packet.first.map { $0 >> 4 } == 6 ? 0x86DD : 0x0800 }

  /// The protocol number for an IP packet within an IP packet.
  public static func protocolNumber(of packet: [UInt8]) -> UInt8 { packet.first.map { $0 >> 4 } == 6 ? 41 : 4 }

  // MARK: Ethernet

  public static let macs: [UInt8] = [0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1]

  /// `padded` to the 60 octets that a frame on a wire has at least (without its check sequence).
  public static func ethernet(_ type: Int, _ payload: [UInt8], padded: Bool = false) -> [UInt8] {
    let frame = macs + be16(type) + payload
    return padded ? frame + [UInt8](repeating: 0, count: max(0, 60 - frame.count)) : frame
  }

  /// An Ethernet frame of an IP packet.
  public static func ethernet(_ packet: [UInt8], padded: Bool = false) -> [UInt8] {
    ethernet(etherType(of: packet), packet, padded: padded)
  }

  /// What stands after the EtherType of a tag.
  public static func vlan(_ identifier: Int, _ type: Int, _ payload: [UInt8]) -> [UInt8] {
    be16(identifier) + be16(type) + payload
  }

  public static func snap(_ type: Int, _ payload: [UInt8]) -> [UInt8] {
    [0xAA, 0xAA, 0x03, 0, 0, 0] + be16(type) + payload
  }

  // MARK: IP

  public struct IPv4Options: Sendable {
    public var identification = 0
    /// In octets.
    public var fragmentOffset = 0
    public var moreFragments = false
    public var dontFragment = false
    public var timeToLive: UInt8 = 64
    public var options: [UInt8] = []
    /// Instead of the right one.
    public var totalLength: Int?

    public init() {}
  }

  public static func ipv4(
    _ proto: UInt8, _ payload: [UInt8], from source: Address = "192.0.2.1", to destination: Address = "198.51.100.2",
    _ fields: IPv4Options = IPv4Options()
  ) -> [UInt8] {
    let headerLength = 20 + fields.options.count
    let flags = (fields.moreFragments ? 0x2000 : 0) | (fields.dontFragment ? 0x4000 : 0)
    var header: [UInt8] = [0x40 | UInt8(headerLength / 4), 0]
    header += be16(fields.totalLength ?? headerLength + payload.count)
    header += be16(fields.identification) + be16(flags | fields.fragmentOffset / 8)
    header += [fields.timeToLive, proto, 0, 0] + source.octets + destination.octets + fields.options
    header.replaceSubrange(10..<12, with: checksum(header))
    return header + payload
  }

  public static func ipv6(
    _ next: UInt8, _ payload: [UInt8], from source: Address = "2001:db8::1", to destination: Address = "2001:db8::2",
    payloadLength: Int? = nil
  ) -> [UInt8] {
    [0x60, 0, 0, 0] + be16(payloadLength ?? payload.count) + [next, 64] + source.octets + destination.octets + payload
  }

  /// An IPv6 extension header whose content is padded to a multiple of eight octets.
  public static func extensionHeader(next: UInt8, _ content: [UInt8], _ payload: [UInt8]) -> [UInt8] {
    let units = (content.count + 2 + 7) / 8
    let padding = [UInt8](repeating: 0, count: units * 8 - 2 - content.count)
    return [next, UInt8(units - 1)] + content + padding + payload
  }

  public static func udp(from source: Int, to destination: Int, _ payload: [UInt8]) -> [UInt8] {
    be16(source) + be16(destination) + be16(8 + payload.count) + [0, 0] + payload
  }

  /// The fragments of an IP packet without extension headers, cut at these offsets of its payload (multiples of 8).
  public static func fragments(of packet: [UInt8], at cuts: [Int], identification: UInt32) -> [[UInt8]] {
    let isV6 = packet[0] >> 4 == 6
    let headerLength = isV6 ? 40 : Int(packet[0] & 15) * 4
    let payload = Array(packet[headerLength...])
    let bounds = [0] + cuts + [payload.count]
    return zip(bounds, bounds.dropFirst()).map { start, end in
      fragment(
        of: packet, start: start, isLast: end == payload.count, Array(payload[start..<end]),
        identification: identification)
    }
  }

  /// One fragment with the addresses and protocol of `packet`, and any offset and octets.
  public static func fragment(
    of packet: [UInt8], start: Int, isLast: Bool, _ octets: [UInt8], identification: UInt32
  ) -> [UInt8] {
    if packet[0] >> 4 == 6 {
      let header = [packet[6], 0] + be16(start | (isLast ? 0 : 1)) + be32(identification)
      return ipv6(
        44, header + octets, from: Address(octets: Array(packet[8..<24])), to: Address(octets: Array(packet[24..<40])))
    }
    var fields = IPv4Options()
    fields.identification = Int(identification & 0xFFFF)
    fields.fragmentOffset = start
    fields.moreFragments = !isLast
    return ipv4(
      packet[9], octets, from: Address(octets: Array(packet[12..<16])), to: Address(octets: Array(packet[16..<20])),
      fields)
  }
}
