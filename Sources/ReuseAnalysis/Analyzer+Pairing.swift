import HTTP1
import TCPStreams

// Which response answers which request (METRICS.md §1), also where octets are missing.
extension Analyzer {
  /// The request that a response beginning now answers (METRICS.md §1), -1 where none can be: the oldest one without an
  /// answer, unless it was sent after the response, or octets are missing that may have held its answer.
  mutating func answeredRequest(_ slot: Int, status: UInt16) -> Int {
    let hole = pairs[pair(slot)].response.lostUntil
    let pairing = ResponsePairing(
      status: status, received: pairs[pair(slot)].response.messageAcknowledges, missingUntil: hole,
      requestsAreMissing: pairs[pair(slot)].request.lostUntil != .min)
    var candidate = -1
    var doubtful = 0
    var i = states[slot].firstUnanswered
    var steps = 0
    requests: while i >= 0, steps < ResponsePairing.mostRequests {
      steps += 1
      if open[Int(i)].isUnanswered {
        switch pairing.verdict(
          onRequestAt: open[Int(i)].requestOffset, sentAfterReceiving: open[Int(i)].requestAcknowledges)
        {
        case .sentLater:
          break requests
        case .answered:
          if hole != .min {
            markLost(slot, before: Int(i))
            pairs[pair(slot)].response.lostUntil = .min
          }
          return Int(i)
        case .doubtful:
          doubtful += 1
          if candidate < 0 { candidate = Int(i) }
        }
      }
      i = open[Int(i)].next
    }
    guard doubtful == 1, pairs[pair(slot)].response.messageOffset >= hole else { return -1 }
    pairs[pair(slot)].response.lostUntil = .min
    return candidate
  }

  /// A server may answer, with an error, a request whose head it has not received whole: what there is of it, or -1.
  mutating func requestCutShort(_ slot: Int) -> Int {
    guard states[slot].earlyRequest < 0,
      pairs[pair(slot)].response.messageAcknowledges > pairs[pair(slot)].request.messageOffset,
      var octets = pairs[pair(slot)].request.nextArrivingLines()
    else { return -1 }
    octets += [0x0D, 0x0A]
    guard case .head(let head) = parseRequestHead(octets.span, limits: httpLimits), !head.isSimple else {
      return -1
    }
    beginRequest(head, BodyFraming.ofRequest(head), octets.span, slot: slot)
    let exchange = pairs[pair(slot)].request.arriving
    states[slot].earlyRequest = exchange
    return Int(exchange)
  }

  /// The answers to requests before this one fell into a hole.
  mutating func markLost(_ slot: Int, before exchange: Int) {
    var i = states[slot].firstUnanswered
    while i >= 0, Int(i) != exchange {
      if open[Int(i)].isUnanswered { open[Int(i)].responseLost = true }
      i = open[Int(i)].next
    }
    advanceUnanswered(slot)
    reportFinished(slot)
  }

  /// When a client that does not pipeline sends its next request, the answer to the one before has reached it.
  mutating func settleLostResponses(_ slot: Int) {
    let acknowledges = pairs[pair(slot)].request.messageAcknowledges
    if pairs[pair(slot)].response.arriving >= 0, pairs[pair(slot)].response.parser.isLost, acknowledges != .min,
      acknowledges >= pairs[pair(slot)].response.lostUntil, states[slot].pipelined == 0
    {
      abandon(.response, slot)
    }
    guard states[slot].firstUnanswered >= 0 else { return }
    guard acknowledges != .min, states[slot].pipelined == 0 else { return }
    let first = open[Int(states[slot].firstUnanswered)].requestAcknowledges
    let hole = pairs[pair(slot)].response.lostUntil
    let server = table.half(slot, 1 - Int(states[slot].client))
    let unseen = server.packets == 0 && acknowledges > first && first != .min
    if hole != .min && acknowledges >= hole && first < hole || unseen {
      var i = states[slot].firstUnanswered
      while i >= 0 {
        if open[Int(i)].isUnanswered { open[Int(i)].responseLost = true }
        i = open[Int(i)].next
      }
      pairs[pair(slot)].response.lostUntil = .min
      states[slot].firstUnanswered = -1
      reportFinished(slot)
    }
  }

  /// The first exchange without an answer may have got one; what stands before it has.
  mutating func advanceUnanswered(_ slot: Int) {
    var i = states[slot].firstUnanswered
    while i >= 0, !open[Int(i)].isUnanswered { i = open[Int(i)].next }
    states[slot].firstUnanswered = i
  }

  /// Whether an exchange before this one still waits for its response, as far as can be known. Where the answers of very
  /// many are missing, the latest are not looked at: every request would cost as much as there are.
  func earlierResponseDue(_ slot: Int, before exchange: Int) -> Bool {
    var i = states[slot].firstExchange
    var steps = 0
    while i >= 0, Int(i) != exchange, steps < 256 {
      steps += 1
      let acknowledged = open[Int(i)].requestAcknowledges
      let isKnown = open[Int(i)].request.seen || open[Int(i)].response.seen
      if isKnown, !open[Int(i)].response.complete, !open[Int(i)].responseLost {
        // Its client had received something in between: the answer, which the capture lacks.
        let unseen =
          !open[Int(i)].response.seen && !states[slot].hasInterim && acknowledged != .min
          && open[exchange].requestAcknowledges > acknowledged
        if !unseen { return true }
      }
      i = open[Int(i)].next
    }
    return false
  }
}
