import TestSupport
import Testing

@testable import ReuseAnalysis

/// Events one after the other, counted interval by interval at the end.
struct NaiveLoad {
  enum Event {
    case open(Int32)
    case busy(Int32)
    case opening, handshake, request
  }

  var events: [(time: Int64, line: Int32, event: Event)] = []

  func points(line: Int32?, width: Int64, until end: Int64) -> [Summary.Load.Point] {
    let mine = events.filter { line == nil || $0.line == line }
    return (0...Int(end / width)).map { i in
      let from = Int64(i) * width
      let to = min(from + width, end)
      var point = Summary.Load.Point(open: 0, busy: 0, openings: 0, handshakes: 0, requests: 0)
      for (time, _, event) in mine {
        // The time after it that lies in the interval; in an interval without length, what there is at its only moment.
        let share =
          to > from ? Double(max(0, to - max(from, time))) / Double(to - from) : (time <= from ? 1 : 0)
        let isHere = time >= from && time < from + width
        switch event {
        case .open(let n): point.open += Double(n) * share
        case .busy(let n): point.busy += Double(n) * share
        case .opening: point.openings += isHere ? 1 : 0
        case .handshake: point.handshakes += isHere ? 1 : 0
        case .request: point.requests += isHere ? 1 : 0
        }
      }
      return point
    }
  }
}

@Suite struct `The load over time` {
  @Test(arguments: 0..<60)
  func `every interval is as counted afterwards`(run: Int) {
    let seed = SplitMix64.newSeed()
    var rng = SplitMix64(seed: seed)
    var load = LoadSeries(lines: 3)
    load.start = Int64.random(in: -1_000_000...1_000_000_000_000, using: &rng)
    var naive = NaiveLoad()
    var open = [Int32](repeating: 0, count: 3)
    var busy = [Int32](repeating: 0, count: 3)
    for server in 0..<3 { #expect(load.refer(to: -1, server: Int32(server)).line == Int32(server)) }
    var time: Int64 = 0
    var now: Int64 = 0
    // From milliseconds to years between events.
    let step = Int64(1) << Int64.random(in: 10...47, using: &rng)
    for _ in 0..<Int.random(in: 1...150, using: &rng) {
      time += Int64.random(in: 0...step, using: &rng)
      let stamp = time - (Int.random(in: 0..<5, using: &rng) == 0 ? step : 0)
      now = max(now, stamp)
      let line = Int.random(in: 0..<3, using: &rng)
      let l = Int32(line)
      switch Int.random(in: 0..<7, using: &rng) {
      case 0, 1:
        open[line] += 1
        load.open(by: 1, line: l, at: load.start + stamp)
        naive.events.append((now, l, .open(1)))
      case 2 where open[line] > 0:
        open[line] -= 1
        load.open(by: -1, line: l, at: load.start + stamp)
        naive.events.append((now, l, .open(-1)))
      case 3 where busy[line] < open[line]:
        busy[line] += 1
        load.busy(by: 1, line: l, at: load.start + stamp)
        naive.events.append((now, l, .busy(1)))
      case 4 where busy[line] > 0:
        busy[line] -= 1
        load.busy(by: -1, line: l, at: load.start + stamp)
        naive.events.append((now, l, .busy(-1)))
      case 5:
        load.opening(line: l, at: load.start + stamp)
        load.handshake(line: l, at: load.start + stamp)
        naive.events.append((now, l, .opening))
        naive.events.append((now, l, .handshake))
      default:
        load.request(line: l, at: load.start + stamp)
        naive.events.append((now, l, .request))
      }
    }
    let end = now + [0, Int64.random(in: 0...(3 * step), using: &rng)][run % 2]
    let width = load.width(at: load.start + end)
    #expect(end / width < 400 && (width == 10_000_000 || end / width >= 200), "seed \(seed)")
    var n: Int32 = 0
    var peak: Int32 = 0
    for (_, _, event) in naive.events {
      if case .open(let by) = event { n += by }
      peak = max(peak, n)
    }
    #expect(load.openPeak.value == peak, "seed \(seed)")
    for line in [nil, 0, 1, 2] as [Int?] {
      let points = load.points(of: line.map { load.lines[$0] } ?? load.total, until: load.start + end)
      let expected = naive.points(line: line.map(Int32.init), width: width, until: end)
      #expect(points.count == expected.count, "seed \(seed)")
      for (i, (p, e)) in zip(points, expected).enumerated() {
        #expect(
          abs(p.open - e.open) < 1e-4 && abs(p.busy - e.busy) < 1e-4 && p.openings == e.openings
            && p.handshakes == e.handshakes && p.requests == e.requests, "seed \(seed), interval \(i): \(p), not \(e)")
      }
    }
  }

  @Test(arguments: [Int64.min, -1, 0, .max])
  func `times at the ends of what a number holds do not trap`(start: Int64) {
    var load = LoadSeries(lines: 2)
    load.start = start
    let line = load.refer(to: -1, server: 0).line
    for time in [start, .min, -1, 0, 1, .max, .min, .max, start] {
      load.open(by: 1, line: line, at: time)
      load.busy(by: 1, line: line, at: time)
      load.request(line: line, at: time)
    }
    for time in [Int64.min, start, .max] {
      #expect(load.points(of: load.total, until: time).count <= 400)
      #expect(load.points(of: load.total, until: time).reduce(0) { $0 + $1.requests } == 9)
    }
  }

  @Test func `lines go to servers with requests, and are not taken from them`() {
    var load = LoadSeries(lines: 2)
    let a = load.refer(to: -1, server: 7)
    #expect(a.line == 0 && a.former == -1)
    load.request(line: 0, at: 5)
    let b = load.refer(to: -1, server: 8)
    #expect(b.line == 1)
    #expect(load.refer(to: -1, server: 9).line == -1)
    load.unrefer(0)
    load.unrefer(1)
    // Server 8 had no request.
    let c = load.refer(to: -1, server: 10)
    #expect(c.line == 1 && c.former == 8)
    #expect(load.refer(to: 0, server: 7).line == 0)
    #expect(load.refer(to: -1, server: 11).line == -1)
  }

  @Test func `two servers, a peak, and what is left over`() throws {
    var talks: [Conversation] = []
    for (i, (host, start)) in [(1, 0.0), (2, 25), (2, 25), (3, 30)].enumerated() {
      var talk = Conversation(clientPort: 40000 + i, server: Address("198.51.100.\(host)"))
      talk.handshake(at: start, roundTrip: 5)
      if host < 3 {
        talk.send(get("/a"), from: .client, at: start + 5)
        talk.send(ok(), from: .server, at: start + 15)
        if host == 2 { talk.send(get("/b"), from: .client, at: start + 60) }
      }
      talk.close(from: .client, at: start + 70)
      talks.append(talk)
    }
    let load = Analysis(Conversation.merge(talks)) { $0.loadServers = 1 }.summary.load
    #expect(load.interval == 10 * millisecond)
    #expect(load.servers.count == 1 && load.servers[0].server?.address == Address("198.51.100.2").ipAddress)
    #expect(load.total.points.count == 11)
    // 0-70, twice 25-95, 30-100.
    #expect(load.total.points.map(\.open) == [1, 1, 2, 4, 4, 4, 4, 3, 3, 2, 0])
    #expect(load.servers[0].points.map(\.open) == [0, 0, 1, 2, 2, 2, 2, 2, 2, 1, 0])
    #expect(load.rest?.points.map(\.open) == [1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 0])
    // 5-15, twice 30-40 and 85-95.
    #expect(load.total.points.map(\.busy) == [0.5, 0.5, 0, 2, 0, 0, 0, 0, 1, 1, 0])
    #expect(load.total.points.map(\.requests) == [1, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0])
    #expect(load.total.points.map(\.openings) == [1, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0])
    #expect(load.total.points.map(\.handshakes) == [1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0])
    #expect(load.rest?.points.map(\.requests) == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(load.open.map { [$0.value, Int($0.at / millisecond)] } == [4, 30])
    #expect(load.busy.map { [$0.value, Int($0.at / millisecond)] } == [2, 30])
    #expect(load.openings.map { [$0.value, Int($0.at / millisecond)] } == [2, 20])
    #expect(load.requests.map { [$0.value, Int($0.at / millisecond)] } == [2, 30])
  }

  @Test func `no packet, one packet, an upgraded connection`() {
    #expect(Analysis([]).summary.load.interval == 0 && Analysis([]).summary.load.total.points.isEmpty)
    var one = Conversation()
    one.syn(at: 0)
    let load = Analysis(one).summary.load
    #expect(load.total.points.count == 1 && load.total.points[0].open == 1 && load.total.points[0].openings == 1)
    #expect(load.servers.isEmpty && load.rest == nil)

    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(get("/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\n"), from: .client, at: 10)
    talk.send(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", from: .server, at: 20)
    talk.close(from: .client, at: 40)
    talk.acknowledge(from: .server, at: 60)
    let busy = Analysis(talk).summary.load.total.points.map(\.busy)
    #expect(busy == [0, 1, 1, 1, 0, 0, 0])
  }
}
