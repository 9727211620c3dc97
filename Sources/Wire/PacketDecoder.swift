/// Decodes captured packets down to the innermost TCP segment, and puts fragmented datagrams together on the way.
///
/// Links, tags, tunnels and IP headers are passed whatever their order. TCP headers that ICMP messages quote are not
/// segments. Checksums are not verified, since offloading makes those of a capture wrong; lengths are.
public struct PacketDecoder: ~Copyable, Sendable {
  public struct Limits: Sendable {
    /// Datagrams of which fragments are held.
    public var fragmentedDatagrams = 4096
    /// Octets held for them.
    public var fragmentOctets = 16 << 20
    /// How long fragments wait for the rest, in nanoseconds of packet time: RFC 8200 §4.5 says 60 s for IPv6, Linux
    /// waits for 30 s.
    public var fragmentLifetime: Int64 = 30_000_000_000

    public init() {}
  }

  /// The octets to which a segment refers after ``DecodingOutcome/tcpReassembled``: the payload of the datagram.
  public private(set) var reassembled: [UInt8] = []
  private var fragments: FragmentTable

  public init(limits: Limits = Limits()) {
    fragments = FragmentTable(limits: limits)
  }

  public var fragmentCounts: FragmentCounts { fragments.counts }

  /// Gives up the fragments that are held: at the end of a capture, so that the counts are complete.
  public mutating func flush() { fragments.removeAll() }

  /// Decodes one packet.
  ///
  /// - Parameters:
  ///   - frame: the octets captured.
  ///   - link: what they begin with.
  ///   - originalLength: the octets on the wire; what is less than captured is not believed.
  ///   - time: the packet's, in nanoseconds. It drives the lifetime of fragments and may step back.
  ///   - segment: is filled where the outcome says so, and undefined otherwise.
  public mutating func decode(
    _ frame: Span<UInt8>, link: LinkType, originalLength: Int, time: Int64, into segment: inout TCPSegment
  ) -> DecodingOutcome {
    if segment.decodeQuickly(frame, link: link.rawValue) { return .tcp }
    return decodeThoroughly(frame, link: link, originalLength: originalLength, time: time, into: &segment)
  }

  /// Every packet can be decoded this way; the quick one is a shortcut with the same results.
  @inline(never)
  package mutating func decodeThoroughly(
    _ frame: Span<UInt8>, link: LinkType, originalLength: Int, time: Int64, into segment: inout TCPSegment
  ) -> DecodingOutcome {
    var walk = Walk(captured: frame.count, originalLength: originalLength)
    switch walk.run(frame, from: .link(link), into: &segment) {
    case .tcp: return .tcp
    case .stopped(let stop): return .stopped(stop)
    case .fragment:
      let insertion = fragments.insert(walk.piece, from: frame, at: time)
      return continueReassembled(insertion, &walk, at: time, into: &segment)
    }
  }

  /// Goes on in a datagram that a fragment has completed. It may hold fragments of another.
  private mutating func continueReassembled(
    _ first: FragmentTable.Insertion, _ walk: inout Walk, at time: Int64, into segment: inout TCPSegment
  ) -> DecodingOutcome {
    var insertion = first
    while true {
      switch insertion {
      case .held: return .fragment
      case .limit: return .limit
      case .refused:
        return .stopped(DecodingStop(layer: .fragment, reason: .fragmentLength, insideIP: true))
      case .complete(let datagram):
        walk.resume(captured: datagram.octets.count, length: datagram.length)
        switch walk.run(datagram.octets.span, from: .ipProtocol(datagram.proto), into: &segment) {
        case .tcp:
          reassembled = datagram.octets
          return .tcpReassembled
        case .stopped(let stop): return .stopped(stop)
        case .fragment: insertion = fragments.insert(walk.piece, from: datagram.octets.span, at: time)
        }
      }
    }
  }
}
