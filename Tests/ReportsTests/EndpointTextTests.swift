import ReuseAnalysis
import Testing
import Wire

@testable import Reports

@Test(
  arguments: [
    (0x0000_0000_0000_0000, 0x0000_0000_0000_0000, "::"),
    (0x0000_0000_0000_0000, 0x0000_0000_0000_0001, "::1"),
    (0x0001_0000_0000_0000, 0x0000_0000_0000_0000, "1::"),
    (0x2001_0DB8_0000_0000, 0x0000_0000_0000_0001, "2001:db8::1"),
    (0x2001_0DB8_0000_0000, 0x0001_0000_0000_0001, "2001:db8::1:0:0:1"),
    (0x2001_0DB8_0000_0001, 0x0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
    (0x2001_0000_0000_0001, 0x0000_0000_0000_0001, "2001:0:0:1::1"),
    (0x2001_0DB8_AAAA_BBBB, 0xCCCC_DDDD_EEEE_0AFF, "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aff"),
    (0x0000_0000_0001_0002, 0x0003_0004_0005_0006, "::1:2:3:4:5:6"),
    (0x0001_0002_0003_0004, 0x0005_0006_0000_0000, "1:2:3:4:5:6::"),
    (0x0001_0002_0003_0004, 0x0005_0006_0007_0000, "1:2:3:4:5:6:7:0"),
    (0x0000_0001_0002_0003, 0x0004_0005_0006_0007, "0:1:2:3:4:5:6:7"),
    (0xFE80_0000_0000_0000, 0x0200_5EFF_FE00_5301, "fe80::200:5eff:fe00:5301"),
  ] as [(UInt64, UInt64, String)])
func `IPv6 addresses are written as RFC 5952 says`(_ high: UInt64, _ low: UInt64, _ expected: String) {
  var buffer = OctetBuffer()
  buffer.append(Endpoint(address: IPAddress(high: high, low: low), port: 443))
  #expect(String(decoding: buffer.octets, as: UTF8.self) == "[\(expected)]:443")
}

@Test(arguments: [
  (0x0000_0000, 0, "0.0.0.0:0"), (0xFFFF_FFFF, 65_535, "255.255.255.255:65535"), (0x0A4D_0001, 80, "10.77.0.1:80"),
])
func `IPv4 endpoints are dotted`(_ address: UInt32, _ port: UInt16, _ expected: String) {
  var buffer = OctetBuffer()
  buffer.append(Endpoint(address: IPAddress(v4: address), port: port))
  #expect(String(decoding: buffer.octets, as: UTF8.self) == expected)
}
