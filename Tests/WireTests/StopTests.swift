import TestSupport
import Testing

@testable import Wire

private typealias Build = PacketBuilder

struct StopTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var link = LinkType.ethernet
    var frame: [UInt8]
    var layer: Layer
    var reason: String
    var kind: DecodingStop.Kind

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "nothing", frame: [], layer: .ethernet, reason: "too short for its header", kind: .undecodable),
    Case(name: "ARP", frame: Build.ethernet(0x0806, [0, 1]), layer: .ethernet, reason: "ARP", kind: .notIP),
    Case(
      name: "ARP in a VLAN", frame: Build.ethernet(0x8100, [0, 5, 8, 6]), layer: .vlan, reason: "ARP", kind: .notIP),
    Case(
      name: "unknown type", frame: Build.ethernet(0x88B7, [0, 1]), layer: .ethernet, reason: "EtherType 0x88b7",
      kind: .notIP),
    Case(
      name: "spanning tree", frame: Build.macs + [0, 3, 0x42, 0x42, 3], layer: .llc, reason: "STP", kind: .notIP),
    Case(
      name: "an unknown service", frame: Build.macs + [0, 3, 0x10, 0x10, 3], layer: .llc, reason: "LLC SAP 0x0010",
      kind: .notIP),
    Case(
      name: "CDP", frame: Build.macs + [0, 8, 0xAA, 0xAA, 3, 0, 0, 0x0C, 0x20, 0], layer: .llc, reason: "CDP",
      kind: .notIP),
    Case(
      name: "unknown link type", link: LinkType(rawValue: 147), frame: [1, 2, 3], layer: .link,
      reason: "unsupported link type 147", kind: .undecodable),
    Case(
      name: "AppleTalk on loopback", link: .null, frame: Build.le32(16), layer: .loopback,
      reason: "address family 16", kind: .notIP),
    Case(
      name: "netlink", link: .linuxSLL, frame: [0, 0, 3, 0x38] + [UInt8](repeating: 0, count: 12),
      layer: .linuxCooked, reason: "hardware type 824", kind: .notIP),
    Case(name: "not IP in RAW", link: .raw, frame: [0x20], layer: .raw, reason: "wrong version", kind: .undecodable),
    Case(
      name: "a beacon", link: .wlan, frame: [0x80, 0] + [UInt8](repeating: 0, count: 30), layer: .wlan,
      reason: "control frame", kind: .notIP),
    Case(
      name: "a protected frame", link: .wlan, frame: [0x08, 0x41] + [UInt8](repeating: 0, count: 40), layer: .wlan,
      reason: "encrypted", kind: .undecodable),
    Case(
      name: "an 802.11 fragment", link: .wlan, frame: [0x08, 0x05] + [UInt8](repeating: 0, count: 40), layer: .wlan,
      reason: "link-layer fragment", kind: .undecodable),
    Case(
      name: "MACsec", frame: Build.ethernet(0x88E5, [0x2C] + [UInt8](repeating: 0, count: 40)), layer: .macsec,
      reason: "encrypted", kind: .undecodable),
    Case(
      name: "PPPoE discovery", frame: Build.ethernet(0x8863, [0x11, 9]), layer: .ethernet, reason: "PPPoE discovery",
      kind: .notIP),
    Case(
      name: "LCP", frame: Build.ethernet(0x8864, [0x11, 0, 0, 1, 0, 4, 0xC0, 0x21, 1, 1]), layer: .ppp,
      reason: "LCP", kind: .notIP),
    Case(
      name: "unknown PPP", link: .ppp, frame: [0xFF, 3, 0x40, 0x04], layer: .ppp, reason: "PPP protocol 0x4004",
      kind: .notIP),
    Case(name: "UDP", frame: Build.ethernet(udp(53, [1, 2])), layer: .ipv4, reason: "UDP", kind: .notTCP),
    Case(
      name: "UDP over IPv6", frame: Build.ethernet(Build.ipv6(17, Build.udp(from: 1, to: 2, []))), layer: .ipv6,
      reason: "UDP", kind: .notTCP),
    Case(
      name: "UDP without a header", frame: Build.ethernet(Build.ipv4(17, [1, 2])), layer: .udp,
      reason: "too short for its header", kind: .undecodable),
    Case(name: "ICMP", frame: Build.ethernet(Build.ipv4(1, [8, 0])), layer: .ipv4, reason: "ICMP", kind: .notTCP),
    Case(
      name: "TCP quoted in ICMP", frame: Build.ethernet(Build.ipv4(1, [3, 1, 0, 0, 0, 0, 0, 0] + TCPFrame().packet)),
      layer: .ipv4, reason: "ICMP", kind: .notTCP),
    Case(
      name: "TCP quoted in ICMPv6",
      frame: Build.ethernet(Build.ipv6(58, [1, 0, 0, 0, 0, 0, 0, 0] + TCPFrame(v6: true).packet)), layer: .ipv6,
      reason: "ICMPv6", kind: .notTCP),
    Case(name: "ESP", frame: Build.ethernet(Build.ipv6(50, [1, 2])), layer: .ipv6, reason: "ESP", kind: .notTCP),
    Case(
      name: "an unknown protocol", frame: Build.ethernet(Build.ipv4(253, [1])), layer: .ipv4,
      reason: "IP protocol 253", kind: .notTCP),
    Case(
      name: "no next header", frame: Build.ethernet(Build.ipv6(59, [])), layer: .ipv6, reason: "no next header",
      kind: .notTCP),
    Case(
      name: "hop-by-hop options in IPv4", frame: Build.ethernet(Build.ipv4(0, [6, 0, 0, 0, 0, 0, 0, 0])),
      layer: .ipv4, reason: "IP protocol 0", kind: .notTCP),
    Case(
      name: "ARP in VXLAN",
      frame: Build.ethernet(udp(4789, [8, 0, 0, 0, 0, 0, 5, 0] + Build.ethernet(0x0806, [0, 1]))), layer: .ethernet,
      reason: "ARP", kind: .notTCP),
    Case(
      name: "GTP-U echo", frame: Build.ethernet(udp(2152, [0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0])), layer: .gtp,
      reason: "control frame", kind: .notTCP),
    Case(
      name: "L2TP control", frame: Build.ethernet(udp(1701, [0xC8, 2, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0])),
      layer: .l2tp, reason: "control frame", kind: .notTCP),
    Case(
      name: "PPTP acknowledgment",
      frame: Build.ethernet(Build.ipv4(47, [0x20, 0x81, 0x88, 0x0B, 0, 0, 0, 7, 0, 0, 0, 1])),
      layer: .gre, reason: "control frame", kind: .notTCP),
    Case(
      name: "GRE keep-alive", frame: Build.ethernet(Build.ipv4(47, [0, 0, 0, 0])), layer: .gre,
      reason: "EtherType 0x0000", kind: .notTCP),
    Case(
      name: "MPLS associated channel", frame: Build.ethernet(0x8847, [0, 1, 0xF1, 64, 0x10, 0, 0, 7] + [1, 2, 3, 4]),
      layer: .mpls, reason: "control frame", kind: .notIP),
    Case(
      name: "NSH of a kind unknown", frame: Build.ethernet(0x894F, [0x0F, 0xC2, 2, 9, 0, 0, 1, 0xFF]), layer: .nsh,
      reason: "tunnel payload 9", kind: .notIP),
    Case(
      name: "IPv4 of a wrong version", frame: Build.ethernet(0x0800, [0x65] + [UInt8](repeating: 0, count: 39)),
      layer: .ipv4, reason: "wrong version", kind: .undecodable),
    Case(
      name: "IPv4 header of 16 octets", frame: Build.ethernet(0x0800, [0x44] + TCPFrame().packet.dropFirst()),
      layer: .ipv4, reason: "bad header length", kind: .undecodable),
    Case(
      name: "IPv4 options not there",
      frame: Build.ethernet(0x0800, [0x4F, 0, 0, 60] + [UInt8](repeating: 0, count: 16)),
      layer: .ipv4, reason: "header cut short by the capture", kind: .undecodable),
    Case(
      name: "IPv4 shorter than its header",
      frame: Build.ethernet(0x0800, [0x45, 0, 0, 19] + TCPFrame().packet.dropFirst(4)), layer: .ipv4,
      reason: "bad total length", kind: .undecodable),
    Case(
      name: "IPv6 of a wrong version", frame: Build.ethernet(0x86DD, TCPFrame().packet), layer: .ipv6,
      reason: "wrong version", kind: .undecodable),
    Case(
      name: "an extension header beyond the packet", frame: Build.ethernet(Build.ipv6(60, [6, 4, 0, 0, 0, 0, 0, 0])),
      layer: .ipv6, reason: "too short for its header", kind: .undecodable),
    Case(
      name: "labels without end", frame: Build.ethernet(0x8847, [UInt8](repeating: 0, count: 400)), layer: .mpls,
      reason: "too many layers", kind: .undecodable),
    Case(
      name: "tags without end", frame: Build.ethernet(0x8100, repeated([0, 1, 0x81, 0], 200)), layer: .vlan,
      reason: "too many layers", kind: .undecodable),
    Case(
      name: "IP in IP without end", frame: Build.ethernet(nested(100)), layer: .ipv4, reason: "too many layers",
      kind: .undecodable),
    Case(
      name: "TCP of 19 octets", frame: Build.ethernet(Build.ipv4(6, Array(TCPFrame().segment.prefix(19)))),
      layer: .tcp, reason: "too short for its header", kind: .undecodable),
    Case(
      name: "TCP header of 16 octets", frame: tcp(offset: 4, payload: 20), layer: .tcp, reason: "bad header length",
      kind: .undecodable),
    Case(
      name: "TCP header beyond the datagram", frame: tcp(offset: 6, payload: 3), layer: .tcp,
      reason: "bad header length", kind: .undecodable),
  ]

  @Test(arguments: cases)
  func `stops say where and why`(_ expected: Case) throws {
    let stop = try #require(decode(expected.frame, expected.link).stop)
    #expect(stop.layer == expected.layer)
    #expect(stop.layerName == expected.layer.name)
    #expect(stop.reasonName == expected.reason)
    #expect(stop.kind == expected.kind)
  }

  /// A port alone is no tunnel.
  @Test(arguments: [4789, 8472, 4790, 6081, 2152, 1701, 3544, 5072, 4754, 6635, 4341, 37008])
  func `ordinary UDP on a tunnel's port is UDP`(_ port: Int) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    var misread = 0
    var errors = 0
    for _ in 0..<2000 {
      let payload = random.octets(Int.random(in: 0...120, using: &random))
      let decoded = decode(Build.ethernet(udp(port, payload)))
      #expect(!decoded.hasSegment, "seed \(seed)")
      // What passes for a header of the tunnel may carry any type, or be cut short, but is no error of the packet; one
      // random payload in many thousands passes for an IP header too.
      if let stop = decoded.stop, stop.kind != .notTCP, stop.reason != .tooManyLayers { errors += 1 }
      if decoded.stop?.layer != .ipv4 { misread += 1 }
    }
    #expect(misread < 300, "seed \(seed)")
    #expect(errors < 10, "seed \(seed)")
    let text = Array("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe".utf8)
    #expect(decode(Build.ethernet(udp(port, text))).stop?.reasonName == "UDP")
  }

  @Test func `every layer and reason has its own name`() {
    #expect(Set(Layer.allCases.map(\.name)).count == Layer.allCases.count)
    #expect(Set(StopReason.allCases.map(\.name)).count == StopReason.allCases.count)
  }

  @Test func `a stop without its number is the same for all numbers`() {
    let one = DecodingStop(layer: .ethernet, reason: .etherType, detail: 1)
    let other = DecodingStop(layer: .ethernet, reason: .etherType, detail: 2)
    #expect(one != other)
    #expect(one.withoutDetail == other.withoutDetail)
  }

  private static func udp(_ port: Int, _ payload: [UInt8]) -> [UInt8] {
    Build.ipv4(17, Build.udp(from: 50000, to: port, payload))
  }

  private func udp(_ port: Int, _ payload: [UInt8]) -> [UInt8] { Self.udp(port, payload) }

  private static func tcp(offset: UInt8, payload: Int) -> [UInt8] {
    var segment = TCPFrame(v6: false, payload: [UInt8](repeating: 1, count: payload)).segment
    segment[12] = offset << 4
    return Build.ethernet(Build.ipv4(6, segment))
  }

  private static func nested(_ depth: Int) -> [UInt8] {
    (0..<depth).reduce(TCPFrame().packet) { packet, _ in Build.ipv4(4, packet) }
  }

  private static func repeated(_ octets: [UInt8], _ count: Int) -> [UInt8] {
    [[UInt8]](repeating: octets, count: count).flatMap { $0 }
  }
}
