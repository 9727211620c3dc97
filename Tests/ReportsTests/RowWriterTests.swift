import FoundationEssentials
import Testing
import Wire

@testable import Reports
@testable import ReuseAnalysis

private let client = endpoint(10, 77, 0, 1, port: 41_244)
private let server = endpoint(10, 77, 0, 2, port: 80)

func exchange() -> ExchangeRow {
  ExchangeRow(
    connection: 3, client: client, server: server, index: 2, use: .reused, pipelined: false,
    startTime: 1_795_224_761_123_456_789,
    request: .init(
      start: 1_234_567_891, end: 1_234_600_122, words: words("GET", "/f1000", "shop.test"),
      versionMajor: 1, versionMinor: 1, headBytes: 92, bodyBytes: 0, framing: .none,
      persistent: true, complete: true),
    response: .init(
      start: 1_236_001_000, end: 1_236_420_111, status: 200, versionMajor: 1, versionMinor: 1, headBytes: 210,
      bodyBytes: 1_000, framing: .contentLength, persistent: true, keepAlive: .init(timeout: 5, max: 99),
      complete: true,
      interim: [100]), idleBefore: 312_000_000, wait: 1_400_000, holDelay: 0, tcpStall: 0, missingBytes: 0,
    retryOf: nil, outcome: .complete)
}

func words(_ method: String, _ target: String, _ host: String?) -> RequestWords {
  RequestWords(method: Array(method.utf8), target: Array(target.utf8), host: host.map { Array($0.utf8) })
}

func connection() -> ConnectionRow {
  ConnectionRow(
    id: 3, client: client, server: server, role: .seen, protocol: .http11, opened: 12_000, closed: 5_771_203_000,
    openingSeen: true, handshake: .init(setup: 420_000, rtt: 420_000, synRetransmissions: 0),
    openedBecause: .afterServerIdleClose, exchanges: 4, fresh: 1, reused: 3, unknown: 0, pipelined: 0,
    closedBy: .server,
    closeKind: .fin, closeReason: .serverIdleClose, closeHeaderBy: nil,
    idle: .init(lead: 30_000, gaps: 3, total: 1_412_000_000, max: 900_000_000, tail: 5_000_000_000),
    advertised: .init(timeout: 5, max: 100),
    tcp: .init(retransmissions: 0, outOfOrder: 0, stalls: 0, stallTime: 0, missingBytes: 0), clientBytes: 412,
    serverBytes: 9_120, clientPackets: 12, serverPackets: 14, hosts: [Array("shop.test".utf8)])
}

private func line(of row: ExchangeRow, redacts: Bool = false) -> String {
  var writer = RowWriter(redacts: redacts)
  writer.append(row)
  return String(decoding: writer.buffer.octets, as: UTF8.self)
}

private func line(of row: ConnectionRow, redacts: Bool = false) -> String {
  var writer = RowWriter(redacts: redacts)
  writer.append(row)
  return String(decoding: writer.buffer.octets, as: UTF8.self)
}

@Test func `an exchange is one line with all keys`() {
  let expected =
    #"{"type":"exchange","connection":3,"client":"10.77.0.1:41244","server":"10.77.0.2:80","index":2,"use":"reused","#
    + #""pipelined":false,"start_time":"2026-11-21T01:32:41.123456789Z","#
    + #""request":{"start":1.234567891,"end":1.234600122,"method":"GET","target":"/f1000","host":"shop.test","#
    + #""version":"1.1","head_bytes":92,"body_bytes":0,"framing":"none","persistent":true,"complete":true},"#
    + #""response":{"start":1.236001,"end":1.236420111,"status":200,"version":"1.1","head_bytes":210,"body_bytes":1000,"#
    + #""framing":"content-length","persistent":true,"keep_alive":{"timeout":5,"max":99},"complete":true,"#
    + #""interim":[100]},"idle_before":0.312,"wait":0.0014,"hol_delay":0,"tcp_stall":0,"missing_bytes":0,"retry_of":null,"#
    + #""outcome":"complete"}"# + "\n"
  #expect(line(of: exchange()) == expected)
}

@Test func `what an exchange does not know is null`() {
  var row = exchange()
  row.use = .unknown
  row.pipelined = true
  row.request = nil
  row.response?.end = nil
  row.response?.keepAlive = KeepAliveParameters(timeout: nil, max: 7)
  row.response?.interim = [100, 103]
  row.response?.complete = false
  row.idleBefore = nil
  row.wait = nil
  row.holDelay = nil
  row.retryOf = (connection: 1, index: 4)
  row.outcome = .incomplete
  row.missingBytes = 300
  row.startTime = 0
  #expect(
    line(of: row)
      == #"{"type":"exchange","connection":3,"client":"10.77.0.1:41244","server":"10.77.0.2:80","index":2,"#
      + #""use":"unknown","pipelined":true,"start_time":"1970-01-01T00:00:00.000000000Z","request":null,"#
      + #""response":{"start":1.236001,"end":null,"status":200,"version":"1.1","head_bytes":210,"body_bytes":1000,"#
      + #""framing":"content-length","persistent":true,"keep_alive":{"timeout":null,"max":7},"complete":false,"#
      + #""interim":[100,103]},"idle_before":null,"wait":null,"hol_delay":null,"tcp_stall":0,"missing_bytes":300,"#
      + #""retry_of":{"connection":1,"index":4},"outcome":"incomplete"}"# + "\n")
  row.request = exchange().request
  row.request?.host = nil
  row.request?.end = nil
  row.response = nil
  #expect(line(of: row).contains(#""end":null,"method":"GET","target":"/f1000","host":null,"version":"1.1""#))
  #expect(line(of: row).contains(#""complete":true},"response":null,"idle_before":null"#))
}

@Test func `a connection is one line with all keys`() {
  let expected =
    #"{"type":"connection","id":3,"client":"10.77.0.1:41244","server":"10.77.0.2:80","role":"seen","#
    + #""protocol":"http/1.1","opened":0.000012,"closed":5.771203,"opening_seen":true,"#
    + #""handshake":{"setup":0.00042,"rtt":0.00042,"syn_retransmissions":0},"#
    + #""opened_because":"after-server-idle-close","exchanges":4,"fresh":1,"reused":3,"unknown":0,"pipelined":0,"#
    + #""closed_by":"server","close_kind":"fin","close_reason":"server-idle-close","close_header_by":null,"race":null,"#
    + #""idle":{"lead":0.00003,"gaps":3,"total":1.412,"max":0.9,"tail":5},"advertised":{"timeout":5,"max":100},"#
    + #""tcp":{"retransmissions":0,"out_of_order":0,"stalls":0,"stall_time":0,"missing_bytes":0},"#
    + #""bytes":{"client":412,"server":9120},"packets":{"client":12,"server":14},"hosts":["shop.test"]}"# + "\n"
  #expect(line(of: connection()) == expected)
}

@Test func `what a connection does not know is null`() {
  var row = connection()
  row.client = Endpoint(address: IPAddress(high: 0x2001_0DB8 << 32, low: 1), port: 443)
  row.closed = nil
  row.openingSeen = false
  row.handshake = nil
  row.openedBecause = nil
  row.closedBy = nil
  row.closeKind = .none
  row.closeReason = .open
  row.closeHeaderBy = .both
  row.idle = .init(lead: nil, gaps: 0, total: 0, max: nil, tail: nil)
  row.advertised = nil
  row.hosts = [Array("a".utf8), [], Array("b".utf8)]
  #expect(
    line(of: row)
      == #"{"type":"connection","id":3,"client":"[2001:db8::1]:443","server":"10.77.0.2:80","role":"seen","#
      + #""protocol":"http/1.1","opened":0.000012,"closed":null,"opening_seen":false,"handshake":null,"#
      + #""opened_because":null,"exchanges":4,"fresh":1,"reused":3,"unknown":0,"pipelined":0,"#
      + #""closed_by":null,"close_kind":"none","close_reason":"open","close_header_by":"both","race":null,"#
      + #""idle":{"lead":null,"gaps":0,"total":0,"max":null,"tail":null},"advertised":null,"#
      + #""tcp":{"retransmissions":0,"out_of_order":0,"stalls":0,"stall_time":0,"missing_bytes":0},"#
      + #""bytes":{"client":412,"server":9120},"packets":{"client":12,"server":14},"hosts":["a","","b"]}"# + "\n")
}

@Test func `redacted rows hold no query and no user-info`() {
  var row = exchange()
  row.request?.target = Array("http://me:secret@shop.test/a?card=secret".utf8)
  row.request?.host = Array("me:secret@shop.test".utf8)
  #expect(line(of: row).contains("card=secret"))
  #expect(!line(of: row, redacts: true).contains("secret"))
  #expect(line(of: row, redacts: true).contains(#""target":"http://shop.test/a?","host":"shop.test""#))
  var other = connection()
  other.hosts = [Array("me:secret@shop.test".utf8)]
  #expect(line(of: other, redacts: true).contains(#""hosts":["shop.test"]"#))
}

@Test func `rows of extreme values are JSON and stay in one line`() throws {
  var row = exchange()
  let numbers = [Int.min, Int.max, 0]
  for number in numbers {
    row.connection = number
    row.index = number
    row.startTime = Int64(number)
    row.request?.start = Int64(number)
    row.request?.target = (0...255).map { UInt8($0) }
    row.request?.method = []
    row.request?.headBytes = number
    row.response?.status = number
    row.response?.interim = [.min, .max, 200]
    row.tcpStall = Int64(number)
    var writer = RowWriter()
    writer.append(row)
    writer.append(connection())
    let octets = writer.buffer.octets
    #expect(octets.count { $0 == UInt8(ascii: "\n") } == 2)
    for line in octets.split(separator: UInt8(ascii: "\n")) {
      _ = try JSONDecoder().decode([String: AnyJSON].self, from: Data(line))
    }
  }
}

/// Any JSON value, its content not looked at.
struct AnyJSON: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() { return }
    if (try? container.decode(Bool.self)) != nil { return }
    if (try? container.decode(Double.self)) != nil { return }
    if (try? container.decode(String.self)) != nil { return }
    if (try? container.decode([AnyJSON].self)) != nil { return }
    _ = try container.decode([String: AnyJSON].self)
  }
}
