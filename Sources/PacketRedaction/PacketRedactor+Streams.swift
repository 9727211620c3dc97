import HTTP1
import TCPStreams

/// Where in its stream a span of octets stands.
struct Arrival {
  var offset: Int64
  /// What its sender had received: an offset in the peer's stream, `.min` when unknown.
  var acknowledges: Int64
  var startsSegment: Bool
}

// From segments to messages: what the analysis does, for the sake of where heads are.
extension PacketRedactor {
  /// Works through the table's events. `payload` is the current packet's.
  mutating func work(_ payload: Span<UInt8>) {
    for index in table.events.indices {
      switch table.events[index] {
      case .began(let slot):
        while streams.count <= slot { streams.append(StreamState()) }
        streams[slot] = StreamState()
      case .segment(let slot, let side, let start, let count, let offset, let acknowledges):
        guard count > 0 else { continue }
        let arrival = Arrival(offset: offset, acknowledges: acknowledges, startsSegment: start == 0)
        deliver(payload.extracting(start..<(start + count)), slot: slot, side: side, arrival)
      case .buffered(let slot, let side, let place, _, _):
        let waited = table.hadWaited[place]
        let arrival = Arrival(
          offset: waited.offset, acknowledges: waited.acknowledges, startsSegment: waited.startsSegment)
        deliver(waited.octets.span, slot: slot, side: side, arrival)
      case .gap(let slot, let side, let octets, let end, _):
        gap(octets, slot: slot, side: side, endingAt: end)
      case .ended(let slot):
        forget(slot)
      case .takenUp, .givenUp, .passed, .established, .closing, .endOfStream, .reset, .reopened:
        break
      }
    }
    table.clearEvents()
  }

  // MARK: Octets in order

  mutating func deliver(_ octets: Span<UInt8>, slot: Int, side: Int, _ arrival: Arrival) {
    guard octets.count > 0, slot < streams.count else { return }
    if streams[slot].carried != .http, !admits(octets, slot: slot, side: side, arrival) { return }
    let direction = streams[slot].direction(of: side)
    if streams[slot][direction].parser.isLost || streams[slot][direction].refused {
      guard arrival.startsSegment, recognise(octets, direction) == .yes else {
        // Cut off, they would be part of the hole.
        showZeros(octets.count, slot: slot, side: side, at: arrival.offset)
        return
      }
      streams[slot][direction].parser.restart()
      streams[slot][direction].refused = false
      streams[slot][direction].recognised = true
      streams[slot].carried = .http
    }
    read(octets, direction, slot: slot, side: side, arrival)
  }

  private mutating func read(
    _ octets: Span<UInt8>, _ direction: MessageParser.Direction, slot: Int, side: Int, _ arrival: Arrival
  ) {
    var position = 0
    if direction == .response { allowSimpleBody(slot) }
    while true {
      let start = position
      let event = streams[slot][direction].parser.next(octets, position: &position, limits: limits)
      switch event {
      case .needMore:
        let parser = streams[slot][direction].parser
        if parser.isBetweenMessages {
          show(octets.extracting(start..<position), slot: slot, side: side, at: arrival.offset &+ Int64(start))
        } else if parser.inBody {
          showFraming(octets, start..<position, direction, slot: slot, side: side, arrival)
        }
        return
      case .messageBegan:
        show(octets.extracting(start..<position), slot: slot, side: side, at: arrival.offset &+ Int64(start))
        streams[slot][direction].beginMessage(arrival, at: position)
      case .headComplete(.inInput(let range)):
        takeHead(octets.extracting(range), direction, slot: slot, side: side)
      case .headComplete(.buffered):
        let buffer = streams[slot][direction].parser.buffer
        takeHead(buffer.span, direction, slot: slot, side: side)
      case .simpleBodyBegan:
        break
      case .body(let count):
        // What had been held for a status line stands before these octets.
        showFraming(octets, start..<max(start, position - count), direction, slot: slot, side: side, arrival)
      case .messageEnd:
        showFraming(octets, start..<position, direction, slot: slot, side: side, arrival)
        if direction == .response { allowSimpleBody(slot) }
      case .malformed:
        // What is no message stays none, as zeros.
        showZeros(octets.count - start, slot: slot, side: side, at: arrival.offset &+ Int64(start))
        if streams[slot][direction].recognised == false { streams[slot][direction].refused = true }
        return
      }
      if streams[slot].carried == .opaque { return }
    }
  }

  /// Whether the response now due answers a simple request, if it does not begin with a status line (RFC 1945 §6).
  private mutating func allowSimpleBody(_ slot: Int) {
    streams[slot].response.parser.allowSimpleBody(streams[slot].unanswered.first?.isSimple == true)
  }

  private mutating func takeHead(
    _ text: Span<UInt8>, _ direction: MessageParser.Direction, slot: Int, side: Int
  ) {
    var framing = BodyFraming.invalid
    let offset = streams[slot][direction].messageOffset
    switch direction {
    case .request:
      if case .head(let head) = parseRequestHead(text, limits: limits) {
        framing = BodyFraming.ofRequest(head)
        beginRequest(head, slot)
        if policy.hidesValues {
          show(HeadRedaction.request(text).span, slot: slot, side: side, at: offset)
        } else {
          show(text, slot: slot, side: side, at: offset)
        }
      }
    case .response:
      if case .head(let head) = parseResponseHead(text, limits: limits) {
        framing = beginResponse(head, slot, side: side)
        if policy.hidesValues {
          show(HeadRedaction.response(text).span, slot: slot, side: side, at: offset)
        } else {
          show(text, slot: slot, side: side, at: offset)
        }
      }
    }
    streams[slot][direction].recognised = true
    streams[slot][direction].framing = FramingRedaction()
    streams[slot][direction].parser.beginBody(framing)
    if framing == .upgrade || framing == .tunnel { streams[slot].carried = .opaque }
  }

  private mutating func beginRequest(_ head: RequestHead, _ slot: Int) {
    streams[slot].carried = .http
    streams[slot].settleLostResponses()
    if streams[slot].answeredEarly {
      streams[slot].answeredEarly = false
      return
    }
    if streams[slot].unanswered.count >= StreamState.mostUnanswered { streams[slot].unanswered.removeFirst() }
    streams[slot].unanswered.append(
      OutstandingRequest(
        method: head.methodKind, isSimple: head.isSimple, offset: streams[slot].request.messageOffset,
        acknowledges: streams[slot].request.messageAcknowledges))
  }

  private mutating func beginResponse(_ head: ResponseHead, _ slot: Int, side: Int) -> BodyFraming {
    streams[slot].carried = .http
    if head.isInterim { return .none }
    var method = streams[slot].takeAnswered(status: head.status)?.method
    if method == nil { method = requestCutShort(slot, side: 1 - side) }
    return BodyFraming.ofResponse(head, answering: method ?? .other)
  }

  /// A server may answer, with an error, a request whose head it has not received whole: the lines of it that are there.
  private mutating func requestCutShort(_ slot: Int, side: Int) -> RequestMethodKind? {
    guard !streams[slot].answeredEarly,
      streams[slot].response.messageAcknowledges > streams[slot].request.messageOffset,
      let lines = streams[slot].request.nextArrivingLines(),
      case .head(let head) = parseRequestHead(lines.span, limits: limits), !head.isSimple
    else { return nil }
    streams[slot].answeredEarly = true
    showIncompleteHead(slot, side: side)
    return head.methodKind
  }

  /// Shows of a head that is arriving what is certain without its end.
  mutating func showIncompleteHead(_ slot: Int, side: Int) {
    guard streams[slot].client >= 0, streams[slot].carried != .opaque else { return }
    let direction = streams[slot].direction(of: side)
    let state = streams[slot][direction]
    guard state.parser.inHead, !state.parser.buffer.isEmpty else { return }
    var lines = state.parser.wholeLines
    if policy.hidesValues, !lines.isEmpty {
      lines = direction == .request ? HeadRedaction.request(lines.span) : HeadRedaction.response(lines.span)
    }
    let shown = HeadRedaction.incomplete(state.parser.buffer.span, shown: lines)
    show(shown.span, slot: slot, side: side, at: state.messageOffset)
  }

  private mutating func gap(_ octets: Int64, slot: Int, side: Int, endingAt offset: Int64) {
    guard slot < streams.count, streams[slot].carried != .opaque, streams[slot].client >= 0 else { return }
    let direction = streams[slot].direction(of: side)
    // Its end is missing.
    if streams[slot][direction].parser.inHead { showIncompleteHead(slot, side: side) }
    if streams[slot][direction].parser.skipGap(Int(clamping: octets)) == .lost {
      streams[slot][direction].lostUntil = offset
      return
    }
    var position = 0
    _ = streams[slot][direction].parser.next([UInt8]().span, position: &position, limits: limits)
  }

  // MARK: What a connection carries

  /// Whether octets are to be read as HTTP.
  private mutating func admits(_ octets: Span<UInt8>, slot: Int, side: Int, _ arrival: Arrival) -> Bool {
    switch streams[slot].carried {
    case .http:
      return true
    case .undecided:
      decide(octets, slot: slot, side: side, arrival)
      return streams[slot].carried != .opaque && streams[slot].carried != .tls && streams[slot].client >= 0
    case .tls:
      guard side != Int(streams[slot].client), streams[slot].client >= 0, !streams[slot].response.refused,
        recogniseResponse(octets) == .yes
      else {
        if side != Int(streams[slot].client) { streams[slot].response.refused = true }
        return false
      }
      streams[slot].carried = .http
      streams[slot].request.refused = true
      return true
    case .opaque:
      return false
    }
  }

  private mutating func decide(_ octets: Span<UInt8>, slot: Int, side: Int, _ arrival: Arrival) {
    if streams[slot].client < 0 { streams[slot].client = table.connection(slot).opener }
    let client = Int(streams[slot].client)
    if client < 0 {
      if recogniseRequest(octets) == .yes, !isSimpleRequest(octets, limits: limits) {
        streams[slot].client = Int8(side)
      } else if recogniseResponse(octets) == .yes {
        streams[slot].client = Int8(1 - side)
      } else {
        nameProtocol(octets, slot: slot, side: side, arrival)
      }
      return
    }
    let direction = streams[slot].direction(of: side)
    if streams[slot][direction].recognised { return }
    let verdict =
      streams[slot][direction].parser.inHead
      ? recognise(octets, after: streams[slot][direction].parser.buffer, direction, limits: limits)
      : recognise(octets, direction)
    switch verdict {
    case .yes:
      streams[slot][direction].recognised = true
      streams[slot].carried = .http
    case .needMore:
      break
    case .no:
      if nameProtocol(octets, slot: slot, side: side, arrival) { return }
      streams[slot][direction].refused = true
      if direction == .request { streams[slot].request.parser.lose() }
      guard table.openingSeen(slot) else { return }
      let isOther =
        direction == .request
        ? streams[slot].response.refused : streams[slot].request.refused || !streams[slot].request.parser.inHead
      if isOther { streams[slot].carried = .opaque }
    }
  }

  /// Shows as much of another protocol's first octets as tells which it is: they are the same in every connection.
  @discardableResult
  private mutating func nameProtocol(_ octets: Span<UInt8>, slot: Int, side: Int, _ arrival: Arrival) -> Bool {
    let shown: Int
    switch protocolName(ofFirstOctets: octets) {
    case .tls:
      streams[slot].carried = .tls
      shown = 5
    case .http2Preface:
      streams[slot].carried = .opaque
      shown = octets[0] == 0 ? 9 : 24
    case .ssh:
      streams[slot].carried = .opaque
      shown = 4
    case .other, .needMore:
      return false
    }
    show(octets.extracting(first: min(shown, octets.count)), slot: slot, side: side, at: arrival.offset)
    return true
  }
}
