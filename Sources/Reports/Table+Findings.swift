import ReuseAnalysis

extension Table {
  /// `evidence` and `threshold` are JSON objects, `examples` a JSON array of connections.
  package static let findings = Table(
    name: "findings",
    columns: [
      .text("id"), .text("severity"), .text("subject"), .text("message"), .text("advice"), .integer("saves_handshakes"),
      .real("saves_seconds"), .text("evidence"), .text("threshold"), .text("examples"),
    ])
}

extension CellSink {
  package mutating func put(_ finding: Finding, redacts: Bool) {
    let words = FindingText(finding, redacts: redacts)
    word(finding.kind.rawValue)
    word(finding.severity.rawValue)
    captured(Array(words.subject.utf8))
    captured(Array(words.message.utf8))
    captured(Array(words.advice.utf8))
    integer(finding.saves?.handshakes)
    seconds(finding.saves?.time)
    captured(Self.json(finding.evidence))
    captured(Self.json(finding.threshold))
    captured(Array("[\(finding.examples.map(String.init).joined(separator: ", "))]".utf8))
  }

  private static func json(_ values: [(name: String, value: Finding.Value)]) -> [UInt8] {
    var json = JSONWriter()
    json.begin(.object, inline: true)
    for (name, value) in values {
      json.key(name)
      switch value {
      case .count(let count): json.integer(count)
      case .duration(let nanoseconds): json.seconds(nanoseconds)
      case .share(let number), .number(let number): json.number(number)
      case .text(let text): json.string(text)
      case .endpoint(let endpoint): json.string(CellText.endpoint(endpoint))
      }
    }
    json.end()
    return json.buffer.octets
  }
}
