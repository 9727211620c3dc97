import ReuseAnalysis

// What the traffic asked of machines over time, and how long things lasted.
extension Table {
  /// The load in intervals: `of` all servers, of one `server`, or of the rest. `time` counts from the first packet.
  /// `time_wait`: connections in TIME-WAIT at the interval's end; of all only.
  package static let load = Table(
    name: "load",
    columns: [
      .text("of"), .text("server"), .real("time"), .real("interval"), .real("open"), .real("busy"),
      .integer("openings"), .integer("handshakes"), .integer("requests"), .integer("time_wait"),
    ])

  /// Connections in TIME-WAIT by the address that closed first, the highest peak first.
  package static let timeWait = Table(
    name: "time_wait",
    columns: [.text("address"), .integer("connections"), .integer("peak"), .real("at")])

  /// Ports that a client needed towards a server at once, and their share of its ephemeral range.
  package static let ports = Table(
    name: "ports",
    columns: [.text("client"), .text("server"), .integer("peak"), .real("share")])

  /// How the exchanges of each origin with several servers spread over them.
  package static let balance = Table(
    name: "balance",
    columns: [.text("origin"), .text("server"), .integer("connections"), .integer("exchanges")])

  /// How many idle gaps, head-of-line delays and TCP stalls are no longer than `up_to`, and longer than the row before.
  package static let lengths = Table(
    name: "lengths",
    columns: [.text("of"), .real("up_to"), .integer("count")])
}

extension CellSink {
  package mutating func put(_ series: Summary.Load.Series, of kind: String, interval: Int64, timeWait: [Int] = []) {
    for (index, point) in series.points.enumerated() {
      word(kind)
      endpoint(series.server)
      seconds(Int64(index) &* interval)
      seconds(interval)
      real(point.open)
      real(point.busy)
      integer(point.openings)
      integer(point.handshakes)
      integer(point.requests)
      integer(index < timeWait.count ? timeWait[index] : nil)
      endRow()
    }
  }

  package mutating func put(_ row: Summary.TimeWait.AtEndpoint) {
    address(row.address)
    integer(row.connections)
    integer(row.peak)
    seconds(row.at)
  }

  package mutating func put(_ row: Summary.TimeWait.Ports) {
    address(row.client)
    endpoint(row.server)
    integer(row.peak)
    real(row.share)
  }

  package mutating func put(_ share: Summary.Balance.Share, of origin: [UInt8], redacts: Bool) {
    captured(redacts ? Redaction.host(origin) : origin)
    endpoint(share.server)
    integer(share.connections)
    integer(share.exchanges)
  }

  package mutating func put(_ lengths: Summary.Lengths, of kind: String) {
    for row in lengths {
      word(kind)
      seconds(row.upTo)
      integer(row.count)
      endRow()
    }
  }
}
