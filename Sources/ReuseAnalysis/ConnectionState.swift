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
  var id: Int
  /// The side, 0 or 1, that is the client; -1 while unknown.
  var client: Int8 = -1
  var roleBasis = RoleBasis.guessed
  var carried = Carried.undecided
  var availability = Availability.absent
  /// Counted among the open connections of the whole, and of its pool.
  var isCountedOpen = true
  var isCountedInPool = false
  /// It holds one of its client's ports; it has been closed by both sides in order.
  var holdsPort = false
  var closedInOrder = false
  var pool: Int32 = -1
  var server: Int32 = -1
  /// Its server's line of the load over time.
  var loadLine: Int32 = -1
  var cause: OpeningCause?
  var established: Int64 = .min

  var request = DirectionState(.request)
  var response = DirectionState(.response)

  /// Exchanges not yet reported, oldest first.
  var firstExchange: Int32 = -1
  var lastExchange: Int32 = -1
  /// The oldest request without a final response.
  var firstUnanswered: Int32 = -1
  /// The exchange whose response began before its request's head had ended.
  var earlyRequest: Int32 = -1
  /// 1xx responses to the oldest unanswered request have come: ``Analyzer/awaitedInterims`` has their status codes.
  var hasInterim = false

  var exchanges: Int32 = 0
  var requests: Int32 = 0
  var reused: Int32 = 0
  var fresh: Int32 = 0
  var unknown: Int32 = 0
  var pipelined: Int32 = 0
  var httpMinor: UInt8 = 1
  var http09 = false

  /// The end of the last reported exchange's response, `.min` when unknown.
  var lastResponseEnd: Int64 = .min
  var lastRequestStart: Int64 = .min
  var lastWasHTTP10 = false
  var clientSaidClose = false
  var serverSaidClose = false
  var headHit = false

  var gaps: Int32 = 0
  var gapTotal: Int64 = 0
  var gapMax: Int64 = -1
  var lead: Int64 = -1
  var advertisedTimeout: Int32 = -1
  var advertisedMax: Int32 = -1
  var hosts = HostList()
  var lastHost: Int32 = -1
  /// Exchanges over and not yet added to the groups, all of one host.
  var counts = ExchangeCounts()
  var countedHost: Int32 = -1

  /// Something was in progress at the first FIN or RST. `nil` before it.
  var inProgressAtClose: Bool?
  var closeDecided = false
  /// The server said `close` to a request that had asked to persist.
  var unaskedClose = false
  private var races: [CloseRace] = []
  var reset = false
  var counted = false
  /// Opened for `after-server-idle-close`: the end of the last exchange of the connection that had been closed.
  var bridgedFrom: Int64 = .min
  /// The end of an earlier connection without which the opening would have been spared.
  var chargedTo: AvoidableEnd?
  /// A request waited behind another's answer.
  var hasWaited = false

  init(id: Int) { self.id = id }

  /// The close race that one of its requests lost. Few connections have one.
  var race: CloseRace? {
    get { races.first }
    set { races = newValue.map { [$0] } ?? [] }
  }
}

// What a segment does to a direction, in place.
extension ConnectionState {
  @inline(__always)
  mutating func takeContent(
    _ direction: MessageParser.Direction, _ available: Int, at time: Int64
  ) -> (content: Int, isComplete: Bool, place: MessageParser.Place) {
    switch direction {
    case .request: request.takeContent(available, at: time)
    case .response: response.takeContent(available, at: time)
    }
  }

  @inline(__always)
  mutating func takeHead(
    _ direction: MessageParser.Direction, _ framing: BodyFraming, available: Int
  ) -> (content: Int, isComplete: Bool, place: MessageParser.Place) {
    switch direction {
    case .request: request.parser.takeHead(framing, available: available)
    case .response: response.parser.takeHead(framing, available: available)
    }
  }

  /// The message that is arriving is complete: its exchange, and when it ended.
  @inline(__always)
  mutating func endMessage(_ direction: MessageParser.Direction) -> (exchange: Int, time: Int64) {
    switch direction {
    case .request: request.endMessage()
    case .response: response.endMessage()
    }
  }
}

extension ConnectionState {
  subscript(direction: MessageParser.Direction) -> DirectionState {
    get {
      switch direction {
      case .request: request
      case .response: response
      }
    }
    _modify {
      switch direction {
      case .request: yield &request
      case .response: yield &response
      }
    }
  }

  /// A response is arriving, or due.
  var awaitsResponse: Bool { firstUnanswered >= 0 || response.arriving >= 0 }

  /// Takes in a new exchange at the end of its list: the one before it, and its own index and use.
  mutating func append(_ exchange: Int32, openingSeen: Bool) -> (before: Int32, index: Int32, use: ConnectionUse) {
    let before = lastExchange
    if before < 0 { firstExchange = exchange }
    lastExchange = exchange
    exchanges &+= 1
    let use = exchanges > 1 ? ConnectionUse.reused : openingSeen ? .fresh : .unknown
    switch use {
    case .reused: reused &+= 1
    case .fresh: fresh &+= 1
    case .unknown: unknown &+= 1
    }
    return (before, exchanges, use)
  }

  /// The first exchange of the list leaves it; `next` is the one after it.
  mutating func removeFirst(_ exchange: Int32, next: Int32) {
    firstExchange = next
    if next < 0 { lastExchange = -1 }
    if request.arriving == exchange { request.arriving = -1 }
    if response.arriving == exchange { response.arriving = -1 }
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
    lastResponseEnd = exchange.isOver ? exchange.response.end : .min
    if exchange.response.seen {
      let persisted = exchange.persists || !exchange.request.seen && exchange.response.persists
      lastWasHTTP10 = !persisted
    }
  }

  /// A request's head has been read; its exchange is known.
  @inline(__always)
  mutating func take(_ head: RequestHead, exchange: Int32, isNew: Bool) {
    request.recognised = true
    lastRequestStart = request.messageStart
    earlyRequest = -1
    if head.fields.connectionClose { clientSaidClose = true }
    if head.isSimple { http09 = true } else { httpMinor = head.versionMinor }
    request.arriving = exchange
    guard isNew else { return }
    requests &+= 1
    if firstUnanswered < 0 { firstUnanswered = exchange }
  }

  /// A response's head has been read.
  @inline(__always)
  mutating func take(_ head: ResponseHead) {
    response.recognised = true
    if let timeout = head.fields.keepAliveTimeout { advertisedTimeout = timeout }
    if let max = head.fields.keepAliveMax { advertisedMax = max }
  }
}
