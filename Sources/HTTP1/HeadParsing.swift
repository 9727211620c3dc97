/// What reading a head came to.
public enum HeadResult<Head: Sendable & Hashable>: Hashable, Sendable {
  case head(Head)
  case malformed(Malformation)
}

/// Reads a request's head: a request line, field lines and an empty line (RFC 9112 §2.1), or a simple request.
///
/// A head that was cut short after its request line is read as far as it goes and marked `incomplete`.
public func parseRequestHead(_ octets: Span<UInt8>, limits: HTTPLimits = HTTPLimits()) -> HeadResult<RequestHead> {
  let lineEnd = octets.firstOffset(of: Octet.lineFeed, from: 0)
  guard lineEnd >= 0, let line = RequestLine(octets, lineEnd: lineEnd) else { return .malformed(.startLine) }
  var fields = FieldReader()
  fields.facts.oddities = line.oddities
  if !line.isSimple {
    fields.readLines(octets, after: lineEnd)
    fields.finish(versionMajor: line.versionMajor, minor: line.versionMinor, limits: limits)
  }
  let kind = methodKind(octets, length: line.method.count)
  let head = RequestHead(
    method: OctetRange(line.method), target: OctetRange(line.target),
    host: fields.host ?? authority(octets, of: line.target, method: kind),
    methodKind: kind, isSimple: line.isSimple, versionMajor: line.versionMajor, versionMinor: line.versionMinor,
    fields: fields.facts, octets: octets.count)
  return .head(head)
}

/// Reads a response's head: a status line, field lines and an empty line (RFC 9112 §2.1).
///
/// A head that was cut short after its status line is read as far as it goes and marked `incomplete`.
public func parseResponseHead(_ octets: Span<UInt8>, limits: HTTPLimits = HTTPLimits()) -> HeadResult<ResponseHead> {
  let lineEnd = octets.firstOffset(of: Octet.lineFeed, from: 0)
  guard lineEnd >= 0, let line = StatusLine(octets, lineEnd: lineEnd) else { return .malformed(.startLine) }
  var fields = FieldReader()
  fields.facts.oddities = line.oddities
  fields.readLines(octets, after: lineEnd)
  fields.finish(versionMajor: line.versionMajor, minor: line.versionMinor, limits: limits)
  let head = ResponseHead(
    status: line.status, versionMajor: line.versionMajor, versionMinor: line.versionMinor,
    fields: fields.facts, octets: octets.count)
  return .head(head)
}

private func methodKind(_ octets: Span<UInt8>, length: Int) -> RequestMethodKind {
  guard octets.count >= 8 else { return .other }
  let first = octets.word(at: 0)
  switch length {
  case 3: return first & 0xFF_FFFF == word("G", "E", "T") ? .get : .other
  case 4:
    let method = first & 0xFFFF_FFFF
    return method == word("P", "O", "S", "T") ? .post : method == word("H", "E", "A", "D") ? .head : .other
  case 7: return first & 0xFF_FFFF_FFFF_FFFF == word("C", "O", "N", "N", "E", "C", "T") ? .connect : .other
  default: return .other
  }
}

/// The authority in an absolute-form or authority-form target (RFC 9112 §3.2.2, §3.2.3), without user information.
private func authority(_ octets: Span<UInt8>, of target: Range<Int>, method: RequestMethodKind) -> OctetRange? {
  var start = target.lowerBound
  if method != .connect {
    guard start < target.upperBound, octets[start] != Octet.slash else { return nil }
    while start < target.upperBound, octets[start] != Octet.colon, octets[start].isTokenOctet { start &+= 1 }
    guard target.upperBound &- start >= 3, octets[start] == Octet.colon, octets[start &+ 1] == Octet.slash,
      octets[start &+ 2] == Octet.slash
    else { return nil }
    start &+= 3
  }
  var end = start
  while end < target.upperBound, octets[end] != Octet.slash, octets[end] != 0x3F, octets[end] != 0x23,
    !octets[end].isBlank
  {
    end &+= 1
    if octets[end &- 1] == 0x40 { start = end }
  }
  return start < end ? OctetRange(start..<end) : nil
}
