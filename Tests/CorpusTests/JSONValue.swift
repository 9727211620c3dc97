import Foundation

/// Any JSON, for comparing a part of it.
enum JSONValue: Decodable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let array = try? value.decode([JSONValue].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: JSONValue].self))
    }
  }

  init(_ text: some StringProtocol) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
  }

  static func lines(of text: String) throws -> [JSONValue] {
    try text.split(separator: "\n").map { try JSONValue($0) }
  }

  subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

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
