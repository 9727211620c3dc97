import Reports
import ReuseAnalysis

/// One kind of result that was asked for, and where it goes: rows as they end, figures when they are there.
///
/// To add one: a type in a file of its own, and in ``OutputOptions`` its option and its line.
///
/// The order of calls: ``open()`` once; ``take(exchanges:connections:)`` and ``flush()`` while packets are read; then, at
/// the end and wherever a run says 'write what was asked for now, and go on', ``prepare(_:)`` and ``publish()``, after
/// which more rows may come; ``close()`` at the end, or ``discard()`` at any time after a failure.
protocol Output: AnyObject {
  /// The files it is going to write, "-" for standard output: none may be a capture or another output's.
  var paths: [String] { get }

  /// The rows that it needs. Others may come all the same, when another output wants them.
  var wantsExchanges: Bool { get }
  var wantsConnections: Bool { get }

  /// Whoever read it has gone: nothing that it writes has an effect any more.
  var isUnwanted: Bool { get }

  /// Finds out whether it can be written, before the first packet is read.
  func open() throws(OutputError)

  func take(exchanges: [ExchangeRow], connections: [ConnectionRow]) throws(OutputError)

  /// Writes what waits in buffers: who reads along should not wait for them to fill.
  func flush() throws(OutputError)

  /// Writes all that belongs to the capture as of `summary`, so far as possible where nobody sees it yet.
  func prepare(_ summary: Summary) throws(OutputError)

  /// Lets what was prepared take its name. Rows that come later are added to it, or make the next one.
  func publish() throws(OutputError)

  func close() throws(OutputError)

  /// Leaves nothing behind that is not complete.
  func discard()
}

extension Output {
  var wantsExchanges: Bool { false }
  var wantsConnections: Bool { false }
  func take(exchanges: [ExchangeRow], connections: [ConnectionRow]) throws(OutputError) {}
  func flush() throws(OutputError) {}
}
