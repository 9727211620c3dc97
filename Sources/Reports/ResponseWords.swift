import ReuseAnalysis

/// How requests were answered, for readers.
extension Summary.Exchanges {
  /// Final responses, also those whose requests are not in the capture.
  public var responses: Int { statusClasses.dropFirst().reduce(0, +) }

  /// By status class, and what had no whole response: "36 × 2xx, 1 × 5xx; 2 unanswered".
  public var responseWords: String {
    let classes = zip(Self.statusClassNames, statusClasses).dropFirst().filter { $0.1 > 0 }
      .map { "\(Quantity.count($0.1)) × \($0.0)" }
    let missing = outcomes.filter { $0.exchanges > 0 }.compactMap { entry -> String? in
      switch entry.outcome {
      case .complete, .upgraded, .tunnel: nil
      case .unanswered, .reset, .incomplete, .malformed:
        "\(Quantity.count(entry.exchanges)) \(entry.outcome.rawValue)"
      }
    }
    return [classes, missing].filter { !$0.isEmpty }.map { $0.joined(separator: ", ") }.joined(separator: "; ")
  }
}
