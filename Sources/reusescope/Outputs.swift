import Reports
import ReuseAnalysis
import SystemPackage

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
    let named = paths.filter { $0 != "-" }
    for (position, path) in named.enumerated() {
      for input in options.files where input != "-" && System.isSameFile(path, input) {
        throw OutputError(path: path, message: "is one of the captures: choose another name for the output")
      }
      // A device or a pipe may take several.
      if !System.isSpecial(path), named[..<position].contains(where: { Self.leadToOne($0, path) }) {
        throw OutputError(path: path, message: "is named for two outputs: give each its own file")
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

  /// Whether two names are one file, or will be.
  private static func leadToOne(_ a: String, _ b: String) -> Bool {
    if a == b || System.isSameFile(a, b) { return true }
    let (a, b) = (FilePath(a), FilePath(b))
    func folder(_ path: FilePath) -> String {
      let folder = path.removingLastComponent()
      return folder.isEmpty ? "." : folder.string
    }
    return a.lastComponent == b.lastComponent && System.isSameFile(folder(a), folder(b))
  }

  /// Whether everything that was asked for goes to readers that have gone.
  var areUnwanted: Bool {
    let files = [exchanges, connections, json].compactMap { $0 }
    return !files.isEmpty && files.allSatisfy(\.isClosedByReader)
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

  /// Writes what waits in the buffers: who reads along should not wait for them to fill.
  func flush() throws(OutputError) {
    try flushExchanges()
    try flushConnections()
  }

  private func flushExchanges() throws(OutputError) {
    try exchanges?.write(exchangeRows.buffer.storage[..<exchangeRows.buffer.count])
    exchangeRows.buffer.removeAll()
  }

  private func flushConnections() throws(OutputError) {
    try connections?.write(connectionRows.buffer.storage[..<connectionRows.buffer.count])
    connectionRows.buffer.removeAll()
  }

  /// Completes every file, and prints the text unless standard output is taken.
  func finish(_ summary: Summary, _ options: Analyze) throws(OutputError) {
    try flush()
    if let json { try json.write(SummaryJSON(summary, redacts: options.redact).buffer.octets[...]) }
    try exchanges?.finish()
    try connections?.finish()
    try json?.finish()
    if !usesStandardOutput {
      let isTerminal = System.isTerminal(1)
      let text = SummaryText(
        summary, width: options.width ?? (isTerminal ? System.terminalWidth ?? 80 : 80), top: options.top,
        usesColour: isTerminal && System.environment("NO_COLOR") == nil && System.environment("TERM") != "dumb",
        redacts: options.redact)
      let page = try OutputFile("-")
      try page.write(Array(text.text.utf8)[...])
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
