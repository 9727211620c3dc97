import Wire

/// What in a summary is worth a change, worst first.
enum Findings {
  /// Findings of one server at a time.
  private static let ofServer: [@Sendable (ServerFacts) -> Finding?] = [
    closeRaces, serverClosesFirst, failedHandshakes, shortTimeout, longTimeout, missedReuse, clientClosesEarly,
    clientClose,
    unaskedClose, requestLimit, http10, oneRequest, headOfLine,
  ]

  static func all(of summary: Summary, servers: [ServerFacts], clients: Set<IPAddress>) -> [Finding] {
    var findings: [Finding] = []
    for server in servers {
      for find in ofServer {
        if let finding = find(server) { findings.append(finding) }
      }
    }
    findings += unevenBalance(summary, clients: clients)
    findings += portPressure(summary, servers: servers)
    if let finding = captureQuality(summary, servers: servers) { findings.append(finding) }
    return worstFirst(findings)
  }

  /// By severity, then by what they would save, then by how much there is of them; of one kind as many as are of use.
  static func worstFirst(_ findings: [Finding]) -> [Finding] {
    var kept: [Finding.Kind: Int] = [:]
    let order = findings.indices.sorted { a, b in rank(findings[a], a) < rank(findings[b], b) }
    return order.map { findings[$0] }.filter { finding in
      kept[finding.kind, default: 0] += 1
      return kept[finding.kind, default: 0] <= FindingThresholds.findingsPerKind
    }
  }

  private static func rank(_ finding: Finding, _ place: Int) -> (Int, Int64, Int, Int, Int) {
    let severity =
      switch finding.severity {
      case .problem: 0
      case .warning: 1
      case .info: 2
      }
    var events = 0
    if case .count(let count)? = finding.evidence.first?.value { events = count }
    return (severity, -(finding.saves?.time ?? 0), -(finding.saves?.handshakes ?? 0), -events, place)
  }
}

extension Analyzer {
  mutating func fillFindings(_ s: inout Summary) {
    var servers = groups.servers.indices.map {
      ServerFacts(groups.servers[$0], duration: s.capture.duration, connectionMemory: s.idle.connectionMemory)
    }
    // Of a client whose pool was folded no address is known any more.
    for i in groups.servers.indices {
      let folded = groups.servers[i].folded
      servers[i].clients = max(0, folded.pools - folded.back)
      servers[i].idealConnections = folded.idealConnections
      servers[i].peakOpen = Int(folded.peakOpen)
    }
    // Of addresses it matters only whether a server of some origin is a client, too: there are few of those, and many pools.
    let balanced = Set(s.balance.flatMap { $0.servers.map(\.server.address) })
    var clients: Set<IPAddress> = []
    for place in groups.pools.indices where !groups.pools[place].isFree {
      let client = groups.pools[place].client
      if !balanced.isEmpty, balanced.contains(client) { clients.insert(client) }
      let i = Int(groups.pools[place].server)
      servers[i].clients += 1
      servers[i].client = servers[i].clients == 1 ? client : nil
      servers[i].idealConnections += groups.pools[place].idealConnections
      servers[i].peakOpen = max(servers[i].peakOpen, Int(groups.pools[place].concurrency.peak))
    }
    let known = groups.servers.indices.filter { !groups.servers[$0].isFree }.map { servers[$0] }
    s.findings = Findings.all(of: s, servers: known, clients: clients)
  }
}
