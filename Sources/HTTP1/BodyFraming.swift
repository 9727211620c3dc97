/// How the end of a message's body is found (RFC 9112 §6.3).
public enum BodyFraming: Hashable, Sendable {
  case none
  case contentLength(Int64)
  case chunked
  /// The body ends with the connection.
  case untilClose
  /// The connection is a tunnel after this head (RFC 9110 §9.3.6).
  case tunnel
  /// The connection speaks another protocol after this head (RFC 9110 §7.8).
  case upgrade
  /// The head contradicts itself: no recipient can go on with this connection.
  case invalid

  /// RFC 9112 §6.3, rules 3 to 7 for a request. The content of a CONNECT is framed as any other's: whether a tunnel
  /// follows is the response's to say.
  public static func ofRequest(_ head: RequestHead) -> BodyFraming {
    if head.isSimple { return .none }
    let fields = head.fields
    switch fields.transferEncoding {
    case .chunked:
      return .chunked  // rule 3: Transfer-Encoding overrides Content-Length
    case .notChunkedFinal, .invalid:
      return .invalid  // rule 4
    case .none:
      break
    }
    if fields.contentLengthInvalid || fields.contentLengthConflicting { return .invalid }  // rule 5
    if let length = fields.contentLength { return .contentLength(length) }  // rule 6
    return .none  // rule 7
  }

  /// RFC 9112 §6.3 for a response to a request with `method`.
  ///
  /// Content-Length values that differ, or that are no numbers, are `.invalid`: browsers, libraries and proxies refuse
  /// such a response and close (rule 5), so nothing after it on the connection was read as an answer.
  public static func ofResponse(_ head: ResponseHead, answering method: RequestMethodKind) -> BodyFraming {
    let status = head.status
    if status == 101 { return .upgrade }
    if method == .connect, status >= 200, status < 300 { return .tunnel }  // rule 2, before 204 of rule 1
    if method == .head || (status >= 100 && status < 200) || status == 204 || status == 304 { return .none }  // rule 1
    let fields = head.fields
    switch fields.transferEncoding {
    case .chunked:
      return .chunked  // rule 3
    case .notChunkedFinal, .invalid:
      return .untilClose  // rule 4
    case .none:
      break
    }
    if fields.contentLengthInvalid || fields.contentLengthConflicting { return .invalid }  // rule 5
    if let length = fields.contentLength { return .contentLength(length) }  // rule 6
    return .untilClose  // rule 8
  }
}

/// Whether one message lets its connection persist (RFC 9112 §9.3): no with `close`; else yes from HTTP/1.1 on; else
/// yes for HTTP/1.0 with `keep-alive`; else no. That a body delimited by close ends the connection is not in it.
public func persists(versionMajor: UInt8, minor: UInt8, fields: HeadFields) -> Bool {
  if fields.connectionClose { return false }
  if versionMajor > 1 || (versionMajor == 1 && minor >= 1) { return true }
  return versionMajor == 1 && fields.connectionKeepAlive
}
