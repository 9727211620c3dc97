/// A link-layer header type, as capture files number them (the LINKTYPE_ values of the tcpdump group).
public struct LinkType: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt32

  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

extension LinkType {
  public static let null = LinkType(0)
  public static let ethernet = LinkType(1)
  public static let tokenRing = LinkType(6)
  /// SLIP with the 16 octets that BSD puts before each packet.
  public static let slip = LinkType(8)
  public static let ppp = LinkType(9)
  public static let fddi = LinkType(10)
  /// What the systems' own number for raw IP is (DLT_RAW), found in files of programs that did not translate it.
  public static let rawBSD = LinkType(12)
  public static let rawOpenBSD = LinkType(14)
  /// Classical IP over ATM under the number that Linux gives it.
  public static let atmCLIPLinux = LinkType(19)
  public static let pppHDLC = LinkType(50)
  public static let pppEther = LinkType(51)
  public static let atmRFC1483 = LinkType(100)
  public static let raw = LinkType(101)
  public static let ciscoHDLC = LinkType(104)
  public static let wlan = LinkType(105)
  public static let atmCLIP = LinkType(106)
  public static let frameRelay = LinkType(107)
  public static let loop = LinkType(108)
  public static let enc = LinkType(109)
  public static let linuxSLL = LinkType(113)
  public static let pflog = LinkType(117)
  public static let prism = LinkType(119)
  public static let sunATM = LinkType(123)
  public static let radiotap = LinkType(127)
  /// PKTAP before it had a number of its own: the second of those for private use.
  public static let user2 = LinkType(149)
  public static let avs = LinkType(163)
  public static let pppd = LinkType(166)
  public static let ppi = LinkType(192)
  public static let pppWithDirection = LinkType(204)
  public static let ciscoHDLCWithDirection = LinkType(205)
  public static let frameRelayWithDirection = LinkType(206)
  public static let mpls = LinkType(219)
  public static let ipnet = LinkType(226)
  public static let ipv4 = LinkType(228)
  public static let ipv6 = LinkType(229)
  public static let nflog = LinkType(239)
  public static let netAnalyzer = LinkType(240)
  public static let netAnalyzerTransparent = LinkType(241)
  public static let ipoib = LinkType(242)
  public static let pktap = LinkType(258)
  public static let mPacket = LinkType(274)
  public static let linuxSLL2 = LinkType(276)
  public static let brcmTag = LinkType(281)
  public static let brcmTagPrepended = LinkType(282)
  public static let dsa = LinkType(284)
  public static let edsa = LinkType(285)
}

extension LinkType {
  /// What an engineer calls it; `link type 147` for those without a name here.
  public var name: String {
    switch self {
    case .null: "BSD loopback"
    case .ethernet: "Ethernet"
    case .tokenRing: "Token Ring"
    case .slip: "SLIP"
    case .ppp: "PPP"
    case .fddi: "FDDI"
    case .rawBSD, .rawOpenBSD, .raw: "raw IP"
    case .pppHDLC: "PPP over HDLC"
    case .pppEther: "PPPoE"
    case .atmRFC1483: "ATM (RFC 1483)"
    case .ciscoHDLC, .ciscoHDLCWithDirection: "Cisco HDLC"
    case .wlan: "802.11"
    case .atmCLIP, .atmCLIPLinux: "classical IP over ATM"
    case .frameRelay, .frameRelayWithDirection: "Frame Relay"
    case .loop: "OpenBSD loopback"
    case .enc: "OpenBSD enc"
    case .linuxSLL: "Linux cooked v1"
    case .pflog: "OpenBSD pflog"
    case .prism: "802.11 with Prism header"
    case .sunATM: "SunATM"
    case .radiotap: "802.11 with radiotap"
    case .avs: "802.11 with AVS header"
    case .pppd: "PPP of pppd"
    case .ppi: "PPI"
    case .pppWithDirection: "PPP with direction"
    case .mpls: "MPLS"
    case .ipnet: "Solaris ipnet"
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    case .nflog: "Linux netfilter log"
    case .netAnalyzer, .netAnalyzerTransparent: "netANALYZER"
    case .ipoib: "IP over InfiniBand"
    case .pktap: "Apple PKTAP"
    case .mPacket: "Ethernet mPacket"
    case .linuxSLL2: "Linux cooked v2"
    case .brcmTag, .brcmTagPrepended: "Ethernet with Broadcom tag"
    case .dsa: "Ethernet with DSA tag"
    case .edsa: "Ethernet with EDSA tag"
    default: "link type \(rawValue)"
    }
  }
}
