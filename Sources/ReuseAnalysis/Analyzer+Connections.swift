import HTTP1
import TCPStreams
import Wire

// From openings and ends to connections, pools and servers.
extension Analyzer {
  mutating func began(_ slot: Int, at time: Int64) {
    totals.connections += 1
    let opener = Int(table.opener(slot))
    makeState(slot, id: totals.connections)
    totals.concurrency.change(by: 1, at: time)
    load.open(by: 1, line: -1, at: latest)
    guard opener >= 0 else { return }
    totals.openingSeen += 1
    setClient(opener, of: slot, basis: .seen)
    load.opening(line: states[slot].loadLine, at: latest)
  }

  mutating func makeState(_ slot: Int, id: Int) {
    while states.count <= slot {
      states.doubleIfFull()
      busyNodes.doubleIfFull()
      states.append(ConnectionState(id: 0))
      busyNodes.append(BusyPeak.Node())
    }
    releasePair(slot)
    states[slot] = ConnectionState(id: id)
    busyNodes[slot] = BusyPeak.Node()
  }

  mutating func established(_ slot: Int, at time: Int64) {
    let c = table.connection(slot)
    if c.openingSeen {
      states[slot].established = time
      load.handshake(line: states[slot].loadLine, at: latest)
    }
    if states[slot].pool >= 0, states[slot].availability == .opening || states[slot].availability == .absent {
      setAvailability(c.closeKind == .none ? (states[slot].carried.isOpaque ? .opaque : .idle) : .absent, of: slot)
    }
  }

  // MARK: Roles

  func endpoint(_ slot: Int, side: Int) -> Endpoint {
    let key = table.connection(slot).key
    return side == 0 ? Endpoint(address: key.low, port: key.lowPort) : Endpoint(address: key.high, port: key.highPort)
  }

  mutating func setClient(_ side: Int, of slot: Int, basis: RoleBasis) {
    states[slot].client = Int8(side)
    states[slot].roleBasis = basis
    let client = endpoint(slot, side: side)
    let server = endpoint(slot, side: 1 - side)
    if basis != .seen { takeUpOpening(client.address, server) }
    let pool: Int32
    (pool, states[slot].server) = self.pool(client: client.address, server: server)
    groups.hold(pool: pool, server: states[slot].server)
    states[slot].pool = pool
    joinLoad(slot)
    if basis == .seen, states[slot].server >= 0 { groups.servers[Int(states[slot].server)].opened += 1 }
    if basis == .seen, pool >= 0 { noteCause(slot) }
    enterPool(slot)
  }

  /// Counts a connection in its pool, if it has one, and as what it is there.
  mutating func enterPool(_ slot: Int) {
    let pool = Int(states[slot].pool)
    let opening = table.openingSeen(slot) && !table.connection(slot).established
    if pool >= 0 {
      groups.pools[pool].everOpened = true
      if states[slot].isCountedOpen {
        groups.pools[pool].concurrency.change(by: 1, at: table.connection(slot).opened)
        states[slot].isCountedInPool = true
        takePort(slot)
      }
    }
    if table.connection(slot).closeKind == .none { setAvailability(opening ? .opening : .idle, of: slot) }
  }

  /// METRICS.md §3, and what could have spared the opening.
  private mutating func noteCause(_ slot: Int) {
    let pool = Int(states[slot].pool)
    let cause = groups.pools[pool].cause()
    states[slot].cause = cause
    totals.opened.add(cause, setup: nil)
    switch cause {
    case .firstContact, .missedReuse:
      return
    case .afterServerIdleClose:
      states[slot].bridgedFrom = groups.pools[pool].lastUse
    case .allBusy, .afterClientIdleClose, .afterCloseHeader, .afterHTTP10, .afterFailure, .afterUnknown:
      break
    }
    states[slot].chargedTo = groups.pools[pool].charge(at: table.connection(slot).opened)
  }

  mutating func setCarried(_ carried: Carried, of slot: Int) {
    guard states[slot].carried != carried else { return }
    if states[slot].carried.isOpaque, carried == .http { return }
    states[slot].carried = carried
    // The head that was lost came before what tells that it was one.
    if carried == .http, states[slot].headHit { totals.headsHit += 1 }
    if carried == .tls, states[slot].pool >= 0 { groups.pools[Int(states[slot].pool)].tls = true }
    guard carried.isOpaque else { return }
    switch states[slot].availability {
    case .absent, .spent: break
    case .opening, .idle, .busy, .opaque:
      // An upgraded connection or a tunnel is in use; of others nothing is known.
      endBusy(slot, persists: false)
      let inUse = carried == .websocket || carried == .upgraded || carried == .tunnel
      setAvailability(inUse ? .busy : .opaque, of: slot)
    }
  }

  mutating func setAvailability(_ new: Availability, of slot: Int) {
    let old = states[slot].availability
    guard old != new else { return }
    states[slot].availability = new
    if old == .busy || new == .busy { countBusy(by: new == .busy ? 1 : -1, slot) }
    let pool = Int(states[slot].pool)
    guard pool >= 0 else { return }
    groups.pools[pool].move(from: old, to: new)
  }

  // MARK: Busy and idle

  private mutating func countBusy(by n: Int32, _ slot: Int) {
    totals.busy.change(by: n, at: latest)
    // What is open and busy when the capture ends stays so to its end.
    if !finished { load.busy(by: n, line: states[slot].loadLine, at: latest) }
  }

  mutating func busy(_ slot: Int) {
    let old = states[slot].availability
    guard old != .absent else { return }
    let pool = Int(states[slot].pool)
    if old != .busy {
      states[slot].availability = .busy
      countBusy(by: 1, slot)
    }
    guard pool >= 0 else { return }
    let isSeen = states[slot].roleBasis == .seen
    groups.pools[pool].makeBusy(slot, from: old, isSeen: isSeen, in: &busyNodes)
  }

  /// Nothing is in progress any more.
  mutating func rest(_ slot: Int, persists: Bool) {
    let pool = Int(states[slot].pool)
    if states[slot].availability == .busy, !states[slot].carried.isOpaque {
      countBusy(by: -1, slot)
      let new = persists ? Availability.idle : .spent
      states[slot].availability = new
      if pool >= 0 {
        groups.pools[pool].move(from: .busy, to: new)
        // It is over for its pool, whenever its FIN comes.
        if !persists { groups.pools[pool].lastEnd = saidClose(slot) ? .afterCloseHeader : .afterHTTP10 }
      }
    }
    if pool >= 0 { groups.pools[pool].busyPeak.end(slot, persists: persists, in: &busyNodes) }
  }

  private mutating func endBusy(_ slot: Int, persists: Bool) {
    let pool = Int(states[slot].pool)
    if pool >= 0 { groups.pools[pool].busyPeak.end(slot, persists: persists, in: &busyNodes) }
  }

  /// METRICS.md §7: a request that follows at once on the response before it, every connection being busy, was waiting for
  /// it. The bound of its delay; -1 where it was not waiting.
  /// `since`: when the request before it began.
  @inline(__always)
  func queueing(_ slot: Int, idle: Int64, since: Int64) -> Int64 {
    let pool = Int(states[slot].pool)
    guard pool >= 0, idle >= 0, since != .min else { return -1 }
    guard idle <= 1_000_000 || idle <= (table.roundTrip(slot) ?? 0) / 10 else { return -1 }
    // Its own connection is the idle one.
    let own: Int32 = states[slot].availability == .idle ? 1 : 0
    guard groups.pools[pool].count(.idle) <= own else { return -1 }
    return max(0, states[slot].lastExchangeEnd &- since)
  }

  // MARK: Ends

  /// The first FIN or RST (METRICS.md §4).
  mutating func closing(_ slot: Int, at time: Int64) {
    let c = table.connection(slot)
    noLongerOpen(slot, at: c.closed)
    if states[slot].client < 0 { return }
    markRaces(slot)
    // What it leaves behind is decided when all before the FIN or RST has been delivered, mostly at once.
    let half = table.half(slot, Int(c.closedBy))
    if c.closeKind == .fin, half.next < half.finOffset { leave(slot) }
  }

  private mutating func noLongerOpen(_ slot: Int, at time: Int64) {
    if states[slot].isCountedOpen {
      totals.concurrency.change(by: -1, at: time)
      if !finished { load.open(by: -1, line: states[slot].loadLine, at: latest) }
    }
    if states[slot].isCountedInPool { groups.pools[Int(states[slot].pool)].concurrency.change(by: -1, at: time) }
    states[slot].isCountedOpen = false
    states[slot].isCountedInPool = false
  }

  /// A request that the server had not received when it closed is raced, not in progress (METRICS.md §6).
  private mutating func markRaces(_ slot: Int) {
    let c = table.connection(slot)
    let client = Int(states[slot].client)
    guard client >= 0, Int(c.closedBy) == 1 - client else { return }
    let received = c.closeAcknowledges
    // What it had acknowledged before, it had received.
    let before = table.acknowledged(slot, side: client)
    var i = states[slot].firstUnanswered
    // A 1xx response is an answer: its server has seen the request.
    if i >= 0, states[slot].hasInterim { i = open[Int(i)].next }
    while i >= 0 {
      if open[Int(i)].request.seen, !open[Int(i)].response.seen {
        // A reset that acknowledges nothing: within one round trip the server cannot have known.
        let unknown =
          received == .min && open[Int(i)].requestOffset >= before
          && c.closed &- open[Int(i)].request.start <= (c.roundTrip ?? 0)
        if unknown || received != .min && open[Int(i)].requestOffset >= received { open[Int(i)].raced = true }
      }
      i = open[Int(i)].next
    }
  }

  mutating func reset(_ slot: Int) {
    guard states[slot].client >= 0 else { return }
    states[slot].reset = true
    releasePort(slot)
    noteUnanswered(slot)
    decideProgress(slot)
  }

  /// The reset was ineffective: the connection is in use as before.
  mutating func reopened(_ slot: Int) {
    states[slot].reset = false
    states[slot].closeDecided = false
    states[slot].inProgressAtClose = nil
    states[slot].isCountedOpen = true
    totals.concurrency.change(by: 1, at: latest)
    load.open(by: 1, line: states[slot].loadLine, at: latest)
    guard states[slot].client >= 0, !states[slot].carried.isOpaque else { return }
    if states[slot].pool >= 0 {
      groups.pools[Int(states[slot].pool)].concurrency.change(by: 1, at: latest)
      states[slot].isCountedInPool = true
      takePort(slot)
      forgetUnanswered(slot)
    }
    setAvailability(.idle, of: slot)
    if states[slot].firstExchange >= 0 { busy(slot) }
  }

  /// What was in progress when the first FIN or RST had been taken in.
  mutating func decideProgress(_ slot: Int) {
    guard !states[slot].closeDecided else { return }
    states[slot].closeDecided = true
    var inProgress = states[slot].pair > 0 && pairs[pair(slot)].request.parser.inHead
    var i = states[slot].firstExchange
    while i >= 0 {
      if !open[Int(i)].raced, !open[Int(i)].responseLost, !open[Int(i)].isOver { inProgress = true }
      i = open[Int(i)].next
    }
    states[slot].inProgressAtClose = inProgress
    leave(slot)
    let pool = Int(states[slot].pool)
    guard pool >= 0 else { return }
    groups.pools[pool].lastEnd = causeAfter(slot)
    groups.pools[pool].lastUse = states[slot].lastExchangeEnd
    guard let end = avoidableEnd(slot, closeReason(slot)), states[slot].lastExchangeEnd != .min else { return }
    groups.pools[pool].note(end, idleSince: states[slot].lastExchangeEnd)
  }

  /// How it ended, if it could have been kept for another request.
  func avoidableEnd(_ slot: Int, _ reason: CloseReason) -> AvoidableEnd? {
    guard table.connection(slot).established else { return nil }
    switch reason {
    case .serverIdleClose: return .serverIdle
    case .clientIdleClose: return .clientIdle
    case .closeHeader:
      if states[slot].clientSaidClose { return .clientClose }
      return states[slot].unaskedClose ? .unaskedClose : .http10
    case .http10: return .http10
    case .midExchange, .upgraded, .tunnel, .unused, .open: return nil
    }
  }

  /// The connection is no longer one that its pool could use.
  private mutating func leave(_ slot: Int) {
    setAvailability(.absent, of: slot)
  }

  private func causeAfter(_ slot: Int) -> OpeningCause {
    let c = table.connection(slot)
    if !c.established || c.refused { return .afterFailure }
    switch closeReason(slot, c) {
    case .midExchange: return .afterFailure
    case .closeHeader: return .afterCloseHeader
    case .http10: return .afterHTTP10
    case .serverIdleClose: return .afterServerIdleClose
    case .clientIdleClose: return .afterClientIdleClose
    case .upgraded, .tunnel, .unused, .open: return c.closeKind == .rst ? .afterFailure : .afterUnknown
    }
  }

  private func saidClose(_ slot: Int) -> Bool { states[slot].clientSaidClose || states[slot].serverSaidClose }

  /// METRICS.md §4, the first that fits.
  func closeReason(_ slot: Int) -> CloseReason { closeReason(slot, table.connection(slot)) }

  private func closeReason(_ slot: Int, _ c: TrackedConnection) -> CloseReason {
    guard c.closeKind != .none else { return .open }
    if states[slot].inProgressAtClose == true { return .midExchange }
    switch states[slot].carried {
    case .websocket, .upgraded: return .upgraded
    case .tunnel: return .tunnel
    case .undecided, .http, .tls, .h2c, .other: break
    }
    guard states[slot].exchanges > 0 else { return .unused }
    if saidClose(slot) { return .closeHeader }
    if states[slot].lastWasHTTP10 { return .http10 }
    return c.closedBy == states[slot].client ? .clientIdleClose : .serverIdleClose
  }

  /// Nothing more is to come: the connection's figures are final.
  mutating func ended(_ slot: Int) {
    guard !states[slot].counted else { return }
    let c = table.connection(slot)
    if states[slot].client < 0 { guessRoles(slot) }
    if c.closeKind != .none, !states[slot].closeDecided { decideProgress(slot) }
    noteUnseenEnd(slot, c)
    reportAll(slot)
    leave(slot)
    states[slot].counted = true
    releasePort(slot)
    count(slot)
    load.unrefer(states[slot].loadLine)
    dropExtras(slot)
  }

  /// Nothing is kept aside for an ended connection.
  private mutating func dropExtras(_ slot: Int) {
    if states[slot].hasInterim { release(interims: awaitedInterims.removeValue(forKey: Int32(slot)) ?? []) }
    if states[slot].hasMoreHosts { moreHosts[Int32(slot)] = nil }
    if states[slot].hasRace { closeRaces[Int32(slot)] = nil }
    releasePair(slot)
    groups.release(pool: states[slot].pool, server: states[slot].server)
    states[slot].leaveGroups()
  }

  /// What its pool's next connection is opened after (METRICS.md §3), where the end itself was not captured. A SYN that nobody
  /// answered, however often it came, is a failure.
  private mutating func noteUnseenEnd(_ slot: Int, _ c: TrackedConnection) {
    guard c.closeKind == .none, states[slot].pool >= 0, !finished else { return }
    let pool = Int(states[slot].pool)
    if c.established {
      if states[slot].availability != .spent { groups.pools[pool].lastEnd = .afterUnknown }
    } else if c.openingSeen, latest &- c.lastSeen > configuration.streams.halfOpenPatience {
      groups.pools[pool].lastEnd = .afterFailure
    }
  }

  /// METRICS.md §1: the side with the higher port is taken for the client.
  private mutating func guessRoles(_ slot: Int) {
    let key = table.connection(slot).key
    setClient(key.lowPort > key.highPort ? 0 : 1, of: slot, basis: .guessed)
  }

  /// Adds an ended connection to every figure it counts in, and gives its row.
  private mutating func count(_ slot: Int) {
    let c = table.connection(slot)
    let client = states[slot].client
    let end = c.closeKind == .none ? latest : c.closed
    noLongerOpen(slot, at: end)
    settleCounts(slot)
    let paid = c.openingSeen && c.established
    let setup = paid ? c.setup : nil
    let roundTrip = paid ? c.roundTrip : nil
    let kind = protocolCarried(slot)
    let reason = closeReason(slot, c)
    let by: Side? = c.closeKind == .none ? nil : (c.closedBy == client ? .client : .server)
    let idle = idleFigures(slot, end: end)
    let exchanges = states[slot].exchanges

    switch states[slot].roleBasis {
    case .seen: break
    case .inferred: totals.rolesInferred += 1
    case .guessed: totals.rolesGuessed += 1
    }
    if paid, setup == nil { totals.paidNotTimed += 1 }
    if let roundTrip { totals.rtt.add(roundTrip) }
    countStyle(slot, kind, isOpen: c.closeKind == .none)
    noteLimits(slot, reason: reason, tail: idle.tail)
    noteRace(slot)

    let ended = EndedConnection(
      exchanges: exchanges, openingSeen: c.openingSeen, paid: paid, failed: c.openingSeen && !paid, setup: setup,
      advertisedTimeout: states[slot].advertisedTimeout, advertisedMax: states[slot].advertisedMax)
    count(
      ended, carrying: kind, reason, by: by, cause: states[slot].cause, opened: c.opened,
      synRetransmissions: Int(c.synRetransmissions), refused: c.refused, server: states[slot].server)
    let pool = Int(states[slot].pool)
    if pool >= 0 {
      groups.pools[pool].figures.add(ended)
      if exchanges > 0, c.openingSeen { groups.pools[pool].noteUsed() }
    } else if exchanges > 0, c.openingSeen {
      totals.usedWithoutPool += 1
    }
    if states[slot].firstHost >= 0 { count(host: states[slot].firstHost, server: states[slot].server) }
    if states[slot].hasMoreHosts {
      for host in moreHosts[Int32(slot)] ?? [] { count(host: host, server: states[slot].server) }
    }

    if let lead = idle.lead, exchanges > 0 { totals.lead.add(lead) }
    if let tail = idle.tail, c.closeKind != .none { totals.tail.add(tail) }
    if paid, exchanges > 0 || kind == .empty {
      let openTime = Int128(max(0, end &- c.opened))
      totals.openTime &+= openTime
      // The gap before a raced request lies within the tail, which runs on to the server's close.
      let raced = idle.tail == nil ? 0 : race(of: slot)?.idle ?? 0
      let idleTime = Int128((idle.lead ?? 0) &+ idle.total &- raced &+ (idle.tail ?? 0))
      totals.idleTime &+= idleTime
      if states[slot].server >= 0 {
        groups.servers[Int(states[slot].server)].openTime &+= openTime
        groups.servers[Int(states[slot].server)].idleTime &+= idleTime
      }
    }
    let isExample = noteEvidence(slot, reason: reason, by: by, setup: setup, tail: idle.tail)
    totals.missingBytes += Int(table.missingOctets(slot))
    guard configuration.wantsConnections else { return }
    var row = row(slot, c, kind: kind, reason: reason, by: by, idle: idle, setup: setup, roundTrip: roundTrip)
    row.isExample = isExample
    connections.append(row)
  }

  /// Adds an ended connection to the sums and to its server's figures.
  mutating func count(
    _ ended: EndedConnection, carrying kind: ConnectionProtocol, _ reason: CloseReason, by side: Side?,
    cause: OpeningCause?, opened: Int64, synRetransmissions: Int, refused: Bool, server: Int32
  ) {
    totals.protocols.add(kind)
    totals.closes.add(reason, by: side)
    totals.synRetransmissions += synRetransmissions
    if ended.failed { if refused { totals.refused += 1 } else { totals.timedOut += 1 } }
    totals.figures.add(ended)
    if let cause { totals.causes.add(cause, setup: ended.setup) }
    if cause == .firstContact, opened &- start <= Self.captureStart { totals.captureStart += 1 }
    if server >= 0 { groups.servers[Int(server)].add(ended, cause: cause, reason, by: side) }
  }

  /// A connection of a host has ended.
  private mutating func count(host: Int32, server: Int32) {
    groups.hosts[Int(host)].figures.connections += 1
    groups.hosts[Int(host)].figures.httpConnections += 1
    groups.hosts[Int(host)].lastUse = latest
    // Its exchanges have been added with those of its groups.
    addBalance(host: host, server: server, connections: 1)
  }

  private mutating func countStyle(_ slot: Int, _ kind: ConnectionProtocol, isOpen: Bool) {
    let exchanges = states[slot].exchanges
    guard exchanges > 0 else {
      if kind == .empty || kind == .http11 || kind == .http10 { totals.unused += 1 }
      return
    }
    totals.httpConnections += 1
    if exchanges > 1 {
      totals.persistent += 1
    } else if isOpen {
      totals.openWithOne += 1
    } else {
      totals.short += 1
    }
    if states[slot].pipelined > 0 { totals.pipelinedConnections += 1 }
  }

  /// Adds the exchanges counted on a connection so far to the groups that it belongs to; the whole has them already.
  mutating func settleCounts(_ slot: Int) {
    let counts = states[slot].counts
    guard counts.exchanges > 0 else { return }
    states[slot].counts = ExchangeCounts()
    let seen = table.openingSeen(slot)
    let server = Int(states[slot].server)
    if server >= 0 { groups.servers[server].figures.add(counts, openingSeen: seen) }
    let pool = Int(states[slot].pool)
    if pool >= 0 { groups.pools[pool].figures.add(counts, openingSeen: seen) }
    let host = Int(states[slot].countedHost)
    if host >= 0 {
      groups.hosts[host].figures.add(counts, openingSeen: seen)
      addBalance(host: states[slot].countedHost, server: states[slot].server, exchanges: Int(counts.exchanges))
    }
  }

  private func row(
    _ slot: Int, _ c: TrackedConnection, kind: ConnectionProtocol, reason: CloseReason, by: Side?,
    idle: ConnectionRow.Idle, setup: Int64?, roundTrip: Int64?
  ) -> ConnectionRow {
    let client = Int(states[slot].client)
    let a = table.disorder(slot, 0)
    let b = table.disorder(slot, 1)
    let clientHalf = table.half(slot, client)
    let serverHalf = table.half(slot, 1 - client)
    let timeout = states[slot].advertisedTimeout
    let max = states[slot].advertisedMax
    return ConnectionRow(
      id: states[slot].id, client: endpoint(slot, side: client), server: endpoint(slot, side: 1 - client),
      role: states[slot].roleBasis, protocol: kind, opened: c.opened &- start,
      closed: c.closeKind == .none ? nil : c.closed &- start, openingSeen: c.openingSeen,
      handshake: c.openingSeen
        ? .init(setup: setup, rtt: roundTrip, synRetransmissions: Int(c.synRetransmissions)) : nil,
      openedBecause: states[slot].cause, exchanges: Int(states[slot].exchanges), fresh: Int(states[slot].fresh),
      reused: Int(states[slot].reused), unknown: Int(states[slot].unknown), pipelined: Int(states[slot].pipelined),
      closedBy: by, closeKind: closeKind(c.closeKind), closeReason: reason, closeHeaderBy: closeHeaderBy(slot),
      race: race(of: slot), idle: idle,
      advertised: timeout < 0 && max < 0
        ? nil : KeepAliveParameters(timeout: timeout < 0 ? nil : Int(timeout), max: max < 0 ? nil : Int(max)),
      tcp: .init(
        retransmissions: Int(a.retransmissions + b.retransmissions), outOfOrder: Int(a.outOfOrder + b.outOfOrder),
        stalls: Int(a.stalls + b.stalls), stallTime: a.stallTime + b.stallTime,
        missingBytes: Int(a.missingOctets + b.missingOctets)),
      clientBytes: Int(clientHalf.octets), serverBytes: Int(serverHalf.octets), clientPackets: Int(clientHalf.packets),
      serverPackets: Int(serverHalf.packets),
      hosts: hosts(of: slot).prefix(ConnectionRow.hostLimit).map { groups.hosts[Int($0)].octets })
  }

  /// What this end tells of its server's keep-alive timeout and request limit, and of its clients' timeout.
  private mutating func noteLimits(_ slot: Int, reason: CloseReason, tail: Int64?) {
    let server = Int(states[slot].server)
    guard server >= 0 else { return }
    if let tail {
      if reason == .serverIdleClose { groups.servers[server].serverIdleCloses.add(tail) }
      if reason == .clientIdleClose { groups.servers[server].clientIdleCloses.add(tail) }
    }
  }

  /// METRICS.md §5.
  private func idleFigures(_ slot: Int, end: Int64) -> ConnectionRow.Idle {
    let exchanges = states[slot].exchanges
    let last = states[slot].lastExchangeEnd
    var tail: Int64?
    if exchanges > 0, last != .min, !states[slot].carried.isOpaque, states[slot].inProgressAtClose != true {
      tail = max(0, end &- last)
    }
    var lead: Int64? = states[slot].lead < 0 ? nil : states[slot].lead
    let established = states[slot].established
    if exchanges == 0, established != .min, states[slot].carried == .undecided, !pairs[pair(slot)].request.parser.inHead
    {
      lead = max(0, end &- established)
    }
    let gaps = Int(states[slot].gaps)
    return ConnectionRow.Idle(
      lead: lead, gaps: gaps, total: states[slot].gapTotal, max: gaps > 0 ? states[slot].gapMax : nil, tail: tail)
  }

  private func protocolCarried(_ slot: Int) -> ConnectionProtocol {
    switch states[slot].carried {
    case .http:
      if states[slot].http09, states[slot].exchanges == 1 { return .http09 }
      return states[slot].httpMinor == 0 ? .http10 : .http11
    case .websocket: return .websocket
    case .upgraded: return .upgraded
    case .tunnel: return .tunnel
    case .tls: return .tls
    case .h2c: return .h2c
    case .other: return .other
    case .undecided:
      let empty = table.half(slot, 0).octets == 0 && table.half(slot, 1).octets == 0
      return empty ? .empty : .other
    }
  }

  private func closeKind(_ kind: StreamClose) -> CloseKind {
    switch kind {
    case .none: .none
    case .fin: .fin
    case .rst: .rst
    }
  }

  private func closeHeaderBy(_ slot: Int) -> CloseHeaderBy? {
    switch (states[slot].clientSaidClose, states[slot].serverSaidClose) {
    case (true, true): .both
    case (true, false): .client
    case (false, true): .server
    case (false, false): nil
    }
  }
}
