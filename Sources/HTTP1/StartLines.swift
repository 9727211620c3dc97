/// A version as written (RFC 9112 §2.3). The name is case-sensitive.
struct Version {
  var major: UInt8
  var minor: UInt8
  /// Where it ends.
  var end: Int

  /// "HTTP/" 1*DIGIT "." 1*DIGIT at `start`. More than one digit is wrong and seen in the wild ("HTTP/1.01").
  @inline(__always) static func read(_ octets: Span<UInt8>, at start: Int, lineEnd: Int) -> Version? {
    guard start >= 0, lineEnd &- start >= 8, lineEnd <= octets.count else { return nil }
    let text = octets.extracting(start..<lineEnd)
    guard text.count >= 8 else { return nil }
    let first = text.word(at: 0)
    guard first & 0xFF_FFFF_FFFF == word("H", "T", "T", "P", "/") else { return nil }
    if first & 0x00FF_FFFF_FFFF_FFFF == word("H", "T", "T", "P", "/", "1", "."), text[7].isDigit,
      text.count == 8 || !text[8].isDigit
    {
      return Version(major: 1, minor: text[7] &- Octet.zero, end: start &+ 8)
    }
    return unusual(text, at: start)
  }

  /// Whether what stands at `start` begins with "HTTP/", whatever follows.
  static func isNamed(_ octets: Span<UInt8>, at start: Int, lineEnd: Int) -> Bool {
    let name = word("H", "T", "T", "P", "/")
    guard lineEnd &- start >= 5, lineEnd <= octets.count else { return false }
    return octets.extracting(start..<lineEnd).shortWord(length: 5) == name
  }

  @inline(never) private static func unusual(_ text: Span<UInt8>, at start: Int) -> Version? {
    guard let major = text.number(at: 5, digits: 1...3) else { return nil }
    guard major.end < text.count, text[major.end] == Octet.dot else { return nil }
    guard let minor = text.number(at: major.end &+ 1, digits: 1...3) else { return nil }
    return Version(
      major: UInt8(clamping: major.value), minor: UInt8(clamping: minor.value), end: start &+ minor.end)
  }
}

extension Span<UInt8> {
  /// The decimal number at `start`, when the digits that follow each other there are as many as allowed.
  @inline(__always) func number(at start: Int, digits: ClosedRange<Int>) -> (value: Int, end: Int)? {
    var value = 0
    var index = start
    while index < count, self[index].isDigit {
      guard index &- start < digits.upperBound else { return nil }
      value = value &* 10 &+ Int(self[index] &- Octet.zero)
      index &+= 1
    }
    return index &- start >= digits.lowerBound ? (value, index) : nil
  }
}

/// A request line (RFC 9112 §3), or that of a simple request (RFC 1945 §4.1).
///
/// Real senders put blanks into targets and several between words: the method is what is before the first blank, the
/// version what is after the last, and the target all between. A version of which only the name can be read counts as
/// HTTP/1.0, as servers take it.
struct RequestLine {
  /// Longer ones exist in no registry; this bounds how long noise can pass for a method.
  static var longestMethod: Int { 64 }

  var method: Range<Int>
  var target: Range<Int>
  var versionMajor: UInt8
  var versionMinor: UInt8
  var isSimple = false
  var oddities: HeadOddities = []

  /// Reads the first `lineEnd` octets, which are followed by an LF.
  @inline(__always) init?(_ octets: Span<UInt8>, lineEnd: Int) {
    guard lineEnd < octets.count else { return nil }
    if let usual = RequestLine(usual: octets, lineEnd: lineEnd) {
      self = usual
    } else if let other = RequestLine(unusual: octets, lineEnd: lineEnd) {
      self = other
    } else {
      return nil
    }
  }

  /// A short method in capitals, a target, HTTP/1.0 or HTTP/1.1, one SP between them, and CRLF; nil for all other lines.
  @inline(__always) init?(usual octets: Span<UInt8>, lineEnd: Int) {
    guard lineEnd >= 14, lineEnd < octets.count else { return nil }
    let tail = octets.extracting(lineEnd &- 11..<lineEnd)
    guard octets.count >= 8, tail.count >= 11 else { return nil }
    guard tail[10] == Octet.carriageReturn, tail[1] == Octet.space, !tail[0].isBlank,
      tail.word(at: 2) & 0x00FF_FFFF_FFFF_FFFF == word("H", "T", "T", "P", "/", "1", "."), tail[9] &- Octet.zero < 2
    else { return nil }
    let first = octets.word(at: 0)
    let blank = Lanes.zeros(first ^ Lanes.repeating(Octet.space))
    let length = blank.trailingZeroBitCount &>> 3
    guard length > 0, length < 8, Lanes.areCapitals(first, count: length), length &+ 1 < lineEnd &- 10,
      !octets[length &+ 1].isBlank
    else { return nil }
    method = 0..<length
    target = length &+ 1..<lineEnd &- 10
    versionMajor = 1
    versionMinor = tail[9] &- Octet.zero
  }

  @inline(never) private init?(unusual octets: Span<UInt8>, lineEnd: Int) {
    var end = lineEnd
    if end > 0, octets[end &- 1] == Octet.carriageReturn { end &-= 1 } else { oddities.insert(.bareLF) }
    while end > 0, octets[end &- 1].isBlank {
      end &-= 1
      oddities.insert(.oddStartLine)
    }

    var index = 0
    while index < end, octets[index].isTokenOctet { index &+= 1 }
    guard index > 0, index <= Self.longestMethod, index < end, octets[index].isBlank,
      octets[index] != Octet.carriageReturn
    else { return nil }
    method = 0..<index

    if octets[index] != Octet.space || octets[index &+ 1].isBlank { oddities.insert(.oddStartLine) }
    while index < end, octets[index].isBlank { index &+= 1 }
    let targetStart = index

    var versionStart = end
    while versionStart > targetStart, !octets[versionStart &- 1].isBlank { versionStart &-= 1 }
    if versionStart > targetStart, Version.isNamed(octets, at: versionStart, lineEnd: end) {
      var targetEnd = versionStart
      while octets[targetEnd &- 1].isBlank { targetEnd &-= 1 }
      if versionStart &- targetEnd > 1 || octets[targetEnd] != Octet.space { oddities.insert(.oddStartLine) }
      target = targetStart..<targetEnd
      if let version = Version.read(octets, at: versionStart, lineEnd: end), version.end == end {
        versionMajor = version.major
        versionMinor = version.minor
        if versionMajor != 1 || versionMinor > 1 || version.end &- versionStart != 8 { oddities.insert(.oddVersion) }
        if Self.isHTTP2Preface(octets, method: method.count, major: versionMajor) { return nil }
      } else {
        versionMajor = 1
        versionMinor = 0
        oddities.insert(.oddVersion)
      }
    } else {
      // Only GET, and only of what looks like a target: other protocols have lines of two words, too.
      guard method.count == 3, octets[0] == 0x47, octets[1] == 0x45, octets[2] == 0x54,
        versionStart == targetStart, targetStart < end,
        octets[targetStart] == Octet.slash
          || octets.lowercasedWord(at: targetStart, length: 7) == word("h", "t", "t", "p", ":", "/", "/")
      else { return nil }
      target = targetStart..<end
      versionMajor = 0
      versionMinor = 9
      isSimple = true
    }
  }

  /// "PRI * HTTP/2.0" is no request (RFC 9113 §3.4).
  @inline(__always) private static func isHTTP2Preface(_ octets: Span<UInt8>, method: Int, major: UInt8) -> Bool {
    major == 2 && method == 3 && octets[0] == 0x50 && octets[1] == 0x52 && octets[2] == 0x49
  }

  /// Whether a line that begins with these octets can still become a request line. It is worth asking until the method
  /// has ended.
  static func canBegin(with octets: Span<UInt8>) -> Bool {
    var index = 0
    while index < octets.count, index <= longestMethod, octets[index].isTokenOctet { index &+= 1 }
    if index == octets.count { return index <= longestMethod }
    return index > 0 && index <= longestMethod && octets[index].isBlank && octets[index] != Octet.carriageReturn
  }
}

/// A status line (RFC 9112 §4): version, status, and a reason phrase that nothing depends on.
struct StatusLine {
  var versionMajor: UInt8
  var versionMinor: UInt8
  var status: UInt16
  var oddities: HeadOddities = []

  /// Reads the first `lineEnd` octets, which are followed by an LF.
  ///
  /// A status of other than three digits is read as far as it is a number ("20x" is 20), as user agents do, and marked.
  @inline(__always) init?(_ octets: Span<UInt8>, lineEnd: Int) {
    if let usual = StatusLine(usual: octets, lineEnd: lineEnd) {
      self = usual
    } else if let other = StatusLine(unusual: octets, lineEnd: lineEnd) {
      self = other
    } else {
      return nil
    }
  }

  /// HTTP/1.0 or HTTP/1.1, three digits, one SP between them and after them, and CRLF; nil for all other lines.
  @inline(__always) init?(usual octets: Span<UInt8>, lineEnd: Int) {
    guard lineEnd >= 14, lineEnd < octets.count, octets.count >= 14 else { return nil }
    guard octets[lineEnd &- 1] == Octet.carriageReturn,
      octets.word(at: 0) & 0x00FF_FFFF_FFFF_FFFF == word("H", "T", "T", "P", "/", "1", "."),
      octets[7] &- Octet.zero < 2, octets[8] == Octet.space, octets[12] == Octet.space,
      octets[9].isDigit, octets[10].isDigit, octets[11].isDigit
    else { return nil }
    versionMajor = 1
    versionMinor = octets[7] &- Octet.zero
    status =
      UInt16(octets[9] &- Octet.zero) &* 100 &+ UInt16(octets[10] &- Octet.zero) &* 10
      &+ UInt16(octets[11] &- Octet.zero)
  }

  @inline(never) private init?(unusual octets: Span<UInt8>, lineEnd: Int) {
    guard let version = Version.read(octets, at: 0, lineEnd: lineEnd) else { return nil }
    versionMajor = version.major
    versionMinor = version.minor
    if versionMajor != 1 || versionMinor > 1 || version.end != 8 { oddities.insert(.oddVersion) }

    var index = version.end
    while index < lineEnd, octets[index].isBlank { index &+= 1 }
    guard index > version.end else { return nil }
    if index &- version.end > 1 || octets[version.end] != Octet.space { oddities.insert(.oddStartLine) }

    let digits = index
    var value = 0
    while index < lineEnd, octets[index].isDigit {
      guard index &- digits < 4 else { return nil }
      value = value &* 10 &+ Int(octets[index] &- Octet.zero)
      index &+= 1
    }
    guard index > digits else { return nil }
    status = UInt16(truncatingIfNeeded: value)

    let end = octets[lineEnd &- 1] == Octet.carriageReturn ? lineEnd &- 1 : lineEnd
    if end == lineEnd { oddities.insert(.bareLF) }
    if index &- digits != 3 || (index < end && !octets[index].isBlank) { oddities.insert(.oddStatus) }
    if index >= end { oddities.insert(.missingReason) }
  }

  /// Whether a line that begins with these octets can still become a status line. It is worth asking until the version
  /// has been seen.
  static func canBegin(with octets: Span<UInt8>) -> Bool {
    let name = word("H", "T", "T", "P", "/")
    var index = 0
    while index < octets.count, index < 5 {
      guard UInt64(octets[index]) == (name &>> UInt64(truncatingIfNeeded: index &* 8)) & 0xFF else { return false }
      index &+= 1
    }
    return octets.count <= 5 || octets[5].isDigit
  }
}
