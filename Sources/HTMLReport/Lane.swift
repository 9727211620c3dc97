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
  var marks: [Mark]

  init(_ row: ConnectionRow, _ marks: [Mark]) {
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
    self.marks = marks
  }

  /// When the last thing known of it happened.
  var end: Int64 {
    var end = max(opened, closed ?? opened)
    for mark in marks { end = max(end, mark.end) }
    return end
  }
}
