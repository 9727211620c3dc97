import Wire

/// One TCP connection, told step by step; it keeps the numbers of both sides right.
///
///     var talk = Conversation()
///     talk.handshake(at: 0, roundTrip: 10)
///     talk.send("GET / HTTP/1.1\r\n\r\n", from: .client, at: 20)
///     talk.acknowledge(from: .server, at: 21)
///     talk.finish(from: .server, at: 30)
///     talk.frames
///
/// Times are milliseconds after `start`. A step's frames all have its time, in the order in which they were made.
public struct Conversation: Sendable {
  public enum Side: Sendable {
    case client, server

    public var other: Side { self == .client ? .server : .client }
  }

  public private(set) var frames: [TimedFrame] = []
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public var start: Int64 = 1_700_000_000_000_000_000
  public var maximumSegment = 1460
  public var window = 65535
  /// The next sequence number of each side, and what it acknowledges: everything that the other has sent, by default.
  public var clientNext: UInt32 = 1000
  public var serverNext: UInt32 = 5000
  public var client: (address: Address, port: Int)
  public var server: (address: Address, port: Int)
  /// Puts an IP packet into a frame.
  public var wrap: @Sendable ([UInt8]) -> [UInt8] = { PacketBuilder.ethernet($0) }
  private var identification = 1

  public init(
    client: Address = "192.0.2.1", clientPort: Int = 40000, server: Address = "198.51.100.2", serverPort: Int = 80
  ) {
    self.client = (client, clientPort)
    self.server = (server, serverPort)
  }

  // MARK: Steps

  /// SYN at `at`, SYN/ACK at half of the round trip, ACK at its end.
  public mutating func handshake(at time: Double, roundTrip: Double = 1) {
    syn(at: time)
    synACK(at: time + roundTrip / 2)
    acknowledge(from: .client, at: time + roundTrip)
  }

  /// The client's SYN. Once more (`again`), it is the same.
  public mutating func syn(at time: Double, again: Bool = false) {
    if again { clientNext &-= 1 }
    emit(.client, at: time, flags: [.syn], sequence: clientNext, acknowledgment: 0, options: Self.synOptions)
    clientNext &+= 1
  }

  public mutating func synACK(at time: Double, again: Bool = false) {
    if again { serverNext &-= 1 }
    emit(.server, at: time, flags: [.syn, .ack], sequence: serverNext, options: Self.synOptions)
    serverNext &+= 1
  }

  /// Octets in segments of `maximumSegment` at most, the last with PSH.
  public mutating func send(_ octets: [UInt8], from side: Side, at time: Double) {
    var rest = octets[...]
    while !rest.isEmpty {
      let part = rest.prefix(maximumSegment)
      rest = rest.dropFirst(part.count)
      emit(
        side, at: time, flags: rest.isEmpty ? [.ack, .psh] : [.ack], sequence: next(of: side), payload: Array(part))
      advance(side, by: part.count)
    }
  }

  public mutating func send(_ text: String, from side: Side, at time: Double) {
    send(Array(text.utf8), from: side, at: time)
  }

  public mutating func acknowledge(from side: Side, at time: Double) {
    emit(side, at: time, flags: [.ack], sequence: next(of: side))
  }

  public mutating func finish(from side: Side, at time: Double) {
    emit(side, at: time, flags: [.fin, .ack], sequence: next(of: side))
    advance(side, by: 1)
  }

  /// FIN from `side`, FIN from the other, and the last ACK.
  public mutating func close(from side: Side, at time: Double) {
    finish(from: side, at: time)
    finish(from: side.other, at: time)
    acknowledge(from: side, at: time)
  }

  public mutating func reset(from side: Side, at time: Double, acknowledges: Bool = true) {
    emit(side, at: time, flags: acknowledges ? [.rst, .ack] : [.rst], sequence: next(of: side))
  }

  /// The side sends octets that the capture misses.
  public mutating func lose(_ count: Int, from side: Side) { advance(side, by: count) }

  /// Any segment, which changes no number: retransmissions, keep-alive probes, what is out of order or of window.
  public mutating func emit(
    _ side: Side, at time: Double, flags: TCPFlags, sequence: UInt32, acknowledgment: UInt32? = nil,
    options: [UInt8] = [], payload: [UInt8] = []
  ) {
    var segment = TCPFrame()
    let (from, to) = side == .client ? (client, server) : (server, client)
    segment.source = from.address
    segment.sourcePort = from.port
    segment.destination = to.address
    segment.destinationPort = to.port
    segment.sequenceNumber = sequence
    segment.acknowledgmentNumber = flags.contains(.ack) ? acknowledgment ?? next(of: side.other) : 0
    segment.flags = flags
    segment.window = window
    segment.options = options
    segment.payload = payload
    segment.identification = identification
    identification = (identification + 1) & 0xFFFF
    frames.append(TimedFrame(time: start + Int64(time * 1_000_000), octets: wrap(segment.packet)))
  }

  // MARK: Frames

  /// Once more the frame at `index` (from the end where negative), the same in every octet.
  public mutating func repeatFrame(_ index: Int, at time: Double) {
    var frame = frames[index < 0 ? frames.count + index : index]
    frame.time = start + Int64(time * 1_000_000)
    frames.append(frame)
  }

  /// Takes a frame out, as a capture that missed it.
  public mutating func dropFrame(_ index: Int) { frames.remove(at: index < 0 ? frames.count + index : index) }

  public func next(of side: Side) -> UInt32 { side == .client ? clientNext : serverNext }

  public mutating func advance(_ side: Side, by count: Int) {
    if side == .client {
      clientNext &+= UInt32(truncatingIfNeeded: count)
    } else {
      serverNext &+= UInt32(truncatingIfNeeded: count)
    }
  }

  /// A segment size of 1460, a window scale of 7.
  public static let synOptions: [UInt8] = [2, 4, 0x05, 0xB4, 1, 3, 3, 7]

  /// The frames of several connections in the order of their times.
  public static func merge(_ conversations: [Conversation]) -> [TimedFrame] {
    conversations.flatMap(\.frames).enumerated()
      .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }
}
