import ReuseAnalysis

extension Table {
  private static let uses: [Column] = [
    .integer("connections"), .integer("exchanges"), .integer("fresh"), .integer("reused"), .integer("unknown"),
    .real("ratio_low"), .real("ratio_high"),
  ]

  private static let figures: [Column] =
    uses + [
      .integer("opening_seen"), .real("requests_per_connection_mean"), .integer("requests_per_connection_p50"),
      .integer("requests_per_connection_max"), .integer("handshakes_paid"), .integer("handshakes_failed"),
      .real("handshakes_time_paid"), .real("handshakes_time_saved"), .integer("handshakes_saved_not_timed"),
      .real("handshakes_setup_p50"), .real("handshakes_setup_p99"), .integer("ideal_connections"), .real("efficiency"),
    ]

  package static let servers = Table(
    name: "servers",
    columns: [.text("server")] + figures + [
      .integer("idle_gaps_count"), .real("idle_gaps_p50"), .real("idle_gaps_p90"), .real("idle_gaps_max"),
      .real("inferred_timeout_seconds"), .integer("inferred_timeout_connections"), .integer("inferred_timeout_of"),
      .text("inferred_timeout_as_default_of"), .real("inferred_client_timeout_seconds"),
      .integer("inferred_client_timeout_connections"), .integer("inferred_client_timeout_of"),
      .integer("advertised_timeout"), .integer("inferred_request_limit_requests"),
      .integer("inferred_request_limit_connections"), .integer("advertised_max"), .integer("close_races"),
    ])

  package static let pools = Table(
    name: "pools",
    columns: [.text("client"), .text("server"), .boolean("tls")] + figures + [
      .integer("peak_open"), .real("parallel_share"),
    ])

  package static let hosts = Table(name: "hosts", columns: [.text("host")] + uses)

  /// Why connections were opened: of the capture (`server` null), and by server.
  package static let causes = Table(
    name: "causes",
    columns: [.text("server"), .text("cause"), .integer("connections"), .real("setup_time")])

  /// How connections ended: of the capture (`server` null), and by server.
  package static let closes = Table(
    name: "closes",
    columns: [.text("server"), .text("reason"), .text("closed_by"), .integer("connections")])

  package static let races = Table(
    name: "races",
    columns: [
      .integer("connection"), .text("client"), .text("server"), .text("kind"), .integer("exchange"), .real("time"),
      .real("idle"), .real("since_fin"), .real("timeout"),
    ])
}

extension CellSink {
  private mutating func uses(_ group: Summary.Group) {
    integer(group.connections)
    integer(group.exchanges)
    integer(group.fresh)
    integer(group.reused)
    integer(group.unknown)
    real(group.ratio?.lowerBound)
    real(group.ratio?.upperBound)
  }

  private mutating func figures(_ group: Summary.Group) {
    uses(group)
    integer(group.openingSeen)
    real(group.requestsPerConnection.mean)
    integer(group.requestsPerConnection.p50.map { Int($0) })
    integer(group.requestsPerConnection.max.map { Int($0) })
    integer(group.handshakesPaid)
    integer(group.handshakesFailed)
    seconds(group.timePaid)
    seconds(group.timeSaved)
    integer(group.savedNotTimed)
    seconds(group.setup.p50)
    seconds(group.setup.p99)
    integer(group.idealConnections)
    real(group.efficiency)
  }

  package mutating func put(server group: Summary.Group) {
    endpoint(group.server)
    figures(group)
    integer(group.idleGaps.count)
    seconds(group.idleGaps.p50)
    seconds(group.idleGaps.p90)
    seconds(group.idleGaps.max)
    seconds(group.inferredTimeout?.timeout)
    integer(group.inferredTimeout?.connections)
    integer(group.inferredTimeout?.of)
    word(group.inferredTimeout?.asDefaultOf)
    seconds(group.inferredClientTimeout?.timeout)
    integer(group.inferredClientTimeout?.connections)
    integer(group.inferredClientTimeout?.of)
    integer(group.advertisedTimeout)
    integer(group.inferredRequestLimit?.requests)
    integer(group.inferredRequestLimit?.connections)
    integer(group.advertisedMax)
    integer(group.closeRaces)
  }

  package mutating func put(pool group: Summary.Group) {
    address(group.client)
    endpoint(group.server)
    boolean(group.tls)
    figures(group)
    integer(group.peakOpen)
    real(group.parallelShare)
  }

  package mutating func put(host group: Summary.Group, redacts: Bool) {
    captured(redacts ? group.host.map(Redaction.host) : group.host)
    uses(group)
  }

  package mutating func put(_ cause: Summary.Cause, server: Endpoint?) {
    endpoint(server)
    word(cause.cause.rawValue)
    integer(cause.connections)
    seconds(cause.setupTime)
  }

  package mutating func put(_ close: Summary.Close, server: Endpoint?) {
    endpoint(server)
    word(close.reason.rawValue)
    word(close.closedBy?.rawValue)
    integer(close.connections)
  }

  package mutating func put(_ race: Summary.Race) {
    integer(race.connection)
    endpoint(race.client)
    endpoint(race.server)
    word(race.kind.rawValue)
    integer(race.exchange)
    seconds(race.time)
    seconds(race.idle)
    seconds(race.sinceFIN)
    seconds(race.timeout)
  }
}

/// A table of the summary, with the rows that a summary has for it.
package struct SummaryTable<Sink: CellSink> {
  package let table: Table
  package let write: (_ summary: Summary, _ sink: inout Sink) -> Void
}

extension SummaryTable {
  package static func all(redacts: Bool) -> [SummaryTable] {
    [
      SummaryTable(table: .servers) { summary, sink in
        for row in summary.servers {
          sink.put(server: row)
          sink.endRow()
        }
      },
      SummaryTable(table: .pools) { summary, sink in
        for row in summary.pools {
          sink.put(pool: row)
          sink.endRow()
        }
      },
      SummaryTable(table: .hosts) { summary, sink in
        for row in summary.hosts {
          sink.put(host: row, redacts: redacts)
          sink.endRow()
        }
      },
      SummaryTable(table: .causes) { summary, sink in
        for (server, rows) in [(nil, summary.causes)] + summary.servers.map({ ($0.server, $0.causes) }) {
          for row in rows {
            sink.put(row, server: server)
            sink.endRow()
          }
        }
      },
      SummaryTable(table: .closes) { summary, sink in
        for (server, rows) in [(nil, summary.closes)] + summary.servers.map({ ($0.server, $0.closes) }) {
          for row in rows {
            sink.put(row, server: server)
            sink.endRow()
          }
        }
      },
      SummaryTable(table: .races) { summary, sink in
        for row in summary.races {
          sink.put(row)
          sink.endRow()
        }
      },
      SummaryTable(table: .findings) { summary, sink in
        for row in summary.findings {
          sink.put(row, redacts: redacts)
          sink.endRow()
        }
      },
      SummaryTable(table: .load) { summary, sink in
        let load = summary.load
        sink.put(load.total, of: "all", interval: load.interval, timeWait: summary.timeWait.points)
        for series in load.servers { sink.put(series, of: "server", interval: load.interval) }
        if let rest = load.rest { sink.put(rest, of: "rest", interval: load.interval) }
      },
      SummaryTable(table: .timeWait) { summary, sink in
        for row in summary.timeWait.endpoints {
          sink.put(row)
          sink.endRow()
        }
      },
      SummaryTable(table: .ports) { summary, sink in
        for row in summary.timeWait.ports {
          sink.put(row)
          sink.endRow()
        }
      },
      SummaryTable(table: .balance) { summary, sink in
        for origin in summary.balance {
          for share in origin.servers {
            sink.put(share, of: origin.origin, redacts: redacts)
            sink.endRow()
          }
        }
      },
      SummaryTable(table: .lengths) { summary, sink in
        sink.put(summary.idle.gapsByLength, of: "idle-gap")
        sink.put(summary.headOfLine.delaysByLength, of: "http-hol-delay")
        sink.put(summary.headOfLine.stallsByLength, of: "tcp-stall")
      },
    ]
  }
}
