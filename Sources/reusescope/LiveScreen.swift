import Screen

/// The screen of a running capture on the terminal that it was started from.
final class LiveScreen {
  private let terminal: TerminalDevice
  private var view = ScreenView()
  private var keys = KeyReader()
  private var frames: Frames
  /// What the terminal had no room for yet. As long as there is some, nothing new is drawn.
  private var unsent: [UInt8] = []
  /// The user wants no more, or has gone.
  private(set) var isEnded = false

  init?() {
    guard let terminal = TerminalDevice(restoring: Frames.end) else { return nil }
    self.terminal = terminal
    frames = Frames(usesStyles: true)
    unsent = terminal.write(Frames.begin)
  }

  var descriptor: Int32 { terminal.descriptor }

  func end() { terminal.restore() }

  /// Takes what was typed, and shows what it changes at once.
  func readKeys() {
    guard let octets = terminal.read() else {
      isEnded = true
      return
    }
    for key in keys.keys(in: octets) { press(key) }
    draw()
  }

  private func press(_ key: Key) {
    switch view.press(key) {
    case .quit: isEnded = true
    case .redraw: frames.forget()
    case nil: break
    }
  }

  func show(_ figures: ScreenFigures) {
    view.update(figures)
    for key in keys.settle() { press(key) }
    draw()
  }

  private func draw() {
    if !unsent.isEmpty {
      unsent = terminal.write(unsent)
      if !unsent.isEmpty { return }
    }
    guard let size = terminal.size else { return }
    let page = view.page(columns: min(size.columns, 500), rows: min(size.rows, 300))
    unsent = terminal.write(frames.update(to: page))
  }
}
