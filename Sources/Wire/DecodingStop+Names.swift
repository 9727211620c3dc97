extension DecodingStop {
  /// Names from the IEEE's registry of EtherTypes.
  static func etherTypeName(_ type: UInt16) -> String? {
    switch type {
    case 0x0806: "ARP"
    case 0x0842: "Wake-on-LAN"
    case 0x2000: "CDP"
    case 0x2001: "NHRP"
    case 0x2003: "VTP"
    case 0x2004: "DTP"
    case 0x22EA: "SRP"
    case 0x22F0: "AVTP"
    case 0x6002...0x6007: "DECnet"
    case 0x8035: "RARP"
    case 0x809B, 0x80F3: "AppleTalk"
    case 0x8137, 0x8138: "IPX"
    case 0x8808: "Ethernet flow control"
    case 0x8809: "slow protocols (LACP)"
    case 0x8863: "PPPoE discovery"
    case 0x888E: "EAPOL"
    case 0x8892: "PROFINET"
    case 0x88A2: "ATA over Ethernet"
    case 0x88A4: "EtherCAT"
    case 0x88B8: "GOOSE"
    case 0x88BA: "sampled values"
    case 0x88CC: "LLDP"
    case 0x88E1: "HomePlug"
    case 0x88E3: "MRP"
    case 0x88F5: "MVRP"
    case 0x88F7: "PTP"
    case 0x88FB: "PRP"
    case 0x8902: "CFM"
    case 0x8906: "FCoE"
    case 0x890D: "802.11 data encapsulation"
    case 0x8914: "FIP"
    case 0x8915: "RoCE"
    case 0x9000: "loopback test"
    default: nil
    }
  }

  /// Names from IANA's registry of protocol numbers.
  static func ipProtocolName(_ number: UInt16) -> String? {
    switch number {
    case 1: "ICMP"
    case 2: "IGMP"
    case 8: "EGP"
    case 9: "IGP"
    case 17: "UDP"
    case 33: "DCCP"
    case 46: "RSVP"
    case 50: "ESP"
    case 54: "NARP"
    case 55: "minimal encapsulation"
    case 58: "ICMPv6"
    case 59: "no next header"
    case 88: "EIGRP"
    case 89: "OSPF"
    case 103: "PIM"
    case 108: "IPComp"
    case 112: "VRRP"
    case 124: "IS-IS"
    case 132: "SCTP"
    case 136: "UDP-Lite"
    default: nil
    }
  }

  /// The destination service access points of IEEE 802.2.
  static func llcServiceName(_ point: UInt16) -> String? {
    switch point {
    case 0x04, 0x05: "SNA"
    case 0x42: "STP"
    case 0x7E: "X.25"
    case 0xE0, 0xFF: "IPX"
    case 0xF0: "NetBEUI"
    case 0xFE: "OSI"
    default: nil
    }
  }

  /// Names from IANA's registry of PPP protocols.
  static func pppProtocolName(_ number: UInt16) -> String? {
    switch number {
    case 0x002B: "IPX"
    case 0x002D, 0x002F: "Van Jacobson compression"
    case 0x003D: "multilink PPP"
    case 0x0053: "PPP encryption"
    case 0x00FD: "PPP compression"
    case 0x8021: "IPCP"
    case 0x8057: "IPV6CP"
    case 0x80FD: "CCP"
    case 0xC021: "LCP"
    case 0xC023: "PAP"
    case 0xC025: "LQR"
    case 0xC223: "CHAP"
    case 0xC227: "EAP"
    default: nil
    }
  }
}
