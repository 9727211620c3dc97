/// What one side of a connection has sent, in octets from the first octet after its SYN
/// (picked up mid-stream: from the first octet seen). What only few sides need is in a ``StreamDisorder``.
public struct HalfStream: Sendable {
  /// The sequence number of offset 0.
  public internal(set) var base: UInt32 = 0
  /// The largest window that this side has offered, scaled.
  var largestWindow: UInt32 = 0
  /// Everything before it has been delivered or declared lost.
  public internal(set) var next: Int64 = 0
  /// What the peer has acknowledged.
  public internal(set) var acknowledged: Int64 = 0
  /// The offset of the FIN, -1 without one.
  public internal(set) var finOffset: Int64 = -1
  /// Payload octets on the wire, each copy counted.
  public internal(set) var octets: Int64 = 0
  /// Octets that end before this offset are passed over: the layer above wants to know their number only.
  var passUntil: Int64 = .min
  /// Octets passed over and not yet told, and the latest time among them.
  var passed: Int64 = 0
  var passedAt: Int64 = .min
  public internal(set) var packets: UInt32 = 0
  /// Where its disorder is, -1 without any.
  var disorder: Int32 = -1
  var windowScale: UInt8 = 0

  /// `base` is known.
  public internal(set) var started = false
  public internal(set) var synSeen = false
  /// A segment other than a SYN has been seen from this side.
  var spoke = false
  var endDelivered = false
  /// A hole was declared lost and this side has sent nothing since: no use in waiting for the next one.
  var silentSinceLoss = false

  init() {}

  /// Its SYN is known.
  mutating func takeSYN(_ sequenceNumber: UInt32, windowScale: UInt8?) {
    base = sequenceNumber &+ 1
    started = true
    synSeen = true
    // RFC 7323 §2.2: scaled only when both SYNs say so; taking it from one alone makes the window too large, never too small.
    self.windowScale = min(windowScale ?? 0, 14)
  }

  /// The offset of a sequence number, the one nearest to `next`.
  @inline(__always)
  func offset(of sequenceNumber: UInt32) -> Int64 {
    next &+ Int64(Int32(bitPattern: sequenceNumber &- (base &+ UInt32(truncatingIfNeeded: next))))
  }
}
