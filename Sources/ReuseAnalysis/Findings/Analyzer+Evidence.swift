import TCPStreams
import Wire

// What an exchange and a connection leave behind for the findings.
extension Analyzer {
  /// METRICS.md §7, by server.
  mutating func noteWaiting(_ exchange: Int, holDelay: Int64?, slot: Int) {
    let delay = open[exchange].pipelined ? holDelay ?? 0 : 0
    let queueing = open[exchange].queueing
    guard delay > 0 || queueing >= 0 else { return }
    states[slot].hasWaited = true
    let server = Int(states[slot].server)
    guard server >= 0 else { return }
    if delay > 0 {
      groups.servers[server].record.waited += 1
      groups.servers[server].record.waitTime &+= delay
    }
    if queueing >= 0 {
      groups.servers[server].record.queued += 1
      groups.servers[server].record.queueingBound &+= queueing
    }
  }

  /// A server that had read all it was sent ends with a FIN: a reset instead of an answer says that it closed with the request
  /// unread, as one does whose timeout runs out while the request arrives. Whether it was the timeout shows once that is known.
  mutating func noteUnread(_ exchange: Int, answeredBefore: Int64, slot: Int) {
    let server = Int(states[slot].server)
    guard server >= 0, answeredBefore != .min, !states[slot].hasUnread, open[exchange].idleBefore >= 0,
      !open[exchange].raced, open[exchange].request.seen, !open[exchange].response.seen
    else { return }
    let c = table.connection(slot)
    guard c.closeKind == .rst, Int(c.closedBy) == 1 - Int(states[slot].client) else { return }
    states[slot].hasUnread = true
    groups.servers[server].record.unread.add(c.closed &- answeredBefore)
  }

  /// Adds an ended connection to its server's record. Whether it is an example of something.
  mutating func noteEvidence(_ slot: Int, reason: CloseReason, by: Side?, setup: Int64?, tail: Int64?) -> Bool {
    let s = states[slot]
    let c = table.connection(slot)
    let server = Int(s.server)
    guard server >= 0 else { return false }
    var shows = ExampleKind.Kinds()
    var isExample = false
    if let race = race(of: slot) {
      if race.kind == .beforeFIN { groups.servers[server].record.racesBeforeFIN += 1 }
      if race.exchange > 1 { groups.servers[server].record.racesOfUsed += 1 }
      shows.insert(.raced)
    }
    if s.hasUnread { shows.insert(.unread) }
    if s.cause == .missedReuse { shows.insert(.missedReuse) }
    if s.bridgedFrom != .min, s.lead >= 0 {
      // The first request began `lead` after the handshake.
      groups.servers[server].record.lostGaps.add(s.established &+ s.lead &- s.bridgedFrom)
      groups.servers[server].record.lostSetup &+= setup ?? 0
      shows.insert(.lostGap)
    }
    if let end = s.chargedTo {
      groups.servers[server].record[end].openings += 1
      groups.servers[server].record[end].setupTime &+= setup ?? 0
      if end == .clientIdle { shows.insert(.clientIdleCharged) }
    }
    if let end = avoidableEnd(slot, reason) {
      groups.servers[server].record[end].connections += 1
      switch end {
      case .serverIdle: shows.insert(.serverIdle)
      case .clientIdle: break
      case .unaskedClose:
        isExample = groups.servers[server].noteUnaskedClose(after: Int(s.exchanges), connection: s.id)
        shows.insert(.unaskedClose)
      case .clientClose: shows.insert(.clientClose)
      case .http10:
        if s.httpMinor > 0 { groups.servers[server].record.closeDelimited += 1 }
        shows.insert(.http10)
      }
    }
    if s.exchanges == 1, let tail, reason == .serverIdleClose || reason == .clientIdleClose {
      groups.servers[server].record.oneRequest += 1
      groups.servers[server].record.oneRequestIdle &+= tail
      shows.insert(.oneRequest)
    }
    if s.hasWaited { shows.insert(.waited) }
    if c.openingSeen, !c.established {
      if c.refused {
        groups.servers[server].record.refused += 1
        shows.insert(.failed)
      } else if latest &- c.opened >= FindingThresholds.answerTime {
        groups.servers[server].record.unanswered += 1
        shows.insert(.failed)
      }
    }
    if by == .client, c.established, c.closeKind == .fin { shows.insert(.clientClosed) }
    if s.exchanges > 0 { shows.insert(.used) }
    if s.headHit { shows.insert(.headHit) }
    return groups.servers[server].record.noteExample(of: shows, connection: s.id) || isExample
  }
}
