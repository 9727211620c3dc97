import PacketCapture

/// A packet as the reader gave it.
private struct Packet: Equatable {
  var time: Int64
  var linkType: UInt32
  var originalLength: Int
  var octets: [UInt8]
}

/// Packets and warnings must be the same however often the reading stops in between, and from the same file given as one
/// of two.
func runCapture(_ input: [UInt8]) {
  let path = InputFile.holding(input)
  guard let (packets, warnings) = read([path], stopAfter: .max) else { return }
  guard let (again, warningsAgain) = read([path], stopAfter: 1) else { find("readable once only") }
  check(packets == again, "a stop between packets changes them")
  check(warnings == warningsAgain, "a stop between packets changes the warnings: \(warnings) \(warningsAgain)")
  guard let (twice, _) = read([path, path], stopAfter: 3) else { find("not readable as one of two") }
  check(twice.count == packets.count * 2, "\(packets.count) packets, \(twice.count) from twice the file")
}

private func read(_ paths: [String], stopAfter stride: Int) -> ([Packet], [String])? {
  guard var reader = try? CaptureReader(paths: paths) else { return nil }
  var packets: [Packet] = []
  while true {
    var left = stride
    let done = try? reader.forEachPacket { header, octets in
      check(header.capturedLength == octets.count, "\(octets.count) octets, \(header.capturedLength) captured")
      check(header.originalLength >= 0, "original length \(header.originalLength)")
      let kept = [UInt8](capacity: octets.count) { kept in
        for index in octets.indices { kept.append(octets[index]) }
      }
      packets.append(
        Packet(
          time: header.timestamp, linkType: header.linkType, originalLength: header.originalLength, octets: kept))
      left -= 1
      return left > 0
    }
    guard let done else { find("an error in the middle") }
    if done { break }
  }
  return (packets, reader.warnings.map { "\($0)" })
}
