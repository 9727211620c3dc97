/// What the transfer codings of a message come to (RFC 9112 §6.1, §7). "identity", which older specifications had, is
/// passed over.
public enum TransferEncoding: UInt8, Hashable, Sendable {
  /// No Transfer-Encoding field, or no coding in it.
  case none
  /// The final coding is chunked: the message frames itself.
  case chunked
  /// There are codings, and the final one is not chunked.
  case notChunkedFinal
  /// The final coding is no token.
  case invalid
}

/// The first protocol of an Upgrade field (RFC 9110 §7.8).
public enum UpgradeProtocol: UInt8, Hashable, Sendable {
  case none, websocket, h2c, other
}

/// What is unusual or wrong in a message and was read all the same.
public struct HeadOddities: OptionSet, Hashable, Sendable {
  public let rawValue: UInt32

  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Blank lines before the start line (RFC 9112 §2.2).
  public static let leadingBlankLines = HeadOddities(rawValue: 1 << 0)
  /// A line that ends with LF alone (RFC 9112 §2.2).
  public static let bareLF = HeadOddities(rawValue: 1 << 1)
  /// More than one CR before an LF: such a line is not the empty line.
  public static let repeatedCR = HeadOddities(rawValue: 1 << 2)
  /// Words of the start line separated by other than one SP, or a target with blanks in it (RFC 9112 §3).
  public static let oddStartLine = HeadOddities(rawValue: 1 << 3)
  /// A version other than 1.0 and 1.1 (RFC 9112 §2.3).
  public static let oddVersion = HeadOddities(rawValue: 1 << 4)
  /// A status code that is not three digits (RFC 9112 §4).
  public static let oddStatus = HeadOddities(rawValue: 1 << 5)
  /// A status line without even the SP before the reason phrase (RFC 9112 §4).
  public static let missingReason = HeadOddities(rawValue: 1 << 6)
  /// A field value continued on the next line, or white space before the first field name (RFC 9112 §5.2, §2.2).
  public static let obsFold = HeadOddities(rawValue: 1 << 7)
  /// A line without a colon where a field line should be: it was passed over (RFC 9112 §5).
  public static let noColon = HeadOddities(rawValue: 1 << 8)
  /// White space between a field name and its colon (RFC 9112 §5.1).
  public static let spaceBeforeColon = HeadOddities(rawValue: 1 << 9)
  /// More than `HTTPLimits.fieldCount` field lines.
  public static let tooManyFields = HeadOddities(rawValue: 1 << 10)
  /// Both Transfer-Encoding and Content-Length (RFC 9112 §6.3 rule 3).
  public static let transferEncodingAndContentLength = HeadOddities(rawValue: 1 << 11)
  /// Codings other than one final chunked: after it, twice, "identity", or not a token (RFC 9112 §6.1).
  public static let oddTransferEncoding = HeadOddities(rawValue: 1 << 12)
  /// Transfer-Encoding in a message below HTTP/1.1 (RFC 9112 §6.1).
  public static let transferEncodingBefore11 = HeadOddities(rawValue: 1 << 13)
  /// The same Content-Length more than once (RFC 9112 §6.3 rule 5).
  public static let repeatedContentLength = HeadOddities(rawValue: 1 << 14)
  /// More than one Host field (RFC 9112 §3.2). The first counts.
  public static let repeatedHost = HeadOddities(rawValue: 1 << 15)
  /// The empty line is missing: the octets end inside the head.
  public static let incomplete = HeadOddities(rawValue: 1 << 16)
  /// A line of the chunked coding that ends with LF alone (RFC 9112 §7.1).
  public static let bareLFInChunked = HeadOddities(rawValue: 1 << 17)
  /// Chunk extensions (RFC 9112 §7.1.1).
  public static let chunkExtensions = HeadOddities(rawValue: 1 << 18)
  /// Trailer fields (RFC 9112 §7.1.2).
  public static let trailers = HeadOddities(rawValue: 1 << 19)
  /// The stream ended after the last chunk, before the empty line that should follow it. The content is complete
  /// (RFC 9112 §8).
  public static let missingFinalLine = HeadOddities(rawValue: 1 << 20)
}

/// The fields of a head that decide framing, persistence and upgrades: facts, not octets. A request and a response have
/// the same.
public struct HeadFields: Hashable, Sendable {
  /// The length said, when every Content-Length says the same one (RFC 9112 §6.3 rule 5).
  public var contentLength: Int64?
  /// The parameters of Keep-Alive (RFC 2068 §19.7.1.1), `timeout` in seconds.
  public var keepAliveTimeout: Int32?
  public var keepAliveMax: Int32?
  public var oddities: HeadOddities = []
  public var transferEncoding: TransferEncoding = .none
  public var upgrade: UpgradeProtocol = .none
  /// A Content-Length that is no number of at most 63 bits.
  public var contentLengthInvalid = false
  /// Content-Length values that differ.
  public var contentLengthConflicting = false
  /// Options of Connection (RFC 9110 §7.6.1), which is a list and may be repeated.
  public var connectionClose = false
  public var connectionKeepAlive = false
  public var connectionUpgrade = false
  /// There is a Proxy-Connection field: no standard, noted and not obeyed (RFC 9112 appendix C.2.2).
  public var proxyConnection = false
  /// `Expect: 100-continue` (RFC 9110 §10.1.1).
  public var expectContinue = false

  @inlinable
  public init() {}
}
