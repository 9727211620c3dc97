import Foundation

/// The medians, as a table or as JSON.
struct Result {
  let measurements: [Measurement]
  let counts: Counts
  let rounds: Int

  private struct Row: Encodable {
    let subject: String
    let wallSeconds, cpuSeconds, packetsPerSecond, bytesPerSecond, nanosecondsPerPacket: Double
    let peakResidentBytes: Int?
    /// The speed of this subject by processor time, as a share of the bare loop's.
    let ofLibpcap, ofTunedLibpcap: Double
  }

  private struct Document: Encodable {
    let packets, bytes, connections, requests, rounds: Int
    let subjects: [Row]
  }

  private var rows: [Row] {
    measurements.map { measurement in
      Row(
        subject: measurement.subject.rawValue, wallSeconds: measurement.wall, cpuSeconds: measurement.cpu,
        packetsPerSecond: Double(counts.packets) / measurement.wall,
        bytesPerSecond: Double(counts.octets) / measurement.wall,
        nanosecondsPerPacket: measurement.wall * 1e9 / Double(counts.packets),
        peakResidentBytes: measurement.peakOctets,
        ofLibpcap: ratio(of: measurement, to: .libpcap), ofTunedLibpcap: ratio(of: measurement, to: .tunedLibpcap))
    }
  }

  /// The median of the rounds' ratios: what slows the machine for a while slows both sides of one round.
  private func ratio(of measurement: Measurement, to subject: Subject) -> Double {
    guard let base = measurements.first(where: { $0.subject == subject }) else { return .nan }
    return median(of: zip(base.samples, measurement.samples).map { $0.cpu / $1.cpu })
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let document = Document(
      packets: counts.packets, bytes: counts.octets, connections: counts.connections ?? 0,
      requests: counts.requests ?? 0, rounds: rounds, subjects: rows)
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }

  func table() -> String {
    var lines = [
      "\(counts.packets) packets, \(counts.octets) octets, \(counts.connections ?? 0) connections, "
        + "\(counts.requests ?? 0) requests; medians of \(rounds) rounds",
      "                  wall s   cpu s  Mpackets/s    GB/s  ns/packet  peak MB  of libpcap  of tuned",
    ]
    for row in rows {
      let figures = [
        (row.wallSeconds, 3, 8), (row.cpuSeconds, 3, 8), (row.packetsPerSecond / 1e6, 2, 12),
        (row.bytesPerSecond / 1e9, 2, 8), (row.nanosecondsPerPacket, 0, 11),
        (row.peakResidentBytes.map { Double($0) / 1e6 } ?? .nan, 1, 9),
      ]
      let shares = [(row.ofLibpcap, 12), (row.ofTunedLibpcap, 10)]
      lines.append(
        row.subject.padding(toLength: 16, withPad: " ", startingAt: 0)
          + figures.map { decimal($0.0, places: $0.1, width: $0.2) }.joined()
          + shares.map { decimal($0.0 * 100, places: 0, width: $0.1 - 2) + " %" }.joined())
    }
    return lines.joined(separator: "\n")
  }

  private func decimal(_ value: Double, places: Int, width: Int) -> String {
    let text = value.isFinite ? String(format: "%.\(places)f", value) : "-"
    return String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
