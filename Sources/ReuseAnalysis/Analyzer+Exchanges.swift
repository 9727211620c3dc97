import HTTP1
import TCPStreams

// From messages to exchanges.
extension Analyzer {
  // MARK: Requests

  mutating func beginRequest(_ head: RequestHead, _ framing: BodyFraming, _ text: Span<UInt8>, slot: Int) {
    if states[slot].carried != .http { setCarried(.http, of: slot) }
    settleLostResponses(slot)
    let early = Int(states[slot].earlyRequest)
    let exchange = early >= 0 ? early : append(to: slot)
    let began = states[slot].request.messageStart
    open[exchange].requestOffset = states[slot].request.messageOffset
    open[exchange].requestAcknowledges = states[slot].request.messageAcknowledges
    open[exchange].take(head, framing, at: began)
    states[slot].take(head, exchange: Int32(exchange), isNew: early < 0)
    if let host = head.host { note(host: text.extracting(host.range), exchange: exchange, slot: slot) }
    noteFingerprint(head, text, exchange: exchange, slot: slot)
    if configuration.wantsExchanges { open[exchange].keep(text, of: head) }
    if early >= 0 { return }

    // Pipelined: an earlier exchange has not ended; lost and unanswered ones cannot tell.
    if states[slot].firstExchange != Int32(exchange) {
      if earlierResponseDue(slot, before: exchange) {
        open[exchange].pipelined = true
        states[slot].pipelined += 1
      }
    } else if states[slot].lastResponseEnd != .min {
      let idle = began &- states[slot].lastResponseEnd
      let queueing = queueing(slot, idle: idle)
      open[exchange].noteIdle(max(0, idle), queueing: queueing)
    } else if states[slot].exchanges == 1, states[slot].established != .min {
      states[slot].lead = max(0, began &- states[slot].established)
    }
    load.request(line: states[slot].loadLine, at: latest)
    states[slot].lastRequestStart = began
    let closedBy = table.closedBy(slot)
    if closedBy >= 0, closedBy != states[slot].client {
      open[exchange].raced = true
      noteUnanswered(exchange, slot: slot)
    }
    busy(slot)
  }

  // MARK: Responses

  /// HTTP/0.9: the answer to a simple request has no head (RFC 1945 §4.1), and no status: its octets are content up to the
  /// close. Whether they begin here, between two messages.
  @inline(__always)
  mutating func beginsSimpleResponse(_ octets: Span<UInt8>, slot: Int) -> Bool {
    let exchange = Int(states[slot].firstUnanswered)
    guard exchange >= 0, open[exchange].request.major == 0, open[exchange].request.minor == 9 else { return false }
    guard recogniseResponse(octets) != .yes else { return false }
    states[slot].response.parser.beginSimpleBody()
    return true
  }

  /// Returns how the body is framed.
  mutating func beginResponse(_ head: ResponseHead, slot: Int) -> BodyFraming {
    if states[slot].carried != .http { setCarried(.http, of: slot) }
    states[slot].take(head)
    if head.isInterim {
      if answeredRequest(slot, status: head.status) >= 0, states[slot].interim.count < ExchangeRow.interimLimit {
        states[slot].interim.append(head.status)
      }
      states[slot].response.arriving = -1
      return .none
    }
    var exchange = answeredRequest(slot, status: head.status)
    if exchange < 0 { exchange = requestCutShort(slot) }
    if exchange < 0 { exchange = append(to: slot) }
    let framing = open[exchange].take(head, at: states[slot].response.messageStart)
    if !states[slot].interim.isEmpty {
      open[exchange].interim = states[slot].interim
      states[slot].interim = []
    }
    if head.fields.connectionClose {
      states[slot].serverSaidClose = true
      states[slot].unaskedClose = open[exchange].request.seen && open[exchange].request.persists
    }
    if !open[exchange].request.seen { states[slot].httpMinor = head.versionMinor }
    states[slot].response.arriving = Int32(exchange)
    advanceUnanswered(slot)
    if framing == .upgrade || framing == .tunnel { switchProtocols(exchange, head, framing, slot: slot) }
    return framing
  }

  private mutating func switchProtocols(_ exchange: Int, _ head: ResponseHead, _ framing: BodyFraming, slot: Int) {
    _ = open[exchange].end(.response, at: states[slot].response.messageTime)
    if framing == .tunnel {
      open[exchange].tunnel = true
      setCarried(.tunnel, of: slot)
    } else {
      open[exchange].upgraded = true
      setCarried(head.fields.upgrade == .websocket ? .websocket : .upgraded, of: slot)
    }
    if !open[exchange].request.complete, open[exchange].request.seen {
      _ = open[exchange].end(.request, at: states[slot].request.messageTime)
    }
    states[slot].request.arriving = -1
    states[slot].response.arriving = -1
    reportFinished(slot)
  }
}
