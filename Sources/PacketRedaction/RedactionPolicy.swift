/// What a stored packet may hold, and how long it may be held back.
public struct RedactionPolicy: Sendable {
  /// Of heads, too, only what is known to be harmless (`HeadRedaction`).
  public var hidesValues = false
  /// Zeros in the place of what is left out, where it is not simply cut off.
  public var keepsLengths = false
  /// How long a packet waits, in nanoseconds of packet time, for those that tell what its octets are: the rest of a head,
  /// or what fills a hole before it.
  public var patience: Int64 = 10_000_000_000
  /// Octets and packets that wait.
  public var heldOctets = 32 << 20
  public var heldPackets = 1 << 16
  /// Packets of one side of a connection that wait for what tells of them.
  public var heldOfSide = 2048

  public init() {}
}
