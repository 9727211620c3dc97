import ReuseAnalysis
import Wire

/// A summary as one JSON object: every figure, and all tables in full.
package struct SummaryJSON {
  var json = JSONWriter()
  let redacts: Bool

  /// - Parameter redacts: leave out user-info in the names of hosts.
  package init(_ summary: Summary, redacts: Bool = false) {
    self.redacts = redacts
    write(summary)
  }

  package var buffer: OctetBuffer { json.buffer }

  private mutating func write(_ summary: Summary) {
    json.begin(.object)
    json.key("reusescope")
    json.string(reusescopeVersion)
    write(summary.capture)
    write(summary.ledger)
    write(summary.connections)
    write(summary.exchanges)
    write(summary.reuse)
    write(summary.causes)
    integer("capture_start", summary.captureStart)
    write(summary.closes)
    write(summary.idle)
    write(summary.headOfLine)
    write(races: summary.races, omitted: summary.racesOmitted)
    write(summary.load)
    write(summary.timeWait)
    write(summary.balance)
    write(servers: summary.servers, omitted: summary.serversOmitted, folded: summary.folded, idle: summary.idle)
    write(pools: summary.pools, omitted: summary.poolsOmitted, folded: summary.folded)
    write(hosts: summary.hosts, omitted: summary.hostsOmitted, folded: summary.folded)
    write(summary.findings)
    write(summary.warnings)
    json.end()
    json.raw("\n")
  }

  private mutating func write(_ capture: Summary.Capture) {
    json.key("capture")
    json.begin(.object)
    strings("files", capture.files)
    json.key("start")
    if let start = capture.start {
      json.raw("\"")
      json.buffer.appendTimestamp(nanosecondsSince1970: start)
      json.raw("\"")
    } else {
      json.null()
    }
    seconds("duration", capture.duration)
    integer("packets", capture.packets)
    integer("bytes", capture.bytes)
    strings("link_types", capture.linkTypes)
    bool("truncated", capture.truncated)
    integer("drops", capture.drops)
    integer("time_steps_back", capture.timeStepsBack)
    integer("cut_packets", capture.cutPackets)
    json.end()
  }

  private mutating func write(_ ledger: Summary.Ledger) {
    json.key("ledger")
    json.begin(.object)
    integer("packets", ledger.packets)
    integer("tcp", ledger.tcp)
    integer("other_ports", ledger.otherPorts)
    integer("duplicate_frames", ledger.duplicateFrames)
    integer("fragments", ledger.fragments)
    integer("not_ip", ledger.notIP)
    integer("not_tcp", ledger.notTCP)
    integer("undecodable", ledger.undecodable)
    integer("limit", ledger.limit)
    rows("stops", ledger.stops) {
      $0.string("layer", $1.layer)
      $0.string("reason", $1.reason)
      $0.integer("packets", $1.packets)
    }
    integer("payload_bytes", ledger.payloadBytes)
    integer("delivered", ledger.delivered)
    integer("retransmitted", ledger.retransmitted)
    integer("overlapping", ledger.overlapping)
    integer("missing_cut", ledger.missingCut)
    integer("missing_unseen", ledger.missingUnseen)
    integer("out_of_window", ledger.outOfWindow)
    integer("after_close", ledger.afterClose)
    integer("dropped_by_limit", ledger.droppedByLimit)
    json.end()
  }

  private mutating func write(_ connections: Summary.Connections) {
    json.key("connections")
    json.begin(.object)
    integer("total", connections.total)
    integer("opening_seen", connections.openingSeen)
    integer("http", connections.http)
    rows("by_protocol", connections.byProtocol) {
      $0.string("protocol", $1.protocol.rawValue)
      $0.integer("connections", $1.connections)
    }
    integer("short", connections.short)
    integer("persistent", connections.persistent)
    integer("unused", connections.unused)
    integer("open_with_one", connections.openWithOne)
    integer("peak_open", connections.peakOpen)
    integer("peak_busy", connections.peakBusy)
    integer("roles_inferred", connections.rolesInferred)
    integer("roles_guessed", connections.rolesGuessed)
    integer("heads_hit", connections.headsHit)
    integer("missing_bytes", connections.missingBytes)
    json.end()
  }

  private mutating func write(_ exchanges: Summary.Exchanges) {
    json.key("exchanges")
    json.begin(.object)
    integer("total", exchanges.total)
    integer("with_request", exchanges.withRequest)
    integer("fresh", exchanges.fresh)
    integer("reused", exchanges.reused)
    integer("unknown", exchanges.unknown)
    integer("responses_without_request", exchanges.responsesWithoutRequest)
    integer("pipelined", exchanges.pipelined)
    integer("retries", exchanges.retries)
    rows("outcomes", exchanges.outcomes) {
      $0.string("outcome", $1.outcome.rawValue)
      $0.integer("exchanges", $1.exchanges)
    }
    json.key("status_classes")
    json.begin(.object, inline: true)
    for (name, count) in zip(Summary.Exchanges.statusClassNames, exchanges.statusClasses) {
      integer(name, count)
    }
    json.end()
    integer("request_body_bytes", exchanges.requestBodyBytes)
    integer("response_body_bytes", exchanges.responseBodyBytes)
    json.end()
  }

  private mutating func write(_ reuse: Summary.Reuse) {
    json.key("reuse")
    json.begin(.object)
    range("ratio", reuse.ratio)
    number("multi_use_share", reuse.multiUseShare)
    counts("requests_per_connection", reuse.requestsPerConnection)
    json.key("handshakes")
    json.begin(.object)
    integer("paid", reuse.handshakes.paid)
    integer("failed", reuse.handshakes.failed)
    integer("refused", reuse.handshakes.refused)
    integer("timed_out", reuse.handshakes.timedOut)
    integer("saved", reuse.handshakes.saved)
    seconds("time_paid", reuse.handshakes.timePaid)
    seconds("time_saved", reuse.handshakes.timeSaved)
    integer("paid_not_timed", reuse.handshakes.paidNotTimed)
    integer("saved_not_timed", reuse.handshakes.savedNotTimed)
    integer("syn_retransmissions", reuse.handshakes.synRetransmissions)
    durations("setup", reuse.handshakes.setup)
    durations("rtt", reuse.handshakes.rtt)
    json.end()
    integer("ideal_connections", reuse.idealConnections)
    number("efficiency", reuse.efficiency)
    json.end()
  }

  private mutating func write(_ causes: [Summary.Cause]) {
    rows("causes", causes) {
      $0.string("cause", $1.cause.rawValue)
      $0.integer("connections", $1.connections)
      $0.seconds("setup_time", $1.setupTime)
    }
  }

  private mutating func write(_ closes: [Summary.Close]) {
    rows("closes", closes) {
      $0.string("reason", $1.reason.rawValue)
      $0.string("closed_by", $1.closedBy?.rawValue)
      $0.integer("connections", $1.connections)
    }
  }

  private mutating func write(_ idle: Summary.Idle) {
    json.key("idle")
    json.begin(.object)
    durations("gaps", idle.gaps)
    durations("lead", idle.lead)
    durations("tail", idle.tail)
    number("share", idle.share)
    sum("idle_time", idle.idleTime)
    sum("open_time", idle.openTime)
    integer("connection_memory", idle.connectionMemory)
    number("memory_byte_seconds", idle.cost(of: idle.idleTime))
    pairs("gaps_by_length", idle.gapsByLength) {
      $0.seconds($1.upTo)
    } _: {
      $0.integer($1.count)
    }
    pairs("reuse_by_gap", idle.reuseByGap) {
      $0.seconds($1.gap)
    } _: {
      $0.number($1.share)
    }
    json.end()
  }

  private mutating func write(_ headOfLine: Summary.HeadOfLine) {
    json.key("hol")
    json.begin(.object)
    json.key("http")
    json.begin(.object)
    integer("pipelined_exchanges", headOfLine.pipelinedExchanges)
    integer("pipelined_connections", headOfLine.pipelinedConnections)
    integer("delayed", headOfLine.delayed)
    durations("delay", headOfLine.delay)
    pairs("delays_by_length", headOfLine.delaysByLength) {
      $0.seconds($1.upTo)
    } _: {
      $0.integer($1.count)
    }
    json.end()
    json.key("queueing")
    json.begin(.object)
    integer("exchanges", headOfLine.queued)
    seconds("bound", headOfLine.queueingBound)
    json.end()
    json.key("tcp")
    json.begin(.object)
    durations("stalls", headOfLine.stalls)
    pairs("stalls_by_length", headOfLine.stallsByLength) {
      $0.seconds($1.upTo)
    } _: {
      $0.integer($1.count)
    }
    integer("exchanges", headOfLine.stalledExchanges)
    json.end()
    json.end()
  }

  private mutating func write(_ warnings: [Summary.Warning]) {
    rows("warnings", warnings) {
      $0.string("message", $1.message)
      $0.bool("matters", $1.matters)
    }
  }

  // MARK: groups

  private mutating func write(
    servers: [Summary.Group], omitted: Int, folded: Summary.Folded, idle: Summary.Idle
  ) {
    json.key("servers")
    json.begin(.array)
    for group in servers {
      json.begin(.object)
      endpoint("server", group.server)
      figures(group)
      durations("idle_gaps", group.idleGaps)
      sum("idle_time", group.idleTime)
      sum("open_time", group.openTime)
      number("memory_byte_seconds", idle.cost(of: group.idleTime))
      timeout("inferred_timeout", group.inferredTimeout)
      timeout("inferred_client_timeout", group.inferredClientTimeout)
      integer("advertised_timeout", group.advertisedTimeout)
      json.key("inferred_request_limit")
      if let limit = group.inferredRequestLimit {
        json.begin(.object)
        integer("requests", limit.requests)
        integer("connections", limit.connections)
        json.end()
      } else {
        json.null()
      }
      integer("advertised_max", group.advertisedMax)
      write(group.timeoutMargin)
      integer("close_races", group.closeRaces)
      write(group.causes)
      write(group.closes)
      json.end()
    }
    json.end()
    integer("servers_omitted", omitted)
    integer("servers_folded", folded.servers)
  }

  private mutating func timeout(_ name: String, _ inferred: Summary.InferredTimeout?) {
    json.key(name)
    guard let inferred else { return json.null() }
    json.begin(.object)
    seconds("seconds", inferred.timeout)
    integer("connections", inferred.connections)
    integer("of", inferred.of)
    seconds("spread", inferred.spread)
    string("as_default_of", inferred.asDefaultOf)
    json.end()
  }

  private mutating func write(pools: [Summary.Group], omitted: Int, folded: Summary.Folded) {
    json.key("pools")
    json.begin(.array)
    for group in pools {
      json.begin(.object)
      address("client", group.client)
      endpoint("server", group.server)
      bool("tls", group.tls)
      figures(group)
      integer("peak_open", group.peakOpen)
      number("parallel_share", group.parallelShare)
      json.end()
    }
    json.end()
    integer("pools_omitted", omitted)
    integer("pools_folded", folded.pools)
    integer("pools_returned", folded.poolsBack)
  }

  private mutating func write(hosts: [Summary.Group], omitted: Int, folded: Summary.Folded) {
    json.key("hosts")
    json.begin(.array)
    for group in hosts {
      json.begin(.object)
      json.key("host")
      json.string(redacts ? group.host.map(Redaction.host) : group.host)
      uses(group)
      durations("idle_gaps", group.idleGaps)
      json.end()
    }
    json.end()
    integer("hosts_omitted", omitted)
    integer("hosts_folded", folded.hosts)
  }

  /// The figures that servers, pools and hosts have in common. A connection may serve several hosts, so what belongs to
  /// a connection is none of a host's.
  private mutating func uses(_ group: Summary.Group) {
    integer("connections", group.connections)
    integer("exchanges", group.exchanges)
    integer("fresh", group.fresh)
    integer("reused", group.reused)
    integer("unknown", group.unknown)
    range("ratio", group.ratio)
  }

  private mutating func figures(_ group: Summary.Group) {
    uses(group)
    integer("opening_seen", group.openingSeen)
    counts("requests_per_connection", group.requestsPerConnection)
    json.key("handshakes")
    json.begin(.object)
    integer("paid", group.handshakesPaid)
    integer("failed", group.handshakesFailed)
    seconds("time_paid", group.timePaid)
    seconds("time_saved", group.timeSaved)
    integer("saved_not_timed", group.savedNotTimed)
    durations("setup", group.setup)
    json.end()
    integer("ideal_connections", group.idealConnections)
    number("efficiency", group.efficiency)
  }

  // MARK: members of an object

  mutating func integer(_ name: String, _ value: Int?) {
    json.key(name)
    json.integer(value)
  }

  mutating func bool(_ name: String, _ value: Bool) {
    json.key(name)
    json.bool(value)
  }

  mutating func number(_ name: String, _ value: Double?) {
    json.key(name)
    json.number(value)
  }

  mutating func seconds(_ name: String, _ nanoseconds: Int64?) {
    json.key(name)
    json.seconds(nanoseconds)
  }

  private mutating func sum(_ name: String, _ nanoseconds: Int128) {
    json.key(name)
    json.buffer.appendSeconds(sum: nanoseconds)
  }

  mutating func string(_ name: String, _ text: String?) {
    json.key(name)
    if let text { json.string(text) } else { json.null() }
  }

  private mutating func strings(_ name: String, _ texts: [String]) {
    json.key(name)
    json.list(texts)
  }

  mutating func address(_ name: String, _ address: IPAddress?) {
    json.key(name)
    guard let address else { return json.null() }
    json.raw("\"")
    json.buffer.append(address)
    json.raw("\"")
  }

  mutating func endpoint(_ name: String, _ endpoint: Endpoint?) {
    json.key(name)
    guard let endpoint else { return json.null() }
    json.raw("\"")
    json.buffer.append(endpoint)
    json.raw("\"")
  }

  /// An array of objects, one a line.
  mutating func rows<Row>(_ name: String, _ rows: [Row], _ members: (inout SummaryJSON, Row) -> Void) {
    json.key(name)
    json.begin(.array)
    for row in rows {
      json.begin(.object, inline: true)
      members(&self, row)
      json.end()
    }
    json.end()
  }

  /// An array of arrays of two.
  private mutating func pairs<Row>(
    _ name: String, _ rows: [Row], _ first: (inout JSONWriter, Row) -> Void, _ second: (inout JSONWriter, Row) -> Void
  ) {
    json.key(name)
    json.begin(.array)
    for row in rows {
      json.begin(.array, inline: true)
      json.element()
      first(&json, row)
      json.element()
      second(&json, row)
      json.end()
    }
    json.end()
  }

  private mutating func range(_ name: String, _ range: ClosedRange<Double>?) {
    json.key(name)
    guard let range else { return json.null() }
    json.list([range.lowerBound, range.upperBound])
  }

  mutating func durations(_ name: String, _ distribution: Summary.Distribution) {
    json.key(name)
    json.begin(.object, inline: true)
    integer("count", distribution.count)
    seconds("min", distribution.min)
    seconds("p50", distribution.p50)
    seconds("p90", distribution.p90)
    seconds("p99", distribution.p99)
    seconds("max", distribution.max)
    number("mean", distribution.mean.map { $0 / 1e9 })
    sum("sum", distribution.sum)
    json.end()
  }

  private mutating func counts(_ name: String, _ distribution: Summary.Distribution) {
    json.key(name)
    json.begin(.object, inline: true)
    integer("count", distribution.count)
    integer("min", distribution.min.map { Int($0) })
    integer("p50", distribution.p50.map { Int($0) })
    integer("p90", distribution.p90.map { Int($0) })
    integer("p99", distribution.p99.map { Int($0) })
    integer("max", distribution.max.map { Int($0) })
    number("mean", distribution.mean)
    json.end()
  }
}
