import Reports
import ReuseAnalysis

/// What the user has chosen to see, and the keys that choose.
package struct ScreenView: Sendable {
  enum Order: CaseIterable {
    case rate, requests, reuse, openings, races, name

    var title: String {
      switch self {
      case .rate: "requests/s"
      case .requests: "requests"
      case .reuse: "worst reuse"
      case .openings: "openings/s"
      case .races: "races"
      case .name: "name"
      }
    }
  }

  package private(set) var isPaused = false
  private(set) var order = Order.rate
  private(set) var filter = ""
  private(set) var isTypingFilter = false
  private(set) var showsHelp = false
  /// The server whose details are shown, or that is marked in the table.
  private(set) var detail: String?
  private(set) var marked: String?
  private var figures = ScreenFigures()

  package init() {}

  package enum Action: Sendable {
    case quit, redraw
  }

  /// New figures, which a paused screen does not show.
  package mutating func update(_ figures: ScreenFigures) {
    if !isPaused { self.figures = figures }
  }

  package mutating func press(_ key: Key) -> Action? {
    if isTypingFilter {
      typeFilter(key)
      return nil
    }
    if showsHelp {
      showsHelp = false
      return key == .character("q") ? .quit : nil
    }
    switch key {
    case .character("q"), .character("Q"): return .quit
    case .redraw: return .redraw
    case .character("p"), .character(" "): isPaused.toggle()
    case .character("s"): sort(by: 1)
    case .character("S"): sort(by: -1)
    case .character("/"):
      detail = nil
      isTypingFilter = true
    case .character("?"), .character("h"): showsHelp = true
    case .up, .character("k"): mark(by: -1)
    case .down, .character("j"): mark(by: 1)
    case .pageUp: mark(by: -10)
    case .pageDown: mark(by: 10)
    case .home: mark(by: -.max)
    case .end: mark(by: .max)
    case .enter, .right: detail = marked ?? shownServers.first?.name
    case .escape, .left, .backspace:
      if detail != nil { detail = nil } else if key == .escape { (filter, marked) = ("", nil) }
    case .character: break
    }
    return nil
  }

  private mutating func typeFilter(_ key: Key) {
    switch key {
    case .enter: isTypingFilter = false
    case .escape: (filter, isTypingFilter) = ("", false)
    case .backspace: if !filter.isEmpty { filter.removeLast() }
    case .character(let character): if filter.count < 60 { filter.append(character) }
    case .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .redraw: break
    }
  }

  private mutating func sort(by step: Int) {
    let all = Order.allCases
    let place = all.firstIndex(of: order) ?? 0
    order = all[(place + step + all.count) % all.count]
  }

  private mutating func mark(by step: Int) {
    let servers = shownServers
    guard let last = servers.indices.last else { return }
    guard let place = servers.firstIndex(where: { $0.name == marked }) else {
      marked = servers[step > 0 && step != .max ? 0 : step == .max ? last : 0].name
      if detail != nil { detail = marked }
      return
    }
    let (target, overflow) = place.addingReportingOverflow(step)
    marked = servers[overflow ? (step < 0 ? 0 : last) : min(max(0, target), last)].name
    if detail != nil { detail = marked }
  }

  /// Those that the filter lets through, sorted.
  private var shownServers: [ScreenFigures.Server] {
    let wanted = filter.lowercased()
    let found = wanted.isEmpty ? figures.servers : figures.servers.filter { $0.name.lowercased().contains(wanted) }
    return found.sorted { a, b in
      let (x, y) = (a.figures, b.figures)
      switch order {
      case .rate: if a.rate != b.rate { return a.rate > b.rate }
      case .requests: if x.requests != y.requests { return x.requests > y.requests }
      case .reuse:
        let (r, s) = (x.ratio?.lowerBound ?? 2, y.ratio?.lowerBound ?? 2)
        if r != s { return r < s }
      case .openings: if a.openingRate != b.openingRate { return a.openingRate > b.openingRate }
      case .races: if x.closeRaces != y.closeRaces { return x.closeRaces > y.closeRaces }
      case .name: break
      }
      if order != .name, x.requests != y.requests { return x.requests > y.requests }
      return a.name < b.name
    }
  }

  // MARK: Pages

  package func page(columns: Int, rows: Int) -> Page {
    var page = Page(columns: max(1, columns), rows: max(1, rows))
    page.lines = head(columns)
    let room = max(0, rows - page.lines.count - 1)
    let body: [Line]
    if showsHelp {
      body = help
    } else if let detail {
      body = details(of: detail, columns)
    } else {
      body = overview(columns, room)
    }
    page.lines += body.prefix(room)
    while page.lines.count < rows - 1 { page.lines.append(Line()) }
    page.lines = Array(page.lines.prefix(rows - 1)) + [foot(columns)]
    return page
  }

  private func head(_ columns: Int) -> [Line] {
    let f = figures
    let title = "reusescope \(f.source)\(isPaused ? "  PAUSED" : "")"
    var lines = [Line.ends(title, "\(Quantity.elapsed(f.elapsed))  \(f.clock)", width: columns, .selected)]
    let ten = f.lastTen
    func rate(_ value: Double?) -> String { value.map { ScreenView.rate($0) } ?? Quantity.unknown }
    var rates = Line(" packets ")
    rates.add("\(rate(ten?.packets))/s", .bold)
    rates.add("  \(ten.map { Self.bits($0.bits) } ?? Quantity.unknown)")
    rates.add("   requests ")
    rates.add("\(rate(ten?.requests))/s", .bold)
    rates.add("   openings ")
    rates.add("\(rate(ten?.opened))/s", .bold)
    let drops = f.kernelDrops + f.interfaceDrops
    rates.add("   drops ")
    rates.add(Quantity.count(drops), drops > 0 ? .alarm : .bold)
    if let recent = ten?.drops, recent > 0 { rates.add(" (+\(Quantity.count(recent)))", .alarm) }
    lines.append(rates)
    var reuse = Line(" reuse ")
    for (name, value) in [("10 s", ten?.reuse), ("1 min", f.lastMinute?.reuse), ("all", f.reuse)] {
      reuse.add("\(name) ", .dim)
      reuse.add("\(Quantity.percent(value))  ", .bold)
    }
    lines.append(reuse)
    var connections = Line(" connections  ")
    for (name, value) in [("open", f.now.open), ("busy", f.now.busy), ("idle", max(0, f.now.open - f.now.busy))] {
      connections.add("\(name) ", .dim)
      connections.add("\(Quantity.count(value))  ", .bold)
    }
    lines.append(connections)
    return lines
  }

  private func overview(_ columns: Int, _ room: Int) -> [Line] {
    let servers = shownServers
    let causes = figures.causes.filter { $0.connections > 0 }.sorted { $0.connections > $1.connections }
    // The lower tables take what they need, up to a share; the servers have the rest.
    let causeRows = min(max(1, causes.count), room >= 30 ? 9 : 4)
    let noteRows = min(max(1, figures.notes.count), room >= 30 ? 10 : 4)
    let serverRows = max(1, room - causeRows - noteRows - 6)

    var lines = [Line()]
    let selection =
      filter.isEmpty && !isTypingFilter ? "" : "  filter: \(TerminalText.escaped(filter))\(isTypingFilter ? "_" : "")"
    lines.append(Line("SERVERS  by \(order.title)\(selection)", .bold))
    lines += serverTable(servers, columns, serverRows)
    lines.append(Line())
    lines.append(Line("WHY CONNECTIONS WERE OPENED", .bold))
    if causes.isEmpty { lines.append(Line("  none seen so far", .dim)) }
    let opened = causes.reduce(0) { $0 + $1.connections }
    for cause in causes.prefix(causeRows) {
      var line = Line("  \(cause.cause.rawValue)")
      line.pad(to: 28)
      line.add(Self.right(Quantity.count(cause.connections), 11))
      let share = Double(cause.connections) / Double(max(1, opened))
      line.add(Self.right(Quantity.percent(share), 9))
      line.add(
        "  " + String(repeating: "█", count: Int((share * Double(max(0, min(30, columns - 52)))).rounded())), .dim)
      lines.append(line)
    }
    lines.append(Line())
    lines.append(Line("FINDINGS AND RACES", .bold))
    if figures.notes.isEmpty { lines.append(Line("  none so far", .dim)) }
    lines += figures.notes.prefix(noteRows).map { note($0, columns) }
    return lines
  }

  private func serverTable(_ servers: [ScreenFigures.Server], _ columns: Int, _ rows: Int) -> [Line] {
    let nameWidth = min(max(22, columns - 56), 48)
    var title = Line("  server", .dim)
    title.pad(to: nameWidth + 2, .dim)
    for (name, width) in [("req/s", 9), ("requests", 13), ("reuse", 12), ("opened/s", 10), ("races", 8)] {
      title.add(Self.right(name, width), .dim)
    }
    var lines = [title]
    if servers.isEmpty { lines.append(Line(filter.isEmpty ? "  none seen so far" : "  none matches", .dim)) }
    let place = servers.firstIndex { $0.name == marked } ?? 0
    let first = max(0, min(place - rows / 2, servers.count - rows))
    for server in servers.dropFirst(first).prefix(rows) {
      var line = Line("  \(TerminalText.shortened(server.name, to: nameWidth - 1))")
      line.pad(to: nameWidth + 2)
      line.add(Self.right(Self.rate(server.rate), 9))
      line.add(Self.right(Quantity.count(server.figures.requests), 13))
      line.add(Self.right(Quantity.percent(server.figures.ratio), 12))
      line.add(Self.right(Self.rate(server.openingRate), 10))
      line.add(
        Self.right(Quantity.count(server.figures.closeRaces), 8), server.figures.closeRaces > 0 ? .alarm : .plain)
      lines.append(server.name == marked ? line.styled(.selected) : line)
    }
    let hidden = servers.count - first - rows
    if hidden > 0, let last = lines.indices.last, lines.count > rows {
      lines[last] = Line("  … \(hidden + 1) more", .dim)
    }
    return lines
  }

  private func note(_ note: ScreenFigures.Note, _ columns: Int) -> Line {
    let mark =
      switch note.weight {
      case .info: "  - "
      case .warning: "  ! "
      case .problem: "  ! "
      }
    return Line(
      TerminalText.shortened(mark + note.text, to: columns), note.weight == .problem ? .alarm : .plain)
  }

  private func details(of name: String, _ columns: Int) -> [Line] {
    var lines = [Line(), Line("SERVER \(TerminalText.escaped(name))", .bold)]
    func add(_ label: String, _ value: String, _ rest: String = "") {
      var line = Line("  \(label)")
      line.pad(to: 22)
      line.add(value, .bold)
      if !rest.isEmpty { line.add("  \(rest)", .dim) }
      lines.append(line)
    }
    if let server = figures.servers.first(where: { $0.name == name }) {
      let f = server.figures
      add("requests", Quantity.count(f.requests), "\(Self.rate(server.rate)) a second now")
      add(
        "reuse ratio", Quantity.percent(f.ratio), "\(Quantity.count(f.reused)) reused, \(Quantity.count(f.fresh)) first"
      )
      add("openings", Quantity.count(f.opened), "\(Self.rate(server.openingRate)) a second now")
      add("close races", Quantity.count(f.closeRaces))
    }
    guard let group = figures.groups[name] else {
      lines.append(Line())
      lines.append(Line("  More is known when its first connection has ended.", .dim))
      return lines
    }
    add(
      "handshakes", "\(Quantity.count(group.handshakesPaid)) paid, \(Quantity.count(group.handshakesFailed)) failed",
      "p50 \(Quantity.duration(group.setup.p50)), p99 \(Quantity.duration(group.setup.p99))")
    add(
      "idle gaps", Quantity.count(group.idleGaps.count),
      "p50 \(Quantity.duration(group.idleGaps.p50)), p90 \(Quantity.duration(group.idleGaps.p90)), p99 \(Quantity.duration(group.idleGaps.p99))"
    )
    if let timeout = group.inferredTimeout {
      add(
        "closes when idle for", Quantity.duration(timeout.timeout),
        "\(Quantity.count(timeout.connections)) of \(Quantity.count(timeout.of)) idle closes")
    }
    if let advertised = group.advertisedTimeout { add("advertises", "timeout=\(advertised)") }
    if let limit = group.inferredRequestLimit {
      add("ends after", Quantity.count(limit.requests, "request"), Quantity.count(limit.connections, "connection"))
    }
    if let ideal = group.idealConnections { add("ideal connections", Quantity.count(ideal)) }
    lines.append(Line())
    var title = Line("  WHY OPENED", .bold)
    title.pad(to: 40)
    title.add("HOW ENDED", .bold)
    lines.append(title)
    let causes = group.causes.filter { $0.connections > 0 }.sorted { $0.connections > $1.connections }
    for row in 0..<max(causes.count, group.closes.count) {
      var line = Line("  ")
      if row < causes.count {
        line.add(causes[row].cause.rawValue)
        line.pad(to: 27)
        line.add(Self.right(Quantity.count(causes[row].connections), 9))
      }
      line.pad(to: 40)
      if row < group.closes.count {
        line.add(group.closes[row].reason.rawValue)
        line.pad(to: 61)
        line.add(Self.right(Quantity.count(group.closes[row].connections), 9))
      }
      lines.append(line)
    }
    let notes = figures.notes.filter { $0.server == name }
    if !notes.isEmpty {
      lines.append(Line())
      lines.append(Line("  FINDINGS AND RACES", .bold))
      lines += notes.map { note($0, columns) }
    }
    return lines
  }

  private var help: [Line] {
    [
      Line(), Line("KEYS", .bold),
      Line("  q          end, write the outputs and print the report, as ^C does"),
      Line("  p, space   hold the screen still; the capture goes on"),
      Line("  s, S       sort the servers by requests/s, requests, worst reuse,"),
      Line("             openings/s, races, name"),
      Line("  /          servers whose name contains a text: Enter keeps it, Esc ends it"),
      Line("  ↑ ↓ j k    mark a server; also PgUp, PgDn, Home, End"),
      Line("  → Enter    the marked server's details; ← or Esc goes back"),
      Line("  ^L         draw everything anew"),
      Line(), Line("FIGURES", .bold),
      Line("  Rates are those of the last 10 s. Reuse is the share of requests on a"),
      Line("  connection that had carried one: a range where some connections were open"),
      Line("  before. Busy: an exchange is in progress. Races: requests that met the"),
      Line("  server's close. Drops: packets lost by the kernel or the interface."),
      Line(), Line("  Any key goes back.", .dim),
    ]
  }

  private func foot(_ columns: Int) -> Line {
    let keys =
      isTypingFilter
      ? "type a part of the name   Enter keep   Esc take away"
      : detail != nil
        ? "q quit  p pause  ← back  ↑↓ other server  ? help"
        : "q quit  p pause  s sort  / filter  ↑↓ mark  → detail  ? help"
    return Line.ends(keys, "", width: columns, .dim)
  }

  // MARK: Figures as text

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - TerminalText.width(text))) + text
  }

  /// A rate: whole from 10 on.
  static func rate(_ value: Double) -> String {
    guard value.isFinite, value >= 0.05, value < 1e15 else { return "0" }
    return value >= 9.95 ? Quantity.count(Int(value.rounded())) : Quantity.decimal(value)
  }

  static func bits(_ value: Double) -> String {
    guard value.isFinite, value >= 1 else { return "0 bit/s" }
    var (scaled, unit) = (value, 0)
    let units = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"]
    while scaled >= 1000, unit < units.count - 1 { (scaled, unit) = (scaled / 1000, unit + 1) }
    return "\(rate(scaled)) \(units[unit])"
  }
}
