/// How text on standard output may look.
enum Terminal {
  /// Columns: the terminal's, or 80.
  static var width: Int { System.isTerminal(1) ? System.terminalWidth ?? 80 : 80 }

  /// Only a terminal that knows colours and whose user wants them (no-color.org).
  static var usesColour: Bool {
    System.isTerminal(1) && System.environment("NO_COLOR") == nil && System.environment("TERM") != "dumb"
  }
}
