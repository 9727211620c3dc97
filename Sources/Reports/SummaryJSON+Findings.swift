import ReuseAnalysis

extension SummaryJSON {
  mutating func write(_ findings: [Finding]) {
    json.key("findings")
    json.begin(.array)
    for finding in findings {
      let words = FindingText(finding, redacts: redacts)
      json.begin(.object)
      string("id", finding.kind.rawValue)
      string("severity", finding.severity.rawValue)
      write(finding.subject)
      string("message", words.message)
      write("evidence", finding.evidence)
      write("threshold", finding.threshold)
      json.key("saves")
      if let saves = finding.saves {
        json.begin(.object, inline: true)
        integer("handshakes", saves.handshakes)
        seconds("seconds", saves.time)
        json.end()
      } else {
        json.null()
      }
      json.key("examples")
      json.list(finding.examples) { $0.integer($1) }
      string("advice", words.advice)
      json.end()
    }
    json.end()
  }

  private mutating func write(_ subject: Finding.Subject) {
    json.key("subject")
    json.begin(.object, inline: true)
    switch subject {
    case .capture:
      string("kind", "capture")
    case .server(let server):
      string("kind", "server")
      endpoint("server", server)
    case .pool(let client, let server):
      string("kind", "pool")
      string("client", FindingText.name(of: client))
      endpoint("server", server)
    case .origin(let octets):
      string("kind", "origin")
      json.key("origin")
      json.string(redacts ? Redaction.host(octets) : octets)
    case .client(let client):
      string("kind", "client")
      string("client", FindingText.name(of: client))
    }
    json.end()
  }

  private mutating func write(_ name: String, _ values: [(name: String, value: Finding.Value)]) {
    json.key(name)
    json.begin(.object, inline: true)
    for (name, value) in values {
      switch value {
      case .count(let count): integer(name, count)
      case .duration(let nanoseconds): seconds(name, nanoseconds)
      case .share(let share): number(name, share)
      case .number(let value): number(name, value)
      case .text(let text): string(name, text)
      case .endpoint(let server): endpoint(name, server)
      }
    }
    json.end()
  }
}
