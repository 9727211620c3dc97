import TestSupport
import Testing
import Wire

@testable import ReuseAnalysis

@Suite struct `The index of groups` {
  /// Against a dictionary, with hashes that collide and places that come back.
  @Test(arguments: 0..<20)
  func `finds what a dictionary finds`(run: Int) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    var index = HashIndex()
    var hashes: [Int32: UInt64] = [:]
    func candidates(_ hash: UInt64) -> Set<Int32> {
      var found: Set<Int32> = []
      var steps = 0
      while case let place = index.candidate(hash, &steps), place >= 0 { found.insert(place) }
      return found
    }
    for _ in 0..<5000 {
      let place = Int32.random(in: 0..<700, using: &random)
      if let hash = hashes[place] {
        if Bool.random(using: &random) {
          index.remove(place, hash: hash)
          hashes[place] = nil
        }
      } else {
        let hash = UInt64.random(in: 0..<256, using: &random) &* 0x0101_0000_0000_0101
        index.insert(place, hash: hash)
        hashes[place] = hash
      }
      let probe = hashes[Int32.random(in: 0..<700, using: &random)] ?? 7
      #expect(
        candidates(probe) == Set(hashes.filter { $0.value == probe }.keys), "seed \(seed)")
    }
    for (place, hash) in hashes { index.remove(place, hash: hash) }
    #expect(hashes.values.allSatisfy { candidates($0).isEmpty }, "seed \(seed)")
  }

  /// Against arrays.
  @Test(arguments: 0..<10)
  func `lists of places keep their order`(run: Int) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    var lists = PlaceLists()
    var expected: [[Int32]] = [[], [], []]
    for _ in 0..<2000 {
      let place = Int32.random(in: 0..<60, using: &random)
      if let list = expected.firstIndex(where: { $0.contains(place) }) {
        lists.remove(place, from: list)
        expected[list].removeAll { $0 == place }
      } else {
        let list = Int.random(in: 0..<3, using: &random)
        lists.append(place, to: list)
        expected[list].append(place)
      }
      let list = Int.random(in: 0..<3, using: &random)
      var found: [Int32] = []
      var next = lists.first(of: list)
      while next >= 0, found.count <= 60 {
        found.append(next)
        next = lists.after(next)
      }
      #expect(found == expected[list], "seed \(seed)")
    }
  }
}

@Suite struct `A histogram of a pool` {
  @Test(arguments: 0..<20)
  func `tells what a histogram of the same values tells`(run: Int) {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    var sparse = SparseHistogram()
    var whole = Histogram()
    for _ in 0..<40 {
      let value = Int64.random(in: -1...1000, using: &random) << Int64.random(in: 0...20, using: &random)
      sparse.add(value)
      whole.add(value)
      for share in [0, 0.1, 0.5, 0.9, 0.99, 1] {
        #expect(sparse.quantile(share) == whole.quantile(share), "seed \(seed)")
      }
      #expect("\(sparse.histogram.distribution)" == "\(whole.distribution)", "seed \(seed)")
    }
  }
}

@Suite struct `Hashes of keys` {
  /// What counts on one side as on the other, as addresses of clients and of servers do, must not meet.
  @Test func `do not meet where keys are alike`() {
    let seed = UInt64.random(in: 0 ... .max)
    let places = 0..<64
    let pools = places.flatMap { client in
      places.map { Pool.hash(IPAddress(v4: 0x0A00_0000 + UInt32(client)), Int32($0), seed: seed) }
    }
    let endpoints = places.flatMap { address in
      places.map { Endpoint(address: IPAddress(v4: 0x0A00_0000 + UInt32(address)), port: UInt16($0)).hash(seed: seed) }
    }
    let texts = places.flatMap { count in
      places.map { octet in [UInt8](repeating: UInt8(octet), count: count + 1).span.hash(seed: seed) }
    }
    let withWords = places.flatMap { word in
      places.map { octet in [UInt8(octet), 0, 0, 0, 0, 0, 0, 0].span.hash(seed: seed, with: UInt32(word)) }
    }
    for hashes in [pools, endpoints, texts, withWords] {
      #expect(Set(hashes).count == places.count * places.count, "seed \(seed)")
      // By the low half they are found: of 4,096 two meet once in 512 times.
      #expect(
        Set(hashes.map { UInt32(truncatingIfNeeded: $0) }).count > places.count * places.count - 3, "seed \(seed)")
    }
  }
}
