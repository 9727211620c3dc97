import PacketCapture
import Reports
import ReuseAnalysis

/// What a pass over a capture found.
struct Counts {
  var packets = 0
  /// Octets on the wire.
  var octets = 0
  var connections: Int?
  var requests: Int?
  var reused: Int?
}

/// One of the programs compared.
enum Subject: String, CaseIterable {
  case libpcap = "libpcap"
  case tunedLibpcap = "libpcap, tuned"
  case mapped = "mapped file"
  case reader = "reader"
  case analysis = "analysis"
  case rows = "analysis, rows"

  func run(_ path: String) throws -> Counts {
    switch self {
    case .libpcap:
      let (packets, octets) = try LibpcapFile(path: path).countPacketsWithDefaults()
      return Counts(packets: packets, octets: octets)
    case .tunedLibpcap:
      let (packets, octets) = try LibpcapFile(path: path).countPackets()
      return Counts(packets: packets, octets: octets)
    case .mapped:
      let (packets, octets) = try MappedFile(path: path).countPackets()
      return Counts(packets: packets, octets: octets)
    case .reader:
      return try read(path)
    case .analysis:
      return try analyse(path)
    case .rows:
      return try analyse(path, withRows: true)
    }
  }

  /// Rows as the command makes them; where they would be written they are dropped.
  private static func write(_ analyzer: inout Analyzer, to rows: inout RowWriter) {
    if analyzer.exchanges.isEmpty, analyzer.connections.isEmpty { return }
    for row in analyzer.exchanges { rows.append(row) }
    for row in analyzer.connections { rows.append(row) }
    analyzer.exchanges.removeAll(keepingCapacity: true)
    analyzer.connections.removeAll(keepingCapacity: true)
    if rows.buffer.count > 1 << 16 { rows.buffer.removeAll() }
  }

  private func read(_ path: String) throws -> Counts {
    var reader = try CaptureReader(paths: [path], mapping: true)
    var counts = Counts()
    try reader.forEachPacket { packet, octets in
      counts.packets += 1
      counts.octets += packet.originalLength
      return true
    }
    return counts
  }

  private func analyse(_ path: String, withRows: Bool = false) throws -> Counts {
    var reader = try CaptureReader(paths: [path], mapping: true)
    var configuration = AnalyzerConfiguration()
    configuration.wantsExchanges = withRows
    configuration.wantsConnections = withRows
    var analyzer = Analyzer(configuration: configuration)
    var rows = RowWriter()
    try reader.forEachPacket { packet, octets in
      analyzer.observe(
        timestamp: packet.timestamp, capturedLength: packet.capturedLength, originalLength: packet.originalLength,
        linkType: packet.linkType, octets: octets)
      if withRows { Self.write(&analyzer, to: &rows) }
      return true
    }
    analyzer.finish()
    if withRows { Self.write(&analyzer, to: &rows) }
    let summary = analyzer.summary()
    return Counts(
      packets: summary.capture.packets, octets: summary.capture.bytes, connections: summary.connections.total,
      requests: summary.exchanges.withRequest, reused: summary.exchanges.reused)
  }
}
