import ReuseAnalysis
import Wire

/// Cells as UTF-8 text that a terminal can show.
package enum CellText {
  /// As it is, but for what a terminal would obey or not show, and octets that are not UTF-8: those as `\xNN`.
  package static func captured(_ octets: [UInt8]) -> [UInt8] {
    octets.span.isPlain ? octets : Array(TerminalText.escaped(octets).utf8)
  }

  /// A JSON array of strings.
  package static func list(_ texts: [[UInt8]]) -> [UInt8] {
    var json = JSONWriter()
    json.list(texts) { $0.string(captured($1)) }
    return json.buffer.octets
  }

  package static func endpoint(_ endpoint: Endpoint) -> [UInt8] {
    var text = OctetBuffer(capacity: 64)
    text.append(endpoint)
    return text.octets
  }

  package static func address(_ address: IPAddress) -> [UInt8] {
    var text = OctetBuffer(capacity: 64)
    text.append(address)
    return text.octets
  }

  package static func timestamp(_ nanoseconds: Int64) -> [UInt8] {
    var text = OctetBuffer(capacity: 64)
    text.appendTimestamp(nanosecondsSince1970: nanoseconds)
    return text.octets
  }
}
