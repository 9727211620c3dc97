import PacketCapture
import Reports
import ReuseAnalysis
import Screen

/// What the screen and the service show, gathered from the running analysis.
final class LiveFigures {
  private(set) var current = ScreenFigures()
  private var lately = RecentServers()
  private var nextSummary = ContinuousClock.now
  private let redacts: Bool

  init(_ interface: String, filter: String?, redacts: Bool) {
    self.redacts = redacts
    current.source = TerminalText.escaped(filter.map { "\(interface) (\($0))" } ?? interface)
  }

  /// The tables in full cost as much as there are clients: they are asked for rarely, and the more rarely the dearer they are.
  func wantsSummary(at now: ContinuousClock.Instant) -> Bool {
    guard now >= nextSummary else { return false }
    summaryBegan = now
    return true
  }

  private var summaryBegan = ContinuousClock.now

  func take(_ summary: Summary) {
    let now = ContinuousClock.now
    nextSummary = now + max(.seconds(2), (now - summaryBegan) * 50)
    current.groups = [:]
    for group in summary.servers {
      if let server = group.server { current.groups[Self.name(of: server)] = group }
    }
    let races = summary.races.suffix(20).reversed().map { race in
      ScreenFigures.Note(
        .problem,
        "close race: request \(race.exchange) of \(Self.name(of: race.client)) to \(Self.name(of: race.server))"
          + (race.idle.map { ", after \(Quantity.duration($0)) idle" } ?? ""), server: Self.name(of: race.server))
    }
    current.notes = summary.findings.map(note) + races
  }

  private func note(_ finding: Finding) -> ScreenFigures.Note {
    let weight: ScreenFigures.Note.Weight =
      switch finding.severity {
      case .info: .info
      case .warning: .warning
      case .problem: .problem
      }
    let server: String? =
      switch finding.subject {
      case .server(let server), .pool(_, let server): Self.name(of: server)
      case .capture, .origin, .client: nil
      }
    return ScreenFigures.Note(weight, FindingText(finding, redacts: redacts).message, server: server)
  }

  private static func name(of endpoint: Endpoint) -> String { endpointText(endpoint) }

  func update(_ analyzer: borrowing Analyzer, _ rates: Rates, _ drops: LiveDrops, elapsed: Duration) {
    current.elapsed = Int64(elapsed / .nanoseconds(1))
    current.clock = System.timeOfDay
    current.now = analyzer.now
    current.lastTen = rates.change(over: .seconds(10)).map(Self.rate)
    current.lastMinute = rates.change(over: .seconds(60)).map(Self.rate)
    (current.kernelDrops, current.interfaceDrops) = (drops.kernel, drops.interface)
    let now = current.now
    if now.requests > 0 {
      let all = Double(now.requests)
      current.reuse = Double(now.reused) / all...Double(now.reused + now.unknown) / all
    }
    current.causes = analyzer.openingCauses
    current.servers = lately.servers(of: analyzer, elapsed: elapsed) { Self.name(of: $0) }
  }

  private static func rate(_ change: Rates.Change) -> ScreenFigures.Rate {
    ScreenFigures.Rate(
      packets: change.rate(change.packets), bits: change.rate(change.bytes) * 8, requests: change.rate(change.requests),
      opened: change.rate(change.opened), drops: change.drops, reuse: change.reuse)
  }
}

/// How busy each server was in about the last ten seconds. Of more servers than a screen can show, those with the most requests.
private struct RecentServers {
  private struct Recent {
    var number = 0
    var requests = 0
    var opened = 0
    var rate = 0.0
    var openingRate = 0.0
  }

  private var recent: [Recent] = []
  private var last: Duration = .zero
  private static let shown = 500

  mutating func servers(
    of analyzer: borrowing Analyzer, elapsed: Duration, name: (Endpoint) -> String
  ) -> [ScreenFigures.Server] {
    let seconds = max(0.001, Double((elapsed - last) / .milliseconds(1)) / 1000)
    last = elapsed
    // The weight of what is new, so that it counts for a third less after ten seconds, and soon for nothing.
    let weight = min(1, seconds / min(10, max(seconds, Double(elapsed / .milliseconds(1)) / 1000)))
    var found: [(index: Int, figures: ServerFigures)] = []
    analyzer.forEachServer { index, figures in
      while recent.count <= index { recent.append(Recent()) }
      if recent[index].number != figures.number { recent[index] = Recent(number: figures.number) }
      let (requests, opened) = (figures.requests - recent[index].requests, figures.opened - recent[index].opened)
      recent[index].rate += weight * (Double(requests) / seconds - recent[index].rate)
      recent[index].openingRate += weight * (Double(opened) / seconds - recent[index].openingRate)
      (recent[index].requests, recent[index].opened) = (figures.requests, figures.opened)
      found.append((index, figures))
    }
    if found.count > Self.shown {
      found.sort { ($0.figures.requests, $1.index) > ($1.figures.requests, $0.index) }
      found.removeLast(found.count - Self.shown)
    }
    return found.map { index, figures in
      ScreenFigures.Server(
        name: name(figures.endpoint), rate: recent[index].rate, openingRate: recent[index].openingRate, figures: figures
      )
    }
  }
}
