import Wire

extension ConnectionTable {
  /// The connection that a segment belongs to, and the side that sent it; `nil` when there is none.
  public func slot(of segment: TCPSegment) -> (slot: Int, side: Int)? {
    let slot = index.find(ConnectionKey.hash(segment, seed: seed)) { connections[$0].key.sender(of: segment) >= 0 }
    return slot < 0 ? nil : (slot, connections[slot].key.sender(of: segment))
  }
}
