import Wire

/// The input: packets, each a link type (two octets), its length (two octets), what the original length has more (one
/// octet), and its octets. They go through one decoder, so that fragments can meet.
///
/// What the quick way says must be what the thorough way says, and every range must lie in the packet.
func runWire(_ input: [UInt8]) {
  var limits = PacketDecoder.Limits()
  limits.fragmentedDatagrams = 8
  limits.fragmentOctets = 1 << 16
  var quick = PacketDecoder(limits: limits)
  var thorough = PacketDecoder(limits: limits)
  var input = input[...]
  var time: Int64 = 0
  while input.count >= 5 {
    let head = Array(input.prefix(5))
    let link = LinkType(rawValue: UInt32(head[0]) << 8 | UInt32(head[1]))
    let frame = Array(input.dropFirst(5).prefix(Int(head[2]) << 8 | Int(head[3])))
    input = input.dropFirst(5 + frame.count)
    time += Int64(head[4]) * 10_000_000
    var (one, other) = (TCPSegment(), TCPSegment())
    let length = frame.count + Int(head[4])
    let outcome = quick.decode(frame.span, link: link, originalLength: length, time: time, into: &one)
    let second = thorough.decodeThoroughly(frame.span, link: link, originalLength: length, time: time, into: &other)
    check(outcome == second, "quickly \(outcome), thoroughly \(second)")
    switch outcome {
    case .tcp: checkSegment(one, other, in: frame.count)
    case .tcpReassembled:
      check(quick.reassembled == thorough.reassembled, "datagrams differ")
      checkSegment(one, other, in: quick.reassembled.count)
    case .fragment, .limit: break
    case .stopped(let stop): check(!stop.layerName.isEmpty && !stop.reasonName.isEmpty, "a stop without a name")
    }
  }
}

private func checkSegment(_ one: TCPSegment, _ other: TCPSegment, in count: Int) {
  check(one == other, "\(one) and \(other)")
  check(one.payloadOffset >= 0 && one.payloadCaptured >= 0, "\(one)")
  check(one.payloadOffset + one.payloadCaptured <= count, "\(one) in \(count) octets")
  check(one.payloadLength >= one.payloadCaptured, "\(one)")
}
