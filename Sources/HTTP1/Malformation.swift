/// Why octets could not be read as a message, or its end not be found.
public enum Malformation: UInt8, Error, Hashable, Sendable {
  /// What should be a request line or status line is none (RFC 9112 §3, §4).
  case startLine
  /// A start line longer than `HTTPLimits.startLineOctets`.
  case startLineTooLong
  /// A head longer than `HTTPLimits.headOctets`.
  case headTooLarge
  /// The head does not say where the body ends (RFC 9112 §6.3, rules 4 and 5).
  case bodyFraming
  /// A chunk size that is no hexadecimal number of at most 63 bits (RFC 9112 §7.1).
  case chunkSize
  /// A chunk's content is not followed by a line end (RFC 9112 §7.1).
  case chunkTerminator
  /// Chunk extensions or a trailer section longer than `HTTPLimits.headOctets` (RFC 9112 §7.1.1, §7.1.2).
  case trailersTooLarge
}
