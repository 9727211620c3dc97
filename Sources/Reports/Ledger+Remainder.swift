import ReuseAnalysis

extension Summary.Ledger {
  /// Packets that are in no row: not 0 is a defect of the program (METRICS.md §9).
  package var packetRemainder: Int {
    packets &- tcp &- otherPorts &- duplicateFrames &- fragments &- notIP &- notTCP &- undecodable &- limit
  }

  /// Octets of payload that are in no row: not 0 is a defect of the program.
  package var payloadRemainder: Int {
    payloadBytes &- delivered &- retransmitted &- overlapping &- missingCut &- missingUnseen &- outOfWindow
      &- afterClose &- droppedByLimit
  }
}
