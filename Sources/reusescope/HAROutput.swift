import Reports
import ReuseAnalysis

/// Exchanges as an HTTP Archive, written as they end. Where a run goes on, the exchanges after that make the next archive.
final class HAROutput: Output {
  private let file: OutputFile
  private var archive: HARWriter
  private static let chunk = 1 << 16

  init(_ path: String, redacts: Bool) {
    file = OutputFile(path)
    archive = HARWriter(redacts: redacts)
  }

  var paths: [String] { [file.path] }
  let wantsExchanges = true
  var isUnwanted: Bool { file.isClosedByReader }

  func open() throws(OutputError) { try file.open() }

  func take(exchanges: [ExchangeRow], connections: [ConnectionRow]) throws(OutputError) {
    for row in exchanges { archive.append(row) }
    if archive.buffer.count > Self.chunk { try flush() }
  }

  func flush() throws(OutputError) {
    try file.write(archive.buffer.storage[..<archive.buffer.count])
    archive.buffer.removeAll()
  }

  func prepare(_ summary: Summary) throws(OutputError) {
    archive.end(summary)
    try flush()
    archive.restart()
  }

  func publish() throws(OutputError) { try file.complete() }
  func close() throws(OutputError) { try file.close() }
  func discard() { file.discard() }
}
