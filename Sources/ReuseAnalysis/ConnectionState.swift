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

/// One direction of an HTTP connection.
struct DirectionState: Sendable {
  var parser: MessageParser
  /// The first octets have been recognised as HTTP/1.
  var recognised = false
  /// They have been recognised as something else.
  var refused = false
  /// When the message now arriving began, and the latest time of its octets so far.
  var messageStart: Int64 = 0
  var messageTime: Int64 = 0
  /// The offset of its first octet, and what its sender had received.
  var messageOffset: Int64 = 0
  var messageAcknowledges: Int64 = .min
  /// Octets were missing where a message head may have been, up to this offset.
  var lostUntil: Int64 = .min

  init(_ direction: MessageParser.Direction) {
    parser = MessageParser(direction)
  }
}

/// HTTP's view of one connection, beside the `TrackedConnection` of the same slot.
struct ConnectionState: Sendable {
  var id = 0
  /// The side, 0 or 1, that is the client; -1 while unknown.
  var client: Int8 = -1
  var roleBasis = RoleBasis.guessed
  var carried = Carried.undecided
  var availability = Availability.absent
  /// Counted among the open connections of the whole, and of its pool.
  var isCountedOpen = false
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
  /// The exchange whose request, or response, is arriving.
  var arrivingRequest: Int32 = -1
  var arrivingResponse: Int32 = -1
  /// The exchange whose response began before its request's head had ended.
  var earlyRequest: Int32 = -1
  /// Status codes of 1xx responses to the oldest unanswered request.
  var interim: [UInt16] = []

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
  /// The last reported exchange persisted; unknown ones do not count.
  var lastPersisted = true
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
  var hosts: [Int32] = []
  var lastHost: Int32 = -1
  /// The last exchanges to end, as many as had this host, not yet added to the balance.
  var balanceHost: Int32 = -1
  var balanceExchanges: Int32 = 0

  /// Something was in progress at the first FIN or RST. `nil` before it.
  var inProgressAtClose: Bool?
  var closeDecided = false
  /// The server said `close` to a request that had asked to persist.
  var unaskedClose = false
  var race: CloseRace?
  var reset = false
  var counted = false
  /// Opened for `after-server-idle-close`: the end of the last exchange of the connection that had been closed.
  var bridgedFrom: Int64 = .min
  /// The end of an earlier connection without which the opening would have been spared.
  var chargedTo: AvoidableEnd?
  /// A request waited behind another's answer.
  var hasWaited = false

  var busy = BusyPeak.Node()
}

/// An exchange that has begun and is not yet reported. Times are the packets'.
struct OpenExchange: Sendable {
  var next: Int32 = -1
  var index: Int32 = 0
  var use = ConnectionUse.unknown
  var pipelined = false

  var hasRequest = false
  var requestComplete = false
  var requestPersists = false
  var requestStart: Int64 = 0
  var requestEnd: Int64 = .min
  var requestOffset: Int64 = 0
  var requestAcknowledges: Int64 = .min
  var methodKind = RequestMethodKind.other
  var requestMajor: UInt8 = 1
  var requestMinor: UInt8 = 1
  var requestFraming = RowFraming.none
  var requestHead: Int32 = 0
  var requestBody: Int64 = 0
  /// Method, target and host one after the other; empty unless rows were asked for.
  var text: [UInt8] = []
  var methodEnd: Int32 = 0
  var targetEnd: Int32 = 0
  var hasHost = false
  var host: Int32 = -1

  var hasResponse = false
  var responseComplete = false
  var responsePersists = false
  /// Its response was where octets are missing.
  var responseLost = false
  var malformed = false
  var responseStart: Int64 = 0
  var responseEnd: Int64 = .min
  var status: UInt16 = 0
  var responseMajor: UInt8 = 1
  var responseMinor: UInt8 = 1
  var responseFraming = RowFraming.none
  var responseHead: Int32 = 0
  var responseBody: Int64 = 0
  var keepAlive: KeepAliveParameters?
  var interim: [UInt16] = []

  var idleBefore: Int64 = -1
  var stall: Int64 = 0
  var lastStallEnd: Int64 = .min
  /// Bound of the client queueing before it, -1 when there was none.
  var queueing: Int64 = -1
  var upgraded = false
  var tunnel = false
  /// It met the server's close on the wire (METRICS.md §6).
  var raced = false
  /// A seeded hash of what it asks for, 0 when that is not known.
  var fingerprint: UInt64 = 0
  /// It repeats an exchange that ended unanswered; it is one that was remembered for that.
  var isRetry = false
  var isRemembered = false

  var persists: Bool { requestPersists && responsePersists }
  var isOver: Bool { (requestComplete || !hasRequest) && responseComplete }
}
