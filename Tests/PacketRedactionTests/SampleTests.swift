import Foundation
import PacketCapture
import PacketRedaction
import ReuseAnalysis
import TestSupport
import Testing

/// What is stored of captures of all sorts, compared with the captures themselves.
@Suite struct `Stored samples` {
  static let samples = captures(in: Locations.samples)

  @Test func `there are some`() { #expect(Self.samples.count >= 20) }

  @Test(arguments: samples)
  func `give the same rows`(_ path: String) throws {
    let frames = try frames(of: path)
    #expect(!frames.isEmpty)
    for (hidesValues, keepsLengths) in [(false, false), (false, true), (true, false), (true, true)] {
      let stored = stored(frames, hidesValues: hidesValues, keepsLengths: keepsLengths)
      let before = Rows(frames, hidesMissing: !keepsLengths, hidesValues: hidesValues)
      let after = Rows(stored, hidesMissing: !keepsLengths, hidesValues: hidesValues)
      let difference = after.difference(from: before)
      #expect(difference == nil, "\(hidesValues) \(keepsLengths)")
    }
  }

  /// Strangers' captures: heads in fragments are not stored, and what contradicts itself may be read in another way.
  @Test func `from elsewhere give the same rows, but for few`() throws {
    let paths = captures(in: try Locations.shared("corpus/captures"))
    var compared = 0
    var differing: [String] = []
    for path in paths {
      guard let frames = try? frames(of: path), frames.count < 5_000 else { continue }
      compared += 1
      let stored = stored(frames, hidesValues: false, keepsLengths: true)
      let difference = Rows(stored).difference(from: Rows(frames))
      if let difference { differing.append("\(path.suffix(40)): \(difference.prefix(300))") }
    }
    #expect(compared > 100)
    #expect(
      differing.count * 50 <= compared, "\(differing.count) of \(compared):\n\(differing.joined(separator: "\n"))")
  }
}

private func captures(in folder: String) -> [String] {
  let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
  return names.filter { $0.contains(".pcap") || $0.hasSuffix(".cap") }.sorted().map { "\(folder)/\($0)" }
}

private func frames(of path: String) throws -> [LinkedFrame] {
  var reader = try CaptureReader(paths: [path])
  var frames: [LinkedFrame] = []
  try reader.forEachPacket { header, octets in
    let frame = TimedFrame(time: header.timestamp, octets: copy(octets), originalLength: header.originalLength)
    frames.append(LinkedFrame(frame: frame, link: header.linkType))
    return true
  }
  return frames
}

private func stored(_ frames: [LinkedFrame], hidesValues: Bool, keepsLengths: Bool) -> [LinkedFrame] {
  var policy = RedactionPolicy()
  (policy.hidesValues, policy.keepsLengths) = (hidesValues, keepsLengths)
  var redactor = PacketRedactor(policy: policy)
  var stored: [LinkedFrame] = []
  func keep(time: Int64, length: Int, link: UInt32, octets: Span<UInt8>) {
    stored.append(
      LinkedFrame(frame: TimedFrame(time: time, octets: copy(octets), originalLength: length), link: link))
  }
  for frame in frames {
    redactor.add(
      timestamp: frame.frame.time, originalLength: frame.frame.originalLength, linkType: frame.link,
      octets: frame.frame.octets.span, into: keep)
  }
  redactor.finish(into: keep)
  return stored
}
