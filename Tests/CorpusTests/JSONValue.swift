import Comparison

extension JSONValue {
  struct NoJSON: Error {}

  init(_ text: some StringProtocol) throws {
    guard let value = JSONValue(Array(text.utf8)) else { throw NoJSON() }
    self = value
  }

  static func lines(of text: String) throws -> [JSONValue] {
    try text.split(separator: "\n").map { try JSONValue($0) }
  }

  var elements: [JSONValue] { array ?? [] }

  /// Where `found` has another value than this, which may leave out keys: the path and both values.
  func differences(from found: JSONValue?, at path: String) -> [String] {
    switch (self, found) {
    case (.object(let members), .object?):
      members.sorted { $0.key < $1.key }.flatMap { key, value in
        value.differences(from: found?[key], at: "\(path).\(key)")
      }
    case (.array(let wanted), .array(let elements)?) where wanted.count == elements.count:
      zip(wanted, elements).enumerated().flatMap { $1.0.differences(from: $1.1, at: "\(path)[\($0)]") }
    case (.number(let wanted), .number(let number)?) where abs(wanted - number) <= 1e-6:
      []
    default:
      self == found ? [] : ["\(path): \(found.map { "\($0)" } ?? "nothing") instead of \(self)"]
    }
  }

  /// This with `{n}` and `{n + 100}` filled in; a string that is nothing but a sum becomes a number.
  func filled(_ n: Int) -> JSONValue {
    switch self {
    case .string(let text):
      if let match = text.wholeMatch(of: /\{n \+ (\d+)\}/), let summand = Int(match.1) {
        .number(Double(n + summand))
      } else {
        .string(text.replacing("{n}", with: "\(n)"))
      }
    case .array(let elements): .array(elements.map { $0.filled(n) })
    case .object(let members): .object(members.mapValues { $0.filled(n) })
    case .null, .bool, .number: self
    }
  }
}
