/// The control bits of a TCP header (RFC 9293 §3.1).
public struct TCPFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable public static var fin: TCPFlags { TCPFlags(rawValue: 0x01) }
  @inlinable public static var syn: TCPFlags { TCPFlags(rawValue: 0x02) }
  @inlinable public static var rst: TCPFlags { TCPFlags(rawValue: 0x04) }
  @inlinable public static var psh: TCPFlags { TCPFlags(rawValue: 0x08) }
  @inlinable public static var ack: TCPFlags { TCPFlags(rawValue: 0x10) }
  @inlinable public static var urg: TCPFlags { TCPFlags(rawValue: 0x20) }
}

/// What one captured packet says about a TCP connection: the innermost IP addresses and TCP header as values, and
/// where its payload lies in the octets that were decoded.
public struct TCPSegment: Hashable, Sendable {
  public var source = IPAddress(high: 0, low: 0)
  public var destination = IPAddress(high: 0, low: 0)
  public var sourcePort: UInt16 = 0
  public var destinationPort: UInt16 = 0
  public var sequenceNumber: UInt32 = 0
  public var acknowledgmentNumber: UInt32 = 0
  public var flags: TCPFlags = []
  /// As sent, not scaled.
  public var window: UInt16 = 0
  /// The shift of the window scale option (RFC 7323 §2.2), `nil` without one. 14 at most.
  public var windowScale: UInt8?
  public var checksum: UInt16 = 0
  /// The IPv4 identification, 0 where there is none (IPv6 without a fragment header).
  public var identification: UInt32 = 0
  /// Where the payload begins in the octets that were decoded.
  public var payloadOffset = 0
  /// Octets of payload that were captured.
  public var payloadCaptured = 0
  /// Octets of payload on the wire, by the IP length: at least `payloadCaptured`, more when the capture cut the packet short.
  public var payloadLength = 0

  @inlinable
  public init() {}
}
