import HTTP1

/// When, and where in its stream, a segment's octets came.
struct Arrival {
  var time: Int64
  /// Of the first octet.
  var offset: Int64
  /// What its sender had received: an offset in the peer's stream, `.min` when unknown.
  var acknowledges: Int64
  var startsSegment: Bool
}

/// One direction of an HTTP connection.
struct DirectionState: Sendable {
  var parser: MessageParser
  /// The first octets have been recognised as HTTP/1.
  var recognised = false
  /// They have been recognised as something else.
  var refused = false
  /// The exchange whose message is arriving.
  var arriving: Int32 = -1
  /// When the message now arriving began, and the latest time of its octets so far.
  var messageStart: Int64 = 0
  var messageTime: Int64 = 0
  /// The offset of its first octet, and what its sender had received.
  var messageOffset: Int64 = 0
  var messageAcknowledges: Int64 = .min
  /// Octets were missing where a message head may have been, up to this offset.
  var lostUntil: Int64 = .min
  private var arrivingLines = ArrivingLines()

  init(_ direction: MessageParser.Direction) {
    parser = MessageParser(direction)
  }

  /// Takes what of the octets is content of known length of the message now arriving. `.lost`: its place in the stream is
  /// not known, and only a segment that begins a message can tell.
  @inline(__always)
  mutating func takeContent(
    _ available: Int, at time: Int64
  ) -> (content: Int, isComplete: Bool, place: MessageParser.Place) {
    if refused { return (0, false, .lost) }
    let taken = parser.takeContent(available)
    if taken.place != .lost, time > messageTime { messageTime = time }
    return taken
  }

  mutating func endMessage() -> (exchange: Int, time: Int64) {
    let exchange = Int(arriving)
    arriving = -1
    return (exchange, messageTime)
  }

  // Not changed: a getter that only reads is given a copy (measured with Swift 6.3.1).
  @inline(__always)
  var isAtRest: Bool {
    mutating get { recognised && !refused && arriving < 0 && lostUntil == .min && parser.isAtRest }
  }

  /// A message of an exchange has begun.
  @inline(__always)
  mutating func begin(_ exchange: Int32) {
    recognised = true
    arriving = exchange
  }

  /// A message begins here after all.
  mutating func resume() {
    refused = false
    recognised = true
    parser.restart()
  }

  /// A message begins at `position` of octets that have just arrived.
  mutating func beginMessage(_ arrival: Arrival, at position: Int) {
    messageStart = arrival.time
    messageTime = arrival.time
    messageOffset = arrival.offset &+ Int64(position)
    messageAcknowledges = arrival.acknowledges
    arrivingLines = ArrivingLines()
  }

  mutating func nextArrivingLines() -> [UInt8]? { arrivingLines.next(of: parser) }
}

/// The two directions of a connection on which something is in progress, or was odd: a slab of its own holds them, so that
/// the many connections that are idle take little memory.
struct DirectionPair: Sendable {
  var request = DirectionState(.request)
  var response = DirectionState(.response)

  @inline(__always)
  subscript(direction: MessageParser.Direction) -> DirectionState {
    get {
      switch direction {
      case .request: request
      case .response: response
      }
    }
    _modify {
      switch direction {
      case .request: yield &request
      case .response: yield &response
      }
    }
  }

  // Not changed either, as above: else all is copied for what is read.
  @inline(__always)
  mutating func isRecognised(_ direction: MessageParser.Direction) -> Bool {
    switch direction {
    case .request: request.recognised
    case .response: response.recognised
    }
  }

  @inline(__always)
  mutating func isInHead(_ direction: MessageParser.Direction) -> Bool {
    switch direction {
    case .request: request.parser.inHead
    case .response: response.parser.inHead
    }
  }

  /// Nothing to remember: as it was when HTTP had been recognised in both directions.
  @inline(__always) var isAtRest: Bool { mutating get { request.isAtRest && response.isAtRest } }

  /// An exchange has been reported.
  @inline(__always)
  mutating func forget(_ exchange: Int32) {
    if request.arriving == exchange { request.arriving = -1 }
    if response.arriving == exchange { response.arriving = -1 }
  }

  @inline(__always)
  mutating func takeContent(
    _ direction: MessageParser.Direction, _ available: Int, at time: Int64
  ) -> (content: Int, isComplete: Bool, place: MessageParser.Place) {
    switch direction {
    case .request: request.takeContent(available, at: time)
    case .response: response.takeContent(available, at: time)
    }
  }

  @inline(__always)
  mutating func takeHead(
    _ direction: MessageParser.Direction, _ framing: BodyFraming, available: Int
  ) -> (content: Int, isComplete: Bool, place: MessageParser.Place) {
    switch direction {
    case .request: request.parser.takeHead(framing, available: available)
    case .response: response.parser.takeHead(framing, available: available)
    }
  }

  /// The message that is arriving is complete: its exchange, and when it ended.
  @inline(__always)
  mutating func endMessage(_ direction: MessageParser.Direction) -> (exchange: Int, time: Int64) {
    switch direction {
    case .request: request.endMessage()
    case .response: response.endMessage()
    }
  }
}

extension Analyzer {
  @inline(__always)
  func pair(_ slot: Int) -> Int { Int(states[slot].pair) }

  /// A connection's directions, before anything is written into them. What is at place 0 says what holds for all
  /// connections that have none, and is never written.
  @inline(__always)
  mutating func ensurePair(_ slot: Int) {
    if states[slot].pair == 0 { takePair(slot) }
  }

  @inline(never)
  private mutating func takePair(_ slot: Int) {
    let pair = freePairs.popLast() ?? Int32(pairs.count)
    if pair == pairs.count { pairs.append(DirectionPair()) }
    states[slot].pair = pair
    // One that was used before is at rest.
    let isHTTP = states[slot].carried == .http
    pairs[Int(pair)].request.recognised = isHTTP
    pairs[Int(pair)].response.recognised = isHTTP
  }

  mutating func releasePair(_ slot: Int) {
    let pair = states[slot].pair
    guard pair > 0 else { return }
    states[slot].pair = 0
    freePairs.append(pair)
    if pairs[Int(pair)].isAtRest { return }
    // A head that has not ended goes with it.
    let octets = pairs[Int(pair)].request.parser.buffer.capacity + pairs[Int(pair)].response.parser.buffer.capacity
    pairs[Int(pair)] = DirectionPair()
    hold(-octets)
  }
}
