import TestSupport
import Testing
import Wire

@testable import Reports
@testable import ReuseAnalysis

@Suite struct CSVTests {
  @Test(arguments: [
    ("", #""""#), ("/index.html?a=b", "/index.html?a=b"), ("a,b", #""a,b""#), (#"a"b"#, #""a""b""#), ("a b", #""a b""#),
    ("=1+1", #""\x3d1+1""#), ("+1", #""\x2b1""#), ("-1", #""\x2d1""#), ("@SUM(A1)", #""\x40SUM(A1)""#),
    ("\t=1", #""\x09=1""#), ("\r\n=1", #""\x0d\x0a=1""#), (" =1", #"" \x3d1""#), ("/a;=1", #""/a;\x3d1""#),
    (#"";"=1"#, #"""";""\x3d1""#), ("a|=1", #""a|\x3d1""#), ("\u{FF1D}1", #""\xef\xbc\x9d1""#),
    ("\u{1B}[2J", #""\x1b[2J""#), ("\u{202E}", #""\xe2\x80\xae""#), ("ü", #""ü""#), ("a=b;c=-1", #""a=b;c=-1""#),
  ])
  func `captured text is quoted, shown and no formula`(_ text: String, _ field: String) {
    var writer = CSVWriter()
    writer.captured(Array(text.utf8))
    #expect(String(decoding: writer.buffer.octets, as: UTF8.self) == field)
  }

  @Test func `cells are separated, and what is not known is empty`() {
    var writer = CSVWriter()
    writer.null()
    writer.integer(-3)
    writer.seconds(-1_500_000_000)
    writer.boolean(true)
    writer.integer(nil)
    writer.real(0.5)
    writer.word("a, b")
    writer.list([Array("a\"b".utf8), Array("=1".utf8)])
    writer.endRow()
    #expect(
      String(decoding: writer.buffer.octets, as: UTF8.self)
        == #",-3,-1.5,true,,0.5,"a, b","[""a\""b"", ""\\x3d1""]""# + "\r\n")
  }

  @Test func `every row has a cell for every column`() {
    var counter = CellCounter()
    for table in SummaryTable<CellCounter>.all(redacts: false) {
      counter.rows = []
      var summary = busySummary()
      summary.races = [
        .init(
          connection: 1, client: endpoint(10, 0, 0, 1, port: 1), server: endpoint(10, 0, 0, 2, port: 80),
          kind: .beforeFIN,
          exchange: 2, time: 1, idle: nil, sinceFIN: -1, timeout: nil)
      ]
      summary.findings = [.sample(.server(endpoint(10, 0, 0, 2, port: 80)))]
      summary.load.total.points = [.init(open: 1, busy: 0.5, openings: 1, handshakes: 1, requests: 2)]
      summary.timeWait.points = [1]
      summary.timeWait.endpoints = [.init(address: IPAddress(v4: 1), connections: 2, peak: 1, at: 5)]
      summary.timeWait.ports = [
        .init(client: IPAddress(v4: 1), server: endpoint(10, 0, 0, 2, port: 80), peak: 1, share: 0.1)
      ]
      summary.balance = [
        .init(
          origin: [0x61], servers: [.init(server: endpoint(10, 0, 0, 2, port: 80), connections: 1, exchanges: 2)],
          exchangesMaxToMean: 1, connectionsMaxToMean: 1)
      ]
      summary.idle.gapsByLength = [(upTo: 1000, count: 1)]
      table.write(summary, &counter)
      #expect(!counter.rows.isEmpty, "\(table.table.name)")
      #expect(counter.rows.allSatisfy { $0 == table.table.columns.count }, "\(table.table.name)")
      #expect(Set(table.table.columns.map(\.name)).count == table.table.columns.count)
    }
    counter.rows = []
    var bare = exchange()
    (bare.request, bare.response, bare.retryOf) = (nil, nil, nil)
    for row in [exchange(), bare] { counter.put(row, redacts: false) }
    #expect(counter.rows.allSatisfy { $0 == Table.exchanges.columns.count })
    counter.rows = []
    var unseen = connection()
    (unseen.handshake, unseen.race, unseen.advertised) = (nil, nil, nil)
    for row in [connection(), unseen] { counter.put(row, redacts: true) }
    #expect(counter.rows.allSatisfy { $0 == Table.connections.columns.count })
  }

  /// Octets at random, read back as a spreadsheet would.
  @Test func `random text stays one field of one line`() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix64(seed: seed)
    let alphabet = Array(#"=+-@;,|"' ab\"#.utf8) + [0, 9, 10, 13, 27, 127, 128, 0xC3, 0xBC, 0xEF, 0xBC, 0x9D]
    for _ in 0..<5_000 {
      let octets = (0..<Int(random.next() % 12)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
      var writer = CSVWriter()
      writer.captured(octets)
      let text = String(decoding: writer.buffer.octets, as: UTF8.self)
      #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "seed \(seed): \(octets)")
      let inner = text.hasPrefix("\"") ? text.dropFirst().dropLast().replacing("\"\"", with: "") : text[...]
      #expect(!inner.contains("\"") && (text.hasPrefix("\"") || !text.contains(",")), "seed \(seed): \(octets)")
      for part in inner.split(whereSeparator: { ";,|".contains($0) }) {
        let front = part.drop { " \"'".contains($0) }.unicodeScalars.first
        #expect(!"=+-@".unicodeScalars.contains { $0 == front }, "seed \(seed): \(octets)")
      }
    }
  }
}

extension Finding {
  static func sample(_ subject: Subject) -> Finding {
    Finding(
      kind: .missedReuse, severity: .warning, subject: subject,
      evidence: [("missed", .count(10)), ("openings", .count(18)), ("share", .share(0.55)), ("clients", .count(1))],
      threshold: [("missed", .count(5))], saves: Saving(handshakes: 7, time: 144_000_000), examples: [5, 6])
  }
}

/// Counts the cells of each row.
struct CellCounter: CellSink {
  var rows: [Int] = []
  private var cells = 0

  mutating func null() { cells += 1 }
  mutating func integer(_ value: Int) { cells += 1 }
  mutating func seconds(_ nanoseconds: Int64) { cells += 1 }
  mutating func real(_ value: Double) { cells += 1 }
  mutating func boolean(_ value: Bool) { cells += 1 }
  mutating func word(_ text: String) { cells += 1 }
  mutating func captured(_ octets: [UInt8]) { cells += 1 }
  mutating func list(_ texts: [[UInt8]]) { cells += 1 }
  mutating func endpoint(_ endpoint: Endpoint) { cells += 1 }
  mutating func address(_ address: IPAddress) { cells += 1 }
  mutating func timestamp(_ nanoseconds: Int64) { cells += 1 }
  mutating func endRow() {
    rows.append(cells)
    cells = 0
  }
}
