/// What the parser will hold or accept of one message. Bodies are never held, so only heads need limits.
public struct HTTPLimits: Hashable, Sendable {
  /// Octets of a head, its empty line included, and of the trailer section of a chunked body. Servers commonly stop at
  /// 8 to 64 KiB, but answer what is larger (431), and browsers accept responses up to 256 KiB.
  public var headOctets = 262_144
  /// Field lines of a head. More are read all the same, and the head is marked `tooManyFields`.
  public var fieldCount = 256
  /// Octets of a start line: longer ones are no start line.
  public var startLineOctets = 65_536

  @inlinable
  public init() {}
}
