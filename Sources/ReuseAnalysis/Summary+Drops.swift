extension Summary {
  /// Takes in how many packets the capturing system lost; `nil` when it did not say.
  ///
  /// Each of them may have held a request that is counted nowhere: one on a new connection for the low end of the reuse
  /// ratio, one on a connection in use for its high end.
  public mutating func note(drops: Int?) {
    capture.drops = drops
    guard let drops, drops > 0, let ratio = reuse.ratio, exchanges.withRequest > 0 else { return }
    let all = Double(exchanges.withRequest)
    let possible = all + Double(drops)
    reuse.ratio = (ratio.lowerBound * all / possible)...((ratio.upperBound * all + Double(drops)) / possible)
  }
}
