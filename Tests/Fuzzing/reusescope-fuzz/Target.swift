import Oracles

/// What is fuzzed. Each takes any octets, and traps when what it runs does not hold what it promises.
enum Target: String, CaseIterable {
  /// The reader of capture files.
  case capture
  /// From frames to TCP segments.
  case wire
  /// From TCP segments to streams, any segments.
  case segments
  /// From TCP segments to streams, one stream cut into pieces, against a naive oracle.
  case stream
  /// Requests, responses, and both together, against an oracle.
  case requests, responses, pairs
  /// Conversations, whose rows may not depend on how they are cut into segments.
  case conversations
  /// The whole program, from a capture file to rows, summaries and text.
  case program

  func run(_ input: [UInt8]) {
    switch self {
    case .capture: runCapture(input)
    case .wire: runWire(input)
    case .segments: if let problem = SegmentScript.problem(running: input) { find(problem) }
    case .stream: if let problem = SegmentScript.problem(delivering: input) { find(problem) }
    case .requests: runMessages(.request, input)
    case .responses: runMessages(.response, input)
    case .pairs: runPairs(input)
    case .conversations: runConversations(input)
    case .program: runProgram(input)
    }
  }
}

/// Ends the process as libFuzzer expects it of a find.
func find(_ what: @autoclosure () -> String) -> Never {
  fatalError("FIND: \(what())")
}

func check(_ condition: Bool, _ what: @autoclosure () -> String) {
  if !condition { find(what()) }
}
