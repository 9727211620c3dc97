import Testing

@testable import Reports

@Test(
  arguments: [
    (Array("shop.test".utf8), "shop.test"),
    (Array("café 例え".utf8), "café 例え"),
    ([0x1B, 0x5B, 0x32, 0x4A], #"\x1b[2J"#),
    ([0x0D, 0x0A, 0x09, 0x00, 0x7F], #"\x0d\x0a\x09\x00\x7f"#),
    ([0xC2, 0x9B], #"\xc2\x9b"#),
    ([0x9B, 0xFF], #"\x9b\xff"#),
    ([0xE2, 0x80, 0xAE], #"\xe2\x80\xae"#),
    ([0xE2, 0x80, 0x8B], #"\xe2\x80\x8b"#),
    ([0xEF, 0xBB, 0xBF], #"\xef\xbb\xbf"#),
    ([0xEE, 0x80, 0x80], #"\xee\x80\x80"#),
    ([0xF0, 0x9F, 0x98], #"\xf0\x9f\x98"#),
  ] as [([UInt8], String)])
func `octets are shown without effect on the terminal`(_ octets: [UInt8], _ expected: String) {
  #expect(TerminalText.escaped(octets) == expected)
}

@Test func `random octets have no effect on the terminal`() {
  let seed = UInt64.random(in: 0 ... .max)
  var generator = SplitMix(state: seed)
  for _ in 0..<2_000 {
    let octets = (0..<20).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
    let text = TerminalText.escaped(octets)
    #expect(text.unicodeScalars.allSatisfy { !$0.isObeyedByViewers }, "seed \(seed)")
  }
}

@Test(arguments: [("", 0), ("abc", 3), ("µs", 2), ("例え", 4), ("e\u{301}", 1), ("😀", 2), ("…", 1)])
func `width counts columns`(_ text: String, _ expected: Int) {
  #expect(TerminalText.width(text) == expected)
}

@Test(arguments: [
  ("abcdefghij", 10, "abcdefghij"), ("abcdefghij", 7, "abc…hij"), ("abcdefghij", 6, "abc…ij"), ("abcdefghij", 1, "…"),
  ("例え例え", 5, "例…え"),
])
func `long names lose their middle`(_ text: String, _ limit: Int, _ expected: String) {
  #expect(TerminalText.shortened(text, to: limit) == expected)
  #expect(TerminalText.width(TerminalText.shortened(text, to: limit)) <= max(limit, 1))
}
