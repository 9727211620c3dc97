import HTTP1
import TCPStreams

// From octets in order to messages: the same for both directions.
extension Analyzer {
  /// Octets of one side, next in their stream. `stalledUntil`: they had waited for a hole until then.
  mutating func deliver(
    _ octets: Span<UInt8>, slot: Int, side: Int, _ arrival: Arrival, stalledUntil: Int64? = nil
  ) {
    guard octets.count > 0 else { return }
    if states[slot].carried != .http, !admits(octets, slot: slot, side: side) { return }
    let isRequest = side == Int(states[slot].client)
    if let stalledUntil { stall(slot, isRequest ? .request : .response, from: arrival.time, to: stalledUntil) }
    if isRequest {
      read(octets, .request, slot: slot, arrival)
    } else {
      read(octets, .response, slot: slot, arrival)
    }
    if let stalledUntil { stall(slot, isRequest ? .request : .response, from: arrival.time, to: stalledUntil) }
  }

  /// The usual segments hold content of known length, or begin with a whole head, or both: those take no turn of the
  /// parser's state machine.
  @inline(__always)
  private mutating func read(
    _ octets: Span<UInt8>, _ direction: MessageParser.Direction, slot: Int, _ arrival: Arrival
  ) {
    if isLost(direction, slot) {
      guard arrival.startsSegment, recognise(octets, direction) == .yes else { return }
      states[slot][direction].resume()
      abandon(direction, slot)
      setCarried(.http, of: slot)
    }
    if direction == .response { noteSimpleResponse(octets, slot: slot) }
    var (position, isComplete) = states[slot].takeContent(direction, octets.count, at: arrival.time)
    if position > 0 { noteContent(position, direction, slot: slot) }
    if isComplete { end(direction, slot) }
    while position < octets.count, isBetweenMessages(direction, slot) {
      let text = octets.extracting(position...)
      let taken =
        direction == .request
        ? readWholeRequest(text, at: position, slot: slot, arrival)
        : readWholeResponse(text, at: position, slot: slot, arrival)
      if taken == 0 { break }
      if states[slot].carried.isOpaque { return }
      position &+= taken
    }
    if position < octets.count || !isAtRest(direction, slot) {
      readSlowly(octets, from: position, direction, slot: slot, arrival)
    }
    if !isBetweenMessages(direction, slot) { passContent(direction, slot, from: arrival.offset &+ Int64(octets.count)) }
  }

  /// Nobody need look at content that is certain to come next.
  @inline(never)
  private mutating func passContent(_ direction: MessageParser.Direction, _ slot: Int, from offset: Int64) {
    guard !states[slot].carried.isOpaque else { return }
    let due = states[slot][direction].parser.contentDue
    let client = Int(states[slot].client)
    if due > 0 { table.pass(slot, side: direction == .request ? client : 1 - client, until: offset &+ due) }
  }

  /// What both whole messages end with. Returns how many octets of the text have been taken.
  @inline(__always)
  private mutating func takeHead(
    _ direction: MessageParser.Direction, _ framing: BodyFraming, octets: Int, of count: Int, slot: Int
  ) -> Int {
    let (content, isComplete) = states[slot].takeHead(direction, framing, available: count &- octets)
    if content > 0 { noteContent(content, direction, slot: slot) }
    if isComplete { end(direction, slot) }
    return octets &+ content
  }

  private mutating func readWholeRequest(_ text: Span<UInt8>, at position: Int, slot: Int, _ arrival: Arrival) -> Int {
    guard let head = heads.wholeRequest(text, limits: httpLimits) else { return 0 }
    states[slot].request.beginMessage(arrival, at: position)
    let framing = BodyFraming.ofRequest(head)
    beginRequest(head, framing, text, slot: slot)
    return takeHead(.request, framing, octets: head.octets, of: text.count, slot: slot)
  }

  private mutating func readWholeResponse(_ text: Span<UInt8>, at position: Int, slot: Int, _ arrival: Arrival) -> Int {
    guard let head = wholeResponseHead(text, limits: httpLimits) else { return 0 }
    states[slot].response.beginMessage(arrival, at: position)
    let framing = beginResponse(head, slot: slot)
    return takeHead(.response, framing, octets: head.octets, of: text.count, slot: slot)
  }

  @inline(never)
  private mutating func readSlowly(
    _ octets: Span<UInt8>, from start: Int, _ direction: MessageParser.Direction, slot: Int, _ arrival: Arrival
  ) {
    var position = start
    while true {
      switch states[slot][direction].parser.next(octets, position: &position, limits: httpLimits) {
      case .needMore:
        return
      case .messageBegan:
        states[slot][direction].beginMessage(arrival, at: position)
        if direction == .response, states[slot].response.parser.inBody {
          states[slot].response.arriving = states[slot].firstUnanswered
        }
      case .headComplete(let location):
        switch location {
        case .inInput(let range):
          takeHead(octets.extracting(range), direction, slot: slot)
        case .buffered:
          let buffer = states[slot][direction].parser.buffer
          takeHead(buffer.span, direction, slot: slot)
        }
      case .body(let count):
        noteContent(count, direction, slot: slot)
      case .messageEnd:
        end(direction, slot)
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
    states[slot][direction].parser.beginBody(framing)
  }

  @inline(__always)
  private mutating func noteContent(_ octets: Int, _ direction: MessageParser.Direction, slot: Int) {
    let exchange = Int(arriving(direction, slot))
    if exchange >= 0 { open[exchange].addContent(octets, direction) }
  }

  private mutating func end(_ direction: MessageParser.Direction, _ slot: Int, isTimed: Bool = true) {
    let (exchange, time) = states[slot].endMessage(direction)
    guard exchange >= 0 else { return }
    if open[exchange].end(direction, at: isTimed ? time : .min) { reportFinished(slot) }
  }

  private mutating func noteMalformed(_ direction: MessageParser.Direction, _ slot: Int) {
    totals.malformed += 1
    let exchange = Int(states[slot][direction].arriving)
    if exchange >= 0 { open[exchange].malformed = true }
    let isFirst = direction == .request && states[slot].requests == 0
    if isFirst || !states[slot][direction].recognised { states[slot][direction].refused = true }
  }

  /// The message that was arriving when its direction was lost will not be completed.
  mutating func abandon(_ direction: MessageParser.Direction, _ slot: Int) {
    let exchange = Int(states[slot][direction].arriving)
    states[slot][direction].arriving = -1
    if direction == .response {
      guard exchange >= 0 else { return }
      open[exchange].responseLost = true
    }
    reportFinished(slot)
  }

  // MARK: What is asked for each segment

  // Each goes straight to what it reads: a subscript or a method of the state would copy all of it first.

  /// Its place in the stream is not known: only a segment that begins a message can tell.
  @inline(__always)
  private func isLost(_ direction: MessageParser.Direction, _ slot: Int) -> Bool {
    switch direction {
    case .request: states[slot].request.refused || states[slot].request.parser.isLost
    case .response: states[slot].response.refused || states[slot].response.parser.isLost
    }
  }

  @inline(__always)
  private func isBetweenMessages(_ direction: MessageParser.Direction, _ slot: Int) -> Bool {
    switch direction {
    case .request: states[slot].request.parser.isBetweenMessages
    case .response: states[slot].response.parser.isBetweenMessages
    }
  }

  @inline(__always)
  private func isAtRest(_ direction: MessageParser.Direction, _ slot: Int) -> Bool {
    switch direction {
    case .request: states[slot].request.parser.isAtRest
    case .response: states[slot].response.parser.isAtRest
    }
  }

  @inline(__always)
  private func arriving(_ direction: MessageParser.Direction, _ slot: Int) -> Int32 {
    switch direction {
    case .request: states[slot].request.arriving
    case .response: states[slot].response.arriving
    }
  }

  // MARK: Holes and ends

  /// Octets that nobody had to look at: content, as many as were due.
  mutating func passed(_ octets: Int64, slot: Int, side: Int, latest: Int64) {
    guard !states[slot].carried.isOpaque, states[slot].client >= 0 else { return }
    let direction = side == Int(states[slot].client) ? MessageParser.Direction.request : .response
    // The parser knows that so many are due: it absorbs them.
    _ = states[slot][direction].parser.skipGap(Int(clamping: octets))
    states[slot][direction].messageTime = max(states[slot][direction].messageTime, latest)
    noteContent(Int(clamping: octets), direction, slot: slot)
  }

  /// Octets that the capture does not hold, up to the offset given.
  mutating func gap(_ octets: Int64, slot: Int, side: Int, endingAt offset: Int64, isCut: Bool) {
    guard !states[slot].carried.isOpaque, states[slot].client >= 0 else { return }
    let direction = side == Int(states[slot].client) ? MessageParser.Direction.request : .response
    let wasBetween = states[slot][direction].parser.isBetweenMessages
    if states[slot][direction].parser.skipGap(Int(clamping: octets)) == .lost {
      if direction == .response || !wasBetween { noteHeadHit(slot) }
      states[slot][direction].lostUntil = offset
      return
    }
    let exchange = Int(states[slot][direction].arriving)
    guard exchange >= 0 else { return }
    open[exchange].addContent(Int(clamping: octets), direction)
    // The gap may have reached the end of the message; when that came is known for a packet cut short only.
    let nothing: [UInt8] = []
    var position = 0
    if case .messageEnd = states[slot][direction].parser.next(
      nothing.span, position: &position, limits: httpLimits)
    {
      end(direction, slot, isTimed: isCut)
    }
  }

  private mutating func noteHeadHit(_ slot: Int) {
    if states[slot].carried == .http, !states[slot].headHit {
      states[slot].headHit = true
      totals.headsHit += 1
    }
  }

  /// All octets before a FIN have been delivered.
  mutating func endOfStream(_ slot: Int, side: Int) {
    if table.connection(slot).finished { noteClosedInOrder(slot) }
    guard states[slot].client >= 0 else { return }
    if !states[slot].carried.isOpaque {
      let direction = side == Int(states[slot].client) ? MessageParser.Direction.request : .response
      if states[slot][direction].parser.endOfStream() == .messageEnded { end(direction, slot) }
    }
    if side != Int(states[slot].client) { noteUnanswered(slot) }
    if Int(table.connection(slot).closedBy) == side { decideProgress(slot) }
  }

  private mutating func stall(_ slot: Int, _ direction: MessageParser.Direction, from: Int64, to: Int64) {
    let exchange = Int(states[slot][direction].arriving)
    guard exchange >= 0, to > from, open[exchange].lastStallEnd != to else { return }
    if open[exchange].stall == 0 { totals.stalledExchanges += 1 }
    open[exchange].lastStallEnd = to
    open[exchange].stall &+= to &- from
  }
}
