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
  /// Requests outstanding on one connection.
  public var outstanding = 10_000
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
  /// Octets that one idle connection costs; `nil`: not said.
  public var connectionMemory: Int?

  public init() {}
}
