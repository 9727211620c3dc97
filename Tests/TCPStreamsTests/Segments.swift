import TCPStreams
import Wire

/// A connection under test: makes segments, keeps what the table delivers.
struct Bench {
  private var box: Box
  var time: Int64 = 1_000_000_000
  let clientISN: UInt32
  let serverISN: UInt32
  var identification: UInt32 = 1
  /// What was delivered, by side as the table names them: gaps as `nil`.
  var delivered: [[UInt8?]] = [[], []]
  var log: [String] = []
  /// Stands for an octet that was passed over.
  static let passedOctet: UInt8 = 0xFE
  var passedAt: [Int64] = [.min, .min]

  init(clientISN: UInt32 = 1000, serverISN: UInt32 = 5000, limits: StreamLimits = StreamLimits()) {
    box = Box(ConnectionTable(limits: limits, seed: 7))
    self.clientISN = clientISN
    self.serverISN = serverISN
  }

  /// What cannot be copied, in a value that can: the tests' expectations copy what they speak of.
  private final class Box {
    var table: ConnectionTable
    init(_ table: consuming ConnectionTable) { self.table = table }
  }

  var table: ConnectionTable {
    _read { yield box.table }
    nonmutating _modify { yield &box.table }
  }

  /// Goes on with the table of another, where that left off.
  mutating func takeOver(_ other: Bench) {
    box = other.box
    time = other.time
  }

  enum From { case client, server }

  /// `offset` and `acknowledges` count from the first octet after the SYN, which is at -1.
  func segment(
    _ from: From, _ flags: TCPFlags, at offset: Int, acknowledges: Int = 0, port: UInt16 = 40000,
    window: UInt16 = 65535,
    captured: Int? = nil, payload: [UInt8] = []
  ) -> (TCPSegment, [UInt8]) {
    var s = TCPSegment()
    let client = IPAddress(v4: 0x0A00_0001)
    let server = IPAddress(v4: 0x0A00_0002)
    s.source = from == .client ? client : server
    s.destination = from == .client ? server : client
    s.sourcePort = from == .client ? port : 80
    s.destinationPort = from == .client ? 80 : port
    let mine = from == .client ? clientISN : serverISN
    let theirs = from == .client ? serverISN : clientISN
    s.sequenceNumber = mine &+ 1 &+ UInt32(truncatingIfNeeded: offset)
    if flags.contains(.ack) { s.acknowledgmentNumber = theirs &+ 1 &+ UInt32(truncatingIfNeeded: acknowledges) }
    s.flags = flags
    s.window = window
    s.payloadCaptured = captured ?? payload.count
    s.payloadLength = payload.count
    return (s, payload)
  }

  mutating func send(
    _ from: From, _ flags: TCPFlags, at offset: Int, acknowledges: Int = 0, window: UInt16 = 65535,
    captured: Int? = nil,
    payload: [UInt8] = [], after: Int64 = 1_000_000, identification: UInt32? = nil
  ) {
    time += after
    var (s, octets) = segment(
      from, flags, at: offset, acknowledges: acknowledges, window: window, captured: captured, payload: payload)
    s.identification = identification ?? self.identification
    self.identification += 1
    take(s, octets)
  }

  mutating func take(_ s: TCPSegment, _ octets: [UInt8]) {
    switch table.receive(s, octets: octets.span, at: time) {
    case .nothing, .opening:
      break
    case .duplicate:
      log.append("duplicate")
    case .inOrder(_, let side, _, _):
      delivered[side] += octets[..<s.payloadCaptured].map(Optional.some)
    case .events:
      work(octets)
    }
  }

  /// Time passes without a segment.
  mutating func advance(by interval: Int64) {
    time += interval
    table.advance(to: time)
    work([])
  }

  mutating func finish() {
    table.finish()
    work([])
  }

  private mutating func work(_ octets: [UInt8]) {
    for i in table.events.indices {
      switch table.events[i] {
      case .began: log.append("began")
      case .takenUp: log.append("taken up")
      case .givenUp: log.append("given up")
      case .established: log.append("established")
      case .segment(_, let side, let start, let count, _, _):
        delivered[side] += octets[start..<(start + count)].map(Optional.some)
      case .passed(_, let side, let octets, let latest):
        delivered[side] += Array(repeating: Bench.passedOctet, count: Int(octets))
        passedAt[side] = latest
      case .buffered(_, let side, let place, _, _):
        delivered[side] += table.hadWaited[place].octets.map(Optional.some)
      case .gap(_, let side, let octets, _, _):
        log.append("gap \(octets)")
        delivered[side] += Array(repeating: nil, count: min(10_000, Int(octets)))
      case .closing: log.append("closing")
      case .endOfStream(_, let side): log.append("end \(side)")
      case .reset: log.append("reset")
      case .reopened: log.append("reopened")
      case .ended: log.append("ended")
      }
    }
    table.clearEvents()
  }

  mutating func handshake() {
    send(.client, .syn, at: -1)
    send(.server, [.syn, .ack], at: -1)
    send(.client, .ack, at: 0)
  }

  /// The client's address is the lower one.
  var fromClient: [UInt8?] { delivered[0] }
  var fromServer: [UInt8?] { delivered[1] }

  var ledgerAddsUp: Bool {
    let l = table.payload
    return l.total
      == l.delivered + l.retransmitted + l.overlapping + l.missingCut + l.missingUnseen + l.outOfWindow + l.afterClose
      + l.droppedByLimit
  }
}

func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

func text(_ octets: [UInt8?]) -> String {
  octets.reduce(into: "") { $0 += $1.map { String(UnicodeScalar($0)) } ?? "?" }
}
