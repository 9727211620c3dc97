import ReuseAnalysis

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

  /// Nothing to say where every gap is that near to the timeout.
  mutating func writeMargin(of server: Summary.Group) {
    guard let margin = server.timeoutMargin, margin.gaps > 0, margin.timeout > margin.margin else { return }
    page.sentence(
      "\(Quantity.count(margin.gaps, "request")) came within \(Quantity.duration(margin.margin)) of its timeout of "
        + "\(Quantity.duration(margin.timeout)).", hanging: 4)
  }
}
