import Reports
import ReuseAnalysis

/// A folder of CSV files, one a table: rows as they end, the tables of the summary when it is there.
final class CSVOutput: Output {
  private let folder: String
  private let redacts: Bool
  private var exchanges: RowFile
  private var connections: RowFile
  private let tables: [(file: OutputFile, table: SummaryTable<CSVWriter>)]
  /// The folder was made for this run.
  private var isOwn = false
  private static let chunk = 1 << 16

  private struct RowFile {
    let file: OutputFile
    var rows = CSVWriter()

    init(_ table: Table, in folder: String) {
      file = OutputFile(CSVOutput.path(table, in: folder))
      rows.header(table)
    }

    mutating func flush() throws(OutputError) {
      try file.write(rows.buffer.storage[..<rows.buffer.count])
      rows.buffer.removeAll()
    }
  }

  init(_ folder: String, redacts: Bool) {
    self.folder = folder
    self.redacts = redacts
    exchanges = RowFile(.exchanges, in: folder)
    connections = RowFile(.connections, in: folder)
    tables = SummaryTable.all(redacts: redacts).map { (OutputFile(Self.path($0.table, in: folder)), $0) }
  }

  private static func path(_ table: Table, in folder: String) -> String {
    "\(folder)\(folder.hasSuffix("/") ? "" : "/")\(table.name).csv"
  }

  private var files: [OutputFile] { [exchanges.file, connections.file] + tables.map(\.file) }
  var paths: [String] { files.map(\.path) }
  let wantsExchanges = true
  let wantsConnections = true
  var isUnwanted: Bool { files.allSatisfy(\.isClosedByReader) }

  func open() throws(OutputError) {
    do {
      isOwn = try System.makeFolder(folder)
    } catch {
      throw OutputError(path: folder, message: "cannot be made a folder: \(error)")
    }
    for file in files { try file.open() }
  }

  func take(exchanges: [ExchangeRow], connections: [ConnectionRow]) throws(OutputError) {
    for row in exchanges { self.exchanges.rows.put(row, redacts: redacts) }
    for row in connections { self.connections.rows.put(row, redacts: redacts) }
    if self.exchanges.rows.buffer.count > Self.chunk { try self.exchanges.flush() }
    if self.connections.rows.buffer.count > Self.chunk { try self.connections.flush() }
  }

  func flush() throws(OutputError) {
    try exchanges.flush()
    try connections.flush()
  }

  func prepare(_ summary: Summary) throws(OutputError) {
    try flush()
    for (file, table) in tables {
      var writer = CSVWriter()
      writer.header(table.table)
      table.write(summary, &writer)
      try file.open()
      try file.write(writer.buffer.storage[..<writer.buffer.count])
    }
  }

  func publish() throws(OutputError) {
    try exchanges.file.show()
    try connections.file.show()
    for (file, _) in tables { try file.complete() }
    isOwn = false
  }

  func close() throws(OutputError) {
    for file in files { try file.close() }
  }

  func discard() {
    for file in files { file.discard() }
    if isOwn { System.removeFolder(folder) }
  }
}
