import Wire

extension ConnectionTable {
  /// The connection that a segment belongs to, and the side that sent it; `nil` when there is none.
  public func slot(of segment: TCPSegment) -> (slot: Int, side: Int)? {
    var side = 0
    let key = ConnectionKey(segment, sender: &side)
    let slot = index.find(key.hash(seed: seed)) { connections[$0].key == key }
    return slot < 0 ? nil : (slot, side)
  }
}
