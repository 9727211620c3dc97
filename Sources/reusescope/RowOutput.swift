import Reports
import ReuseAnalysis

/// Rows as NDJSON, written as they end.
final class RowOutput: Output {
  enum Kind {
    case exchanges, connections, all
  }

  private let file: OutputFile
  private let kind: Kind
  private var rows: RowWriter
  private static let chunk = 1 << 16

  init(_ path: String, _ kind: Kind, redacts: Bool) {
    file = OutputFile(path)
    self.kind = kind
    rows = RowWriter(redacts: redacts)
  }

  var paths: [String] { [file.path] }
  var wantsExchanges: Bool { kind != .connections }
  var wantsConnections: Bool { kind != .exchanges }
  var isUnwanted: Bool { file.isClosedByReader }

  func open() throws(OutputError) { try file.open() }

  func take(exchanges: [ExchangeRow], connections: [ConnectionRow]) throws(OutputError) {
    if wantsExchanges { for row in exchanges { rows.append(row) } }
    if wantsConnections { for row in connections { rows.append(row) } }
    if rows.buffer.count > Self.chunk { try flush() }
  }

  func flush() throws(OutputError) {
    guard rows.buffer.count > 0 else { return }
    try file.write(rows.buffer.storage[..<rows.buffer.count])
    rows.buffer.removeAll()
  }

  func prepare(_ summary: Summary) throws(OutputError) { try flush() }
  func publish() throws(OutputError) { try file.show() }
  func close() throws(OutputError) { try file.close() }
  func discard() { file.discard() }
}
