// Single facts of a connection: `connection(_:)` gives a copy of all.
extension ConnectionTable {
  public func opener(_ slot: Int) -> Int8 { connections[slot].opener }

  public func roundTrip(_ slot: Int) -> Int64? { connections[slot].roundTrip }

  /// How many of a side's octets its peer has acknowledged.
  public func acknowledged(_ slot: Int, side: Int) -> Int64 { halves[slot * 2 + side].acknowledged }

  /// Octets of both sides that the capture does not hold.
  public func missingOctets(_ slot: Int) -> Int64 {
    guard connections[slot].hasDisorder else { return 0 }
    return disorder(slot, 0).missingOctets &+ disorder(slot, 1).missingOctets
  }

  public func openingSeen(_ slot: Int) -> Bool { connections[slot].opener >= 0 }

  /// The side that sent the first FIN or RST, -1 while there is none.
  public func closedBy(_ slot: Int) -> Int8 { connections[slot].closeKind == .none ? -1 : connections[slot].closedBy }
}
