/// One synthetic TCP connection with its exchanges, a packet at a time, so that many can be interleaved in little memory.
struct Conversation {
  /// What a capture is made of.
  enum Load: String, CaseIterable {
    /// Bodies of 0.2 to 60 kB: most packets carry nothing but content.
    case mixed
    /// Bodies of 20 to 200 octets: almost every data packet carries a message head.
    case dense
    /// As dense, all between one client and one server: a single pool.
    case pool

    var bodyOctets: ClosedRange<Int> {
      switch self {
      case .mixed: 200...60_000
      case .dense, .pool: 20...200
      }
    }
  }

  private enum Step {
    case syn, synACK, ack, request, response, acknowledge, fin, otherFIN, lastACK, done
  }

  private struct End {
    var address: UInt32
    var port: UInt16
    var sequenceNumber: UInt32
    /// Of its last datagram.
    var identification: UInt16 = 0
  }

  /// When the next packet is captured, in nanoseconds since 1970; `nil` after the last.
  private(set) var nextTime: Int64?
  let exchanges: Int

  private var client, server: End
  private var step = Step.syn
  private var random: RandomNumbers
  private let load: Load
  private let roundTrip: Int64
  private let serverCloses: Bool
  private var requestsSent = 0
  /// What is left to send of the current response, its head first.
  private var head: [UInt8] = []
  private var bodyLeft = 0

  static let segmentOctets = 1460
  private static let millisecond: Int64 = 1_000_000
  private static let filler = [UInt8](repeating: UInt8(ascii: "x"), count: segmentOctets)

  init(number: Int, start: Int64, load: Load, seed: UInt64) {
    var random = RandomNumbers(seed: seed &+ UInt64(number) &* 0x1_0001)
    let place = load == .pool ? 0 : number
    client = End(
      address: 0x0A00_0000 | UInt32(place / 40_000 + 1) << 8 | UInt32(place % 250 + 1),
      port: UInt16(20_000 + number % 40_000),
      sequenceNumber: UInt32.random(in: 0...(.max), using: &random))
    server = End(
      address: 0xC0A8_0001 + UInt32(place % 20), port: 80,
      sequenceNumber: UInt32.random(in: 0...(.max), using: &random))
    exchanges = Int.random(in: 0..<10, using: &random) < 3 ? 1 : Int.random(in: 2..<20, using: &random)
    roundTrip = Int64.random(in: 500_000...30 * Self.millisecond, using: &random)
    serverCloses = Bool.random(using: &random)
    nextTime = start
    self.load = load
    self.random = random
  }

  /// Appends the frame of the next packet to `frame`, and moves on.
  mutating func append(to frame: inout [UInt8]) {
    let now = nextTime ?? 0
    var pause: Int64 = 20_000
    switch step {
    case .syn:
      send(0x02, fromClient: true, to: &frame)
      (step, pause) = (.synACK, roundTrip)
    case .synACK:
      send(0x12, fromClient: false, to: &frame)
      step = .ack
    case .ack:
      send(0x10, fromClient: true, to: &frame)
      step = .request
    case .request:
      requestsSent += 1
      let host = "host\(server.address & 0xFF).test"
      let request =
        "GET /r/\(requestsSent) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: reusescope-bench\r\nAccept: */*\r\n\r\n"
      send(0x18, fromClient: true, head: Array(request.utf8), to: &frame)
      bodyLeft = Int.random(in: load.bodyOctets, using: &random)
      head = Array("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(bodyLeft)\r\n\r\n".utf8)
      (step, pause) = (.response, roundTrip)
    case .response:
      let body = min(bodyLeft, Self.segmentOctets - head.count)
      send(0x18, fromClient: false, head: head, bodyOctets: body, to: &frame)
      head = []
      bodyLeft -= body
      if bodyLeft == 0 { step = .acknowledge }
      pause = 2_000
    case .acknowledge:
      send(0x10, fromClient: true, to: &frame)
      step = requestsSent < exchanges ? .request : .fin
      pause = Int64.random(in: 0...100 * Self.millisecond, using: &random)
    case .fin:
      send(0x11, fromClient: !serverCloses, to: &frame)
      (step, pause) = (.otherFIN, roundTrip)
    case .otherFIN:
      send(0x11, fromClient: serverCloses, to: &frame)
      step = .lastACK
    case .lastACK:
      send(0x10, fromClient: !serverCloses, to: &frame)
      step = .done
    case .done:
      break
    }
    nextTime = step == .done ? nil : now + pause
  }

  /// An Ethernet frame with IPv4 and TCP, checksums left 0 as offload leaves them.
  private mutating func send(
    _ flags: UInt8, fromClient: Bool, head: [UInt8] = [], bodyOctets: Int = 0, to frame: inout [UInt8]
  ) {
    if fromClient { client.identification &+= 1 } else { server.identification &+= 1 }
    let source = fromClient ? client : server
    let destination = fromClient ? server : client
    let payload = head.count + bodyOctets
    frame.append(contentsOf: [2, 0, 0, 0, 0, fromClient ? 2 : 1, 2, 0, 0, 0, 0, fromClient ? 1 : 2, 0x08, 0x00])
    frame.append(contentsOf: [0x45, 0])
    frame.append(bigEndian: UInt16(40 + payload))
    frame.append(bigEndian: source.identification)
    frame.append(contentsOf: [0x40, 0, 64, 6, 0, 0])
    frame.append(bigEndian: source.address)
    frame.append(bigEndian: destination.address)
    frame.append(bigEndian: source.port)
    frame.append(bigEndian: destination.port)
    frame.append(bigEndian: source.sequenceNumber)
    frame.append(bigEndian: flags & 0x10 == 0 ? UInt32(0) : destination.sequenceNumber)
    frame.append(contentsOf: [0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0])
    frame.append(contentsOf: head)
    frame.append(contentsOf: Self.filler.prefix(bodyOctets))

    let advance = UInt32(payload) &+ (flags & 0x03 == 0 ? 0 : 1)
    if fromClient { client.sequenceNumber &+= advance } else { server.sequenceNumber &+= advance }
  }
}

extension [UInt8] {
  mutating func append(bigEndian value: some FixedWidthInteger) {
    for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func append(littleEndian value: some FixedWidthInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
  }
}
