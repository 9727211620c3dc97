import HTTP1
import TCPStreams
import Wire

// Exchanges in progress, in the order of their requests; those that are over leave from the front, as rows.
extension Analyzer {
  /// A new exchange at the end of a connection's list.
  mutating func append(to slot: Int) -> Int {
    let i: Int
    if let reuse = freeExchanges.popLast() {
      i = Int(reuse)
      open[i] = OpenExchange()
    } else {
      i = open.count
      open.append(OpenExchange())
    }
    if states[slot].lastExchange >= 0 {
      open[Int(states[slot].lastExchange)].next = Int32(i)
    } else {
      states[slot].firstExchange = Int32(i)
    }
    states[slot].lastExchange = Int32(i)
    states[slot].exchanges += 1
    open[i].index = states[slot].exchanges
    if states[slot].exchanges > 1 {
      open[i].use = .reused
      states[slot].reused += 1
    } else if table.connection(slot).openingSeen {
      open[i].use = .fresh
      states[slot].fresh += 1
    } else {
      open[i].use = .unknown
      states[slot].unknown += 1
    }
    return i
  }

  mutating func note(host octets: Span<UInt8>, exchange: Int, slot: Int) {
    let last = states[slot].lastHost
    let host = groups.isHost(last, octets) ? last : groups.host(octets)
    open[exchange].host = host
    states[slot].lastHost = host
    guard host >= 0, host != last, states[slot].hosts.count < ConnectionRow.hostLimit,
      !states[slot].hosts.contains(host)
    else { return }
    states[slot].hosts.append(host)
  }

  /// Reports the exchanges at the front of a connection's list that are over.
  mutating func reportFinished(_ slot: Int) {
    var persisted = true
    var reported = false
    while states[slot].firstExchange >= 0 {
      let i = Int(states[slot].firstExchange)
      let e = open[i]
      guard e.isOver || e.responseLost && Int32(i) != states[slot].arrivingRequest else { break }
      persisted = e.isOver ? e.persists : true
      reported = true
      report(i, slot: slot)
    }
    if reported, states[slot].firstExchange < 0 { rest(slot, persists: persisted) }
  }

  /// Reports all that is left: the connection has ended.
  mutating func reportAll(_ slot: Int) {
    guard states[slot].firstExchange >= 0 else { return }
    let open = table.connection(slot).closeKind == .none
    while states[slot].firstExchange >= 0 { report(Int(states[slot].firstExchange), slot: slot) }
    // Still busy at the end of the capture: nothing says that it will not persist.
    rest(slot, persists: open)
  }

  private mutating func report(_ i: Int, slot: Int) {
    let e = open[i]
    states[slot].firstExchange = e.next
    if e.next < 0 { states[slot].lastExchange = -1 }
    if states[slot].firstUnanswered == Int32(i) {
      var n = e.next
      while n >= 0, !open[Int(n)].hasRequest || open[Int(n)].hasResponse || open[Int(n)].responseLost {
        n = open[Int(n)].next
      }
      states[slot].firstUnanswered = n
    }
    if states[slot].arrivingRequest == Int32(i) { states[slot].arrivingRequest = -1 }
    if states[slot].arrivingResponse == Int32(i) { states[slot].arrivingResponse = -1 }
    freeExchanges.append(Int32(i))

    let outcome = outcome(of: e, slot: slot)
    var holDelay: Int64?
    if e.index == 1, e.use == .fresh {
      holDelay = 0
    } else if states[slot].lastResponseEnd != .min, e.requestEnd != .min, e.hasRequest {
      holDelay = max(0, states[slot].lastResponseEnd &- e.requestEnd)
    }
    count(e, outcome: outcome, holDelay: holDelay, slot: slot)
    noteBalance(e, slot: slot)
    let retryOf = takeRepeated(i)
    if configuration.wantsExchanges {
      exchanges.append(row(e, outcome: outcome, holDelay: holDelay, retryOf: retryOf, slot: slot))
    }
    open[i].text = []
    if e.raced, !e.hasResponse {
      noteRace(e, slot: slot)
      return
    }
    states[slot].lastResponseEnd =
      e.responseComplete && e.requestComplete || !e.hasRequest && e.responseComplete ? e.responseEnd : .min
    if e.hasResponse {
      states[slot].lastPersisted = e.persists || !e.hasRequest && e.responsePersists
      states[slot].lastWasHTTP10 = !states[slot].lastPersisted
    }
  }

  /// The connection stays what it was before the request that no server received.
  private mutating func noteRace(_ e: OpenExchange, slot: Int) {
    guard states[slot].race == nil else { return }
    let since = e.requestStart &- table.connection(slot).closed
    states[slot].race = CloseRace(
      kind: since < 0 ? .beforeFIN : .afterFIN, exchange: Int(e.index), idle: e.idleBefore >= 0 ? e.idleBefore : nil,
      sinceFIN: since)
  }

  private func outcome(of e: OpenExchange, slot: Int) -> ExchangeOutcome {
    if e.malformed { return .malformed }
    if e.upgraded { return .upgraded }
    if e.tunnel { return .tunnel }
    if e.isOver { return .complete }
    if e.responseLost { return .incomplete }
    let c = table.connection(slot)
    switch c.closeKind {
    case .none:
      // The capture ended first.
      return .incomplete
    case .rst:
      return .reset
    case .fin:
      if states[slot].reset { return .reset }
      let server = table.half(slot, 1 - Int(states[slot].client))
      if server.packets == 0 { return .incomplete }
      return e.hasResponse ? .incomplete : .unanswered
    }
  }

  private mutating func count(_ e: OpenExchange, outcome: ExchangeOutcome, holDelay: Int64?, slot: Int) {
    totals.exchanges += 1
    totals.outcomes[outcome, default: 0] += 1
    if !e.hasRequest { totals.responsesWithoutRequest += 1 }
    if e.pipelined { totals.pipelined += 1 }
    let hundreds = Int(e.status) / 100
    totals.statusClasses[e.hasResponse && (1...5).contains(hundreds) ? hundreds : 0] += 1
    totals.requestBodyBytes &+= e.requestBody
    totals.responseBodyBytes &+= e.responseBody
    if e.pipelined, let holDelay {
      totals.holDelay.add(holDelay)
      if holDelay > 0 { totals.holDelayed += 1 }
    }
    if e.queueing >= 0 {
      totals.queued += 1
      totals.queueingBound &+= e.queueing
    }
    noteWaiting(e, holDelay: holDelay, slot: slot)
    if e.idleBefore >= 0 {
      states[slot].gaps += 1
      states[slot].gapTotal &+= e.idleBefore
      states[slot].gapMax = max(states[slot].gapMax, e.idleBefore)
    }
    let seen = table.connection(slot).openingSeen
    totals.figures.add(e, openingSeen: seen)
    let s = states[slot]
    if s.server >= 0 { groups.servers[Int(s.server)].figures.add(e, openingSeen: seen) }
    if s.pool >= 0 { groups.pools[Int(s.pool)].figures.add(e, openingSeen: seen) }
    if e.host >= 0 { groups.hosts[Int(e.host)].figures.add(e, openingSeen: seen) }
  }

  private func row(
    _ e: OpenExchange, outcome: ExchangeOutcome, holDelay: Int64?, retryOf: (connection: Int, index: Int)?, slot: Int
  ) -> ExchangeRow {
    let client = Int(states[slot].client)
    let start = self.start
    var request: ExchangeRow.Request?
    if e.hasRequest {
      let m = Int(e.methodEnd)
      let t = Int(e.targetEnd)
      request = ExchangeRow.Request(
        start: e.requestStart &- start, end: e.requestComplete && e.requestEnd != .min ? e.requestEnd &- start : nil,
        method: Array(e.text[..<m]),
        target: Array(e.text[m..<t]), host: e.hasHost ? Array(e.text[t...]) : nil, versionMajor: e.requestMajor,
        versionMinor: e.requestMinor, headBytes: Int(e.requestHead), bodyBytes: Int(e.requestBody),
        framing: e.requestFraming, persistent: e.requestPersists, complete: e.requestComplete)
    }
    var response: ExchangeRow.Response?
    if e.hasResponse {
      response = ExchangeRow.Response(
        start: e.responseStart &- start,
        end: e.responseComplete && e.responseEnd != .min ? e.responseEnd &- start : nil, status: Int(e.status),
        versionMajor: e.responseMajor, versionMinor: e.responseMinor, headBytes: Int(e.responseHead),
        bodyBytes: Int(e.responseBody), framing: e.responseFraming, persistent: e.responsePersists,
        keepAlive: e.keepAlive,
        complete: e.responseComplete, interim: e.interim.map(Int.init))
    }
    var wait: Int64?
    // An early response did not wait for its request's end.
    if e.hasResponse, e.requestComplete, e.requestEnd != .min, e.responseStart >= e.requestEnd {
      wait = e.responseStart &- e.requestEnd
    }
    return ExchangeRow(
      connection: states[slot].id, client: endpoint(slot, side: client), server: endpoint(slot, side: 1 - client),
      index: Int(e.index), use: e.use, pipelined: e.pipelined,
      startTime: e.hasRequest ? e.requestStart : e.responseStart,
      request: request, response: response, idleBefore: e.idleBefore >= 0 ? e.idleBefore : nil, wait: wait,
      holDelay: holDelay, tcpStall: e.stall, retryOf: retryOf, outcome: outcome,
      setup: e.use == .fresh ? table.connection(slot).setup : nil,
      openedBecause: e.use == .fresh ? states[slot].cause : nil)
  }
}
