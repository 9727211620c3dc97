import Reports
import ReuseAnalysis
import SystemPackage

/// Everything that was asked for.
final class Outputs {
  private let outputs: [any Output]
  /// The text is not written, for want of a free standard output.
  var holdsText = false
  let wantsExchanges: Bool
  let wantsConnections: Bool

  /// - Parameters:
  ///   - inputs: the captures, which no output may overwrite.
  ///   - others: files that are written besides.
  init(_ options: OutputOptions, inputs: [String] = [], others: [String] = []) throws(OutputError) {
    outputs = options.outputs()
    wantsExchanges = outputs.contains { $0.wantsExchanges }
    wantsConnections = outputs.contains { $0.wantsConnections }
    try refuseSameFiles(inputs, others)
    do {
      for output in outputs { try output.open() }
    } catch {
      discard()
      throw error
    }
  }

  /// None: only the figures are wanted.
  init() {
    outputs = []
    wantsExchanges = false
    wantsConnections = false
  }

  private func refuseSameFiles(_ inputs: [String], _ others: [String]) throws(OutputError) {
    let named = others + outputs.flatMap(\.paths).filter { $0 != "-" }
    for (position, path) in named.enumerated() {
      for input in inputs where input != "-" && System.isSameFile(path, input) {
        throw OutputError(path: path, message: "is one of the captures: choose another name for the output")
      }
      // A device or a pipe may take several.
      if !System.isSpecial(path), named[..<position].contains(where: { Self.leadToOne($0, path) }) {
        throw OutputError(path: path, message: "is named for two outputs: give each its own file")
      }
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
  var areUnwanted: Bool { !outputs.isEmpty && outputs.allSatisfy(\.isUnwanted) }

  /// Hands over the rows that have ended.
  func take(_ analyzer: inout Analyzer) throws(OutputError) {
    for output in outputs { try output.take(exchanges: analyzer.exchanges, connections: analyzer.connections) }
    analyzer.exchanges.removeAll(keepingCapacity: true)
    analyzer.connections.removeAll(keepingCapacity: true)
  }

  func flush() throws(OutputError) {
    for output in outputs { try output.flush() }
  }

  /// Writes what was asked for as of now; more rows and a later summary may follow.
  ///
  /// Nothing takes its name before everything could be written.
  func publish(_ summary: Summary) throws(OutputError) {
    for output in outputs { try output.prepare(summary) }
    for output in outputs where !(holdsText && output is TextOutput) { try output.publish() }
  }

  /// Writes what was asked for, and ends.
  func finish(_ summary: Summary) throws(OutputError) {
    try publish(summary)
    for output in outputs { try output.close() }
  }

  /// Leaves nothing behind that is not complete.
  func discard() {
    for output in outputs { output.discard() }
  }
}
