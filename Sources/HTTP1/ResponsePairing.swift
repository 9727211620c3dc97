/// Which request a final response answers (METRICS.md §1), by what each side had received when it sent: asked of the
/// requests without an answer, oldest first.
///
/// A request's offset counts the client's octets, and what a request's sender had received counts the server's; `.min` is
/// unknown.
public struct ResponsePairing: Sendable {
  public enum Verdict: Sendable {
    case answered
    /// The answer may be among the octets that are missing.
    case doubtful
    /// Not received when the response was sent: no answer to it, nor to those after it.
    case sentLater
  }

  /// Where the answers of very many are missing, the latest requests are not looked at: every response would cost as much as
  /// there are.
  public static let mostRequests = 1024

  /// Octets of requests that the response's sender had received.
  @usableFromInline let received: Int64
  /// Up to here, octets are missing that may have held answers; `.min` where none are.
  @usableFromInline let missingUntil: Int64
  /// It may answer what the capture lacks, or nothing at all (408, RFC 9110 §15.5.9). Where not, the capture's order
  /// decides: some senders acknowledge wrongly.
  @usableFromInline let answersUnseen: Bool

  @inlinable
  public init(status: UInt16, received: Int64, missingUntil: Int64, requestsAreMissing: Bool) {
    self.received = received
    self.missingUntil = missingUntil
    answersUnseen = requestsAreMissing || status == 408
  }

  @inlinable
  public func verdict(onRequestAt offset: Int64, sentAfterReceiving answered: Int64) -> Verdict {
    if answersUnseen, received != .min, offset >= received { return .sentLater }
    // Its client had received all up to the hole's end: the answers before it were in the hole.
    return missingUntil == .min || answered >= missingUntil ? .answered : .doubtful
  }
}
