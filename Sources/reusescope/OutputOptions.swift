import ArgumentParser
import Reports

/// What to write and where to: the same for every subcommand that analyses.
struct OutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write the report as one HTML page.", valueName: "file"), completion: .file())
  var html: String?

  @Option(help: ArgumentHelp("Write the summary as one JSON object.", valueName: "file"), completion: .file())
  var json: String?

  @Option(
    help: ArgumentHelp("Write one exchange a line (NDJSON), as they end.", valueName: "file"), completion: .file())
  var exchanges: String?

  @Option(
    help: ArgumentHelp("Write one connection a line (NDJSON), in the order of their ends.", valueName: "file"),
    completion: .file())
  var connections: String?

  @Option(
    help: ArgumentHelp("Write exchanges as an HTTP Archive (HAR 1.2), as they end.", valueName: "file"),
    completion: .file())
  var har: String?

  @Option(
    help: ArgumentHelp("Write a short summary in Markdown, for a ticket or a pull request.", valueName: "file"),
    completion: .file())
  var markdown: String?

  @Option(
    help: ArgumentHelp("Add the capture to an SQLite database: rows, tables and views.", valueName: "file"),
    completion: .file())
  var sqlite: String?

  @Option(
    help: ArgumentHelp(
      "Write tables as CSV into a folder: exchanges, connections, servers, findings and more, a file each.",
      valueName: "folder"),
    completion: .directory)
  var csv: String?

  @Option(
    help: ArgumentHelp(
      "Write the summary for Prometheus: node exporter's textfile collector takes a name that ends in .prom.",
      valueName: "file"),
    completion: .file())
  var prometheus: String?

  @Option(help: ArgumentHelp("Rows in the tables of the text.", valueName: "n"))
  var top = 10

  @Option(help: ArgumentHelp("Columns of the text, 80 at least (default: the terminal's).", valueName: "n"))
  var width: Int?

  @Flag(help: "Leave out queries, fragments, user-info; of packets that live --write stores, bodies and all secrets.")
  var redact = false

  /// One output for each option that was given.
  func outputs() -> [any Output] {
    var outputs: [any Output] = []
    // Both kinds of rows go to standard output in one stream.
    if exchanges == "-", connections == "-" {
      outputs.append(RowOutput("-", .all, redacts: redact))
    } else {
      if let exchanges { outputs.append(RowOutput(exchanges, .exchanges, redacts: redact)) }
      if let connections { outputs.append(RowOutput(connections, .connections, redacts: redact)) }
    }
    if let html { outputs.append(PageOutput(html, redacts: redact)) }
    if let json { outputs.append(DocumentOutput(json) { SummaryJSON($0, redacts: redact).buffer.octets }) }
    if let prometheus { outputs.append(DocumentOutput(prometheus) { PrometheusText($0).buffer.octets }) }
    if let markdown {
      outputs.append(DocumentOutput(markdown) { Array(SummaryMarkdown($0, redacts: redact).text.utf8) })
    }
    if let har { outputs.append(HAROutput(har, redacts: redact)) }
    if let sqlite { outputs.append(SQLiteOutput(sqlite, redacts: redact)) }
    if let csv { outputs.append(CSVOutput(csv, redacts: redact)) }
    if !outputs.contains(where: { $0.paths.contains("-") }) { outputs.append(TextOutput(self)) }
    return outputs
  }

  /// Every option above that names a file or a folder, of which each interval of live traffic gets its own. Not `prometheus`,
  /// whose collector looks for one name, and `sqlite`: a database takes many captures.
  private static var places: [WritableKeyPath<OutputOptions, String?>] {
    [\.json, \.exchanges, \.connections, \.html, \.har, \.markdown, \.csv]
  }

  /// The same outputs under other names.
  func renamed(_ rename: (String) -> String) -> OutputOptions {
    var options = self
    for place in Self.places { options[keyPath: place] = options[keyPath: place].map(rename) }
    return options
  }

  func validate() throws {
    if top < 0 { throw ValidationError("--top takes a number from 0.") }
    if let width, !(40...10_000).contains(width) { throw ValidationError("--width takes 40 to 10000 columns.") }
    if csv == "" || csv == "-" { throw ValidationError("--csv takes a folder.") }
    if sqlite == "-" { throw ValidationError("--sqlite takes a file.") }
    let paths = outputs().flatMap(\.paths)
    if paths.contains("") { throw ValidationError("A file name is empty.") }
    if paths.count(where: { $0 == "-" }) > 1 {
      throw ValidationError(
        "Standard output takes one output, or both kinds of rows (--exchanges, --connections): give the others files.")
    }
  }
}
