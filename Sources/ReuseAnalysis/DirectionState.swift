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
  }
}
