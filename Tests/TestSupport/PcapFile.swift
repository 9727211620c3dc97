import Wire

/// A frame with the time at which it was captured.
public struct TimedFrame: Hashable, Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public var time: Int64
  public var octets: [UInt8]
  public var originalLength: Int

  public init(time: Int64, octets: [UInt8], originalLength: Int? = nil) {
    self.time = time
    self.octets = octets
    self.originalLength = originalLength ?? octets.count
  }

  public func cut(to snapLength: Int) -> TimedFrame {
    TimedFrame(time: time, octets: Array(octets.prefix(snapLength)), originalLength: originalLength)
  }
}

/// The octets of a classic pcap file.
public struct PcapFile: Sendable {
  public var link = LinkType.ethernet
  public var nanoseconds = true
  public var bigEndian = false
  public var snapLength = 262_144
  public var frames: [TimedFrame]

  public init(_ frames: [TimedFrame]) { self.frames = frames }

  public var octets: [UInt8] {
    var file = number(nanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4)
    file += bigEndian ? [0, 2, 0, 4] : [2, 0, 4, 0]
    file += number(0) + number(0) + number(UInt32(snapLength)) + number(link.rawValue)
    for frame in frames {
      let fraction = frame.time % 1_000_000_000
      file += number(UInt32(truncatingIfNeeded: frame.time / 1_000_000_000))
      file += number(UInt32(truncatingIfNeeded: nanoseconds ? fraction : fraction / 1000))
      file += number(UInt32(frame.octets.count)) + number(UInt32(frame.originalLength)) + frame.octets
    }
    return file
  }

  private func number(_ value: UInt32) -> [UInt8] {
    bigEndian ? PacketBuilder.be32(value) : PacketBuilder.le32(value)
  }
}
