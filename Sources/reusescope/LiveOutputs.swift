import ReuseAnalysis
import SystemPackage

/// The outputs of a running capture: one set for all of it, or one for each interval.
final class LiveOutputs {
  private let options: OutputOptions
  private let others: [String]
  private let isEachIntervalApart: Bool
  private var current: Outputs
  private let stamps = Stamps()

  var wantsExchanges: Bool { current.wantsExchanges }
  var wantsConnections: Bool { current.wantsConnections }
  var areUnwanted: Bool { current.areUnwanted }

  /// - Parameter others: files that are written besides.
  init(_ options: OutputOptions, others: [String], isEachIntervalApart: Bool) throws(OutputError) {
    self.options = options
    self.others = others
    self.isEachIntervalApart = isEachIntervalApart
    current = try Self.begin(options, others, isEachIntervalApart, stamps)
  }

  private static func begin(
    _ options: OutputOptions, _ others: [String], _ isEachIntervalApart: Bool, _ stamps: Stamps
  ) throws(OutputError) -> Outputs {
    guard isEachIntervalApart else { return try Outputs(options, others: others) }
    let stamp = stamps.next()
    return try Outputs(options.renamed { inserted(stamp, into: $0) }, others: others)
  }

  /// Standard output belongs to something else, for now: the text waits.
  var holdsText: Bool {
    get { current.holdsText }
    set { current.holdsText = newValue }
  }

  func take(_ analyzer: inout Analyzer) throws(OutputError) { try current.take(&analyzer) }

  func flush() throws(OutputError) { try current.flush() }

  /// Writes everything as of now, and goes on.
  func publish(_ summary: Summary) throws(OutputError) { try current.publish(summary) }

  /// Ends the interval, and begins the next.
  func rotate(_ summary: Summary) throws(OutputError) {
    guard isEachIntervalApart else { return try publish(summary) }
    try current.finish(summary)
    let holdsText = self.holdsText
    current = try Self.begin(options, others, isEachIntervalApart, stamps)
    self.holdsText = holdsText
  }

  func finish(_ summary: Summary) throws(OutputError) { try current.finish(summary) }

  func discard() { current.discard() }
}

/// Puts a stamp before the extension: "rows.ndjson" becomes "rows-STAMP.ndjson". Standard output and devices keep their names.
func inserted(_ stamp: String, into path: String) -> String {
  guard path != "-", !path.isEmpty, !System.isDevice(path) else { return path }
  var place = FilePath(path)
  guard let name = place.lastComponent else { return path }
  let ending = name.extension.map { ".\($0)" } ?? ""
  place.removeLastComponent()
  return place.appending("\(name.stem)-\(stamp)\(ending)").string
}
