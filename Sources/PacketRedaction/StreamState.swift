import DequeModule
import HTTP1

/// What is known of one connection's streams.
struct StreamState {
  enum Carried {
    case undecided, http, tls
    /// Nothing that follows is looked at.
    case opaque
  }

  var carried = Carried.undecided
  /// The side, 0 or 1, that is the client; -1 while unknown.
  var client: Int8 = -1
  var request = DirectionState(.request)
  var response = DirectionState(.response)
  /// Requests without a final response, oldest first.
  var unanswered: Deque<OutstandingRequest> = []
  /// More requests than this wait for an answer on no connection that works; then which answers which is unknown.
  static let mostUnanswered = 4096
  /// A server answered the request whose head was still arriving.
  var answeredEarly = false
  /// Packets of each side that may hold octets of which nothing is known yet.
  var low: [PendingPacket] = []
  var high: [PendingPacket] = []

  subscript(direction: MessageParser.Direction) -> DirectionState {
    get { direction == .request ? request : response }
    _modify {
      switch direction {
      case .request: yield &request
      case .response: yield &response
      }
    }
  }

  subscript(pending side: Int) -> [PendingPacket] {
    get { side == 0 ? low : high }
    _modify {
      if side == 0 { yield &low } else { yield &high }
    }
  }

  func direction(of side: Int) -> MessageParser.Direction { side == Int(client) ? .request : .response }
}

/// One direction of a connection.
struct DirectionState {
  var parser: MessageParser
  var framing = FramingRedaction()
  var recognised = false
  var refused = false
  /// The offset in its stream of the message that is arriving, and what its sender had received.
  var messageOffset: Int64 = 0
  var messageAcknowledges: Int64 = .min
  /// Octets were missing where a head may have been, up to this offset.
  var lostUntil: Int64 = .min
  private var arrivingLines = ArrivingLines()

  init(_ direction: MessageParser.Direction) { parser = MessageParser(direction) }

  mutating func beginMessage(_ arrival: Arrival, at position: Int) {
    messageOffset = arrival.offset &+ Int64(position)
    messageAcknowledges = arrival.acknowledges
    arrivingLines = ArrivingLines()
  }

  mutating func nextArrivingLines() -> [UInt8]? { arrivingLines.next(of: parser) }
}

/// What the framing of a response depends on.
struct OutstandingRequest {
  var method: RequestMethodKind
  var isSimple: Bool
  var offset: Int64
  var acknowledges: Int64
}

/// A packet that may hold octets of which nothing is known yet.
struct PendingPacket {
  var number: Int
  /// Of the first octet of its payload.
  var sequenceNumber: UInt32
  /// Octets of its payload that were captured.
  var count: Int
}

extension StreamState {
  /// The request that a response beginning now answers; nothing where none can be. The analysis pairs them by the same
  /// rule: both must find the same framing.
  mutating func takeAnswered(status: UInt16) -> OutstandingRequest? {
    let pairing = ResponsePairing(
      status: status, received: response.messageAcknowledges, missingUntil: response.lostUntil,
      requestsAreMissing: request.lostUntil != .min)
    var doubtful = 0
    requests: for (index, outstanding) in unanswered.prefix(ResponsePairing.mostRequests).enumerated() {
      switch pairing.verdict(onRequestAt: outstanding.offset, sentAfterReceiving: outstanding.acknowledges) {
      case .sentLater:
        break requests
      case .answered:
        unanswered.removeFirst(index + 1)
        response.lostUntil = .min
        return outstanding
      case .doubtful:
        doubtful += 1
      }
    }
    guard doubtful == 1, response.messageOffset >= response.lostUntil, let first = unanswered.first else { return nil }
    unanswered.removeFirst()
    response.lostUntil = .min
    return first
  }

  /// A client that sends its next request has received the answer to the one before, if it does not pipeline.
  mutating func settleLostResponses() {
    let acknowledges = request.messageAcknowledges
    let hole = response.lostUntil
    guard unanswered.count == 1, let first = unanswered.first, acknowledges != .min, hole != .min,
      acknowledges >= hole, first.acknowledges < hole
    else { return }
    response.lostUntil = .min
    unanswered = []
  }
}
