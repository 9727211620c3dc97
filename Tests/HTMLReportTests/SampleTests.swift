import Foundation
import TestSupport
import Testing
import Wire

@testable import HTMLReport
@testable import ReuseAnalysis

private func server(_ number: Int) -> Endpoint {
  Endpoint(address: IPAddress(v4: 0x0A00_0000 + UInt32(truncatingIfNeeded: number)), port: 80)
}

private func connection(
  _ id: Int, server number: Int = 1, reason: CloseReason = .serverIdleClose, race: CloseRace? = nil, exchanges: Int = 1,
  isExample: Bool = false, host: [UInt8] = Array("shop.test".utf8)
) -> ConnectionRow {
  ConnectionRow(
    id: id, client: Endpoint(address: IPAddress(v4: 0xC0A8_0001), port: 40_000), server: server(number), role: .seen,
    protocol: .http11, opened: Int64(id) * 1_000_000, closed: Int64(id) * 1_000_000 + 500_000, openingSeen: true,
    handshake: .init(setup: 1000, rtt: 1000, synRetransmissions: 0), openedBecause: .firstContact, exchanges: exchanges,
    fresh: 1, reused: exchanges - 1, unknown: 0, pipelined: 0, closedBy: .server, closeKind: .fin, closeReason: reason,
    closeHeaderBy: nil, race: race, idle: .init(lead: 1, gaps: 0, total: 1, max: nil, tail: nil), advertised: nil,
    tcp: .init(retransmissions: 0, outOfOrder: 0, stalls: 0, stallTime: 0, missingBytes: 0), clientBytes: 1,
    serverBytes: 1, clientPackets: 1, serverPackets: 1, hosts: [host], isExample: isExample)
}

private func exchange(_ connection: Int, _ index: Int, target: [UInt8] = Array("/".utf8)) -> ExchangeRow {
  let start = Int64(connection) * 1_000_000 + Int64(index) * 1000
  return ExchangeRow(
    connection: connection, client: Endpoint(address: IPAddress(v4: 0xC0A8_0001), port: 40_000), server: server(1),
    index: index, use: index == 1 ? .fresh : .reused, pipelined: false, startTime: start,
    request: .init(
      start: start, end: start + 100, words: RequestWords(method: Array("GET".utf8), target: target, host: nil),
      versionMajor: 1,
      versionMinor: 1, headBytes: 40, bodyBytes: 0, framing: .none, persistent: true, complete: true),
    response: nil, idleBefore: nil, wait: nil, holDelay: 0, tcpStall: 0, missingBytes: 0, retryOf: nil,
    outcome: .unanswered)
}

@Test func `a few connections are all drawn, with all their exchanges`() {
  var sample = ConnectionSample(redacts: false)
  for id in 1...20 {
    for index in 1...30 { sample.add(exchange(id, index)) }
    sample.add(connection(id, exchanges: 30))
  }
  let choice = sample.choice(examples: [])
  #expect(choice.lanes.map(\.id) == Array(1...20))
  #expect(choice.lanes.allSatisfy { $0.marks.map(\.index) == Array(1...30) })
  #expect(choice.exchangesLeftOut == 0)
}

@Test func `of many connections every named one is drawn, and some of every server and kind`() {
  var sample = ConnectionSample(redacts: false)
  let named = Set([3, 77, 49_999, 31_415])
  let race = CloseRace(kind: .beforeFIN, exchange: 1, idle: 1, sinceFIN: -1)
  for id in 1...50_000 {
    sample.add(exchange(id, 1))
    sample.add(
      connection(
        id, server: id % 10 == 0 ? 1 + id % 70 : 1, reason: id % 9000 == 1 ? .midExchange : .serverIdleClose,
        race: id % 10_000 == 2 ? race : nil, isExample: named.contains(id) || id % 1000 == 5))
  }
  let choice = sample.choice(examples: named.sorted())
  let drawn = Set(choice.lanes.map(\.id))
  #expect(named.isSubset(of: drawn))
  #expect(drawn.count == choice.lanes.count)
  #expect((1900...ConnectionSample.limit).contains(choice.lanes.count))
  #expect(choice.connections == 50_000)
  #expect(Set(choice.lanes.map(\.server)).count == 7)
  #expect(choice.lanes.count { $0.race != nil } == 5)
  #expect(choice.lanes.count { $0.reason == .midExchange } == 6)
  // Over the whole time: every tenth of it has about its share of the most frequent kind.
  let tenths = Dictionary(grouping: choice.lanes.filter { $0.server == server(1) }) { $0.id / 5_001 }
  #expect(tenths.count == 10)
  #expect(tenths.values.allSatisfy { $0.count > 20 })
}

@Test func `one endless connection and many open ones stay in bounded memory`() {
  var sample = ConnectionSample(redacts: false)
  for index in 1...100_000 { sample.add(exchange(1, index)) }
  for id in 2...200_000 { sample.add(exchange(id, 1)) }
  #expect(sample.marksKept <= ConnectionSample.markLimit)
  sample.add(connection(1, exchanges: 100_000, isExample: true))
  for id in 2...200_000 { sample.add(connection(id)) }
  #expect(sample.marksKept <= ConnectionSample.markLimit)
  let choice = sample.choice(examples: [1])
  #expect(choice.lanes.count == ConnectionSample.limit)
  #expect(choice.exchangesLeftOut > 0)
  guard let first = choice.lanes.first(where: { $0.id == 1 }) else {
    Issue.record("the named connection is not drawn")
    return
  }
  #expect(first.marks.isEmpty || (first.marks.first?.index == 1 && first.marks.last?.index == 100_000))
}

@Test func `more kinds than places leave room for the named ones`() {
  var sample = ConnectionSample(redacts: false)
  for id in 1...9_000 { sample.add(connection(id, server: id, isExample: id > 8_000)) }
  let choice = sample.choice(examples: Array(8_001...9_000))
  #expect(choice.lanes.count == ConnectionSample.limit)
  #expect(Set(8_001...9_000).isSubset(of: choice.lanes.map(\.id)))
}

@Test func `the first and the last exchanges of a connection are kept, in their order`() {
  var random = SplitMix64(seed: 7)
  for _ in 0..<200 {
    let limit = 2 * Int.random(in: 1...8, using: &random)
    let count = Int.random(in: 1...60, using: &random)
    var waiting = WaitingMarks()
    for index in 1...count { _ = waiting.append(Mark(exchange(1, index), redacts: false), limit: limit) }
    let kept = waiting.marks.map(\.index)
    let expected =
      count <= limit ? Array(1...count) : Array(1...limit / 2) + Array((count - limit / 2 + 1)...count)
    #expect(kept == expected, "limit \(limit), count \(count)")
    waiting.trim(to: 2)
    #expect(waiting.marks.map(\.index) == (count <= 2 ? kept : [1, count]))
  }
}

@Test func `places are found by identifiers as a dictionary finds them`() {
  let seed = SplitMix64.newSeed()
  var random = SplitMix64(seed: seed)
  var table = PlaceTable()
  var known: [Int: Int32] = [:]
  for place in 0..<20_000 as Range<Int32> {
    let key = Int.random(in: 1...3_000, using: &random)
    if known[key] != nil || Bool.random(using: &random) {
      #expect(table.remove(key) == known.removeValue(forKey: key), "seed \(seed)")
    } else {
      table.insert(key, place)
      known[key] = place
    }
    let other = Int.random(in: 1...3_000, using: &random)
    #expect(table[other] == known[other], "seed \(seed)")
  }
  #expect(table.keys.sorted() == known.keys.sorted(), "seed \(seed)")
}

@Test func `long words are cut, and redacted before that`() {
  let long = "http://me:" + String(repeating: "secret", count: 60) + "@shop.test/" + String(repeating: "a", count: 200)
  for (redacts, begin) in [(false, "http://me:secret"), (true, "http://shop.test/aaa")] {
    let mark = Mark(exchange(1, 1, target: Array(long.utf8)), redacts: redacts)
    let target = String(decoding: mark.target(redacts: redacts), as: UTF8.self)
    #expect(target.hasPrefix(begin) && target.utf8.count == Mark.targetOctets)
    #expect(mark.method == Array("GET".utf8))
  }
}

@Test func `the page stays below 3 MB whatever the octets are`() {
  var page = ReportPage()
  var summary = hostileSummary()
  let hostile = [UInt8](repeating: 0x01, count: 4_000)
  for id in 1...3_000 {
    for index in 1...40 { page.add(exchange(id, index, target: hostile + Array("\(id).\(index)".utf8))) }
    let host = Array(String(repeating: "\u{1}<", count: 120).utf8) + Array("\(id)".utf8)
    page.add(connection(id, server: id, exchanges: 40, isExample: id % 2 == 0, host: host))
  }
  var finding = summary.findings[0]
  finding.subject = .origin(hostile)
  finding.examples = Array(1...5)
  summary.findings = Array(repeating: finding, count: 500)
  var group = Summary.Group()
  group.host = hostile
  summary.hosts = Array(repeating: group, count: 1_000)
  summary.warnings = Array(repeating: .init(hostileText, matters: true), count: 200)
  summary.capture.files = Array(repeating: hostileText, count: 1_000)
  let octets = page.octets(summary)
  #expect(octets.count <= 3_000_000, "\(octets.count)")
  let text = String(decoding: octets, as: UTF8.self)
  #expect(!text.contains("<\\u0001"))
  #expect(text.components(separatedBy: "<script").count == 4)
  #expect(text.components(separatedBy: "</script>").count == 4)
}

@Test func `the data of the waterfall is JSON that tells the connections`() throws {
  var sample = ConnectionSample(redacts: true)
  sample.add(exchange(4, 1, target: Array("/a?token=secret".utf8)))
  sample.add(connection(4))
  let data = WaterfallData(sample.choice(examples: []), summary: Summary(), names: Names(redacts: true))
  let json = try #require(try JSONSerialization.jsonObject(with: Data(data.text)) as? [String: Any])
  let lane = try #require((json["lanes"] as? [[Any]])?.first)
  #expect(lane.first as? Int == 4)
  #expect(lane.last as? [Int] == [1, 1, 0, -1, -1, 0, 0, 1, 4, 0, 0])
  #expect(json["texts"] as? [String] == ["GET", "/a?"])
}

@Test func `times further apart than 64 bits of nanoseconds are drawn`() {
  var sample = ConnectionSample(redacts: false)
  sample.add(exchange(4, 1))
  sample.add(connection(4))
  sample.add(exchange(5, 1))
  sample.add(connection(5))
  var lanes = sample.choice(examples: []).lanes
  lanes[0].opened = .min
  lanes[1].closed = .max
  let page = Drawings.waterfall(lanes, duration: .max).text
  #expect(page.hasPrefix("<svg") && !page.contains("nan") && !page.contains("inf"))
}
