import Reports
import ReuseAnalysis

extension PageBuilder {
  private typealias Cell = Table.Cell

  var causes: PageModel.Section? {
    let rows = summary.causes.filter { $0.connections > 0 }.sorted { $0.connections > $1.connections }
    guard !rows.isEmpty else { return nil }
    let all = rows.reduce(0) { $0 + $1.connections }
    var section = PageModel.Section("causes", "Why connections were opened", .cause)
    if summary.captureStart > 0 {
      section.doubt =
        "\(Quantity.count(summary.captureStart, "first contact")) within 1 s of the capture's begin: there may have been "
        + "connections before it."
    }
    var table = Table(
      "Causes, most connections first",
      [
        .init("cause", .cause, isNumber: false), .init("in words", isNumber: false), .init("connections", .connection),
        .init("share"), .init("handshake time", .setup),
      ], isSortable: false)
    for row in rows {
      table.add([
        .name(row.cause.rawValue, .opened(row.cause)), .text(row.cause.inWords), .count(row.connections),
        .share(Double(row.connections) / Double(max(all, 1)), bar: true), .duration(row.cost),
      ])
    }
    section.tables = [table]
    let causes = rows.map(\.cause)
    section.below = byServer(
      causes.map { ($0.fill, $0.rawValue) },
      of: { group in
        causes.map { cause in group.causes.first { $0.cause == cause }?.connections ?? 0 }
      }, label: "Connections of each server by why they were opened")
    if let byServer = causesByServer(causes) { section.below?.tables = [byServer] }
    return section
  }

  private func causesByServer(_ causes: [OpeningCause]) -> Table? {
    let servers = summary.servers.filter { !$0.causes.isEmpty }.prefix(Self.rowLimit)
    guard servers.count > 1 else { return nil }
    var table = Table(
      "Causes by server, in connections",
      [.init("server", .server, isNumber: false)] + causes.map { .init($0.rawValue, .opened($0)) })
    for server in servers {
      table.add(
        [.name(Names.endpoint(server.server))]
          + causes.map { cause in .count(server.causes.first { $0.cause == cause }?.connections ?? 0) })
    }
    table.note = shown(servers.count, of: summary.servers.count + summary.serversOmitted)
    table.fold = "Causes by server in numbers"
    return table
  }

  /// A bar for each of the servers with most connections, where there are several servers and kinds.
  private func byServer(
    _ kinds: [(fill: String, label: String)], of counts: (Summary.Group) -> [Int], label: String
  ) -> PageModel.Below? {
    let servers = summary.servers.map { (name: Names.endpoint($0.server), counts: counts($0)) }
      .filter { $0.counts.contains { $0 > 0 } }
      .sorted { $1.counts.reduce(0, +) < $0.counts.reduce(0, +) }
    guard servers.count > 1, kinds.count > 1 else { return nil }
    let bars = servers.prefix(Self.barLimit).map { server in
      (
        label: server.name,
        parts: zip(kinds, server.counts).map { Drawings.Part(kind: $0.fill, label: $0.label, count: $1) }
      )
    }
    let rest = servers.dropFirst(Self.barLimit).reduce(0) { $0 + $1.counts.reduce(0, +) }
    return .init(
      figures: [
        .init(
          heading: "By server", drawing: Drawings.stacked(bars, label: label), label: label,
          caption: servers.count > bars.count
            ? "Those with the most connections; \(Quantity.count(servers.count - bars.count, "more server")) had "
              + "\(Quantity.count(rest, "connection"))." : nil,
          legend: kinds.map { .init(kind: $0.fill, label: $0.label) }, isWide: true)
      ], tables: [])
  }

  var closes: PageModel.Section? {
    let rows = summary.closes.filter { $0.connections > 0 }
    guard !rows.isEmpty else { return nil }
    let all = rows.reduce(0) { $0 + $1.connections }
    var section = PageModel.Section("ends", "How connections ended", .closeReason)
    var table = Table(
      "Reasons, most connections first",
      [
        .init("reason", .closeReason, isNumber: false), .init("in words", isNumber: false),
        .init("closed by", isNumber: false), .init("connections", .connection), .init("share"),
      ], isSortable: false)
    for row in rows {
      table.add([
        .name(row.reason.rawValue, .ended(row.reason)), .text(row.reason.inWords),
        .text(row.closedBy?.rawValue ?? Quantity.unknown), .count(row.connections),
        .share(Double(row.connections) / Double(max(all, 1)), bar: true),
      ])
    }
    section.tables = [table]
    let reasons = rows.map(\.reason).reduce(into: [CloseReason]()) { if !$0.contains($1) { $0.append($1) } }
    section.below = byServer(
      reasons.map { ($0.fill, $0.rawValue) },
      of: { group in
        reasons.map { reason in group.closes.reduce(0) { $0 + ($1.reason == reason ? $1.connections : 0) } }
      }, label: "Connections of each server by how they ended")
    return section
  }

  var servers: PageModel.Section? {
    guard !summary.servers.isEmpty else { return nil }
    var section = PageModel.Section("servers", "Servers", .server)
    let rows = summary.servers.prefix(Self.rowLimit)
    var table = Table("Requests and handshakes by server", groupColumns("server", .server))
    for server in rows { table.add(groupCells(.name(Names.endpoint(server.server)), server)) }
    table.note = shown(rows.count, of: summary.servers.count + summary.serversOmitted)
    section.tables = [table]
    if let timeouts { section.tables.append(timeouts) }
    return section
  }

  /// When servers and clients end idle connections, of servers where that shows.
  private var timeouts: Table? {
    let rows = summary.servers.prefix(Self.rowLimit).filter {
      $0.inferredTimeout != nil || $0.inferredClientTimeout != nil || $0.advertisedTimeout != nil
        || $0.inferredRequestLimit != nil || $0.closeRaces > 0
    }
    guard !rows.isEmpty else { return nil }
    var table = Table(
      "Timeouts, limits and close races by server",
      [
        .init("server", .server, isNumber: false), .init("server closes after", .inferredTimeout),
        .init("as seen on"), .init("as the default of", .inferredTimeout, isNumber: false),
        .init("advertised", .advertisedTimeout), .init("clients close after", .inferredTimeout),
        .init("request limit", .requestLimit), .init("near the timeout", .timeoutMargin),
        .init("close races", .closeRace),
      ])
    for server in rows {
      let timeout = server.inferredTimeout
      table.add([
        .name(Names.endpoint(server.server)),
        timeout?.isSharp == false
          ? .init(text: "no set time", sort: timeout.map { "\($0.timeout)" }) : .duration(timeout?.timeout),
        .init(
          text: timeout.map { "\(Quantity.count($0.connections)) of \(Quantity.count($0.of))" } ?? Quantity.unknown,
          sort: timeout.map { "\($0.connections)" }),
        .text(timeout?.asDefaultOf.map(TerminalText.escaped) ?? Quantity.unknown),
        .duration(server.advertisedTimeout.map { Self.nanoseconds(seconds: $0) }),
        server.inferredClientTimeout?.isSharp == false
          ? .init(text: "no set time", sort: server.inferredClientTimeout.map { "\($0.timeout)" })
          : .duration(server.inferredClientTimeout?.timeout),
        .count(server.inferredRequestLimit?.requests),
        .count(server.timeoutMargin.flatMap { $0.timeout / 2 >= $0.margin ? $0.gaps : nil }), .count(server.closeRaces),
      ])
    }
    return table
  }

  /// Seconds that a server sent, however many, as nanoseconds.
  static func nanoseconds(seconds: Int) -> Int64 {
    let (product, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : product
  }

  var pools: PageModel.Section? {
    guard summary.pools.count > 1 || summary.pools.count != summary.servers.count else { return nil }
    var section = PageModel.Section("pools", "Pools", .pool)
    let rows = summary.pools.prefix(Self.rowLimit)
    var columns = groupColumns("client", .pool)
    columns.insert(.init("server", .server, isNumber: false), at: 1)
    columns.append(.init("peak open", .parallel))
    columns.append(.init("parallel", .parallel))
    var table = Table("Pools: connections from one client address to one server", columns)
    for pool in rows {
      var cells = groupCells(.name(Names.address(pool.client)), pool)
      cells.insert(.text(Names.endpoint(pool.server)), at: 1)
      table.add(cells + [.count(pool.peakOpen), .share(pool.parallelShare)])
    }
    table.note = shown(rows.count, of: summary.pools.count + summary.poolsOmitted)
    section.tables = [table]
    return section
  }

  var origins: PageModel.Section? {
    guard !summary.hosts.isEmpty else { return nil }
    var section = PageModel.Section("origins", "Origins", .origin)
    let rows = summary.hosts.prefix(Self.rowLimit)
    var table = Table(
      "Origins: requests by Host",
      [
        .init("host", .origin, isNumber: false), .init("requests", .exchange), .init("connections", .connection),
        .init("reuse", .ratio),
      ])
    for host in rows {
      table.add([
        .name(names.host(host.host)), .count(host.exchanges), .count(host.connections), .share(host.ratio),
      ])
    }
    table.note = shown(rows.count, of: summary.hosts.count + summary.hostsOmitted)
    section.tables = [table]
    if let balance { section.tables.append(balance) }
    return section
  }

  private var balance: Table? {
    guard !summary.balance.isEmpty else { return nil }
    var table = Table(
      "Balance: origins with several servers",
      [
        .init("host", .origin, isNumber: false), .init("servers", .server), .init("requests, max ÷ mean", .balance),
        .init("connections, max ÷ mean", .balance), .init("busiest server", isNumber: false), .init("its requests"),
      ])
    for origin in summary.balance.prefix(Self.rowLimit) {
      table.add([
        .name(names.host(origin.origin)), .count(origin.servers.count), .number(origin.exchangesMaxToMean),
        .number(origin.connectionsMaxToMean), .text(Names.endpoint(origin.servers.first?.server)),
        .count(origin.servers.first?.exchanges),
      ])
    }
    return table
  }

  private func groupColumns(_ name: String, _ term: Term) -> [Table.Column] {
    [
      .init(name, term, isNumber: false), .init("requests", .exchange), .init("connections", .connection),
      .init("reuse", .ratio), .init("paid", .paid), .init("handshake time", .setup), .init("saved", .saved),
      .init("ideal", .ideal), .init("efficiency", .efficiency),
    ]
  }

  private func groupCells(_ name: Table.Cell, _ group: Summary.Group) -> [Table.Cell] {
    [
      name, .count(group.exchanges), .count(group.connections), .share(group.ratio), .count(group.handshakesPaid),
      .duration(group.setup.count > 0 ? group.timePaid : nil), .count(group.reused), .count(group.idealConnections),
      .share(group.efficiency),
    ]
  }

  func shown(_ count: Int, of all: Int) -> String? {
    count < all
      ? "The \(Quantity.count(count)) with the most requests, of \(Quantity.count(all)); --csv and --json give more."
      : nil
  }
}
