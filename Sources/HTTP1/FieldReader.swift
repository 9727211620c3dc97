/// Goes through the field lines of a head once (RFC 9112 §5) and keeps what the fields that matter say.
struct FieldReader {
  var facts = HeadFields()
  var host: OctetRange?

  private var lines = 0
  private var endSeen = false
  private var transferEncodingSeen = false
  private var contentLengthSeen = false

  @inline(__always) init() {}

  /// Reads the lines after the LF at `lineFeed`. A line that begins with a blank continues the one before it; the one
  /// after the start line has nothing to continue, and its name begins with a blank: it matches no field.
  @inline(__always) mutating func readLines(_ octets: Span<UInt8>, after lineFeed: Int) {
    var start = lineFeed &+ 1
    guard start > 0, start < octets.count else { return }
    if octets[start].isFold { facts.oddities.insert(.obsFold) }
    var base = start
    while base < octets.count {
      var mask = octets.extracting(base...).lineFeedMask()
      while mask != 0 {
        let end = base &+ mask.trailingZeroBitCount
        mask &= mask &- 1
        if end &+ 1 < octets.count, octets[end &+ 1].isFold {
          facts.oddities.insert(.obsFold)
          continue
        }
        readLine(octets, start, end)
        start = end &+ 1
      }
      base &+= 64
    }
  }

  /// What can only be said when all lines were read.
  @inline(__always) mutating func finish(versionMajor: UInt8, minor: UInt8, limits: HTTPLimits) {
    if !endSeen { facts.oddities.insert(.incomplete) }
    if lines > limits.fieldCount { facts.oddities.insert(.tooManyFields) }
    if facts.contentLengthInvalid { facts.contentLength = nil }
    guard transferEncodingSeen else { return }
    if contentLengthSeen { facts.oddities.insert(.transferEncodingAndContentLength) }
    if versionMajor == 0 || (versionMajor == 1 && minor == 0) { facts.oddities.insert(.transferEncodingBefore11) }
  }

  @inline(__always) private mutating func readLine(_ octets: Span<UInt8>, _ start: Int, _ lineFeed: Int) {
    var end = lineFeed
    if end > start, octets[end &- 1] == Octet.carriageReturn {
      end &-= 1
      if end > start, octets[end &- 1] == Octet.carriageReturn { facts.oddities.insert(.repeatedCR) }
    } else {
      facts.oddities.insert(.bareLF)
    }
    if end == start {
      endSeen = true
      return
    }
    lines &+= 1
    let colon = octets.firstColon(in: start..<end)
    guard colon >= 0 else {
      facts.oddities.insert(.noColon)
      return
    }
    if colon > start, octets[colon &- 1].isTokenOctet, octets[start].isTokenOctet {
      readField(octets, name: start..<colon, value: colon &+ 1..<end)
    } else {
      readOddField(octets, name: start..<colon, value: colon &+ 1..<end)
    }
  }

  /// A field whose name has white space around it. RFC 9112 §5.1 has servers refuse it and proxies remove the space;
  /// recipients commonly read the field, so an observer must.
  @inline(never) private mutating func readOddField(_ octets: Span<UInt8>, name: Range<Int>, value: Range<Int>) {
    var start = name.lowerBound
    var end = name.upperBound
    while start < end, octets[start] == Octet.carriageReturn { start &+= 1 }
    while start < end, octets[end &- 1].isFieldSpace {
      end &-= 1
      if octets[end] == Octet.lineFeed {  // the colon stands in a continuation line: the field line itself has none
        facts.oddities.insert(.noColon)
        return
      }
    }
    if end < name.upperBound { facts.oddities.insert(.spaceBeforeColon) }
    readField(octets, name: start..<end, value: value)
  }

  @inline(__always) private mutating func readField(_ octets: Span<UInt8>, name: Range<Int>, value: Range<Int>) {
    let start = name.lowerBound
    switch name.count {
    case 4:
      if octets.lowercasedWord(at: start, length: 4) == word("h", "o", "s", "t") { readHost(octets, value) }
    case 6:
      if octets.lowercasedWord(at: start, length: 6) == word("e", "x", "p", "e", "c", "t") { readExpect(octets, value) }
    case 7:
      if octets.lowercasedWord(at: start, length: 7) == word("u", "p", "g", "r", "a", "d", "e") {
        readUpgrade(octets, value)
      }
    case 10:
      let first = octets.lowercasedWord(at: start, length: 8)
      if first == word("c", "o", "n", "n", "e", "c", "t", "i") {
        if octets.lowercasedWord(at: start &+ 8, length: 2) == word("o", "n") { readConnection(octets, value) }
      } else if first == word("k", "e", "e", "p", "-", "a", "l", "i") {
        if octets.lowercasedWord(at: start &+ 8, length: 2) == word("v", "e") { readKeepAlive(octets, value) }
      }
    case 14:
      if octets.lowercasedWord(at: start, length: 8) == word("c", "o", "n", "t", "e", "n", "t", "-"),
        octets.lowercasedWord(at: start &+ 8, length: 6) == word("l", "e", "n", "g", "t", "h")
      {
        readContentLength(octets, value)
      }
    case 16:
      if octets.lowercasedWord(at: start, length: 8) == word("p", "r", "o", "x", "y", "-", "c", "o"),
        octets.lowercasedWord(at: start &+ 8, length: 8) == word("n", "n", "e", "c", "t", "i", "o", "n")
      {
        facts.proxyConnection = true
      }
    case 17:
      if octets.lowercasedWord(at: start, length: 8) == word("t", "r", "a", "n", "s", "f", "e", "r"),
        octets.lowercasedWord(at: start &+ 8, length: 8) == word("-", "e", "n", "c", "o", "d", "i", "n"),
        octets[start &+ 16] | 0x20 == 0x67
      {
        readTransferEncoding(octets, value)
      }
    default:
      break
    }
  }
}

// The values of the fields that matter.
extension FieldReader {
  @inline(__always) private mutating func readHost(_ octets: Span<UInt8>, _ value: Range<Int>) {
    if host != nil {
      facts.oddities.insert(.repeatedHost)
    } else {
      host = OctetRange(octets.trimmed(value))
    }
  }

  private mutating func readExpect(_ octets: Span<UInt8>, _ value: Range<Int>) {
    let text = octets.trimmed(value)
    if text.count == 12,
      octets.lowercasedWord(at: text.lowerBound, length: 8) == word("1", "0", "0", "-", "c", "o", "n", "t"),
      octets.lowercasedWord(at: text.lowerBound &+ 8, length: 4) == word("i", "n", "u", "e")
    {
      facts.expectContinue = true
    }
  }

  /// The first protocol counts; a version after a slash does not.
  private mutating func readUpgrade(_ octets: Span<UInt8>, _ value: Range<Int>) {
    guard facts.upgrade == .none else { return }
    var list = ListElements(value)
    guard let element = list.next(in: octets) else { return }
    var end = element.lowerBound
    while end < element.upperBound, octets[end] != Octet.slash { end &+= 1 }
    let first = octets.lowercasedWord(at: element.lowerBound, length: min(8, end &- element.lowerBound))
    switch end &- element.lowerBound {
    case 3 where first == word("h", "2", "c"): facts.upgrade = .h2c
    case 9 where first == word("w", "e", "b", "s", "o", "c", "k", "e") && octets[end &- 1] | 0x20 == 0x74:
      facts.upgrade = .websocket
    default: facts.upgrade = .other
    }
  }

  private mutating func readConnection(_ octets: Span<UInt8>, _ value: Range<Int>) {
    var list = ListElements(value)
    while let element = list.next(in: octets) {
      let first = octets.lowercasedWord(at: element.lowerBound, length: min(8, element.count))
      switch element.count {
      case 5 where first == word("c", "l", "o", "s", "e"): facts.connectionClose = true
      case 7 where first == word("u", "p", "g", "r", "a", "d", "e"): facts.connectionUpgrade = true
      case 10
      where first == word("k", "e", "e", "p", "-", "a", "l", "i")
        && octets.lowercasedWord(at: element.lowerBound &+ 8, length: 2) == word("v", "e"):
        facts.connectionKeepAlive = true
      default: break
      }
    }
  }

  /// `timeout=5, max=100`; some senders put semicolons between, quote the numbers, or send a number alone, which is the
  /// timeout.
  private mutating func readKeepAlive(_ octets: Span<UInt8>, _ value: Range<Int>) {
    var list = ListElements(value, orSemicolons: true)
    while let element = list.next(in: octets) {
      var nameEnd = element.lowerBound
      while nameEnd < element.upperBound, octets[nameEnd].isTokenOctet { nameEnd &+= 1 }
      var number = nameEnd
      while number < element.upperBound, !octets[number].isDigit { number &+= 1 }
      let name = octets.lowercasedWord(at: element.lowerBound, length: min(8, nameEnd &- element.lowerBound))
      let between = nameEnd..<number
      if name == word("t", "i", "m", "e", "o", "u", "t"), octets.isAssignment(between) {
        facts.keepAliveTimeout = facts.keepAliveTimeout ?? octets.clampedNumber(at: number, end: element.upperBound)
      } else if name == word("m", "a", "x"), octets.isAssignment(between) {
        facts.keepAliveMax = facts.keepAliveMax ?? octets.clampedNumber(at: number, end: element.upperBound)
      } else if nameEnd == element.upperBound {
        facts.keepAliveTimeout = facts.keepAliveTimeout ?? octets.clampedNumber(at: element.lowerBound, end: nameEnd)
      }
    }
  }

  /// Rule 5 of RFC 9112 §6.3: a list of equal numbers is that number. Nothing but digits is a number, an empty element
  /// included.
  private mutating func readContentLength(_ octets: Span<UInt8>, _ value: Range<Int>) {
    var start = value.lowerBound
    while true {
      var end = start
      while end < value.upperBound, octets[end] != Octet.comma { end &+= 1 }
      if let length = octets.contentLength(in: octets.trimmed(start..<end)) {
        if facts.contentLength == nil {
          facts.contentLength = length
        } else if facts.contentLength == length {
          facts.oddities.insert(.repeatedContentLength)
        } else {
          facts.contentLengthConflicting = true
        }
      } else {
        facts.contentLengthInvalid = true
      }
      if end == value.upperBound { break }
      start = end &+ 1
    }
    contentLengthSeen = true
  }

  /// The codings of all lines together are one list. Their parameters do not matter.
  private mutating func readTransferEncoding(_ octets: Span<UInt8>, _ value: Range<Int>) {
    transferEncodingSeen = true
    var list = ListElements(value)
    while let element = list.next(in: octets) {
      var end = element.lowerBound
      while end < element.upperBound, octets[end] != Octet.semicolon { end &+= 1 }
      let coding = octets.trimmed(element.lowerBound..<end)
      let first = octets.lowercasedWord(at: coding.lowerBound, length: min(8, coding.count))
      if coding.count == 7, first == word("c", "h", "u", "n", "k", "e", "d") {
        if facts.transferEncoding == .chunked { facts.oddities.insert(.oddTransferEncoding) }
        facts.transferEncoding = .chunked
      } else if coding.count == 8, first == word("i", "d", "e", "n", "t", "i", "t", "y") {
        facts.oddities.insert(.oddTransferEncoding)
      } else {
        var index = coding.lowerBound
        while index < coding.upperBound, octets[index].isTokenOctet { index &+= 1 }
        if facts.transferEncoding == .chunked { facts.oddities.insert(.oddTransferEncoding) }
        facts.transferEncoding = index == coding.upperBound && !coding.isEmpty ? .notChunkedFinal : .invalid
        if facts.transferEncoding == .invalid { facts.oddities.insert(.oddTransferEncoding) }
      }
    }
  }
}

/// The elements of a comma-separated list (RFC 9110 §5.6.1), empty ones passed over. Quotation is not looked at: no list
/// that matters here has any.
struct ListElements {
  private var start: Int
  private let end: Int
  private let separator: UInt8

  @inline(__always) init(_ value: Range<Int>, orSemicolons: Bool = false) {
    start = value.lowerBound
    end = value.upperBound
    separator = orSemicolons ? Octet.semicolon : Octet.comma
  }

  @inline(__always) mutating func next(in octets: Span<UInt8>) -> Range<Int>? {
    while start < end {
      let first = start
      while start < end, octets[start] != Octet.comma, octets[start] != separator { start &+= 1 }
      let element = octets.trimmed(first..<start)
      start &+= 1
      if !element.isEmpty { return element }
    }
    return nil
  }
}

extension UInt8 {
  /// Begins a continuation line (RFC 9112 §5.2).
  @inline(__always) fileprivate var isFold: Bool { self == Octet.space || self == Octet.horizontalTab }
}

extension Span<UInt8> {
  /// The offset of the first colon in `range`, or -1.
  @inline(__always) fileprivate func firstColon(in range: Range<Int>) -> Int {
    var index = range.lowerBound
    while index < range.upperBound {
      let rest = extracting(index...)
      guard rest.count >= 8 else { break }
      let found = Lanes.zeros(rest.word(at: 0) ^ Lanes.repeating(Octet.colon))
      if found != 0 {
        index &+= found.trailingZeroBitCount &>> 3
        return index < range.upperBound ? index : -1
      }
      index &+= 8
    }
    while index < range.upperBound {
      if self[index] == Octet.colon { return index }
      index &+= 1
    }
    return -1
  }

  /// What stands between a parameter's name and its number: an equals sign, and at most white space and a quote.
  fileprivate func isAssignment(_ range: Range<Int>) -> Bool {
    var equals = 0
    for index in range {
      if self[index] == 0x3D { equals &+= 1 } else if !self[index].isFieldSpace, self[index] != 0x22 { return false }
    }
    return equals == 1
  }

  /// The digits from `start` on as a number, the largest there is when it is larger; nil without a digit.
  fileprivate func clampedNumber(at start: Int, end: Int) -> Int32? {
    guard start < end, self[start].isDigit else { return nil }
    var value: Int64 = 0
    var index = start
    while index < end, self[index].isDigit {
      value = Swift.min(value &* 10 &+ Int64(self[index] &- Octet.zero), Int64(Int32.max))
      index &+= 1
    }
    return Int32(clamping: value)
  }

  /// 1*DIGIT of at most 63 bits.
  @inline(__always) fileprivate func contentLength(in range: Range<Int>) -> Int64? {
    guard !range.isEmpty else { return nil }
    var value: Int64 = 0
    for index in range {
      let digit = self[index] &- Octet.zero
      guard digit < 10, value <= (Int64.max &- Int64(digit)) / 10 else { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    return value
  }
}
