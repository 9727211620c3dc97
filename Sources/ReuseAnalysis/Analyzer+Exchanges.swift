import HTTP1
import TCPStreams
import Wire

// From octets in order to messages, from messages to exchanges.
extension Analyzer {
  /// Octets of one side, next in their stream. `offset`: where they begin; `acknowledges`: what their sender had received.
  mutating func deliver(
    _ octets: Span<UInt8>, slot: Int, side: Int, offset: Int64, acknowledges: Int64, at time: Int64,
    startsSegment: Bool,
    stalledUntil: Int64? = nil
  ) {
    guard octets.count > 0 else { return }
    switch states[slot].carried {
    case .http:
      break
    case .undecided:
      decide(octets, slot: slot, side: side, at: time)
      if states[slot].carried.isOpaque || states[slot].client < 0 { return }
    case .tls:
      // A TLS client on a plain port gets an answer in HTTP; a TLS server's first octets settle it.
      guard side != Int(states[slot].client), !states[slot].response.refused else {
        table.pass(slot, side: side, until: .max)
        return
      }
      guard states[slot].client >= 0, recogniseResponse(octets) == .yes else {
        states[slot].response.refused = true
        return
      }
      states[slot].carried = .http
      states[slot].request.refused = true
    case .websocket, .upgraded, .tunnel, .h2c, .other:
      table.pass(slot, side: side, until: .max)
      return
    }
    if side == Int(states[slot].client) {
      if let stalledUntil { stall(slot, request: true, from: time, to: stalledUntil) }
      deliverRequest(
        octets, slot: slot, side: side, offset: offset, acknowledges: acknowledges, at: time,
        startsSegment: startsSegment)
      if let stalledUntil { stall(slot, request: true, from: time, to: stalledUntil) }
    } else {
      if let stalledUntil { stall(slot, request: false, from: time, to: stalledUntil) }
      deliverResponse(
        octets, slot: slot, side: side, offset: offset, acknowledges: acknowledges, at: time,
        startsSegment: startsSegment)
      if let stalledUntil { stall(slot, request: false, from: time, to: stalledUntil) }
    }
  }

  // MARK: Recognition

  /// Looks at the first octets of a connection, or at those of each segment of one picked up mid-stream.
  @inline(never)
  private mutating func decide(_ octets: Span<UInt8>, slot: Int, side: Int, at time: Int64) {
    let client = Int(states[slot].client)
    if client < 0 {
      // Picked up mid-stream: the first message tells who is who (METRICS.md §1).
      if recogniseRequest(octets) == .yes, !isSimpleRequest(octets) {
        setClient(side, of: slot, basis: .inferred)
      } else if recogniseResponse(octets) == .yes {
        setClient(1 - side, of: slot, basis: .inferred)
      } else if let named = namedProtocol(octets) {
        setCarried(named, of: slot)
      }
      return
    }
    let isRequest = side == client
    var verdict: Recognition
    if isRequest {
      if states[slot].request.recognised { return }
      verdict = recogniseRequest(octets)
      if states[slot].request.parser.inHead, states[slot].request.parser.buffer.count < 2048 {
        // Its beginning came in an earlier segment and was not enough to tell.
        var first = states[slot].request.parser.buffer
        for i in octets.indices { first.append(octets[i]) }
        verdict = recogniseRequest(first.span)
      }
    } else {
      if states[slot].response.recognised { return }
      verdict = recogniseResponse(octets)
      if states[slot].response.parser.inHead, states[slot].response.parser.buffer.count < 2048 {
        var first = states[slot].response.parser.buffer
        for i in octets.indices { first.append(octets[i]) }
        verdict = recogniseResponse(first.span)
      }
    }
    switch verdict {
    case .yes:
      if isRequest { states[slot].request.recognised = true } else { states[slot].response.recognised = true }
      setCarried(.http, of: slot)
    case .needMore:
      break
    case .no:
      let midStream = !table.connection(slot).openingSeen
      if let named = namedProtocol(octets) {
        setCarried(named, of: slot)
      } else if isRequest {
        states[slot].request.refused = true
        states[slot].request.parser.lose()
        if states[slot].response.refused, !midStream { setCarried(.other, of: slot) }
      } else {
        states[slot].response.refused = true
        if !midStream, states[slot].request.refused || !states[slot].request.parser.inHead {
          setCarried(.other, of: slot)
        }
      }
    }
  }

  /// A simple request is the first on its connection (RFC 1945 §4.1): in the middle of one, "GET" and a word prove nothing.
  private func isSimpleRequest(_ octets: Span<UInt8>) -> Bool {
    if case .head(let head) = parseRequestHead(octets, limits: httpLimits) { return head.isSimple }
    return false
  }

  private func namedProtocol(_ octets: Span<UInt8>) -> Carried? {
    switch protocolName(ofFirstOctets: octets) {
    case .tls: .tls
    case .http2Preface: .h2c
    case .ssh: .other
    case .other, .needMore: nil
    }
  }

  // MARK: Requests

  private mutating func deliverRequest(
    _ octets: Span<UInt8>, slot: Int, side: Int, offset: Int64, acknowledges: Int64, at time: Int64, startsSegment: Bool
  ) {
    if states[slot].request.parser.isLost || states[slot].request.refused {
      guard startsSegment, recogniseRequest(octets) == .yes else { return }
      states[slot].request.refused = false
      states[slot].request.recognised = true
      states[slot].request.parser.restart()
      abandonArrivingRequest(slot)
      setCarried(.http, of: slot)
    }
    states[slot].request.messageTime = max(states[slot].request.messageTime, time)
    var position = 0
    while true {
      switch states[slot].request.parser.next(octets, position: &position, limits: httpLimits) {
      case .needMore:
        let due = states[slot].request.parser.contentDue
        if due > 0 { table.pass(slot, side: side, until: offset &+ Int64(octets.count) &+ due) }
        return
      case .messageBegan:
        states[slot].request.messageStart = time
        states[slot].request.messageTime = time
        states[slot].request.messageOffset = offset &+ Int64(position)
        states[slot].request.messageAcknowledges = acknowledges
      case .headComplete(let location):
        switch location {
        case .inInput(let range):
          let text = octets.extracting(range)
          takeRequestHead(parseRequestHead(text, limits: httpLimits), text, slot: slot)
        case .buffered:
          let buffer = states[slot].request.parser.buffer
          takeRequestHead(parseRequestHead(buffer.span, limits: httpLimits), buffer.span, slot: slot)
        }
      case .body(let count):
        let exchange = Int(states[slot].arrivingRequest)
        if exchange >= 0 { open[exchange].requestBody &+= Int64(count) }
      case .messageEnd:
        endRequest(slot)
      case .malformed:
        malformedRequest(slot)
        return
      }
      if states[slot].carried.isOpaque { return }
    }
  }

  private mutating func takeRequestHead(_ result: HeadResult<RequestHead>, _ text: Span<UInt8>, slot: Int) {
    switch result {
    case .head(let head):
      beginRequest(head, text, slot: slot)
      states[slot].request.parser.beginBody(BodyFraming.ofRequest(head))
    case .malformed:
      states[slot].request.parser.beginBody(.invalid)
    }
  }

  private mutating func beginRequest(_ head: RequestHead, _ text: Span<UInt8>, slot: Int) {
    setCarried(.http, of: slot)
    states[slot].request.recognised = true
    settleLostResponses(slot)
    let began = states[slot].request.messageStart
    let early = Int(states[slot].earlyRequest)
    let exchange = early >= 0 ? early : append(to: slot)
    states[slot].earlyRequest = -1
    open[exchange].hasRequest = true
    open[exchange].requestStart = began
    open[exchange].requestOffset = states[slot].request.messageOffset
    open[exchange].requestAcknowledges = states[slot].request.messageAcknowledges
    open[exchange].methodKind = head.methodKind
    open[exchange].requestMajor = head.versionMajor
    open[exchange].requestMinor = head.versionMinor
    open[exchange].requestHead = Int32(truncatingIfNeeded: head.octets)
    open[exchange].requestPersists =
      persists(versionMajor: head.versionMajor, minor: head.versionMinor, fields: head.fields)
    open[exchange].requestFraming = rowFraming(BodyFraming.ofRequest(head))
    if head.fields.connectionClose { states[slot].clientSaidClose = true }
    if head.isSimple { states[slot].http09 = true } else { states[slot].httpMinor = head.versionMinor }
    if let host = head.host { note(host: text.extracting(host.range), exchange: exchange, slot: slot) }
    noteFingerprint(head, text, exchange: exchange, slot: slot)
    if configuration.wantsExchanges { keep(text, of: head, in: exchange) }
    states[slot].arrivingRequest = Int32(exchange)
    if early >= 0 { return }
    states[slot].requests += 1
    load.request(line: states[slot].loadLine, at: latest)
    if states[slot].firstUnanswered < 0 { states[slot].firstUnanswered = Int32(exchange) }

    // Pipelined: an earlier exchange has not ended; lost and unanswered ones cannot tell.
    let inProgress = states[slot].firstExchange != Int32(exchange)
    if inProgress {
      if earlierResponseDue(slot, before: exchange) {
        open[exchange].pipelined = true
        states[slot].pipelined += 1
      }
    } else if states[slot].lastResponseEnd != .min {
      let idle = began &- states[slot].lastResponseEnd
      open[exchange].idleBefore = max(0, idle)
      noteQueueing(exchange, slot: slot, idle: idle)
    } else if states[slot].exchanges == 1, states[slot].established != .min {
      states[slot].lead = max(0, began &- states[slot].established)
    }
    states[slot].lastRequestStart = began
    let c = table.connection(slot)
    if c.closeKind != .none, Int(c.closedBy) != Int(states[slot].client) {
      open[exchange].raced = true
      noteUnanswered(exchange, slot: slot)
    }
    busy(slot)
  }

  /// Whether an exchange before this one still waits for its response, as far as can be known.
  private func earlierResponseDue(_ slot: Int, before exchange: Int) -> Bool {
    var i = states[slot].firstExchange
    while i >= 0, Int(i) != exchange {
      let e = open[Int(i)]
      if e.hasRequest, !e.responseComplete, !e.responseLost {
        // Its client had received something in between: the answer, which the capture lacks.
        let received = open[exchange].requestAcknowledges
        let unseen =
          !e.hasResponse && states[slot].interim.isEmpty && e.requestAcknowledges != .min
          && received > e.requestAcknowledges
        if !unseen { return true }
      }
      i = e.next
    }
    return false
  }

  private mutating func keep(_ text: Span<UInt8>, of head: RequestHead, in exchange: Int) {
    let size = head.method.count + head.target.count + (head.host?.count ?? 0)
    open[exchange].text = [UInt8](capacity: size) { output in
      for i in head.method.range { output.append(text[i]) }
      for i in head.target.range { output.append(text[i]) }
      if let host = head.host { for i in host.range { output.append(text[i]) } }
    }
    open[exchange].methodEnd = Int32(head.method.count)
    open[exchange].targetEnd = Int32(head.method.count + head.target.count)
    open[exchange].hasHost = head.host != nil
  }

  private mutating func endRequest(_ slot: Int, isTimed: Bool = true) {
    let exchange = Int(states[slot].arrivingRequest)
    guard exchange >= 0 else { return }
    open[exchange].requestComplete = true
    open[exchange].requestEnd = isTimed ? states[slot].request.messageTime : .min
    states[slot].arrivingRequest = -1
    if open[exchange].responseComplete { reportFinished(slot) }
  }

  private mutating func malformedRequest(_ slot: Int) {
    totals.malformed += 1
    let exchange = Int(states[slot].arrivingRequest)
    if exchange >= 0 { open[exchange].malformed = true }
    if !states[slot].request.recognised || states[slot].requests == 0 { states[slot].request.refused = true }
  }

  /// The request that was arriving when its direction was lost will not be completed.
  private mutating func abandonArrivingRequest(_ slot: Int) {
    states[slot].arrivingRequest = -1
    reportFinished(slot)
  }

  // MARK: Responses

  private mutating func deliverResponse(
    _ octets: Span<UInt8>, slot: Int, side: Int, offset: Int64, acknowledges: Int64, at time: Int64, startsSegment: Bool
  ) {
    if states[slot].response.parser.isLost || states[slot].response.refused {
      guard startsSegment, recogniseResponse(octets) == .yes else { return }
      states[slot].response.refused = false
      states[slot].response.recognised = true
      states[slot].response.parser.restart()
      abandonArrivingResponse(slot)
      setCarried(.http, of: slot)
    }
    states[slot].response.messageTime = max(states[slot].response.messageTime, time)
    if awaitsSimpleResponse(slot), states[slot].response.parser.isBetweenMessages, recogniseResponse(octets) != .yes {
      // No head and no status: its octets are content up to the close.
      states[slot].response.parser.beginSimpleBody()
    }
    var position = 0
    while true {
      switch states[slot].response.parser.next(octets, position: &position, limits: httpLimits) {
      case .needMore:
        let due = states[slot].response.parser.contentDue
        if due > 0 { table.pass(slot, side: side, until: offset &+ Int64(octets.count) &+ due) }
        return
      case .messageBegan:
        states[slot].response.messageStart = time
        states[slot].response.messageTime = time
        states[slot].response.messageOffset = offset &+ Int64(position)
        states[slot].response.messageAcknowledges = acknowledges
        if states[slot].response.parser.inBody { states[slot].arrivingResponse = states[slot].firstUnanswered }
      case .headComplete(let location):
        let result: HeadResult<ResponseHead>
        switch location {
        case .inInput(let range):
          result = parseResponseHead(octets.extracting(range), limits: httpLimits)
        case .buffered:
          let buffer = states[slot].response.parser.buffer
          result = parseResponseHead(buffer.span, limits: httpLimits)
        }
        switch result {
        case .head(let head):
          states[slot].response.parser.beginBody(beginResponse(head, slot: slot))
        case .malformed:
          states[slot].response.parser.beginBody(.invalid)
        }
      case .body(let count):
        let exchange = Int(states[slot].arrivingResponse)
        if exchange >= 0 { open[exchange].responseBody &+= Int64(count) }
      case .messageEnd:
        endResponse(slot)
      case .malformed:
        malformedResponse(slot)
        return
      }
      if states[slot].carried.isOpaque { return }
    }
  }

  /// HTTP/0.9: the answer to a simple request has no head (RFC 1945 §4.1).
  private func awaitsSimpleResponse(_ slot: Int) -> Bool {
    let e = states[slot].firstUnanswered
    return e >= 0 && open[Int(e)].requestMajor == 0 && open[Int(e)].requestMinor == 9
  }

  private mutating func beginResponse(_ head: ResponseHead, slot: Int) -> BodyFraming {
    setCarried(.http, of: slot)
    states[slot].response.recognised = true
    let began = states[slot].response.messageStart
    if let timeout = head.fields.keepAliveTimeout { states[slot].advertisedTimeout = timeout }
    if let max = head.fields.keepAliveMax { states[slot].advertisedMax = max }
    if head.isInterim {
      if answeredRequest(slot, status: head.status) >= 0 { states[slot].interim.append(head.status) }
      states[slot].arrivingResponse = -1
      return .none
    }
    var exchange = answeredRequest(slot, status: head.status)
    if exchange < 0 { exchange = requestCutShort(slot) }
    if exchange < 0 { exchange = append(to: slot) }
    open[exchange].hasResponse = true
    open[exchange].responseStart = began
    open[exchange].status = head.status
    open[exchange].responseMajor = head.versionMajor
    open[exchange].responseMinor = head.versionMinor
    open[exchange].responseHead = Int32(truncatingIfNeeded: head.octets)
    open[exchange].interim = states[slot].interim
    if !states[slot].interim.isEmpty { states[slot].interim = [] }
    let framing = BodyFraming.ofResponse(head, answering: open[exchange].methodKind)
    open[exchange].responseFraming = rowFraming(framing)
    // A response that ends with its connection does not persist, whatever it says.
    open[exchange].responsePersists =
      framing != .untilClose && framing != .upgrade && framing != .tunnel
      && persists(versionMajor: head.versionMajor, minor: head.versionMinor, fields: head.fields)
    if head.fields.keepAliveTimeout != nil || head.fields.keepAliveMax != nil {
      open[exchange].keepAlive = KeepAliveParameters(
        timeout: head.fields.keepAliveTimeout.map(Int.init), max: head.fields.keepAliveMax.map(Int.init))
    }
    if head.fields.connectionClose {
      states[slot].serverSaidClose = true
      states[slot].unaskedClose = open[exchange].hasRequest && open[exchange].requestPersists
    }
    if !open[exchange].hasRequest { states[slot].httpMinor = head.versionMinor }
    states[slot].arrivingResponse = Int32(exchange)
    advanceUnanswered(slot)
    if framing == .upgrade || framing == .tunnel { switchProtocols(exchange, head: head, framing: framing, slot: slot) }
    return framing
  }

  /// The request that a response beginning now answers (METRICS.md §1), -1 where none can be: the oldest one without an
  /// answer, unless it was sent after the response, or octets are missing that may have held its answer.
  private mutating func answeredRequest(_ slot: Int, status: UInt16) -> Int {
    let offset = states[slot].response.messageOffset
    let acknowledges = states[slot].response.messageAcknowledges
    let hole = states[slot].response.lostUntil
    var candidate = -1
    var doubtful = 0
    var i = states[slot].firstUnanswered
    while i >= 0 {
      let e = open[Int(i)]
      if e.hasRequest, !e.hasResponse, !e.responseLost {
        if acknowledges != .min, e.requestOffset >= acknowledges {
          // Not received when this was sent: no answer to it, where there is another explanation (a request that the
          // capture lacks, RFC 9110 §15.5.9). Some senders acknowledge wrongly; then the capture's order decides.
          if states[slot].request.lostUntil != .min || status == 408 { break }
        }
        if hole == .min { return Int(i) }
        if e.requestAcknowledges >= hole {
          // Its client had received all up to the hole's end: the answers before it were in the hole.
          markLost(slot, before: Int(i))
          states[slot].response.lostUntil = .min
          return Int(i)
        }
        doubtful += 1
        if candidate < 0 { candidate = Int(i) }
      }
      i = e.next
    }
    guard doubtful == 1, offset >= hole else { return -1 }
    states[slot].response.lostUntil = .min
    return candidate
  }

  /// A server may answer, with an error, a request whose head it has not received whole: what there is of it, or -1.
  private mutating func requestCutShort(_ slot: Int) -> Int {
    guard states[slot].request.parser.inHead, states[slot].earlyRequest < 0,
      states[slot].response.messageAcknowledges > states[slot].request.messageOffset
    else { return -1 }
    var octets = states[slot].request.parser.buffer
    while let last = octets.last, last != 0x0A { octets.removeLast() }
    guard !octets.isEmpty else { return -1 }
    octets += [0x0D, 0x0A]
    guard case .head(let head) = parseRequestHead(octets.span, limits: httpLimits), !head.isSimple else {
      return -1
    }
    beginRequest(head, octets.span, slot: slot)
    let exchange = states[slot].arrivingRequest
    states[slot].earlyRequest = exchange
    return Int(exchange)
  }

  /// The answers to requests before this one fell into a hole.
  private mutating func markLost(_ slot: Int, before exchange: Int) {
    var i = states[slot].firstExchange
    while i >= 0, Int(i) != exchange {
      if open[Int(i)].hasRequest, !open[Int(i)].hasResponse { open[Int(i)].responseLost = true }
      i = open[Int(i)].next
    }
    advanceUnanswered(slot)
    reportFinished(slot)
  }

  /// When a client that does not pipeline sends its next request, the answer to the one before has reached it.
  private mutating func settleLostResponses(_ slot: Int) {
    let acknowledges = states[slot].request.messageAcknowledges
    if states[slot].arrivingResponse >= 0, states[slot].response.parser.isLost, acknowledges != .min,
      acknowledges >= states[slot].response.lostUntil, states[slot].pipelined == 0
    {
      abandonArrivingResponse(slot)
    }
    guard states[slot].firstUnanswered >= 0 else { return }
    let server = table.half(slot, 1 - Int(states[slot].client))
    let first = open[Int(states[slot].firstUnanswered)]
    guard acknowledges != .min, states[slot].pipelined == 0 else { return }
    let hole = states[slot].response.lostUntil
    let unseen = server.packets == 0 && acknowledges > first.requestAcknowledges && first.requestAcknowledges != .min
    if hole != .min && acknowledges >= hole && first.requestAcknowledges < hole || unseen {
      var i = states[slot].firstUnanswered
      while i >= 0 {
        if open[Int(i)].hasRequest, !open[Int(i)].hasResponse { open[Int(i)].responseLost = true }
        i = open[Int(i)].next
      }
      states[slot].response.lostUntil = .min
      states[slot].firstUnanswered = -1
      reportFinished(slot)
    }
  }

  private mutating func advanceUnanswered(_ slot: Int) {
    var i = states[slot].firstExchange
    while i >= 0, !open[Int(i)].hasRequest || open[Int(i)].hasResponse || open[Int(i)].responseLost {
      i = open[Int(i)].next
    }
    states[slot].firstUnanswered = i
  }

  private mutating func switchProtocols(_ exchange: Int, head: ResponseHead, framing: BodyFraming, slot: Int) {
    open[exchange].responseComplete = true
    open[exchange].responseEnd = states[slot].response.messageTime
    if framing == .tunnel {
      open[exchange].tunnel = true
      setCarried(.tunnel, of: slot)
    } else {
      open[exchange].upgraded = true
      setCarried(head.fields.upgrade == .websocket ? .websocket : .upgraded, of: slot)
    }
    if !open[exchange].requestComplete, open[exchange].hasRequest {
      open[exchange].requestComplete = true
      open[exchange].requestEnd = states[slot].request.messageTime
    }
    states[slot].arrivingRequest = -1
    states[slot].arrivingResponse = -1
    reportFinished(slot)
  }

  private mutating func endResponse(_ slot: Int, isTimed: Bool = true) {
    let exchange = Int(states[slot].arrivingResponse)
    guard exchange >= 0 else { return }
    open[exchange].responseComplete = true
    open[exchange].responseEnd = isTimed ? states[slot].response.messageTime : .min
    states[slot].arrivingResponse = -1
    if open[exchange].isOver { reportFinished(slot) }
  }

  private mutating func malformedResponse(_ slot: Int) {
    totals.malformed += 1
    let exchange = Int(states[slot].arrivingResponse)
    if exchange >= 0 { open[exchange].malformed = true }
    if !states[slot].response.recognised { states[slot].response.refused = true }
  }

  private mutating func abandonArrivingResponse(_ slot: Int) {
    let exchange = Int(states[slot].arrivingResponse)
    states[slot].arrivingResponse = -1
    guard exchange >= 0 else { return }
    open[exchange].responseLost = true
    reportFinished(slot)
  }

  // MARK: Holes and ends

  /// Octets of content that were in order and whole: `pass` had asked only to count them.
  mutating func passed(_ octets: Int64, slot: Int, side: Int, latest: Int64) {
    guard !states[slot].carried.isOpaque, states[slot].client >= 0 else { return }
    // The parser knows that so many are due: it absorbs them.
    if side == Int(states[slot].client) {
      _ = states[slot].request.parser.skipGap(Int(octets))
      states[slot].request.messageTime = max(states[slot].request.messageTime, latest)
      let exchange = Int(states[slot].arrivingRequest)
      if exchange >= 0 { open[exchange].requestBody &+= octets }
    } else {
      _ = states[slot].response.parser.skipGap(Int(octets))
      states[slot].response.messageTime = max(states[slot].response.messageTime, latest)
      let exchange = Int(states[slot].arrivingResponse)
      if exchange >= 0 { open[exchange].responseBody &+= octets }
    }
  }

  /// Octets that the capture does not hold, up to the offset given.
  mutating func gap(_ octets: Int64, slot: Int, side: Int, endingAt offset: Int64, isCut: Bool) {
    guard !states[slot].carried.isOpaque, states[slot].client >= 0 else { return }
    let nothing: [UInt8] = []
    var position = 0
    if side == Int(states[slot].client) {
      let wasBetween = states[slot].request.parser.isBetweenMessages
      if states[slot].request.parser.skipGap(Int(clamping: octets)) == .lost {
        if !wasBetween { noteHeadHit(slot) }
        states[slot].request.lostUntil = offset
        return
      }
      let exchange = Int(states[slot].arrivingRequest)
      guard exchange >= 0 else { return }
      open[exchange].requestBody &+= octets
      // The gap may have reached the end of the message; when that came is known for a packet cut short only.
      if case .messageEnd = states[slot].request.parser.next(
        nothing.span, position: &position, limits: httpLimits)
      {
        endRequest(slot, isTimed: isCut)
      }
    } else {
      if states[slot].response.parser.skipGap(Int(clamping: octets)) == .lost {
        noteHeadHit(slot)
        states[slot].response.lostUntil = offset
        return
      }
      let exchange = Int(states[slot].arrivingResponse)
      guard exchange >= 0 else { return }
      open[exchange].responseBody &+= octets
      if case .messageEnd = states[slot].response.parser.next(
        nothing.span, position: &position, limits: httpLimits)
      {
        endResponse(slot, isTimed: isCut)
      }
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
      if side == Int(states[slot].client) {
        if states[slot].request.parser.endOfStream() == .messageEnded { endRequest(slot) }
      } else if states[slot].response.parser.endOfStream() == .messageEnded {
        endResponse(slot)
      }
    }
    if side != Int(states[slot].client) { noteUnanswered(slot) }
    if Int(table.connection(slot).closedBy) == side { decideProgress(slot) }
  }

  mutating func stall(_ slot: Int, request: Bool, from: Int64, to: Int64) {
    let exchange = Int(request ? states[slot].arrivingRequest : states[slot].arrivingResponse)
    guard exchange >= 0, to > from, open[exchange].lastStallEnd != to else { return }
    if open[exchange].stall == 0 { totals.stalledExchanges += 1 }
    open[exchange].lastStallEnd = to
    open[exchange].stall &+= to &- from
  }

  func rowFraming(_ framing: BodyFraming) -> RowFraming {
    switch framing {
    case .none: .none
    case .contentLength: .contentLength
    case .chunked: .chunked
    case .untilClose, .invalid: .close
    case .tunnel: .tunnel
    case .upgrade: .upgrade
    }
  }
}
