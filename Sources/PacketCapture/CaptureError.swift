/// Why nothing can be read: a file that cannot be opened or is no capture, or a filter that does not compile.
public struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as it was named, "-" for standard input; `nil` when no file is at fault.
  public var file: String?
  /// What happened.
  public var message: String
  /// Where in the file, after decompression.
  public var offset: Int?
  /// What to do about it.
  public var advice: String?

  public init(file: String?, message: String, offset: Int? = nil, advice: String? = nil) {
    self.file = file
    self.message = message
    self.offset = offset
    self.advice = advice
  }

  /// One line that can be shown as it is.
  public var description: String {
    var text = file.map { "\(shownName(of: $0)): " } ?? ""
    text += message
    if let offset { text += " (at byte \(offset))" }
    if let advice { text += "; \(advice)" }
    return text
  }
}

/// What was odd about a file that was read all the same.
public struct CaptureWarning: Hashable, Sendable, CustomStringConvertible {
  public var file: String
  public var message: String
  /// Packets or their times are missing or uncertain because of it: the result deserves a second look.
  public var matters: Bool

  public init(file: String, message: String, matters: Bool) {
    self.file = file
    self.message = message
    self.matters = matters
  }

  public var description: String { "\(shownName(of: file)): \(message)" }
}

/// The name of a file in a message. Control characters in it would let a file name write on the terminal.
func shownName(of file: String) -> String {
  if file == "-" { return "standard input" }
  var shown = ""
  for scalar in file.unicodeScalars {
    if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) {
      shown += scalar.escaped(asASCII: true)
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}
