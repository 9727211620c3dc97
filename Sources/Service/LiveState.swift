import HTMLReport
import Reports
import ReuseAnalysis
import Screen
import Synchronization

/// What the capture shows to the service: values put here by one thread and taken by the other. Neither waits for the other
/// longer than a copy takes.
package final class LiveState: Sendable {
  private struct Shown {
    var figures = Latest(ScreenFigures())
    var summary = Latest(Summary?.none)
    var connections: [ConnectionRow] = []
    /// Where the next row goes, once there are as many as are kept.
    var next = 0
  }

  /// A value that is made anew as long as somebody looks at it.
  private struct Latest<Value: Sendable>: Sendable {
    private(set) var value: Value
    /// Which one it is, counted.
    private(set) var number = 0
    /// The last one that was there when somebody looked again after a long time.
    private var lastUnseen = 0

    init(_ value: Value) { self.value = value }

    mutating func take(_ value: Value) {
      self.value = value
      number += 1
    }

    mutating func becomeOld() { lastUnseen = number }
    var isOld: Bool { number <= lastUnseen }
  }

  private let shown = Mutex(Shown())
  /// The report page of a summary, made when it is asked for.
  private let page = Mutex((number: 0, octets: [UInt8]()))
  private let lastLook = Mutex(ContinuousClock.Instant?.none)
  private let lastSign = Mutex(ContinuousClock.now)
  /// Rows of connections that are kept to be asked for.
  package static let rowsKept = 1000

  package init() {}

  // MARK: The capture's side

  /// Somebody has looked in the last minutes, or is to find something at the first look: figures are worth their making.
  package var isWanted: Bool { wasLookedAt || summary == nil }

  private var wasLookedAt: Bool {
    guard let last = lastLook.withLock({ $0 }) else { return false }
    return .now - last < .seconds(300)
  }

  package func isAlive() { lastSign.withLock { $0 = .now } }

  package func show(_ figures: ScreenFigures) { shown.withLock { $0.figures.take(figures) } }

  package func show(_ summary: Summary) { shown.withLock { $0.summary.take(summary) } }

  package func add(_ rows: [ConnectionRow]) {
    guard !rows.isEmpty else { return }
    shown.withLock { shown in
      for row in rows.suffix(Self.rowsKept) {
        if shown.connections.count < Self.rowsKept {
          shown.connections.append(row)
        } else {
          shown.connections[shown.next] = row
          shown.next = (shown.next + 1) % Self.rowsKept
        }
      }
    }
  }

  // MARK: The service's side

  func look() {
    if !wasLookedAt {
      shown.withLock {
        $0.figures.becomeOld()
        $0.summary.becomeOld()
      }
    }
    lastLook.withLock { $0 = .now }
  }

  /// They were made when nobody had looked for long, or not at all: new ones are on their way.
  var isSummaryOld: Bool { shown.withLock { $0.summary.isOld } }
  var areFiguresOld: Bool { shown.withLock { $0.figures.isOld } }

  /// The capture has given a sign of life in the last seconds.
  var captureRuns: Bool { lastSign.withLock { .now - $0 < .seconds(10) } }

  var figures: ScreenFigures { shown.withLock { $0.figures.value } }
  var summary: Summary? { shown.withLock { $0.summary.value } }

  /// The report as one page; `nil` while there are no figures.
  func report(redacts: Bool) -> [UInt8]? {
    let (summary, number) = shown.withLock { ($0.summary.value, $0.summary.number) }
    guard let summary else { return nil }
    return page.withLock { page in
      if page.number != number { page = (number, ReportPage(redacts: redacts).octets(summary)) }
      return page.octets.isEmpty ? nil : page.octets
    }
  }

  /// The latest connections that have ended, the last first; of one server where it is named.
  func connections(of server: String?) -> [ConnectionRow] {
    let rows = shown.withLock { Array($0.connections[$0.next...] + $0.connections[..<$0.next]) }
    let wanted = server.map { server in rows.filter { endpointText($0.server) == server } } ?? rows
    return wanted.reversed()
  }
}
