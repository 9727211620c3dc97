import ReuseAnalysis

/// Chooses connections for the waterfall while rows stream by, in bounded memory.
///
/// All are taken as long as there is room. Beyond that: connections that findings may name come first. The others are
/// sorted into groups of like ones (server, cause, how they ended, what is remarkable about them), the room is shared
/// among the groups, remarkable ones getting more, and within a group chance decides: a number made from the
/// connection's identifier, so that the same capture gives the same page, and so that they are spread over its time.
struct ConnectionSample {
  /// Connections that are drawn.
  static let limit = 2_000
  /// Connections kept that findings may name.
  static let exampleLimit = 20_000
  /// Exchanges kept, of open connections and of chosen ones.
  static let markLimit = 65_536
  /// Groups; what comes later is grouped without its server.
  static let groupLimit = 1_024

  struct Choice {
    /// By server, client and time.
    var lanes: [Lane]
    /// All connections that ended, drawn or not.
    var connections: Int
    /// Exchanges of drawn connections that are not drawn.
    var exchangesLeftOut: Int
  }

  private struct Group {
    var lanes: [(chance: UInt64, lane: Lane)] = []
    /// Only what has less of a chance number can still be chosen.
    var bound = UInt64.max
    var weight: Int
  }

  private struct Key: Hashable {
    var server: Endpoint?
    var cause: OpeningCause?
    var reason: CloseReason
    var closedBy: Side?
    var traits: Traits
  }

  /// What makes a connection worth a look.
  private struct Traits: OptionSet, Hashable {
    var rawValue: UInt8
    static let raced = Traits(rawValue: 1)
    static let pipelined = Traits(rawValue: 2)
    static let stalled = Traits(rawValue: 4)
    static let missingBytes = Traits(rawValue: 8)
    static let failed = Traits(rawValue: 16)
    static let several = Traits(rawValue: 32)
    static let remarkable: Traits = [.raced, .pipelined, .stalled, .failed]
  }

  private let redacts: Bool
  private var waiting = WaitingTable()
  /// Exchanges kept in all.
  private var marks = 0
  var marksKept: Int { marks }
  /// Exchanges kept of one connection: fewer when there is no room for that many.
  private var marksEach = 512
  /// Exchanges are kept of connections with a chance number below this one.
  private var markBound = UInt64.max
  private var groups: [Group] = []
  private var places: [Key: Int] = [:]
  private var kept = 0
  private var examples: [Lane] = []
  private(set) var connections = 0

  init(redacts: Bool) {
    self.redacts = redacts
  }

  mutating func add(_ row: ExchangeRow) {
    guard markBound == .max || Self.chance(row.connection) < markBound else { return }
    if waiting.append(Mark(row, redacts: redacts), to: row.connection, limit: marksEach) {
      marks += 1
      if marks > Self.markLimit { makeRoom() }
    }
  }

  mutating func add(_ row: ConnectionRow) {
    connections += 1
    let held = waiting.remove(row.id)
    if row.isExample, examples.count < Self.exampleLimit {
      examples.append(Lane(row, held?.marks ?? []))
      return
    }
    let chance = Self.chance(row.id)
    let place = place(of: key(row))
    guard chance < groups[place].bound else {
      marks -= held?.count ?? 0
      return
    }
    groups[place].lanes.append((chance, Lane(row, held?.marks ?? [])))
    kept += 1
    if kept >= 2 * Self.limit { prune(to: Self.limit) }
  }

  private mutating func place(of key: Key) -> Int {
    if let place = places[key] { return place }
    let place = groups.count
    places[key] = place
    groups.append(Group(weight: key.traits.isDisjoint(with: .remarkable) ? 1 : 4))
    return place
  }

  /// The connections to draw: those of `examples` that were seen, worst first as far as there is room, and others.
  ///
  /// Connections that are still open when this is called mid-way are not among them.
  func choice(examples: [Int]) -> Choice {
    var wanted: Set<Int> = []
    for id in examples where wanted.count < Self.limit { wanted.insert(id) }
    var rest = self
    var lanes: [Lane] = []
    for lane in self.examples {
      if wanted.contains(lane.id) {
        lanes.append(lane)
      } else {
        let key = Key(
          server: lane.server, cause: lane.cause, reason: lane.reason, closedBy: lane.closedBy, traits: .remarkable)
        let place = rest.place(of: key)
        rest.groups[place].lanes.append((Self.chance(lane.id), lane))
        rest.kept += 1
      }
    }
    rest.prune(to: Self.limit - lanes.count)
    // With more groups than places, chance decides between them too.
    let others = rest.groups.flatMap(\.lanes).sorted { $0.chance < $1.chance }
    lanes += others.prefix(Self.limit - lanes.count).map(\.lane)
    lanes.sort(by: Self.isDrawnBefore)
    let drawn = lanes.reduce(0) { $0 + $1.marks.count }
    let all = lanes.reduce(0) { $0 + $1.exchanges }
    return Choice(lanes: lanes, connections: connections, exchangesLeftOut: max(0, all - drawn))
  }

  // MARK: room

  /// Fewer exchanges a connection; when that is not enough, those of fewer connections.
  private mutating func makeRoom() {
    if marksEach > 4 { marksEach /= 2 } else { markBound /= 2 }
    let bound = markBound
    marks = waiting.trim(to: marksEach) { bound == .max || Self.chance($0) < bound }
    for group in groups.indices {
      for i in groups[group].lanes.indices { shorten(&groups[group].lanes[i].lane) }
      marks += groups[group].lanes.reduce(0) { $0 + $1.lane.marks.count }
    }
    for i in examples.indices { shorten(&examples[i]) }
    marks += examples.reduce(0) { $0 + $1.marks.count }
  }

  private func shorten(_ lane: inout Lane) {
    if markBound < .max, Self.chance(lane.id) >= markBound {
      lane.marks = []
    } else if lane.marks.count > marksEach {
      lane.marks = lane.marks.ends(marksEach)
    }
  }

  /// Leaves `limit` connections, the room shared among the groups, and one of each group at least.
  private mutating func prune(to limit: Int) {
    guard kept > limit else { return }
    let sizes = groups.map { (count: $0.lanes.count, weight: $0.weight) }
    var (low, high) = (0, limit)
    while low < high {
      let middle = (low + high + 1) / 2
      if sizes.reduce(0, { $0 + min($1.count, middle * $1.weight) }) <= limit {
        low = middle
      } else {
        high = middle - 1
      }
    }
    kept = 0
    for i in groups.indices {
      let quota = max(1, low * groups[i].weight)
      if groups[i].lanes.count > quota {
        // Chances differ: of one identifier there is one.
        let bound = groups[i].lanes.map(\.chance).sorted()[quota]
        groups[i].lanes.removeAll {
          guard $0.chance >= bound else { return false }
          marks -= $0.lane.marks.count
          return true
        }
        groups[i].bound = bound
      }
      kept += groups[i].lanes.count
    }
  }

  private func key(_ row: ConnectionRow) -> Key {
    var traits: Traits = []
    if row.race != nil { traits.insert(.raced) }
    if row.pipelined > 0 { traits.insert(.pipelined) }
    if row.tcp.stalls > 0 { traits.insert(.stalled) }
    if row.tcp.missingBytes > 0 { traits.insert(.missingBytes) }
    if row.closeReason == .midExchange { traits.insert(.failed) }
    if row.exchanges > 1 { traits.insert(.several) }
    var key = Key(
      server: row.server, cause: row.openedBecause, reason: row.closeReason, closedBy: row.closedBy, traits: traits)
    if groups.count >= Self.groupLimit, places[key] == nil { key.server = nil }
    return key
  }

  private static func isDrawnBefore(_ a: Lane, _ b: Lane) -> Bool {
    if a.server != b.server { return isBefore(a.server, b.server) }
    if a.client.address != b.client.address { return isBefore(a.client, b.client) }
    return (a.opened, a.id) < (b.opened, b.id)
  }

  private static func isBefore(_ a: Endpoint, _ b: Endpoint) -> Bool {
    (a.address.high, a.address.low, a.port) < (b.address.high, b.address.low, b.port)
  }

  /// A number that looks like chance, from the identifier of a connection (SplitMix64's finish).
  static func chance(_ id: Int) -> UInt64 {
    var z = UInt64(truncatingIfNeeded: id) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
