/// What is kept of a server for the findings alone.
struct ServerRecord: Sendable {
  /// Connections that ended in one way, and the openings that are charged to such ends.
  struct Ends: Sendable {
    var connections = 0
    var openings = 0
    /// Σ measured setups of the openings.
    var setupTime: Int64 = 0
  }

  /// By ``AvoidableEnd``; empty before the first.
  private var ends: [Ends] = []
  /// Gaps that a closed connection would have had to bridge: from the end of the last exchange of the connection that the
  /// server closed while idle, as the last of its pool, to the first request on the connection that was opened for
  /// `after-server-idle-close`.
  var lostGaps = Histogram()
  /// Σ measured setups of those openings.
  var lostSetup: Int64 = 0
  /// Races captured before the server's FIN, and races on connections that had been used before.
  var racesBeforeFIN = 0
  var racesOfUsed = 0
  /// From the end of the answer before to the reset, of connections that the server reset on a request that came after a pause,
  /// before any octet of an answer.
  var unread = Histogram()
  /// Connections with exactly one exchange that were closed while idle, and how long those were idle at their ends.
  var oneRequest = 0
  var oneRequestIdle: Int64 = 0
  /// Connections that ended as `http10` although the request spoke HTTP/1.1.
  var closeDelimited = 0
  /// HTTP head-of-line delays, and bounds of client queueing.
  var waited = 0
  var waitTime: Int64 = 0
  var queued = 0
  var queueingBound: Int64 = 0
  var refused = 0
  var unanswered = 0
  /// By ``ExampleKind``; empty before the first. Those that are full are kept apart: most connections show nothing new.
  private var examples: [[Int]] = []
  private var full: UInt32 = 0

  subscript(end: AvoidableEnd) -> Ends {
    get { ends.isEmpty ? Ends() : ends[end.rawValue] }
    set {
      if ends.isEmpty { ends = AvoidableEnd.allCases.map { _ in Ends() } }
      ends[end.rawValue] = newValue
    }
  }

  func examples(of kind: ExampleKind) -> [Int] { examples.isEmpty ? [] : examples[kind.rawValue] }

  /// Whether the connection is now an example of any of the kinds.
  mutating func noteExample(of kinds: ExampleKind.Kinds, connection: Int) -> Bool {
    let new = kinds.bits & ~full
    guard new != 0 else { return false }
    if examples.isEmpty { examples = ExampleKind.allCases.map { _ in [] } }
    for i in examples.indices where new & (1 << UInt32(i)) != 0 {
      examples[i].append(connection)
      if examples[i].count >= Finding.exampleLimit { full |= 1 << UInt32(i) }
    }
    return true
  }

  /// A connection of which nothing is known but that nobody has answered.
  mutating func noteUnanswered(connection: Int) {
    unanswered += 1
    var shows = ExampleKind.Kinds()
    shows.insert(.failed)
    _ = noteExample(of: shows, connection: connection)
  }
}

/// What a connection can be an example of.
enum ExampleKind: Int, CaseIterable {
  case raced, missedReuse, lostGap, clientIdleCharged, serverIdle, clientClose, unaskedClose, http10, oneRequest, waited
  case failed, clientClosed, used, headHit, unread

  struct Kinds {
    private(set) var bits: UInt32 = 0

    mutating func insert(_ kind: ExampleKind) { bits |= 1 << UInt32(kind.rawValue) }
  }
}

/// A number of exchanges after which connections ended with an unasked `Connection: close`.
struct ClosedAfter: Sendable {
  var connections = 0
  var examples: [Int] = []
}
