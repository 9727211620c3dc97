import Reports

/// A comparison as one JSON object: `{reusescope, before, after, figures: [{figure, before, after, change, relative}],
/// servers: [{server, figures: […]}]}`. Ranges and unknown figures are written as in the summary.
package struct ComparisonJSON {
  private var json = JSONWriter()

  package var buffer: OctetBuffer { json.buffer }

  package init(_ comparison: Comparison) {
    json.begin(.object)
    json.key("reusescope")
    json.string(reusescopeVersion)
    write("before", comparison.before)
    write("after", comparison.after)
    write(comparison.rows)
    json.key("servers")
    json.begin(.array)
    for server in comparison.servers {
      json.begin(.object)
      json.key("server")
      json.string(server.server)
      write(server.rows)
      json.end()
    }
    json.end()
    json.end()
    json.raw("\n")
  }

  private mutating func write(_ name: String, _ source: Comparison.Source) {
    json.key(name)
    json.begin(.object)
    json.key("files")
    json.list(source.files)
    json.key("start")
    if let start = source.start { json.string(start) } else { json.null() }
    json.key("duration")
    json.number(source.duration)
    json.key("packets")
    json.number(source.packets)
    json.key("warnings")
    json.integer(source.warnings)
    json.end()
  }

  private mutating func write(_ rows: [Comparison.Row]) {
    json.key("figures")
    json.begin(.array)
    for row in rows {
      json.begin(.object, inline: true)
      json.key("figure")
      json.string(row.figure)
      write("before", row.before)
      write("after", row.after)
      json.key("change")
      json.number(row.change)
      json.key("relative")
      json.number(row.relativeChange)
      json.end()
    }
    json.end()
  }

  private mutating func write(_ name: String, _ value: ClosedRange<Double>?) {
    json.key(name)
    guard let value else { return json.null() }
    if value.lowerBound == value.upperBound { return json.number(value.lowerBound) }
    json.list([value.lowerBound, value.upperBound])
  }
}
