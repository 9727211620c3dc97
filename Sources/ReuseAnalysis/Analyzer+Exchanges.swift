import HTTP1
import TCPStreams

// From messages to exchanges.
extension Analyzer {
  // MARK: Requests

  mutating func beginRequest(_ head: RequestHead, _ framing: BodyFraming, _ text: Span<UInt8>, slot: Int) {
    if states[slot].carried != .http { setCarried(.http, of: slot) }
    if states[slot].firstUnanswered >= 0 || pairs[pair(slot)].response.arriving >= 0 { settleLostResponses(slot) }
    let early = Int(states[slot].earlyRequest)
    let exchange = early >= 0 ? early : append(to: slot)
    let host = head.host.map { note(host: text.extracting($0.range), slot: slot) } ?? -1
    let p = pair(slot)
    let began = pairs[p].request.messageStart
    open[exchange].take(
      head, framing, at: began, offset: pairs[p].request.messageOffset,
      acknowledges: pairs[p].request.messageAcknowledges, host: host,
      fingerprint: fingerprint(of: head, text, host: host))
    // What a request before this one on the connection began with.
    let before = states[slot].lastRequestStart
    states[slot].take(head, exchange: Int32(exchange), isNew: early < 0, at: began)
    pairs[p].request.begin(Int32(exchange))
    if !retries.isEmpty { findRepeated(exchange, slot: slot) }
    if configuration.wantsExchanges {
      words[exchange] = RequestWords(text, of: head)
      hold(words[exchange].octets.count)
    }
    if early >= 0 { return }

    if states[slot].firstExchange != Int32(exchange) {
      // Pipelined: an earlier exchange has not ended; lost and unanswered ones cannot tell.
      if earlierResponseDue(slot, before: exchange) {
        open[exchange].pipelined = true
        states[slot].pipelined += 1
      }
      boundOutstanding(exchange, slot: slot)
    } else if began < states[slot].lastExchangeEnd, pairs[p].request.messageTime > began {
      // METRICS.md §7: its first octet came before the end of an earlier response, and others after it.
      open[exchange].pipelined = true
      states[slot].pipelined += 1
    } else if states[slot].lastExchangeEnd != .min {
      let idle = began &- states[slot].lastExchangeEnd
      open[exchange].noteIdle(max(0, idle), queueing: queueing(slot, idle: idle, since: before))
    } else if states[slot].exchanges == 1, states[slot].established != .min {
      states[slot].lead = max(0, began &- states[slot].established)
    }
    load.request(line: states[slot].loadLine, at: latest)
    let closedBy = table.closedBy(slot)
    if closedBy >= 0, closedBy != states[slot].client {
      open[exchange].raced = true
      noteUnanswered(exchange, slot: slot)
    }
    busy(slot)
  }

  // MARK: Responses

  /// HTTP/0.9: the answer to a simple request has no head (RFC 1945 §4.1), and no status: its octets are content up to the
  /// close. Whether the response now due is such an answer, if it does not begin with a status line.
  mutating func allowSimpleBody(_ slot: Int) {
    let exchange = Int(states[slot].firstUnanswered)
    let isSimple = exchange >= 0 && open[exchange].request.isSimple
    pairs[pair(slot)].response.parser.allowSimpleBody(isSimple)
  }

  /// Returns how the body is framed.
  mutating func beginResponse(_ head: ResponseHead, slot: Int) -> BodyFraming {
    if states[slot].carried != .http { setCarried(.http, of: slot) }
    states[slot].take(head)
    pairs[pair(slot)].response.recognised = true
    if head.isInterim {
      if answeredRequest(slot, status: head.status) >= 0 { noteInterim(head.status, slot: slot) }
      pairs[pair(slot)].response.arriving = -1
      return .none
    }
    var exchange = answeredRequest(slot, status: head.status)
    if exchange < 0 { exchange = requestCutShort(slot) }
    if exchange < 0 {
      exchange = append(to: slot)
      boundOutstanding(exchange, slot: slot)
    }
    let framing = open[exchange].take(head, at: pairs[pair(slot)].response.messageStart)
    if states[slot].hasInterim { takeInterims(exchange, slot: slot) }
    if head.fields.connectionClose {
      states[slot].serverSaidClose = true
      states[slot].unaskedClose = open[exchange].request.seen && open[exchange].request.persists
    }
    if !open[exchange].request.seen { states[slot].httpMinor = head.versionMinor }
    pairs[pair(slot)].response.arriving = Int32(exchange)
    advanceUnanswered(slot)
    if framing == .upgrade || framing == .tunnel { switchProtocols(exchange, head, framing, slot: slot) }
    return framing
  }

  @inline(never)
  private mutating func noteInterim(_ status: UInt16, slot: Int) {
    states[slot].hasInterim = true
    if awaitedInterims[Int32(slot), default: []].count < configuration.interim {
      awaitedInterims[Int32(slot), default: []].append(status)
      hold(MemoryLayout<UInt16>.stride)
    } else {
      totals.interimDropped += 1
    }
  }

  /// They are held no more.
  mutating func release(interims: [UInt16]) { held &-= interims.count &* MemoryLayout<UInt16>.stride }

  /// The final response has come.
  @inline(never)
  private mutating func takeInterims(_ exchange: Int, slot: Int) {
    states[slot].hasInterim = false
    guard let statuses = awaitedInterims.removeValue(forKey: Int32(slot)) else { return }
    guard configuration.wantsExchanges else { return release(interims: statuses) }
    open[exchange].hasInterim = true
    interims[Int32(exchange)] = statuses
  }

  private mutating func switchProtocols(_ exchange: Int, _ head: ResponseHead, _ framing: BodyFraming, slot: Int) {
    _ = open[exchange].end(.response, at: pairs[pair(slot)].response.messageTime)
    if framing == .tunnel {
      open[exchange].tunnel = true
      setCarried(.tunnel, of: slot)
    } else {
      open[exchange].upgraded = true
      setCarried(head.fields.upgrade == .websocket ? .websocket : .upgraded, of: slot)
    }
    if !open[exchange].request.complete, open[exchange].request.seen {
      _ = open[exchange].end(.request, at: pairs[pair(slot)].request.messageTime)
    }
    pairs[pair(slot)].request.arriving = -1
    pairs[pair(slot)].response.arriving = -1
    reportFinished(slot)
  }
}
