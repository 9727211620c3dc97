import HTTP1
import TCPStreams
import Wire

/// What to analyse, what to keep, and every limit.
public struct AnalyzerConfiguration: Sendable {
  /// Only connections to these ports; empty: every TCP port, HTTP being recognised by content.
  public var serverPorts: Set<UInt16> = []
  public var wantsExchanges = false
  public var wantsConnections = false

  public var streams = StreamLimits()
  public var http = HTTPLimits()
  public var decoding = PacketDecoder.Limits()
  /// Exchanges outstanding on one connection, responses without a request among them; one with more is given up.
  public var outstanding = 10_000
  /// Memory for all heads that have not ended and all exchanges that are not over; beyond it, of the connections that have
  /// one those idle longest are given up.
  public var heldOctets = 256 << 20
  /// Status codes of 1xx responses kept of one exchange.
  public var interim = 1_000
  public var pools = 262_144
  public var servers = 65_536
  public var hosts = 16_384
  /// Rows of servers, pools and hosts in the summary.
  public var groupRows = 1_000
  /// Raced requests listed in the summary.
  public var races = 1_000
  /// Servers whose load is followed, and those shown in the summary.
  public var loadLines = 256
  public var loadServers = 10
  /// How long a connection stays in TIME-WAIT, in nanoseconds.
  public var timeWait: Int64 = 60_000_000_000
  /// Addresses whose TIME-WAITs are counted apart, and rows of them and of pools in the summary.
  public var timeWaitAddresses = 65_536
  public var timeWaitRows = 100
  /// Pairs of a host and a server that are counted apart.
  public var balancePairs = 65_536
  /// Whether openings without an answer are kept apart, as long as nothing but their SYN is known. As long as
  /// ``vainPools`` has room it changes no row, and in the summary only the order of equal pools.
  package var postponesOpenings = true
  /// Pools made for connections that nobody has completed, at most: beyond it a flood would drive out the pools of others.
  var vainPools: Int { max(1, pools / 64) }
  /// Octets that one idle connection costs; `nil`: not said.
  public var connectionMemory: Int?

  public init() {}

  /// Places are 32-bit numbers.
  public static let mostConnections = 1 << 30
  /// What the program itself needs, and a little to work with.
  public static let leastMemory = 32 << 20

  /// Sets the limits so that the analysis needs about this much memory at most, the program itself included.
  ///
  /// A third goes to connections, a quarter to what is held until it can be read (octets out of order, unfinished heads and
  /// exchanges, fragments), the rest to pools, servers and hosts. The shares are what each takes by itself: an attack on one of them
  /// finds its limit, not the others'.
  public mutating func limitMemory(to octets: Int) {
    let free = max(octets - Self.leastMemory / 2, Self.leastMemory / 2)
    streams.connections = max(64, min(streams.connections, free / 3 / Self.connectionOctets))
    streams.halfOpen = min(streams.halfOpen, max(16, streams.connections / 4))
    streams.remembered = min(streams.remembered, max(16, streams.connections / 8))
    streams.bufferedOctetsInAll = min(streams.bufferedOctetsInAll, free / 8)
    streams.bufferedOctets = min(streams.bufferedOctets, streams.bufferedOctetsInAll / 4)
    decoding.fragmentOctets = min(decoding.fragmentOctets, free / 16)
    heldOctets = min(heldOctets, free / 16)
    pools = max(64, min(pools, free / 5 / Self.poolOctets))
    servers = max(16, min(servers, free / 16 / Self.serverOctets))
    hosts = max(16, min(hosts, free / 16 / Self.hostOctets))
    loadLines = max(16, min(loadLines, free / 32 / Self.loadLineOctets))
    timeWaitAddresses = max(64, min(timeWaitAddresses, free / 32 / Self.timeWaitOctets))
    balancePairs = max(64, min(balancePairs, free / 64 / Self.balanceOctets))
  }

  /// What one of each takes, its place in an index and the slack of growing arrays included; rounded up, as measured on
  /// captures that hold a million of them.
  static let connectionOctets = 1024
  static let poolOctets = 512
  static let serverOctets = 4096
  static let hostOctets = 2048
  /// As their types' sizes add up, not measured: 400 cells; an address with a short queue; a pair of numbers.
  static let loadLineOctets = 16_384
  static let timeWaitOctets = 512
  static let balanceOctets = 64
}
