/// What a capture says about one packet, apart from its octets.
public struct PacketHeader: Hashable, Sendable {
  /// Nanoseconds since 1970-01-01 00:00 UTC. What does not fit into 64 bits is clamped.
  public var timestamp: Int64
  /// Octets that the capture holds.
  public var capturedLength: Int
  /// Octets that were on the wire, never fewer than were captured: a record that claims so is broken.
  public var originalLength: Int
  /// The LINKTYPE_ value of the interface, without the high bits that hold the length of a frame check sequence.
  public var linkType: UInt32

  @inlinable
  public init(timestamp: Int64, capturedLength: Int, originalLength: Int, linkType: UInt32) {
    self.timestamp = timestamp
    self.capturedLength = capturedLength
    self.originalLength = originalLength
    self.linkType = linkType
  }
}
