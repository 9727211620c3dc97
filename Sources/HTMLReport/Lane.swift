import Reports
import ReuseAnalysis

/// A connection as the waterfall draws it. Times are nanoseconds since the capture's first packet.
struct Lane {
  var id: Int
  var client, server: Endpoint
  var opened: Int64
  /// The first FIN or RST; `nil` while open.
  var closed: Int64?
  var openingSeen: Bool
  var setup: Int64?
  var cause: OpeningCause?
  var closedBy: Side?
  var closeKind: CloseKind
  var reason: CloseReason
  var race: CloseRace?
  var exchanges, reused: Int
  var host: [UInt8]?
  var stalls: Int
  var missingBytes: Int
  var isExample: Bool
  /// In the order of their ends; fewer than `exchanges` where some had to be left out.
  var marks: [Mark] = []

  init(_ row: ConnectionRow) {
    id = row.id
    client = row.client
    server = row.server
    opened = row.opened
    closed = row.closed
    openingSeen = row.openingSeen
    setup = row.handshake?.setup
    cause = row.openedBecause
    closedBy = row.closedBy
    closeKind = row.closeKind
    reason = row.closeReason
    race = row.race
    exchanges = row.exchanges
    reused = row.reused
    host = row.hosts.first.map { Array($0.prefix(Mark.hostOctets)) }
    stalls = row.tcp.stalls
    missingBytes = row.tcp.missingBytes
    isExample = row.isExample
  }

  /// When the last thing known of it happened.
  var end: Int64 {
    var end = max(opened, closed ?? opened)
    for mark in marks { end = max(end, mark.end) }
    return end
  }
}

/// An exchange as the waterfall draws it. Times are nanoseconds since the capture's first packet.
struct Mark {
  var index: Int
  /// The first octet of the request, or of the response where the request was not captured.
  var start: Int64
  var requestEnd: Int64?
  var responseStart: Int64?
  var responseEnd: Int64?
  var holDelay: Int64
  var tcpStall: Int64
  /// 0: no response.
  var status: Int
  var isPipelined: Bool
  var isRetry: Bool
  var outcome: ExchangeOutcome
  /// Octets as sent, of long ones the begin; empty: not captured.
  var method, target: [UInt8]

  static let targetOctets = 100
  static let methodOctets = 16
  static let hostOctets = 60

  /// - Parameter redacts: leave out the content of query strings, and user-info.
  init(_ row: ExchangeRow, redacts: Bool) {
    index = row.index
    start = row.request?.start ?? row.response?.start ?? 0
    requestEnd = row.request?.end
    responseStart = row.response?.start
    responseEnd = row.response?.end
    holDelay = row.holDelay ?? 0
    tcpStall = row.tcpStall
    status = row.response?.status ?? 0
    isPipelined = row.pipelined
    isRetry = row.retryOf != nil
    outcome = row.outcome
    method = row.request.map { $0.method.prefix(limit: Self.methodOctets) } ?? []
    let sent = row.request?.target ?? []
    target = (redacts ? Redaction.target(sent) : sent).prefix(limit: Self.targetOctets)
  }

  var end: Int64 { max(start, max(requestEnd ?? start, max(responseStart ?? start, responseEnd ?? start))) }
}

extension [UInt8] {
  /// The array itself, or its first octets where it is longer.
  fileprivate func prefix(limit: Int) -> [UInt8] {
    count <= limit ? self : Array(self[..<limit])
  }
}
