/// Two summaries side by side: every figure of both, and how it changed.
package struct Comparison: Sendable {
  /// One figure; `nil` where a capture does not tell it.
  package struct Row: Sendable {
    /// As ``FigurePath`` has it.
    package var figure: String
    package var before, after: ClosedRange<Double>?

    /// After less before, of figures that are known exactly.
    package var change: Double? {
      guard let before, let after, before.lowerBound == before.upperBound, after.lowerBound == after.upperBound else {
        return nil
      }
      return after.lowerBound - before.lowerBound
    }

    /// ``change`` as a share of what was before.
    package var relativeChange: Double? {
      guard let change, let before, before.lowerBound != 0 else { return nil }
      return change / before.lowerBound
    }
  }

  package struct Server: Sendable {
    package var server: String
    package var rows: [Row]
  }

  /// Of the capture, of each side.
  package struct Source: Sendable {
    package var files: [String]
    package var start: String?
    package var duration: Double?
    package var packets: Double?
    /// Figures are uncertain: warnings that matter.
    package var warnings: Int
  }

  /// Whether JSON is what ``SummaryJSON`` writes, as far as a comparison needs it.
  package static func isSummary(_ value: JSONValue) -> Bool {
    value["reusescope"]?.string != nil && value["capture"] != nil
  }

  package let before, after: Source
  package let rows: [Row]
  /// In the order of the later summary, then those that are in the earlier one alone.
  package let servers: [Server]
  private let index: [String: Int]

  package init(before: JSONValue, after: JSONValue) {
    self.before = Self.source(before)
    self.after = Self.source(after)
    var rows = Self.rows(before, after)
    for figure in ["reuse.handshakes.paid", "reuse.handshakes.time_paid", "connections.total", "races.count"] {
      rows.append(Self.perThousand(figure, before, after))
    }
    self.rows = rows
    index = Dictionary(rows.enumerated().map { ($0.element.figure, $0.offset) }) { first, _ in first }
    servers = Self.servers(before, after)
  }

  package subscript(figure: String) -> Row? { index[figure].map { rows[$0] } }

  private static func source(_ summary: JSONValue) -> Source {
    let capture = summary["capture"]
    return Source(
      files: capture?["files"]?.array?.compactMap(\.string) ?? [], start: capture?["start"]?.string,
      duration: capture?["duration"]?.number, packets: capture?["packets"]?.number,
      warnings: summary["warnings"]?.array?.count { $0["matters"] == .bool(true) } ?? 0)
  }

  /// Every number of either summary outside tables of groups, and the tables whose rows have names known beforehand.
  private static func rows(_ before: JSONValue, _ after: JSONValue) -> [Row] {
    var before = before
    var after = after
    // Series and single records of two captures have nothing to do with each other.
    for name in ["load", "servers", "pools", "hosts", "warnings", "balance"] {
      before.remove(name)
      after.remove(name)
    }
    let old = figures(of: before)
    let new = figures(of: after)
    var known = Set<String>()
    return (new + old).compactMap { figure in
      guard known.insert(figure).inserted else { return nil }
      return Row(figure: figure, before: value(figure, before), after: value(figure, after))
    }
    .sorted { $0.figure < $1.figure }
  }

  private static func value(_ figure: String, _ summary: JSONValue) -> ClosedRange<Double>? {
    guard let path = FigurePath(figure), case .range(let range) = path.figure(in: summary) else { return nil }
    return range
  }

  /// Figures count for little alone when the captures differ in length: a figure for each 1,000 requests.
  private static func perThousand(_ figure: String, _ before: JSONValue, _ after: JSONValue) -> Row {
    func rate(_ summary: JSONValue) -> ClosedRange<Double>? {
      guard let value = self.value(figure, summary), let requests = self.value("exchanges.with_request", summary),
        requests.lowerBound > 0
      else { return nil }
      let rate = value.lowerBound / requests.lowerBound * 1000
      return rate...rate
    }
    return Row(figure: "per_1000_requests." + figure, before: rate(before), after: rate(after))
  }

  private static func servers(_ before: JSONValue, _ after: JSONValue) -> [Server] {
    func groups(_ summary: JSONValue) -> [(name: String, group: JSONValue)] {
      summary["servers"]?.array?.compactMap { group in group["server"]?.string.map { ($0, group) } } ?? []
    }
    let old = Dictionary(groups(before).map { ($0.name, $0.group) }) { first, _ in first }
    let new = Dictionary(groups(after).map { ($0.name, $0.group) }) { first, _ in first }
    var known = Set<String>()
    return (groups(after) + groups(before)).compactMap { name, _ in
      guard known.insert(name).inserted else { return nil }
      return Server(server: name, rows: rows(old[name] ?? .null, new[name] ?? .null))
    }
  }

  /// The paths of the numbers in a value.
  private static func figures(of value: JSONValue) -> [String] {
    var found: [String] = []
    func walk(_ value: JSONValue, _ path: String) {
      switch value {
      case .number: found.append(path)
      case .object(let members):
        for (name, member) in members {
          // Names come from a file, too: what is no name leads nowhere.
          let next = path.isEmpty ? name : path + "." + name
          if FigurePath(next) != nil { walk(member, next) }
        }
      case .array(let elements):
        if FigurePath.range(elements) != nil, elements.count == 2 {
          found.append(path)
        } else if path == "causes" || path == "closes" || path == "findings" || path.hasSuffix("outcomes")
          || path.hasSuffix("by_protocol")
        {
          found += rowNames(elements, path)
        } else if path == "races" {
          found.append(path + ".count")
        }
      case .null, .bool, .string: break
      }
    }
    walk(value, "")
    return found
  }

  private static func rowNames(_ elements: [JSONValue], _ path: String) -> [String] {
    let names = ["cause", "reason", "id", "outcome", "protocol"]
    return elements.flatMap { element -> [String] in
      guard let name = names.lazy.compactMap({ element[$0]?.string }).first else { return [] }
      if path == "findings" { return ["findings[\(name)].count"] }
      return ["connections", "exchanges", "setup_time"].compactMap { member in
        element[member] == nil ? nil : "\(path)[\(name)].\(member)"
      }
    }
  }
}

extension JSONValue {
  fileprivate mutating func remove(_ name: String) {
    guard case .object(var members) = self else { return }
    members[name] = nil
    self = .object(members)
  }
}
