import Wire

/// Every figure of a capture, as values: what `--json` writes and the text shows. METRICS.md defines each.
///
/// Durations are nanoseconds unless said otherwise, sizes octets, shares and ratios 0…1. `nil`: cannot be known.
public struct Summary: Sendable {
  public struct Capture: Sendable {
    public var files: [String] = []
    /// Nanoseconds since 1970-01-01T00:00:00Z of the first packet.
    public var start: Int64?
    public var duration: Int64 = 0
    public var packets = 0
    /// Octets on the wire.
    public var bytes = 0
    /// Names of link types, in the order met.
    public var linkTypes: [String] = []
    /// The capture ended in the middle of a record, or was damaged there.
    public var truncated = false
    /// Packets that the capturing system says it lost; `nil` when it says nothing.
    public var drops: Int?
    /// Packets whose time stamp was before that of the packet before.
    public var timeStepsBack = 0
    /// Packets of which the capture holds less than was on the wire.
    public var cutPackets = 0

    public init() {}
  }

  /// How many durations there are up to a step of 1, 2, 5, 10 … µs and longer than the step before it; rising, and without a
  /// step left out between the first and the last one with any.
  public typealias Lengths = [(upTo: Int64, count: Int)]

  /// METRICS.md §9. Rows of packets sum to `packets`, rows of payload to `payloadBytes`.
  public struct Ledger: Sendable {
    /// A row of packets that were not analysed as TCP: `layer`, `reason`, `packets`.
    public struct Stop: Sendable {
      public var layer: String
      public var reason: String
      public var packets: Int
    }

    public var packets = 0
    public var tcp = 0
    /// TCP, but to and from ports that were not asked for.
    public var otherPorts = 0
    public var duplicateFrames = 0
    /// Fragments held for, or merged into, a datagram that another packet completed.
    public var fragments = 0
    public var notIP = 0
    public var notTCP = 0
    public var undecodable = 0
    public var limit = 0
    /// The detail of `notIP`, `notTCP` and `undecodable`, most packets first.
    public var stops: [Stop] = []

    /// Payload octets of the analysed TCP segments by their IP lengths, plus those never seen but acknowledged.
    public var payloadBytes = 0
    public var delivered = 0
    public var retransmitted = 0
    /// Octets seen before, in segments that also held new ones.
    public var overlapping = 0
    /// On the wire, not in the capture: cut by the snap length.
    public var missingCut = 0
    /// Acknowledged by the peer (or passed over by the sender) without having been captured.
    public var missingUnseen = 0
    public var outOfWindow = 0
    public var afterClose = 0
    public var droppedByLimit = 0

    public init() {}
  }

  public struct Connections: Sendable {
    public var total = 0
    public var openingSeen = 0
    public var http = 0
    /// By ``ConnectionProtocol``, in its order of cases.
    public var byProtocol: [(protocol: ConnectionProtocol, connections: Int)] = []
    /// Exactly one exchange, then closed.
    public var short = 0
    /// Two exchanges or more.
    public var persistent = 0
    /// No exchange at all.
    public var unused = 0
    /// One exchange and open at the end.
    public var openWithOne = 0
    /// The most connections open at once, of all and busy ones.
    public var peakOpen = 0
    public var peakBusy = 0
    public var rolesInferred = 0
    public var rolesGuessed = 0
    /// Connections with octets missing from a message head.
    public var headsHit = 0
    public var missingBytes = 0

    public init() {}
  }

  public struct Exchanges: Sendable {
    public var total = 0
    public var withRequest = 0
    public var fresh = 0
    public var reused = 0
    public var unknown = 0
    public var responsesWithoutRequest = 0
    public var pipelined = 0
    /// Exchanges that repeat one that ended unanswered (METRICS.md §1, retry).
    public var retries = 0
    /// By ``ExchangeOutcome``.
    public var outcomes: [(outcome: ExchangeOutcome, exchanges: Int)] = []
    /// By ``statusClassNames``.
    public var statusClasses = [Int](repeating: 0, count: statusClassNames.count)
    /// Without a response; the classes (RFC 9110 §15); a status that is in none of them.
    public static let statusClassNames = ["none", "1xx", "2xx", "3xx", "4xx", "5xx", "other"]
    public var requestBodyBytes = 0
    public var responseBodyBytes = 0

    public init() {}
  }

  public struct Distribution: Sendable {
    public var count = 0
    public var min: Int64?
    public var p50: Int64?
    public var p90: Int64?
    public var p99: Int64?
    public var max: Int64?
    public var sum: Int128 = 0

    public init() {}

    public var mean: Double? { count > 0 ? Double(sum) / Double(count) : nil }
  }

  public struct Handshakes: Sendable {
    public var paid = 0
    public var refused = 0
    public var timedOut = 0
    public var saved = 0
    /// Σ setup over those paid whose time was seen.
    public var timePaid: Int64 = 0
    /// Handshakes paid whose time could not be measured.
    public var paidNotTimed = 0
    public var timeSaved: Int64 = 0
    public var savedNotTimed = 0
    public var setup = Distribution()
    public var rtt = Distribution()
    public var synRetransmissions = 0

    public init() {}

    public var failed: Int { refused + timedOut }
  }

  public struct Reuse: Sendable {
    /// `nil` without a request. Equal bounds: exact.
    public var ratio: ClosedRange<Double>?
    public var multiUseShare: Double?
    public var requestsPerConnection = Distribution()
    public var handshakes = Handshakes()
    /// `nil` where there were exchanges and no request of them was captured.
    public var idealConnections: Int? = 0
    public var efficiency: Double?

    public init() {}
  }

  public struct Cause: Sendable {
    public var cause: OpeningCause
    public var connections: Int
    /// Σ of measured setups.
    public var setupTime: Int64
    /// Connections whose setup was measured: all of them, unless ``init(cause:connections:setupTime:timed:)`` is told otherwise.
    public var timed: Int

    public init(cause: OpeningCause, connections: Int, setupTime: Int64, timed: Int? = nil) {
      self.cause = cause
      self.connections = connections
      self.setupTime = setupTime
      self.timed = timed ?? connections
    }

    /// What the openings cost, where any of them was timed.
    package var cost: Int64? { timed > 0 ? setupTime : nil }
  }

  public struct Close: Sendable {
    public var reason: CloseReason
    public var closedBy: Side?
    public var connections: Int
  }

  public struct Idle: Sendable {
    public var gaps = Distribution()
    public var lead = Distribution()
    public var tail = Distribution()
    /// Connection-seconds idle / connection-seconds open, over connections whose opening was seen.
    public var share: Double?
    public var idleTime: Int128 = 0
    public var openTime: Int128 = 0
    /// Octets that one idle connection costs, as the user says; `nil` when not said.
    public var connectionMemory: Int?
    /// (nanoseconds t, share of idle gaps ≤ t), rising.
    public var reuseByGap: [(gap: Int64, share: Double)] = []
    public var gapsByLength: Lengths = []

    public init() {}

    /// What some idle connection-nanoseconds cost in octet-seconds; `nil` when the cost of one was not said.
    public func cost(of idleTime: Int128) -> Double? {
      connectionMemory.map { Double($0) * Double(idleTime) / 1e9 }
    }
  }

  public struct HeadOfLine: Sendable {
    /// HTTP HOL delay over pipelined exchanges with a delay.
    public var pipelinedExchanges = 0
    public var pipelinedConnections = 0
    public var delayed = 0
    public var delay = Distribution()
    public var delaysByLength: Lengths = []
    /// Client queueing: exchanges, and the bound of its delay.
    public var queued = 0
    public var queueingBound: Int64 = 0
    /// TCP HOL stalls.
    public var stalls = Distribution()
    public var stallsByLength: Lengths = []
    public var stalledExchanges = 0

    public init() {}
  }

  /// A keep-alive timeout as the closes of idle connections show it (METRICS.md §4).
  public struct InferredTimeout: Sendable {
    public var timeout: Int64
    /// The closes that fit it, and all closes of idle connections by that side.
    public var connections: Int
    public var of: Int
    /// The distance of the shortest and the longest that fit.
    public var spread: Int64
    /// Whose default lasts as long; no claim about what runs there.
    public var asDefaultOf: String?

    /// Whether these closes look like a set time at all: most closes fit, and lie close together. A side that closes at all sorts
    /// of times has none to speak of.
    public var isSharp: Bool {
      connections >= of - connections && spread <= max(timeout, FindingThresholds.shortestTimeout * 4) / 4
    }
  }

  /// A limit of requests a connection, as unasked `Connection: close` shows it (METRICS.md §4).
  public struct InferredRequestLimit: Sendable {
    public var requests: Int
    public var connections: Int
  }

  /// Figures of one server (address and port), of one pool, or of one host.
  public struct Group: Sendable {
    public var server: Endpoint?
    public var client: IPAddress?
    public var tls = false
    public var host: [UInt8]?

    public var connections = 0
    public var openingSeen = 0
    public var exchanges = 0
    public var fresh = 0
    public var reused = 0
    public var unknown = 0
    public var ratio: ClosedRange<Double>?
    public var handshakesPaid = 0
    public var handshakesFailed = 0
    public var setup = Distribution()
    public var timePaid: Int64 = 0
    public var timeSaved: Int64 = 0
    public var savedNotTimed = 0
    public var idealConnections: Int?
    public var efficiency: Double?
    /// Not kept for pools.
    public var idleGaps = Distribution()
    public var requestsPerConnection = Distribution()
    public var peakOpen: Int?
    /// Share of the time with a connection open in which more than one was.
    public var parallelShare: Double?
    public var advertisedTimeout: Int?
    public var advertisedMax: Int?
    /// Of servers: when the server, and when its clients, close an idle connection.
    public var inferredTimeout: InferredTimeout?
    public var inferredClientTimeout: InferredTimeout?
    public var inferredRequestLimit: InferredRequestLimit?
    public var timeoutMargin: TimeoutMargin?
    /// Of servers: connection-nanoseconds idle and open, over connections whose opening was seen.
    public var idleTime: Int128 = 0
    public var openTime: Int128 = 0
    /// Connections with a raced request.
    public var closeRaces = 0
    public var causes: [Cause] = []
    public var closes: [Close] = []

    public init() {}
  }

  /// Groups that were idle longest and had to make room for others: they have no rows any more, and what their connections did
  /// stays in every sum. With them count pools that would have had one connection only, which nobody answered.
  public struct Folded: Sendable {
    public var servers = 0
    public var pools = 0
    /// Pools that came back later, as new ones: those of `pools` that have a row again, or are in it twice.
    public var poolsBack = 0
    public var hosts = 0

    public init() {}

    init(servers: Int, pools: Int, poolsBack: Int, hosts: Int) {
      (self.servers, self.pools, self.poolsBack, self.hosts) = (servers, pools, poolsBack, hosts)
    }
  }

  /// Something that makes the figures less certain or that was dropped: a sentence, for standard error and the text.
  public struct Warning: Sendable {
    public var message: String
    /// Exit status 1.
    public var matters: Bool

    public init(_ message: String, matters: Bool) {
      self.message = message
      self.matters = matters
    }
  }

  public var capture = Capture()
  public var ledger = Ledger()
  public var connections = Connections()
  public var exchanges = Exchanges()
  public var reuse = Reuse()
  /// Every cause, also with no connection.
  public var causes: [Cause] = []
  /// Connections opened for `first-contact` within 1 s of the capture's begin: the pool may have had connections before it.
  public var captureStart = 0
  /// Most connections first.
  public var closes: [Close] = []
  public var idle = Idle()
  public var headOfLine = HeadOfLine()
  /// In the order of their connections' ends: of more than the configuration allows, the first half and the latest.
  public var races: [Race] = []
  public var racesOmitted = 0
  public var load = Load()
  public var timeWait = TimeWait()
  /// Most exchanges first.
  public var balance: [Balance] = []
  /// Worst first: by severity, then by what they would save.
  public var findings: [Finding] = []
  /// Most exchanges first.
  public var servers: [Group] = []
  public var pools: [Group] = []
  public var hosts: [Group] = []
  /// Groups left out of `servers`, `pools`, `hosts` by a limit.
  public var serversOmitted = 0
  public var poolsOmitted = 0
  public var hostsOmitted = 0
  public var folded = Folded()
  public var warnings: [Warning] = []

  public init() {}

  public mutating func warn(_ message: String, matters: Bool) {
    warnings.append(Warning(message, matters: matters))
  }

  /// The same of what was counted, if there was any: `rest` follows the count and its noun.
  package mutating func warn(
    of count: Int, _ singular: String, plural: String? = nil, _ rest: String, matters: Bool = true
  ) {
    if count > 0 { warn("\(Quantity.count(count, singular, plural)) \(rest)", matters: matters) }
  }
}
