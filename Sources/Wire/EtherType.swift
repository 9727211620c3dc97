/// EtherTypes (IEEE registry) behind which the way goes on.
enum EtherType {
  static let ipv4: UInt16 = 0x0800
  static let ipv6: UInt16 = 0x86DD
  static let transparentBridging: UInt16 = 0x6558

  static func isFollowed(_ type: UInt16) -> Bool {
    switch type {
    case 0x0800, 0x22F3, 0x6558, 0x8100, 0x86DD, 0x8847, 0x8848, 0x8864, 0x8870, 0x880B, 0x88A8, 0x88E5, 0x88E7,
      0x8903, 0x8909, 0x8926, 0x892F, 0x893F, 0x894F, 0x9100, 0x9200, 0x9300:
      true
    default: false
    }
  }
}
