import Reports
import ReuseAnalysis

/// Everything that was asked for, and where it goes.
final class Outputs {
  private var exchanges: OutputFile?
  private var connections: OutputFile?
  private var json: OutputFile?
  private let usesStandardOutput: Bool
  private var exchangeRows: RowWriter
  private var connectionRows: RowWriter
  /// Both kinds of rows go to standard output, in one stream.
  private let isShared: Bool
  private static let chunk = 1 << 16

  init(_ options: Analyze) throws(OutputError) {
    let paths = [options.exchanges, options.connections, options.json].compactMap { $0 }
    usesStandardOutput = paths.contains("-")
    if paths.count(where: { $0 == "-" }) > 1, options.json == "-" {
      throw OutputError(path: "-", message: "--json and rows cannot share standard output: name a file for one of them")
    }
    let named = paths.filter { $0 != "-" }
    for path in named {
      if named.count(where: { $0 == path }) > 1 {
        throw OutputError(path: path, message: "is named for two outputs: give each its own file")
      }
      for input in options.files where input != "-" && System.isSameFile(path, input) {
        throw OutputError(path: path, message: "is one of the captures: choose another name for the output")
      }
    }
    isShared = options.exchanges == "-" && options.connections == "-"
    exchangeRows = RowWriter(redacts: options.redact)
    connectionRows = RowWriter(redacts: options.redact)
    do {
      if let path = options.exchanges { exchanges = try OutputFile(path) }
      if let path = options.connections { connections = isShared ? nil : try OutputFile(path) }
      if let path = options.json { json = try OutputFile(path) }
    } catch {
      discard()
      throw error
    }
  }

  /// Writes the rows that have ended.
  func take(_ analyzer: inout Analyzer) throws(OutputError) {
    for row in analyzer.exchanges { exchangeRows.append(row) }
    analyzer.exchanges.removeAll(keepingCapacity: true)
    for row in analyzer.connections {
      if isShared { exchangeRows.append(row) } else { connectionRows.append(row) }
    }
    analyzer.connections.removeAll(keepingCapacity: true)
    if exchangeRows.buffer.count > Self.chunk { try flushExchanges() }
    if connectionRows.buffer.count > Self.chunk { try flushConnections() }
  }

  private func flushExchanges() throws(OutputError) {
    try exchanges?.write(exchangeRows.buffer.octets)
    exchangeRows.buffer.removeAll()
  }

  private func flushConnections() throws(OutputError) {
    try connections?.write(connectionRows.buffer.octets)
    connectionRows.buffer.removeAll()
  }

  /// Completes every file, and prints the text unless standard output is taken.
  func finish(_ summary: Summary, _ options: Analyze) throws(OutputError) {
    try flushExchanges()
    try flushConnections()
    if let json { try json.write(SummaryJSON(summary, redacts: options.redact).buffer.octets) }
    try exchanges?.finish()
    try connections?.finish()
    try json?.finish()
    if !usesStandardOutput {
      let isTerminal = System.isTerminal(1)
      let text = SummaryText(
        summary, width: options.width ?? (isTerminal ? System.terminalWidth ?? 80 : 80), top: options.top,
        usesColour: isTerminal && System.environment("NO_COLOR") == nil, redacts: options.redact)
      let page = try OutputFile("-")
      try page.write(Array(text.text.utf8))
      try page.finish()
    }
  }

  /// Leaves nothing behind that is not complete.
  func discard() {
    exchanges?.discard()
    connections?.discard()
    json?.discard()
  }
}
