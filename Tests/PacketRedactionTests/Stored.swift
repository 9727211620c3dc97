import Foundation
import HTTP1
import PacketRedaction
import ReuseAnalysis
import TestSupport

/// What is stored of frames.
struct Stored {
  var frames: [TimedFrame] = []
  var undecided = 0
  var mostHeld = 0

  init(_ frames: [TimedFrame], _ configure: (inout RedactionPolicy) -> Void = { _ in }) {
    var policy = RedactionPolicy()
    configure(&policy)
    var redactor = PacketRedactor(policy: policy)
    var stored: [TimedFrame] = []
    for frame in frames {
      redactor.add(
        timestamp: frame.time, originalLength: frame.originalLength, linkType: 1, octets: frame.octets.span
      ) { time, length, _, octets in
        stored.append(TimedFrame(time: time, octets: copy(octets), originalLength: length))
      }
      mostHeld = max(mostHeld, redactor.octetsHeld)
    }
    redactor.finish { time, length, _, octets in
      stored.append(TimedFrame(time: time, octets: copy(octets), originalLength: length))
    }
    self.frames = stored
    undecided = redactor.undecided
  }

  func contains(_ text: String) -> Bool { frames.contains { $0.octets.contains(sequence: Array(text.utf8)) } }
}

func copy(_ octets: Span<UInt8>) -> [UInt8] { octets.indices.map { octets[$0] } }

extension [UInt8] {
  func contains(sequence: [UInt8]) -> Bool {
    guard let first = sequence.first, count >= sequence.count else { return false }
    return indices.dropLast(sequence.count - 1).contains {
      self[$0] == first && self[$0..<($0 + sequence.count)].elementsEqual(sequence)
    }
  }
}

/// A frame, and the link that it is of.
struct LinkedFrame {
  var frame: TimedFrame
  var link: UInt32
}

/// The rows of an analysis as text, so that two can be compared.
struct Rows: Equatable {
  var exchanges: [String] = []
  var connections: [String] = []

  /// - Parameters:
  ///   - hidesMissing: octets that a packet was cut by are missing to the analysis, which cannot say either
  ///     what held them up.
  ///   - hidesValues: as `HeadRedaction` changes a target.
  init(_ frames: [TimedFrame], hidesMissing: Bool = false, hidesValues: Bool = false) {
    self.init(
      frames.map { LinkedFrame(frame: $0, link: 1) }, hidesMissing: hidesMissing, hidesValues: hidesValues)
  }

  init(_ frames: [LinkedFrame], hidesMissing: Bool = false, hidesValues: Bool = false) {
    var configuration = AnalyzerConfiguration()
    configuration.wantsExchanges = true
    configuration.wantsConnections = true
    var analyzer = Analyzer(configuration: configuration)
    for linked in frames {
      let frame = linked.frame
      analyzer.observe(
        timestamp: frame.time, capturedLength: frame.octets.count, originalLength: frame.originalLength,
        linkType: linked.link, octets: frame.octets.span)
    }
    analyzer.finish()
    exchanges = analyzer.exchanges.map { row in
      var row = row
      if hidesValues, let target = row.request?.target { row.request?.target = Self.hidden(target) }
      if hidesValues { row.retryOf = nil }
      if hidesMissing { (row.tcpStall, row.missingBytes) = (0, 0) }
      return "\(row)"
    }
    connections = analyzer.connections.map { row in
      var row = row
      if hidesMissing { row.tcp.missingBytes = 0 }
      return "\(row)"
    }
  }

  private static func hidden(_ target: [UInt8]) -> [UInt8] {
    let cut = target.firstIndex { [0x3F, 0x23, 0x3B].contains($0) } ?? target.endIndex
    return target.indices.map { $0 > cut ? UInt8(ascii: "x") : target[$0] }
  }

  /// The first difference, for people.
  func difference(from other: Rows) -> String? {
    for (mine, theirs) in [(exchanges, other.exchanges), (connections, other.connections)] {
      if mine.count != theirs.count { return "\(mine.count) rows, not \(theirs.count)" }
      for (a, b) in zip(mine, theirs) where a != b {
        let same = a.commonPrefix(with: b).count
        return "…\(a.dropFirst(max(0, same - 40)).prefix(160)), not …\(b.dropFirst(max(0, same - 40)).prefix(160))"
      }
    }
    return nil
  }
}
