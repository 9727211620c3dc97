import HTMLReport
import ReuseAnalysis

/// The report as one HTML page: made from the summary and some of the rows.
final class PageOutput: Output {
  private let file: OutputFile
  private let redacts: Bool
  private var page: ReportPage?

  init(_ path: String, redacts: Bool) {
    file = OutputFile(path)
    self.redacts = redacts
  }

  var paths: [String] { [file.path] }
  let wantsExchanges = true
  let wantsConnections = true
  var isUnwanted: Bool { file.isClosedByReader }

  func open() throws(OutputError) {
    try file.open()
    page = ReportPage(redacts: redacts)
  }

  func take(exchanges: [ExchangeRow], connections: [ConnectionRow]) {
    for i in exchanges.indices { page?.add(exchanges[i]) }
    for i in connections.indices { page?.add(connections[i]) }
  }

  func prepare(_ summary: Summary) throws(OutputError) {
    try file.open()
    if let page { try file.write(page.octets(summary)[...]) }
  }

  func publish() throws(OutputError) { try file.complete() }
  func close() throws(OutputError) { try file.close() }
  func discard() { file.discard() }
}
