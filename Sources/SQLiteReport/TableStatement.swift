import Reports
import ReuseAnalysis
import Wire

/// Rows of a table on their way into a database, as values of one prepared statement.
package struct TableStatement: CellSink {
  private let statement: Statement
  private let capture: Int64
  private var position: Int32 = 1
  /// The first failure, after which nothing is written.
  private(set) var failure: DatabaseError?

  init(_ table: Table, capture: Int64, in database: Database) throws(DatabaseError) {
    let places = Array(repeating: "?", count: table.columns.count + 1).joined(separator: ", ")
    statement = try database.prepare("INSERT INTO \"\(table.name)\" VALUES (\(places))")
    self.capture = capture
    try statement.bind(capture, position)
  }

  private mutating func put(_ bind: (Statement, Int32) throws(DatabaseError) -> Void) {
    guard failure == nil else { return }
    position += 1
    do throws(DatabaseError) { try bind(statement, position) } catch { failure = error }
  }

  package mutating func endRow() {
    guard failure == nil else { return }
    do throws(DatabaseError) {
      _ = try statement.step()
    } catch {
      failure = error
    }
    // The first parameter, the capture, keeps its value.
    position = 1
  }

  package mutating func null() {
    put { statement, index throws(DatabaseError) in try statement.bindNull(index) }
  }

  package mutating func integer(_ value: Int) {
    put { statement, index throws(DatabaseError) in try statement.bind(Int64(value), index) }
  }

  package mutating func seconds(_ nanoseconds: Int64) {
    real(Double(nanoseconds) / 1e9)
  }

  package mutating func real(_ value: Double) {
    put { statement, index throws(DatabaseError) in try statement.bind(value, index) }
  }

  package mutating func boolean(_ value: Bool) {
    integer(value ? 1 : 0)
  }

  private mutating func text(_ octets: [UInt8]) {
    put { statement, index throws(DatabaseError) in try statement.bind(octets, index) }
  }

  package mutating func word(_ text: String) { self.text(Array(text.utf8)) }
  package mutating func captured(_ octets: [UInt8]) { text(CellText.captured(octets)) }
  package mutating func list(_ texts: [[UInt8]]) { text(CellText.list(texts)) }
  package mutating func endpoint(_ endpoint: Endpoint) { text(CellText.endpoint(endpoint)) }
  package mutating func address(_ address: IPAddress) { text(CellText.address(address)) }
  package mutating func timestamp(_ nanoseconds: Int64) { text(CellText.timestamp(nanoseconds)) }
}
