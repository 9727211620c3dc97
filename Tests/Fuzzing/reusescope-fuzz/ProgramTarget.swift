import Oracles
import PacketCapture
import Reports
import ReuseAnalysis

/// A capture file: everything the command does with one, but for the writing of files. What is printed must be valid.
func runProgram(_ input: [UInt8]) {
  guard var reader = try? CaptureReader(paths: [InputFile.holding(input)]) else { return }
  var configuration = AnalyzerConfiguration()
  configuration.wantsExchanges = true
  configuration.wantsConnections = true
  var analyzer = Analyzer(configuration: configuration)
  var rows = RowWriter()
  var packets = 0
  let done = try? reader.forEachPacket { header, octets in
    analyzer.observe(
      timestamp: header.timestamp, capturedLength: header.capturedLength, originalLength: header.originalLength,
      linkType: header.linkType, octets: octets)
    packets += 1
    write(&analyzer, to: &rows)
    return true
  }
  check(done == true, "reading has no end")
  analyzer.finish()
  write(&analyzer, to: &rows)
  check(analyzer.ledgerAddsUp, "the ledger does not add up")
  var summary = analyzer.summary()
  summary.capture.files = [String(decoding: input.suffix(16), as: UTF8.self)]
  summary.capture.linkTypes = reader.linkTypes.map { linkTypeName($0) }
  summary.capture.truncated = reader.truncated
  summary.capture.drops = reader.drops
  for warning in reader.warnings { summary.warn("\(warning)", matters: warning.matters) }
  check(summary.capture.packets == packets, "\(packets) packets, \(summary.capture.packets) analysed")

  for line in rows.buffer.octets.split(separator: 10) { checkJSON(Array(line)) }
  for redacts in [false, true] {
    checkJSON(SummaryJSON(summary, redacts: redacts).buffer.octets)
    let text = SummaryText(summary, width: redacts ? 200 : 80, redacts: redacts).text
    if let problem = ShownText.problem(Array(text.utf8)) { find("\(problem) in the text") }
  }
}

private func write(_ analyzer: inout Analyzer, to rows: inout RowWriter) {
  for row in analyzer.exchanges { rows.append(row) }
  for row in analyzer.connections { rows.append(row) }
  analyzer.exchanges.removeAll(keepingCapacity: true)
  analyzer.connections.removeAll(keepingCapacity: true)
}

private func checkJSON(_ octets: [UInt8]) {
  if let problem = JSONText.problem(octets) { find("\(problem): \(String(decoding: octets, as: UTF8.self))") }
}
