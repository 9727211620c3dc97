import HTTP1

/// A slow parser of whole streams, written for clarity alone and sharing nothing with the one it checks but the types of
/// its result.
package struct Oracle {
  package struct Head {
    package var method = ""
    package var target = ""
    package var status = 0
    package var version = (0, 0)
    package var isSimple = false
    /// Lower-case names and unfolded values, in order.
    package var fields: [(name: String, value: String)] = []

    package func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// The elements of a list that may be repeated.
    package func list(_ name: String) -> [String] {
      values(name).flatMap { $0.split(separator: ",") }.map { trim(String($0)).lowercased() }.filter { !$0.isEmpty }
    }
  }

  package static let blanks: Set<Character> = [" ", "\t", "\u{b}", "\u{c}", "\r"]

  /// One character for each octet.
  package static func text(_ octets: some Sequence<UInt8>) -> String {
    // Characters would join CR and LF: a placeholder keeps LF apart until lines have been split.
    String(String.UnicodeScalarView(octets.map { Unicode.Scalar($0) }))
  }

  package static func trim(_ text: String) -> String {
    var characters = Array(text)
    let space: Set<Character> = blanks.union(["\n", "\r\n"])
    while let last = characters.last, space.contains(last) { characters.removeLast() }
    while let first = characters.first, space.contains(first) { characters.removeFirst() }
    return String(characters)
  }

  package static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar)
        }
      }
  }

  package static func number(_ text: some StringProtocol) -> Int? {
    !text.isEmpty && text.allSatisfy { "0"..."9" ~= $0 } ? Int(text) : nil
  }

  /// "HTTP/1.1" as two numbers.
  package static func version(_ word: String) -> (Int, Int)? {
    guard word.hasPrefix("HTTP/") else { return nil }
    let parts = word.dropFirst(5).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.count <= 3 }), let major = number(parts[0]),
      let minor = number(parts[1])
    else { return nil }
    return (min(major, 255), min(minor, 255))
  }

  package static func requestLine(_ line: String) -> Head? {
    var line = line
    while let last = line.last, blanks.contains(last) { line.removeLast() }
    guard let gap = line.firstIndex(where: blanks.contains), line[gap] != "\r" else { return nil }
    var head = Head()
    head.method = String(line[..<gap])
    guard isToken(head.method), head.method.count <= 64 else { return nil }
    let rest = line[gap...].drop(while: blanks.contains)
    if let lastGap = rest.lastIndex(where: blanks.contains), rest[lastGap...].dropFirst().hasPrefix("HTTP/") {
      head.target = trim(String(rest[..<lastGap]))
      head.version = version(String(rest[lastGap...].dropFirst())) ?? (1, 0)
      return head.method == "PRI" && head.version.0 == 2 ? nil : head
    }
    guard head.method == "GET", !rest.contains(where: blanks.contains),
      rest.hasPrefix("/") || rest.lowercased().hasPrefix("http://")
    else { return nil }
    head.target = String(rest)
    head.version = (0, 9)
    head.isSimple = true
    return head
  }

  package static func statusLine(_ line: String) -> Head? {
    guard let gap = line.firstIndex(where: blanks.contains), let version = version(String(line[..<gap])) else {
      return nil
    }
    let digits = line[gap...].drop(while: blanks.contains).prefix { "0"..."9" ~= $0 }
    guard digits.count <= 4, let status = number(digits) else { return nil }
    var head = Head()
    head.version = version
    head.status = status
    return head
  }

  /// `octets` is a whole head, or the beginning of one.
  package static func head(_ octets: [UInt8], _ direction: MessageParser.Direction) -> Head? {
    var lines = octets.split(separator: 10, omittingEmptySubsequences: false)
    guard lines.count >= 2 else { return nil }
    lines.removeLast()
    let first = text(lines.removeFirst())
    guard var head = direction == .request ? requestLine(first) : statusLine(first) else { return nil }
    if head.isSimple { return head }
    var unfolded: [(first: ArraySlice<UInt8>, rest: [UInt8])] = []
    for (index, line) in lines.enumerated() {
      if index > 0, line.first == 32 || line.first == 9 {
        unfolded[unfolded.count - 1].rest += [10] + line
      } else {
        unfolded.append((line, []))
      }
    }
    for line in unfolded {
      guard let colon = line.first.firstIndex(of: 58) else { continue }
      var name = text(line.first[..<colon])
      while name.first == "\r" { name.removeFirst() }
      while let last = name.last, blanks.contains(last) { name.removeLast() }
      head.fields.append((name.lowercased(), trim(text(Array(line.first[(colon + 1)...]) + line.rest))))
    }
    return head
  }

  /// RFC 9112 §6.3.
  package static func framing(_ head: Head, _ direction: MessageParser.Direction, answering method: RequestMethodKind)
    -> BodyFraming
  {
    if head.isSimple { return .none }
    if direction == .response {
      if head.status == 101 { return .upgrade }
      if method == .connect, 200..<300 ~= head.status { return .tunnel }
      if method == .head || 100..<200 ~= head.status || [204, 304].contains(head.status) { return .none }
    }
    let codings = head.list("transfer-encoding").map { trim(String($0.prefix { $0 != ";" })) }
      .filter { $0 != "identity" }
    if let last = codings.last {
      if last == "chunked" { return .chunked }
      return direction == .request ? .invalid : .untilClose
    }
    let lengths = head.values("content-length").flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
      .map { number(trim(String($0))) }
    if !lengths.isEmpty {
      guard let first = lengths[0], lengths.allSatisfy({ $0 == first }) else { return .invalid }
      return .contentLength(Int64(first))
    }
    return direction == .request ? .none : .untilClose
  }

  /// What the parser must say of `stream` when it ends.
  package static func transcript(
    _ direction: MessageParser.Direction, _ stream: [UInt8], methods: [RequestMethodKind]
  ) -> Transcript {
    var transcript = Transcript()
    var methods = methods[...]
    var at = 0
    func fail(_ malformation: Malformation) -> Transcript {
      transcript.append(.malformed(malformation))
      transcript.append(.close(.lost))
      return transcript
    }
    func close(_ outcome: EndOutcome) -> Transcript {
      transcript.append(.close(outcome))
      return transcript
    }
    func body(_ octets: Int) {
      if octets > 0 { transcript.append(.body(octets)) }
    }
    /// The octets before the next LF, and the place after it.
    func line(_ from: Int) -> (octets: [UInt8], next: Int)? {
      stream[from...].firstIndex(of: 10).map { (Array(stream[from..<$0]), $0 + 1) }
    }

    while true {
      while at < stream.count, stream[at] == 13 || stream[at] == 10 { at += 1 }
      if at == stream.count { return close(.betweenMessages) }
      transcript.append(.began(at))
      guard let first = line(at) else {
        return couldBegin(direction, Array(stream[at...])) ? close(.incompleteHead) : fail(.startLine)
      }
      guard let start = head(Array(stream[at..<first.next]), direction) else { return fail(.startLine) }
      var end = first.next
      if !start.isSimple {
        while true {
          guard let next = line(end) else { return close(.incompleteHead) }
          end = next.next
          if next.octets == [] || next.octets == [13] { break }
        }
      }
      let octets = Array(stream[at..<end])
      guard let head = head(octets, direction) else { return fail(.startLine) }
      transcript.append(.head(octets))
      at = end
      let interim = direction == .response && 100..<200 ~= head.status && head.status != 101
      let method = methods.first ?? .get
      if !interim { methods = methods.dropFirst() }

      switch framing(head, direction, answering: method) {
      case .none:
        break
      case .contentLength(let length):
        let available = min(Int(length), stream.count - at)
        body(available)
        at += available
        if available < length { return close(.incompleteBody) }
      case .untilClose:
        body(stream.count - at)
        return close(.messageEnded)
      case .tunnel, .upgrade:
        transcript.append(.end(at))
        return close(.betweenMessages)
      case .invalid:
        return fail(.bodyFraming)
      case .chunked:
        chunks: while true {
          guard let size = chunkSize(stream, &at) else { return fail(.chunkSize) }
          guard let size = size else { return close(.incompleteBody) }
          if size == 0 { break chunks }
          let available = min(size, stream.count - at)
          body(available)
          at += available
          if available < size { return close(.incompleteBody) }
          if at == stream.count { return close(.incompleteBody) }
          if stream[at] == 13 { at += 1 }
          if at == stream.count { return close(.incompleteBody) }
          if stream[at] != 10 { return fail(.chunkTerminator) }
          at += 1
        }
        while true {
          guard let trailer = line(at) else { return close(.messageEnded) }
          at = trailer.next
          if trailer.octets == [] || trailer.octets == [13] { break }
        }
      }
      transcript.append(.end(at))
    }
  }

  /// Nil: malformed; a nil inside: the stream ends in the line.
  private static func chunkSize(_ stream: [UInt8], _ at: inout Int) -> Int?? {
    let end = stream[at...].firstIndex(of: 10)
    var line = stream[at..<(end ?? stream.count)]
    at = (end ?? stream.count) + 1
    let whole = end != nil
    let digits = line.prefix { text([$0]).first?.isHexDigit == true && $0 < 128 }
    guard !digits.isEmpty || (line.isEmpty && !whole) else { return nil }
    var significant = text(digits)[...]
    while significant.count > 1, significant.first == "0" { significant.removeFirst() }
    guard digits.isEmpty || Int(significant, radix: 16) != nil else { return nil }
    line = line.dropFirst(digits.count)
    while let next = line.first, next == 32 || next == 9 { line.removeFirst() }
    if line.first == 13, line.count == 1 {
      line.removeFirst()
    }
    guard line.isEmpty || line.first == 59 else { return nil }
    return .some(whole ? Int(significant, radix: 16) : nil)
  }

  private static func couldBegin(_ direction: MessageParser.Direction, _ octets: [UInt8]) -> Bool {
    let line = text(octets)
    if direction == .response {
      let start = "HTTP/"
      if line.count <= start.count { return start.hasPrefix(line) }
      let after = line[line.index(line.startIndex, offsetBy: 5)]
      return line.hasPrefix(start) && "0"..."9" ~= after
    }
    let method = line.prefix { isToken(String($0)) }
    if method.count == line.count { return method.count <= 64 }
    let next = line[method.endIndex]
    return !method.isEmpty && method.count <= 64 && blanks.contains(next) && next != "\r"
  }
}
