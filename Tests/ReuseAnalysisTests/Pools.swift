import TestSupport

/// One connection of a hand-made pool: requests at given times, each answered, and an end. Times are milliseconds.
struct Talk {
  var port = 0
  var client: Address = "192.0.2.1"
  var server: Address = "198.51.100.2"
  var opened = 0.0
  var roundTrip = 1.0
  /// When each request is sent, counted from the opening.
  var requests: [Double] = [10]
  /// How long each answer takes.
  var wait = 5.0
  var request = get("/")
  var answer = ok()
  /// The last answer, where it is another one.
  var lastAnswer: String?
  var end = End.open

  enum End {
    /// FIN from a side, so long after the last answer.
    case closed(by: Conversation.Side, after: Double)
    case reset(by: Conversation.Side, after: Double)
    case open
  }

  var conversation: Conversation {
    var talk = Conversation(client: client, clientPort: 10_000 + port, server: server)
    talk.handshake(at: opened, roundTrip: roundTrip)
    for (i, time) in requests.enumerated() {
      talk.send(request, from: .client, at: opened + time)
      talk.send(i == requests.count - 1 ? lastAnswer ?? answer : answer, from: .server, at: opened + time + wait)
    }
    let last = opened + (requests.last.map { $0 + wait } ?? roundTrip)
    switch end {
    case .closed(let side, let after): talk.close(from: side, at: last + after)
    case .reset(let side, let after): talk.reset(from: side, at: last + after)
    case .open: break
    }
    return talk
  }

  /// `count` connections, on ports of their own, each made by `make` from its number.
  static func many(_ count: Int, _ make: (inout Talk, Double) -> Void) -> [Conversation] {
    (0..<count).map { i in
      var talk = Talk(port: i)
      make(&talk, Double(i))
      return talk.conversation
    }
  }

  /// A client of its own for each connection.
  mutating func useOwnClient() { client = Address("203.0.113.\(port % 250 + 1)") }
}
