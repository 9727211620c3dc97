import ReuseAnalysis
import Wire

// Races, load over time, TIME-WAIT and balance.
extension SummaryJSON {
  mutating func write(races: [Summary.Race], omitted: Int) {
    rows("races", races) {
      $0.integer("connection", $1.connection)
      $0.endpoint("client", $1.client)
      $0.endpoint("server", $1.server)
      $0.string("kind", $1.kind.rawValue)
      $0.integer("exchange", $1.exchange)
      $0.seconds("time", $1.time)
      $0.seconds("idle", $1.idle)
      $0.seconds("since_fin", $1.sinceFIN)
      $0.seconds("timeout", $1.timeout)
    }
    integer("races_omitted", omitted)
  }

  /// The series as columns: a row a point would be most of the file.
  mutating func write(_ load: Summary.Load) {
    json.key("load")
    json.begin(.object)
    seconds("interval", load.interval)
    json.key("series")
    json.begin(.array)
    if load.interval > 0 { write(load.total, of: "all") }
    for series in load.servers { write(series, of: "server") }
    if let rest = load.rest { write(rest, of: "rest") }
    json.end()
    json.key("peaks")
    json.begin(.object)
    peak("open", load.open)
    peak("busy", load.busy)
    peak("openings", load.openings)
    peak("requests", load.requests)
    json.end()
    json.end()
  }

  private mutating func write(_ series: Summary.Load.Series, of kind: String) {
    json.begin(.object)
    string("of", kind)
    endpoint("server", series.server)
    column("open", series.points) { $0.number($1.open) }
    column("busy", series.points) { $0.number($1.busy) }
    column("openings", series.points) { $0.integer($1.openings) }
    column("handshakes", series.points) { $0.integer($1.handshakes) }
    column("requests", series.points) { $0.integer($1.requests) }
    json.end()
  }

  private mutating func column<Point>(
    _ name: String, _ points: [Point], value: (inout JSONWriter, Point) -> Void
  ) {
    json.key(name)
    json.list(points, value)
  }

  private mutating func peak(_ name: String, _ peak: Summary.Load.Peak?) {
    json.key(name)
    guard let peak else { return json.null() }
    json.begin(.object, inline: true)
    integer("value", peak.value)
    seconds("at", peak.at)
    json.end()
  }

  mutating func write(_ timeWait: Summary.TimeWait) {
    json.key("time_wait")
    json.begin(.object)
    seconds("duration", timeWait.duration)
    integer("port_range", timeWait.portRange)
    integer("connections", timeWait.total?.connections ?? 0)
    integer("peak", timeWait.total?.peak ?? 0)
    seconds("at", timeWait.total?.at)
    column("series", timeWait.points) { $0.integer($1) }
    rows("endpoints", timeWait.endpoints) {
      $0.address("address", $1.address)
      $0.integer("connections", $1.connections)
      $0.integer("peak", $1.peak)
      $0.seconds("at", $1.at)
    }
    rows("ports", timeWait.ports) {
      $0.address("client", $1.client)
      $0.endpoint("server", $1.server)
      $0.integer("peak", $1.peak)
      $0.number("share", $1.share)
    }
    json.end()
  }

  mutating func write(_ balance: [Summary.Balance]) {
    json.key("balance")
    json.begin(.array)
    for row in balance {
      json.begin(.object)
      json.key("origin")
      json.string(redacts ? Redaction.host(row.origin) : row.origin)
      json.key("servers")
      json.begin(.array)
      for share in row.servers {
        json.begin(.object, inline: true)
        endpoint("server", share.server)
        integer("connections", share.connections)
        integer("exchanges", share.exchanges)
        json.end()
      }
      json.end()
      number("exchanges_max_to_mean", row.exchangesMaxToMean)
      number("connections_max_to_mean", row.connectionsMaxToMean)
      json.end()
    }
    json.end()
  }

  mutating func write(_ margin: Summary.TimeoutMargin?) {
    json.key("timeout_margin")
    guard let margin else { return json.null() }
    json.begin(.object)
    seconds("timeout", margin.timeout)
    bool("inferred", margin.isInferred)
    seconds("margin", margin.margin)
    integer("gaps", margin.gaps)
    json.end()
  }
}
