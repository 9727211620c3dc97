/// Why decoding went no further than a layer.
public enum StopReason: UInt8, Hashable, Sendable, CaseIterable {
  // The packet carries something else.
  case etherType, llcService, snapOrganization, pppProtocol, addressFamily, hardwareType, ipProtocol, tunnelPayload
  /// A frame that carries no packet: management, discovery, OAM.
  case control
  // The packet may carry TCP, but it cannot be told.
  case linkType, encrypted, linkFragment
  /// The capture ends in the header.
  case truncated
  /// The layer below says that there are fewer octets than the header needs.
  case tooShort
  case version, headerLength, totalLength, fragmentLength, malformed, tooManyLayers

  var isFailure: Bool {
    switch self {
    case .etherType, .llcService, .snapOrganization, .pppProtocol, .addressFamily, .hardwareType, .ipProtocol,
      .tunnelPayload, .control:
      false
    case .linkType, .encrypted, .linkFragment, .truncated, .tooShort, .version, .headerLength, .totalLength,
      .fragmentLength, .malformed, .tooManyLayers:
      true
    }
  }

  public var name: String {
    switch self {
    case .etherType: "EtherType"
    case .llcService: "LLC SAP"
    case .snapOrganization: "SNAP organization"
    case .pppProtocol: "PPP protocol"
    case .addressFamily: "address family"
    case .hardwareType: "hardware type"
    case .ipProtocol: "IP protocol"
    case .tunnelPayload: "tunnel payload"
    case .control: "control frame"
    case .linkType: "unsupported link type"
    case .encrypted: "encrypted"
    case .linkFragment: "link-layer fragment"
    case .truncated: "header cut short by the capture"
    case .tooShort: "too short for its header"
    case .version: "wrong version"
    case .headerLength: "bad header length"
    case .totalLength: "bad total length"
    case .fragmentLength: "bad fragment length"
    case .malformed: "malformed header"
    case .tooManyLayers: "too many layers"
    }
  }
}

/// Where and why the decoding of a packet ended without a TCP segment.
public struct DecodingStop: Hashable, Sendable {
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// It carries something other than IP.
    case notIP
    /// It carries IP (around a tunnel, perhaps), and in that something other than TCP.
    case notTCP
    /// What it carries cannot be told.
    case undecodable
  }

  public var layer: Layer
  public var reason: StopReason
  /// The number that names what was met: an EtherType, an IP protocol, a link type; else 0.
  public var detail: UInt16
  /// Whether an IP header was met before.
  public var insideIP: Bool

  public init(layer: Layer, reason: StopReason, detail: UInt16 = 0, insideIP: Bool = false) {
    self.layer = layer
    self.reason = reason
    self.detail = detail
    self.insideIP = insideIP
  }

  public var kind: Kind {
    reason.isFailure ? .undecodable : insideIP ? .notTCP : .notIP
  }

  /// The same stop for a count that must not grow with hostile numbers: there are some thousands of these at most.
  public var withoutDetail: DecodingStop {
    DecodingStop(layer: layer, reason: reason, detail: 0, insideIP: insideIP)
  }

  public var layerName: String { layer.name }

  /// The reason with its number or the name of what that stands for: `ARP`, `UDP`, `EtherType 0x88b7`.
  public var reasonName: String {
    switch reason {
    case .etherType: Self.etherTypeName(detail) ?? "EtherType 0x\(hexadecimal)"
    case .ipProtocol: Self.ipProtocolName(detail) ?? "IP protocol \(detail)"
    case .llcService: Self.llcServiceName(detail) ?? "LLC SAP 0x\(hexadecimal)"
    case .pppProtocol: Self.pppProtocolName(detail) ?? "PPP protocol 0x\(hexadecimal)"
    case .linkType, .addressFamily, .hardwareType, .tunnelPayload: "\(reason.name) \(detail)"
    case .snapOrganization, .control, .encrypted, .linkFragment, .truncated, .tooShort, .version, .headerLength,
      .totalLength, .fragmentLength, .malformed, .tooManyLayers:
      reason.name
    }
  }

  private var hexadecimal: String {
    let digits = String(detail, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}

/// What came of a packet.
public enum DecodingOutcome: Hashable, Sendable {
  /// The segment is filled; its offset counts from the start of the octets given.
  case tcp
  /// The segment is filled; its offset counts from the start of ``PacketDecoder/reassembled``.
  case tcpReassembled
  /// Part of a datagram that is not complete yet, or one more copy of a part.
  case fragment
  case stopped(DecodingStop)
  /// A fragment that a limit kept from being held.
  case limit
}
