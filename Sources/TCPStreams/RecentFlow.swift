import Wire

/// Where the connection of the segment before is: segments come in runs of one connection, and the next one of it, of
/// either side, need not be looked up.
struct RecentFlow: Sendable {
  private var source = IPAddress(high: 0, low: 0)
  private var destination = IPAddress(high: 0, low: 0)
  private var sourcePort: UInt16 = 0
  private var destinationPort: UInt16 = 0
  /// Nothing is known before the first look-up, and after a connection has begun or ended.
  private var isKnown = false
  private(set) var side = 0
  private(set) var hash: UInt64 = 0
  /// -1: there is no such connection.
  private(set) var slot = -1

  init() {}

  init(_ s: TCPSegment, side: Int, hash: UInt64, slot: Int) {
    source = s.source
    destination = s.destination
    sourcePort = s.sourcePort
    destinationPort = s.destinationPort
    isKnown = true
    self.side = side
    self.hash = hash
    self.slot = slot
  }

  /// Whether a segment is of this connection; then `side` is its sender.
  @inline(__always)
  mutating func fits(_ s: TCPSegment) -> Bool {
    guard isKnown else { return false }
    if s.source == source, s.destination == destination, s.sourcePort == sourcePort,
      s.destinationPort == destinationPort
    {
      return true
    }
    guard s.source == destination, s.destination == source, s.sourcePort == destinationPort,
      s.destinationPort == sourcePort
    else { return false }
    swap(&source, &destination)
    swap(&sourcePort, &destinationPort)
    side ^= 1
    return true
  }
}
