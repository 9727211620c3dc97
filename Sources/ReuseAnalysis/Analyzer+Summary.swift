import TCPStreams
import Wire

extension Analyzer {
  /// Every figure so far; of connections still open after `finish` only. The caller fills in what it knows of the files.
  public mutating func summary() -> Summary {
    var s = Summary()
    fillCapture(&s)
    fillLedger(&s)
    fillConnections(&s)
    fillReuse(&s)
    fillGroups(&s)
    fillRaces(&s)
    fillLoad(&s)
    fillTimeWait(&s)
    fillBalance(&s)
    fillWarnings(&s)
    fillFindings(&s)
    return s
  }

  /// Whether every packet and every payload octet is in exactly one row (METRICS.md §9).
  public var ledgerAddsUp: Bool {
    let p = packets
    let l = table.payload
    return p.all
      == p.tcp + p.otherPorts + p.duplicateFrames + p.fragments + p.limit + p.notIP + p.notTCP + p.undecodable
      && l.total
        == l.delivered + l.retransmitted + l.overlapping + l.missingCut + l.missingUnseen + l.outOfWindow + l.afterClose
        + l.droppedByLimit
  }

  private func fillCapture(_ s: inout Summary) {
    s.capture.start = start == .min ? nil : start
    s.capture.duration = start == .min ? 0 : max(0, latest &- start)
    s.capture.packets = packets.all
    s.capture.bytes = packets.bytes
    s.capture.timeStepsBack = packets.stepsBack
    s.capture.cutPackets = packets.cut
  }

  private func fillLedger(_ s: inout Summary) {
    let l = table.payload
    s.ledger.packets = packets.all
    s.ledger.tcp = packets.tcp
    s.ledger.otherPorts = packets.otherPorts
    s.ledger.duplicateFrames = packets.duplicateFrames
    // A fragment that had to make room was taken in first and is dropped now.
    let evicted = decoder.fragmentCounts.evictedFragments
    s.ledger.fragments = packets.fragments - evicted
    s.ledger.limit = packets.limit + evicted
    s.ledger.notIP = packets.notIP
    s.ledger.notTCP = packets.notTCP
    s.ledger.undecodable = packets.undecodable
    s.ledger.stops = packets.stops.map {
      Summary.Ledger.Stop(layer: $0.key.layerName, reason: $0.key.reasonName, packets: $0.value)
    }
    .sorted { ($1.packets, $0.layer, $0.reason) < ($0.packets, $1.layer, $1.reason) }
    s.ledger.payloadBytes = l.total
    s.ledger.delivered = l.delivered
    s.ledger.retransmitted = l.retransmitted
    s.ledger.overlapping = l.overlapping
    s.ledger.missingCut = l.missingCut
    s.ledger.missingUnseen = l.missingUnseen
    s.ledger.outOfWindow = l.outOfWindow
    s.ledger.afterClose = l.afterClose
    s.ledger.droppedByLimit = l.droppedByLimit
  }

  private func fillConnections(_ s: inout Summary) {
    let t = totals
    s.connections.total = t.connections
    s.connections.openingSeen = t.openingSeen
    s.connections.http = t.httpConnections
    let order: [ConnectionProtocol] = [
      .http11, .http10, .http09, .websocket, .tunnel, .upgraded, .tls, .h2c, .other, .empty,
    ]
    s.connections.byProtocol = order.compactMap { kind in t.protocols[kind].map { (kind, $0) } }
    s.connections.short = t.short
    s.connections.persistent = t.persistent
    s.connections.unused = t.unused
    s.connections.openWithOne = t.openWithOne
    s.connections.peakOpen = Int(t.concurrency.peak)
    s.connections.peakBusy = Int(t.busy.peak)
    s.connections.rolesInferred = t.rolesInferred
    s.connections.rolesGuessed = t.rolesGuessed
    s.connections.headsHit = t.headsHit
    s.connections.missingBytes = t.missingBytes

    s.exchanges.total = t.exchanges
    s.exchanges.withRequest = t.exchanges - t.responsesWithoutRequest
    s.exchanges.fresh = t.figures.fresh
    s.exchanges.reused = t.figures.reused
    s.exchanges.unknown = t.figures.unknown
    s.exchanges.responsesWithoutRequest = t.responsesWithoutRequest
    s.exchanges.pipelined = t.pipelined
    s.exchanges.retries = t.retries
    let outcomes: [ExchangeOutcome] = [.complete, .unanswered, .reset, .incomplete, .upgraded, .tunnel, .malformed]
    s.exchanges.outcomes = outcomes.compactMap { outcome in t.outcomes[outcome].map { (outcome, $0) } }
    s.exchanges.statusClasses = t.statusClasses
    s.exchanges.requestBodyBytes = Int(t.requestBodyBytes)
    s.exchanges.responseBodyBytes = Int(t.responseBodyBytes)
    s.causes = t.causes.rows
    s.captureStart = t.captureStart
    s.closes = t.closes.rows
  }

  private func fillReuse(_ s: inout Summary) {
    let f = totals.figures
    s.reuse.ratio = f.ratio
    if totals.httpConnections > 0 { s.reuse.multiUseShare = Double(totals.persistent) / Double(totals.httpConnections) }
    s.reuse.requestsPerConnection = f.requestsPerConnection.distribution
    s.reuse.handshakes.paid = f.handshakesPaid
    s.reuse.handshakes.refused = totals.refused
    s.reuse.handshakes.timedOut = totals.timedOut
    s.reuse.handshakes.saved = f.reused
    s.reuse.handshakes.timePaid = f.setup.sum
    s.reuse.handshakes.paidNotTimed = totals.paidNotTimed
    s.reuse.handshakes.setup = f.setup.distribution
    s.reuse.handshakes.rtt = totals.rtt.distribution
    s.reuse.handshakes.synRetransmissions = totals.synRetransmissions
    for pool in groups.pools {
      let saved = saved(by: pool)
      s.reuse.handshakes.timeSaved &+= saved.time
      s.reuse.handshakes.savedNotTimed += saved.notTimed
      s.reuse.idealConnections += pool.idealConnections
    }
    s.reuse.handshakes.savedNotTimed += max(0, f.reused - groups.pools.reduce(0) { $0 + $1.figures.reused })
    s.reuse.efficiency = efficiency(
      exchanges: f.exchangesSeenOpening, paid: f.handshakesPaid, ideal: s.reuse.idealConnections)

    s.idle.gaps = f.idleGaps.distribution
    s.idle.lead = totals.lead.distribution
    s.idle.tail = totals.tail.distribution
    s.idle.idleTime = totals.idleTime
    s.idle.openTime = totals.openTime
    s.idle.connectionMemory = configuration.connectionMemory
    if totals.openTime > 0 { s.idle.share = min(1, Double(totals.idleTime) / Double(totals.openTime)) }
    s.idle.reuseByGap = f.idleGaps.curve(points: 64).map { (gap: $0.0, share: $0.1) }

    s.headOfLine.pipelinedExchanges = totals.pipelined
    s.headOfLine.pipelinedConnections = totals.pipelinedConnections
    s.headOfLine.delayed = totals.holDelayed
    s.headOfLine.delay = totals.holDelay.distribution
    s.headOfLine.queued = totals.queued
    s.headOfLine.queueingBound = totals.queueingBound
    s.headOfLine.stalls = totals.stalls.distribution
    s.headOfLine.stalledExchanges = totals.stalledExchanges
  }

  /// The median setup of the pool, or of its server, for each reused exchange (METRICS.md §2).
  private func saved(by pool: Pool) -> (time: Int64, notTimed: Int) {
    let reused = pool.figures.reused
    guard reused > 0 else { return (0, 0) }
    let median =
      pool.figures.setup.quantile(0.5)
      ?? (pool.server >= 0 ? groups.servers[Int(pool.server)].figures.setup.quantile(0.5) : nil)
    guard let median else { return (0, reused) }
    let (time, overflow) = median.multipliedReportingOverflow(by: Int64(reused))
    return (overflow ? .max : time, 0)
  }

  private func efficiency(exchanges: Int, paid: Int, ideal: Int) -> Double? {
    exchanges - ideal > 0 ? Double(exchanges - paid) / Double(exchanges - ideal) : nil
  }

  private mutating func fillGroups(_ s: inout Summary) {
    var timeByServer: [Int32: (time: Int64, notTimed: Int, ideal: Int, exchanges: Int)] = [:]
    var pools: [Summary.Group] = []
    for i in groups.pools.indices {
      groups.pools[i].concurrency.settle(at: latest)
      let pool = groups.pools[i]
      let saved = saved(by: pool)
      let ideal = pool.idealConnections
      var t = timeByServer[pool.server] ?? (0, 0, 0, 0)
      t.time &+= saved.time
      t.notTimed += saved.notTimed
      t.ideal += ideal
      t.exchanges += pool.figures.exchangesSeenOpening
      timeByServer[pool.server] = t
      guard pool.figures.exchanges > 0 else { continue }
      var g = Summary.Group()
      g.server = pool.key.server
      g.client = pool.key.client
      g.tls = pool.tls
      pool.figures.fill(&g)
      g.timeSaved = saved.time
      g.savedNotTimed = saved.notTimed
      g.idealConnections = ideal
      g.efficiency = efficiency(
        exchanges: pool.figures.exchangesSeenOpening, paid: pool.figures.handshakesPaid, ideal: ideal)
      g.peakOpen = Int(pool.concurrency.peak)
      if pool.concurrency.timeWithAny > 0 {
        g.parallelShare = Double(pool.concurrency.timeWithMany) / Double(pool.concurrency.timeWithAny)
      }
      pools.append(g)
    }
    var servers: [Summary.Group] = []
    for i in groups.servers.indices where groups.servers[i].figures.exchanges > 0 {
      let server = groups.servers[i]
      var g = Summary.Group()
      g.server = server.endpoint
      server.figures.fill(&g)
      if let t = timeByServer[Int32(i)] {
        g.timeSaved = t.time
        g.savedNotTimed = t.notTimed
        g.idealConnections = t.ideal
        g.efficiency = efficiency(exchanges: t.exchanges, paid: server.figures.handshakesPaid, ideal: t.ideal)
      }
      g.inferredTimeout = Server.timeout(from: server.serverIdleCloses)
      g.inferredClientTimeout = Server.timeout(from: server.clientIdleCloses)
      g.inferredRequestLimit = server.requestLimit
      g.closeRaces = server.closeRaces
      g.idleTime = server.idleTime
      g.openTime = server.openTime
      g.timeoutMargin = server.timeoutMargin
      g.causes = server.causes.rows.filter { $0.connections > 0 }
      g.closes = server.closes.rows
      servers.append(g)
    }
    var hosts: [Summary.Group] = []
    for host in groups.hosts where host.figures.exchanges > 0 {
      var g = Summary.Group()
      g.host = host.octets
      host.figures.fill(&g)
      hosts.append(g)
    }
    (s.servers, s.serversOmitted) = most(servers)
    (s.pools, s.poolsOmitted) = most(pools)
    (s.hosts, s.hostsOmitted) = most(hosts)
  }

  /// Most exchanges first, as many as the configuration allows; equal ones in the order in which they came.
  private func most(_ all: [Summary.Group]) -> ([Summary.Group], Int) {
    let order = all.indices.sorted { (all[$1].exchanges, $0) < (all[$0].exchanges, $1) }
    let kept = order.prefix(configuration.groupRows).map { all[$0] }
    return (kept, all.count - kept.count)
  }

  private func fillWarnings(_ s: inout Summary) {
    let evictedOpen = table.evicted - table.evictedUnanswered
    if evictedOpen > 0 {
      s.warnings.append(
        .init(
          "\(evictedOpen) open connections were given up for want of room (limit \(configuration.streams.connections)): "
            + "their rows end early.", matters: true))
    }
    if table.evictedUnanswered > 0 {
      s.warnings.append(
        .init(
          "\(table.evictedUnanswered) connections were given up for want of room before anyone had answered their SYN "
            + "(limit \(configuration.streams.unanswered)).", matters: true))
    }
    if s.ledger.limit > 0 {
      s.warnings.append(.init("\(s.ledger.limit) fragments were dropped by a limit.", matters: true))
    }
    if table.payload.droppedByLimit > 0 {
      s.warnings.append(
        .init("\(table.payload.droppedByLimit) octets out of order were dropped by a limit.", matters: true))
    }
    if groups.poolsRefused + groups.serversRefused > 0 {
      s.warnings.append(
        .init("more pools or servers than are kept apart: some figures by pool are incomplete.", matters: true))
    }
    if table.payload.missingUnseen > 0 {
      s.warnings.append(
        .init(
          "\(table.payload.missingUnseen) octets were acknowledged but are not in the capture: packets were lost while capturing.",
          matters: false))
    }
    if packets.stepsBack > 0 {
      s.warnings.append(
        .init("\(packets.stepsBack) packets are earlier than the packet before them.", matters: false))
    }
  }
}
