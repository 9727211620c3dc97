import Wire

/// A TCP connection's two endpoints in canonical order: both directions give the same key.
public struct ConnectionKey: Hashable, Sendable {
  public var low, high: IPAddress
  public var lowPort, highPort: UInt16

  /// The key of a segment, and which side sent it: 0 the lower endpoint, 1 the higher.
  @inlinable
  public init(_ segment: TCPSegment, sender: inout Int) {
    let s = segment.source
    let d = segment.destination
    var sourceIsLow = true
    if s.high != d.high {
      sourceIsLow = s.high < d.high
    } else if s.low != d.low {
      sourceIsLow = s.low < d.low
    } else {
      sourceIsLow = segment.sourcePort <= segment.destinationPort
    }
    if sourceIsLow {
      low = s
      high = d
      lowPort = segment.sourcePort
      highPort = segment.destinationPort
      sender = 0
    } else {
      low = d
      high = s
      lowPort = segment.destinationPort
      highPort = segment.sourcePort
      sender = 1
    }
  }

  /// A seeded multiply-mix of the whole key: the seed keeps an attacker from choosing collisions.
  @inlinable
  public func hash(seed: UInt64) -> UInt64 {
    var h = seed ^ (low.low &* 0x9E37_79B9_7F4A_7C15)
    h = (h ^ (h >> 29)) &+ (high.low &* 0xBF58_476D_1CE4_E5B9)
    h = (h ^ (h >> 32)) &* 0x94D0_49BB_1331_11EB
    h ^= low.high &* 0xD6E8_FEB8_6659_FD93 ^ (high.high &* 0xA076_1D64_78BD_642F)
    h = (h ^ (h >> 30)) &+ (UInt64(lowPort) << 16 | UInt64(highPort)) &* 0xE703_7ED1_A0B4_28DB
    h = (h ^ (h >> 27)) &* 0x94D0_49BB_1331_11EB
    return h ^ (h >> 31)
  }
}

/// How the sender of the first segment that ended a connection did it (METRICS.md §4).
public enum StreamClose: UInt8, Sendable {
  case none, fin, rst
}

/// What one side of a connection has sent, in octets from the first octet after its SYN
/// (picked up mid-stream: from the first octet seen).
public struct HalfStream: Sendable {
  /// The sequence number of offset 0.
  public internal(set) var base: UInt32 = 0
  /// Everything before it has been delivered or declared lost.
  public internal(set) var next: Int64 = 0
  /// The end of the furthest octet seen.
  public internal(set) var highest: Int64 = 0
  /// What the peer has acknowledged.
  public internal(set) var acknowledged: Int64 = 0
  /// The offset of the FIN, -1 without one.
  public internal(set) var finOffset: Int64 = -1
  /// The largest window that this side has offered, scaled.
  var largestWindow: UInt32 = 0
  var windowScale: UInt8 = 0

  /// `base` is known.
  public internal(set) var started = false
  public internal(set) var synSeen = false
  /// A segment other than a SYN has been seen from this side.
  var spoke = false
  var endDelivered = false

  public internal(set) var packets: UInt32 = 0
  /// Payload octets on the wire, each copy counted.
  public internal(set) var octets: Int64 = 0
  public internal(set) var retransmissions: UInt32 = 0
  public internal(set) var outOfOrder: UInt32 = 0
  public internal(set) var stalls: UInt32 = 0
  public internal(set) var stallTime: Int64 = 0
  public internal(set) var missingOctets: Int64 = 0

  /// Segments ahead of their turn, by offset, not overlapping.
  var waiting: [WaitingSegment] = []
  var waitingOctets = 0
  /// When the hole in front of `waiting` was first acknowledged or, in a capture of one side only, met.
  var holeSince: Int64 = .min
  var holePackets: UInt16 = 0
  /// A hole was declared lost and this side has sent nothing since: no use in waiting for the next one.
  var silentSinceLoss = false
  /// The last hole was filled, not lost.
  var holeFilled = false

  init() {}

  /// The offset of a sequence number, the one nearest to `next`.
  @inline(__always)
  func offset(of sequenceNumber: UInt32) -> Int64 {
    next &+ Int64(Int32(bitPattern: sequenceNumber &- (base &+ UInt32(truncatingIfNeeded: next))))
  }
}

/// A segment that cannot be delivered yet.
public struct WaitingSegment: Sendable {
  /// Where it begins in its stream.
  public var offset: Int64
  /// Octets on the wire; `octets` holds fewer when the capture cut the packet short.
  public var length: Int
  public var octets: [UInt8]
  public var time: Int64
  /// What its sender had received: an offset in the peer's stream, `.min` when unknown.
  public var acknowledges: Int64
  /// Its first octet was the first of a segment.
  public var startsSegment: Bool
  /// It arrived before octets that come before it, and not merely before those that it acknowledges.
  var aheadOfHole: Bool
}

/// One TCP connection as far as the capture shows it.
public struct TrackedConnection: Sendable {
  public internal(set) var key: ConnectionKey
  var hash: UInt64
  /// The side that opened it: 0 or 1, -1 when no SYN was seen.
  public internal(set) var opener: Int8 = -1
  /// The SYN itself, not only its answer, is in the capture.
  public internal(set) var synCaptured = false
  public internal(set) var established = false
  public internal(set) var refused = false
  /// The first packet.
  public internal(set) var opened: Int64
  /// The last SYN before the answer.
  var lastSYN: Int64
  /// The ACK of the SYN/ACK, `.min` when it was not seen.
  public internal(set) var acknowledgedOpening: Int64 = .min
  public internal(set) var synRetransmissions: UInt16 = 0
  public internal(set) var closeKind = StreamClose.none
  public internal(set) var closedBy: Int8 = -1
  /// The first FIN or RST.
  public internal(set) var closed: Int64 = .min
  /// What the closing side had received by then, in octets of its peer; `.min` when the reset did not say.
  public internal(set) var closeAcknowledges: Int64 = .min
  /// Nothing more is to come: RST, or a FIN from both sides.
  public internal(set) var finished = false
  /// Its end has been reported; kept to recognise late segments.
  public internal(set) var reported = false
  public internal(set) var lastSeen: Int64
  var inUse = true
  /// Something is buffered or missing: the slow path looks at every segment.
  var troubled = false
  var generation: UInt32 = 0
  var younger: Int32 = -1
  var older: Int32 = -1

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
