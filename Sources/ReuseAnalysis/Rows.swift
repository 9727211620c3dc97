import Wire

/// One side of a connection.
public struct Endpoint: Hashable, Sendable {
  public var address: IPAddress
  public var port: UInt16

  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}

/// Whether an exchange paid for its connection (METRICS.md §1). Raw values are the words of the output.
public enum ConnectionUse: String, Sendable {
  case fresh, reused, unknown
}

/// How the length of a message body was told (RFC 9112 §6.3). Raw values are the words of the output.
public enum RowFraming: String, Sendable {
  case none
  case contentLength = "content-length"
  case chunked, close, upgrade, tunnel
}

/// What became of an exchange. Raw values are the words of the output.
public enum ExchangeOutcome: String, Sendable {
  case complete, unanswered, reset, incomplete, upgraded, tunnel, malformed
}

/// The parameters of a Keep-Alive field (RFC 2068 §19.7.1.1). `timeout` in seconds.
public struct KeepAliveParameters: Hashable, Sendable {
  public var timeout: Int?
  public var max: Int?

  public init(timeout: Int? = nil, max: Int? = nil) {
    self.timeout = timeout
    self.max = max
  }
}

/// What a request asks for, octets as sent. One array for all, made once: most reports need few of them.
public struct RequestWords: Hashable, Sendable {
  /// Method, target and host one after the other.
  public let octets: [UInt8]
  private let methodEnd: Int32
  private let targetEnd: Int32
  private let hasHost: Bool

  public init(method: [UInt8], target: [UInt8], host: [UInt8]?) {
    self.init(
      method + target + (host ?? []), methodEnd: Int32(clamping: method.count),
      targetEnd: Int32(clamping: method.count + target.count), hasHost: host != nil)
  }

  init(_ octets: [UInt8], methodEnd: Int32, targetEnd: Int32, hasHost: Bool) {
    self.octets = octets
    self.methodEnd = methodEnd
    self.targetEnd = targetEnd
    self.hasHost = hasHost
  }

  public var method: [UInt8] { Array(octets.prefix(Int(methodEnd))) }
  public var target: [UInt8] { Array(octets.prefix(Int(targetEnd)).dropFirst(Int(methodEnd))) }
  public var host: [UInt8]? { hasHost ? Array(octets.dropFirst(Int(targetEnd))) : nil }
}

/// One request and its final response: a row of `--exchanges`.
///
/// All times are nanoseconds since the first packet of the capture, durations are nanoseconds, sizes octets.
/// What cannot be known from the capture is `nil`.
public struct ExchangeRow: Sendable {
  public struct Request: Sendable {
    public var start: Int64
    /// The last octet of the message; `nil` when the capture does not hold it.
    public var end: Int64?
    public var words: RequestWords
    /// "0.9", "1.0", "1.1", ….
    public var versionMajor: UInt8
    public var versionMinor: UInt8
    public var headBytes: Int
    /// Octets of content as framed: chunk framing not counted.
    public var bodyBytes: Int
    public var framing: RowFraming
    public var persistent: Bool
    public var complete: Bool

    /// Octets as sent.
    public var method: [UInt8] {
      get { words.method }
      set { words = RequestWords(method: newValue, target: target, host: host) }
    }
    public var target: [UInt8] {
      get { words.target }
      set { words = RequestWords(method: method, target: newValue, host: host) }
    }
    public var host: [UInt8]? {
      get { words.host }
      set { words = RequestWords(method: method, target: target, host: newValue) }
    }
  }

  public struct Response: Sendable {
    public var start: Int64
    public var end: Int64?
    public var status: Int
    public var versionMajor: UInt8
    public var versionMinor: UInt8
    public var headBytes: Int
    public var bodyBytes: Int
    public var framing: RowFraming
    public var persistent: Bool
    public var keepAlive: KeepAliveParameters?
    public var complete: Bool
    /// Status codes of the 1xx responses that came before it, at most ``AnalyzerConfiguration/interim`` of them.
    public var interim: [UInt16]
  }

  /// The identifier of its connection.
  public var connection: Int
  public var client, server: Endpoint
  /// Its place on its connection, from 1.
  public var index: Int
  public var use: ConnectionUse
  public var pipelined: Bool
  /// When the request began, in nanoseconds since 1970-01-01T00:00:00Z; of the response where there is no request.
  public var startTime: Int64
  public var request: Request?
  public var response: Response?
  public var idleBefore: Int64?
  public var wait: Int64?
  public var holDelay: Int64?
  public var tcpStall: Int64
  /// Octets of content that the capture does not hold; ``Request/bodyBytes`` and ``Response/bodyBytes`` count them.
  public var missingBytes: Int
  /// The exchange that this one repeats, as (connection, index).
  public var retryOf: (connection: Int, index: Int)?
  public var outcome: ExchangeOutcome
  /// Of a fresh exchange: the handshake that it paid for, and why there was one. Part of the connection's row in the output.
  public var setup: Int64?
  public var openedBecause: OpeningCause?
}

/// How it is known which side is the client. Raw values are the words of the output.
public enum RoleBasis: String, Sendable {
  /// The SYN was captured.
  case seen
  /// From the direction of HTTP messages.
  case inferred
  /// The side with the higher port number.
  case guessed
}

/// What a connection carried. Raw values are the words of the output.
public enum ConnectionProtocol: String, Sendable {
  case http10 = "http/1.0"
  case http11 = "http/1.1"
  case http09 = "http/0.9"
  case websocket, tunnel, upgraded, tls, h2c, other, empty
}

/// Why a connection was opened (METRICS.md §3). Raw values are the words of the output.
public enum OpeningCause: String, Sendable, CaseIterable {
  case firstContact = "first-contact"
  case missedReuse = "missed-reuse"
  case allBusy = "all-busy"
  case afterServerIdleClose = "after-server-idle-close"
  case afterClientIdleClose = "after-client-idle-close"
  case afterCloseHeader = "after-close-header"
  case afterHTTP10 = "after-http10"
  case afterFailure = "after-failure"
  case afterUnknown = "after-unknown"
}

/// One of the two ends of a connection. Raw values are the words of the output.
public enum Side: String, Sendable {
  case client, server
}

/// The kind of segment that ended a connection (METRICS.md §4). Raw values are the words of the output.
public enum CloseKind: String, Sendable {
  case fin, rst, none
}

/// How a connection ended (METRICS.md §4). Raw values are the words of the output.
public enum CloseReason: String, Sendable, CaseIterable {
  case midExchange = "mid-exchange"
  case upgraded, tunnel
  case closeHeader = "close-header"
  case http10
  case serverIdleClose = "server-idle-close"
  case clientIdleClose = "client-idle-close"
  case unused, open
}

/// Who said `Connection: close`. Raw values are the words of the output.
public enum CloseHeaderBy: String, Sendable {
  case client, server, both
}

/// A request that met the server's close on the wire and got no response octet (METRICS.md §6).
public struct CloseRace: Sendable {
  /// Raw values are the words of the output.
  public enum Kind: String, Sendable {
    case beforeFIN = "before-fin"
    case afterFIN = "after-fin"
  }

  public var kind: Kind
  /// The raced exchange's index on its connection.
  public var exchange: Int
  /// How long the connection had been idle when the request was sent.
  public var idle: Int64?
  /// From the server's FIN or RST to the request: negative when the request was captured first.
  public var sinceFIN: Int64
}

/// One TCP connection: a row of `--connections`. Times and durations in nanoseconds as in ``ExchangeRow``.
public struct ConnectionRow: Sendable {
  public struct Handshake: Sendable {
    /// First SYN to the client's ACK of the SYN/ACK.
    public var setup: Int64?
    /// The SYN that was answered to that ACK.
    public var rtt: Int64?
    public var synRetransmissions: Int
  }

  public struct Idle: Sendable {
    public var lead: Int64?
    public var gaps: Int
    public var total: Int64
    public var max: Int64?
    public var tail: Int64?
  }

  public struct TCP: Sendable {
    public var retransmissions: Int
    public var outOfOrder: Int
    public var stalls: Int
    public var stallTime: Int64
    public var missingBytes: Int
  }

  /// From 1, in the order in which connections began.
  public var id: Int
  public var client, server: Endpoint
  public var role: RoleBasis
  public var `protocol`: ConnectionProtocol
  public var opened: Int64
  /// The first FIN or RST; `nil` while open.
  public var closed: Int64?
  public var openingSeen: Bool
  /// `nil` where no SYN was seen.
  public var handshake: Handshake?
  public var openedBecause: OpeningCause?
  public var exchanges, fresh, reused, unknown, pipelined: Int
  public var closedBy: Side?
  public var closeKind: CloseKind
  public var closeReason: CloseReason
  public var closeHeaderBy: CloseHeaderBy?
  /// The first request that was raced.
  public var race: CloseRace?
  public var idle: Idle
  /// The last Keep-Alive parameters that the server sent.
  public var advertised: KeepAliveParameters?
  public var tcp: TCP
  /// Payload octets on the wire, each copy of retransmitted ones included.
  public var clientBytes, serverBytes: Int
  public var clientPackets, serverPackets: Int
  /// Distinct Host values, at most ``hostLimit`` of them.
  public var hosts: [[UInt8]]
  /// It may be named as an example of a finding: reports that show only some connections keep it. Not part of the output.
  public var isExample = false

  public static let hostLimit = 8
}
