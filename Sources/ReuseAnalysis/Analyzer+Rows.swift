import HTTP1
import TCPStreams
import Wire

// Exchanges in progress, in the order of their requests; those that are over leave from the front, as rows.
extension Analyzer {
  /// A new exchange at the end of a connection's list.
  mutating func append(to slot: Int) -> Int {
    let i = Int(freeExchanges.popLast() ?? Int32(open.count))
    let seen = states[slot].exchanges > 0 || table.openingSeen(slot)
    let (before, index, use) = states[slot].append(Int32(i), openingSeen: seen)
    if i < open.count {
      open[i] = OpenExchange(index: index, use: use)
    } else {
      open.append(OpenExchange(index: index, use: use))
      if configuration.wantsExchanges { words.append(RequestWords()) }
      hold(0)
    }
    if before >= 0 { open[Int(before)].next = Int32(i) }
    return i
  }

  /// The host that a request on a connection names.
  @inline(__always)
  mutating func note(host octets: Span<UInt8>, slot: Int) -> Int32 {
    let last = states[slot].lastHost
    if groups.isHost(last, octets) { return last }
    return noteOther(host: octets, slot: slot)
  }

  @inline(never)
  private mutating func noteOther(host octets: Span<UInt8>, slot: Int) -> Int32 {
    let host = place(ofHost: octets)
    guard host != states[slot].lastHost else { return host }
    states[slot].lastHost = host
    if states[slot].firstHost < 0 {
      states[slot].firstHost = host
    } else if host >= 0, host != states[slot].firstHost {
      var more = moreHosts[Int32(slot)] ?? []
      guard !more.contains(host) else { return host }
      guard more.count < Self.hostsCounted - 1 else {
        totals.hostsNotCounted += 1
        return host
      }
      more.append(host)
      moreHosts[Int32(slot)] = more
      states[slot].hasMoreHosts = true
    }
    return host
  }

  /// Hosts that a connection is counted for.
  private static let hostsCounted = 64

  /// The hosts that a connection's requests named, by their places: nearly always one.
  func hosts(of slot: Int) -> [Int32] {
    guard states[slot].firstHost >= 0 else { return [] }
    return [states[slot].firstHost] + (states[slot].hasMoreHosts ? moreHosts[Int32(slot)] ?? [] : [])
  }

  /// Reports the exchanges at the front of a connection's list that are over.
  mutating func reportFinished(_ slot: Int) {
    var persisted = true
    var reported = false
    while states[slot].firstExchange >= 0 {
      let i = Int(states[slot].firstExchange)
      let isOver = open[i].isOver
      guard isOver || open[i].responseLost && Int32(i) != pairs[pair(slot)].request.arriving else { break }
      persisted = isOver ? open[i].persists : true
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
    let next = open[i].next
    states[slot].removeFirst(next: next)
    if states[slot].pair > 0 { pairs[pair(slot)].forget(Int32(i)) }
    if states[slot].firstUnanswered == Int32(i) {
      states[slot].firstUnanswered = next
      advanceUnanswered(slot)
    }

    let outcome = open[i].isOver && !open[i].isUnusual ? .complete : outcome(of: i, slot: slot)
    var holDelay: Int64?
    let answeredBefore = states[slot].lastExchangeEnd
    if open[i].index == 1, open[i].use == .fresh {
      holDelay = 0
    } else if answeredBefore != .min, open[i].request.end != .min, open[i].request.seen {
      holDelay = max(0, answeredBefore &- open[i].request.end)
    }
    count(i, outcome: outcome, holDelay: holDelay, slot: slot)
    noteWaiting(i, holDelay: holDelay, slot: slot)
    if outcome == .reset { noteUnread(i, answeredBefore: answeredBefore, slot: slot) }
    let retryOf = takeRepeated(i)
    if configuration.wantsExchanges {
      let interim = open[i].hasInterim ? interims.removeValue(forKey: Int32(i)) ?? [] : []
      exchanges.append(
        row(
          open[i], words[i], interim: interim, outcome: outcome, holDelay: holDelay, retryOf: retryOf, slot: slot))
      held &-= words[i].octets.count
      release(interims: interim)
      words[i] = RequestWords()
    }
    freeExchanges.append(Int32(i))
    if open[i].raced, !open[i].response.seen {
      noteRace(i, slot: slot)
    } else {
      states[slot].noteReported(open[i])
    }
  }

  /// The connection stays what it was before the request that no server received.
  private mutating func noteRace(_ i: Int, slot: Int) {
    guard !states[slot].hasRace else { return }
    let since = open[i].request.start &- table.connection(slot).closed
    let idle = open[i].idleBefore
    states[slot].hasRace = true
    closeRaces[Int32(slot)] = CloseRace(
      kind: since < 0 ? .beforeFIN : .afterFIN, exchange: Int(open[i].index), idle: idle >= 0 ? idle : nil,
      sinceFIN: since)
  }

  private func outcome(of i: Int, slot: Int) -> ExchangeOutcome {
    if open[i].malformed { return .malformed }
    if open[i].upgraded { return .upgraded }
    if open[i].tunnel { return .tunnel }
    if open[i].isOver { return .complete }
    if open[i].responseLost { return .incomplete }
    switch table.connection(slot).closeKind {
    case .none:
      // The capture ended first.
      return .incomplete
    case .rst:
      return .reset
    case .fin:
      if states[slot].reset { return .reset }
      let server = table.half(slot, 1 - Int(states[slot].client))
      if server.packets == 0 { return .incomplete }
      return open[i].response.seen ? .incomplete : .unanswered
    }
  }

  private mutating func count(_ i: Int, outcome: ExchangeOutcome, holDelay: Int64?, slot: Int) {
    totals.add(open[i], outcome)
    if open[i].pipelined {
      totals.pipelined += 1
      if let holDelay {
        totals.holDelay.add(holDelay)
        if holDelay > 0 { totals.holDelayed += 1 }
      }
    }
    if open[i].queueing >= 0 {
      totals.queued += 1
      totals.queueingBound &+= open[i].queueing
    }
    let host = open[i].host
    if host != states[slot].countedHost {
      settleCounts(slot)
      states[slot].countedHost = host
    }
    let idle = open[i].idleBefore
    let use = open[i].request.seen ? open[i].use : nil
    states[slot].count(use, idle: idle)
    totals.figures.add(use, openingSeen: states[slot].fresh > 0 || table.openingSeen(slot))
    guard idle >= 0 else { return }
    groups.add(idleGap: idle, server: states[slot].server, host: host)
  }

  private func row(
    _ e: OpenExchange, _ words: RequestWords, interim: [UInt16], outcome: ExchangeOutcome, holDelay: Int64?,
    retryOf: (connection: Int, index: Int)?, slot: Int
  ) -> ExchangeRow {
    let client = Int(states[slot].client)
    let start = self.start
    var request: ExchangeRow.Request?
    if e.request.seen {
      request = ExchangeRow.Request(
        start: e.request.start &- start,
        end: e.request.complete && e.request.end != .min ? e.request.end &- start : nil,
        words: words,
        versionMajor: e.request.major, versionMinor: e.request.minor, headBytes: Int(e.request.headOctets),
        bodyBytes: Int(e.request.bodyOctets),
        framing: e.request.framing, persistent: e.request.persists, complete: e.request.complete)
    }
    var response: ExchangeRow.Response?
    if e.response.seen {
      response = ExchangeRow.Response(
        start: e.response.start &- start,
        end: e.response.complete && e.response.end != .min ? e.response.end &- start : nil, status: Int(e.status),
        versionMajor: e.response.major, versionMinor: e.response.minor, headBytes: Int(e.response.headOctets),
        bodyBytes: Int(e.response.bodyOctets), framing: e.response.framing, persistent: e.response.persists,
        keepAlive: e.keepAlive,
        complete: e.response.complete, interim: interim)
    }
    var wait: Int64?
    // An early response did not wait for its request's end.
    if e.response.seen, e.request.complete, e.request.end != .min, e.response.start >= e.request.end {
      wait = e.response.start &- e.request.end
    }
    return ExchangeRow(
      connection: states[slot].id, client: endpoint(slot, side: client), server: endpoint(slot, side: 1 - client),
      index: Int(e.index), use: e.use, pipelined: e.pipelined,
      startTime: e.request.seen ? e.request.start : e.response.start,
      request: request, response: response, idleBefore: e.idleBefore >= 0 ? e.idleBefore : nil, wait: wait,
      holDelay: holDelay, tcpStall: e.stall, missingBytes: Int(e.missing), retryOf: retryOf, outcome: outcome,
      setup: e.use == .fresh ? table.connection(slot).setup : nil,
      openedBecause: e.use == .fresh ? states[slot].cause : nil)
  }
}
