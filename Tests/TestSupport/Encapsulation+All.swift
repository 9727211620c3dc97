import Wire

private typealias Build = PacketBuilder

extension Encapsulation {
  public static let all: [Encapsulation] = links + tags + wireless + tunnels + udpTunnels

  /// Link types.
  public static let links: [Encapsulation] = [
    Encapsulation("Ethernet") { Build.ethernet($0) },
    Encapsulation("Ethernet, padded") { Build.ethernet($0, padded: true) },
    Encapsulation("Linux cooked", .linuxSLL) { [0, 0, 0, 1, 0, 6] + cookedAddress + type($0) + $0 },
    Encapsulation("Linux cooked v2", .linuxSLL2) { type($0) + [0, 0, 0, 0, 0, 2, 0, 1, 4, 6] + cookedAddress + $0 },
    Encapsulation("Linux cooked, LLC", .linuxSLL) { [0, 0, 0, 1, 0, 6] + cookedAddress + [0, 4] + snap($0) },
    Encapsulation("Linux cooked, VLAN", .linuxSLL) {
      [0, 0, 0, 1, 0, 6] + cookedAddress + [0x81, 0, 0, 5] + type($0) + $0
    },
    Encapsulation("Linux cooked, tunnel", .linuxSLL) { [0, 0, 3, 0x0A, 0, 6] + cookedAddress + type($0) + $0 },
    Encapsulation("Linux cooked, radiotap", .linuxSLL) {
      [0, 0, 3, 0x23, 0, 6] + cookedAddress + [0, 4, 0, 0, 8, 0, 0, 0, 0, 0] + wlanHeader + snap($0)
    },
    Encapsulation("NULL, little-endian", .null) { Build.le32($0.first.map { $0 >> 4 } == 6 ? 30 : 2) + $0 },
    Encapsulation("NULL, big-endian", .null) { Build.be32($0.first.map { $0 >> 4 } == 6 ? 24 : 2) + $0 },
    Encapsulation("NULL of FreeBSD", .null) { Build.le32($0.first.map { $0 >> 4 } == 6 ? 28 : 2) + $0 },
    Encapsulation("NULL of Linux", .null) { Build.le32($0.first.map { $0 >> 4 } == 6 ? 10 : 2) + $0 },
    Encapsulation("LOOP", .loop) { Build.be32($0.first.map { $0 >> 4 } == 6 ? 24 : 2) + $0 },
    Encapsulation("RAW", .raw) { $0 },
    Encapsulation("RAW as 12", .rawBSD) { $0 },
    Encapsulation("RAW as 14", .rawOpenBSD) { $0 },
    Encapsulation("PPP", .ppp) { [0xFF, 0x03] + pppProtocol($0) + $0 },
    Encapsulation("PPP, compressed", .ppp) { [pppProtocol($0)[1]] + $0 },
    Encapsulation("PPP, bridged", .ppp) { [0xFF, 0x03, 0, 0x31, 0, 1] + Build.ethernet($0) },
    Encapsulation("PPP over HDLC", .pppHDLC) { [0xFF, 0x03] + pppProtocol($0) + $0 },
    Encapsulation("PPP_HDLC with Cisco HDLC", .pppHDLC) { [0x0F, 0] + type($0) + $0 },
    Encapsulation("PPP of pppd", .pppd) { [1, 0x03] + pppProtocol($0) + $0 },
    Encapsulation("PPP with direction", .pppWithDirection) { [0, 0xFF, 0x03] + pppProtocol($0) + $0 },
    Encapsulation("PPPoE link", .pppEther) { pppoe($0) },
    Encapsulation("Cisco HDLC", .ciscoHDLC) { [0x0F, 0] + type($0) + $0 },
    Encapsulation("Cisco HDLC, OSI", .ciscoHDLC) { [0x0F, 0, 0xFE, 0xFE, 0x03, nlpid($0)] + $0 },
    Encapsulation("Cisco HDLC with direction", .ciscoHDLCWithDirection) { [1, 0x0F, 0] + type($0) + $0 },
    Encapsulation("Frame Relay, IETF", .frameRelay) { [0x18, 0x41, 0x03, nlpid($0)] + $0 },
    Encapsulation("Frame Relay, IETF, SNAP", .frameRelay) { [0x18, 0x41, 0x03, 0, 0x80, 0, 0, 0] + type($0) + $0 },
    Encapsulation("Frame Relay, bridged", .frameRelay) {
      [0x18, 0x41, 0x03, 0, 0x80, 0, 0x80, 0xC2, 0, 7] + Build.ethernet($0)
    },
    Encapsulation("Frame Relay, Cisco", .frameRelay) { [0x18, 0x41] + type($0) + $0 },
    Encapsulation("Frame Relay, long address", .frameRelay) { [0x18, 0x40, 0, 0x03, 0x03, nlpid($0)] + $0 },
    Encapsulation("Frame Relay with direction", .frameRelayWithDirection) { [0, 0x18, 0x41] + type($0) + $0 },
    Encapsulation("SLIP", .slip) { [1] + [UInt8](repeating: 0, count: 15) + $0 },
    Encapsulation("FDDI", .fddi) { [0x50] + Build.macs + snap($0) },
    Encapsulation("Token Ring", .tokenRing) { [0x10, 0x40] + Build.macs + snap($0) },
    Encapsulation("Token Ring, routed", .tokenRing) {
      [0x10, 0x40] + Build.macs.prefix(6) + [0x82, 0, 0, 0, 0, 1, 0x06, 0x30, 0, 0x11, 0, 0x20] + snap($0)
    },
    Encapsulation("ATM, RFC 1483", .atmRFC1483) { snap($0) },
    Encapsulation("ATM, bridged", .atmRFC1483) { [0xAA, 0xAA, 3, 0, 0x80, 0xC2, 0, 7, 0, 0] + Build.ethernet($0) },
    Encapsulation("ATM, classical IP", .atmCLIP) { snap($0) },
    Encapsulation("ATM, classical IP without LLC", .atmCLIP) { $0 },
    Encapsulation("SunATM, LLC", .sunATM) { [0x02, 0, 0, 5] + snap($0) },
    Encapsulation("SunATM, LAN emulation", .sunATM) { [0x01, 0, 0, 5, 0, 1] + Build.ethernet($0) },
    Encapsulation("NFLOG", .nflog) {
      [2, 0, 0, 5, 8, 0, 1, 0, 0x08, 0, 1, 0, 5, 0, 10, 0, 0x78, 0, 0, 0] + Build.le16($0.count + 4) + [9, 0] + $0
    },
    Encapsulation("NFLOG, big-endian", .nflog) {
      [2, 0, 0, 5, 0, 8, 0, 1, 0x08, 0, 1, 0, 0, 5, 0, 10, 0x78, 0, 0, 0] + Build.be16($0.count + 4) + [0, 9] + $0
    },
    Encapsulation("PKTAP, Ethernet", .pktap) { pktap(1, Build.ethernet($0)) },
    Encapsulation("PKTAP, NULL, old number", .user2) {
      pktap(0, Build.le32($0.first.map { $0 >> 4 } == 6 ? 30 : 2) + $0)
    },
    Encapsulation("PKTAP, RAW of Darwin", .pktap) { pktap(12, $0) },
    Encapsulation("IPNET", .ipnet) { [1, 2] + [UInt8](repeating: 0, count: 22) + $0 },
    Encapsulation("IPoIB", .ipoib) { [UInt8](repeating: 0, count: 40) + type($0) + [0, 0] + $0 },
    Encapsulation("enc", .enc) { Build.be32(2) + [UInt8](repeating: 0, count: 8) + $0 },
    Encapsulation("pflog", .pflog) { [61] + [UInt8](repeating: 0, count: 63) + $0 },
    Encapsulation("netANALYZER", .netAnalyzer) { [0, 0, 0, 0] + Build.ethernet($0) + [1, 2, 3, 4] },
    Encapsulation("netANALYZER, transparent", .netAnalyzerTransparent) {
      [UInt8](repeating: 0, count: 4) + [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xD5] + Build.ethernet($0)
    },
    Encapsulation("mPacket", .mPacket) { [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xD5] + Build.ethernet($0) },
    Encapsulation("MPLS link", .mpls) { [0, 0x01, 0xF1, 64] + $0 },
  ]

  /// Tags and headers on Ethernet.
  public static let tags: [Encapsulation] = [
    Encapsulation("802.1Q") { Build.ethernet(0x8100, [0, 5] + type($0) + $0) },
    Encapsulation("QinQ") { Build.ethernet(0x88A8, [0, 5, 0x81, 0, 0, 6] + type($0) + $0) },
    Encapsulation("QinQ, old") { Build.ethernet(0x9100, [0, 5, 0x81, 0, 0, 6] + type($0) + $0) },
    Encapsulation("QinQ, older") { Build.ethernet(0x9200, [0, 5, 0x81, 0, 0, 6] + type($0) + $0) },
    Encapsulation("five tags") { Build.ethernet(0x8100, repeated([0, 5, 0x81, 0], 4) + [0, 6] + type($0) + $0) },
    Encapsulation("802.3 and SNAP") { Build.macs + Build.be16($0.count + 8) + snap($0) },
    Encapsulation("802.3 and SNAP, padded") { Build.macs + Build.be16($0.count + 8) + snap($0) + [0, 0, 0, 0, 0] },
    Encapsulation("802.1Q, 802.3 and SNAP") {
      Build.ethernet(0x8100, [0, 5] + Build.be16($0.count + 8) + snap($0))
    },
    Encapsulation("jumbo LLC") { Build.ethernet(0x8870, snap($0)) },
    Encapsulation("802.3, OSI") { Build.macs + Build.be16($0.count + 4) + [0xFE, 0xFE, 0x03, nlpid($0)] + $0 },
    Encapsulation("802.1ah") { Build.ethernet(0x88A8, [0, 5, 0x88, 0xE7, 0, 0, 1, 0] + Build.ethernet($0)) },
    Encapsulation("MACsec in the clear") {
      Build.ethernet(0x88E5, [0x20, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 0, 1] + type($0) + $0 + repeated([9], 16))
    },
    Encapsulation("MACsec without SCI") {
      Build.ethernet(0x88E5, [0, 0, 0, 0, 0, 1] + type($0) + $0 + repeated([9], 16))
    },
    Encapsulation("HSR") { Build.ethernet(0x892F, [0x10, 0x40, 0, 1] + type($0) + $0) },
    Encapsulation("VN-Tag") { Build.ethernet(0x8926, [0x80, 1, 0, 2] + type($0) + $0) },
    Encapsulation("E-Tag") { Build.ethernet(0x893F, [0, 1, 0x10, 2, 0, 0] + type($0) + $0) },
    Encapsulation("TrustSec") { Build.ethernet(0x8909, [1, 1, 0, 1, 0, 7] + type($0) + $0) },
    Encapsulation("TRILL") { Build.ethernet(0x22F3, [0, 0x40, 0, 1, 0, 2, 1, 2, 3, 4] + Build.ethernet($0)) },
    Encapsulation("FabricPath") { Build.ethernet(0x8903, [0, 0x20] + Build.ethernet($0)) },
    Encapsulation("ISL") {
      let frame = Build.ethernet($0) + [1, 2, 3, 4]
      return [1, 0, 0x0C, 0, 0, 0, 2, 0, 0, 0, 0, 1] + Build.be16(frame.count + 12)
        + [0xAA, 0xAA, 3, 0, 0, 0x0C, 0, 3, 0, 0, 0, 0] + frame + [5, 6, 7, 8]
    },
    Encapsulation("DSA", .dsa) { Build.macs + [0xC0, 0, 0, 1] + type($0) + $0 },
    Encapsulation("EDSA", .edsa) { Build.macs + [0xDA, 0xDA, 0, 0, 0xC0, 0, 0, 1] + type($0) + $0 },
    Encapsulation("Broadcom tag", .brcmTag) { Build.macs + [0x20, 0, 0, 1] + type($0) + $0 },
    Encapsulation("Broadcom tag, before", .brcmTagPrepended) { [0x20, 0, 0, 1] + Build.ethernet($0) },
    Encapsulation("PPPoE") { Build.ethernet(0x8864, pppoe($0)) },
    Encapsulation("PPPoE, padded") { Build.ethernet(0x8864, pppoe($0), padded: true) },
    Encapsulation("MPLS") { Build.ethernet(0x8847, [0, 0x01, 0xF1, 64] + $0) },
    Encapsulation("MPLS, three labels") {
      Build.ethernet(0x8847, [0, 0x01, 0xF0, 64, 0, 0x02, 0xF0, 64, 0, 0x03, 0xF1, 64] + $0)
    },
    Encapsulation("MPLS pseudo-wire with control word") {
      Build.ethernet(0x8847, [0, 0x01, 0xF1, 64, 0, 0, 0, 0] + Build.ethernet($0))
    },
    Encapsulation("MPLS pseudo-wire without") { Build.ethernet(0x8847, [0, 0x01, 0xF1, 64] + Build.ethernet($0)) },
    Encapsulation("NSH") {
      let isV6 = $0.first.map { $0 >> 4 } == 6
      return Build.ethernet(0x894F, [0x0F, 0xC2, 2, isV6 ? 2 : 1, 0, 0, 1, 0xFF] + $0)
    },
    Encapsulation("NSH with context, Ethernet") {
      Build.ethernet(0x894F, [0x0F, 0xC6, 1, 3, 0, 0, 1, 0xFF] + repeated([7], 16) + Build.ethernet($0))
    },
  ]

  /// IEEE 802.11 and radio headers.
  public static let wireless: [Encapsulation] = [
    Encapsulation("802.11", .wlan) { wlanHeader + snap($0) },
    Encapsulation("802.11 QoS", .wlan) { [0x88] + wlanHeader.dropFirst() + [0, 0] + snap($0) },
    Encapsulation("802.11 QoS, HT control", .wlan) {
      [0x88, 0x81] + wlanHeader.dropFirst(2) + [0, 0, 1, 2, 3, 4] + snap($0)
    },
    Encapsulation("802.11, four addresses", .wlan) {
      [0x08, 0x03] + wlanHeader.dropFirst(2) + repeated([2], 6) + snap($0)
    },
    Encapsulation("802.11 A-MSDU", .wlan) {
      [0x88] + wlanHeader.dropFirst() + [0x80, 0] + Build.macs + Build.be16($0.count + 8) + snap($0) + [0, 0, 0]
    },
    Encapsulation("radiotap", .radiotap) { [0, 0, 8, 0, 0, 0, 0, 0] + wlanHeader + snap($0) },
    Encapsulation("radiotap, time, flags, check sequence", .radiotap) {
      [0, 0, 17, 0, 3, 0, 0, 0] + repeated([1], 8) + [0x10] + wlanHeader + snap($0) + [1, 2, 3, 4]
    },
    Encapsulation("radiotap, two words, padding", .radiotap) {
      [0, 0, 13, 0, 2, 0, 0, 0x80, 0, 0, 0, 0, 0x20, 0x88] + wlanHeader.dropFirst() + [0, 0, 0, 0] + snap($0)
    },
    Encapsulation("PPI", .ppi) { [0, 0, 8, 0, 105, 0, 0, 0] + wlanHeader + snap($0) },
    Encapsulation("PPI, check sequence", .ppi) {
      [0, 0, 32, 0, 105, 0, 0, 0, 2, 0, 20, 0] + repeated([0], 8) + [1, 0] + repeated([0], 10) + wlanHeader + snap($0)
        + [1, 2, 3, 4]
    },
    Encapsulation("PPI, Ethernet", .ppi) { [0, 0, 8, 0, 1, 0, 0, 0] + Build.ethernet($0) },
    Encapsulation("AVS", .avs) { [0x80, 0x21, 0x10, 0x01, 0, 0, 0, 64] + repeated([0], 56) + wlanHeader + snap($0) },
    Encapsulation("Prism", .prism) { [0x44, 0, 0, 0, 144, 0, 0, 0] + repeated([0], 136) + wlanHeader + snap($0) },
    Encapsulation("Prism, big-endian", .prism) {
      [0, 0, 0, 0x44, 0, 0, 0, 144] + repeated([0], 136) + wlanHeader + snap($0)
    },
    Encapsulation("AVS as Prism", .prism) {
      [0x80, 0x21, 0x10, 0x01, 0, 0, 0, 64] + repeated([0], 56) + wlanHeader + snap($0)
    },
  ]

  /// Tunnels in IP.
  public static let tunnels: [Encapsulation] = [
    Encapsulation("IP in IPv4") { Build.ethernet(Build.ipv4(Build.protocolNumber(of: $0), $0)) },
    Encapsulation("IP in IPv6") { Build.ethernet(Build.ipv6(Build.protocolNumber(of: $0), $0)) },
    Encapsulation("IPv4 options") {
      var fields = Build.IPv4Options()
      fields.options = [7, 7, 4, 1, 1, 1, 1, 0]
      return Build.ethernet(Build.ipv4(Build.protocolNumber(of: $0), $0, fields))
    },
    Encapsulation("AH in IPv4") { Build.ethernet(Build.ipv4(51, ah(Build.protocolNumber(of: $0)) + $0)) },
    Encapsulation("AH in IPv6") { Build.ethernet(Build.ipv6(51, ah(Build.protocolNumber(of: $0)) + $0)) },
    Encapsulation("IPv6 extension headers") {
      let options = Build.extensionHeader(next: Build.protocolNumber(of: $0), [1, 2, 0, 0], $0)
      let routing = Build.extensionHeader(next: 60, [0, 0, 0, 0, 0, 0], options)
      return Build.ethernet(Build.ipv6(0, Build.extensionHeader(next: 43, repeated([1, 4, 0, 0, 0, 0], 2), routing)))
    },
    Encapsulation("IPv6 mobility header") {
      Build.ethernet(Build.ipv6(135, Build.extensionHeader(next: Build.protocolNumber(of: $0), [0, 0, 0, 0], $0)))
    },
    Encapsulation("IPv6 atomic fragment") {
      Build.ethernet(Build.ipv6(44, [Build.protocolNumber(of: $0), 0, 0, 0, 0, 0, 0, 9] + $0))
    },
    Encapsulation("Ethernet in SRv6") { Build.ethernet(Build.ipv6(143, Build.ethernet($0))) },
    Encapsulation("EtherIP") { Build.ethernet(Build.ipv4(97, [0x30, 0] + Build.ethernet($0))) },
    Encapsulation("MPLS in IP") { Build.ethernet(Build.ipv4(137, [0, 1, 0xF1, 64] + $0)) },
    Encapsulation("L2TPv3 over IP, cookie of 4") {
      Build.ethernet(Build.ipv4(115, [0, 0, 0, 9, 1, 2, 3, 4] + Build.ethernet($0)))
    },
    Encapsulation("L2TPv3 over IP, cookie of 8, sublayer") {
      Build.ethernet(Build.ipv4(115, [0, 0, 0, 9] + repeated([1], 8) + [0, 0, 0, 0] + Build.ethernet($0)))
    },
    Encapsulation("GRE") { gre([0, 0] + type($0) + $0) },
    Encapsulation("GRE over IPv6") { Build.ethernet(Build.ipv6(47, [0, 0] + type($0) + $0)) },
    Encapsulation("GRE, checksum, key, sequence") { gre([0xB0, 0] + type($0) + repeated([0], 12) + $0) },
    Encapsulation("GRE, routing") {
      gre([0x40, 0] + type($0) + [0, 0, 0, 0, 8, 0, 0, 4, 1, 1, 1, 1, 0, 0, 0, 0] + $0)
    },
    Encapsulation("GRE, bridging") { gre([0x20, 0, 0x65, 0x58, 0, 0, 0, 7] + Build.ethernet($0)) },
    Encapsulation("GRE, MPLS") { gre([0, 0, 0x88, 0x47, 0, 1, 0xF1, 64] + $0) },
    Encapsulation("GRE, PPP") { gre([0, 0, 0x88, 0x0B, 0xFF, 3] + pppProtocol($0) + $0) },
    Encapsulation("PPTP") {
      let payload = [0xFF, 3] + pppProtocol($0) + $0
      return gre([0x30, 1, 0x88, 0x0B] + Build.be16(payload.count) + [0, 7, 0, 0, 0, 1] + payload)
    },
    Encapsulation("PPTP, acknowledgment, compressed") {
      let payload = [pppProtocol($0)[1]] + $0
      return gre([0x30, 0x81, 0x88, 0x0B] + Build.be16(payload.count) + [0, 7, 0, 0, 0, 1, 0, 0, 0, 1] + payload)
    },
    Encapsulation("WCCP") { gre([0, 0, 0x88, 0x3E, 0, 1, 0, 0] + $0) },
    Encapsulation("ERSPAN I") { gre([0, 0, 0x88, 0xBE] + Build.ethernet($0)) },
    Encapsulation("ERSPAN II") {
      gre([0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 5, 0, 1, 0, 0, 0, 1] + Build.ethernet($0))
    },
    Encapsulation("ERSPAN III") {
      gre([0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0] + Build.ethernet($0))
    },
    Encapsulation("ERSPAN III, subheader, IP") {
      gre([0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 5, 0, 1, 0, 0, 0, 1, 0, 0, 0x08, 1] + repeated([3], 8) + $0)
    },
  ]

  /// Tunnels in UDP.
  public static let udpTunnels: [Encapsulation] = [
    Encapsulation("VXLAN") { udp(4789, [0x08, 0, 0, 0, 0, 0, 5, 0] + Build.ethernet($0)) },
    Encapsulation("VXLAN of Linux, VLAN inside") {
      udp(8472, [0x08, 0, 0, 0, 0, 0, 5, 0] + Build.ethernet(0x8100, [0, 9] + type($0) + $0))
    },
    Encapsulation("VXLAN, group policy") { udp(4789, [0x88, 0, 0, 7, 0, 0, 5, 0] + Build.ethernet($0)) },
    Encapsulation("VXLAN over IPv6") {
      Build.ethernet(Build.ipv6(17, Build.udp(from: 50000, to: 4789, [8, 0, 0, 0, 0, 0, 5, 0] + Build.ethernet($0))))
    },
    Encapsulation("VXLAN-GPE") {
      let isV6 = $0.first.map { $0 >> 4 } == 6
      return udp(4790, [0x0C, 0, 0, isV6 ? 2 : 1, 0, 0, 5, 0] + $0)
    },
    Encapsulation("VXLAN-GPE, NSH") {
      let isV6 = $0.first.map { $0 >> 4 } == 6
      return udp(4790, [0x0C, 0, 0, 4, 0, 0, 5, 0] + [0x0F, 0xC2, 2, isV6 ? 2 : 1, 0, 0, 1, 0xFF] + $0)
    },
    Encapsulation("Geneve") { udp(6081, [0, 0, 0x65, 0x58, 0, 0, 5, 0] + Build.ethernet($0)) },
    Encapsulation("Geneve, options, IP") {
      udp(6081, [3, 0x40] + type($0) + [0, 0, 5, 0] + [1, 2, 3, 2] + repeated([4], 8) + $0)
    },
    Encapsulation("GTP-U") { udp(2152, [0x30, 255] + Build.be16($0.count) + [0, 0, 0, 9] + $0) },
    Encapsulation("GTP-U, sequence") {
      udp(2152, [0x32, 255] + Build.be16($0.count + 4) + [0, 0, 0, 9, 0, 1, 0, 0] + $0)
    },
    Encapsulation("GTP-U, extension headers") {
      udp(
        2152,
        [0x34, 255] + Build.be16($0.count + 16) + [0, 0, 0, 9, 0, 0, 0, 0x85]
          + [1, 0x10, 9, 0xC0, 2, 1, 2, 3, 4, 5, 6, 0] + $0)
    },
    Encapsulation("GTP-U, answer") {
      Build.ethernet(
        Build.ipv4(17, Build.udp(from: 2152, to: 40000, [0x30, 255] + Build.be16($0.count) + [0, 0, 0, 9] + $0)))
    },
    Encapsulation("L2TP") { udp(1701, [0, 2, 0, 1, 0, 2, 0xFF, 3] + pppProtocol($0) + $0) },
    Encapsulation("L2TP, length, sequence, offset") {
      let payload = pppProtocol($0) + $0
      return udp(
        1701, [0x4A, 2] + Build.be16(payload.count + 16) + [0, 1, 0, 2, 0, 0, 0, 0, 0, 2, 9, 9] + payload)
    },
    Encapsulation("L2TPv3") { udp(1701, [0, 3, 0, 0, 0, 0, 0, 9] + Build.ethernet($0)) },
    Encapsulation("Teredo") { udp(3544, Build.ipv6(Build.protocolNumber(of: $0), $0)) },
    Encapsulation("Teredo, authentication, origin") {
      udp(
        3544,
        [0, 1, 0, 0] + repeated([5], 9) + [0, 0, 1, 2, 3, 4, 5, 6] + Build.ipv6(Build.protocolNumber(of: $0), $0))
    },
    Encapsulation("AYIYA") {
      udp(
        5072,
        [0x42, 0x52, 0x11, 41, 0, 0, 0, 1] + repeated([3], 16) + repeated([4], 20)
          + Build.ipv6(Build.protocolNumber(of: $0), $0))
    },
    Encapsulation("GRE in UDP") { udp(4754, [0x20, 0] + type($0) + [0, 0, 0, 1] + $0) },
    Encapsulation("MPLS in UDP") { udp(6635, [0, 1, 0xF0, 64, 0, 2, 0xF1, 64] + $0) },
    Encapsulation("LISP") { udp(4341, [0x80, 0, 0, 1, 0, 0, 0, 0] + $0) },
    Encapsulation("TZSP") { udp(37008, [1, 0, 0, 1, 10, 1, 0xB0, 0, 13, 2, 1, 2, 1] + Build.ethernet($0)) },
    Encapsulation("VXLAN in GTP-U in QinQ") {
      let frame = [8, 0, 0, 0, 0, 0, 5, 0] + Build.ethernet($0)
      let inner = Build.ipv4(17, Build.udp(from: 50000, to: 4789, frame), from: "10.0.0.1", to: "10.0.0.2")
      let outer = Build.ipv4(
        17, Build.udp(from: 2152, to: 2152, [0x30, 255] + Build.be16(inner.count) + [0, 0, 0, 9] + inner))
      return Build.ethernet(0x88A8, [0, 5, 0x81, 0, 0, 6, 8, 0] + outer)
    },
  ]

  // MARK: Parts

  private static let cookedAddress: [UInt8] = [2, 0, 0, 0, 0, 1, 0, 0]
  private static let wlanHeader: [UInt8] = [0x08, 0x01, 0, 0] + Build.macs + [2, 0, 0, 0, 0, 3, 0x10, 0]

  private static func type(_ packet: [UInt8]) -> [UInt8] { Build.be16(Build.etherType(of: packet)) }

  private static func snap(_ packet: [UInt8]) -> [UInt8] { Build.snap(Build.etherType(of: packet), packet) }

  private static func pppProtocol(_ packet: [UInt8]) -> [UInt8] {
    [0, packet.first.map { $0 >> 4 } == 6 ? 0x57 : 0x21]
  }

  private static func nlpid(_ packet: [UInt8]) -> UInt8 { packet.first.map { $0 >> 4 } == 6 ? 0x8E : 0xCC }

  private static func pppoe(_ packet: [UInt8]) -> [UInt8] {
    [0x11, 0, 0, 7] + Build.be16(packet.count + 2) + pppProtocol(packet) + packet
  }

  private static func pktap(_ link: UInt32, _ frame: [UInt8]) -> [UInt8] {
    Build.le32(108) + Build.le32(1) + Build.le32(link) + repeated([0], 96) + frame
  }

  private static func ah(_ next: UInt8) -> [UInt8] { [next, 4, 0, 0] + repeated([6], 20) }

  private static func gre(_ payload: [UInt8]) -> [UInt8] { Build.ethernet(Build.ipv4(47, payload)) }

  private static func udp(_ port: Int, _ payload: [UInt8]) -> [UInt8] {
    Build.ethernet(Build.ipv4(17, Build.udp(from: 50000, to: port, payload), from: "192.0.2.77", to: "192.0.2.78"))
  }

  private static func repeated(_ octets: [UInt8], _ count: Int) -> [UInt8] {
    [[UInt8]](repeating: octets, count: count).flatMap { $0 }
  }
}
