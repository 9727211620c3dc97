import HTTP1

/// What a stream was split into, in a form that does not depend on how the input was cut: adjacent body events are one,
/// places are offsets into the stream, heads are their octets.
package struct Transcript: Equatable, CustomStringConvertible {
  package enum Entry: Equatable {
    case began(Int)
    case head([UInt8])
    case simpleBody
    case body(Int)
    case end(Int)
    case malformed(Malformation)
    case lost
    case close(EndOutcome)
    /// The parser broke its own contract.
    case broken(String)
  }

  package var entries: [Entry] = []

  package init() {}

  package mutating func append(_ entry: Entry) {
    if case .body(let more) = entry, case .body(let octets) = entries.last {
      entries[entries.count - 1] = .body(octets + more)
    } else {
      entries.append(entry)
    }
  }

  /// The octets of the heads as text.
  package var heads: [String] {
    entries.compactMap { if case .head(let octets) = $0 { String(decoding: octets, as: UTF8.self) } else { nil } }
  }

  package var description: String {
    entries.map { entry in
      switch entry {
      case .head(let octets): "head(\(String(decoding: octets, as: UTF8.self).debugDescription))"
      default: "\(entry)"
      }
    }.joined(separator: "\n")
  }
}

/// Drives a parser as a caller does.
package struct Driver {
  package var parser: MessageParser
  package var transcript = Transcript()
  package var limits = HTTPLimits()
  /// The methods of the requests that responses answer, in order; GET when they run out.
  package var methods: [RequestMethodKind]
  private var answered = 0
  /// Octets of the stream before the current input.
  private var offset = 0
  package let direction: MessageParser.Direction

  package init(_ direction: MessageParser.Direction, methods: [RequestMethodKind] = []) {
    self.direction = direction
    self.methods = methods
    parser = MessageParser(direction)
  }

  package mutating func feed(_ input: [UInt8]) {
    var position = 0
    loop: while true {
      let before = position
      let event = parser.next(input.span, position: &position, limits: limits)
      if position < before || position > input.count { transcript.append(.broken("position")) }
      switch event {
      case .needMore:
        if position != input.count { transcript.append(.broken("input left")) }
        break loop
      case .messageBegan:
        transcript.append(.began(offset &+ position))
      case .headComplete(let location):
        let octets =
          switch location {
          case .inInput(let range): Array(input[range])
          case .buffered: parser.buffer
          }
        transcript.append(.head(octets))
        parser.beginBody(framing(octets))
      case .simpleBodyBegan:
        transcript.append(.simpleBody)
      case .body(let octets):
        if octets <= 0 { transcript.append(.broken("no octets")) }
        transcript.append(.body(octets))
      case .messageEnd:
        transcript.append(.end(offset &+ position))
      case .malformed(let malformation):
        if !parser.isLost { transcript.append(.broken("not lost")) }
        transcript.append(.malformed(malformation))
      }
    }
    offset &+= input.count
  }

  /// A gap that the parser absorbs counts as content.
  package mutating func skip(_ octets: Int) {
    switch parser.skipGap(octets) {
    case .absorbed: if octets > 0 { transcript.append(.body(octets)) }
    case .lost: transcript.append(.lost)
    }
    offset &+= octets
  }

  package mutating func close() {
    transcript.append(.close(parser.endOfStream()))
  }

  private mutating func framing(_ octets: [UInt8]) -> BodyFraming {
    switch direction {
    case .request:
      guard case .head(let head) = parseRequestHead(octets.span, limits: limits) else { return .invalid }
      return .ofRequest(head)
    case .response:
      guard case .head(let head) = parseResponseHead(octets.span, limits: limits) else { return .invalid }
      let method = answered < methods.count ? methods[answered] : .get
      if !head.isInterim { answered += 1 }
      return .ofResponse(head, answering: method)
    }
  }
}

package func transcript(
  _ direction: MessageParser.Direction, _ inputs: [[UInt8]], methods: [RequestMethodKind] = [],
  limits: HTTPLimits = HTTPLimits()
) -> Transcript {
  var driver = Driver(direction, methods: methods)
  driver.limits = limits
  for input in inputs { driver.feed(input) }
  driver.close()
  return driver.transcript
}

/// The head, or its malformation thrown.
package func requestHead(_ octets: Span<UInt8>, limits: HTTPLimits = HTTPLimits()) throws -> RequestHead {
  switch parseRequestHead(octets, limits: limits) {
  case .head(let head): return head
  case .malformed(let malformation): throw malformation
  }
}

package func responseHead(_ octets: Span<UInt8>, limits: HTTPLimits = HTTPLimits()) throws -> ResponseHead {
  switch parseResponseHead(octets, limits: limits) {
  case .head(let head): return head
  case .malformed(let malformation): throw malformation
  }
}

package func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A small generator with a seed that can be pasted back (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
  package var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
