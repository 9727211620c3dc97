/// Where the connection of the segment before is: segments come in runs of one connection, and the next one of it, of
/// either side, need not be looked up.
struct RecentFlow: Sendable {
  /// -1: none. Nothing is known before the first look-up, and after a connection has begun or ended.
  var slot = -1
  var hash: UInt64 = 0
}
