import TCPStreams

/// The raced requests (METRICS.md §6), one a connection, in the order of their connections' ends. Where there are too many,
/// those in the middle are left out: who watches for hours wants the latest, who looks for the begin the first.
struct RaceList: ~Copyable, Sendable {
  /// `server`: its serial number.
  typealias Row = (race: Summary.Race, server: UInt32)

  private var first: [Row] = []
  /// A ring once it is full, `oldest` being the place of the next.
  private var latest: [Row] = []
  private var oldest = 0
  private(set) var omitted = 0
  private let firstLimit, latestLimit: Int

  init(limit: Int) {
    latestLimit = limit / 2
    firstLimit = limit - latestLimit
  }

  var rows: [Row] { first + latest[oldest...] + latest[..<oldest] }

  /// A server makes room for another one: its timeout is as it is known by now.
  mutating func settle(server: UInt32, timeout: Int64?) {
    for i in first.indices where first[i].server == server { first[i] = (first[i].race.with(timeout: timeout), 0) }
    for i in latest.indices where latest[i].server == server { latest[i] = (latest[i].race.with(timeout: timeout), 0) }
  }

  mutating func add(_ race: Summary.Race, server: UInt32) {
    if first.count < firstLimit {
      first.append((race, server))
    } else if latest.count < latestLimit {
      latest.append((race, server))
    } else {
      omitted += 1
      guard latestLimit > 0 else { return }
      latest[oldest] = (race, server)
      oldest = (oldest + 1) % latestLimit
    }
  }
}

extension Analyzer {
  /// An opening so soon after the first packet says nothing of connections before the capture (METRICS.md §3).
  static var captureStart: Int64 { 1_000_000_000 }

  func race(of slot: Int) -> CloseRace? { states[slot].hasRace ? closeRaces[Int32(slot)] : nil }

  /// Takes down the race of a connection that has ended.
  mutating func noteRace(_ slot: Int) {
    guard let race = race(of: slot) else { return }
    let client = Int(states[slot].client)
    let server = Int(states[slot].server)
    if server >= 0 {
      groups.servers[server].closeRaces += 1
      if let idle = race.idle { groups.servers[server].racedGaps.add(idle) }
    }
    races.add(
      Summary.Race(
        connection: states[slot].id, client: endpoint(slot, side: client), server: endpoint(slot, side: 1 - client),
        kind: race.kind, exchange: race.exchange, time: table.connection(slot).closed &+ race.sinceFIN &- start,
        idle: race.idle, sinceFIN: race.sinceFIN, timeout: nil),
      server: server >= 0 ? groups.servers[server].serial : 0)
  }

  /// The races with their servers' timeouts as known by now.
  func fillRaces(_ s: inout Summary) {
    guard !races.rows.isEmpty else { return }
    var timeouts: [UInt32: Int64] = [:]
    let places = groups.serversBySerial
    s.races = races.rows.map { row in
      guard let server = places[row.server] else { return row.race }
      let timeout = timeouts[row.server] ?? groups.servers[server].timeout?.duration ?? -1
      timeouts[row.server] = timeout
      return row.race.with(timeout: timeout < 0 ? nil : timeout)
    }
    s.racesOmitted = races.omitted
  }
}

extension Summary.Race {
  fileprivate func with(timeout: Int64?) -> Self {
    var race = self
    race.timeout = timeout
    return race
  }
}

extension Server {
  /// How long the server keeps an idle connection, as its closes show or else as it says.
  var timeout: (duration: Int64, isInferred: Bool)? {
    if let inferred = Self.timeout(from: serverIdleCloses) { return (inferred.timeout, true) }
    return advertisedTimeout.map { ($0, false) }
  }

  /// As the server said last, in nanoseconds.
  var advertisedTimeout: Int64? {
    guard let seconds = figures.advertisedTimeout, let seconds = Int64(exactly: seconds) else { return nil }
    let (duration, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : duration
  }

  /// Requests that came close to a race (METRICS.md §5); those that lost it are not among them. The median handshake of
  /// the server stands for the round trip.
  var timeoutMargin: Summary.TimeoutMargin? {
    guard let timeout else { return nil }
    let (twice, overflow) = (figures.setup.quantile(0.5) ?? 0).multipliedReportingOverflow(by: 2)
    let margin = max(1_000_000_000, overflow ? .max : twice)
    let near = timeout.duration &- margin
    func count(_ gaps: Histogram) -> Int { gaps.count(upTo: timeout.duration) - gaps.count(upTo: near) }
    return Summary.TimeoutMargin(
      timeout: timeout.duration, isInferred: timeout.isInferred, margin: margin,
      gaps: max(0, count(idleGaps) - count(racedGaps)))
  }
}
