import ReuseAnalysis

extension Table {
  package static let exchanges = Table(
    name: "exchanges",
    columns: [
      .integer("connection"), .text("client"), .text("server"), .integer("index"), .text("use"), .boolean("pipelined"),
      .text("start_time"), .real("request_start"), .real("request_end"), .text("request_method"),
      .text("request_target"), .text("request_host"), .text("request_version"), .integer("request_head_bytes"),
      .integer("request_body_bytes"), .text("request_framing"), .boolean("request_persistent"),
      .boolean("request_complete"), .real("response_start"), .real("response_end"), .integer("response_status"),
      .text("response_version"), .integer("response_head_bytes"), .integer("response_body_bytes"),
      .text("response_framing"), .boolean("response_persistent"), .integer("response_keep_alive_timeout"),
      .integer("response_keep_alive_max"), .boolean("response_complete"), .text("response_interim"),
      .real("idle_before"), .real("wait"), .real("hol_delay"), .real("tcp_stall"), .integer("missing_bytes"),
      .integer("retry_of_connection"), .integer("retry_of_index"), .text("outcome"),
    ])

  package static let connections = Table(
    name: "connections",
    columns: [
      .integer("id"), .text("client"), .text("server"), .text("role"), .text("protocol"), .real("opened"),
      .real("closed"), .boolean("opening_seen"), .real("handshake_setup"), .real("handshake_rtt"),
      .integer("handshake_syn_retransmissions"), .text("opened_because"), .integer("exchanges"), .integer("fresh"),
      .integer("reused"), .integer("unknown"), .integer("pipelined"), .text("closed_by"), .text("close_kind"),
      .text("close_reason"), .text("close_header_by"), .text("race_kind"), .integer("race_exchange"),
      .real("race_idle"), .real("race_since_fin"), .real("idle_lead"), .integer("idle_gaps"), .real("idle_total"),
      .real("idle_max"), .real("idle_tail"), .integer("advertised_timeout"), .integer("advertised_max"),
      .integer("tcp_retransmissions"), .integer("tcp_out_of_order"), .integer("tcp_stalls"), .real("tcp_stall_time"),
      .integer("tcp_missing_bytes"), .integer("bytes_client"), .integer("bytes_server"), .integer("packets_client"),
      .integer("packets_server"), .text("hosts"),
    ])
}

extension CellSink {
  package mutating func put(_ row: ExchangeRow, redacts: Bool) {
    integer(row.connection)
    endpoint(row.client)
    endpoint(row.server)
    integer(row.index)
    word(row.use.rawValue)
    boolean(row.pipelined)
    timestamp(row.startTime)
    if let request = row.request {
      seconds(request.start)
      seconds(request.end)
      captured(request.method)
      captured(redacts ? Redaction.target(request.target) : request.target)
      captured(redacts ? request.host.map(Redaction.host) : request.host)
      version(request.versionMajor, request.versionMinor)
      integer(request.headBytes)
      integer(request.bodyBytes)
      word(request.framing.rawValue)
      boolean(request.persistent)
      boolean(request.complete)
    } else {
      nulls(11)
    }
    if let response = row.response {
      seconds(response.start)
      seconds(response.end)
      integer(response.status)
      version(response.versionMajor, response.versionMinor)
      integer(response.headBytes)
      integer(response.bodyBytes)
      word(response.framing.rawValue)
      boolean(response.persistent)
      integer(response.keepAlive?.timeout)
      integer(response.keepAlive?.max)
      boolean(response.complete)
      word(response.interim.isEmpty ? nil : response.interim.map(String.init).joined(separator: " "))
    } else {
      nulls(12)
    }
    seconds(row.idleBefore)
    seconds(row.wait)
    seconds(row.holDelay)
    seconds(row.tcpStall)
    integer(row.missingBytes)
    integer(row.retryOf?.connection)
    integer(row.retryOf?.index)
    word(row.outcome.rawValue)
    endRow()
  }

  package mutating func put(_ row: ConnectionRow, redacts: Bool) {
    integer(row.id)
    endpoint(row.client)
    endpoint(row.server)
    word(row.role.rawValue)
    word(row.protocol.rawValue)
    seconds(row.opened)
    seconds(row.closed)
    boolean(row.openingSeen)
    seconds(row.handshake?.setup)
    seconds(row.handshake?.rtt)
    integer(row.handshake?.synRetransmissions)
    word(row.openedBecause?.rawValue)
    integer(row.exchanges)
    integer(row.fresh)
    integer(row.reused)
    integer(row.unknown)
    integer(row.pipelined)
    word(row.closedBy?.rawValue)
    word(row.closeKind.rawValue)
    word(row.closeReason.rawValue)
    word(row.closeHeaderBy?.rawValue)
    word(row.race?.kind.rawValue)
    integer(row.race?.exchange)
    seconds(row.race?.idle)
    seconds(row.race?.sinceFIN)
    seconds(row.idle.lead)
    integer(row.idle.gaps)
    seconds(row.idle.total)
    seconds(row.idle.max)
    seconds(row.idle.tail)
    integer(row.advertised?.timeout)
    integer(row.advertised?.max)
    integer(row.tcp.retransmissions)
    integer(row.tcp.outOfOrder)
    integer(row.tcp.stalls)
    seconds(row.tcp.stallTime)
    integer(row.tcp.missingBytes)
    integer(row.clientBytes)
    integer(row.serverBytes)
    integer(row.clientPackets)
    integer(row.serverPackets)
    list(redacts ? row.hosts.map(Redaction.host) : row.hosts)
    endRow()
  }

  private mutating func nulls(_ count: Int) {
    for _ in 0..<count { null() }
  }

  private mutating func version(_ major: UInt8, _ minor: UInt8) {
    word("\(major).\(minor)")
  }
}
