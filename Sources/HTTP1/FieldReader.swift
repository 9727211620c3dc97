/// Goes through the field lines of a head once (RFC 9112 §5) and keeps what the fields that matter say.
struct FieldReader {
  var facts = HeadFields()
  var host: OctetRange?

  private var lines = 0
  private var endSeen = false
  private var transferEncodingSeen = false
  private var contentLengthSeen = false

  @inline(__always) init() {}

  /// Reads the lines from `first` on, whose LFs `scan` gives. A line that begins with a blank continues the one before it;
  /// the one after the start line has nothing to continue, and its name begins with a blank: it matches no field.
  ///
  /// With `stopping`, to the empty line that ends the head: what follows it is no part of the head. Then this returns the
  /// place after it, and -1 when there is none.
  @inline(__always) @discardableResult
  mutating func readLines(_ octets: Span<UInt8>, from first: Int, _ scan: inout LineScan, stopping: Bool) -> Int {
    var start = first
    guard start > 0, start < octets.count else { return -1 }
    if octets[start].isFold { facts.oddities.insert(.obsFold) }
    while true {
      let end = scan.next(in: octets)
      guard end >= 0 else { return -1 }
      if stopping, end &- start <= 1 {
        if end == start {
          facts.oddities.insert(.bareLF)
          endSeen = true
          return end &+ 1
        }
        if octets[start] == Octet.carriageReturn {
          endSeen = true
          return end &+ 1
        }
      }
      if end &+ 1 < octets.count, octets[end &+ 1].isFold {
        facts.oddities.insert(.obsFold)
        continue
      }
      readLine(octets, start, end)
      start = end &+ 1
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

    // Field names that matter have at most 17 octets, and most names fewer than 16.
    let rest = octets.extracting(start...)
    if rest.count >= 16 {
      let first = rest.word(at: 0)
      var colons = Lanes.zeros(first ^ Lanes.repeating(Octet.colon))
      if colons != 0 {
        let length = colons.trailingZeroBitCount &>> 3
        if length > 0, start &+ length < end, rest[0] > Octet.space, octets[start &+ length &- 1] > Octet.space {
          if (1 &<< UInt64(truncatingIfNeeded: length)) & 0b1101_0000 != 0 {
            readShortField(octets, name: first, length: length, value: start &+ length &+ 1, end: end)
          }
          return
        }
      } else {
        let second = rest.word(at: 8)
        colons = Lanes.zeros(second ^ Lanes.repeating(Octet.colon))
        let length = 8 &+ colons.trailingZeroBitCount &>> 3
        if colons != 0, start &+ length < end, rest[0] > Octet.space, octets[start &+ length &- 1] > Octet.space {
          if length == 10 || length == 14 {
            readLongField(octets, name: first, second, length: length, value: start &+ length &+ 1, end: end)
          }
          return
        }
      }
    }
    readOtherLine(octets, start, end)
  }

  /// A line whose colon comes late, is missing, or stands beside white space.
  @inline(never) private mutating func readOtherLine(_ octets: Span<UInt8>, _ start: Int, _ end: Int) {
    let colon = octets.firstColon(in: start..<end)
    guard colon >= 0 else {
      facts.oddities.insert(.noColon)
      return
    }
    readOddField(octets, name: start..<colon, value: colon &+ 1..<end)
  }

  @inline(__always)
  private mutating func readShortField(_ octets: Span<UInt8>, name: UInt64, length: Int, value: Int, end: Int) {
    let unused = UInt64(truncatingIfNeeded: 64 &- length &* 8)
    switch Lanes.lowercased((name &<< unused) &>> unused) {
    case word("h", "o", "s", "t"): readHost(octets, value..<end)
    case word("e", "x", "p", "e", "c", "t"): readExpect(octets, value..<end)
    case word("u", "p", "g", "r", "a", "d", "e"): readUpgrade(octets, value..<end)
    default: break
    }
  }

  @inline(__always)
  private mutating func readLongField(
    _ octets: Span<UInt8>, name first: UInt64, _ second: UInt64, length: Int, value: Int, end: Int
  ) {
    let first = Lanes.lowercased(first)
    let unused = UInt64(truncatingIfNeeded: 128 &- length &* 8)
    let second = Lanes.lowercased((second &<< unused) &>> unused)
    if length == 14 {
      if first == word("c", "o", "n", "t", "e", "n", "t", "-"), second == word("l", "e", "n", "g", "t", "h") {
        readContentLength(octets, value..<end)
      }
    } else if first == word("c", "o", "n", "n", "e", "c", "t", "i") {
      if second == word("o", "n") { readConnection(octets, value..<end) }
    } else if first == word("k", "e", "e", "p", "-", "a", "l", "i"), second == word("v", "e") {
      readKeepAlive(octets, value..<end)
    }
  }

  /// White space around a name is wrong: RFC 9112 §5.1 has servers refuse it and proxies remove it. Recipients commonly
  /// read such a field, so an observer must.
  private mutating func readOddField(_ octets: Span<UInt8>, name: Range<Int>, value: Range<Int>) {
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

  private mutating func readField(_ octets: Span<UInt8>, name: Range<Int>, value: Range<Int>) {
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

  @inline(__always) private mutating func readConnection(_ octets: Span<UInt8>, _ value: Range<Int>) {
    let first = octets.extracting(value.lowerBound...)
    if value.count == 11, first.count >= 11, first[0] == Octet.space,
      Lanes.lowercased(first.word(at: 1)) == word("k", "e", "e", "p", "-", "a", "l", "i"),
      first[9] | 0x20 == 0x76, first[10] | 0x20 == 0x65
    {
      facts.connectionKeepAlive = true
    } else {
      readConnectionList(octets, value)
    }
  }

  @inline(never) private mutating func readConnectionList(_ octets: Span<UInt8>, _ value: Range<Int>) {
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

  /// The common form is one SP, "timeout=" and a number, perhaps ", max=" and a number.
  @inline(never) private mutating func readKeepAlive(_ octets: Span<UInt8>, _ value: Range<Int>) {
    let text = octets.extracting(value)
    guard text.count >= 10, facts.keepAliveTimeout == nil, facts.keepAliveMax == nil, text[0] == Octet.space,
      Lanes.lowercased(text.word(at: 1)) == word("t", "i", "m", "e", "o", "u", "t", "="),
      let timeout = text.number(at: 9, digits: 1...9)
    else { return readKeepAliveList(octets, value) }
    if timeout.end < text.count {
      let rest = text.extracting(timeout.end...)
      guard rest.count >= 8,
        Lanes.lowercased(rest.word(at: 0)) &<< 16 == word("\0", "\0", ",", " ", "m", "a", "x", "="),
        let max = rest.number(at: 6, digits: 1...9)
      else { return readKeepAliveList(octets, value) }
      facts.keepAliveMax = Int32(truncatingIfNeeded: max.value)
    }
    facts.keepAliveTimeout = Int32(truncatingIfNeeded: timeout.value)
  }

  /// Some senders put semicolons between, quote the numbers, or send a number alone, which is the
  /// timeout.
  private mutating func readKeepAliveList(_ octets: Span<UInt8>, _ value: Range<Int>) {
    let end = value.upperBound
    var index = value.lowerBound
    while index < end {
      let name = index
      while index < end, octets[index].isTokenOctet { index &+= 1 }
      let nameEnd = index
      var isAssigned = false
      while index < end, octets[index].isFieldSpace || octets[index] == 0x22 || (octets[index] == 0x3D && !isAssigned) {
        if octets[index] == 0x3D { isAssigned = true }
        index &+= 1
      }
      let number = isAssigned ? index : name
      if isAssigned { while index < end, octets[index].isTokenOctet { index &+= 1 } }
      if nameEnd > name, let number = octets.clampedNumber(at: number, end: isAssigned ? index : nameEnd) {
        switch octets.lowercasedWord(at: name, length: min(8, nameEnd &- name)) {
        case word("t", "i", "m", "e", "o", "u", "t"):
          facts.keepAliveTimeout = facts.keepAliveTimeout ?? number
        case word("m", "a", "x"):
          facts.keepAliveMax = facts.keepAliveMax ?? number
        default:
          if !isAssigned { facts.keepAliveTimeout = facts.keepAliveTimeout ?? number }
        }
      }
      if index == name { index &+= 1 }
    }
  }

  /// Rule 5 of RFC 9112 §6.3: a list of equal numbers is that number. Nothing but digits is a number, an empty element
  /// included.
  @inline(__always) private mutating func readContentLength(_ octets: Span<UInt8>, _ value: Range<Int>) {
    if !contentLengthSeen, value.count >= 2, value.count <= 18, octets[value.lowerBound] == Octet.space {
      var length: Int64 = 0
      var index = value.lowerBound &+ 1
      while index < value.upperBound {
        let digit = octets[index] &- Octet.zero
        guard digit < 10 else { break }
        length = length &* 10 &+ Int64(digit)
        index &+= 1
      }
      if index == value.upperBound {
        facts.contentLength = length
        contentLengthSeen = true
        return
      }
    }
    readContentLengths(octets, value)
  }

  @inline(never) private mutating func readContentLengths(_ octets: Span<UInt8>, _ value: Range<Int>) {
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

  @inline(__always) init(_ value: Range<Int>) {
    start = value.lowerBound
    end = value.upperBound
  }

  @inline(__always) mutating func next(in octets: Span<UInt8>) -> Range<Int>? {
    while start < end {
      let first = start
      while start < end, octets[start] != Octet.comma { start &+= 1 }
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
