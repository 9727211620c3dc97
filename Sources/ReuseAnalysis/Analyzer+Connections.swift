import HTTP1
import TCPStreams
import Wire

// From openings and ends to connections, pools and servers.
extension Analyzer {
  mutating func began(_ slot: Int, at time: Int64) {
    while states.count <= slot { states.append(ConnectionState()) }
    states[slot] = ConnectionState()
    totals.connections += 1
    states[slot].id = totals.connections
    totals.concurrency.change(by: 1, at: time)
    load.open(by: 1, line: -1, at: latest)
    states[slot].isCountedOpen = true
    let c = table.connection(slot)
    guard c.openingSeen else { return }
    totals.openingSeen += 1
    setClient(Int(c.opener), of: slot, basis: .seen)
    load.opening(line: states[slot].loadLine, at: latest)
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
    let pool = groups.pool(client: client.address, server: server)
    states[slot].pool = pool
    states[slot].server = pool >= 0 ? groups.pools[Int(pool)].server : groups.server(server)
    joinLoad(slot)
    if basis == .seen, states[slot].server >= 0 { groups.servers[Int(states[slot].server)].opened += 1 }
    let opening = table.connection(slot).openingSeen && !table.connection(slot).established
    if pool >= 0 {
      if basis == .seen { noteCause(slot) }
      groups.pools[Int(pool)].everOpened = true
      if states[slot].isCountedOpen {
        groups.pools[Int(pool)].concurrency.change(by: 1, at: table.connection(slot).opened)
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
    states[slot].chargedTo = groups.pools[pool].ends.charge(at: table.connection(slot).opened)
  }

  mutating func setCarried(_ carried: Carried, of slot: Int) {
    guard states[slot].carried != carried else { return }
    if states[slot].carried.isOpaque, carried == .http { return }
    states[slot].carried = carried
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
    groups.pools[pool].change(old, by: -1)
    groups.pools[pool].change(new, by: 1)
  }

  // MARK: Busy and idle

  private mutating func countBusy(by n: Int32, _ slot: Int) {
    totals.busy.change(by: n, at: latest)
    // What is open and busy when the capture ends stays so to its end.
    if !finished { load.busy(by: n, line: states[slot].loadLine, at: latest) }
  }

  mutating func busy(_ slot: Int) {
    guard states[slot].availability != .absent else { return }
    setAvailability(.busy, of: slot)
    let pool = Int(states[slot].pool)
    if pool >= 0, states[slot].roleBasis == .seen { groups.pools[pool].busyPeak.begin(slot, in: &states) }
  }

  /// Nothing is in progress any more.
  mutating func rest(_ slot: Int, persists: Bool) {
    guard states[slot].availability == .busy, !states[slot].carried.isOpaque else {
      endBusy(slot, persists: persists)
      return
    }
    setAvailability(persists ? .idle : .spent, of: slot)
    endBusy(slot, persists: persists)
  }

  private mutating func endBusy(_ slot: Int, persists: Bool) {
    let pool = Int(states[slot].pool)
    if pool >= 0 { groups.pools[pool].busyPeak.end(slot, persists: persists, in: &states) }
  }

  /// METRICS.md §7: a request that follows at once on the response before it, every connection being busy, was waiting for it.
  mutating func noteQueueing(_ exchange: Int, slot: Int, idle: Int64) {
    let pool = Int(states[slot].pool)
    guard pool >= 0, idle >= 0 else { return }
    let limit = max(1_000_000, (table.connection(slot).roundTrip ?? 0) / 10)
    // Its own connection is the idle one.
    let others = groups.pools[pool].idle - (states[slot].availability == .idle ? 1 : 0)
    guard idle <= limit, others <= 0, states[slot].lastRequestStart != .min else { return }
    open[exchange].queueing = max(0, states[slot].lastResponseEnd &- states[slot].lastRequestStart)
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
    var i = states[slot].firstUnanswered
    while i >= 0 {
      let e = open[Int(i)]
      if e.hasRequest, !e.hasResponse {
        // A reset that acknowledges nothing: within one round trip the server cannot have known.
        let unknown = received == .min && c.closed &- e.requestStart <= (c.roundTrip ?? 0)
        if unknown || received != .min && e.requestOffset >= received { open[Int(i)].raced = true }
      }
      i = e.next
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
      retries.forget(connection: states[slot].id, pool: states[slot].pool)
    }
    setAvailability(.idle, of: slot)
    if states[slot].firstExchange >= 0 { busy(slot) }
  }

  /// What was in progress when the first FIN or RST had been taken in.
  mutating func decideProgress(_ slot: Int) {
    guard !states[slot].closeDecided else { return }
    states[slot].closeDecided = true
    var inProgress = states[slot].request.parser.inHead
    var i = states[slot].firstExchange
    while i >= 0 {
      let e = open[Int(i)]
      if !e.raced, !e.responseLost, !e.isOver { inProgress = true }
      i = e.next
    }
    states[slot].inProgressAtClose = inProgress
    leave(slot)
    let pool = Int(states[slot].pool)
    guard pool >= 0 else { return }
    groups.pools[pool].lastEnd = causeAfter(slot)
    groups.pools[pool].lastUse = states[slot].lastResponseEnd
    guard let end = avoidableEnd(slot), states[slot].lastResponseEnd != .min else { return }
    groups.pools[pool].ends.note(end, idleSince: states[slot].lastResponseEnd)
  }

  /// How it ended, if it could have been kept for another request.
  func avoidableEnd(_ slot: Int) -> AvoidableEnd? {
    guard table.connection(slot).established else { return nil }
    switch closeReason(slot) {
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
    switch closeReason(slot) {
    case .midExchange: return .afterFailure
    case .closeHeader: return .afterCloseHeader
    case .http10: return .afterHTTP10
    case .serverIdleClose: return .afterServerIdleClose
    case .clientIdleClose: return .afterClientIdleClose
    case .upgraded, .tunnel, .unused, .open: return c.closeKind == .rst ? .afterFailure : .afterUnknown
    }
  }

  /// METRICS.md §4, the first that fits.
  func closeReason(_ slot: Int) -> CloseReason {
    let s = states[slot]
    let c = table.connection(slot)
    guard c.closeKind != .none else { return .open }
    if s.inProgressAtClose == true { return .midExchange }
    switch s.carried {
    case .websocket, .upgraded: return .upgraded
    case .tunnel: return .tunnel
    case .undecided, .http, .tls, .h2c, .other: break
    }
    guard s.exchanges > 0 else { return .unused }
    if s.clientSaidClose || s.serverSaidClose { return .closeHeader }
    if s.lastWasHTTP10 { return .http10 }
    return Int(c.closedBy) == Int(s.client) ? .clientIdleClose : .serverIdleClose
  }

  /// Nothing more is to come: the connection's figures are final.
  mutating func ended(_ slot: Int) {
    guard !states[slot].counted else { return }
    let c = table.connection(slot)
    if states[slot].client < 0 { guessRoles(slot) }
    if c.closeKind != .none, !states[slot].closeDecided { decideProgress(slot) }
    let finishedLater = states[slot].inProgressAtClose == true && allOver(slot)
    reportAll(slot)
    if finishedLater { states[slot].inProgressAtClose = false }
    leave(slot)
    states[slot].counted = true
    releasePort(slot)
    finishBalance(slot)
    count(slot)
    load.unrefer(states[slot].loadLine)
  }

  private func allOver(_ slot: Int) -> Bool {
    var i = states[slot].firstExchange
    while i >= 0 {
      if !open[Int(i)].isOver { return false }
      i = open[Int(i)].next
    }
    return !states[slot].request.parser.inHead
  }

  /// METRICS.md §1: the side with the higher port is taken for the client.
  private mutating func guessRoles(_ slot: Int) {
    let key = table.connection(slot).key
    setClient(key.lowPort > key.highPort ? 0 : 1, of: slot, basis: .guessed)
  }

  /// Adds an ended connection to every figure it counts in, and gives its row.
  private mutating func count(_ slot: Int) {
    let s = states[slot]
    let c = table.connection(slot)
    let client = Int(s.client)
    let end = c.closeKind == .none ? latest : c.closed
    noLongerOpen(slot, at: end)
    let handshakePaid = c.openingSeen && c.established
    let failed = c.openingSeen && !c.established
    let setup = handshakePaid ? c.setup : nil
    let kind = protocolCarried(slot)
    let reason = closeReason(slot)
    let by: Side? = c.closeKind == .none ? nil : (Int(c.closedBy) == client ? .client : .server)
    let http = s.exchanges > 0
    let idle = idleFigures(slot, end: end)

    totals.protocols[kind, default: 0] += 1
    switch s.roleBasis {
    case .seen: break
    case .inferred: totals.rolesInferred += 1
    case .guessed: totals.rolesGuessed += 1
    }
    totals.closes.add(reason, by: by)
    totals.synRetransmissions += Int(c.synRetransmissions)
    if failed { if c.refused { totals.refused += 1 } else { totals.timedOut += 1 } }
    if handshakePaid {
      if setup == nil { totals.paidNotTimed += 1 }
      if let rtt = c.roundTrip { totals.rtt.add(rtt) }
    }
    if http {
      totals.httpConnections += 1
      if s.exchanges > 1 {
        totals.persistent += 1
      } else if c.closeKind == .none {
        totals.openWithOne += 1
      } else {
        totals.short += 1
      }
      if s.pipelined > 0 { totals.pipelinedConnections += 1 }
    } else if kind == .empty || kind == .http11 || kind == .http10 {
      totals.unused += 1
    }
    if let cause = s.cause {
      totals.causes.add(cause, setup: setup)
      if cause == .firstContact, c.opened &- start <= Self.captureStart { totals.captureStart += 1 }
      if s.server >= 0 { groups.servers[Int(s.server)].causes.add(cause, setup: setup) }
    }
    if s.server >= 0 { groups.servers[Int(s.server)].closes.add(reason, by: by) }
    noteLimits(s, reason: reason, tail: idle.tail)
    noteRace(slot)
    totals.figures.add(s, c, setup: setup, paid: handshakePaid, failed: failed)
    if s.server >= 0 {
      groups.servers[Int(s.server)].figures.add(s, c, setup: setup, paid: handshakePaid, failed: failed)
    }
    if s.pool >= 0 {
      groups.pools[Int(s.pool)].figures.add(s, c, setup: setup, paid: handshakePaid, failed: failed)
      if http, c.openingSeen { groups.pools[Int(s.pool)].used += 1 }
    }
    for h in s.hosts {
      groups.hosts[Int(h)].figures.connections += 1
      groups.hosts[Int(h)].figures.httpConnections += 1
    }

    if let lead = idle.lead, http { totals.lead.add(lead) }
    if let tail = idle.tail, c.closeKind != .none { totals.tail.add(tail) }
    if c.openingSeen, c.established, http || kind == .empty {
      totals.openTime &+= max(0, end &- c.opened)
      let idleTime = (idle.lead ?? 0) &+ idle.total &+ (idle.tail ?? 0)
      totals.idleTime &+= idleTime
      if s.server >= 0 {
        groups.servers[Int(s.server)].openTime &+= max(0, end &- c.opened)
        groups.servers[Int(s.server)].idleTime &+= idleTime
      }
    }
    let isExample = noteEvidence(slot, reason: reason, by: by, setup: setup, tail: idle.tail)
    let a = table.disorder(slot, 0)
    let b = table.disorder(slot, 1)
    totals.missingBytes += Int(a.missingOctets + b.missingOctets)
    guard configuration.wantsConnections else { return }
    let clientHalf = table.half(slot, client)
    let serverHalf = table.half(slot, 1 - client)
    connections.append(
      ConnectionRow(
        id: s.id, client: endpoint(slot, side: client), server: endpoint(slot, side: 1 - client), role: s.roleBasis,
        protocol: kind, opened: c.opened &- start, closed: c.closeKind == .none ? nil : c.closed &- start,
        openingSeen: c.openingSeen,
        handshake: c.openingSeen
          ? .init(setup: setup, rtt: handshakePaid ? c.roundTrip : nil, synRetransmissions: Int(c.synRetransmissions))
          : nil,
        openedBecause: s.cause, exchanges: Int(s.exchanges), fresh: Int(s.fresh), reused: Int(s.reused),
        unknown: Int(s.unknown), pipelined: Int(s.pipelined), closedBy: by, closeKind: closeKind(c.closeKind),
        closeReason: reason, closeHeaderBy: closeHeaderBy(s), race: s.race, idle: idle,
        advertised: s.advertisedTimeout < 0 && s.advertisedMax < 0
          ? nil
          : KeepAliveParameters(
            timeout: s.advertisedTimeout < 0 ? nil : Int(s.advertisedTimeout),
            max: s.advertisedMax < 0 ? nil : Int(s.advertisedMax)),
        tcp: .init(
          retransmissions: Int(a.retransmissions + b.retransmissions), outOfOrder: Int(a.outOfOrder + b.outOfOrder),
          stalls: Int(a.stalls + b.stalls), stallTime: a.stallTime + b.stallTime,
          missingBytes: Int(a.missingOctets + b.missingOctets)),
        clientBytes: Int(clientHalf.octets), serverBytes: Int(serverHalf.octets),
        clientPackets: Int(clientHalf.packets),
        serverPackets: Int(serverHalf.packets), hosts: s.hosts.map { groups.hosts[Int($0)].octets },
        isExample: isExample))
  }

  /// What this end tells of its server's keep-alive timeout and request limit, and of its clients' timeout.
  private mutating func noteLimits(_ s: ConnectionState, reason: CloseReason, tail: Int64?) {
    let server = Int(s.server)
    guard server >= 0 else { return }
    if let tail {
      if reason == .serverIdleClose { groups.servers[server].serverIdleCloses.add(tail) }
      if reason == .clientIdleClose { groups.servers[server].clientIdleCloses.add(tail) }
    }
  }

  /// METRICS.md §5.
  private func idleFigures(_ slot: Int, end: Int64) -> ConnectionRow.Idle {
    let s = states[slot]
    var tail: Int64?
    if s.exchanges > 0, s.lastResponseEnd != .min, !s.carried.isOpaque, s.inProgressAtClose != true {
      tail = max(0, end &- s.lastResponseEnd)
    }
    var lead: Int64? = s.lead < 0 ? nil : s.lead
    if s.exchanges == 0, s.established != .min, s.carried == .undecided, !s.request.parser.inHead {
      lead = max(0, end &- s.established)
    }
    return ConnectionRow.Idle(
      lead: lead, gaps: Int(s.gaps), total: s.gapTotal, max: s.gaps > 0 ? s.gapMax : nil, tail: tail)
  }

  private func protocolCarried(_ slot: Int) -> ConnectionProtocol {
    let s = states[slot]
    switch s.carried {
    case .http: return s.http09 && s.exchanges == 1 ? .http09 : (s.httpMinor == 0 ? .http10 : .http11)
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

  private func closeHeaderBy(_ s: ConnectionState) -> CloseHeaderBy? {
    switch (s.clientSaidClose, s.serverSaidClose) {
    case (true, true): .both
    case (true, false): .client
    case (false, true): .server
    case (false, false): nil
    }
  }
}
