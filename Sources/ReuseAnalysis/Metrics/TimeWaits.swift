import BasicContainers
import TCPStreams
import Wire

/// Connections in TIME-WAIT at one place, by the time at which they entered it.
///
/// Those that enter within 1/256 of the duration count as entering with the last of them, so that a queue has at most
/// 257 entries whatever their number; a peak may be too high by as many as left within that time, never too low.
struct TimeWaitQueue: Sendable {
  struct Run: Sendable {
    var first: Int64 = 0
    var last: Int64 = 0
    var count: Int32 = 0
  }

  /// The latest run, empty where there is none: most places never have another, and need no memory of their own.
  private var latest = Run()
  /// Of those before it, the first one that has not left.
  private var head: Int32 = 0
  private var earlier: [Run] = []
  private(set) var count = 0
  var entries: Int { earlier.count + 1 }

  mutating func add(at time: Int64, duration: Int64) {
    count += 1
    if latest.count > 0, time &- latest.first < duration / 256 {
      latest.last = max(latest.last, time)
      latest.count &+= 1
    } else {
      if latest.count > 0 { earlier.append(latest) }
      latest = Run(first: time, last: time, count: 1)
    }
  }

  /// Takes out those that have been there for `duration`: how many.
  mutating func expire(at time: Int64, duration: Int64) -> Int {
    let before = count
    if !earlier.isEmpty { expireEarlier(at: time, duration: duration) }
    if Int(head) == earlier.count, latest.count > 0, time &- latest.last >= duration {
      count -= Int(latest.count)
      latest = Run()
    }
    return before - count
  }

  private mutating func expireEarlier(at time: Int64, duration: Int64) {
    while head < earlier.count, time &- earlier[Int(head)].last >= duration {
      count -= Int(earlier[Int(head)].count)
      head += 1
    }
    if head > 64, head * 2 > earlier.count {
      earlier.removeFirst(Int(head))
      head = 0
    }
  }
}

/// Connections that entered TIME-WAIT, by the interval in which they did: those of ``LoadSeries``.
struct TimeWaitSeries: Sendable {
  private(set) var width = LoadSeries.firstWidth
  private(set) var entered: [Int] = []

  /// `elapsed`: nanoseconds from the first packet.
  mutating func add(at elapsed: Int64) {
    let elapsed = max(0, elapsed)
    while elapsed / width >= Int64(LoadSeries.limit) { halve() }
    let interval = Int(elapsed / width)
    while entered.count <= interval { entered.append(0) }
    entered[interval] += 1
  }

  private mutating func halve() {
    entered = stride(from: 0, to: entered.count, by: 2).map {
      entered[$0] + ($0 + 1 < entered.count ? entered[$0 + 1] : 0)
    }
    width *= 2
  }

  /// How many are there at the end of each of `count` intervals of `width`, which is this one's or a doubled one, when each
  /// stays for `duration`. Inside of an interval they are taken to enter evenly.
  func points(count: Int, width: Int64, duration: Int64) -> [Int] {
    var series = self
    while series.width < width { series.halve() }
    var sums = [0]
    for i in 0..<count { sums.append(sums[i] + (i < series.entered.count ? series.entered[i] : 0)) }
    let stay = Double(duration) / Double(width)
    return (0..<count).map { i in
      let left = Double(i + 1) - stay
      guard left > 0 else { return sums[i + 1] }
      let whole = Int(left)
      let part = left - Double(whole)
      let gone = Double(sums[whole]) + (part > 0 ? part * Double(sums[whole + 1] - sums[whole]) : 0)
      return sums[i + 1] - Int(gone.rounded())
    }
  }
}

/// Connections in TIME-WAIT (METRICS.md §8), in all, at each address and, where the client closed first, in each pool.
struct TimeWaits: ~Copyable, Sendable {
  struct Place: Sendable {
    private(set) var connections = 0
    private(set) var peak = 0
    private(set) var at: Int64 = 0
    private var queue = TimeWaitQueue()

    mutating func add(at time: Int64, duration: Int64) {
      _ = queue.expire(at: time, duration: duration)
      queue.add(at: time, duration: duration)
      connections += 1
      if queue.count > peak { (peak, at) = (queue.count, time) }
    }
  }

  let duration: Int64
  private let limit: Int
  private(set) var total = Place()
  private(set) var series = TimeWaitSeries()
  private var addresses = HashTable<IPAddress, Place>()
  /// Addresses that had to make room: what comes of them later begins anew.
  private(set) var folded = 0
  /// Ports of pools whose client closed first, at ``Pool/waitingPorts``.
  private var queues = UniqueArray<TimeWaitQueue>()
  private var freeQueues: [Int32] = []

  init(duration: Int64, addresses: Int) {
    self.duration = duration
    limit = addresses
  }

  /// A connection closed in order, first by `address`; `start`: the time of the first packet.
  mutating func add(_ address: IPAddress, at time: Int64, start: Int64) {
    total.add(at: time, duration: duration)
    series.add(at: time &- start)
    var place = addresses.find(address)
    if place < 0 {
      if addresses.entries.count >= limit { makeRoom() }
      place = addresses.insert(Place(), for: address)
    }
    addresses.change(place) { $0.add(at: time, duration: duration) }
  }

  /// The quarter with the lowest peaks goes, older ones first: as rarely as that, it costs little for each address.
  private mutating func makeRoom() {
    folded += addresses.removeQuarter {
      ($0.value.peak, $0.value.at, $0.key.high, $0.key.low)
    } by: {
      $0 < $1
    }
  }

  /// The addresses with the highest peaks, the highest first.
  func highest(_ limit: Int) -> [(key: IPAddress, value: Place)] {
    var highest = Leading<(key: IPAddress, value: Place)>(limit) { a, b in
      (b.value.peak, a.value.at, a.key.high, a.key.low) < (a.value.peak, b.value.at, b.key.high, b.key.low)
    }
    for i in addresses.entries.indices { highest.offer((addresses.entries[i].key, addresses.entries[i].value)) }
    return highest.result().elements
  }

  // MARK: Ports of a pool

  /// A port of a pool, whose queue is given, enters; -1: it has none yet.
  mutating func add(to queue: inout Int32, at time: Int64) {
    if queue < 0 {
      queue = freeQueues.popLast() ?? Int32(queues.count)
      if Int(queue) == queues.count {
        queues.doubleIfFull()
        queues.append(TimeWaitQueue())
      }
    }
    queues[Int(queue)].add(at: time, duration: duration)
  }

  /// How many ports of a pool have become free since it was last asked.
  mutating func expire(_ queue: inout Int32, at time: Int64) -> Int {
    guard queue >= 0 else { return 0 }
    let expired = queues[Int(queue)].expire(at: time, duration: duration)
    if queues[Int(queue)].count == 0 { forget(&queue) }
    return expired
  }

  /// A pool needs its queue no more.
  mutating func forget(_ queue: inout Int32) {
    guard queue >= 0 else { return }
    queues[Int(queue)] = TimeWaitQueue()
    freeQueues.append(queue)
    queue = -1
  }
}

extension Analyzer {
  /// A connection takes a port of its client (METRICS.md §8).
  mutating func takePort(_ slot: Int) {
    let pool = states[slot].pool
    guard pool >= 0, !states[slot].holdsPort, !states[slot].closedInOrder else { return }
    states[slot].holdsPort = true
    let i = Int(pool)
    groups.pools[i].ports &-= Int32(truncatingIfNeeded: timeWaits.expire(&groups.pools[i].waitingPorts, at: latest))
    groups.pools[i].ports &+= 1
    if groups.pools[i].ports > groups.pools[i].portsPeak { groups.pools[i].portsPeak = groups.pools[i].ports }
  }

  mutating func releasePort(_ slot: Int) {
    guard states[slot].holdsPort else { return }
    states[slot].holdsPort = false
    groups.pools[Int(states[slot].pool)].ports &-= 1
  }

  /// All that either side sent has come, and its FIN: the side whose FIN was first goes into TIME-WAIT.
  mutating func noteClosedInOrder(_ slot: Int) {
    let c = table.connection(slot)
    guard c.closeKind == .fin, !states[slot].closedInOrder, table.half(slot, 0).finOffset >= 0,
      table.half(slot, 1).finOffset >= 0
    else { return }
    states[slot].closedInOrder = true
    let byClient = states[slot].holdsPort && c.closedBy == states[slot].client
    timeWaits.add(endpoint(slot, side: Int(c.closedBy)).address, at: latest, start: start)
    guard byClient else { return releasePort(slot) }
    // Its port stays taken: the pool's queue holds it now.
    timeWaits.add(to: &groups.pools[Int(states[slot].pool)].waitingPorts, at: latest)
    states[slot].holdsPort = false
  }

  func fillTimeWait(_ s: inout Summary) {
    s.timeWait.duration = timeWaits.duration
    func row(_ address: IPAddress, _ place: TimeWaits.Place) -> Summary.TimeWait.AtEndpoint {
      .init(address: address, connections: place.connections, peak: place.peak, at: max(0, place.at &- start))
    }
    if timeWaits.total.connections > 0 { s.timeWait.total = row(IPAddress(high: 0, low: 0), timeWaits.total) }
    if start != .min, timeWaits.total.connections > 0 {
      s.timeWait.points = timeWaits.series.points(
        count: s.load.total.points.count, width: s.load.interval, duration: timeWaits.duration)
    }
    s.timeWait.endpoints = timeWaits.highest(configuration.timeWaitRows).map { row($0.key, $0.value) }
    var most = Leading(places: configuration.timeWaitRows)
    for i in groups.pools.indices { most.offer(i, count: Int(groups.pools[i].portsPeak)) }
    let rows = most.result().elements.map { ports(ofPool: $0.place) } + foldedPorts
    s.timeWait.ports = rows.indices.sorted { (rows[$1].peak, $0) < (rows[$0].peak, $1) }
      .prefix(configuration.timeWaitRows).map { rows[$0] }
  }

  private func ports(ofPool place: Int) -> Summary.TimeWait.Ports {
    let pool = groups.pools[place]
    return .init(
      client: pool.client, server: groups.servers[Int(pool.server)].endpoint, peak: Int(pool.portsPeak),
      share: Double(pool.portsPeak) / Double(Summary.TimeWait().portRange))
  }

  /// A pool makes room for another one. One that was short of ports is remembered, as long as there are not too many such.
  mutating func noteFoldedPorts(_ pool: Int) {
    let row = ports(ofPool: pool)
    guard row.share >= FindingThresholds.portShare else { return }
    foldedPorts.append(row)
    guard foldedPorts.count > configuration.timeWaitRows else { return }
    if let least = foldedPorts.indices.min(by: { foldedPorts[$0].peak < foldedPorts[$1].peak }) {
      foldedPorts.remove(at: least)
    }
  }
}
