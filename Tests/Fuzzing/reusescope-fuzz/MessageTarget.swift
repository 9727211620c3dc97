import HTTP1
import Oracles

/// One direction of a connection: cut anyhow, it must give what the oracle reads from the whole.
func runMessages(_ direction: MessageParser.Direction, _ input: [UInt8]) {
  compare(direction, input, methods: [])
  lookAt(input)
}

/// Requests, a separator, and the responses to them.
func runPairs(_ input: [UInt8]) {
  let separator = Separator.firstRange(in: input) ?? input.count..<input.count
  let requests = Array(input[..<separator.lowerBound])
  let responses = Array(input[separator.upperBound...])
  compare(.request, requests, methods: [])
  compare(.response, responses, methods: methods(of: Oracle.transcript(.request, requests, methods: [])))
}

/// What the responses to these requests answer.
func methods(of requests: Transcript) -> [RequestMethodKind] {
  requests.entries.compactMap { entry in
    guard case .head(let octets) = entry else { return nil }
    if case .head(let head) = parseRequestHead(octets.span) { return head.methodKind }
    return .other
  }
}

private func compare(_ direction: MessageParser.Direction, _ stream: [UInt8], methods: [RequestMethodKind]) {
  let expected = Oracle.transcript(direction, stream, methods: methods)
  var random = Choices(stream)
  for pieces in [[stream], random.pieces(of: stream, atMost: 7), random.pieces(of: stream, atMost: 200)] {
    let found = transcript(direction, pieces, methods: methods)
    check(found == expected, "\(Oracle.text(stream).debugDescription)\n\(found)\nnot\n\(expected)")
  }
  harm(direction, stream, &random)
}

/// With small limits, gaps and new beginnings: no event out of order, and no more held than the limits allow.
private func harm(_ direction: MessageParser.Direction, _ stream: [UInt8], _ random: inout Choices) {
  var driver = Driver(direction)
  driver.limits.headOctets = random.number(upTo: 300)
  driver.limits.startLineOctets = random.number(upTo: 100)
  driver.limits.fieldCount = random.number(upTo: 4)
  for piece in random.pieces(of: stream, atMost: 50) {
    if random.number(upTo: 20) == 0 { driver.skip(random.number(upTo: 50)) }
    driver.feed(piece)
    if driver.parser.isLost, random.number(upTo: 1) == 0 { driver.parser.restart() }
    check(driver.parser.buffer.count <= 300, "\(driver.parser.buffer.count) octets held")
  }
  driver.close()
  let broken = driver.transcript.entries.contains { if case .broken = $0 { true } else { false } }
  check(!broken, "\(driver.transcript)")
}

/// What looks at octets without a parser.
private func lookAt(_ octets: [UInt8]) {
  for count in [octets.count, octets.count / 2, 24, 8] where count <= octets.count {
    let span = octets.span.extracting(0..<count)
    _ = recogniseRequest(span)
    _ = recogniseResponse(span)
    _ = recogniseHTTP2Preface(span)
    _ = protocolName(ofFirstOctets: span)
    if case .head(let head) = parseRequestHead(span) {
      for range in [head.method.range, head.target.range, head.host?.range ?? 0..<0] {
        check(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count) octets")
      }
    }
    _ = parseResponseHead(span)
  }
}

/// What stands between the parts of an input.
enum Separator {
  static let octets: [UInt8] = [0, 0xFF, 0]

  static func firstRange(in input: [UInt8]) -> Range<Int>? {
    guard input.count >= octets.count else { return nil }
    for start in 0...(input.count - octets.count) where Array(input[start..<(start + octets.count)]) == octets {
      return start..<(start + octets.count)
    }
    return nil
  }

  static func parts(of input: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    var rest = input
    while let range = firstRange(in: rest) {
      parts.append(Array(rest[..<range.lowerBound]))
      rest.removeFirst(range.upperBound)
    }
    return parts + [rest]
  }
}
