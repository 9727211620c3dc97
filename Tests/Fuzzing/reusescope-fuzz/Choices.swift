/// Numbers that depend on the input alone: a find must be found again.
struct Choices {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  init(_ input: [UInt8]) {
    for octet in input { state = (state ^ UInt64(octet)) &* 0x100_0000_01B3 }
  }

  mutating func number(upTo limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(limit + 1))
  }

  mutating func pieces(of octets: [UInt8], atMost limit: Int) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    while start < octets.count {
      let end = min(octets.count, start + 1 + number(upTo: limit - 1))
      pieces.append(Array(octets[start..<end]))
      start = end
    }
    return pieces
  }
}
