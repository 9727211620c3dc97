import ReuseAnalysis

/// Puts the numbers of one finding into sentences.
struct Words {
  let finding: Finding
  let subject: String

  var messageAndAdvice: (String, String) {
    switch finding.kind {
    case .closeRaces: closeRaces
    case .serverClosesFirst: serverClosesFirst
    case .missedReuse: missedReuse
    case .shortTimeout: shortTimeout
    case .longTimeout: longTimeout
    case .requestLimit: requestLimit
    case .unaskedClose: unaskedClose
    case .clientClose: clientClose
    case .clientClosesEarly: clientClosesEarly
    case .http10: http10
    case .oneRequest: oneRequest
    case .headOfLine: headOfLine
    case .unevenBalance: unevenBalance
    case .portPressure: portPressure
    case .failedHandshakes: failedHandshakes
    case .captureQuality: captureQuality
    }
  }

  // MARK: values

  /// 0 where there is no such evidence.
  func count(_ name: String) -> Int {
    if case .count(let count)? = finding[name] { count } else { 0 }
  }

  func duration(_ name: String) -> Int64? {
    if case .duration(let duration)? = finding[name] { duration } else { nil }
  }

  func time(_ name: String) -> String { Quantity.duration(duration(name)) }

  /// `60 s`: of what was chosen, not measured.
  func round(_ duration: Int64?) -> String {
    guard let duration, duration > 0, duration % 1_000_000_000 == 0 else { return Quantity.duration(duration) }
    return Quantity.count(Int(duration / 1_000_000_000)) + " s"
  }

  func percent(_ name: String) -> String {
    if case .share(let share)? = finding[name] { Quantity.percent(share) } else { Quantity.unknown }
  }

  func number(_ name: String) -> Double? {
    if case .number(let number)? = finding[name] { number } else { nil }
  }

  func text(_ name: String) -> String? {
    if case .text(let text)? = finding[name] { text } else { nil }
  }

  /// `, as the default of nginx`, or nothing.
  var asDefault: String { text("as_default_of").map { ", as the default of \($0)" } ?? "" }

  /// `12 handshakes (240 ms)`.
  var saved: String {
    guard let saves = finding.saves else { return "nothing" }
    let handshakes = Quantity.count(saves.handshakes, "handshake")
    return saves.time.map { "\(handshakes) (\(Quantity.duration($0)))" } ?? handshakes
  }

  /// `3.1 connections on average, 12 MB of memory`.
  func held(_ connections: String, memory: String) -> String {
    let open = "\(Quantity.decimal(number(connections))) connections on average"
    guard let octets = number(memory), octets.isFinite, octets < 1e18 else { return open }
    return open + ", \(Quantity.size(Int(octets))) of memory"
  }

  /// `the client` or `the 12 clients`.
  var clients: String {
    count("clients") > 1 ? "its \(Quantity.count(count("clients"))) clients" : "the client"
  }

  /// The server of a finding about a client and a server.
  var server: String {
    switch finding.subject {
    case .server(let server), .pool(_, let server): FindingText.name(of: server)
    case .capture, .origin, .client: subject
    }
  }

  var client: String {
    if case .pool(let client, _) = finding.subject { FindingText.name(of: client) } else { "The clients" }
  }
}
