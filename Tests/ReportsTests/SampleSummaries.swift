import Wire

@testable import ReuseAnalysis

let ms: Int64 = 1_000_000
let second: Int64 = 1_000_000_000

func endpoint(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, port: UInt16) -> Endpoint {
  let address = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
  return Endpoint(address: IPAddress(v4: address), port: port)
}

func distribution(
  count: Int, min: Int64, p50: Int64, p90: Int64, p99: Int64, max: Int64, sum: Int64
) -> Summary.Distribution {
  var result = Summary.Distribution()
  result.count = count
  (result.min, result.p50, result.p90, result.p99, result.max) = (min, p50, p90, p99, max)
  result.sum = Int128(sum)
  return result
}

func group(
  server: Endpoint? = nil, host: String? = nil, connections: Int, exchanges: Int, unknown: Int = 0, paid: Int
) -> Summary.Group {
  var group = Summary.Group()
  group.server = server
  group.host = host.map { Array($0.utf8) }
  group.connections = connections
  group.openingSeen = connections
  group.exchanges = exchanges
  group.fresh = paid
  group.unknown = unknown
  group.reused = exchanges - paid - unknown
  group.ratio = Double(group.reused) / Double(exchanges)...Double(group.reused + unknown) / Double(exchanges)
  group.handshakesPaid = paid
  return group
}

/// A busy service behind a short keep-alive timeout: most tables have rows.
func busySummary() -> Summary {
  var s = Summary()
  s.capture.files = ["shop.pcapng"]
  s.capture.start = 1_795_224_761_123_456_789
  s.capture.duration = 61 * second + 250 * ms
  s.capture.packets = 91_462
  s.capture.bytes = 22_134_567
  s.capture.linkTypes = ["Ethernet"]
  s.ledger.packets = 91_462
  s.ledger.tcp = 91_462
  s.ledger.payloadBytes = 18_230_114
  s.ledger.delivered = 18_230_114
  s.connections.total = 407
  s.connections.openingSeen = 407
  s.connections.http = 407
  s.connections.byProtocol = [(.http11, 407)]
  s.connections.short = 187
  s.connections.persistent = 220
  s.connections.peakOpen = 44
  s.connections.peakBusy = 31
  s.exchanges.total = 3_207
  s.exchanges.withRequest = 3_207
  s.exchanges.fresh = 407
  s.exchanges.reused = 2_800
  s.exchanges.outcomes = [(.complete, 3_205), (.unanswered, 2)]
  s.exchanges.statusClasses = [2, 0, 3_100, 55, 50, 0, 0]
  s.exchanges.requestBodyBytes = 120_000
  s.exchanges.responseBodyBytes = 16_000_000
  s.reuse.ratio = 2_800.0 / 3_207.0...2_800.0 / 3_207.0
  s.reuse.multiUseShare = 220.0 / 407.0
  s.reuse.requestsPerConnection = distribution(count: 407, min: 1, p50: 4, p90: 20, p99: 100, max: 1_000, sum: 3_207)
  s.reuse.handshakes.paid = 407
  s.reuse.handshakes.saved = 2_800
  s.reuse.handshakes.timePaid = 1_234 * ms
  s.reuse.handshakes.timeSaved = 5_880 * ms
  s.reuse.handshakes.setup = distribution(
    count: 407, min: 1_800_000, p50: 2_100_000, p90: 4_000_000, p99: 10 * ms, max: 1_003 * ms, sum: 1_234 * ms)
  s.reuse.handshakes.rtt = distribution(
    count: 407, min: 1_800_000, p50: 2_100_000, p90: 3_000_000, p99: 4 * ms, max: 5 * ms, sum: 900 * ms)
  s.reuse.idealConnections = 58
  s.reuse.efficiency = 2_800.0 / 3_149.0
  s.causes = [
    .init(cause: .firstContact, connections: 12, setupTime: 36 * ms),
    .init(cause: .missedReuse, connections: 61, setupTime: 180 * ms),
    .init(cause: .allBusy, connections: 45, setupTime: 140 * ms),
    .init(cause: .afterServerIdleClose, connections: 280, setupTime: 850 * ms),
    .init(cause: .afterClientIdleClose, connections: 0, setupTime: 0),
    .init(cause: .afterCloseHeader, connections: 7, setupTime: 20 * ms),
    .init(cause: .afterHTTP10, connections: 0, setupTime: 0),
    .init(cause: .afterFailure, connections: 2, setupTime: 8 * ms),
    .init(cause: .afterUnknown, connections: 0, setupTime: 0),
  ]
  s.closes = [
    .init(reason: .serverIdleClose, closedBy: .server, connections: 352),
    .init(reason: .open, closedBy: nil, connections: 44),
    .init(reason: .closeHeader, closedBy: .server, connections: 9),
    .init(reason: .midExchange, closedBy: .client, connections: 2),
  ]
  s.idle.gaps = distribution(
    count: 2_800, min: 200_000, p50: 120 * ms, p90: 4_200 * ms, p99: 4_900 * ms, max: 4_990 * ms, sum: 2_000 * second)
  s.idle.lead = distribution(count: 407, min: 30_000, p50: 40_000, p90: 60_000, p99: ms, max: 2 * ms, sum: 30 * ms)
  s.idle.tail = distribution(
    count: 363, min: 5_000 * ms, p50: 5_001 * ms, p90: 5_003 * ms, p99: 5_010 * ms, max: 5_011 * ms, sum: 1_815 * second
  )
  s.idle.share = 0.83
  s.idle.idleTime = Int128(3_815 * second)
  s.idle.openTime = Int128(4_596 * second)
  s.idle.reuseByGap = [
    (10 * ms, 0.18), (100 * ms, 0.45), (980 * ms, 0.62), (1_900 * ms, 0.74), (4_000 * ms, 0.88), (4_990 * ms, 1),
  ]
  s.headOfLine.queued = 34
  s.headOfLine.queueingBound = 1_200 * ms
  s.headOfLine.stalls = distribution(
    count: 5, min: 400_000, p50: 1_100_000, p90: 12 * ms, p99: 12 * ms, max: 12_300_000, sum: 19 * ms)
  s.headOfLine.stalledExchanges = 4

  var first = group(server: endpoint(10, 77, 0, 2, port: 80), connections: 310, exchanges: 3_000, paid: 310)
  first.setup = s.reuse.handshakes.setup
  first.timePaid = 940 * ms
  first.timeSaved = 5_600 * ms
  first.idealConnections = 40
  first.efficiency = 2_690.0 / 2_960.0
  first.advertisedTimeout = 5
  first.advertisedMax = 100
  first.idleGaps = s.idle.gaps
  first.requestsPerConnection = s.reuse.requestsPerConnection
  first.causes = [.init(cause: .afterServerIdleClose, connections: 280, setupTime: 850 * ms)]
  first.closes = [.init(reason: .serverIdleClose, closedBy: .server, connections: 266)]
  var secondServer = group(
    server: Endpoint(address: IPAddress(high: 0x2001_0DB8_0000_0000, low: 0x1), port: 8_080), connections: 97,
    exchanges: 207, paid: 97)
  secondServer.setup = distribution(
    count: 97, min: ms, p50: 3 * ms, p90: 4 * ms, p99: 5 * ms, max: 9 * ms, sum: 294 * ms)
  secondServer.timePaid = 294 * ms
  secondServer.timeSaved = 330 * ms
  secondServer.idealConnections = 18
  s.servers = [first, secondServer]
  var pool = first
  pool.client = IPAddress(v4: 0x0A4D_0001)
  pool.peakOpen = 44
  pool.parallelShare = 0.97
  s.pools = [pool]
  s.hosts = [
    group(host: "shop.test", connections: 400, exchanges: 3_100, paid: 400),
    group(host: "static.shop.test", connections: 60, exchanges: 107, paid: 7),
  ]
  return s
}

/// A capture that began late and lost packets: every uncertainty that the text can name.
func uncertainSummary() -> Summary {
  var s = busySummary()
  s.capture.files = ["web-1.pcap.gz", "web-2.pcap.gz"]
  s.capture.duration = 7_384 * second
  s.capture.linkTypes = ["Linux cooked v2", "Ethernet"]
  s.capture.drops = 1_204
  s.capture.truncated = true
  s.capture.cutPackets = 12
  s.connections.total = 530
  s.connections.byProtocol = [(.http11, 400), (.http10, 7), (.tls, 110), (.other, 4), (.empty, 9)]
  s.connections.headsHit = 3
  s.exchanges.fresh = 177
  s.exchanges.unknown = 230
  s.reuse.ratio = 2_800.0 / 3_207.0...3_030.0 / 3_207.0
  s.reuse.handshakes.refused = 2
  s.reuse.handshakes.timedOut = 1
  s.reuse.handshakes.paidNotTimed = 14
  s.reuse.handshakes.savedNotTimed = 120
  s.reuse.handshakes.synRetransmissions = 6
  s.servers[0].unknown = 230
  s.servers[0].ratio = 0.82...0.897
  s.servers[1].server = Endpoint(
    address: IPAddress(high: 0x2001_0DB8_1111_2222, low: 0x3333_4444_5555_6666), port: 65_535)
  s.serversOmitted = 12
  s.headOfLine.pipelinedExchanges = 120
  s.headOfLine.pipelinedConnections = 3
  s.headOfLine.delayed = 88
  s.headOfLine.delay = distribution(
    count: 88, min: 1_000, p50: 1_200_000, p90: 9 * ms, p99: 30 * ms, max: 30 * ms, sum: 120 * ms)
  s.ledger.tcp = 80_000
  s.ledger.duplicateFrames = 1_000
  s.ledger.notTCP = 10_000
  s.ledger.notIP = 400
  s.ledger.undecodable = 62
  s.ledger.stops = [
    .init(layer: "IPv4", reason: "protocol 17", packets: 9_900),
    .init(layer: "Ethernet", reason: "type 0x0806", packets: 400),
    .init(layer: "IPv4", reason: "protocol 1", packets: 100), .init(layer: "TCP", reason: "too short", packets: 62),
  ]
  s.ledger.delivered = 18_000_000
  s.ledger.retransmitted = 130_114
  s.ledger.missingUnseen = 100_000
  s.warnings = [
    .init(
      "100,000 octets acknowledged but not in the capture: packets were lost while capturing.", matters: false),
    .init("web-2.pcap.gz: ends in the middle of a packet.", matters: true),
  ]
  return s
}

/// Names chosen to hurt the terminal, the tables and the JSON.
func hostileSummary() -> Summary {
  var s = busySummary()
  s.capture.files = ["\u{1B}]0;owned\u{07}.pcap"]
  s.capture.linkTypes = ["link\u{202E}type"]
  s.hosts = [
    group(host: "a\u{1B}[2J.test\r\nX: y", connections: 1, exchanges: 10, paid: 1),
    group(host: "\u{202E}moc.elpmaxe\u{2028}\u{85}", connections: 1, exchanges: 9, paid: 1),
    group(host: String(repeating: "long", count: 60), connections: 1, exchanges: 8, paid: 1),
    group(host: "例え.テスト", connections: 1, exchanges: 7, paid: 1),
    group(host: "", connections: 1, exchanges: 6, paid: 1),
    group(host: "user:secret@shop.test", connections: 1, exchanges: 5, paid: 1),
  ]
  s.hosts[2].host?.insert(0xFF, at: 0)
  s.warnings = [.init("a\u{1B}[31mred\u{0}", matters: false)]
  s.ledger.tcp -= 1
  s.ledger.notIP = 1
  s.ledger.stops = [.init(layer: "\u{7F}", reason: "\u{9B}1m", packets: 1)]
  return s
}

/// A capture of encrypted traffic.
func encryptedSummary() -> Summary {
  var s = Summary()
  s.capture.files = ["-"]
  s.capture.start = 0
  s.capture.duration = 3 * second
  s.capture.packets = 1_500
  s.capture.bytes = 900_000
  s.capture.linkTypes = ["Ethernet"]
  s.capture.cutPackets = 700
  s.ledger.packets = 1_500
  s.ledger.tcp = 1_400
  s.ledger.notTCP = 100
  s.ledger.stops = [.init(layer: "IPv4", reason: "protocol 17", packets: 100)]
  s.ledger.payloadBytes = 800_000
  s.ledger.delivered = 500_000
  s.ledger.missingCut = 300_000
  s.connections.total = 23
  s.connections.byProtocol = [(.tls, 20), (.h2c, 1), (.empty, 2)]
  s.reuse.handshakes.paid = 23
  return s
}
