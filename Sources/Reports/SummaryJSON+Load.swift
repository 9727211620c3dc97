import ReuseAnalysis

// Races, load over time, TIME-WAIT and balance.
extension SummaryJSON {
  mutating func write(races: [Summary.Race], omitted: Int) {
    json.key("races")
    json.begin(.array)
    for race in races {
      json.begin(.object, inline: true)
      integer("connection", race.connection)
      endpoint("client", race.client)
      endpoint("server", race.server)
      string("kind", race.kind.rawValue)
      integer("exchange", race.exchange)
      seconds("time", race.time)
      seconds("idle", race.idle)
      seconds("since_fin", race.sinceFIN)
      seconds("timeout", race.timeout)
      json.end()
    }
    json.end()
    integer("races_omitted", omitted)
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
