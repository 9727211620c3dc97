import TCPStreams

/// Figures of a running capture that are cheap enough to be looked at many times a second: counts since its begin, and what
/// is open now. ``Analyzer/summary()`` costs as much as there are pools.
public struct CurrentFigures: Sendable {
  public var packets = 0
  /// Octets on the wire.
  public var bytes = 0
  /// Exchanges with a request that are over, by use.
  public var fresh = 0
  public var reused = 0
  public var unknown = 0
  /// Connections whose SYN was seen.
  public var opened = 0
  /// Connections open now, whatever they carry, and those of them with an exchange in progress.
  public var open = 0
  public var busy = 0

  public init() {}

  public var requests: Int { fresh + reused + unknown }
}

/// What a server's connections carried, cheap like ``CurrentFigures``.
public struct ServerFigures: Sendable {
  public var endpoint: Endpoint
  /// Its number among all servers that were met.
  public var number: Int
  /// Exchanges with a request that are over, by use.
  public var fresh, reused, unknown: Int
  /// Connections whose SYN was seen.
  public var opened: Int
  public var closeRaces: Int

  public init(
    endpoint: Endpoint, number: Int, fresh: Int, reused: Int, unknown: Int, opened: Int, closeRaces: Int
  ) {
    self.endpoint = endpoint
    self.number = number
    (self.fresh, self.reused, self.unknown) = (fresh, reused, unknown)
    (self.opened, self.closeRaces) = (opened, closeRaces)
  }

  public var requests: Int { fresh + reused + unknown }

  /// METRICS.md §2.
  public var ratio: ClosedRange<Double>? {
    guard requests > 0 else { return nil }
    return Double(reused) / Double(requests)...Double(reused + unknown) / Double(requests)
  }
}

extension Analyzer {
  /// Every server with a request. An index stays a server's as long as there is room for it; then another one, with a number of
  /// its own, may have it.
  public func forEachServer(_ body: (Int, ServerFigures) -> Void) {
    for i in groups.servers.indices {
      let figures = ServerFigures(
        endpoint: groups.servers[i].endpoint, number: Int(groups.servers[i].serial),
        fresh: groups.servers[i].figures.fresh,
        reused: groups.servers[i].figures.reused, unknown: groups.servers[i].figures.unknown,
        opened: groups.servers[i].opened, closeRaces: groups.servers[i].closeRaces)
      if figures.requests > 0 { body(i, figures) }
    }
  }

  /// Why connections were opened, counted as they open. No handshake times.
  public var openingCauses: [Summary.Cause] { totals.opened.rows }

  public var now: CurrentFigures {
    var figures = CurrentFigures()
    figures.packets = packets.all
    figures.bytes = packets.bytes
    figures.fresh = totals.figures.fresh
    figures.reused = totals.figures.reused
    figures.unknown = totals.figures.unknown
    figures.opened = totals.openingSeen
    figures.open = max(0, Int(totals.concurrency.now))
    figures.busy = max(0, Int(totals.busy.now))
    return figures
  }

  /// Time has passed without a packet: connections whose end is certain by now give their rows. `time` in nanoseconds since 1970,
  /// by the clock that stamps the packets; what comes later must not be much earlier.
  public mutating func advance(to time: Int64) {
    guard !finished, time > latest else { return }
    table.advance(to: time)
    let nothing: [UInt8] = []
    work(nothing.span, at: time)
  }
}
