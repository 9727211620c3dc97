import HTTP1
import Testing

@Suite struct ResponsePairingTests {
  /// A request at offset 100, sent when its client had received 50.
  @Test(arguments: [
    (200, 200, Int64.min, false, ResponsePairing.Verdict.answered),
    (200, .min, .min, true, .answered),
    // The server had not received the request.
    (200, 100, .min, true, .sentLater),
    (408, 100, .min, false, .sentLater),
    (200, 101, .min, true, .answered),
    // Some servers acknowledge wrongly.
    (200, 100, .min, false, .answered),
    (408, .min, .min, false, .answered),
    // Of the answers' octets, those up to an offset may be missing.
    (200, 200, 50, false, .answered),
    (200, 200, 51, false, .doubtful),
    (200, 100, 51, true, .sentLater),
  ])
  func `which request a response answers`(
    _ status: UInt16, _ received: Int64, _ missingUntil: Int64, _ requestsAreMissing: Bool,
    _ verdict: ResponsePairing.Verdict
  ) {
    let pairing = ResponsePairing(
      status: status, received: received, missingUntil: missingUntil, requestsAreMissing: requestsAreMissing)
    #expect(pairing.verdict(onRequestAt: 100, sentAfterReceiving: 50) == verdict)
  }
}
