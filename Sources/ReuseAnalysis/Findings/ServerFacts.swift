import Wire

/// What is known of one server when the capture has ended: what the findings are made from.
struct ServerFacts {
  var endpoint: Endpoint
  var figures: GroupFigures
  var record: ServerRecord
  var causes: [Summary.Cause]
  var closeRaces: Int
  /// As the closes of idle connections show it, and whether that, or what the server says.
  var inferredTimeout: Summary.InferredTimeout?
  var inferredClientTimeout: Summary.InferredTimeout?
  var requestLimit: (found: Summary.InferredRequestLimit, examples: [Int])?
  /// Inferred, else advertised.
  var timeout: Int64?
  var serverIdleCloses: Histogram
  var idleGaps: Histogram
  var racedGaps: Histogram
  var clientIdleCloses: Int
  /// Clients (addresses), and the one where there is only one.
  var clients = 0
  var client: IPAddress?
  var idealConnections = 0
  /// The most connections that one client had open at once.
  var peakOpen = 0
  /// Of the capture.
  var duration: Int64
  var connectionMemory: Int?

  init(_ server: Server, duration: Int64, connectionMemory: Int?) {
    endpoint = server.endpoint
    figures = server.figures
    idleGaps = server.idleGaps
    record = server.record
    causes = server.causes.rows
    closeRaces = server.closeRaces
    inferredTimeout = Self.sharpTimeout(of: server)
    inferredClientTimeout = Server.timeout(from: server.clientIdleCloses)
    requestLimit = server.requestLimit.map { ($0, server.closedAfter[$0.requests]?.examples ?? []) }
    timeout = inferredTimeout?.timeout ?? server.advertisedTimeout
    serverIdleCloses = server.serverIdleCloses
    racedGaps = server.racedGaps
    clientIdleCloses = server.clientIdleCloses.count
    self.duration = duration
    self.connectionMemory = connectionMemory
  }

  /// The inferred timeout, if advice can be built on it: it is sharp, most idle closes fit it, and gaps longer than it were not
  /// reused. A server that closes at all sorts of times has none.
  static func sharpTimeout(of server: Server) -> Summary.InferredTimeout? {
    guard let found = Server.timeout(from: server.serverIdleCloses), found.isSharp else { return nil }
    let rtt = max(0, min(server.figures.setup.quantile(0.5) ?? 0, 60_000_000_000))
    let end = found.timeout.addingReportingOverflow(
      max(found.timeout / 10, 2 * rtt, FindingThresholds.shortestTimeout))
    guard !end.overflow else { return nil }
    let gaps = server.idleGaps
    let longer = gaps.count - gaps.count(upTo: end.partialValue)
    let raced = server.racedGaps.count - server.racedGaps.count(upTo: end.partialValue)
    return (longer - raced) * 100 <= gaps.count ? found : nil
  }

  /// Connections that the server reset on a request just when its timeout ran out.
  var unreadAtTimeout: Int {
    guard let timeout else { return 0 }
    let slack = max(timeout / 10, 2 &* max(0, min(rtt, 60_000_000_000)), FindingThresholds.shortestTimeout)
    let end = timeout.addingReportingOverflow(slack)
    guard !end.overflow else { return 0 }
    return record.unread.count(upTo: end.partialValue) - record.unread.count(upTo: timeout - slack)
  }

  /// Connections whose SYN was seen.
  var openings: Int { figures.openingSeen }
  /// A port that is only probed has no pool to speak of.
  var isUsed: Bool { figures.httpConnections >= FindingThresholds.events }
  var rtt: Int64 { figures.setup.quantile(0.5) ?? 0 }

  /// What can be changed at the client: where there is only one, it is named.
  var clientSubject: Finding.Subject {
    client.map { .pool(client: $0, server: endpoint) } ?? .server(endpoint)
  }

  func cause(_ cause: OpeningCause) -> Summary.Cause {
    causes.first { $0.cause == cause } ?? Summary.Cause(cause: cause, connections: 0, setupTime: 0)
  }

  /// Of the time of `all` handshakes, the part of `some`.
  static func part(_ time: Int64, some: Int, of all: Int) -> Int64? {
    guard all > 0, time > 0 else { return nil }
    return Int64(min(9e18, (Double(time) * Double(some) / Double(all)).rounded()))
  }

  /// The mean number of connections that so much idle time keeps open.
  func connections(idle time: Int64) -> Double? {
    duration > 0 ? Double(time) / Double(duration) : nil
  }
}
