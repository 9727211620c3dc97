/// What a segment did to the streams, in the order in which it is to be looked at. `side` is 0 or 1 as in ``ConnectionKey``.
public enum StreamEvent: Sendable {
  /// A connection began in `slot`.
  case began(slot: Int)
  /// What was a pending opening (``ConnectionTable/opening(_:)``) is a connection in `slot` from now on.
  case takenUp(opening: Int, slot: Int)
  /// A pending opening is one no more: it took too long, had to make room, or the capture has ended.
  case givenUp(opening: Int)
  case established(slot: Int)
  /// Octets of the segment now being received: `count` of its payload from `start`, at `offset` in their stream.
  case segment(slot: Int, side: Int, start: Int, count: Int, offset: Int64, acknowledges: Int64)
  /// Octets that were passed over as `ConnectionTable.pass` had asked, and the latest time among their segments.
  case passed(slot: Int, side: Int, octets: Int64, latest: Int64)
  /// An earlier segment (``ConnectionTable/hadWaited``), deliverable only now; `stalled`: it had to wait for a hole that has been
  /// filled. There is no reference in an event: to make and to drop one costs no more than its octets.
  case buffered(slot: Int, side: Int, place: Int, deliveredAt: Int64, stalled: Bool)
  /// Octets that the capture does not hold, up to an offset; `isCut`: of the segment just delivered, so that their time is
  /// known.
  case gap(slot: Int, side: Int, octets: Int64, endingAt: Int64, isCut: Bool)
  /// The first FIN or RST, in capture order.
  case closing(slot: Int)
  /// All octets before the FIN have been delivered.
  case endOfStream(slot: Int, side: Int)
  /// The connection was reset.
  case reset(slot: Int)
  /// It goes on after all: the reset was ineffective.
  case reopened(slot: Int)
  /// No more is to come: its figures are final. The slot may be used again afterwards.
  case ended(slot: Int)
}

/// How `ConnectionTable.receive` answers.
public enum Reception: Sendable {
  /// Nothing for the layer above.
  case nothing
  /// The whole payload is next in its stream, and nothing else happened.
  case inOrder(slot: Int, side: Int, offset: Int64, acknowledges: Int64)
  /// See `ConnectionTable.events`.
  case events
  /// A SYN between a client and a server that have no opening pending, and nothing was done with it: it is for
  /// `ConnectionTable.postpone` or `ConnectionTable.open`. Only from a table that is postponing.
  case opening
  /// A copy of a frame captured just before.
  case duplicate
}

/// Where every payload octet of the analysed segments went (METRICS.md §9).
public struct PayloadLedger: Sendable {
  public var total = 0
  public var delivered = 0
  public var retransmitted = 0
  public var overlapping = 0
  public var missingCut = 0
  public var missingUnseen = 0
  public var outOfWindow = 0
  public var afterClose = 0
  public var droppedByLimit = 0

  public init() {}
}
