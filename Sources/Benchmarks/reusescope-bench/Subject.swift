import PacketCapture
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
  case reader = "reader"
  case analysis = "analysis"

  func run(_ path: String) throws -> Counts {
    switch self {
    case .libpcap:
      let (packets, octets) = try LibpcapFile(path: path).countPacketsWithDefaults()
      return Counts(packets: packets, octets: octets)
    case .tunedLibpcap:
      let (packets, octets) = try LibpcapFile(path: path).countPackets()
      return Counts(packets: packets, octets: octets)
    case .reader:
      return try read(path)
    case .analysis:
      return try analyse(path)
    }
  }

  private func read(_ path: String) throws -> Counts {
    var reader = try CaptureReader(paths: [path])
    var counts = Counts()
    try reader.forEachPacket { packet, octets in
      counts.packets += 1
      counts.octets += packet.originalLength
      return true
    }
    return counts
  }

  private func analyse(_ path: String) throws -> Counts {
    var reader = try CaptureReader(paths: [path])
    var analyzer = Analyzer(configuration: AnalyzerConfiguration())
    try reader.forEachPacket { packet, octets in
      analyzer.observe(
        timestamp: packet.timestamp, capturedLength: packet.capturedLength, originalLength: packet.originalLength,
        linkType: packet.linkType, octets: octets)
      return true
    }
    analyzer.finish()
    let summary = analyzer.summary()
    return Counts(
      packets: summary.capture.packets, octets: summary.capture.bytes, connections: summary.connections.total,
      requests: summary.exchanges.withRequest, reused: summary.exchanges.reused)
  }
}
