import ReuseAnalysis
import Wire

/// A table of the output: its name and its columns, for every format that has tables (CSV, SQLite).
///
/// Columns are named after the keys of the JSON output, those inside an object joined to its key with `_`.
package struct Table: Sendable {
  package struct Column: Sendable {
    package enum Kind: Sendable {
      /// Durations and times are `real` seconds; times count from the first packet.
      case integer, real, boolean, text
    }

    package let name: String
    package let kind: Kind

    static func integer(_ name: String) -> Column { Column(name: name, kind: .integer) }
    static func real(_ name: String) -> Column { Column(name: name, kind: .real) }
    static func boolean(_ name: String) -> Column { Column(name: name, kind: .boolean) }
    static func text(_ name: String) -> Column { Column(name: name, kind: .text) }
  }

  package let name: String
  package let columns: [Column]
}

/// What rows are written into, cell by cell, in the order of the table's columns.
package protocol CellSink {
  mutating func null()
  mutating func integer(_ value: Int)
  /// Nanoseconds, to be written as seconds.
  mutating func seconds(_ nanoseconds: Int64)
  mutating func real(_ value: Double)
  mutating func boolean(_ value: Bool)
  /// Text of ours: nothing in it needs to be escaped.
  mutating func word(_ text: String)
  /// Octets as captured, which may hold anything.
  mutating func captured(_ octets: [UInt8])
  /// Several of those, as one JSON array of strings: a list in one cell has to be taken apart again.
  mutating func list(_ texts: [[UInt8]])
  mutating func endpoint(_ endpoint: Endpoint)
  mutating func address(_ address: IPAddress)
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  mutating func timestamp(_ nanoseconds: Int64)
  mutating func endRow()
}

extension CellSink {
  mutating func integer(_ value: Int?) { if let value { integer(value) } else { null() } }
  mutating func seconds(_ value: Int64?) { if let value { seconds(value) } else { null() } }
  mutating func real(_ value: Double?) { if let value { real(value) } else { null() } }
  mutating func boolean(_ value: Bool?) { if let value { boolean(value) } else { null() } }
  mutating func word(_ text: String?) { if let text { word(text) } else { null() } }
  mutating func captured(_ octets: [UInt8]?) { if let octets { captured(octets) } else { null() } }
  mutating func endpoint(_ value: Endpoint?) { if let value { endpoint(value) } else { null() } }
  mutating func address(_ value: IPAddress?) { if let value { address(value) } else { null() } }

  /// Lists of `texts`, which hold nothing but what can be shown.
  static func json(_ texts: [some StringProtocol]) -> [UInt8] {
    var json = JSONWriter()
    json.list(texts) { $0.string(String($1)) }
    return json.buffer.octets
  }
}
