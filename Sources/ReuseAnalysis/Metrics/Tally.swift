/// A case that has a place among its like: 0 for the first.
protocol Positioned {
  var position: Int { get }
}

/// How often each case was met.
struct Tally<Case: Positioned & Sendable>: Sendable {
  // No enumeration counted here has more cases; a dictionary would hash the raw value, a word, each time.
  private var counts = InlineArray<16, Int>(repeating: 0)

  mutating func add(_ one: Case) { counts[one.position] &+= 1 }

  /// Those met, in the order given.
  func rows(_ order: [Case]) -> [(Case, Int)] {
    order.compactMap { counts[$0.position] > 0 ? ($0, counts[$0.position]) : nil }
  }
}

extension ConnectionProtocol: Positioned {
  var position: Int {
    switch self {
    case .http10: 0
    case .http11: 1
    case .http09: 2
    case .websocket: 3
    case .tunnel: 4
    case .upgraded: 5
    case .tls: 6
    case .h2c: 7
    case .other: 8
    case .empty: 9
    }
  }
}

extension ExchangeOutcome: Positioned {
  var position: Int {
    switch self {
    case .complete: 0
    case .unanswered: 1
    case .reset: 2
    case .incomplete: 3
    case .upgraded: 4
    case .tunnel: 5
    case .malformed: 6
    }
  }
}

extension OpeningCause: Positioned {
  var position: Int {
    switch self {
    case .firstContact: 0
    case .missedReuse: 1
    case .allBusy: 2
    case .afterServerIdleClose: 3
    case .afterClientIdleClose: 4
    case .afterCloseHeader: 5
    case .afterHTTP10: 6
    case .afterFailure: 7
    case .afterUnknown: 8
    }
  }
}

extension CloseReason: Positioned {
  var position: Int {
    switch self {
    case .midExchange: 0
    case .upgraded: 1
    case .tunnel: 2
    case .closeHeader: 3
    case .http10: 4
    case .serverIdleClose: 5
    case .clientIdleClose: 6
    case .unused: 7
    case .open: 8
    }
  }
}
