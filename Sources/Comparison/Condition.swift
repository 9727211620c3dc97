/// `reuse.ratio < 0.9`: a figure of the summary held against a value, for `--fail-if`.
package struct Condition: Sendable {
  package enum Relation: String, Sendable, CaseIterable {
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case equal = "=="
    case less = "<"
    case greater = ">"

    fileprivate func holds(_ a: Double, _ b: Double) -> Bool {
      switch self {
      case .less: a < b
      case .lessOrEqual: a <= b
      case .greater: a > b
      case .greaterOrEqual: a >= b
      case .equal: a == b
      }
    }
  }

  enum Value: Sendable, Hashable {
    case number(Double)
    case bool(Bool)
    case word(String)
  }

  package enum Outcome: Sendable, Hashable {
    /// What the figure is, in words.
    case holds(String)
    case doesNotHold
    /// The capture does not tell; why.
    case undecided(String)
    /// No summary can decide it; why.
    case wrong(String)
  }

  package let text: String
  package let path: FigurePath
  let relation: Relation
  let value: Value

  /// `PATH RELATION VALUE`; the value is a number, a number and `%`, `true`, `false` or (with `==`) a word.
  /// `nil` unless `text` is one.
  package init?(_ text: String) {
    var isInBrackets = 0
    guard
      let start = text.firstIndex(where: {
        if $0 == "[" { isInBrackets += 1 }
        if $0 == "]" { isInBrackets -= 1 }
        return isInBrackets == 0 && "<>=".contains($0)
      }), let relation = Relation.allCases.first(where: { text[start...].hasPrefix($0.rawValue) }),
      let path = FigurePath(Self.trimmed(text[..<start]))
    else { return nil }
    let right = Self.trimmed(text[start...].dropFirst(relation.rawValue.count))
    guard !right.isEmpty, !right.contains(where: { "<>=".contains($0) }) else { return nil }
    if let number = Double(right), number.isFinite {
      value = .number(number)
    } else if right.last == "%", let number = Double(Self.trimmed(right.dropLast())), number.isFinite {
      value = .number(number / 100)
    } else if right == "true" || right == "false" {
      value = .bool(right == "true")
    } else {
      value = .word(String(right))
    }
    if case .number = value {} else if relation != .equal { return nil }
    self.text = text
    self.path = path
    self.relation = relation
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  /// Of a figure of which only the bounds are known it holds when it holds for both.
  package func outcome(in summary: JSONValue) -> Outcome {
    switch (path.figure(in: summary), value) {
    case (.range(let range), .number(let number)):
      let low = relation.holds(range.lowerBound, number)
      let high = relation.holds(range.upperBound, number)
      if low, high { return .holds(Self.words(range)) }
      // Between the bounds lies what would make it equal.
      let mayBeEqual = relation == .equal && range.contains(number)
      return low || high || mayBeEqual
        ? .undecided("\(path.text) lies within \(Self.words(range))") : .doesNotHold
    case (.bool(let figure), .bool(let bool)):
      return figure == bool ? .holds("\(figure)") : .doesNotHold
    case (.word(let figure), .word(let word)):
      return figure == word ? .holds(figure) : .doesNotHold
    case (.unknown, _):
      return .undecided("this capture does not tell \(path.text)")
    case (.noSuchRow, _):
      return .undecided("there is no such row here: \(path.text)")
    case (.noSuchFigure, _):
      return .wrong("the summary has no figure \(path.text)")
    case (.range, _), (.bool, _), (.word, _):
      return .wrong("\(path.text) cannot be compared with that value")
    }
  }

  private static func words(_ range: ClosedRange<Double>) -> String {
    range.lowerBound == range.upperBound
      ? words(range.lowerBound) : "\(words(range.lowerBound)) to \(words(range.upperBound))"
  }

  private static func words(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
  }
}
