import PacketCapture
import ReuseAnalysis

func printReuse(of file: String) throws {
  var configuration = AnalyzerConfiguration()
  configuration.wantsConnections = true
  var analyzer = Analyzer(configuration: configuration)
  var capture = try CaptureReader(paths: [file])

  while try !capture.forEachPacket({ header, octets in
    analyzer.observe(
      timestamp: header.timestamp, capturedLength: header.capturedLength, originalLength: header.originalLength,
      linkType: header.linkType, octets: octets)
    return analyzer.connections.count < 1_000
  }) {
    printEnded(&analyzer)
  }
  analyzer.finish()
  printEnded(&analyzer)

  let summary = analyzer.summary()
  if let ratio = summary.reuse.ratio {
    print("\(ratio.lowerBound) of \(summary.exchanges.withRequest) requests reused a connection")
  }
  for row in summary.causes where row.connections > 0 {
    print(row.cause.rawValue, row.connections, Double(row.setupTime) / 1e9)
  }
}

/// Rows wait until they are taken out: memory grows with what is left there, not with the capture.
func printEnded(_ analyzer: inout Analyzer) {
  for connection in analyzer.connections where connection.openedBecause == .missedReuse {
    print("connection \(connection.id) carried \(connection.exchanges) exchanges")
  }
  analyzer.connections.removeAll(keepingCapacity: true)
}
