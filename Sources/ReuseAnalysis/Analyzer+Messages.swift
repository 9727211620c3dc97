import HTTP1
import TCPStreams

// From octets in order to messages: the same for both directions.
extension Analyzer {
  /// Octets of one side, next in their stream. `stalledUntil`: they had waited for a hole until then.
  mutating func deliver(
    _ octets: Span<UInt8>, slot: Int, side: Int, _ arrival: Arrival, stalledUntil: Int64? = nil
  ) {
    guard octets.count > 0 else { return }
    ensurePair(slot)
    if states[slot].carried != .http, !admits(octets, slot: slot, side: side) {
      // Of what is no HTTP nothing is remembered, except that an answer in HTTP may follow on a TLS record.
      if states[slot].carried.isOpaque, states[slot].carried != .tls { releasePair(slot) }
      return
    }
    let isRequest = side == Int(states[slot].client)
    if let stalledUntil {
      stalled = (arrival.time, stalledUntil)
      noteStall(isRequest ? .request : .response, slot)
    }
    if isRequest {
      read(octets, .request, slot: slot, arrival)
    } else {
      read(octets, .response, slot: slot, arrival)
    }
    if stalledUntil != nil {
      noteStall(isRequest ? .request : .response, slot)
      stalled = nil
    }
    if states[slot].firstExchange < 0, pairs[pair(slot)].isAtRest { releasePair(slot) }
  }

  /// The usual segments hold content of known length, or begin with a whole head, or both: those take no turn of the
  /// parser's state machine.
  @inline(__always)
  private mutating func read(
    _ octets: Span<UInt8>, _ direction: MessageParser.Direction, slot: Int, _ arrival: Arrival
  ) {
    var taken = pairs[pair(slot)].takeContent(direction, octets.count, at: arrival.time)
    if taken.place == .lost {
      guard arrival.startsSegment, recognise(octets, direction) == .yes else { return }
      let before = pairs[pair(slot)][direction].parser.buffer.capacity
      pairs[pair(slot)][direction].resume()
      noteHeld(from: before, direction, slot)
      abandon(direction, slot)
      setCarried(.http, of: slot)
      taken = pairs[pair(slot)].takeContent(direction, octets.count, at: arrival.time)
    }
    var position = taken.content
    if position > 0 { noteContent(position, direction, slot: slot) }
    if taken.isComplete { end(direction, slot) }
    while position < octets.count, taken.place == .betweenMessages {
      let text = octets.extracting(position...)
      let isRead =
        direction == .request
        ? readWholeRequest(text, &position, &taken.place, slot: slot, arrival)
        : readWholeResponse(text, &position, &taken.place, slot: slot, arrival)
      if !isRead { break }
      if states[slot].carried.isOpaque { return }
    }
    if position == octets.count, taken.place == .betweenMessages { return }
    if position < octets.count || taken.place == .elsewhere {
      readSlowly(octets, from: position, direction, slot: slot, arrival)
    }
    passContent(direction, slot, from: arrival.offset &+ Int64(octets.count))
  }

  /// Nobody need look at content that is certain to come next.
  @inline(never)
  private mutating func passContent(_ direction: MessageParser.Direction, _ slot: Int, from offset: Int64) {
    guard !states[slot].carried.isOpaque else { return }
    let due = pairs[pair(slot)][direction].parser.contentDue
    let client = Int(states[slot].client)
    if due > 0 { table.pass(slot, side: direction == .request ? client : 1 - client, until: offset &+ due) }
  }

  /// What both whole messages end with.
  @inline(__always)
  private mutating func takeHead(
    _ direction: MessageParser.Direction, _ framing: BodyFraming, octets: Int, of count: Int, _ position: inout Int,
    _ place: inout MessageParser.Place, slot: Int
  ) {
    let taken = pairs[pair(slot)].takeHead(direction, framing, available: count &- octets)
    if taken.content > 0 { noteContent(taken.content, direction, slot: slot) }
    if taken.isComplete { end(direction, slot) }
    position &+= octets &+ taken.content
    place = taken.place
  }

  private mutating func readWholeRequest(
    _ text: Span<UInt8>, _ position: inout Int, _ place: inout MessageParser.Place, slot: Int, _ arrival: Arrival
  ) -> Bool {
    guard let head = heads.wholeRequest(text, limits: httpLimits) else { return false }
    pairs[pair(slot)].request.beginMessage(arrival, at: position)
    let framing = BodyFraming.ofRequest(head)
    beginRequest(head, framing, text, slot: slot)
    takeHead(.request, framing, octets: head.octets, of: text.count, &position, &place, slot: slot)
    return true
  }

  private mutating func readWholeResponse(
    _ text: Span<UInt8>, _ position: inout Int, _ place: inout MessageParser.Place, slot: Int, _ arrival: Arrival
  ) -> Bool {
    guard let head = wholeResponseHead(text, limits: httpLimits) else { return false }
    pairs[pair(slot)].response.beginMessage(arrival, at: position)
    let framing = beginResponse(head, slot: slot)
    takeHead(.response, framing, octets: head.octets, of: text.count, &position, &place, slot: slot)
    return true
  }

  @inline(never)
  private mutating func readSlowly(
    _ octets: Span<UInt8>, from start: Int, _ direction: MessageParser.Direction, slot: Int, _ arrival: Arrival
  ) {
    var position = start
    if direction == .response { allowSimpleBody(slot) }
    let before = pairs[pair(slot)][direction].parser.buffer.capacity
    defer { noteHeld(from: before, direction, slot) }
    while true {
      switch pairs[pair(slot)][direction].parser.next(octets, position: &position, limits: httpLimits) {
      case .needMore:
        return
      case .messageBegan:
        pairs[pair(slot)][direction].beginMessage(arrival, at: position)
      case .simpleBodyBegan:
        pairs[pair(slot)].response.arriving = states[slot].firstUnanswered
      case .headComplete(let location):
        switch location {
        case .inInput(let range):
          takeHead(octets.extracting(range), direction, slot: slot)
        case .buffered:
          let buffer = pairs[pair(slot)][direction].parser.buffer
          takeHead(buffer.span, direction, slot: slot)
        }
      case .body(let count):
        noteContent(count, direction, slot: slot)
      case .messageEnd:
        end(direction, slot)
        if direction == .response { allowSimpleBody(slot) }
      case .malformed:
        noteMalformed(direction, slot)
        return
      }
      if states[slot].carried.isOpaque { return }
    }
  }

  private mutating func takeHead(_ text: Span<UInt8>, _ direction: MessageParser.Direction, slot: Int) {
    var framing = BodyFraming.invalid
    switch direction {
    case .request:
      if case .head(let head) = parseRequestHead(text, limits: httpLimits) {
        framing = BodyFraming.ofRequest(head)
        beginRequest(head, framing, text, slot: slot)
      }
    case .response:
      if case .head(let head) = parseResponseHead(text, limits: httpLimits) {
        framing = beginResponse(head, slot: slot)
      }
    }
    pairs[pair(slot)][direction].parser.beginBody(framing)
  }

  @inline(__always)
  private mutating func noteContent(_ octets: Int, _ direction: MessageParser.Direction, slot: Int) {
    let exchange: Int
    switch direction {
    case .request: exchange = Int(pairs[pair(slot)].request.arriving)
    case .response: exchange = Int(pairs[pair(slot)].response.arriving)
    }
    if exchange >= 0 { open[exchange].addContent(octets, direction) }
  }

  private mutating func end(_ direction: MessageParser.Direction, _ slot: Int, isTimed: Bool = true) {
    if stalled != nil { noteStall(direction, slot) }
    let (exchange, time) = pairs[pair(slot)].endMessage(direction)
    guard exchange >= 0 else { return }
    if open[exchange].end(direction, at: isTimed ? time : .min) { reportFinished(slot) }
  }

  private mutating func noteMalformed(_ direction: MessageParser.Direction, _ slot: Int) {
    totals.malformed += 1
    let exchange = Int(pairs[pair(slot)][direction].arriving)
    if exchange >= 0 {
      open[exchange].malformed = true
      // It may have been answered before.
      if open[exchange].isOver { reportFinished(slot) }
    }
    let isFirst = direction == .request && states[slot].requests == 0
    if isFirst || !pairs[pair(slot)][direction].recognised { pairs[pair(slot)][direction].refused = true }
  }

  /// The message that was arriving when its direction was lost will not be completed.
  mutating func abandon(_ direction: MessageParser.Direction, _ slot: Int) {
    let exchange = Int(pairs[pair(slot)][direction].arriving)
    pairs[pair(slot)][direction].arriving = -1
    if direction == .response {
      guard exchange >= 0 else { return }
      open[exchange].responseLost = true
    }
    reportFinished(slot)
  }

  // MARK: Holes and ends

  /// Octets that nobody had to look at: content, as many as were due.
  mutating func passed(_ octets: Int64, slot: Int, side: Int, latest: Int64) {
    guard !states[slot].carried.isOpaque, states[slot].client >= 0 else { return }
    let direction = side == Int(states[slot].client) ? MessageParser.Direction.request : .response
    ensurePair(slot)
    // The parser knows that so many are due: it absorbs them.
    _ = pairs[pair(slot)][direction].parser.skipGap(Int(clamping: octets))
    pairs[pair(slot)][direction].messageTime = max(pairs[pair(slot)][direction].messageTime, latest)
    noteContent(Int(clamping: octets), direction, slot: slot)
  }

  /// Octets that the capture does not hold, up to the offset given.
  mutating func gap(_ missing: Int64, slot: Int, side: Int, endingAt offset: Int64, isCut: Bool) {
    guard !states[slot].carried.isOpaque, states[slot].client >= 0 else { return }
    let direction = side == Int(states[slot].client) ? MessageParser.Direction.request : .response
    ensurePair(slot)
    var octets = missing
    // The rest of a message and one more, with nothing behind it: a FIN takes a number in the sequence, too (RFC 9293 §3.4), and
    // senders seldom put the first octet of the next message alone behind the last.
    if !isCut, missing > 1, pairs[pair(slot)][direction].parser.contentRemaining == missing - 1,
      table.half(slot, side).next == offset, table.half(slot, side).finOffset < 0
    {
      octets -= 1
      table.countAsFIN(slot, side: side)
    }
    let before = pairs[pair(slot)][direction].parser.buffer.capacity
    if pairs[pair(slot)][direction].parser.skipGap(Int(clamping: octets)) == .lost {
      noteHeld(from: before, direction, slot)
      noteHeadHit(slot)
      pairs[pair(slot)][direction].lostUntil = offset
      return
    }
    let exchange = Int(pairs[pair(slot)][direction].arriving)
    guard exchange >= 0 else { return }
    open[exchange].addContent(Int(clamping: octets), direction)
    open[exchange].missing &+= octets
    // The gap may have reached the end of the message; when that came is known for a packet cut short only.
    let nothing: [UInt8] = []
    var position = 0
    if case .messageEnd = pairs[pair(slot)][direction].parser.next(
      nothing.span, position: &position, limits: httpLimits)
    {
      end(direction, slot, isTimed: isCut)
    }
  }

  private mutating func noteHeadHit(_ slot: Int) {
    guard !states[slot].headHit else { return }
    states[slot].headHit = true
    if states[slot].carried == .http { totals.headsHit += 1 }
  }

  /// All octets before a FIN have been delivered.
  mutating func endOfStream(_ slot: Int, side: Int) {
    if table.connection(slot).finished { noteClosedInOrder(slot) }
    guard states[slot].client >= 0 else { return }
    if !states[slot].carried.isOpaque, states[slot].pair > 0 {
      let direction = side == Int(states[slot].client) ? MessageParser.Direction.request : .response
      switch pairs[pair(slot)][direction].parser.endOfStream() {
      case .messageEnded:
        end(direction, slot)
      case .simpleBodyEnded:
        pairs[pair(slot)].response.arriving = states[slot].firstUnanswered
        end(direction, slot)
      case .betweenMessages, .incompleteHead, .incompleteBody, .lost:
        break
      }
    }
    if side != Int(states[slot].client) { noteUnanswered(slot) }
    if Int(table.connection(slot).closedBy) == side { decideProgress(slot) }
  }

  /// The message that is arriving, or ends here, was held up by a hole in front of its octets (METRICS.md §7).
  private mutating func noteStall(_ direction: MessageParser.Direction, _ slot: Int) {
    let exchange = Int(pairs[pair(slot)][direction].arriving)
    guard let (from, to) = stalled, exchange >= 0, to > from else { return }
    if open[exchange].stall == 0 { totals.stalledExchanges += 1 }
    open[exchange].addStall(from: from, to: to)
  }
}
