import TestSupport
import Testing

@testable import Wire

/// The table against the plainest reassembler, and its limits.
struct FragmentTableTests {
  /// One optional octet for each place.
  struct Naive {
    var octets: [UInt8?] = []
    var length: Int?

    mutating func add(_ start: Int, isLast: Bool, _ content: [UInt8]) -> [UInt8]? {
      let end = start + content.count
      while octets.count < end { octets.append(nil) }
      for (index, octet) in content.enumerated() where octets[start + index] == nil { octets[start + index] = octet }
      if isLast { length = end }
      guard let length, octets.count == length else { return nil }
      let known = octets.compactMap { $0 }
      return known.count == length ? known : nil
    }
  }

  static func insert(
    _ table: inout FragmentTable, _ start: Int, isLast: Bool, _ content: [UInt8], identification: UInt32 = 1,
    time: Int64 = 0, captured: Int? = nil
  ) -> FragmentTable.Insertion {
    let piece = FragmentPiece(
      key: FragmentKey(identification: identification), start: start, isLast: isLast, proto: 6, offset: 0,
      captured: captured ?? content.count, length: content.count)
    return table.insert(piece, from: content.span, at: time)
  }

  static func isHeld(_ insertion: FragmentTable.Insertion) -> Bool {
    if case .held = insertion { true } else { false }
  }

  static func isLimit(_ insertion: FragmentTable.Insertion) -> Bool {
    if case .limit = insertion { true } else { false }
  }

  static func isRefused(_ insertion: FragmentTable.Insertion) -> Bool {
    if case .refused = insertion { true } else { false }
  }

  static func octets(_ insertion: FragmentTable.Insertion) -> [UInt8]? {
    if case .complete(let datagram) = insertion { datagram.octets } else { nil }
  }

  @Test func `shuffled, repeated and overlapping fragments give what a naive reassembler gives`() {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    var completed = 0
    for round in 0..<600 {
      let length = Int.random(in: 9...700, using: &random)
      let datagram = random.octets(length)
      var pieces: [(start: Int, isLast: Bool, content: [UInt8])] = []
      var start = 0
      while start < length {
        let size = min(Int.random(in: 1...12, using: &random) * 8, length - start)
        pieces.append((start, start + size == length, Array(datagram[start..<start + size])))
        start += size
      }
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        if Bool.random(using: &random), let piece = pieces.randomElement(using: &random) { pieces.append(piece) }
        // Others octets at a place that overlaps: the first to come decide.
        let at = Int.random(in: 0...(length / 8), using: &random) * 8
        let size = Int.random(in: 1...20, using: &random) * 8
        if at + size < length {
          pieces.append((at, false, random.octets(size)))
        } else if at < length {
          pieces.append((at, true, random.octets(length - at)))
        }
      }
      pieces.shuffle(using: &random)

      var table = FragmentTable(limits: PacketDecoder.Limits())
      var naive = Naive()
      for piece in pieces {
        let insertion = Self.insert(
          &table, piece.start, isLast: piece.isLast, piece.content, identification: UInt32(round))
        let expected = naive.add(piece.start, isLast: piece.isLast, piece.content)
        #expect(Self.octets(insertion) == expected, "seed \(seed), round \(round)")
        if expected != nil {
          completed += 1
          break
        }
        #expect(Self.isHeld(insertion), "seed \(seed), round \(round)")
      }
      #expect(table.datagramsHeld == 0, "seed \(seed), round \(round)")
      #expect(table.octetsHeld == 0, "seed \(seed), round \(round)")
    }
    #expect(completed == 600)
  }

  @Test func `what contradicts the datagram's end is refused`() {
    let block = [UInt8](repeating: 1, count: 8)
    var table = FragmentTable(limits: PacketDecoder.Limits())
    #expect(Self.isHeld(Self.insert(&table, 16, isLast: true, block)))
    #expect(Self.isRefused(Self.insert(&table, 24, isLast: false, block)))
    #expect(Self.isRefused(Self.insert(&table, 24, isLast: true, block)))
    #expect(Self.isRefused(Self.insert(&table, 8, isLast: true, block)))
    #expect(Self.isHeld(Self.insert(&table, 8, isLast: false, block)))
    #expect(Self.octets(Self.insert(&table, 0, isLast: false, block))?.count == 24)
  }

  @Test func `the oldest datagram makes room`() {
    var limits = PacketDecoder.Limits()
    limits.fragmentedDatagrams = 3
    var table = FragmentTable(limits: limits)
    let block = [UInt8](repeating: 1, count: 8)
    for number in 1...5 as ClosedRange<UInt32> {
      #expect(Self.isHeld(Self.insert(&table, 0, isLast: false, block, identification: number)))
      #expect(table.datagramsHeld <= 3)
    }
    #expect(table.counts.evictedDatagrams == 2)
    #expect(table.counts.evictedFragments == 2)
    #expect(Self.octets(Self.insert(&table, 8, isLast: true, block, identification: 4)) != nil)
    #expect(Self.isHeld(Self.insert(&table, 8, isLast: true, block, identification: 1)))
  }

  @Test func `octets held stay below their limit`() {
    var limits = PacketDecoder.Limits()
    limits.fragmentOctets = 10_000
    var table = FragmentTable(limits: limits)
    let content = [UInt8](repeating: 1, count: 1000)
    for number in 0..<200 as Range<UInt32> {
      #expect(Self.isHeld(Self.insert(&table, 0, isLast: false, content, identification: number)))
      #expect(table.octetsHeld <= 10_000)
    }
    #expect(table.counts.evictedDatagrams > 180)
    #expect(Self.isLimit(Self.insert(&table, 0, isLast: false, [UInt8](repeating: 1, count: 12000))))
    #expect(table.datagramsHeld == 0)
    #expect(table.octetsHeld == 0)
  }

  @Test func `many small fragments cost more than their octets`() {
    var table = FragmentTable(limits: PacketDecoder.Limits())
    let block = [UInt8](repeating: 1, count: 8)
    for number in 0..<3000 as Range<UInt32> {
      for start in [8, 4000, 32000, 65000] {
        #expect(Self.isHeld(Self.insert(&table, start, isLast: false, block, identification: number)))
      }
    }
    #expect(table.octetsHeld > 3000 * 4 * 8 * 2)
    #expect(table.octetsHeld <= PacketDecoder.Limits().fragmentOctets)
  }

  @Test func `with no datagram allowed, fragments meet the limit`() {
    var limits = PacketDecoder.Limits()
    limits.fragmentedDatagrams = 0
    var table = FragmentTable(limits: limits)
    #expect(Self.isLimit(Self.insert(&table, 0, isLast: false, [UInt8](repeating: 1, count: 8))))
  }

  @Test(arguments: [
    // Nanoseconds from the first fragment to the second, and whether they still meet.
    (29_999_999_999, true), (30_000_000_000, true), (30_000_000_001, false), (-5_000_000_000, true),
    (-40_000_000_000, false), (Int64.max, false), (Int64.min, false),
  ])
  func `fragments wait for thirty seconds of packet time`(_ step: Int64, meet: Bool) {
    let block = [UInt8](repeating: 1, count: 8)
    var table = FragmentTable(limits: PacketDecoder.Limits())
    let begin: Int64 = step == .min ? 1 : 0
    #expect(Self.isHeld(Self.insert(&table, 0, isLast: false, block, time: begin)))
    #expect((Self.octets(Self.insert(&table, 8, isLast: true, block, time: step)) != nil) == meet)
    #expect(table.counts.incompleteDatagrams == (meet ? 0 : 1))
  }

  @Test func `a copy of a datagram just completed begins no other`() {
    let block = [UInt8](repeating: 1, count: 8)
    var table = FragmentTable(limits: PacketDecoder.Limits())
    #expect(Self.isHeld(Self.insert(&table, 0, isLast: false, block, time: 0)))
    #expect(Self.isHeld(Self.insert(&table, 0, isLast: false, block, time: 10)))
    #expect(Self.octets(Self.insert(&table, 8, isLast: true, block, time: 20)) != nil)
    #expect(Self.isHeld(Self.insert(&table, 8, isLast: true, block, time: 30)))
    #expect(table.datagramsHeld == 0)
    #expect(Self.isHeld(Self.insert(&table, 8, isLast: true, block, time: 1_000_000_000)))
    #expect(table.datagramsHeld == 1)
  }
}
