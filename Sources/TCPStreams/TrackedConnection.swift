import Wire

/// A TCP connection's two endpoints in canonical order: both directions give the same key.
public struct ConnectionKey: Hashable, Sendable {
  public var low, high: IPAddress
  public var lowPort, highPort: UInt16

  /// The key of a segment, and which side sent it: 0 the lower endpoint, 1 the higher.
  @inlinable
  public init(_ segment: TCPSegment, sender: inout Int) {
    self.init(
      from: segment.source, segment.sourcePort, to: segment.destination, segment.destinationPort, sender: &sender)
  }

  @inlinable
  init(from s: IPAddress, _ sourcePort: UInt16, to d: IPAddress, _ destinationPort: UInt16, sender: inout Int) {
    var sourceIsLow = true
    if s.high != d.high {
      sourceIsLow = s.high < d.high
    } else if s.low != d.low {
      sourceIsLow = s.low < d.low
    } else {
      sourceIsLow = sourcePort <= destinationPort
    }
    if sourceIsLow {
      low = s
      high = d
      lowPort = sourcePort
      highPort = destinationPort
      sender = 0
    } else {
      low = d
      high = s
      lowPort = destinationPort
      highPort = sourcePort
      sender = 1
    }
  }

  /// The side that sent a segment, -1 when it is of another connection.
  @inlinable @inline(__always)
  public func sender(of s: TCPSegment) -> Int {
    if s.source == low, s.destination == high, s.sourcePort == lowPort, s.destinationPort == highPort { return 0 }
    if s.source == high, s.destination == low, s.sourcePort == highPort, s.destinationPort == lowPort { return 1 }
    return -1
  }

  /// A seeded hash of the whole key: the seed keeps an attacker from choosing collisions.
  @inlinable
  public func hash(seed: UInt64) -> UInt64 {
    Self.mixed(Self.hash(low, lowPort, seed: seed), Self.hash(high, highPort, seed: seed))
  }

  /// That of the connection of a segment: the order of the endpoints does not matter.
  @inlinable
  public static func hash(_ s: TCPSegment, seed: UInt64) -> UInt64 {
    mixed(hash(s.source, s.sourcePort, seed: seed), hash(s.destination, s.destinationPort, seed: seed))
  }

  /// An endpoint's, by multiplications to the full width whose factors both depend on the seed.
  @inlinable
  static func hash(_ address: IPAddress, _ port: UInt16, seed: UInt64) -> UInt64 {
    let other = seed &* 0x9E37_79B9_7F4A_7C15 ^ 0xD6E8_FEB8_6659_FD93
    let product = (address.low ^ seed).multipliedFullWidth(by: (address.high ^ UInt64(port) &<< 48) &+ other)
    return product.high ^ product.low
  }

  @inlinable
  static func mixed(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = (a &+ b).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}

/// How the sender of the first segment that ended a connection did it (METRICS.md §4).
public enum StreamClose: UInt8, Sendable {
  case none, fin, rst
}

/// One TCP connection as far as the capture shows it.
///
/// What every packet touches stands first; a million of these are meant to fit into memory.
public struct TrackedConnection: Sendable {
  public internal(set) var key: ConnectionKey
  /// The side that opened it: 0 or 1, -1 when no SYN was seen.
  public internal(set) var opener: Int8 = -1
  public internal(set) var closeKind = StreamClose.none
  public internal(set) var closedBy: Int8 = -1
  /// The SYN itself, not only its answer, is in the capture.
  public internal(set) var synCaptured = false
  public internal(set) var established = false
  public internal(set) var refused = false
  /// Nothing more is to come: RST, or a FIN from both sides.
  public internal(set) var finished = false
  /// Its end has been reported; kept to recognise late segments.
  public internal(set) var reported = false
  var inUse = true
  /// Something is buffered or missing: the slow path looks at every segment.
  var troubled = false
  var list = UsageList.Kind.none
  /// Resets after which it went on.
  var revivals: UInt8 = 0
  public internal(set) var lastSeen: Int64
  /// The first packet.
  public internal(set) var opened: Int64
  /// The last SYN before the answer.
  var lastSYN: Int64
  /// The ACK of the SYN/ACK, `.min` when it was not seen.
  public internal(set) var acknowledgedOpening: Int64 = .min
  /// The first FIN or RST.
  public internal(set) var closed: Int64 = .min
  /// What the closing side had received by then, in octets of its peer; `.min` when the reset did not say.
  public internal(set) var closeAcknowledges: Int64 = .min
  var generation: UInt32 = 0
  var younger: Int32 = -1
  var older: Int32 = -1
  public internal(set) var synRetransmissions: UInt16 = 0
  /// Either side has a ``StreamDisorder``.
  var hasDisorder = false
  /// It is among ``ConnectionTable/holes``.
  var isHoleWatched = false

  init(key: ConnectionKey, at time: Int64) {
    self.key = key
    lastSeen = time
    opened = time
    lastSYN = time
  }

  /// The client's first SYN to its ACK of the answer (METRICS.md §2); `nil` when either is not in the capture.
  public var setup: Int64? {
    synCaptured && acknowledgedOpening != .min ? max(0, acknowledgedOpening &- opened) : nil
  }

  /// The SYN that was answered to the ACK of the answer.
  public var roundTrip: Int64? {
    synCaptured && acknowledgedOpening != .min ? max(0, acknowledgedOpening &- lastSYN) : nil
  }

  public var openingSeen: Bool { opener >= 0 }
}
