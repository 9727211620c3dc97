import TestSupport
import Testing
import Wire

struct IPAddressTests {
  @Test(arguments: [
    ("0.0.0.0", "0.0.0.0"),
    ("192.0.2.10", "192.0.2.10"),
    ("255.255.255.255", "255.255.255.255"),
    ("1.20.100.9", "1.20.100.9"),
    ("::", "::"),
    ("::1", "::1"),
    ("1::", "1::"),
    ("2001:db8::1", "2001:db8::1"),
    ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
    ("0:0:1:0:0:0:1:0", "0:0:1::1:0"),
    ("1:0:0:1:0:0:0:0", "1:0:0:1::"),
    ("0:1:0:1:0:1:0:1", "0:1:0:1:0:1:0:1"),
    ("0:0:1:2:3:4:5:6", "::1:2:3:4:5:6"),
    ("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"),
    ("fe80::ABCD:00ef:0:10", "fe80::abcd:ef:0:10"),
    ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("::ffff:c000:20a", "192.0.2.10"),
    ("::c000:20a", "::c000:20a"),
  ])
  func `text follows RFC 5952`(_ text: String, _ expected: String) {
    #expect(Address(text).ipAddress.description == expected)
  }

  @Test func `text reads back as the same address`() {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    for _ in 0..<2000 {
      var octets = random.octets(16)
      for field in 0..<8 where Bool.random(using: &random) {
        octets[field * 2] = 0
        octets[field * 2 + 1] = 0
      }
      let address = Address(octets: octets).ipAddress
      guard !address.isV4 else { continue }
      #expect(Address(address.description).ipAddress == address, "seed \(seed)")
    }
  }
}
