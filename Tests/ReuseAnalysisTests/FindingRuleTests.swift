import TestSupport
import Testing
import Wire

@testable import ReuseAnalysis

/// Findings made from figures of the summary alone.
@Suite struct `Findings from the summary` {
  private func server(_ n: Int) -> Endpoint { Endpoint(address: Address("198.51.100.\(n)").ipAddress, port: 80) }

  private func balanced(_ exchanges: [Int]) -> Summary {
    var summary = Summary()
    let servers = exchanges.enumerated().map {
      Summary.Balance.Share(server: server($0), connections: 3, exchanges: $1)
    }
    summary.balance = [
      .init(origin: Array("shop.test".utf8), servers: servers, exchangesMaxToMean: 0, connectionsMaxToMean: 0)
    ]
    return summary
  }

  @Test(arguments: [
    ([400, 50, 50], true), ([50, 50, 50], false), ([60, 20], false), ([60, 34, 31], false), ([1_000, 0], true),
    ([500], false),
  ])
  func `balance is uneven when one server has much more than the mean`(exchanges: [Int], isUneven: Bool) {
    #expect(Findings.unevenBalance(balanced(exchanges), clients: []).map(\.kind) == (isUneven ? [.unevenBalance] : []))
  }

  /// A proxy and the servers that it passes requests on to: the proxy has them all.
  @Test func `a server that is a client too does not count`() {
    let summary = balanced([500, 250, 250])
    #expect(Findings.unevenBalance(summary, clients: []).count == 1)
    #expect(Findings.unevenBalance(summary, clients: [server(0).address]).isEmpty)
  }

  @Test(arguments: [(0.49, nil), (0.5, Finding.Severity.warning), (0.81, .problem)])
  func `ports run short`(share: Double, severity: Finding.Severity?) {
    var summary = Summary()
    summary.timeWait.ports = [
      .init(client: Address("192.0.2.1").ipAddress, server: server(1), peak: Int(share * 28_232), share: share)
    ]
    #expect(Findings.portPressure(summary, servers: []).map(\.severity) == (severity.map { [$0] } ?? []))
  }

  @Test func `drops that only the reader knows make the capture doubtful`() {
    var summary = Summary()
    summary.exchanges.total = 1
    summary.exchanges.withRequest = 1
    summary.reviewCaptureQuality()
    #expect(summary.findings.isEmpty)
    summary.capture.drops = 7
    summary.reviewCaptureQuality()
    summary.reviewCaptureQuality()
    #expect(summary.findings.map(\.kind) == [.captureQuality])
  }

  @Test func `of one kind no more are kept than are of use`() {
    let many = (0..<200).map { i in
      Finding(
        kind: .missedReuse, severity: .warning, subject: .server(server(i % 250)), evidence: [], threshold: [],
        saves: .init(handshakes: i, time: nil))
    }
    let kept = Findings.worstFirst(many)
    #expect(kept.count == 50 && kept.first?.saves?.handshakes == 199)
  }

  @Test(arguments: [(0, 1), (999, 1), (1_000, 2), (9_999, 10), (10_000, 15), (59_999, 60), (60_000, 90), (75_000, 90)])
  func `an advised timeout is a round one above the gap`(gap: Int64, seconds: Int64) {
    #expect(Findings.rounded(above: gap * millisecond) == seconds * second)
  }

  @Test func `an end pays for one opening, and not long after`() {
    var ends = PoolEnds()
    #expect(ends.charge(at: 5) == nil)
    ends.note(.clientIdle, idleSince: 0)
    ends.note(.http10, idleSince: second)
    ends.note(.clientIdle, idleSince: 2 * second)
    #expect(ends.charge(at: 3 * second) == .clientIdle)
    ends.note(.http10, idleSince: 4 * second)
    #expect((0..<4).map { _ in ends.charge(at: 5 * second) } == [.http10, .http10, .clientIdle, nil])
    ends.note(.serverIdle, idleSince: 6 * second)
    #expect(ends.charge(at: 67 * second) == nil)
    #expect(ends.charge(at: 7 * second) == nil)
  }
}
