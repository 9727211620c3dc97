// SQLite's interface is pointers to C: this file is where the report leaves what the compiler checks. A library that wraps it
// (GRDB) would bring Foundation into the command, twice its start-up time, and minutes into its build.
import CSQLite

/// Why SQLite refused.
package struct DatabaseError: Error, CustomStringConvertible {
  package let description: String
}

/// An open database.
@safe package final class Database {
  private let handle: OpaquePointer

  /// Opens the file, or makes it.
  package init(_ path: String) throws(DatabaseError) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let status = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    guard let handle = unsafe opened else { throw DatabaseError(description: "out of memory") }
    guard status == SQLITE_OK else {
      let message = unsafe String(cString: sqlite3_errmsg(handle))
      unsafe sqlite3_close_v2(handle)
      throw DatabaseError(description: message)
    }
    unsafe self.handle = handle
    // Another program may be reading it.
    unsafe sqlite3_busy_timeout(handle, 5_000)
  }

  deinit {
    unsafe sqlite3_close_v2(handle)
  }

  fileprivate var error: DatabaseError {
    unsafe DatabaseError(description: String(cString: sqlite3_errmsg(handle)))
  }

  /// Runs statements that give no rows. They must be constants: values go through ``Statement``.
  package func run(_ sql: String) throws(DatabaseError) {
    guard unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw error }
  }

  package func prepare(_ sql: String) throws(DatabaseError) -> Statement {
    var statement: OpaquePointer?
    let status = unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
    guard status == SQLITE_OK, let statement = unsafe statement else { throw error }
    return unsafe Statement(statement, of: self)
  }

  /// The first column of each row, as text.
  package func texts(_ sql: String) throws(DatabaseError) -> [String] {
    let statement = try prepare(sql)
    var texts: [String] = []
    while try statement.step() { texts.append(statement.firstText) }
    return texts
  }

  package var lastRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }
}

/// A prepared statement; its parameters count from 1.
@safe package final class Statement {
  private let handle: OpaquePointer
  private let database: Database

  fileprivate init(_ handle: OpaquePointer, of database: Database) {
    unsafe self.handle = handle
    self.database = database
  }

  deinit {
    unsafe sqlite3_finalize(handle)
  }

  package func bindNull(_ index: Int32) throws(DatabaseError) {
    try check(unsafe sqlite3_bind_null(handle, index))
  }

  package func bind(_ value: Int64, _ index: Int32) throws(DatabaseError) {
    try check(unsafe sqlite3_bind_int64(handle, index, value))
  }

  package func bind(_ value: Double, _ index: Int32) throws(DatabaseError) {
    try check(unsafe sqlite3_bind_double(handle, index, value))
  }

  /// Binds UTF-8 text, which SQLite copies.
  package func bind(_ text: [UInt8], _ index: Int32) throws(DatabaseError) {
    let count = Int32(clamping: text.count)
    try check(
      unsafe text.withUnsafeBytes { octets in
        // An empty array may have no address, which would be NULL.
        guard let address = unsafe octets.bindMemory(to: CChar.self).baseAddress else {
          return unsafe reusescope_bind_text(handle, index, "", 0)
        }
        return unsafe reusescope_bind_text(handle, index, address, count)
      })
  }

  /// Runs it to the next row; false at the end, where it is ready to run again.
  package func step() throws(DatabaseError) -> Bool {
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      unsafe sqlite3_reset(handle)
      return false
    default:
      let error = database.error
      unsafe sqlite3_reset(handle)
      throw error
    }
  }

  fileprivate var firstText: String {
    guard let text = unsafe sqlite3_column_text(handle, 0) else { return "" }
    return unsafe String(cString: text)
  }

  private func check(_ status: Int32) throws(DatabaseError) {
    if status != SQLITE_OK { throw database.error }
  }
}
