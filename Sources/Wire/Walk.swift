/// What comes next in a packet.
enum Step: Equatable {
  case link(LinkType)
  case ethernet
  case etherType(UInt16)
  case llc
  case ppp, pppoe, ciscoHDLC
  case wlan
  case mpls, nsh
  case gre
  /// IPv4 or IPv6 by the first four bits.
  case ip
  case ipv4, ipv6
  case ipProtocol(UInt8)
  case udp, tcp
  /// `Walk.piece` describes a fragment.
  case fragment
  case stop(DecodingStop)
}

/// How the way through the headers of a packet ended.
enum Ending {
  case tcp, fragment
  case stopped(DecodingStop)
}

/// The way through the headers of one packet: where it stands, and what the headers passed have said.
///
/// Each layer is a method that reads its header at `offset`, moves `offset` behind it and returns what comes next.
/// Invariant: `0 <= offset <= end <= wireEnd`, and `end` is not beyond the octets given.
struct Walk {
  var offset: Int
  /// Where the captured octets of the layer that encloses the next end.
  var end: Int
  /// Where that layer ended on the wire.
  var wireEnd: Int
  /// The layer that is read or was read last: the place of a stop.
  var layer = Layer.link
  /// The innermost IP header so far.
  var source = IPAddress(high: 0, low: 0)
  var destination = IPAddress(high: 0, low: 0)
  var identification: UInt32 = 0
  var isIPv6 = false
  var insideIP = false
  /// The tunnel that is followed was recognised by its UDP port, and nothing has confirmed it yet: what carried the UDP.
  var guess: Layer?
  /// The last IPv6 header had no length: a jumbo payload option may give it.
  var jumboExpected = false
  /// The radio put octets between the 802.11 header and the packet, to a multiple of four.
  var paddedTo4 = false
  /// Octets before a bridged frame (RFC 2684 §5.2: two on ATM).
  var bridgePadding = 0
  var piece = FragmentPiece()
  private var stepsLeft = 64

  /// Lengths on the wire beyond this are not believed. The largest packets that offloading makes have 512 KiB.
  private static let longestPacket = 1 << 20

  init(captured: Int, originalLength: Int) {
    offset = 0
    end = captured
    wireEnd = max(captured, min(originalLength, Self.longestPacket))
  }

  /// Reads headers from `first` on until TCP, a fragment or a stop.
  mutating func run(_ bytes: Span<UInt8>, from first: Step, into segment: inout TCPSegment) -> Ending {
    var step = first
    while stepsLeft > 0 {
      stepsLeft -= 1
      switch step {
      case .link(let type): step = link(type, bytes)
      case .ethernet: step = ethernet(bytes)
      case .etherType(let type): step = etherType(type, bytes)
      case .llc: step = llc(bytes)
      case .ppp: step = ppp(bytes)
      case .pppoe: step = pppoe(bytes)
      case .ciscoHDLC: step = ciscoHDLC(bytes)
      case .wlan: step = wlan(bytes)
      case .mpls: step = mpls(bytes)
      case .nsh: step = nsh(bytes)
      case .gre: step = gre(bytes)
      case .ip: step = ip(bytes)
      case .ipv4: step = ipv4(bytes)
      case .ipv6: step = ipv6(bytes)
      case .ipProtocol(let number): step = ipProtocol(number, bytes)
      case .udp: step = udp(bytes)
      case .tcp:
        guard let reason = tcp(bytes, into: &segment) else { return .tcp }
        return .stopped(ending(reason))
      case .fragment: return .fragment
      case .stop(let stop): return .stopped(stop)
      }
    }
    return .stopped(ending(.tooManyLayers))
  }

  /// Takes up again in a datagram put together from fragments.
  mutating func resume(captured: Int, length: Int) {
    offset = 0
    end = captured
    wireEnd = length
  }

  // MARK: Tools of the layers

  func has(_ count: Int) -> Bool { end &- offset >= count }

  var wireRemaining: Int { wireEnd &- offset }

  /// The next layer ends `length` octets on, whatever the enclosing one says.
  mutating func bound(to length: Int) {
    wireEnd = offset &+ length
    end = min(end, wireEnd)
  }

  /// The next layer ends `length` octets on, unless the enclosing one ends before.
  mutating func narrow(to length: Int) {
    if length < wireRemaining { bound(to: length) }
  }

  /// The last `count` octets belong to no inner layer.
  mutating func dropTrailer(_ count: Int) {
    wireEnd = max(offset, wireEnd &- count)
    end = min(end, wireEnd)
  }

  func stop(_ reason: StopReason, _ detail: UInt16 = 0) -> Step {
    .stop(ending(reason, detail))
  }

  private func ending(_ reason: StopReason, _ detail: UInt16 = 0) -> DecodingStop {
    if let guess, reason.isFailure, reason != .truncated {
      // It was ordinary UDP after all.
      return DecodingStop(layer: guess, reason: .ipProtocol, detail: 17, insideIP: true)
    }
    return DecodingStop(layer: layer, reason: reason, detail: detail, insideIP: insideIP)
  }

  /// The stop for a header of `count` octets that are not all there.
  func short(_ count: Int) -> Step {
    stop(wireRemaining >= count ? .truncated : .tooShort)
  }

  /// Moves on by `count` octets to `next`.
  mutating func skip(_ count: Int, to next: Step) -> Step {
    guard has(count) else { return short(count) }
    offset &+= count
    return next
  }

  /// IPv4 or IPv6, by the first four bits.
  func ip(_ bytes: Span<UInt8>) -> Step {
    guard has(1) else { return short(1) }
    switch bytes[offset] >> 4 {
    case 4: return .ipv4
    case 6: return .ipv6
    default: return stop(.version)
    }
  }

  /// Whether an IP header can begin at `index`: the evidence for formats that do not say what they carry.
  func looksLikeIP(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    guard index >= 0, index < end else { return false }
    let left = end &- index
    switch bytes[index] >> 4 {
    case 4:
      guard left >= 20, bytes[index] & 15 >= 5 else { return false }
      let total = Int(bytes.uint16(at: index &+ 2))
      return (total == 0 || total >= 20) && total <= wireEnd &- index
    case 6:
      return left >= 40 && Int(bytes.uint16(at: index &+ 4)) &+ 40 <= wireEnd &- index
    default:
      return false
    }
  }

  /// Whether an Ethernet frame of something known can begin at `index`.
  func looksLikeEthernet(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    guard index >= 0, end &- index >= 14 else { return false }
    let type = bytes.uint16(at: index &+ 12)
    switch type {
    case 0x0800:
      return end &- index > 14 && bytes[index &+ 14] >> 4 == 4
    case 0x86DD:
      return end &- index > 14 && bytes[index &+ 14] >> 4 == 6
    case 0...1500:
      return Int(type) &+ 14 <= wireEnd &- index && end &- index >= 17 && bytes[index &+ 16] & 0xEF == 3
    default:
      return EtherType.isFollowed(type) || DecodingStop.etherTypeName(type) != nil
    }
  }
}
