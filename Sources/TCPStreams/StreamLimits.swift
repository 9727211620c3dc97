/// What bounds the memory and the patience of the connection table. What a limit drops is counted.
public struct StreamLimits: Sendable {
  /// Connections kept at once; beyond it the one idle longest is evicted.
  public var connections = 1 << 20
  /// Those among them of which only SYNs have been seen, answered or not. Beyond it those that have waited longest are evicted.
  public var halfOpen = 1 << 17
  /// How long after the last SYN such a connection is kept, in packet time. The first six retransmissions of a SYN are
  /// up to 64 s apart, and the last is given up after as long again: later there is nobody who waits.
  public var halfOpenPatience: Int64 = 127_000_000_000
  /// Connections kept after their end, so that late segments do not count as new connections.
  public var remembered = 8_192
  /// How long an ended connection is kept before its end is reported: segments may still be on their way.
  public var linger: Int64 = 1_000_000_000
  /// Octets and segments buffered out of order, for each side of a connection, and for all of them the memory that
  /// they take.
  public var bufferedOctets = 1 << 20
  public var bufferedSegments = 1024
  public var bufferedOctetsInAll = 256 << 20
  /// An acknowledged hole counts as lost after this time or this many packets of its connection:
  /// captures from several queues deliver packets out of order, but not by much.
  public var holePatience: Int64 = 100_000_000
  public var holePackets: UInt16 = 64

  public init() {}
}
