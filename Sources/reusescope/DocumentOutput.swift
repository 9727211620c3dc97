import Reports
import ReuseAnalysis

/// A file made from the summary alone: written when the figures are there, replaced when there are newer ones.
final class DocumentOutput: Output {
  private let file: OutputFile
  private let document: (Summary) -> [UInt8]

  init(_ path: String, _ document: @escaping (Summary) -> [UInt8]) {
    file = OutputFile(path)
    self.document = document
  }

  var paths: [String] { [file.path] }
  var isUnwanted: Bool { file.isClosedByReader }

  func open() throws(OutputError) { try file.open() }

  func prepare(_ summary: Summary) throws(OutputError) {
    try file.open()
    try file.write(document(summary)[...])
  }

  func publish() throws(OutputError) { try file.complete() }
  func close() throws(OutputError) { try file.close() }
  func discard() { file.discard() }
}

/// The text on standard output: last, when everything else is in its place.
final class TextOutput: Output {
  private let options: OutputOptions
  private let file = OutputFile("-")
  private var text: [UInt8] = []

  init(_ options: OutputOptions) {
    self.options = options
  }

  let paths = ["-"]
  /// It comes at the end, so nobody can tell before.
  let isUnwanted = false

  func open() throws(OutputError) { try file.open() }

  func prepare(_ summary: Summary) {
    let text = SummaryText(
      summary, width: options.width ?? Terminal.width, top: options.top, usesColour: Terminal.usesColour,
      redacts: options.redact)
    self.text = Array(text.text.utf8)
  }

  func publish() throws(OutputError) { try file.write(text[...]) }
  func close() {}
  func discard() {}
}
