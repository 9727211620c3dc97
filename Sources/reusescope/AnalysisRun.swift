import PacketCapture
import Reports
import ReuseAnalysis

/// One pass over the captures: packets in, rows out as they end, figures at the end.
struct AnalysisRun: ~Copyable {
  private var reader: CaptureReader
  private var analyzer: Analyzer
  private let files: [String]
  private(set) var ledgerAddsUp = true
  /// Packets between two looks at the clock and at signals.
  private static let stride = 16_384
  /// Rows that are handed over together: few, so that they stay in the processor's cache.
  private static let batch = 32

  init(_ files: [String], _ options: AnalysisOptions, for outputs: Outputs) throws(CaptureError) {
    var configuration = options.configuration
    configuration.wantsExchanges = outputs.wantsExchanges
    configuration.wantsConnections = outputs.wantsConnections
    reader = try CaptureReader(
      paths: files, filter: options.filter, mapping: true, isStopping: { Interruption.signal != nil })
    analyzer = Analyzer(configuration: configuration)
    self.files = files
  }

  mutating func read(into outputs: Outputs, showsProgress: Bool) throws {
    var progress = Progress(isShown: showsProgress)
    defer { progress.clear() }
    var packets = 0
    var done = false
    while !done, Interruption.signal == nil, !outputs.areUnwanted {
      var left = Self.stride
      var failure: OutputError?
      done = try reader.forEachPacket { header, octets in
        analyzer.observe(
          timestamp: header.timestamp, capturedLength: header.capturedLength, originalLength: header.originalLength,
          linkType: header.linkType, octets: octets)
        if analyzer.exchanges.count + analyzer.connections.count >= Self.batch {
          do throws(OutputError) { try outputs.take(&analyzer) } catch { failure = error }
        }
        left -= 1
        return left > 0 && failure == nil && Interruption.signal == nil
      }
      if let failure { throw failure }
      packets += Self.stride - left
      try outputs.take(&analyzer)
      try outputs.flush()
      progress.show(packets: packets, read: reader.bytesRead, of: reader.totalBytes)
    }
  }

  mutating func finish(_ outputs: Outputs) throws(OutputError) -> Summary {
    // A connection may leave as many rows as requests may be outstanding.
    while !analyzer.finish(atMost: 16) { try outputs.take(&analyzer) }
    try outputs.take(&analyzer)
    ledgerAddsUp = analyzer.ledgerAddsUp
    var summary = analyzer.summary()
    summary.capture.files = files
    summary.capture.linkTypes = reader.linkTypes.map { linkTypeName($0) }
    summary.capture.truncated = reader.truncated
    summary.note(drops: reader.drops)
    summary.reviewCaptureQuality()
    for warning in reader.warnings { summary.warn("\(warning)", matters: warning.matters) }
    if let drops = reader.drops, drops > 0 {
      summary.warn(
        "the capturing system dropped \(Quantity.count(drops, "packet")): figures may be too low.", matters: true)
    }
    if summary.capture.packets == 0, reader.packetsFilteredOut > 0 {
      summary.warn("the filter matches none of \(Quantity.count(reader.packetsFilteredOut, "packet")).", matters: false)
    }
    if let signal = Interruption.signal {
      summary.warn("interrupted: stopped by signal \(signal) before the end of the capture.", matters: true)
    }
    return summary
  }
}
