import Testing
import Wire

@testable import TCPStreams

@Suite struct `The index of connections` {
  /// Against a dictionary, with hashes that collide and slots that come back.
  @Test(arguments: 0..<20)
  func `finds what a dictionary finds`(run: Int) {
    let seed = UInt64.random(in: 0 ... .max)
    var rng = Xorshift(state: seed | 1)
    var index = ConnectionIndex()
    var hashes: [Int: UInt64] = [:]
    for _ in 0..<5000 {
      let slot = Int.random(in: 0..<1500, using: &rng)
      if let hash = hashes[slot] {
        if Bool.random(using: &rng) {
          index.remove(slot, hash: hash)
          hashes[slot] = nil
        }
      } else {
        let hash = UInt64.random(in: 0..<64, using: &rng) &* 0x0101_0000_0000_0101
        index.insert(slot, hash: hash)
        hashes[slot] = hash
      }
      let probe = Int.random(in: 0..<1500, using: &rng)
      let hash = hashes[probe] ?? 7
      let found = index.find(hash) { $0 == probe }
      #expect(found == (hashes[probe] == nil ? -1 : probe), "seed \(seed)")
    }
  }
}
