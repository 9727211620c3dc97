import HTMLReport
import PageAssets
import Reports
import ReuseAnalysis
import Screen

/// What is answered to a path: no socket, no clock.
struct Answer: Sendable {
  var status = 200
  var type = "text/plain; charset=utf-8"
  var octets: [UInt8] = []
  /// What a browser may load for it.
  var policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'"
  /// Events follow, for as long as the client likes.
  var isStream = false

  init(_ status: Int, _ text: String) {
    self.status = status
    octets = Array("\(text)\n".utf8)
  }

  init(type: String, _ octets: [UInt8]) {
    self.type = type
    self.octets = octets
  }

  static func stream() -> Answer {
    var answer = Answer(type: "text/event-stream", [])
    answer.isStream = true
    return answer
  }

  /// Whether what the answer to a request for `target` is made of was made long ago.
  static func wouldBeOld(to target: String, of state: LiveState) -> Bool {
    switch target.prefix(while: { $0 != "?" }) {
    case "/events": state.areFiguresOld
    case "/metrics", "/api/summary", "/report", "/sections": state.isSummaryOld
    default: false
    }
  }

  /// The answer to a request for `target`, an origin-form request target (RFC 9112 §3.2.1).
  init(to target: String, of state: LiveState, redacts: Bool) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts.first.map(String.init) ?? ""
    switch path {
    case "/healthz":
      self = state.captureRuns ? Answer(200, "ok") : Answer(503, "the capture does not run")
    case "/metrics":
      guard let summary = state.summary else {
        self = Answer(503, "no figures yet")
        return
      }
      self = Answer(type: "text/plain; version=0.0.4; charset=utf-8", PrometheusText(summary).buffer.octets)
    case "/api/summary":
      guard let summary = state.summary else {
        self = Answer(503, "no figures yet")
        return
      }
      self = Answer(type: "application/json", SummaryJSON(summary, redacts: redacts).buffer.octets)
    case "/api/connections":
      let server = parts.count > 1 ? value(of: "server", in: parts[1]) : nil
      var octets = Array("[".utf8)
      for (i, row) in state.connections(of: server).enumerated() {
        var writer = RowWriter(redacts: redacts)
        writer.append(row)
        if i > 0 { octets.append(UInt8(ascii: ",")) }
        octets += writer.buffer.octets.dropLast()
      }
      self = Answer(type: "application/json", octets + Array("]\n".utf8))
    case "/events": self = .stream()
    case "/": self = Answer(type: "text/html; charset=utf-8", Array(LivePage.html.utf8))
    case "/report":
      guard let page = state.report(redacts: redacts) else {
        self = Answer(503, "no figures yet")
        return
      }
      self = Answer(type: "text/html; charset=utf-8", page)
      // The page has a policy of its own, by the hashes of its style and script; this is what it cannot say.
      policy = "frame-ancestors 'none'"
    case "/sections":
      guard let page = state.report(redacts: redacts) else {
        self = Answer(503, "no figures yet")
        return
      }
      self = Answer(type: "text/html; charset=utf-8", sections(of: page))
    case "/page.css": self = Answer(type: "text/css; charset=utf-8", Array(PageAssets.style.utf8))
    case "/live.js": self = Answer(type: "text/javascript; charset=utf-8", Array(LivePage.script.utf8))
    case "/live.css": self = Answer(type: "text/css; charset=utf-8", Array(LivePage.style.utf8))
    default: self = Answer(404, "there is nothing at this path")
    }
  }
}

/// What of the report page is neither style nor script, for a page that has both already.
private func sections(of page: [UInt8]) -> [UInt8] {
  guard let body = page.firstRange(of: Array("<body>".utf8)),
    let end = page.firstRange(of: Array("</main>".utf8)), body.upperBound < end.upperBound
  else { return [] }
  return Array(page[body.upperBound..<end.upperBound])
}

/// The first value of a name in a query (WHATWG URL §5.1), percent-decoded.
func value(of name: String, in query: some StringProtocol) -> String? {
  for pair in query.split(separator: "&") {
    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let key = parts.first, decoded(key) == name else { continue }
    return parts.count > 1 ? decoded(parts[1]) : ""
  }
  return nil
}

private func decoded(_ text: some StringProtocol) -> String {
  var octets: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let octet = rest.popFirst() {
    if octet == UInt8(ascii: "%"), rest.count >= 2,
      let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
    {
      octets.append(code)
      rest = rest.dropFirst(2)
    } else {
      octets.append(octet == UInt8(ascii: "+") ? UInt8(ascii: " ") : octet)
    }
  }
  return String(decoding: octets, as: UTF8.self)
}

/// Whether a Host value names this machine by address, or as localhost. A name that an attacker's DNS points here does not.
func isHostAllowed(_ host: String, allowsRemote: Bool) -> Bool {
  var name = host.lowercased()[...]
  if name.hasPrefix("[") {
    guard let end = name.firstIndex(of: "]") else { return false }
    guard isPort(name[name.index(after: end)...]) else { return false }
    name = name[name.index(after: name.startIndex)..<end]
    if name == "::1" { return true }
    return allowsRemote && !name.isEmpty
      && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x3A || $0 == 0x2E }
  }
  if let colon = name.firstIndex(of: ":") {
    guard isPort(name[colon...]) else { return false }
    name = name[..<colon]
  }
  if name == "localhost" || name == "127.0.0.1" { return true }
  let parts = name.split(separator: ".", omittingEmptySubsequences: false)
  let isAddress = parts.count == 4 && parts.allSatisfy { $0.count <= 3 && $0.allSatisfy(\.isASCII) && UInt8($0) != nil }
  return isAddress && (allowsRemote || parts[0] == "127")
}

private func isPort(_ text: Substring) -> Bool {
  text.isEmpty || text.first == ":" && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
}

/// The figures of one moment as JSON, on one line: an event's data.
func eventData(_ figures: ScreenFigures) -> [UInt8] {
  var json = JSONWriter()
  func put(_ name: String, _ value: (inout JSONWriter) -> Void) {
    json.key(name)
    value(&json)
  }
  func ratio(_ range: ClosedRange<Double>?) {
    json.list([range?.lowerBound, range?.upperBound])
  }
  json.begin(.object, inline: true)
  put("source") { $0.string(figures.source) }
  put("elapsed") { $0.seconds(figures.elapsed) }
  put("clock") { $0.string(figures.clock) }
  put("packets") { $0.number(figures.lastTen?.packets) }
  put("bits") { $0.number(figures.lastTen?.bits) }
  put("requests") { $0.number(figures.lastTen?.requests) }
  put("openings") { $0.number(figures.lastTen?.opened) }
  put("drops") { $0.integer(figures.kernelDrops + figures.interfaceDrops) }
  json.key("reuse")
  json.begin(.array, inline: true)
  for range in [figures.lastTen?.reuse, figures.lastMinute?.reuse, figures.reuse] {
    ratio(range)
  }
  json.end()
  put("open") { $0.integer(figures.now.open) }
  put("busy") { $0.integer(figures.now.busy) }
  json.key("causes")
  json.begin(.array, inline: true)
  for cause in figures.causes where cause.connections > 0 {
    json.begin(.array, inline: true)
    json.element()
    json.string(cause.cause.rawValue)
    json.element()
    json.integer(cause.connections)
    json.end()
  }
  json.end()
  json.key("servers")
  json.begin(.array, inline: true)
  for server in figures.servers.sorted(by: { $0.rate > $1.rate }).prefix(50) {
    json.begin(.array, inline: true)
    json.element()
    json.string(server.name)
    json.element()
    json.number(server.rate)
    json.element()
    json.integer(server.figures.requests)
    ratio(server.figures.ratio)
    json.element()
    json.number(server.openingRate)
    json.element()
    json.integer(server.figures.closeRaces)
    json.end()
  }
  json.end()
  json.key("notes")
  json.begin(.array, inline: true)
  for note in figures.notes.prefix(20) {
    json.begin(.array, inline: true)
    json.element()
    json.string(note.weight.rawValue)
    json.element()
    json.string(note.text)
    json.end()
  }
  json.end()
  json.end()
  return json.buffer.octets
}
