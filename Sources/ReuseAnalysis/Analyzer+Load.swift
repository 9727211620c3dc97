import TCPStreams

// What the load over time and TIME-WAIT are told (METRICS.md §8).
extension Analyzer {
  /// The roles of a connection's sides are known: its server's line takes it in.
  mutating func joinLoad(_ slot: Int) {
    guard states[slot].server >= 0 else { return }
    let line = joinLoad(server: states[slot].server)
    states[slot].loadLine = line
    if states[slot].isCountedOpen { load.join(line: line, at: latest) }
  }

  /// The line of a server that a connection begins to refer to; -1: there is none.
  mutating func joinLoad(server: Int32) -> Int32 {
    guard groups.servers[Int(server)].loadLine != Server.noLoadLine else { return -1 }
    let (line, former) = load.refer(to: groups.servers[Int(server)].loadLine, server: server)
    if former >= 0 { groups.servers[Int(former)].loadLine = -1 }
    groups.servers[Int(server)].loadLine = line >= 0 ? line : Server.noLoadLine
    return line
  }

  mutating func fillLoad(_ s: inout Summary) {
    guard start != .min else { return }
    s.load.interval = load.width(at: latest)
    s.load.total.points = load.points(of: load.total, until: latest)
    let order = load.lines.indices.filter { load.lines[$0].requests > 0 }
      .sorted { (load.lines[$1].requests, $0) < (load.lines[$0].requests, $1) }
    for i in order.prefix(configuration.loadServers) {
      let line = load.lines[i]
      s.load.servers.append(
        Summary.Load.Series(
          server: groups.servers[Int(line.server)].endpoint, points: load.points(of: line, until: latest)))
    }
    if groups.servers.count + groups.serversFolded > s.load.servers.count, !s.load.servers.isEmpty {
      s.load.rest = rest(of: s.load)
    }
    if load.openPeak.value > 0 { s.load.open = .init(value: Int(load.openPeak.value), at: load.openPeak.at) }
    if load.busyPeak.value > 0 { s.load.busy = .init(value: Int(load.busyPeak.value), at: load.busyPeak.at) }
    s.load.openings = peak(s.load, \.openings)
    s.load.requests = peak(s.load, \.requests)
  }

  /// What the servers' own lines leave of the total.
  private func rest(of load: Summary.Load) -> Summary.Load.Series {
    var rest = Summary.Load.Series(server: nil, points: load.total.points)
    for i in rest.points.indices {
      for series in load.servers {
        let point = series.points[i]
        rest.points[i].open -= point.open
        rest.points[i].busy -= point.busy
        rest.points[i].openings -= point.openings
        rest.points[i].handshakes -= point.handshakes
        rest.points[i].requests -= point.requests
      }
      rest.points[i].open = LoadSeries.tidy(rest.points[i].open)
      rest.points[i].busy = LoadSeries.tidy(rest.points[i].busy)
    }
    return rest
  }

  private func peak(_ load: Summary.Load, _ figure: KeyPath<Summary.Load.Point, Int>) -> Summary.Load.Peak? {
    guard
      let i = load.total.points.indices.max(by: { a, b in
        (load.total.points[a][keyPath: figure], b) < (load.total.points[b][keyPath: figure], a)
      })
    else { return nil }
    let value = load.total.points[i][keyPath: figure]
    return value > 0 ? .init(value: value, at: Int64(i) * load.interval) : nil
  }
}
