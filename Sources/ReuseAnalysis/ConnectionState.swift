import HTTP1
import TCPStreams

/// What a connection is known to carry.
enum Carried: UInt8, Sendable {
  /// Nothing seen that decides it.
  case undecided
  case http
  /// After a 101, by the protocol it named.
  case websocket, upgraded
  /// After a 2xx to CONNECT.
  case tunnel
  case tls, h2c, other

  var isOpaque: Bool {
    switch self {
    case .undecided, .http: false
    case .websocket, .upgraded, .tunnel, .tls, .h2c, .other: true
    }
  }
}

/// Where a connection stands in its pool: what a client that wants to send a request could do with it (METRICS.md §3).
enum Availability: UInt8, Sendable {
  /// Not in the pool: no opening seen yet, or closing.
  case absent
  case opening
  /// Established, nothing in progress, persistent as far as known.
  case idle
  case busy
  /// Its last exchange could not persist, or it carries something else now.
  case spent
  /// Its content cannot be followed.
  case opaque
}

/// HTTP's view of one connection, beside the `TrackedConnection` of the same slot.
struct ConnectionState: Sendable {
  // A million of these are meant to fit into memory: the widest fields first, so that none is padded.
  var id: Int
  var established: Int64 = .min
  /// The end of the last reported exchange, `.min` when unknown: its response's, or its request's after an early response.
  var lastExchangeEnd: Int64 = .min
  var lastRequestStart: Int64 = .min
  var gapTotal: Int64 = 0
  var gapMax: Int64 = -1
  var lead: Int64 = -1
  /// Opened for `after-server-idle-close`: the end of the last exchange of the connection that had been closed.
  var bridgedFrom: Int64 = .min

  var pool: Int32 = -1
  var server: Int32 = -1
  /// Its server's line of the load over time.
  var loadLine: Int32 = -1
  /// Where its two directions are, in ``Analyzer/pairs``: 0 while nothing is in progress.
  var pair: Int32 = 0
  /// Exchanges not yet reported, oldest first.
  var firstExchange: Int32 = -1
  var lastExchange: Int32 = -1
  /// The oldest request without a final response.
  var firstUnanswered: Int32 = -1
  /// The exchange whose response began before its request's head had ended.
  var earlyRequest: Int32 = -1
  var exchanges: Int32 = 0
  var requests: Int32 = 0
  var pipelined: Int32 = 0
  var gaps: Int32 = 0
  var advertisedTimeout: Int32 = -1
  /// The most that was said: servers count down.
  var advertisedMax: Int32 = -1
  /// The first host that its requests named; further ones are in ``Analyzer/moreHosts``.
  var firstHost: Int32 = -1
  var lastHost: Int32 = -1
  /// Exchanges over and not yet added to the groups, all of one host.
  var countedHost: Int32 = -1
  var counts = ExchangeCounts()

  /// The side, 0 or 1, that is the client; -1 while unknown.
  var client: Int8 = -1
  var roleBasis = RoleBasis.guessed
  var carried = Carried.undecided
  var availability = Availability.absent
  var cause: OpeningCause?
  /// The end of an earlier connection without which the opening would have been spared.
  var chargedTo: AvoidableEnd?
  var httpMinor: UInt8 = 1
  var http09 = false
  /// Counted among the open connections of the whole, and of its pool.
  var isCountedOpen = true
  var isCountedInPool = false
  /// It holds one of its client's ports; it has been closed by both sides in order.
  var holdsPort = false
  var closedInOrder = false
  /// Its first exchange was fresh; if not, its use is unknown. All others are reused.
  private var isFirstFresh = false
  /// 1xx responses to the oldest unanswered request have come: ``Analyzer/awaitedInterims`` has their status codes.
  var hasInterim = false
  var hasMoreHosts = false
  /// One of its requests lost a race: ``Analyzer/closeRaces`` has it.
  var hasRace = false
  /// The server reset it on a request that came after a pause, before any octet of an answer.
  var hasUnread = false
  /// A request waited behind another's answer.
  var hasWaited = false
  var headHit = false
  var lastWasHTTP10 = false
  var clientSaidClose = false
  var serverSaidClose = false
  /// The server said `close` to a request that had asked to persist.
  var unaskedClose = false
  /// Something was in progress at the first FIN or RST. `nil` before it.
  var inProgressAtClose: Bool?
  var closeDecided = false
  var reset = false
  var counted = false

  init(id: Int) { self.id = id }

  var fresh: Int32 { exchanges > 0 && isFirstFresh ? 1 : 0 }
  var unknown: Int32 { exchanges > 0 && !isFirstFresh ? 1 : 0 }
  var reused: Int32 { max(0, exchanges - 1) }
}

extension ConnectionState {
  /// Its places may be others' from now on.
  mutating func leaveGroups() {
    (pool, server, loadLine) = (-1, -1, -1)
    (firstHost, lastHost, countedHost) = (-1, -1, -1)
  }

  /// Takes in a new exchange at the end of its list: the one before it, and its own index and use.
  mutating func append(_ exchange: Int32, openingSeen: Bool) -> (before: Int32, index: Int32, use: ConnectionUse) {
    let before = lastExchange
    if before < 0 { firstExchange = exchange }
    lastExchange = exchange
    exchanges &+= 1
    let use = exchanges > 1 ? ConnectionUse.reused : openingSeen ? .fresh : .unknown
    if use == .fresh { isFirstFresh = true }
    return (before, exchanges, use)
  }

  /// The first exchange of the list leaves it; `next` is the one after it.
  mutating func removeFirst(next: Int32) {
    firstExchange = next
    if next < 0 { lastExchange = -1 }
  }

  /// Counts an exchange that is over; its `use` if it has a request, and how long the connection was idle before it (-1:
  /// it was not).
  mutating func count(_ use: ConnectionUse?, idle: Int64) {
    counts.exchanges &+= 1
    switch use {
    case .fresh: counts.fresh &+= 1
    case .reused: counts.reused &+= 1
    case .unknown: counts.unknown &+= 1
    case nil: break
    }
    guard idle >= 0 else { return }
    gaps &+= 1
    gapTotal &+= idle
    if idle > gapMax { gapMax = idle }
  }

  /// The exchange at the front has been reported.
  @inline(__always)
  mutating func noteReported(_ exchange: OpenExchange) {
    lastExchangeEnd = exchange.isOver ? exchange.end : .min
    if exchange.response.seen {
      let persisted = exchange.persists || !exchange.request.seen && exchange.response.persists
      lastWasHTTP10 = !persisted
    } else if exchange.request.isSimple {
      // HTTP/0.9 has no response head: the close is its end.
      lastWasHTTP10 = true
    }
  }

  /// A request's head has been read; its exchange is known.
  @inline(__always)
  mutating func take(_ head: RequestHead, exchange: Int32, isNew: Bool, at start: Int64) {
    lastRequestStart = start
    earlyRequest = -1
    if head.fields.connectionClose { clientSaidClose = true }
    if head.isSimple { http09 = true } else { httpMinor = head.versionMinor }
    guard isNew else { return }
    requests &+= 1
    if firstUnanswered < 0 { firstUnanswered = exchange }
  }

  /// A response's head has been read.
  @inline(__always)
  mutating func take(_ head: ResponseHead) {
    if let timeout = head.fields.keepAliveTimeout { advertisedTimeout = timeout }
    if let max = head.fields.keepAliveMax { advertisedMax = Swift.max(advertisedMax, max) }
  }
}
