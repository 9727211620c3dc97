/// From when on something is a finding. Each finding states those that it was held against.
///
/// They are chosen so that a tiny capture says nothing, and so that what is found costs something: a handful of events, and a
/// share of all that is worth a change of a setting.
enum FindingThresholds {
  /// Openings, ends or gaps of one kind at one server, below which they may be chance.
  static let events = 5
  /// The share of a server's openings (or connections) that these must be.
  static let share = 0.1
  /// Of a server's idle gaps, the share that must have been lost to its timeout before the timeout is too short.
  static let lostGapShare = 0.05
  /// The share of the lost gaps that the advised timeout would have kept.
  static let keptShare = 0.9
  /// A longer timeout is not advised: with such gaps it is not the remedy.
  static let longestTimeout: Int64 = 600_000_000_000
  /// A connection whose last use was at most as long ago could have been kept for the next request: what common servers and
  /// clients keep (AWS ALB and nginx upstreams 60 s, nginx 75 s).
  static let usefulIdleTime: Int64 = 60_000_000_000
  /// A server that closes sooner than this does not wait for another request at all.
  static let shortestTimeout: Int64 = 50_000_000
  /// Gaps that came close to the server's timeout.
  static let nearTimeoutGaps = 3
  /// A long timeout lasts this many times the longest gap that was reused …
  static let longTimeoutFactor: Int64 = 4
  /// … after at least this many reused gaps, and holds at least this many connections idle at a time for nothing.
  static let reusedGaps = 20
  static let idleConnections = 5.0
  /// Of a server's connections with a request, the share with exactly one.
  static let oneRequestShare = 0.9
  static let oneRequestConnections = 20
  /// Connections that end at a request limit, of the server's exchanges: a limit of 100 costs one handshake in 100.
  static let requestLimitShare = 0.01
  /// Of a server's exchanges, the share that waited behind another; and how many, and how long each in the mean.
  static let waitingShare = 0.05
  static let waiting = 10
  static let meanWait: Int64 = 10_000_000
  /// The same for requests that followed at once on an answer, which may be no more than a client that works in turn.
  static let queuedShare = 0.2
  static let queued = 20
  static let meanQueueingBound: Int64 = 20_000_000
  static let queueingBound: Int64 = 1_000_000_000
  /// Exchanges of one origin, and the busiest server's against the mean.
  static let balanceExchanges = 100
  static let maxToMean = 1.5
  /// Of the ephemeral ports towards one server.
  static let portShare = 0.5
  static let severePortShare = 0.8
  static let failedShare = 0.05
  /// A SYN is not unanswered before its first retransmissions are (RFC 6298 §2: after 1 s, then 2 s).
  static let answerTime: Int64 = 3_000_000_000
  /// Of the payload, the share that the capture misses.
  static let missingShare = 0.01

  /// Findings of one kind that are kept.
  static let findingsPerKind = 50
}
