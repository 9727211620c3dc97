/// What reading a head came to.
public enum HeadResult<Head: Sendable & Hashable>: Hashable, Sendable {
  case head(Head)
  case malformed(Malformation)
}

/// Reads a request's head: a request line, field lines and an empty line (RFC 9112 §2.1), or a simple request.
///
/// A head that was cut short after its request line is read as far as it goes and marked `incomplete`.
public func parseRequestHead(_ octets: Span<UInt8>, limits: HTTPLimits = HTTPLimits()) -> HeadResult<RequestHead> {
  var scan = LineScan(octets, from: 0)
  let lineEnd = scan.next(in: octets)
  guard lineEnd >= 0, let line = RequestLine(octets, lineEnd: lineEnd) else { return .malformed(.startLine) }
  var fields = FieldReader()
  fields.facts.oddities = line.oddities
  if !line.isSimple {
    fields.readLines(octets, from: lineEnd &+ 1, &scan, stopping: false)
    fields.finish(versionMajor: line.versionMajor, minor: line.versionMinor, limits: limits)
  }
  return .head(RequestHead(line, fields.facts, host: fields.host, octets, length: octets.count))
}

extension MessageParser {
  /// Of a head that is still arriving, the lines that have come whole.
  public var wholeLines: [UInt8] {
    guard let last = buffer.lastIndex(of: Octet.lineFeed) else { return [] }
    return Array(buffer[...last])
  }
}

/// The whole lines of a head that is still arriving, for whoever asks for them at each response that may answer it: each time
/// costs as much as there is of the head, and so they are given again only when that is twice as much.
public struct ArrivingLines: Sendable {
  private var octets: Int32 = 0

  public init() {}

  /// `nil`: not yet again, or there are none.
  public mutating func next(of parser: MessageParser) -> [UInt8]? {
    guard parser.inHead, parser.buffer.count >= 2 * Int(octets) else { return nil }
    octets = Int32(clamping: parser.buffer.count)
    let lines = parser.wholeLines
    return lines.isEmpty ? nil : lines
  }
}

/// Reads a response's head: a status line, field lines and an empty line (RFC 9112 §2.1).
///
/// A head that was cut short after its status line is read as far as it goes and marked `incomplete`.
public func parseResponseHead(_ octets: Span<UInt8>, limits: HTTPLimits = HTTPLimits()) -> HeadResult<ResponseHead> {
  var scan = LineScan(octets, from: 0)
  let lineEnd = scan.next(in: octets)
  guard lineEnd >= 0, let line = StatusLine(octets, lineEnd: lineEnd) else { return .malformed(.startLine) }
  var fields = FieldReader()
  fields.facts.oddities = line.oddities
  fields.readLines(octets, from: lineEnd &+ 1, &scan, stopping: false)
  fields.finish(versionMajor: line.versionMajor, minor: line.versionMinor, limits: limits)
  return .head(ResponseHead(line, fields, length: octets.count))
}

/// The response's head that stands whole at the beginning of `octets`, whatever follows it: what `MessageParser.next` and
/// `parseResponseHead` come to together, in one pass. `nil` when its start line is not the usual one, when its end is not
/// there, or a limit is exceeded: then it takes those two. For requests see ``HeadMemory``.
public func wholeResponseHead(_ octets: Span<UInt8>, limits: HTTPLimits) -> ResponseHead? {
  var scan = LineScan(octets, from: 0)
  let lineEnd = scan.next(in: octets)
  guard lineEnd >= 0, lineEnd < limits.startLineOctets, let line = StatusLine(usual: octets, lineEnd: lineEnd) else {
    return nil
  }
  var fields = FieldReader()
  let end = fields.readLines(octets, from: lineEnd &+ 1, &scan, stopping: true)
  guard end >= 0, end <= limits.headOctets else { return nil }
  fields.finish(versionMajor: line.versionMajor, minor: line.versionMinor, limits: limits)
  return ResponseHead(line, fields, length: end)
}

extension RequestHead {
  @inline(__always)
  init(_ line: RequestLine, _ facts: HeadFields, host: OctetRange?, _ text: Span<UInt8>, length: Int) {
    method = OctetRange(line.method)
    target = OctetRange(line.target)
    methodKind = HTTP1.methodKind(text, length: line.method.count)
    self.host = host ?? authority(text, of: line.target, method: methodKind)
    isSimple = line.isSimple
    versionMajor = line.versionMajor
    versionMinor = line.versionMinor
    fields = facts
    octets = length
  }
}

extension ResponseHead {
  @inline(__always)
  fileprivate init(_ line: StatusLine, _ fields: FieldReader, length: Int) {
    status = line.status
    versionMajor = line.versionMajor
    versionMinor = line.versionMinor
    self.fields = fields.facts
    octets = length
  }
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
