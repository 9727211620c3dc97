/// A layer of headers at which decoding can stop.
public enum Layer: UInt8, Hashable, Sendable, CaseIterable {
  case link
  case ethernet, llc, vlan, providerBackbone, macsec, hsr, vnTag, eTag, trustSec, trill, fabricPath, isl
  case linuxCooked, loopback, raw, ppp, ciscoHDLC, pppoe, frameRelay, atm, fddi, tokenRing
  case radio, wlan, nflog, pktap, ipnet, ipoib
  case mpls, nsh
  case gre, erspan, etherIP, vxlan, geneve, gtp, l2tp, teredo, ayiya, lisp, tzsp
  case ipv4, ipv6, authenticationHeader, fragment, udp, tcp

  public var name: String {
    switch self {
    case .link: "link"
    case .ethernet: "Ethernet"
    case .llc: "LLC"
    case .vlan: "VLAN"
    case .providerBackbone: "802.1ah"
    case .macsec: "MACsec"
    case .hsr: "HSR"
    case .vnTag: "VN-Tag"
    case .eTag: "E-Tag"
    case .trustSec: "TrustSec"
    case .trill: "TRILL"
    case .fabricPath: "FabricPath"
    case .isl: "ISL"
    case .linuxCooked: "Linux cooked"
    case .loopback: "loopback"
    case .raw: "raw IP"
    case .ppp: "PPP"
    case .ciscoHDLC: "Cisco HDLC"
    case .pppoe: "PPPoE"
    case .frameRelay: "Frame Relay"
    case .atm: "ATM"
    case .fddi: "FDDI"
    case .tokenRing: "Token Ring"
    case .radio: "802.11 radio header"
    case .wlan: "802.11"
    case .nflog: "netfilter log"
    case .pktap: "PKTAP"
    case .ipnet: "ipnet"
    case .ipoib: "IPoIB"
    case .mpls: "MPLS"
    case .nsh: "NSH"
    case .gre: "GRE"
    case .erspan: "ERSPAN"
    case .etherIP: "EtherIP"
    case .vxlan: "VXLAN"
    case .geneve: "Geneve"
    case .gtp: "GTP-U"
    case .l2tp: "L2TP"
    case .teredo: "Teredo"
    case .ayiya: "AYIYA"
    case .lisp: "LISP"
    case .tzsp: "TZSP"
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    case .authenticationHeader: "AH"
    case .fragment: "IP fragment"
    case .udp: "UDP"
    case .tcp: "TCP"
    }
  }
}
