import TCPStreams
import Wire

extension Analyzer {
  /// Every figure so far; of connections still open after `finish` only. The caller fills in what it knows of the files.
  public mutating func summary() -> Summary {
    for slot in states.indices { settleCounts(slot) }
    var s = Summary()
    fillCapture(&s)
    fillLedger(&s)
    fillConnections(&s, from: totals)
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

  private func fillConnections(_ s: inout Summary, from t: borrowing Totals) {
    s.connections.total = t.connections
    s.connections.openingSeen = t.openingSeen
    s.connections.http = t.httpConnections
    let order: [ConnectionProtocol] = [
      .http11, .http10, .http09, .websocket, .tunnel, .upgraded, .tls, .h2c, .other, .empty,
    ]
    s.connections.byProtocol = t.protocols.rows(order).map { (protocol: $0.0, connections: $0.1) }
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
    s.exchanges.outcomes = t.outcomes.rows(outcomes).map { (outcome: $0.0, exchanges: $0.1) }
    s.exchanges.statusClasses = t.statusClasses.indices.map { t.statusClasses[$0] }
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
    s.reuse.handshakes.timePaid = Int64(clamping: f.setup.sum)
    s.reuse.handshakes.paidNotTimed = totals.paidNotTimed
    s.reuse.handshakes.setup = f.setup.distribution
    s.reuse.handshakes.rtt = totals.rtt.distribution
    s.reuse.handshakes.synRetransmissions = totals.synRetransmissions
    var ideal = totals.usedWithoutPool
    var reusedInPools = 0
    for i in groups.pools.indices where !groups.pools[i].isFree {
      let saved = saved(byPool: i)
      s.reuse.handshakes.timeSaved &+= saved.time
      s.reuse.handshakes.savedNotTimed += saved.notTimed
      ideal += groups.pools[i].idealConnections
      reusedInPools += groups.pools[i].figures.reused
    }
    var folded = groups.folded
    for i in groups.servers.indices where groups.servers[i].folded.pools > 0 {
      folded.add(groups.servers[i].folded, median: groups.servers[i].figures.setup.quantile(0.5))
    }
    s.reuse.handshakes.timeSaved &+= folded.timeSaved
    s.reuse.handshakes.savedNotTimed += folded.reusedUntimed
    ideal += folded.idealConnections
    reusedInPools += folded.reused
    s.reuse.handshakes.savedNotTimed += max(0, f.reused - reusedInPools)
    s.reuse.idealConnections = known(ideal, ratio: f.ratio, exchanges: f.exchanges)
    s.reuse.efficiency = efficiency(exchanges: f.exchangesSeenOpening, paid: f.handshakesPaid, ideal: ideal)

    let idleGaps = groups.idleGaps
    s.idle.gaps = idleGaps.distribution
    s.idle.lead = totals.lead.distribution
    s.idle.tail = totals.tail.distribution
    s.idle.idleTime = totals.idleTime
    s.idle.openTime = totals.openTime
    s.idle.connectionMemory = configuration.connectionMemory
    if totals.openTime > 0 { s.idle.share = min(1, Double(totals.idleTime) / Double(totals.openTime)) }
    s.idle.gapsByLength = idleGaps.lengths()
    s.idle.reuseByGap = idleGaps.curve(points: 64).map { (gap: $0.0, share: $0.1) }

    s.headOfLine.pipelinedExchanges = totals.pipelined
    s.headOfLine.pipelinedConnections = totals.pipelinedConnections
    s.headOfLine.delayed = totals.holDelayed
    s.headOfLine.delaysByLength = totals.holDelay.lengths(over: 0)
    s.headOfLine.delay = totals.holDelay.distribution
    s.headOfLine.queued = totals.queued
    s.headOfLine.queueingBound = totals.queueingBound
    s.headOfLine.stallsByLength = totals.stalls.lengths()
    s.headOfLine.stalls = totals.stalls.distribution
    s.headOfLine.stalledExchanges = totals.stalledExchanges
  }

  /// The median setup of the pool, or of its server, for each reused exchange (METRICS.md §2).
  private func saved(byPool place: Int) -> (time: Int64, notTimed: Int) {
    let reused = groups.pools[place].figures.reused
    guard reused > 0 else { return (0, 0) }
    let server = Int(groups.pools[place].server)
    let median =
      groups.pools[place].figures.setup.quantile(0.5)
      ?? (server >= 0 ? groups.servers[server].figures.setup.quantile(0.5) : nil)
    return median.map { (FoldedPools.product($0, reused), 0) } ?? (0, reused)
  }

  private func efficiency(exchanges: Int, paid: Int, ideal: Int) -> Double? {
    exchanges - ideal > 0 ? Double(exchanges - paid) / Double(exchanges - ideal) : nil
  }

  /// Ideal connections, unless there were exchanges of which no request was captured: nobody knows how many were busy at once.
  private func known(_ ideal: Int, ratio: ClosedRange<Double>?, exchanges: Int) -> Int? {
    ratio == nil && exchanges > 0 ? nil : ideal
  }

  /// What is summed over a server's pools.
  private struct PoolSums {
    var time: Int64 = 0
    var notTimed = 0
    var ideal = 0
    var exchanges = 0
  }

  private mutating func fillGroups(_ s: inout Summary) {
    var sums = groups.servers.indices.map { place in
      let folded = groups.servers[place].folded
      guard folded.pools > 0 else { return PoolSums() }
      let saved = folded.saved(median: groups.servers[place].figures.setup.quantile(0.5))
      return PoolSums(
        time: saved.time, notTimed: saved.notTimed, ideal: folded.idealConnections,
        exchanges: folded.exchangesSeenOpening)
    }
    var most = Leading(places: configuration.groupRows)
    for i in groups.pools.indices where !groups.pools[i].isFree {
      groups.pools[i].concurrency.settle(at: latest)
      most.offer(i, count: groups.pools[i].figures.exchanges)
      let saved = saved(byPool: i)
      let ideal = groups.pools[i].idealConnections
      let server = Int(groups.pools[i].server)
      guard server >= 0 else { continue }
      sums[server].time &+= saved.time
      sums[server].notTimed += saved.notTimed
      sums[server].ideal += ideal
      sums[server].exchanges += groups.pools[i].figures.exchangesSeenOpening
    }
    let pools = most.result()
    s.pools = pools.elements.map { group(ofPool: $0.place) }
    s.poolsOmitted = pools.omitted

    most = Leading(places: configuration.groupRows)
    for i in groups.servers.indices { most.offer(i, count: groups.servers[i].figures.exchanges) }
    let servers = most.result()
    s.servers = servers.elements.map { group(ofServer: $0.place, sums[$0.place]) }
    s.serversOmitted = servers.omitted

    most = Leading(places: configuration.groupRows)
    for i in groups.hosts.indices { most.offer(i, count: groups.hosts[i].figures.exchanges) }
    let hosts = most.result()
    s.hosts = hosts.elements.map { _, place in
      var g = Summary.Group()
      g.host = groups.hosts[place].octets
      groups.hosts[place].figures.fill(&g)
      g.idleGaps = groups.hosts[place].idleGaps.distribution
      return g
    }
    s.hostsOmitted = hosts.omitted

    s.folded = Summary.Folded(
      servers: groups.serversFolded, pools: groups.poolsFolded + groups.poolsNotMade, poolsBack: groups.poolsBack,
      hosts: groups.hostsFolded)
  }

  private func group(ofPool place: Int) -> Summary.Group {
    let pool = groups.pools[place]
    let saved = saved(byPool: place)
    var g = Summary.Group()
    g.server = groups.servers[Int(pool.server)].endpoint
    g.client = pool.client
    g.tls = pool.tls
    pool.figures.fill(&g)
    g.timeSaved = saved.time
    g.savedNotTimed = saved.notTimed
    g.idealConnections = known(pool.idealConnections, ratio: g.ratio, exchanges: g.exchanges)
    g.efficiency = efficiency(
      exchanges: pool.figures.exchangesSeenOpening, paid: pool.figures.handshakesPaid, ideal: pool.idealConnections)
    g.peakOpen = Int(pool.concurrency.peak)
    if pool.concurrency.timeWithAny > 0 {
      g.parallelShare = Double(pool.concurrency.timeWithMany) / Double(pool.concurrency.timeWithAny)
    }
    return g
  }

  private func group(ofServer place: Int, _ sums: PoolSums) -> Summary.Group {
    let server = groups.servers[place]
    var g = Summary.Group()
    g.server = server.endpoint
    server.figures.fill(&g)
    g.idleGaps = server.idleGaps.distribution
    g.timeSaved = sums.time
    g.savedNotTimed = sums.notTimed
    g.idealConnections = known(sums.ideal, ratio: g.ratio, exchanges: g.exchanges)
    g.efficiency = efficiency(exchanges: sums.exchanges, paid: server.figures.handshakesPaid, ideal: sums.ideal)
    g.inferredTimeout = Server.timeout(from: server.serverIdleCloses)
    g.inferredClientTimeout = Server.timeout(from: server.clientIdleCloses)
    g.inferredRequestLimit = server.requestLimit
    g.closeRaces = server.closeRaces
    g.idleTime = server.idleTime
    g.openTime = server.openTime
    g.timeoutMargin = server.timeoutMargin
    g.causes = server.causes.rows.filter { $0.connections > 0 }
    g.closes = server.closes.rows
    return g
  }

  private func fillWarnings(_ s: inout Summary) {
    let limits = configuration
    func limit(_ value: Int) -> String { "(limit \(Quantity.count(value)))" }
    s.warn(
      of: table.evicted - table.evictedHalfOpen - totals.givenUpHolding - totals.givenUpOutstanding, "open connection",
      "given up for want of room \(limit(limits.streams.connections)): rows end early.")
    s.warn(
      of: totals.givenUpHolding, "open connection",
      "given up for want of room for unfinished heads and exchanges (limit \(limits.heldOctets >> 20) MiB): rows end "
        + "early.")
    s.warn(
      of: totals.givenUpOutstanding, "connection",
      "given up with too many requests unanswered \(limit(limits.outstanding)): rows end early.")
    s.warn(
      of: table.evictedHalfOpen, "connection",
      "given up for want of room before the opening was complete \(limit(min(limits.streams.halfOpen, limits.streams.connections)))."
    )
    s.warn(
      of: totals.hostsNotCounted, "time",
      "a connection turned to a host beyond its first 64: it is not among the connections of that host.")
    s.warn(of: s.ledger.limit, "fragment", "dropped by a limit.")
    s.warn(
      of: table.withoutRoom, "segment",
      "out of order found no room to wait in: what was to come before counts as missing; "
        + "\(Quantity.count(table.payload.droppedByLimit, "octet")) dropped.")
    warnOfFolding(in: &s)
    s.warn(
      of: retries.lost, "unanswered request",
      "made room for others within \(RetryMemory.span / 1_000_000_000) s \(limit(RetryMemory.capacity)): a repetition "
        + "counts as no retry.")
    s.warn(
      of: totals.interimDropped, "1xx response", "beyond \(Quantity.count(limits.interim)) of one exchange not listed.")
    s.warn(
      of: table.payload.missingUnseen, "octet",
      "acknowledged but not in the capture: packets were lost while capturing.", matters: false)
    s.warn(
      of: packets.stepsBack, "packet", "earlier than the packet before; reordercap, of Wireshark, sorts a capture.",
      matters: false)
  }
}
