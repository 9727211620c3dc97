/// The load over time (METRICS.md §8): connections open and busy, openings, handshakes and requests per interval, for all
/// servers together and for the first ones that have requests.
///
/// It costs something when a connection opens, closes, becomes busy or idle, nothing for a packet. Time never runs back here:
/// what happens at an earlier time stamp than before counts as happening now.
struct LoadSeries: Sendable {
  /// Time in nanoseconds from the first packet, and the interval that it is in.
  private(set) var now: Int64 = 0
  private(set) var width: Int64 = firstWidth
  private var interval = 0
  private var end: Int64 = firstWidth
  /// The time of the first packet.
  var start: Int64 = 0

  private(set) var total = LoadLine(from: 0)
  private(set) var lines: [LoadLine] = []
  /// Lines that may be taken over: nothing refers to them and they have no request.
  private var unused: [Int32] = []
  private let lineLimit: Int

  private(set) var openPeak = Peak()
  private(set) var busyPeak = Peak()

  struct Peak: Sendable {
    var value: Int32 = 0
    var at: Int64 = 0
  }

  static let firstWidth: Int64 = 10_000_000
  static let limit = 400

  init(lines: Int) { lineLimit = lines }

  // MARK: Time

  @inline(__always)
  private mutating func advance(to time: Int64) {
    let elapsed = time &- start
    guard elapsed > now else { return }
    now = elapsed
    if elapsed >= end { moveOn() }
  }

  @inline(never)
  private mutating func moveOn() {
    while now / width >= Int64(Self.limit) {
      total.halve(width: width, limit: Self.limit)
      for i in lines.indices { lines[i].halve(width: width, limit: Self.limit) }
      width *= 2
    }
    interval = Int(now / width)
    let (product, overflow) = Int64(interval + 1).multipliedReportingOverflow(by: width)
    end = overflow ? .max : product
  }

  // MARK: Events

  @inline(__always)
  mutating func open(by n: Int32, line: Int32, at time: Int64) {
    advance(to: time)
    let rest = Double(end &- now)
    total.open(by: n, rest: rest, interval: interval, width: width)
    if total.open > openPeak.value { openPeak = Peak(value: total.open, at: now) }
    if line >= 0 { lines[Int(line)].open(by: n, rest: rest, interval: interval, width: width) }
  }

  /// One that is counted in all already turns out to belong to a server.
  mutating func join(line: Int32, at time: Int64) {
    advance(to: time)
    if line >= 0 { lines[Int(line)].open(by: 1, rest: Double(end &- now), interval: interval, width: width) }
  }

  @inline(__always)
  mutating func busy(by n: Int32, line: Int32, at time: Int64) {
    advance(to: time)
    let rest = Double(end &- now)
    total.busy(by: n, rest: rest, interval: interval, width: width)
    if total.busy > busyPeak.value { busyPeak = Peak(value: total.busy, at: now) }
    if line >= 0 { lines[Int(line)].busy(by: n, rest: rest, interval: interval, width: width) }
  }

  mutating func opening(line: Int32, at time: Int64) {
    advance(to: time)
    total.opening(interval: interval, width: width)
    if line >= 0 { lines[Int(line)].opening(interval: interval, width: width) }
  }

  mutating func handshake(line: Int32, at time: Int64) {
    advance(to: time)
    total.handshake(interval: interval, width: width)
    if line >= 0 { lines[Int(line)].handshake(interval: interval, width: width) }
  }

  @inline(__always)
  mutating func request(line: Int32, at time: Int64) {
    advance(to: time)
    total.request(interval: interval, width: width)
    if line >= 0 { lines[Int(line)].request(interval: interval, width: width) }
  }

  // MARK: Lines

  /// A connection begins to refer to a server's line, which may have to be made: its number; -1 when there is no room,
  /// and for good, as half a line would mislead. `former`: a server that has lost its line, without having had a request.
  mutating func refer(to line: Int32, server: Int32) -> (line: Int32, former: Int32) {
    var line = line
    var former: Int32 = -1
    if line < 0 {
      if lines.count < lineLimit {
        line = Int32(lines.count)
        lines.append(LoadLine(from: interval))
      } else {
        while let candidate = unused.popLast() {
          lines[Int(candidate)].isListedUnused = false
          guard lines[Int(candidate)].isUnused else { continue }
          line = candidate
          former = lines[Int(line)].server
          lines[Int(line)] = LoadLine(from: interval)
          break
        }
      }
      guard line >= 0 else { return (-1, -1) }
      lines[Int(line)].server = server
    }
    lines[Int(line)].connections += 1
    return (line, former)
  }

  /// A connection has ended.
  mutating func unrefer(_ line: Int32) {
    guard line >= 0 else { return }
    let i = Int(line)
    lines[i].connections -= 1
    if lines[i].isUnused, !lines[i].isListedUnused {
      lines[i].isListedUnused = true
      unused.append(line)
    }
  }

  /// The server of a line makes room for another one, and its line with it.
  mutating func free(_ line: Int32) {
    guard line >= 0 else { return }
    let isListed = lines[Int(line)].isListedUnused
    lines[Int(line)] = LoadLine(from: interval)
    lines[Int(line)].isListedUnused = true
    if !isListed { unused.append(line) }
  }

  // MARK: Summary

  /// The points of a line up to `time`, from the first packet on.
  func points(of line: LoadLine, until time: Int64) -> [Summary.Load.Point] {
    var copy = self
    copy.advance(to: time)
    var line = line
    if copy.width > width {
      var width = width
      while width < copy.width {
        line.halve(width: width, limit: Self.limit)
        width *= 2
      }
    }
    line.fill(to: copy.interval, width: copy.width)
    let lastLength = Double(copy.now &- Int64(copy.interval) &* copy.width)
    var points = [Summary.Load.Point](
      repeating: .init(open: 0, busy: 0, openings: 0, handshakes: 0, requests: 0), count: copy.interval + 1)
    for (k, cell) in line.cells.enumerated() {
      let i = line.first + k
      guard i < points.count else { break }
      points[i].openings = Int(cell.openings)
      points[i].handshakes = Int(cell.handshakes)
      points[i].requests = Int(cell.requests)
      if i < copy.interval {
        points[i].open = cell.open / Double(copy.width)
        points[i].busy = cell.busy / Double(copy.width)
      } else if lastLength > 0 {
        // The last interval ends with the capture; what is open now was counted to the interval's end.
        let rest = Double(copy.width) - lastLength
        points[i].open = (cell.open - Double(line.open) * rest) / lastLength
        points[i].busy = (cell.busy - Double(line.busy) * rest) / lastLength
      } else {
        points[i].open = Double(line.open)
        points[i].busy = Double(line.busy)
      }
      points[i].open = Self.tidy(points[i].open)
      points[i].busy = Self.tidy(points[i].busy)
    }
    return points
  }

  /// The width of an interval when the capture ends at `time`.
  func width(at time: Int64) -> Int64 {
    var copy = self
    copy.advance(to: time)
    return copy.width
  }

  /// Without what is left of sums of many nanoseconds.
  static func tidy(_ mean: Double) -> Double { max(0, (mean * 1e6).rounded() / 1e6) }
}

/// One line of the load: sums for each interval from the one in which it begins.
struct LoadLine: Sendable {
  struct Cell: Sendable {
    /// Connection-nanoseconds in the interval; of those open now, up to its end.
    var open = 0.0
    var busy = 0.0
    var openings: UInt32 = 0
    var handshakes: UInt32 = 0
    var requests: UInt32 = 0
  }

  /// The interval of the first cell.
  private(set) var first: Int
  /// Those of the intervals that are over, and the latest one and its interval.
  private var past: [Cell] = []
  private var current = Cell()
  private var latest: Int
  private(set) var open: Int32 = 0
  private(set) var busy: Int32 = 0
  private(set) var requests = 0
  /// Whose line it is, and how many connections refer to it.
  var server: Int32 = -1
  var connections = 0
  var isListedUnused = false

  var isUnused: Bool { connections == 0 && requests == 0 }

  init(from interval: Int) {
    first = interval
    latest = interval
  }

  var cells: [Cell] { past + [current] }

  /// Makes the cells up to `interval`: what is open stays open all through them.
  @inline(__always)
  mutating func fill(to interval: Int, width: Int64) {
    if latest < interval { fillSlowly(to: interval, width: width) }
  }

  @inline(never)
  private mutating func fillSlowly(to interval: Int, width: Int64) {
    past.append(current)
    current = Cell()
    current.open = Double(open) * Double(width)
    current.busy = Double(busy) * Double(width)
    latest += 1
    while latest < interval {
      past.append(current)
      latest += 1
    }
  }

  /// `rest`: what is left of the interval.
  @inline(__always)
  mutating func open(by n: Int32, rest: Double, interval: Int, width: Int64) {
    fill(to: interval, width: width)
    open &+= n
    current.open += Double(n) * rest
  }

  @inline(__always)
  mutating func busy(by n: Int32, rest: Double, interval: Int, width: Int64) {
    fill(to: interval, width: width)
    busy &+= n
    current.busy += Double(n) * rest
  }

  mutating func opening(interval: Int, width: Int64) {
    fill(to: interval, width: width)
    current.openings &+= 1
  }

  mutating func handshake(interval: Int, width: Int64) {
    fill(to: interval, width: width)
    current.handshakes &+= 1
  }

  @inline(__always)
  mutating func request(interval: Int, width: Int64) {
    fill(to: interval, width: width)
    requests &+= 1
    current.requests &+= 1
  }

  /// Intervals twice as wide, now that all `limit` of them are over.
  mutating func halve(width: Int64, limit: Int) {
    fill(to: limit - 1, width: width)
    var merged: [Cell] = []
    merged.reserveCapacity(limit / 2 - first / 2)
    for (k, cell) in cells.enumerated() {
      let i = (first + k) / 2 - first / 2
      if i == merged.count {
        merged.append(cell)
      } else {
        merged[i].open += cell.open
        merged[i].busy += cell.busy
        merged[i].openings &+= cell.openings
        merged[i].handshakes &+= cell.handshakes
        merged[i].requests &+= cell.requests
      }
    }
    latest = first / 2 + merged.count - 1
    first /= 2
    if let last = merged.popLast() { current = last }
    past = merged
  }
}
