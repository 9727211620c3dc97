import PacketCapture

/// A file that `--json` wrote, told from a capture by its first octet.
enum SummaryFile {
  /// A summary with full tables, and long names in them, has 4 megabytes. Read, JSON takes twenty times as much.
  private static let limit = 16 << 20
  private static let space = Array(" \t\r\n".utf8)

  /// Its octets; `nil` when it is none or cannot be opened: then it is read as a capture, which says what is wrong.
  static func octets(_ path: String) throws(CaptureError) -> [UInt8]? {
    guard path != "-", !System.isSpecial(path), let begin = System.firstOctets(of: path, 64),
      begin.first(where: { !space.contains($0) }) == UInt8(ascii: "{"),
      let octets = System.firstOctets(of: path, limit + 1)
    else { return nil }
    guard octets.count <= limit else {
      throw CaptureError(file: path, message: "is too long for a summary")
    }
    return octets
  }
}
