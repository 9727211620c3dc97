/// The two ends of a list of connections by last use: linked through `older` and `younger`. Its members are slots and,
/// below ``none``, pending openings.
struct UsageList: Sendable {
  /// A connection keeps its place for so long: the order within a second does not matter for eviction, and moving costs
  /// three cache lines a packet.
  static let step: Int64 = 1_000_000_000

  enum Kind: UInt8, Sendable {
    case none
    /// Only SYNs have been seen, and answers to them.
    case halfOpen
    case open
  }

  static let none: Int32 = -1

  @inline(__always)
  static func node(pending place: Int) -> Int32 { -2 &- Int32(truncatingIfNeeded: place) }

  /// The place of a pending opening; `nil` for a slot, and for none.
  @inline(__always)
  static func pending(_ node: Int32) -> Int? { node < none ? Int(-2 &- node) : nil }

  private(set) var oldest = none
  private(set) var youngest = none
  private(set) var count = 0

  /// Puts a member at the young end, and gives the one before it.
  mutating func append(_ node: Int32) -> Int32 {
    let before = youngest
    if before == Self.none { oldest = node }
    youngest = node
    count += 1
    return before
  }

  /// Takes out a member whose neighbours are given.
  mutating func remove(older: Int32, younger: Int32) {
    if older == Self.none { oldest = younger }
    if younger == Self.none { youngest = older }
    count -= 1
  }

  /// Another one takes the place of a member whose neighbours are given.
  mutating func replace(older: Int32, younger: Int32, by node: Int32) {
    if older == Self.none { oldest = node }
    if younger == Self.none { youngest = node }
  }
}
