import Reports
import ReuseAnalysis

/// A database of analysed captures: each run adds one, its rows marked with the capture's number.
///
/// All of a run is one transaction: it is there as a whole or not at all.
package final class CaptureDatabase {
  private let database: Database
  private let redacts: Bool
  private let capture: Int64
  private var exchanges: TableStatement
  private var connections: TableStatement
  private let tables: [SummaryTable<TableStatement>]

  /// Opens the file and begins a capture in it.
  ///
  /// - Parameters:
  ///   - isPrivate: nobody else knows the file, and it is thrown away after a failure: it needs no journal.
  ///   - capture: the capture to go on with; `nil` for a new one.
  package init(_ path: String, isPrivate: Bool, capture: Int64? = nil, redacts: Bool) throws(DatabaseError) {
    database = try Database(path)
    self.redacts = redacts
    tables = SummaryTable.all(redacts: redacts)
    if isPrivate { try database.run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF") }
    try database.run("BEGIN IMMEDIATE")
    try Self.makeTables(tables.map(\.table), in: database)
    if let capture {
      self.capture = capture
    } else {
      try database.run("INSERT INTO captures (version) VALUES ('\(reusescopeVersion)')")
      self.capture = database.lastRow
    }
    exchanges = try TableStatement(.exchanges, capture: self.capture, in: database)
    connections = try TableStatement(.connections, capture: self.capture, in: database)
  }

  package func take(exchanges: [ExchangeRow], connections: [ConnectionRow]) throws(DatabaseError) {
    for row in exchanges { self.exchanges.put(row, redacts: redacts) }
    for row in connections { self.connections.put(row, redacts: redacts) }
    if let failure = self.exchanges.failure ?? self.connections.failure { throw failure }
  }

  /// Writes the figures so far in the place of earlier ones.
  package func write(_ summary: Summary) throws(DatabaseError) {
    for table in tables {
      let removal = try database.prepare("DELETE FROM \"\(table.table.name)\" WHERE capture = ?")
      try removal.bind(capture, 1)
      _ = try removal.step()
      var rows = try TableStatement(table.table, capture: capture, in: database)
      table.write(summary, &rows)
      if let failure = rows.failure { throw failure }
    }
    let update = try database.prepare(
      """
      UPDATE captures SET files = ?, start_time = ?, duration = ?, packets = ?, bytes = ?, truncated = ?, drops = ?, \
      requests = ?, ratio_low = ?, ratio_high = ?, handshakes_paid = ?, handshakes_time_paid = ?, \
      ideal_connections = ?, efficiency = ?, summary = ? WHERE id = ?
      """)
    try update.bind(CellText.list(summary.capture.files.map { Array($0.utf8) }), 1)
    if let start = summary.capture.start { try update.bind(CellText.timestamp(start), 2) }
    try update.bind(Double(summary.capture.duration) / 1e9, 3)
    try update.bind(Int64(summary.capture.packets), 4)
    try update.bind(Int64(summary.capture.bytes), 5)
    try update.bind(Int64(summary.capture.truncated ? 1 : 0), 6)
    if let drops = summary.capture.drops { try update.bind(Int64(drops), 7) }
    try update.bind(Int64(summary.exchanges.withRequest), 8)
    if let ratio = summary.reuse.ratio {
      try update.bind(ratio.lowerBound, 9)
      try update.bind(ratio.upperBound, 10)
    }
    try update.bind(Int64(summary.reuse.handshakes.paid), 11)
    try update.bind(Double(summary.reuse.handshakes.timePaid) / 1e9, 12)
    if let ideal = summary.reuse.idealConnections { try update.bind(Int64(ideal), 13) }
    if let efficiency = summary.reuse.efficiency { try update.bind(efficiency, 14) }
    try update.bind(SummaryJSON(summary, redacts: redacts).buffer.octets, 15)
    try update.bind(capture, 16)
    _ = try update.step()
    try database.run(Self.indexes)
  }

  /// Makes everything so far last, and gives the capture's number, to go on with.
  package func commit() throws(DatabaseError) -> Int64 {
    try database.run("COMMIT")
    return capture
  }
}
