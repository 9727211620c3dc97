/// Repeats, losses and holes of one side of a connection, and what waits behind a hole.
public struct StreamDisorder: Sendable {
  public internal(set) var retransmissions: UInt32 = 0
  public internal(set) var outOfOrder: UInt32 = 0
  public internal(set) var stalls: UInt32 = 0
  public internal(set) var stallTime: Int64 = 0
  public internal(set) var missingOctets: Int64 = 0

  /// The end of the furthest octet seen.
  var furthest: Int64 = 0
  /// Segments ahead of their turn, by offset, not overlapping.
  var waiting: [WaitingSegment] = []
  var waitingOctets = 0
  /// When the hole in front of `waiting` was first acknowledged or, in a capture of one side only, met.
  var holeSince: Int64 = .min
  var holePackets: UInt16 = 0
  /// The last hole was filled, not lost.
  var holeFilled = false

  init() {}
}

/// A segment that cannot be delivered yet.
public struct WaitingSegment: Sendable {
  /// Where it begins in its stream.
  public var offset: Int64
  /// Octets on the wire; `octets` holds fewer when the capture cut the packet short.
  public var length: Int
  public var octets: [UInt8]
  public var time: Int64
  /// What its sender had received: an offset in the peer's stream, `.min` when unknown.
  public var acknowledges: Int64
  /// Its first octet was the first of a segment.
  public var startsSegment: Bool
  /// It arrived before octets that come before it, and not merely before those that it acknowledges.
  var aheadOfHole: Bool

  /// What it holds in memory, its record, its buffer's header and the slack of growing arrays included: a flood of segments
  /// of one octet each must not pass for little.
  var cost: Int { octets.count + 192 }
}

// Kept in a slab beside the sides, for those that have any.
extension ConnectionTable {
  /// The place of a side's disorder, made when there is none yet.
  mutating func disorder(of half: Int) -> Int {
    let known = Int(halves[half].disorder)
    if known >= 0 { return known }
    let place: Int
    if let free = freeDisorders.popLast() {
      place = Int(free)
    } else {
      place = disorders.count
      disorders.append(StreamDisorder())
    }
    halves[half].disorder = Int32(place)
    connections[half / 2].hasDisorder = true
    return place
  }

  /// Segments of a side that wait.
  func waitingCount(_ half: Int) -> Int {
    let place = Int(halves[half].disorder)
    return place < 0 ? 0 : disorders[place].waiting.count
  }

  func firstWaiting(_ half: Int) -> WaitingSegment? {
    let place = Int(halves[half].disorder)
    return place < 0 ? nil : disorders[place].waiting.first
  }

  /// The end of the furthest octet seen of a side.
  func furthest(_ half: Int) -> Int64 {
    let place = Int(halves[half].disorder)
    let next = max(halves[half].next, halves[half].finOffset)
    return place < 0 ? next : max(next, disorders[place].furthest)
  }

  mutating func forgetDisorder(of half: Int) {
    let place = Int(halves[half].disorder)
    guard place >= 0 else { return }
    for segment in disorders[place].waiting { waitingCostInAll -= segment.cost }
    disorders[place] = StreamDisorder()
    halves[half].disorder = -1
    freeDisorders.append(Int32(place))
  }
}
