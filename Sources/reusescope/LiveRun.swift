import PacketCapture
import Reports
import ReuseAnalysis
import Service

/// A running capture: packets in, rows out as they end, figures now and then.
///
/// One thread does it all. The kernel's ring takes what arrives while it is busy, so nothing in here may wait for anybody:
/// not for a terminal, not for a client.
struct LiveRun: ~Copyable {
  private var live: LiveCapture
  private var analyzer: Analyzer
  private let store: PacketKeeper?
  private let screen: LiveScreen?
  private let state: LiveState?
  private let figures: LiveFigures
  private(set) var ledgerAddsUp = true

  private let begin: ContinuousClock.Instant
  private let end: ContinuousClock.Instant?
  private let every: Duration?
  private var packetsLeft: Int
  private var packets = 0
  /// Packets are stamped by this system's clock, not by an interface's own.
  private let usesSystemClock: Bool
  private var hangUps = 0
  private let hadTerminal = System.hasControllingTerminal
  private var nextTick: ContinuousClock.Instant
  private var nextInterval: ContinuousClock.Instant?
  private var rates: Rates
  private var status: StatusLines?
  private var drops = LiveDrops()
  /// Why the capture ended by itself.
  private var trouble: CaptureError?

  /// Packets between two looks at the clock and at signals.
  private static let stride = 2048
  private static let tick: Duration = .milliseconds(500)
  /// How long the kernel may sit on packets that it has.
  private static let handOver = 250

  init(
    _ capture: consuming LiveCapture, _ options: Live, _ store: PacketKeeper?, _ screen: LiveScreen?,
    _ state: LiveState?,
    for outputs: LiveOutputs
  ) {
    var configuration = options.analysis.configuration
    configuration.wantsExchanges = outputs.wantsExchanges
    configuration.wantsConnections = outputs.wantsConnections || state != nil
    live = capture
    self.store = store
    self.screen = screen
    self.state = state
    figures = LiveFigures(options.interface, filter: options.analysis.filter, redacts: options.output.redact)
    analyzer = Analyzer(configuration: configuration)
    begin = .now
    end = options.duration.map { [begin] in begin + $0.duration }
    every = options.every?.duration
    packetsLeft = options.packets ?? .max
    usesSystemClock = options.timestampSource?.contains("unsynced") != true
    nextTick = begin + Self.tick
    nextInterval = every.map { [begin] in begin + $0 }
    rates = Rates(at: begin)
    if !options.quiet, screen == nil {
      status = StatusLines(every: options.every?.duration ?? .seconds(10), from: begin)
    }
  }

  /// Runs until something ends it.
  mutating func capture(into outputs: LiveOutputs) throws(OutputError) {
    while try goesOn(outputs) {
      if try take(into: outputs) == 0 {
        let now = ContinuousClock.now
        let wake = min(nextTick, end ?? nextTick, nextInterval ?? nextTick)
        if live.wait(milliseconds: milliseconds(from: now, to: wake), also: screen?.descriptor) { screen?.readKeys() }
      }
    }
    try drain(into: outputs)
  }

  /// What is there, but for what came after `limit`, in nanoseconds since 1970.
  private mutating func take(into outputs: LiveOutputs, before limit: Int64 = .max) throws(OutputError) -> Int {
    var taken = 0
    do throws(CaptureError) {
      taken = try live.deliver(atMost: min(Self.stride, packetsLeft)) { header, octets in
        guard header.timestamp <= limit else { return }
        packets += 1
        analyzer.observe(
          timestamp: header.timestamp, capturedLength: header.capturedLength, originalLength: header.originalLength,
          linkType: header.linkType, octets: octets)
        store?.add(header, octets)
      }
    } catch {
      trouble = error
    }
    if packetsLeft != .max { packetsLeft -= taken }
    try handOver(outputs)
    return taken
  }

  private mutating func goesOn(_ outputs: LiveOutputs) throws(OutputError) -> Bool {
    if Interruption.signal != nil || screen?.isEnded == true || trouble != nil || packetsLeft <= 0 { return false }
    let now = ContinuousClock.now
    if now >= nextTick {
      nextTick = max(nextTick + Self.tick, now)
      try advance(outputs)
      try outputs.flush()
      store?.flush()
      drops = live.readDrops()
      trouble = live.trouble
      rates.add(Rates.Sample(time: now, figures: analyzer.now, drops: drops.total))
      status?.show(rates, at: now)
      showFigures(at: now)
      if trouble != nil { return false }
    }
    if let end, now >= end { return false }
    if let next = nextInterval, let every, now >= next {
      nextInterval = max(next + every, now)
      try outputs.rotate(summary())
    }
    if Interruption.hangUps != hangUps {
      hangUps = Interruption.hangUps
      // A terminal that was closed takes with it who could stop this.
      if hadTerminal, !System.hasControllingTerminal { return false }
      try outputs.publish(summary())
    }
    return true
  }

  /// Gives the rows that are there to those who want them.
  private mutating func handOver(_ outputs: LiveOutputs) throws(OutputError) {
    guard !analyzer.exchanges.isEmpty || !analyzer.connections.isEmpty else { return }
    state?.add(analyzer.connections)
    try outputs.take(&analyzer)
  }

  private mutating func showFigures(at now: ContinuousClock.Instant) {
    state?.isAlive()
    guard screen != nil || state?.isWanted == true else { return }
    // Where there are always packets, nobody waits for keys.
    screen?.readKeys()
    if figures.wantsSummary(at: now) {
      let summary = summary()
      figures.take(summary)
      state?.show(summary)
    }
    figures.update(analyzer, rates, drops, elapsed: now - begin)
    screen?.show(figures.current)
    state?.show(figures.current)
  }

  /// Connections end in silence too.
  private mutating func advance(_ outputs: LiveOutputs) throws(OutputError) {
    guard usesSystemClock else { return }
    let time = (System.wallClockMilliseconds - Int64(2 * Self.handOver)) * 1_000_000
    analyzer.advance(to: time)
    store?.advance(to: time)
    try handOver(outputs)
  }

  /// At the end the kernel may still hold what was captured before it: as much as there is room for, where this program could
  /// not keep up. Packets that came later are no part of the capture.
  private mutating func drain(into outputs: LiveOutputs) throws(OutputError) {
    guard trouble == nil, packetsLeft > 0 else { return }
    let limit = (System.wallClockMilliseconds + 1) * 1_000_000
    let deadline = ContinuousClock.now + .milliseconds(Self.handOver)
    while trouble == nil, packetsLeft > 0 {
      let (before, taken) = (packets, try take(into: outputs, before: limit))
      if ContinuousClock.now >= deadline, packets == before || !usesSystemClock { break }
      if taken == 0 { _ = live.wait(milliseconds: milliseconds(from: .now, to: deadline)) }
    }
  }

  /// Every figure as of now.
  private mutating func summary() -> Summary {
    drops = live.readDrops()
    var summary = analyzer.summary()
    summary.capture.files = [live.interface]
    summary.capture.linkTypes = [linkTypeName(live.linkType)]
    summary.note(drops: drops.total)
    for warning in live.warnings { summary.warn("\(live.interface): \(warning)", matters: false) }
    if drops.kernel > 0 {
      summary.warn(
        "the kernel dropped \(Quantity.count(drops.kernel, "packet")) for want of room: figures may be too low; "
          + "a larger --buffer-size or a filter (-f) helps.", matters: true)
    }
    if drops.interface > 0 {
      summary.warn(
        "the interface lost \(Quantity.count(drops.interface, "packet")): figures may be too low.", matters: true)
    }
    store?.addWarnings(to: &summary)
    if let trouble { summary.warn("\(trouble)", matters: true) }
    return summary
  }

  mutating func finish(_ outputs: LiveOutputs) throws(OutputError) -> Summary {
    analyzer.finish()
    store?.close()
    try handOver(outputs)
    ledgerAddsUp = analyzer.ledgerAddsUp
    let summary = summary()
    try outputs.finish(summary)
    return summary
  }
}

private func milliseconds(from: ContinuousClock.Instant, to: ContinuousClock.Instant) -> Int {
  // Rounded up: 0 would not wait at all.
  max(0, Int((to - from) / .milliseconds(1)) + 1)
}
