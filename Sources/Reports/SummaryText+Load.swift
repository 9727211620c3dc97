import ReuseAnalysis
import Wire

// Races, load over time, TIME-WAIT and balance.
extension SummaryText {
  /// Raced requests: each failed for somebody, so their table comes early.
  mutating func writeRaces() {
    guard !summary.races.isEmpty, top > 0 else { return }
    let rows = summary.races.prefix(top)
    let all = summary.races.count + summary.racesOmitted
    page.heading(
      "REQUESTS THAT MET THE SERVER'S CLOSE",
      note: rows.count < all ? "first \(Quantity.count(rows.count)) of \(Quantity.count(all))" : "")
    var table = TextTable(columns: [
      ("server", .left), ("connection", .right), ("request", .right), ("idle", .right), ("timeout", .right),
      ("sent", .left),
    ])
    for race in rows {
      table.rows.append([
        name(race.server), Quantity.count(race.connection), Quantity.count(race.exchange), Quantity.duration(race.idle),
        Quantity.duration(race.timeout),
        Quantity.duration(Int64(clamping: race.sinceFIN.magnitude))
          + (race.kind == .beforeFIN ? " before the close" : " after the close"),
      ])
    }
    page.table(table)
    page.sentence(
      "timeout: the server's, as its closes show or as it says.", isNote: true)
  }

  /// Nothing to say where the timeout is so short that most gaps are that near to it.
  mutating func writeMargin(of server: Summary.Group) {
    guard let margin = server.timeoutMargin, margin.gaps > 0, margin.timeout / 2 >= margin.margin else { return }
    page.sentence(
      "\(Quantity.count(margin.gaps, "request")) came within \(Quantity.duration(margin.margin)) of its timeout of "
        + "\(Quantity.duration(margin.timeout)).", hanging: 4)
  }

  /// What it asked of machines; only what there is to say something about.
  mutating func writeLoad() {
    let load = summary.load
    guard let open = load.open else { return }
    page.heading("LOAD")
    var peaks = "\(Quantity.count(open.value, "connection")) open at once, at \(Quantity.elapsed(open.at))"
    if let busy = load.busy { peaks += "; \(Quantity.count(busy.value)) busy, at \(Quantity.elapsed(busy.at))" }
    if let requests = load.requests {
      peaks +=
        "; \(Quantity.count(requests.value, "request")) in \(Quantity.duration(load.interval)), at "
        + Quantity.elapsed(requests.at)
    }
    page.item("Peaks     ", peaks)
    if let memory = summary.idle.connectionMemory, let cost = summary.idle.cost(of: summary.idle.idleTime) {
      let held = cost * 1e9 / Double(max(summary.capture.duration, 1))
      page.item(
        "Idle cost ",
        "\(Quantity.size(Int(min(max(held, 0), 1e18)))) on average, at \(Quantity.size(memory)) a connection")
    }
    writeTimeWait()
    for row in summary.balance.prefix(min(top, 3)) {
      guard let most = row.servers.first else { continue }
      let all = row.servers.reduce(0) { $0 + $1.exchanges }
      let octets = redacts ? Redaction.host(row.origin) : row.origin
      page.item(
        "Balance   ",
        "\(octets.isEmpty ? "(none)" : TerminalText.escaped(octets)) on \(Quantity.count(row.servers.count)) servers: "
          + "\(name(most.server)) had \(Quantity.percent(Double(most.exchanges) / Double(max(all, 1)))) of "
          + "\(Quantity.count(all, "request")), \(Quantity.decimal(row.exchangesMaxToMean)) times the mean")
    }
  }

  private mutating func writeTimeWait() {
    guard let total = summary.timeWait.total, let most = summary.timeWait.endpoints.first else { return }
    var text = Quantity.count(total.peak)
    text += summary.timeWait.endpoints.count > 1 ? " at once in all, \(Quantity.count(most.peak))" : " at once"
    text += " at \(name(most.address)), which closed first (\(Quantity.elapsed(summary.timeWait.duration)) each)"
    if let ports = summary.timeWait.ports.first, ports.share >= 0.01 {
      text +=
        "; \(name(ports.client)) needs \(Quantity.count(ports.peak)) ports towards \(name(ports.server)), "
        + "\(Quantity.percent(ports.share)) of the usual range"
    }
    page.item("TIME-WAIT ", text)
  }

  private func name(_ address: IPAddress) -> String {
    var buffer = OctetBuffer(capacity: 64)
    buffer.append(address)
    return TerminalText.escaped(buffer.octets)
  }
}
