/// Whether octets are the beginning of something.
public enum Recognition: UInt8, Hashable, Sendable {
  case yes, no
  /// They could be, and there are too few of them to say.
  case needMore
}

/// Whether an HTTP/1 request begins here, at the start of a connection or of a segment after a gap: blank lines, then a
/// whole request line (RFC 9112 §2.2, §3), or that of a simple request (RFC 1945 §4.1).
///
/// It needs the line's end to say yes: a token and a blank begin lines of many protocols. It is stricter than the parser
/// in one thing: control characters in the line mean no.
public func recogniseRequest(_ octets: Span<UInt8>) -> Recognition {
  let start = octets.firstOffsetAfterBlankLines
  let line = octets.extracting(start...)
  guard !line.isEmpty else { return start < HTTPLimits().startLineOctets ? .needMore : .no }
  guard RequestLine.canBegin(with: line) else { return .no }

  let longest = HTTPLimits().startLineOctets
  var index = 0
  while index < line.count, index < longest {
    let rest = line.extracting(index...)
    if rest.count >= 8, Lanes.areNoControls(rest.word(at: 0)) {
      index &+= 8
      continue
    }
    let octet = line[index]
    if octet == Octet.lineFeed { return RequestLine(line, lineEnd: index) == nil ? .no : .yes }
    if octet == Octet.carriageReturn {
      guard index &+ 1 == line.count || line[index &+ 1] == Octet.lineFeed else { return .no }
    } else if (octet < Octet.space && octet != Octet.horizontalTab) || octet == 0x7F {
      return .no
    }
    index &+= 1
  }
  return index < longest ? .needMore : .no
}

/// Whether an HTTP/1 response begins here: blank lines, then "HTTP/", a version of two digits, SP and three digits
/// (RFC 9112 §4). Stricter than the parser, which also takes what real senders make of it once the place is known.
public func recogniseResponse(_ octets: Span<UInt8>) -> Recognition {
  let start = octets.firstOffsetAfterBlankLines
  let line = octets.extracting(start...)
  guard !line.isEmpty else { return start < HTTPLimits().startLineOctets ? .needMore : .no }
  guard StatusLine.canBegin(with: line) else { return .no }
  var index = 5
  while index < line.count, index <= 12 {
    let octet = line[index]
    let fits =
      switch index {
      case 6: octet == Octet.dot
      case 8: octet == Octet.space
      case 12: octet == Octet.space || octet == Octet.horizontalTab || octet.isLineEnd
      default: octet.isDigit
      }
    guard fits else { return .no }
    index &+= 1
  }
  return index >= 12 ? .yes : .needMore
}

/// Whether a message of this direction begins here.
public func recognise(_ octets: Span<UInt8>, _ direction: MessageParser.Direction) -> Recognition {
  switch direction {
  case .request: recogniseRequest(octets)
  case .response: recogniseResponse(octets)
  }
}

/// The same where the beginning, `held`, came in earlier segments and was not enough to tell. A long one is looked at again
/// once its line ends: to look at all of it whenever an octet comes would take time without bound.
public func recognise(
  _ octets: Span<UInt8>, after held: [UInt8], _ direction: MessageParser.Direction, limits: HTTPLimits
) -> Recognition {
  if held.count >= 2048, held.count &+ octets.count < limits.startLineOctets, held.last != Octet.carriageReturn,
    !octets.indices.contains(where: {
      octets[$0] < Octet.space && octets[$0] != Octet.horizontalTab || octets[$0] == 0x7F
    })
  {
    return .needMore
  }
  var first = held
  for index in octets.indices { first.append(octets[index]) }
  return recognise(first.span, direction)
}

/// Whether these octets begin with a simple request (RFC 1945 §4.1). It is the first on its connection: in the middle of
/// one, "GET" and a word prove nothing.
public func isSimpleRequest(_ octets: Span<UInt8>, limits: HTTPLimits) -> Bool {
  if case .head(let head) = parseRequestHead(octets, limits: limits) { return head.isSimple }
  return false
}

/// Whether these octets are the connection preface of an HTTP/2 client (RFC 9113 §3.4).
public func recogniseHTTP2Preface(_ octets: Span<UInt8>) -> Recognition {
  let preface: InlineArray<3, UInt64> = [
    word("P", "R", "I", " ", "*", " ", "H", "T"), word("T", "P", "/", "2", ".", "0", "\r", "\n"),
    word("\r", "\n", "S", "M", "\r", "\n", "\r", "\n"),
  ]
  var index = 0
  while index < octets.count, index < 24 {
    let expected = preface[index / 8] &>> UInt64(truncatingIfNeeded: (index & 7) &* 8)
    guard octets[index] == UInt8(truncatingIfNeeded: expected) else { return .no }
    index &+= 1
  }
  return index == 24 ? .yes : .needMore
}

/// What the first octets of a stream that is no HTTP/1 say about its protocol.
public enum FirstOctets: UInt8, Hashable, Sendable {
  case needMore
  /// A TLS record (RFC 8446 §5.1): also in the middle of a connection.
  case tls
  /// The connection preface of an HTTP/2 client, or of a server: a SETTINGS frame (RFC 9113 §3.4, §6.5).
  case http2Preface
  /// An SSH version exchange (RFC 4253 §4.2).
  case ssh
  case other

  init(of octets: Span<UInt8>) {
    guard octets.count > 0 else {
      self = .needMore
      return
    }
    self = .other
    switch octets[0] {
    case 0x14...0x17:
      self = Self.tlsRecord(octets)
    case 0x00:
      self = Self.settingsFrame(octets)
    case 0x50:
      let preface = recogniseHTTP2Preface(octets)
      if preface != .no { self = preface == .yes ? .http2Preface : .needMore }
    case 0x53:
      let expected = word("S", "S", "H", "-")
      var index = 1
      while index < octets.count, index < 4 {
        guard octets[index] == UInt8(truncatingIfNeeded: expected &>> UInt64(truncatingIfNeeded: index &* 8)) else {
          return
        }
        index &+= 1
      }
      self = index == 4 ? .ssh : .needMore
    default:
      break
    }
  }

  /// Content type, version 3.0 to 3.4, and a length up to that of an expanded record.
  private static func tlsRecord(_ octets: Span<UInt8>) -> FirstOctets {
    if octets.count > 1, octets[1] != 3 { return .other }
    if octets.count > 2, octets[2] > 4 { return .other }
    guard octets.count >= 5 else { return .needMore }
    let length = Int(octets[3]) << 8 | Int(octets[4])
    return length > 0 && length <= 16_384 + 2_048 ? .tls : .other
  }

  /// A frame of whole settings on stream 0, not an acknowledgment.
  private static func settingsFrame(_ octets: Span<UInt8>) -> FirstOctets {
    var index = 0
    while index < octets.count, index < 9 {
      let fits = index == 3 ? octets[index] == 4 : index == 2 ? octets[index] % 6 == 0 : octets[index] == 0
      guard fits else { return .other }
      index &+= 1
    }
    return index == 9 ? .http2Preface : .needMore
  }
}

/// The protocol that the first octets of a stream name, where they are no HTTP/1.
public func protocolName(ofFirstOctets octets: Span<UInt8>) -> FirstOctets {
  FirstOctets(of: octets)
}

extension Span<UInt8> {
  fileprivate var firstOffsetAfterBlankLines: Int {
    var index = 0
    while index < count, self[index].isLineEnd { index &+= 1 }
    return index
  }
}
