import HTTP1
import TCPStreams

// What waits for more to come, bounded in all: heads that have not ended, and exchanges that are not over.
extension Analyzer {
  /// What an exchange takes that is not over, its words apart.
  static let exchangeOctets = MemoryLayout<OpenExchange>.stride + 48

  /// The memory of all that waits, in octets.
  package var memoryHeld: Int { held &+ (open.count &- freeExchanges.count) &* Self.exchangeOctets }

  /// An exchange has begun while others of its connection may not be over. A connection with too many of them is given up.
  mutating func boundOutstanding(_ exchange: Int, slot: Int) {
    let outstanding = Int(open[exchange].index &- open[Int(states[slot].firstExchange)].index)
    // Each counts as much as the last: one connection must not use up what is for all.
    let text = configuration.wantsExchanges ? words[exchange].octets.count : 0
    let share = outstanding &* (text &+ Self.exchangeOctets)
    guard outstanding >= configuration.outstanding || share > configuration.heldOctets / 4 else { return }
    // Only the first request beyond the limit: the connection goes when its octets have been read.
    if overdue.last != Int32(slot) { overdue.append(Int32(slot)) }
    mustMakeRoom = true
  }

  /// The head that a direction holds has grown, or is gone.
  @inline(__always)
  mutating func noteHeld(from before: Int, _ direction: MessageParser.Direction, _ slot: Int) {
    let after = pairs[pair(slot)][direction].parser.buffer.capacity
    if after != before { hold(after &- before) }
  }

  @inline(__always)
  mutating func hold(_ octets: Int) {
    held &+= octets
    if memoryHeld > configuration.heldOctets { mustMakeRoom = true }
  }

  /// Gives up connections that are overdue and, where more waits than there is room for, those that wait, the ones idle
  /// longest first, until half of the room is free: so the search for them costs little for each packet. Many rows are left
  /// for the next packet, when these have been taken.
  @inline(never)
  mutating func makeRoom() {
    mustMakeRoom = false
    while let slot = overdue.popLast() {
      if giveUp(Int(slot)) { totals.givenUpOutstanding += 1 }
    }
    guard memoryHeld > configuration.heldOctets else { return }
    let goal = configuration.heldOctets / 2
    let rows = 4096
    while memoryHeld > goal, exchanges.count < rows, table.endFirstLingering() { workThroughEvents() }
    var slot = table.longestIdle
    while slot >= 0, memoryHeld > goal, exchanges.count < rows {
      let next = table.nextIdle(after: slot)
      if states[slot].firstExchange >= 0 || pairs[pair(slot)].request.parser.inHead
        || pairs[pair(slot)].response.parser.inHead
      {
        if giveUp(slot) { totals.givenUpHolding += 1 }
      }
      slot = next
    }
    mustMakeRoom = slot >= 0 && memoryHeld > goal
  }

  private mutating func giveUp(_ slot: Int) -> Bool {
    guard table.giveUp(slot) else { return false }
    workThroughEvents()
    return true
  }

  private mutating func workThroughEvents() {
    let nothing: [UInt8] = []
    work(nothing.span, at: latest)
  }
}
