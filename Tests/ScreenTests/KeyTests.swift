import Testing

@testable import Screen

@Suite struct `Keys` {
  @Test(
    arguments: [
      ("q", [.character("q")]), ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]), ("\u{1B}[1;5C", [.right]),
      ("\u{1B}[5~", [.pageUp]),
      ("\u{1B}[6~\u{1B}[D", [.pageDown, .left]), ("\r", [.enter]), ("\n", [.enter]), ("\u{7F}", [.backspace]),
      ("\u{1B}[1~", [.home]), ("\u{1B}[F", [.end]), ("ä/", [.character("ä"), .character("/")]), ("\u{0C}", [.redraw]),
      ("\u{1B}[200~", []), ("\u{1B}\u{1B}[A", [.escape, .up]), ("\u{1}\u{2}x", [.character("x")]),
    ] as [(String, [Key])])
  func `are what a terminal sends`(_ text: String, _ expected: [Key]) {
    var reader = KeyReader()
    #expect(reader.keys(in: Array(text.utf8)) == expected)
    // However it is cut.
    var slow = KeyReader()
    #expect(Array(text.utf8).flatMap { slow.keys(in: [$0]) } == expected)
  }

  @Test func `an escape alone is told by silence`() {
    var reader = KeyReader()
    #expect(reader.keys(in: [0x1B]) == [])
    #expect(reader.settle() == [.escape])
    #expect(reader.settle() == [])
    #expect(reader.keys(in: [0x1B, 0x5B]) == [])
    #expect(reader.settle() == [])
    #expect(reader.keys(in: [0x41]) == [.character("A")])
  }

  @Test func `an endless sequence is given up`() {
    var reader = KeyReader()
    _ = reader.keys(in: [0x1B, 0x5B] + [UInt8](repeating: 0x31, count: 1000))
    #expect(reader.keys(in: Array("q".utf8)).last == .character("q"))
  }

  @Test func `octets that are no text are passed over`() {
    var reader = KeyReader()
    #expect(reader.keys(in: [0xC3, 0x28, 0xFF, 0x80, 0x71]) == [.character("("), .character("q")])
  }
}
