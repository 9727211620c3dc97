import BasicContainers
import Wire

/// An opening of which nothing but its SYN and the answer to it has been seen, however often: as much as it takes to make a
/// connection of it once there is more (``ConnectionTable/takeUp(client:server:port:)``).
public struct PendingOpening: Sendable {
  public let client, server: IPAddress
  public let clientPort, serverPort: UInt16
  let sequenceNumber: UInt32
  var window: UInt16
  let windowScale: UInt8?
  /// SYNs that were seen of it.
  var packets: UInt32 = 1
  /// SYN/ACKs, and what the first of them said.
  var answers: UInt16 = 0
  var answerWindow: UInt16 = 0
  var answerWindowScale: UInt8?
  var answerSequenceNumber: UInt32 = 0
  /// When the first SYN came, and the last one before an answer.
  public let opened: Int64
  var lastSYN: Int64
  /// By the latest time when the last of all came.
  var lastSeen: Int64
  var younger: Int32 = -1
  var older: Int32 = -1
  /// The connection that it has become, -1 while it is none.
  public internal(set) var slot: Int32 = -1
  var isGivenUp = false
  fileprivate var isHidden = false
  /// As much of its hash as its index looks at.
  fileprivate var hash: UInt32 = 0
  /// Where it is counted in ``PendingOpenings/byServer``.
  fileprivate var serverPlace: UInt16 = 0

  /// The first SYN of an opening, at its time.
  public init(_ syn: TCPSegment, at time: Int64) {
    (client, clientPort) = (syn.source, syn.sourcePort)
    (server, serverPort) = (syn.destination, syn.destinationPort)
    sequenceNumber = syn.sequenceNumber
    window = syn.window
    windowScale = syn.windowScale
    opened = time
    lastSYN = time
    lastSeen = time
  }

  /// As a connection counts them.
  public var synRetransmissions: UInt16 { UInt16(truncatingIfNeeded: packets &- 1) }

  /// Whether a segment is its SYN once more.
  func isRepeated(by s: TCPSegment) -> Bool { clientPort == s.sourcePort && sequenceNumber == s.sequenceNumber }

  /// Whether a bare SYN/ACK answers it (RFC 9293 §3.10.7.3), and is the same one if it has been answered before.
  func isAnswered(by s: TCPSegment) -> Bool {
    clientPort == s.destinationPort && s.acknowledgmentNumber == sequenceNumber &+ 1
      && (answers == 0 || answerSequenceNumber == s.sequenceNumber) && answers < .max
  }

  mutating func note(again syn: TCPSegment, at time: Int64) {
    packets &+= 1
    if answers == 0 { lastSYN = time }
    window = max(window, syn.window)
  }

  mutating func note(answer: TCPSegment) {
    if answers == 0 {
      answerSequenceNumber = answer.sequenceNumber
      answerWindowScale = answer.windowScale
    }
    answers += 1
    answerWindow = max(answerWindow, answer.window)
  }

  @inline(__always)
  func isBetween(_ client: IPAddress, _ server: IPAddress, _ port: UInt16) -> Bool {
    client == self.client && server == self.server && port == serverPort
  }
}

/// Openings without an answer, in places of their own: a flood of SYNs must not cost what connections cost. Of a client and a
/// server, an address and a port, there is one at most.
struct PendingOpenings: ~Copyable, Sendable {
  private var places = UniqueArray<PendingOpening>()
  private var free = UniqueArray<Int32>()
  /// Places left while events still speak of them.
  private var left = UniqueArray<Int32>()
  /// To those that are pending, and to those that were given up until ``hide(_:)`` or ``releaseLeft()``.
  private var index = ConnectionIndex()
  private(set) var count = 0
  /// How many there are to servers of the same hash: whether there may be one to a server without a look into the index, which is
  /// large in a flood.
  private var byServer = UniqueArray<UInt32>(repeating: 0, count: 1024)

  subscript(place: Int) -> PendingOpening {
    @inline(__always) _read { yield places[place] }
  }

  @inline(__always)
  mutating func setNeighbours(_ place: Int, older: Int32, younger: Int32) {
    places[place].older = older
    places[place].younger = younger
  }

  var isEmpty: Bool { count == 0 && left.isEmpty }

  /// The opening is a connection now.
  mutating func remove(_ place: Int, takenUpIn slot: Int) {
    hide(place)
    places[place].slot = Int32(slot)
    if !places[place].isGivenUp {
      count -= 1
      left.append(Int32(place))
    }
  }

  /// The opening is not pending any more. It can still be found, since what happened before may yet ask for it, and what it was
  /// be read.
  mutating func giveUp(_ place: Int) {
    places[place].isGivenUp = true
    count -= 1
    left.append(Int32(place))
  }

  @inline(__always)
  mutating func releaseLeft() {
    if !left.isEmpty { releaseAllLeft() }
  }

  @inline(never)
  private mutating func releaseAllLeft() {
    while let place = left.popLast() {
      hide(Int(place))
      free.append(place)
    }
  }

  /// It is not to be found any more.
  mutating func hide(_ place: Int) {
    guard !places[place].isHidden else { return }
    places[place].isHidden = true
    index.remove(place, hash: UInt64(places[place].hash))
    byServer[Int(places[place].serverPlace)] -= 1
  }

  @inline(__always)
  func find(client: IPAddress, server: IPAddress, port: UInt16, seed: UInt64) -> Int {
    let serverHash = ConnectionKey.hash(server, port, seed: seed)
    guard byServer[Self.place(serverHash)] > 0 else { return -1 }
    return index.find(Self.hash(client, serverHash, seed)) { places[$0].isBetween(client, server, port) }
  }

  private static func place(_ serverHash: UInt64) -> Int { Int(truncatingIfNeeded: serverHash >> 32) & 1023 }

  mutating func add(_ new: PendingOpening, seed: UInt64) -> Int {
    var opening = new
    let serverHash = ConnectionKey.hash(opening.server, opening.serverPort, seed: seed)
    let hash = Self.hash(opening.client, serverHash, seed)
    opening.hash = UInt32(truncatingIfNeeded: hash)
    opening.serverPlace = UInt16(truncatingIfNeeded: Self.place(serverHash))
    byServer[Self.place(serverHash)] += 1
    let place: Int
    if let reuse = free.popLast() {
      place = Int(reuse)
      places[place] = opening
    } else {
      place = places.count
      places.doubleIfFull()
      places.append(opening)
    }
    index.insert(place, hash: hash)
    count += 1
    return place
  }

  @inline(__always)
  mutating func change(_ place: Int, _ body: (inout PendingOpening) -> Void) { body(&places[place]) }

  private static func hash(_ client: IPAddress, _ serverHash: UInt64, _ seed: UInt64) -> UInt64 {
    // Other than a connection's, the two ends are not interchangeable.
    ConnectionKey.mixed(ConnectionKey.hash(client, 0, seed: ~seed), serverHash)
  }
}
