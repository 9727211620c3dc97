import HTTP1
import Oracles
import Reports
import ReuseAnalysis

/// The input: what client and server send in turn, between separators. The rows must be the same whether each turn is one
/// segment or many, and whether segments are sent twice.
func runConversations(_ input: [UInt8]) {
  let turns = Array(Separator.parts(of: input).prefix(40))
  guard isHTTP(turns) else { return }
  var random = Choices(input)
  let whole = analyse(turns.map { [$0] }, twice: false)
  let cut = analyse(turns.map { random.pieces(of: $0, atMost: 60) }, twice: false)
  check(whole == cut, "cut into segments:\n\(cut)\nnot\n\(whole)")
  let twice = analyse(turns.map { random.pieces(of: $0, atMost: 60) }, twice: true)
  check(whole == twice, "segments sent twice:\n\(twice)\nnot\n\(whole)")
}

/// Whether it begins as HTTP and the oracle can read it all, heads being complete when they are answered. Where not,
/// messages are looked for at the beginnings of segments.
private func isHTTP(_ turns: [[UInt8]]) -> Bool {
  func octets(_ remainder: Int) -> [UInt8] {
    turns.enumerated().filter { $0.offset % 2 == remainder }.flatMap(\.element)
  }
  let (fromClient, fromServer) = (octets(0), octets(1))
  guard recogniseRequest(fromClient.span) == .yes, recogniseResponse(fromServer.span) == .yes else { return false }
  for count in stride(from: 1, to: turns.count, by: 2) {
    let soFar = turns.prefix(count).enumerated().filter { $0.offset % 2 == 0 }.flatMap(\.element)
    if Oracle.transcript(.request, soFar, methods: []).entries.last == .close(.incompleteHead) { return false }
  }
  let requests = Oracle.transcript(.request, fromClient, methods: [])
  let responses = Oracle.transcript(.response, fromServer, methods: methods(of: requests))
  return !(requests.entries + responses.entries).contains { if case .malformed = $0 { true } else { false } }
}

/// The rows of a connection on which the sides take turns, the client first.
private func analyse(_ turns: [[[UInt8]]], twice: Bool) -> String {
  var configuration = AnalyzerConfiguration()
  configuration.wantsExchanges = true
  configuration.wantsConnections = true
  var analyzer = Analyzer(configuration: configuration)
  var line = Line()
  analyzer.take(line.segment(0, flags: 2, []))
  analyzer.take(line.segment(1, flags: 0x12, []))
  analyzer.take(line.segment(0, flags: 0x10, []))
  for (number, pieces) in turns.enumerated() {
    line.time += 10_000_000
    for piece in pieces where !piece.isEmpty {
      let before = line
      analyzer.take(line.segment(number % 2, flags: 0x10, piece))
      guard twice else { continue }
      var again = before
      again.identification = line.identification &+ 1
      analyzer.take(again.segment(number % 2, flags: 0x10, piece))
      line.identification = again.identification
    }
    analyzer.take(line.segment(1 - number % 2, flags: 0x10, []))
  }
  line.time += 10_000_000
  analyzer.take(line.segment(1, flags: 0x11, []))
  analyzer.take(line.segment(0, flags: 0x11, []))
  analyzer.finish()
  check(analyzer.ledgerAddsUp, "the ledger does not add up")
  var rows = RowWriter()
  for row in analyzer.exchanges { rows.append(row) }
  for row in analyzer.connections {
    // What the cutting itself changes.
    var row = row
    (row.clientPackets, row.serverPackets, row.tcp.retransmissions) = (0, 0, 0)
    if twice { (row.clientBytes, row.serverBytes) = (row.clientBytes / 2, row.serverBytes / 2) }
    rows.append(row)
  }
  return String(decoding: rows.buffer.octets, as: UTF8.self)
}

/// Two endpoints and what they have sent: makes raw IPv4 packets.
private struct Line {
  var time: Int64 = 1_700_000_000_000_000_000
  var next: [UInt32] = [0x0001_0000, 0xFFFF_FF00]
  var identification: UInt16 = 0

  /// A segment of up to 60 000 octets.
  mutating func segment(_ side: Int, flags: UInt8, _ payload: [UInt8]) -> (time: Int64, octets: [UInt8]) {
    identification &+= 1
    let (source, destination): ([UInt8], [UInt8]) = ([10, 0, 0, UInt8(side)], [10, 0, 0, UInt8(1 - side)])
    let ports: [UInt8] = side == 0 ? [0x9C, 0x40, 0, 80] : [0, 80, 0x9C, 0x40]
    let payload = payload.prefix(60_000)
    var packet: [UInt8] = [0x45, 0] + be16(40 + payload.count) + be16(Int(identification)) + [0x40, 0, 64, 6, 0, 0]
    packet += source + destination + ports
    packet += be32(next[side]) + be32(flags == 2 ? 0 : next[1 - side])
    packet += [0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0] + payload
    next[side] &+= UInt32(payload.count) &+ (flags & 3 != 0 ? 1 : 0)
    return (time, packet)
  }

  private func be16(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  private func be32(_ value: UInt32) -> [UInt8] { be16(Int(value >> 16)) + be16(Int(value & 0xFFFF)) }
}

extension Analyzer {
  fileprivate mutating func take(_ packet: (time: Int64, octets: [UInt8])) {
    let count = packet.octets.count
    observe(
      timestamp: packet.time, capturedLength: count, originalLength: count, linkType: 101, octets: packet.octets.span)
  }
}
