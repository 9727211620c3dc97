import Reports
import ReuseAnalysis
import SQLiteReport
import SystemPackage

/// A database to which the capture is added: a new one is made beside its name, an old one gets all or nothing.
final class SQLiteOutput: Output {
  private let path: String
  private let redacts: Bool
  private var database: CaptureDatabase?
  /// The capture to go on with, once it has been published.
  private var capture: Int64?
  private var temporary: FilePath?
  /// A link stays, and what it leads to is changed.
  private var place = FilePath()

  init(_ path: String, redacts: Bool) {
    self.path = path
    self.redacts = redacts
  }

  var paths: [String] { [path] }
  let wantsExchanges = true
  let wantsConnections = true
  let isUnwanted = false

  func open() throws(OutputError) {
    if System.isSpecial(path) { throw OutputError(path: path, message: "is no regular file: name one") }
    do { place = try System.destination(of: path) } catch { throw failure(error) }
    guard let name = place.lastComponent else { throw OutputError(path: path, message: "is no name of a file") }
    var file = place
    if capture == nil, !System.exists(place.string) {
      file = place.removingLastComponent().appending(".\(name.string).tmp\(System.processIdentifier)")
      if System.exists(file.string) {
        throw OutputError(
          path: path, message: "cannot be written: remove the temporary file of an earlier run beside it")
      }
      temporary = file
    }
    do {
      if let temporary { TemporaryFiles.add(temporary.string) }
      database = try CaptureDatabase(
        file.string, isPrivate: temporary != nil, capture: capture, redacts: redacts)
    } catch {
      discard()
      throw failure(error)
    }
  }

  func take(exchanges: [ExchangeRow], connections: [ConnectionRow]) throws(OutputError) {
    if database == nil { try open() }
    do throws(DatabaseError) {
      try database?.take(exchanges: exchanges, connections: connections)
    } catch {
      throw failure(error)
    }
  }

  func prepare(_ summary: Summary) throws(OutputError) {
    if database == nil { try open() }
    do throws(DatabaseError) {
      try database?.write(summary)
    } catch {
      throw failure(error)
    }
  }

  func publish() throws(OutputError) {
    guard let database else { return }
    // Closed and opened again: it gets another name.
    self.database = nil
    do {
      capture = try database.commit()
      if let temporary {
        try System.rename(temporary.string, to: place.string)
        TemporaryFiles.forget(temporary.string)
      }
      temporary = nil
    } catch {
      throw failure(error)
    }
  }

  func close() {}

  func discard() {
    // Closed without a commit: an old database is what it was.
    database = nil
    if let temporary {
      System.remove(temporary.string)
      TemporaryFiles.forget(temporary.string)
    }
    temporary = nil
  }

  private func failure(_ error: any Error) -> OutputError {
    OutputError(path: path, message: "\(error)")
  }
}
