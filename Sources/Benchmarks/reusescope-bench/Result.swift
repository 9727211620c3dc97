import Foundation

/// The medians, as a table or as JSON.
struct Result {
  let measurements: [Measurement]
  let counts: Counts
  let rounds: Int
  let machine: Machine

  private struct Row: Encodable {
    let subject: String
    let wallSeconds, cpuSeconds, packetsPerSecond, bytesPerSecond, nanosecondsPerPacket: Double
    let peakResidentBytes: Int?
    /// The processor time of this subject, as a multiple of that of each of the programs that only count.
    let timesLibpcap, timesTunedLibpcap, timesMapped: Double
  }

  private struct Document: Encodable {
    let machine: Machine
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
        timesLibpcap: ratio(of: measurement, to: .libpcap),
        timesTunedLibpcap: ratio(of: measurement, to: .tunedLibpcap), timesMapped: ratio(of: measurement, to: .mapped))
    }
  }

  /// The median of the rounds' ratios: what slows the machine for a while slows both sides of one round.
  private func ratio(of measurement: Measurement, to subject: Subject) -> Double {
    guard let base = measurements.first(where: { $0.subject == subject }) else { return .nan }
    return median(of: zip(base.samples, measurement.samples).map { $1.cpu / $0.cpu })
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let document = Document(
      machine: machine, packets: counts.packets, bytes: counts.octets, connections: counts.connections ?? 0,
      requests: counts.requests ?? 0, rounds: rounds, subjects: rows)
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }

  func table() -> String {
    var lines = [
      machine.description,
      "\(counts.packets) packets, \(counts.octets) octets, \(counts.connections ?? 0) connections, "
        + "\(counts.requests ?? 0) requests; medians of \(rounds) rounds",
      "                  wall s   cpu s  Mpackets/s    GB/s  ns/packet  peak MB  × libpcap  × tuned  × mapped",
    ]
    for row in rows {
      let figures = [
        (row.wallSeconds, 3, 8), (row.cpuSeconds, 3, 8), (row.packetsPerSecond / 1e6, 2, 12),
        (row.bytesPerSecond / 1e9, 2, 8), (row.nanosecondsPerPacket, 0, 11),
        (row.peakResidentBytes.map { Double($0) / 1e6 } ?? .nan, 1, 9),
      ]
      let ratios = [(row.timesLibpcap, 11), (row.timesTunedLibpcap, 9), (row.timesMapped, 10)]
      lines.append(
        row.subject.padding(toLength: 16, withPad: " ", startingAt: 0)
          + figures.map { decimal($0.0, places: $0.1, width: $0.2) }.joined()
          + ratios.map { decimal($0.0, places: 2, width: $0.1) }.joined())
    }
    return lines.joined(separator: "\n")
  }

  private func decimal(_ value: Double, places: Int, width: Int) -> String {
    let text = value.isFinite ? String(format: "%.\(places)f", value) : "-"
    return String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
