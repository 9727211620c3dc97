import Reports
import ReuseAnalysis
import Wire

/// The drawn connections as JSON for the page's script, in a script element.
///
/// Names are numbered; times are whole microseconds, of a connection since the capture's begin, of an exchange since its
/// connection's, inside an exchange since its begin; -1 is unknown. `page.js` reads the places by the same order.
struct WaterfallData {
  /// Octets that it may take: the rest of the page has its own bounds.
  static let limit = 2_000_000

  private(set) var text: [UInt8] = []
  /// Exchanges of a connection that are in it at most; `nil`: all that were kept.
  private(set) var marksEach: Int?

  init(_ choice: ConnectionSample.Choice, summary: Summary, names: Names) {
    var each = choice.lanes.reduce(0) { max($0, $1.marks.count) }
    while true {
      let limit = each > 0 ? Self.limit : Int.max
      if let text = Self.text(choice, marksEach: each, limit: limit, summary: summary, names: names) {
        self.text = text
        break
      }
      each /= 2
      marksEach = each
    }
  }

  /// - Returns: `nil` when it takes more than `limit` octets.
  private static func text(
    _ choice: ConnectionSample.Choice, marksEach: Int, limit: Int, summary: Summary, names: Names
  ) -> [UInt8]? {
    var servers = Numbered<Endpoint>()
    var clients = Numbered<IPAddress>()
    var hosts = Numbered<[UInt8]>()
    var texts = Numbered<[UInt8]>()
    let micros = summary.capture.duration / 1000
    var lanes = OctetBuffer(capacity: 1 << 16)
    for (i, lane) in choice.lanes.enumerated() {
      guard lanes.count <= limit else { return nil }
      if i > 0 { lanes.append(",\n") }
      lanes.append("[")
      let opened = lane.opened / 1000
      lanes.list([
        lane.id, clients[lane.client.address], Int(lane.client.port), servers[lane.server], Int(opened),
        lane.closed.map { Int(max(0, $0 / 1000 - opened)) } ?? -1, lane.setup.map { Int($0 / 1000) } ?? -1,
        lane.cause.flatMap { OpeningCause.allCases.firstIndex(of: $0) } ?? -1,
        CloseReason.allCases.firstIndex(of: lane.reason) ?? -1,
        lane.closedBy == .client ? 1 : lane.closedBy == .server ? 2 : 0, lane.closeKind == .rst ? 1 : 0,
        lane.openingSeen ? 1 : 0, lane.exchanges, lane.reused, lane.host.map { hosts[$0] } ?? -1,
        lane.race?.exchange ?? -1, lane.stalls, lane.missingBytes,
      ])
      lanes.append(",[")
      for (k, mark) in lane.marks.ends(marksEach).enumerated() {
        if k > 0 { lanes.append(",") }
        let start = mark.start / 1000
        func since(_ time: Int64?) -> Int { time.map { Int(max(0, $0 / 1000 - start)) } ?? -1 }
        lanes.list([
          mark.index, Int(start - opened), since(mark.requestEnd), since(mark.responseStart), since(mark.responseEnd),
          mark.status, texts[mark.method], texts[mark.target(redacts: names.redacts)],
          mark.flags, Int(mark.holDelay / 1000), Int(mark.tcpStall / 1000),
        ])
      }
      lanes.append("]]")
    }
    var json = JSONWriter()
    json.raw("{\"duration\":\(max(micros, 1)),\n\"causes\":")
    json.strings(OpeningCause.allCases.map(\.rawValue))
    json.raw(",\n\"reasons\":")
    json.strings(CloseReason.allCases.map(\.rawValue))
    json.raw(",\n\"servers\":")
    json.strings(servers.values.map { Names.endpoint($0) })
    json.raw(",\n\"clients\":")
    json.strings(clients.values.map { Names.address($0) })
    json.raw(",\n\"hosts\":")
    json.strings(hosts.values.map { names.host($0) })
    json.raw(",\n\"texts\":")
    json.strings(texts.values.map { Names.shown($0, limit: Mark.targetOctets) })
    json.raw(",\n\"findings\":[")
    for (i, finding) in summary.findings.prefix(PageBuilder.findingLimit).enumerated() {
      json.raw(i > 0 ? ",[" : "[")
      json.inHTML("\(i + 1). \(finding.kind.rawValue)")
      for id in finding.examples { json.raw(",\(id)") }
      json.raw("]")
    }
    json.raw("],\n\"lanes\":[\n")
    json.buffer.append(lanes.octets.span)
    json.raw("]}")
    return json.buffer.count <= limit ? json.buffer.octets : nil
  }
}

extension Mark {
  /// For the script: 1 pipelined, 2 a retry; from 4 on the outcome.
  fileprivate var flags: Int {
    let outcomes: [ExchangeOutcome] = [.complete, .unanswered, .reset, .incomplete, .upgraded, .tunnel, .malformed]
    return (isPipelined ? 1 : 0) | (isRetry ? 2 : 0) | (outcomes.firstIndex(of: outcome) ?? 0) * 4
  }
}

/// Values by the numbers under which they were first met.
private struct Numbered<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: Int] = [:]

  subscript(value: Value) -> Int {
    mutating get {
      if let known = numbers[value] { return known }
      numbers[value] = values.count
      values.append(value)
      return values.count - 1
    }
  }
}

extension OctetBuffer {
  fileprivate mutating func list(_ numbers: [Int]) {
    for (i, number) in numbers.enumerated() {
      if i > 0 { append(UInt8(ascii: ",")) }
      appendDecimal(number)
    }
  }
}

extension JSONWriter {
  /// A string inside a script element: `<` is written as an escape, so that no text can end the element or begin a
  /// comment in it (HTML, restrictions for contents of script elements).
  mutating func inHTML(_ text: String) {
    for octet in JSONWriter.encoded(text) {
      if octet == UInt8(ascii: "<") { raw("\\u003C") } else { buffer.append(octet) }
    }
  }

  fileprivate mutating func strings(_ list: [String]) {
    raw("[")
    for (i, text) in list.enumerated() {
      if i > 0 { raw(",") }
      inHTML(text)
    }
    raw("]")
  }

  private static func encoded(_ text: String) -> [UInt8] {
    var json = JSONWriter()
    json.string(text)
    return json.buffer.octets
  }
}
