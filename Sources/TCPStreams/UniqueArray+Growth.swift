import BasicContainers

extension UniqueArray where Element: ~Copyable {
  /// Makes room for as many again; for many more where there are few, so that most captures copy next to nothing. The system gives
  /// memory when it is first touched: doubling costs no more of it than growing by half, which is what `append` does, and copies
  /// less often. While it copies, there is everything twice: the limits of tables are powers of two, and what is kept up to one of
  /// them must not double just there.
  @inlinable @inline(__always)
  package mutating func doubleIfFull() {
    guard count == capacity else { return }
    reserveCapacity(capacity < 20 << 10 ? Swift.max(20, capacity &* 32) : capacity &* 2)
  }
}
