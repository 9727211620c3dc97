import HTTP1
import TCPStreams

// What a connection carries, by its first octets.
extension Analyzer {
  /// Whether these octets of one side are to be read as HTTP.
  @inline(never)
  mutating func admits(_ octets: Span<UInt8>, slot: Int, side: Int) -> Bool {
    switch states[slot].carried {
    case .http:
      return true
    case .undecided:
      decide(octets, slot: slot, side: side)
      return !states[slot].carried.isOpaque && states[slot].client >= 0
    case .tls:
      // A TLS client on a plain port gets an answer in HTTP; a TLS server's first octets settle it.
      guard side != Int(states[slot].client), !pairs[pair(slot)].response.refused else {
        table.pass(slot, side: side, until: .max)
        return false
      }
      guard states[slot].client >= 0, recogniseResponse(octets) == .yes else {
        pairs[pair(slot)].response.refused = true
        return false
      }
      states[slot].carried = .http
      pairs[pair(slot)].request.refused = true
      return true
    case .websocket, .upgraded, .tunnel, .h2c, .other:
      table.pass(slot, side: side, until: .max)
      return false
    }
  }

  /// Looks at the first octets of a connection, or at those of each segment of one picked up mid-stream.
  @inline(never)
  private mutating func decide(_ octets: Span<UInt8>, slot: Int, side: Int) {
    let client = Int(states[slot].client)
    if client < 0 {
      // Picked up mid-stream: the first message tells who is who (METRICS.md §1).
      if recogniseRequest(octets) == .yes, !isSimpleRequest(octets, limits: httpLimits) {
        setClient(side, of: slot, basis: .inferred)
      } else if recogniseResponse(octets) == .yes {
        setClient(1 - side, of: slot, basis: .inferred)
      } else if let named = namedProtocol(octets) {
        setCarried(named, of: slot)
      }
      return
    }
    let direction = side == client ? MessageParser.Direction.request : .response
    if pairs[pair(slot)].isRecognised(direction) { return }
    let verdict =
      pairs[pair(slot)].isInHead(direction)
      ? recognise(octets, after: pairs[pair(slot)][direction].parser.buffer, direction, limits: httpLimits)
      : recognise(octets, direction)
    switch verdict {
    case .yes:
      pairs[pair(slot)][direction].recognised = true
      setCarried(.http, of: slot)
    case .needMore:
      break
    case .no:
      if let named = namedProtocol(octets) {
        setCarried(named, of: slot)
        return
      }
      pairs[pair(slot)][direction].refused = true
      if direction == .request {
        let before = pairs[pair(slot)].request.parser.buffer.capacity
        pairs[pair(slot)].request.parser.lose()
        noteHeld(from: before, .request, slot)
      }
      guard table.openingSeen(slot) else { return }
      let other: Bool
      switch direction {
      case .request: other = pairs[pair(slot)].response.refused
      case .response: other = pairs[pair(slot)].request.refused || !pairs[pair(slot)].request.parser.inHead
      }
      if other { setCarried(.other, of: slot) }
    }
  }

  private func namedProtocol(_ octets: Span<UInt8>) -> Carried? {
    switch protocolName(ofFirstOctets: octets) {
    case .tls: .tls
    case .http2Preface: .h2c
    case .ssh: .other
    case .other, .needMore: nil
    }
  }
}
