import TestSupport

@testable import Wire

/// What a decoder says about one frame.
struct Decoded: Equatable {
  var outcome: DecodingOutcome
  var segment = TCPSegment()
  /// The captured payload.
  var payload: [UInt8] = []

  var stop: DecodingStop? {
    if case .stopped(let stop) = outcome { stop } else { nil }
  }

  var hasSegment: Bool { outcome == .tcp || outcome == .tcpReassembled }
}

extension PacketDecoder {
  mutating func decoded(
    _ frame: [UInt8], _ link: LinkType = .ethernet, originalLength: Int? = nil, time: Int64 = 0,
    thoroughly: Bool = false
  ) -> Decoded {
    var segment = TCPSegment()
    let length = originalLength ?? frame.count
    let outcome =
      thoroughly
      ? decodeThoroughly(frame.span, link: link, originalLength: length, time: time, into: &segment)
      : decode(frame.span, link: link, originalLength: length, time: time, into: &segment)
    switch outcome {
    case .tcp, .tcpReassembled:
      let octets = outcome == .tcp ? frame : reassembled
      let end = segment.payloadOffset + segment.payloadCaptured
      return Decoded(outcome: outcome, segment: segment, payload: Array(octets[segment.payloadOffset..<end]))
    case .fragment, .limit, .stopped:
      return Decoded(outcome: outcome)
    }
  }
}

func decode(_ frame: [UInt8], _ link: LinkType = .ethernet, originalLength: Int? = nil) -> Decoded {
  var decoder = PacketDecoder()
  return decoder.decoded(frame, link, originalLength: originalLength)
}

/// Whether a segment says what a frame was built from, its payload aside.
func agree(_ segment: TCPSegment, _ frame: TCPFrame) -> Bool {
  segment.source == frame.source.ipAddress && segment.destination == frame.destination.ipAddress
    && Int(segment.sourcePort) == frame.sourcePort && Int(segment.destinationPort) == frame.destinationPort
    && segment.sequenceNumber == frame.sequenceNumber && segment.acknowledgmentNumber == frame.acknowledgmentNumber
    && segment.flags == frame.flags && Int(segment.window) == frame.window
    && segment.checksum == UInt16(frame.segment[16]) << 8 | UInt16(frame.segment[17])
}
