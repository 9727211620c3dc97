/// What framing needs to know of a method, and GET for HTTP/0.9. Methods are case-sensitive (RFC 9110 §9.1).
public enum RequestMethodKind: UInt8, Hashable, Sendable {
  case other, get, head, post, connect
}

/// The facts of a request's head (RFC 9112 §3). Ranges are offsets into the head's octets.
public struct RequestHead: Hashable, Sendable {
  public var method: OctetRange
  /// As sent, in any of the four forms (RFC 9112 §3.2).
  public var target: OctetRange
  /// The Host field as sent, also when it is empty; without one, the authority of the target, user information left
  /// out. RFC 9112 §3.2.2 has a proxy prefer the authority of an absolute-form target: it takes that from `target`.
  public var host: OctetRange?
  public var methodKind: RequestMethodKind
  /// The request line alone, without a version (RFC 1945 §4.1): HTTP/0.9. Its answer is a body without a head, up to the
  /// close.
  public var isSimple: Bool
  /// 0 and 9 for a simple request.
  public var versionMajor: UInt8
  public var versionMinor: UInt8
  public var fields: HeadFields
  /// The length of the head, its empty line included.
  public var octets: Int
}

/// The facts of a response's head (RFC 9112 §4).
public struct ResponseHead: Hashable, Sendable {
  public var status: UInt16
  public var versionMajor: UInt8
  public var versionMinor: UInt8
  public var fields: HeadFields
  /// The length of the head, its empty line included.
  public var octets: Int

  /// A 1xx status: a final response is still to come (RFC 9110 §15.2). 101 is final here, since it ends HTTP.
  @inlinable public var isInterim: Bool { status >= 100 && status < 200 && status != 101 }
}
