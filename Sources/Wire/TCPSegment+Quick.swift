/// The shortcut for the packets that captures mostly consist of: TCP in an unfragmented IP datagram without options, on
/// Ethernet (with one VLAN tag or none), Linux cooked or raw IP, its TCP header captured. Everything is read at
/// constant distances behind one check of the length. False means: not one of those, and nothing else.
extension TCPSegment {
  @inline(__always)
  mutating func decodeQuickly(_ frame: Span<UInt8>, link: UInt32) -> Bool {
    let base: Int
    var type: UInt16
    switch link {
    case 1:
      guard frame.count >= 18 else { return false }
      type = frame.uint16(at: 12)
      if type == 0x8100 {
        type = frame.uint16(at: 16)
        base = 18
      } else {
        base = 14
      }
    case 113:
      guard frame.count >= 16, frame[2] != 3 else { return false }
      type = frame.uint16(at: 14)
      base = 16
    case 276:
      guard frame.count >= 20, frame[8] != 3 else { return false }
      type = frame.uint16(at: 0)
      base = 20
    case 101, 228, 229:
      guard frame.count >= 1 else { return false }
      type = frame[0] >> 4 == 4 && link != 229 ? 0x0800 : frame[0] >> 4 == 6 && link != 228 ? 0x86DD : 0
      base = 0
    default:
      return false
    }
    switch type {
    case 0x0800: return decodeQuicklyIPv4(frame.extracting(base..<frame.count), at: base)
    case 0x86DD: return decodeQuicklyIPv6(frame.extracting(base..<frame.count), at: base)
    default: return false
    }
  }

  @inline(__always)
  private mutating func decodeQuicklyIPv4(_ packet: Span<UInt8>, at base: Int) -> Bool {
    guard packet.count >= 40, packet[0] == 0x45, packet[9] == 6, packet.uint16(at: 6) & 0x3FFF == 0 else {
      return false
    }
    let totalLength = Int(packet.uint16(at: 2))
    guard totalLength >= 40 else { return false }
    source = IPAddress(v4: packet.uint32(at: 12))
    destination = IPAddress(v4: packet.uint32(at: 16))
    identification = UInt32(packet.uint16(at: 4))
    return decode(packet.extracting(20..<min(totalLength, packet.count)), at: base &+ 20, wireLength: totalLength &- 20)
      == nil
  }

  @inline(__always)
  private mutating func decodeQuicklyIPv6(_ packet: Span<UInt8>, at base: Int) -> Bool {
    guard packet.count >= 60, packet[0] >> 4 == 6, packet[6] == 6 else { return false }
    let payloadLength = Int(packet.uint16(at: 4))
    guard payloadLength >= 20 else { return false }
    source = packet.ipv6Address(at: 8)
    destination = packet.ipv6Address(at: 24)
    identification = 0
    return decode(
      packet.extracting(40..<min(payloadLength &+ 40, packet.count)), at: base &+ 40, wireLength: payloadLength) == nil
  }
}
