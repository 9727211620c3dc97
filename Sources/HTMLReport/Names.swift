import Reports
import ReuseAnalysis
import Wire

/// Names that came from a capture, as text that a page can show: what viewers would obey is written `\xNN`. The templates
/// escape them for HTML.
struct Names {
  let redacts: Bool

  static func endpoint(_ endpoint: Endpoint?) -> String {
    guard let endpoint else { return Quantity.unknown }
    var buffer = OctetBuffer(capacity: 64)
    buffer.append(endpoint)
    return TerminalText.escaped(buffer.octets)
  }

  static func address(_ address: IPAddress?) -> String {
    guard let address else { return Quantity.unknown }
    var buffer = OctetBuffer(capacity: 64)
    buffer.append(address)
    return TerminalText.escaped(buffer.octets)
  }

  /// A Host value.
  func host(_ octets: [UInt8]?) -> String {
    guard let octets, !octets.isEmpty else { return "(none)" }
    return Self.shown(redacts ? Redaction.host(octets) : octets, limit: 255)
  }

  func target(_ octets: [UInt8]) -> String {
    Self.shown(redacts ? Redaction.target(octets) : octets, limit: 120)
  }

  /// `octets`, of long ones the begin.
  static func shown(_ octets: [UInt8], limit: Int) -> String {
    octets.count <= limit ? TerminalText.escaped(octets) : TerminalText.escaped(Array(octets[..<limit])) + "…"
  }
}
