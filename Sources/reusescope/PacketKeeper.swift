import PacketCapture
import PacketRedaction
import Reports
import ReuseAnalysis

/// Stores the packets that are analysed, whole or without what must not be passed on.
final class PacketKeeper {
  private let store: PacketStore
  private var redactor: PacketRedactor?

  init(_ store: PacketStore, _ policy: RedactionPolicy?) {
    self.store = store
    redactor = policy.map { PacketRedactor(policy: $0) }
  }

  func add(_ header: PacketHeader, _ octets: Span<UInt8>) {
    guard redactor != nil else { return store.add(header, octets) }
    redactor?.add(
      timestamp: header.timestamp, originalLength: header.originalLength, linkType: header.linkType, octets: octets,
      into: sink)
  }

  private func sink(_ time: Int64, _ originalLength: Int, _ linkType: UInt32, _ octets: Span<UInt8>) {
    store.add(
      PacketHeader(
        timestamp: time, capturedLength: octets.count, originalLength: originalLength, linkType: linkType), octets)
  }

  /// Time has passed, in nanoseconds since 1970.
  func advance(to time: Int64) { redactor?.advance(to: time, into: sink) }

  func flush() { store.flush() }

  func close() {
    redactor?.finish(into: sink)
    store.close()
  }

  func addWarnings(to summary: inout Summary) {
    if let failure = store.failure {
      summary.warn(of: store.packetsLeftOut, "packet", "analysed and not stored.")
      summary.warn("not stored: \(failure)", matters: true)
    } else {
      summary.warn(of: store.packetsLeftOut, "packet", "analysed and not stored: the disk was too slow.")
    }
    summary.warn(
      of: redactor?.undecided ?? 0, "packet", "stored without heads: not known in time whether there was one.",
      matters: false)
  }
}
