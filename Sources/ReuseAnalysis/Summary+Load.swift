import Wire

// What the traffic asked of machines over time (METRICS.md §5, §6, §8).
extension Summary {
  /// A raced request (METRICS.md §6).
  public struct Race: Sendable {
    public var connection: Int
    public var client, server: Endpoint
    public var kind: CloseRace.Kind
    /// The raced exchange's index on its connection.
    public var exchange: Int
    /// When the request began: nanoseconds since the first packet.
    public var time: Int64
    /// How long the connection had been idle when the request was sent.
    public var idle: Int64?
    /// From the server's FIN or RST to the request: negative when the request was captured first.
    public var sinceFIN: Int64
    /// The server's timeout at the end of the capture, inferred or else advertised.
    public var timeout: Int64?
  }

  /// Reused gaps that came close to the server's timeout (METRICS.md §5).
  public struct TimeoutMargin: Sendable {
    public var timeout: Int64
    /// `timeout` is what the closes show, not what the server said.
    public var isInferred: Bool
    /// max(1 s, 2 · RTT).
    public var margin: Int64
    /// Gaps in (timeout − margin, timeout].
    public var gaps: Int
  }

  /// The load in intervals of equal width (METRICS.md §8).
  public struct Load: Sendable {
    public struct Point: Sendable {
      /// The mean number of connections open, and of those with an exchange in progress, over the interval.
      public var open: Double
      public var busy: Double
      /// SYNs of new connections, handshakes completed, requests begun.
      public var openings: Int
      public var handshakes: Int
      public var requests: Int

      public var idle: Double { max(0, open - busy) }
    }

    public struct Series: Sendable {
      /// `nil`: all servers, or all that have no series of their own.
      public var server: Endpoint?
      /// One a ``interval``, from the first packet on.
      public var points: [Point]
    }

    /// The most in any moment (connections) or interval (the others), and since when, in nanoseconds from the first packet.
    public struct Peak: Sendable {
      public var value: Int
      public var at: Int64
    }

    /// The width of an interval; 0 without a packet.
    public var interval: Int64 = 0
    public var total = Series(server: nil, points: [])
    /// Most requests first.
    public var servers: [Series] = []
    /// The servers without a series of their own together; `nil` when there are none.
    public var rest: Series?
    public var open: Peak?
    public var busy: Peak?
    public var openings: Peak?
    public var requests: Peak?

    public init() {}
  }

  /// Connections in TIME-WAIT (RFC 9293 §3.3.2) on the side that closed first (METRICS.md §8).
  public struct TimeWait: Sendable {
    public struct AtEndpoint: Sendable {
      public var address: IPAddress
      public var connections: Int
      /// The most at once, and when it was first reached (nanoseconds from the first packet).
      public var peak: Int
      public var at: Int64
    }

    /// Ports that one client needs towards one server: open connections and those in TIME-WAIT at the client.
    public struct Ports: Sendable {
      public var client: IPAddress
      public var server: Endpoint
      /// The most in use at once, open or in TIME-WAIT at the client.
      public var peak: Int
      /// Of ``TimeWait/portRange``.
      public var share: Double
    }

    /// How long one lasts.
    public var duration: Int64 = 60_000_000_000
    /// Ports in the ephemeral range.
    public var portRange = 28_232
    public var total: AtEndpoint?
    /// In TIME-WAIT at the end of each interval of ``Load/interval``, to as many as entered within one; empty without any.
    public var points: [Int] = []
    /// Highest peak first.
    public var endpoints: [AtEndpoint] = []
    /// Highest peak first.
    public var ports: [Ports] = []

    public init() {}
  }

  /// How one origin's exchanges spread over its servers (METRICS.md §8).
  public struct Balance: Sendable {
    public struct Share: Sendable {
      public var server: Endpoint
      public var connections: Int
      public var exchanges: Int
    }

    /// The Host value, octets as sent.
    public var origin: [UInt8]
    /// Most exchanges first; two at least.
    public var servers: [Share]
    /// Most exchanges (connections) of a server / mean.
    public var exchangesMaxToMean: Double
    public var connectionsMaxToMean: Double
  }
}
