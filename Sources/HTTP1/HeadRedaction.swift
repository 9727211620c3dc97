/// Heads that may be given away: as long as they were, and with the same meaning to a parser, but with filler for all that is
/// not known to be harmless.
///
/// Kept are the method, the path, the version, the status, names of fields, and the values of the few fields in `harmless`,
/// which frame messages or describe software. Filler takes the place of the query, the fragment and path parameters (RFC
/// 3986 §3.3 to §3.5: session identifiers travel there), of user information, of the reason phrase, and of every other
/// value: cookies and credentials, and also whatever field somebody else's software puts a secret into. Lines that are no
/// field lines go as a whole.
public enum HeadRedaction {
  static let filler = UInt8(ascii: "x")

  /// A request's head, whole or cut after one of its lines.
  public static func request(_ text: Span<UInt8>) -> [UInt8] {
    var copy = Copy(text)
    let lineEnd = copy.endOfLine(from: 0)
    if lineEnd < text.count, let line = RequestLine(text, lineEnd: lineEnd) {
      copy.hideOddMethod(line.method)
      copy.hideSecrets(ofTarget: line.target)
      copy.keepVersion(from: line.target.upperBound, to: lineEnd)
    } else {
      copy.hide(0..<lineEnd)
    }
    copy.hideFields(from: lineEnd + 1)
    return copy.octets
  }

  /// A response's head, whole or cut after one of its lines.
  public static func response(_ text: Span<UInt8>) -> [UInt8] {
    var copy = Copy(text)
    let lineEnd = copy.endOfLine(from: 0)
    // "HTTP/1.1 200 ", and what little other senders make of it.
    var index = 0
    var words = 0
    while index < lineEnd, words < 3 {
      if text[index].isBlank {
        if index > 0, !text[index - 1].isBlank { words += 1 }
      } else if words == 2 || !Copy.isOfVersion(text[index]) {
        break
      }
      index += 1
    }
    copy.hide(index..<lineEnd)
    copy.hideFields(from: lineEnd + 1)
    return copy.octets
  }

  /// What is left of a head whose end is not known: of lines that are not whole only where their words are.
  ///
  /// - Parameter shown: its whole lines, as far as they may be shown.
  public static func incomplete(_ text: Span<UInt8>, shown: [UInt8]) -> [UInt8] {
    var kept = shown
    for index in shown.count..<max(shown.count, text.count) {
      kept.append(text[index] == Octet.space || text[index].isLineEnd ? text[index] : filler)
    }
    return kept
  }

  /// What frames messages and manages connections, and what describes software and content in words of the standard.
  private static let harmless: Set<FieldName> = Set(
    [
      "host", "connection", "proxy-connection", "keep-alive", "content-length", "transfer-encoding", "te", "trailer",
      "upgrade", "expect", "date", "server", "user-agent", "accept", "accept-encoding", "accept-language",
      "content-type",
      "content-encoding", "content-language", "cache-control", "pragma", "age", "vary", "allow", "accept-ranges",
      "retry-after", "max-forwards",
    ].compactMap { FieldName(Array($0.utf8).span) })

  private static let host = FieldName(Array("host".utf8).span)

  /// A field name of up to 24 octets in lower case.
  private struct FieldName: Hashable {
    var length: Int
    var first, second, third: UInt64

    init?(_ name: Span<UInt8>) {
      guard name.count <= 24 else { return nil }
      length = name.count
      first = name.lowercasedWord(at: 0, length: min(8, length))
      second = name.lowercasedWord(at: 8, length: min(8, max(0, length - 8)))
      third = name.lowercasedWord(at: 16, length: min(8, max(0, length - 16)))
    }
  }

  private struct Copy {
    var octets: [UInt8]

    init(_ text: Span<UInt8>) {
      octets = [UInt8](capacity: text.count) { output in
        for index in text.indices { output.append(text[index]) }
      }
    }

    /// The offset of the next LF, or the end.
    func endOfLine(from start: Int) -> Int {
      var index = start
      while index < octets.count, octets[index] != Octet.lineFeed { index += 1 }
      return index
    }

    /// All but the line's end.
    mutating func hide(_ range: Range<Int>) {
      var end = range.upperBound
      if end > range.lowerBound, octets[end - 1] == Octet.carriageReturn, end < octets.count,
        octets[end] == Octet.lineFeed
      {
        end -= 1
      }
      for index in range.lowerBound..<end { octets[index] = filler }
    }

    /// Registered methods are capitals and hyphens (RFC 9110 §16.1.1). Other words may be the end of a body whose length was
    /// misread.
    mutating func hideOddMethod(_ method: Range<Int>) {
      let isUsual = octets[method].allSatisfy { 0x41...0x5A ~= $0 || $0 == UInt8(ascii: "-") }
      if !isUsual { hide(method) }
    }

    /// Also behind path parameters. A target has no blanks, but where somebody's text has become part of it.
    mutating func hideSecrets(ofTarget target: Range<Int>) {
      let secrets = SecretRanges.ofTarget(octets.span.extracting(target)) {
        SecretRanges.isEndOfPath($0) || $0 == Octet.semicolon || $0 <= Octet.space
      }
      hide(secrets, from: target.lowerBound)
    }

    private mutating func hide(_ secrets: [Range<Int>], from start: Int) {
      for secret in secrets { hide(start + secret.lowerBound..<start + secret.upperBound) }
    }

    static func isOfVersion(_ octet: UInt8) -> Bool {
      octet.isDigit || octet == Octet.dot || octet == Octet.slash || [0x48, 0x54, 0x50].contains(octet)
    }

    /// What stands behind a target is a version, or what a lenient server takes for one.
    mutating func keepVersion(from start: Int, to lineEnd: Int) {
      for index in start..<lineEnd where !octets[index].isBlank && !Self.isOfVersion(octets[index]) {
        octets[index] = filler
      }
    }

    mutating func hideFields(from first: Int) {
      var start = first
      var isKept = false
      while start < octets.count {
        let lineFeed = endOfLine(from: start)
        var end = lineFeed
        if lineFeed < octets.count, end > start, octets[end - 1] == Octet.carriageReturn { end -= 1 }
        if octets[start] == Octet.space || octets[start] == Octet.horizontalTab {
          // RFC 9112 §5.2: it continues the line before it, or is a field of its own to who does not know that.
          let isPlain = octets[start..<end].allSatisfy { $0 != Octet.colon && $0 != 0x3D && $0 >= Octet.space }
          if !isKept || !isPlain || lineFeed == octets.count { hide(start..<end) }
        } else {
          isKept = hideField(start..<end, isWhole: lineFeed < octets.count)
        }
        start = lineFeed + 1
      }
    }

    /// Says whether the value is kept.
    private mutating func hideField(_ line: Range<Int>, isWhole: Bool) -> Bool {
      guard !line.isEmpty else { return false }
      guard let colon = octets[line].firstIndex(of: Octet.colon) else {
        hide(line)
        return false
      }
      var nameEnd = colon
      while nameEnd > line.lowerBound, octets[nameEnd - 1] == Octet.space || octets[nameEnd - 1] == Octet.horizontalTab
      {
        nameEnd -= 1
      }
      guard nameEnd > line.lowerBound, octets[line.lowerBound..<nameEnd].allSatisfy(\.isTokenOctet) else {
        hide(line)
        return false
      }
      var value = colon + 1
      while value < line.upperBound, octets[value] == Octet.space { value += 1 }
      let name = FieldName(octets.span.extracting(line.lowerBound..<nameEnd))
      guard isWhole, let name, harmless.contains(name) else {
        hide(value..<line.upperBound)
        return false
      }
      // A bare CR ends a line for some (RFC 9112 §2.2): what follows it may be another field.
      let control = octets[value..<line.upperBound].firstIndex {
        ($0 < Octet.space && $0 != Octet.horizontalTab) || $0 == 0x7F
      }
      if let control, line.upperBound - control > 1 || octets[control] != Octet.carriageReturn {
        hide(control..<line.upperBound)
      }
      if name == host {
        hide(SecretRanges.ofHost(octets.span.extracting(value..<line.upperBound)), from: value)
      }
      return true
    }
  }
}
