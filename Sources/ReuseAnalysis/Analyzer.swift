import BasicContainers
import HTTP1
import Synchronization
import TCPStreams
import Wire

/// From packets to rows and figures, in one pass in capture order.
///
/// Feed it every packet with `observe`, take the rows that have ended out of `exchanges` and `connections`, call `finish` at
/// the end of the capture and then `summary`. It uses no clock and keeps nothing that is past.
public struct Analyzer: ~Copyable {
  /// Rows that have ended since the caller last emptied them; empty unless asked for in the configuration.
  public var exchanges: [ExchangeRow] = []
  public var connections: [ConnectionRow] = []

  /// Makes the type one that is only ever passed by its address: without it, every call of a method that only reads copies
  /// its 3 KB of own fields (measured with Swift 6.3.1).
  private let byAddress = Atomic(false)
  let configuration: AnalyzerConfiguration
  /// Kept apart: every use of the whole configuration would copy it.
  let httpLimits: HTTPLimits
  var decoder: PacketDecoder
  var table: ConnectionTable
  var segment = TCPSegment()
  // The slabs are never copied: an array of the standard library asks at every change whether it is shared, which with all
  // that follows from it was a tenth of the instructions (measured with Swift 6.3.1).
  var states = UniqueArray<ConnectionState>()
  /// The directions of those connections that have something in progress; the first pair is nobody's.
  var pairs = UniqueArray(repeating: DirectionPair(), count: 1)
  var freePairs = UniqueArray<Int32>()
  var busyNodes = BusyPeak.Nodes()
  /// At the places of the table's pending openings.
  var openings = UniqueArray<OpeningState>()
  var heads = HeadMemory()
  /// Exchanges in progress, in a slab.
  var open = UniqueArray<OpenExchange>()
  var freeExchanges = UniqueArray<Int32>()
  /// What few connections have, by their places: further hosts than the first, and the race that a request lost.
  var moreHosts: [Int32: [Int32]] = [:]
  var closeRaces: [Int32: CloseRace] = [:]
  /// Since when the octets now delivered had waited for a hole, and until when.
  var stalled: (from: Int64, until: Int64)?
  /// What was asked, at the places of `open`; empty unless rows were asked for.
  var words: [RequestWords] = []
  /// Status codes of 1xx responses, by the connection while it waits for the final response, then by the exchange.
  var awaitedInterims: [Int32: [UInt16]] = [:]
  var interims: [Int32: [UInt16]] = [:]
  var totals = Totals()
  var races: RaceList
  var load: LoadSeries
  var timeWaits: TimeWaits
  /// Of pools that had to make room.
  var foldedPorts: [Summary.TimeWait.Ports] = []
  var balance: BalanceTable
  var retries = RetryMemory()
  /// The exchange that each retry in progress repeats.
  var repeated: [Int32: (connection: Int, index: Int)] = [:]
  var groups: Groups
  /// Servers and hosts folded since the balance was rid of such, and names refused until hosts are looked through again.
  var staleGroups = 0
  var hostsUntilSweep = 0
  var packets = PacketCounts()
  /// The time of the first packet, and the latest.
  var start: Int64 = .min
  var latest: Int64 = .min
  var finished = false
  /// Octets of unfinished heads, and of the words of exchanges that are not over.
  var held = 0
  /// Connections that have gone too far without an answer.
  var overdue: [Int32] = []
  /// A limit of what waits has been met.
  var mustMakeRoom = false

  public init(configuration: AnalyzerConfiguration = AnalyzerConfiguration()) {
    self.configuration = configuration
    httpLimits = configuration.http
    decoder = PacketDecoder(limits: configuration.decoding)
    table = ConnectionTable(limits: configuration.streams, postponing: configuration.postponesOpenings)
    groups = Groups(configuration)
    races = RaceList(limit: configuration.races)
    load = LoadSeries(lines: configuration.loadLines)
    timeWaits = TimeWaits(duration: configuration.timeWait, addresses: configuration.timeWaitAddresses)
    balance = BalanceTable(limit: configuration.balancePairs)
  }

  /// Takes in one captured packet. `timestamp` in nanoseconds since 1970, lengths in octets as captured and as sent.
  public mutating func observe(
    timestamp: Int64, capturedLength: Int, originalLength: Int, linkType: UInt32, octets: Span<UInt8>
  ) {
    packets.note(timestamp, captured: capturedLength, original: originalLength)
    if start == .min {
      start = timestamp
      load.start = timestamp
    }
    if timestamp > latest { latest = timestamp }
    let outcome = decoder.decode(
      octets, link: LinkType(rawValue: linkType), originalLength: originalLength, time: timestamp, into: &segment)
    switch outcome {
    case .tcp:
      packets.tcp &+= 1
      receive(octets, at: timestamp)
    case .tcpReassembled:
      packets.tcp &+= 1
      receiveReassembled(at: timestamp)
    case .fragment:
      packets.fragments += 1
    case .stopped(let stop):
      packets.note(stop)
    case .limit:
      packets.limit += 1
    }
  }

  @inline(never)
  private mutating func receiveReassembled(at time: Int64) {
    let datagram = decoder.reassembled
    receive(datagram.span, at: time)
  }

  @inline(__always)
  private mutating func receive(_ octets: Span<UInt8>, at time: Int64) {
    if !configuration.serverPorts.isEmpty, !configuration.serverPorts.contains(segment.sourcePort),
      !configuration.serverPorts.contains(segment.destinationPort)
    {
      packets.tcp -= 1
      packets.otherPorts += 1
      return
    }
    if segment.flags.intersection([.syn, .ack]) == .syn { settleBeforeOpening(octets, at: time) }
    switch table.receive(segment, octets: octets, at: time) {
    case .nothing:
      break
    case .inOrder(let slot, let side, let offset, let acknowledges):
      let payload = octets.extracting(segment.payloadOffset..<(segment.payloadOffset + segment.payloadCaptured))
      let arrival = Arrival(time: time, offset: offset, acknowledges: acknowledges, startsSegment: true)
      deliver(payload, slot: slot, side: side, arrival)
      if mustMakeRoom { makeRoom() }
    case .events:
      work(octets, at: time)
      if mustMakeRoom { makeRoom() }
    case .opening:
      receiveOpening(octets, at: time)
    case .duplicate:
      packets.tcp -= 1
      packets.duplicateFrames += 1
    }
  }

  /// What is over by now tells why a connection is opened (METRICS.md §3), also where no packet came since.
  @inline(__always)
  private mutating func settleBeforeOpening(_ octets: Span<UInt8>, at time: Int64) {
    table.advance(to: time)
    if !table.events.isEmpty { work(octets, at: time) }
  }

  /// Works through the table's events.
  @inline(never)
  mutating func work(_ octets: Span<UInt8>, at time: Int64) {
    for i in table.events.indices {
      switch table.events[i] {
      case .began(let slot):
        began(slot, at: time)
      case .takenUp(let opening, let slot):
        takenUp(opening, slot: slot)
      case .givenUp(let opening):
        givenUp(opening)
      case .established(let slot):
        established(slot, at: time)
      case .segment(let slot, let side, let start, let count, let offset, let acknowledges):
        guard count > 0 else { continue }
        let from = segment.payloadOffset + start
        let arrival = Arrival(time: time, offset: offset, acknowledges: acknowledges, startsSegment: start == 0)
        deliver(octets.extracting(from..<(from + count)), slot: slot, side: side, arrival)
      case .passed(let slot, let side, let octets, let latest):
        passed(octets, slot: slot, side: side, latest: latest)
      case .buffered(let slot, let side, let place, let deliveredAt, let stalled):
        let waited = table.hadWaited[place]
        let arrival = Arrival(
          time: waited.time, offset: waited.offset, acknowledges: waited.acknowledges,
          startsSegment: waited.startsSegment)
        deliver(waited.octets.span, slot: slot, side: side, arrival, stalledUntil: stalled ? deliveredAt : nil)
      case .gap(let slot, let side, let octets, let end, let isCut):
        gap(octets, slot: slot, side: side, endingAt: end, isCut: isCut)
      case .closing(let slot):
        closing(slot, at: time)
      case .endOfStream(let slot, let side):
        endOfStream(slot, side: side)
      case .reset(let slot):
        reset(slot)
      case .reopened(let slot):
        reopened(slot)
      case .ended(let slot):
        ended(slot)
      }
    }
    if !table.stalls.isEmpty { for stall in table.stalls { totals.stalls.add(stall) } }
    table.clearEvents()
  }

  /// The end of the capture: everything still open ends as `open`.
  public mutating func finish() {
    while !finish(atMost: 4096) {}
  }

  /// The same for so many connections: `true` when none is left. Who wants the rows takes them in between.
  public mutating func finish(atMost connections: Int) -> Bool {
    finished = true
    let isLast = table.finish(atMost: connections)
    let nothing: [UInt8] = []
    work(nothing.span, at: latest)
    return isLast
  }
}

/// Where every packet went (METRICS.md §9).
struct PacketCounts {
  var all = 0
  var bytes = 0
  var cut = 0
  var stepsBack = 0
  var tcp = 0
  var otherPorts = 0
  var duplicateFrames = 0
  var fragments = 0
  var limit = 0
  var notIP = 0
  var notTCP = 0
  var undecodable = 0
  var stops: [DecodingStop: Int] = [:]
  private var last: Int64 = .min

  @inline(__always)
  mutating func note(_ time: Int64, captured: Int, original: Int) {
    all &+= 1
    bytes &+= original
    if captured < original { cut &+= 1 }
    if time < last { stepsBack &+= 1 }
    last = time
  }

  @inline(never)
  mutating func note(_ stop: DecodingStop) {
    let key = stops.count < 1024 || stops[stop] != nil ? stop : stop.withoutDetail
    stops[key, default: 0] += 1
    switch stop.kind {
    case .notIP: notIP += 1
    case .notTCP: notTCP += 1
    case .undecodable: undecodable += 1
    }
  }
}
