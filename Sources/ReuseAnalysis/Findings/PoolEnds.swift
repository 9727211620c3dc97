/// A way in which a connection ends that could have been kept for another request.
enum AvoidableEnd: Int, Sendable, CaseIterable {
  /// Closed by that side while idle.
  case serverIdle, clientIdle
  /// The server said `Connection: close` to a request that had asked to persist.
  case unaskedClose
  /// The client said it.
  case clientClose
  /// HTTP/1.0 without keep-alive, or a response that ended with its connection.
  case http10
}

/// The ends of a pool's connections that a later opening may be charged to: had the connection been kept, the opening would
/// have been spared. Each end pays for one opening at most, so what is charged is never more than could be saved.
struct PoolEnds: Sendable {
  /// When the last one had been used last; `.min` before any.
  private(set) var idleSince: Int64 = .min
  private var left = (
    serverIdle: 0 as UInt16, clientIdle: 0 as UInt16, unasked: 0 as UInt16, client: 0 as UInt16, http10: 0 as UInt16
  )
  private var last: AvoidableEnd?

  mutating func note(_ end: AvoidableEnd, idleSince: Int64) {
    last = end
    self.idleSince = max(self.idleSince, idleSince)
    if self[end] < .max { self[end] += 1 }
  }

  /// An opening at `time`, which found no idle connection: the end that it is charged to. The last one first, then the most
  /// frequent kind.
  mutating func charge(at time: Int64) -> AvoidableEnd? {
    guard idleSince != .min else { return nil }
    guard time &- idleSince <= FindingThresholds.usefulIdleTime else {
      self = PoolEnds()
      return nil
    }
    var charged = last
    if let end = last, self[end] == 0 { charged = nil }
    charged = charged ?? AvoidableEnd.allCases.max { self[$0] < self[$1] }
    guard let charged, self[charged] > 0 else { return nil }
    self[charged] -= 1
    return charged
  }

  private subscript(end: AvoidableEnd) -> UInt16 {
    get {
      switch end {
      case .serverIdle: left.serverIdle
      case .clientIdle: left.clientIdle
      case .unaskedClose: left.unasked
      case .clientClose: left.client
      case .http10: left.http10
      }
    }
    set {
      switch end {
      case .serverIdle: left.serverIdle = newValue
      case .clientIdle: left.clientIdle = newValue
      case .unaskedClose: left.unasked = newValue
      case .clientClose: left.client = newValue
      case .http10: left.http10 = newValue
      }
    }
  }
}
