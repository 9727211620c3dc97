import ReuseAnalysis

/// Where a figure stands in a summary's JSON: names with dots between them, and in brackets what chooses from a table.
///
/// - `reuse.ratio`; of ranges (`reuse.ratio`) also `reuse.ratio.low` and `reuse.ratio.high`;
/// - `causes[missed-reuse].connections`, `servers[10.0.0.2:80].close_races`: the rows of which a name is that word;
/// - `servers[0].reused`: a row by its place; `races.count`, `findings[problem].count`: how many rows.
package struct FigurePath: Sendable, Hashable {
  enum Step: Sendable, Hashable {
    case member(String)
    case row(String)
  }

  package let text: String
  let steps: [Step]

  /// `nil` unless `text` is a path.
  package init?(_ text: some StringProtocol) {
    var steps: [Step] = []
    var rest = Substring(text)
    while true {
      let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      guard !name.isEmpty else { return nil }
      steps.append(.member(String(name)))
      rest = rest.dropFirst(name.count)
      // IPv6 endpoints hold brackets of their own: a row's word ends with the bracket that closes the first.
      while rest.first == "[" {
        var depth = 0
        let word = rest.dropFirst().prefix {
          if $0 == "[" { depth += 1 }
          if $0 == "]" { depth -= 1 }
          return depth >= 0
        }
        rest = rest.dropFirst(word.count + 1)
        guard !word.isEmpty, rest.first == "]" else { return nil }
        rest = rest.dropFirst()
        steps.append(.row(String(word)))
      }
      guard let separator = rest.first else { break }
      guard separator == "." else { return nil }
      rest = rest.dropFirst()
    }
    self.text = String(text)
    self.steps = steps
  }

  /// What a path leads to.
  package enum Figure: Sendable, Hashable {
    /// A number, a truth value or a word; a known number as a range of one.
    case range(ClosedRange<Double>)
    case bool(Bool)
    case word(String)
    /// `null`: this capture does not tell.
    case unknown
    /// The row that was asked for is not in the table, where it might be in another capture.
    case noSuchRow
    /// There is no such member, or it is no scalar.
    case noSuchFigure
  }

  package func figure(in summary: JSONValue) -> Figure {
    var values = [summary]
    var table: String?
    var isFiltered = false
    for (position, step) in steps.enumerated() {
      switch step {
      case .member(let name):
        if position == steps.count - 1, name == "count", let count = count(values, isFiltered: isFiltered) {
          return .range(Double(count)...Double(count))
        }
        if case .array(let bounds)? = values.first, values.count == 1, !isFiltered {
          guard let range = Self.range(bounds), name == "low" || name == "high" else { return .noSuchFigure }
          let bound = name == "low" ? range.lowerBound : range.upperBound
          return position == steps.count - 1 ? .range(bound...bound) : .noSuchFigure
        }
        if values == [.null] { return .unknown }
        let members = values.compactMap { $0[name] }
        guard members.count == values.count else { return .noSuchFigure }
        values = members
        table = name
        isFiltered = false
      case .row(let word):
        var rows: [JSONValue] = []
        for value in values {
          guard let elements = value.array ?? (isFiltered ? [value] : nil) else { return .noSuchFigure }
          rows += elements
        }
        isFiltered = true
        if let place = Int(word), values.count == 1 {
          guard rows.indices.contains(place) else { return .noSuchRow }
          values = [rows[place]]
        } else {
          values = rows.filter { Self.isNamed($0, word) }
          // Of a word of the vocabulary there are none; of another it is not known whether it is one.
          if values.isEmpty { return isCounted && Self.isKnown(word, in: table) ? .range(0...0) : .noSuchRow }
        }
      }
    }
    return Self.scalar(values)
  }

  /// The last member is a number of things, of which none is 0.
  private var isCounted: Bool {
    if case .member(let name)? = steps.last { ["count", "connections", "exchanges"].contains(name) } else { false }
  }

  private func count(_ values: [JSONValue], isFiltered: Bool) -> Int? {
    if isFiltered { return values.allSatisfy { $0["count"] == nil } ? values.count : nil }
    return values.count == 1 ? values[0].array?.count : nil
  }

  private static func scalar(_ values: [JSONValue]) -> Figure {
    guard let first = values.first else { return .noSuchRow }
    if values.count > 1 {
      // Rows that share a name are counted together; what is no count has no sum.
      let numbers = values.compactMap(\.number)
      guard numbers.count == values.count, numbers.allSatisfy({ $0 == $0.rounded() }) else { return .noSuchFigure }
      let sum = numbers.reduce(0, +)
      return .range(sum...sum)
    }
    switch first {
    case .null: return .unknown
    case .bool(let value): return .bool(value)
    case .number(let value): return .range(value...value)
    case .string(let value): return .word(value)
    case .array(let bounds): return range(bounds).map { .range($0) } ?? .noSuchFigure
    case .object: return .noSuchFigure
    }
  }

  static func range(_ bounds: [JSONValue]) -> ClosedRange<Double>? {
    guard bounds.count == 2, let low = bounds[0].number, let high = bounds[1].number, low <= high else { return nil }
    return low...high
  }

  private static func isNamed(_ row: JSONValue, _ word: String) -> Bool {
    guard case .object(let members) = row else { return false }
    return members.values.contains(.string(word))
  }

  /// Words that a table may hold, in another capture if not in this one.
  private static func isKnown(_ word: String, in table: String?) -> Bool {
    switch table {
    case "causes": OpeningCause(rawValue: word) != nil
    case "closes": CloseReason(rawValue: word) != nil || Side(rawValue: word) != nil
    case "findings": Finding.Kind(rawValue: word) != nil || Finding.Severity(rawValue: word) != nil
    case "outcomes": ExchangeOutcome(rawValue: word) != nil
    case "by_protocol": ConnectionProtocol(rawValue: word) != nil
    case "races": CloseRace.Kind(rawValue: word) != nil
    default: false
    }
  }
}
