/// Where the octets of a complete head are.
public enum HeadLocation: Hashable, Sendable {
  /// In the span given to this call of `next`.
  case inInput(Range<Int>)
  /// In `MessageParser.buffer`, until `beginBody` is called.
  case buffered
}

/// What a gap did to the parser.
public enum GapOutcome: Hashable, Sendable {
  /// The gap lies inside content. Where the message ends is still known.
  case absorbed
  /// A head, the framing of chunks, or the border of two messages is missing: the parser has lost its place.
  case lost
}

/// What the end of the stream found.
public enum EndOutcome: Hashable, Sendable {
  case betweenMessages
  /// The end completes the message: its body is delimited by the close, or only the line after the last chunk is
  /// missing (RFC 9112 §8).
  case messageEnded
  /// The end shows that what could have become a status line was the body of an answer without a head.
  case simpleBodyEnded
  /// `buffer` holds what there is of the head.
  case incompleteHead
  case incompleteBody
  /// The parser had lost its place.
  case lost
}

/// Splits one direction of a connection into messages (RFC 9112 §2): octets in, events out. It knows no socket, no clock
/// and no other direction.
///
/// After `headComplete` the caller reads the head, decides the framing (RFC 9112 §6.3, which for a response needs its
/// request) and calls `beginBody`; then it goes on with `next` until `needMore`. `messageEnd` takes no octets, so that
/// `next` must also be called when all input is used up, until it says `needMore`.
///
/// A head that lies in one input is not copied. Every octet is searched once, however the stream is cut.
public struct MessageParser: Sendable {
  public enum Direction: UInt8, Sendable {
    case request, response
  }

  public enum Event: Hashable, Sendable {
    /// All input is consumed.
    case needMore
    /// The first octet of a message stands at `position`. Blank lines before it are passed over (RFC 9112 §2.2).
    case messageBegan
    case headComplete(HeadLocation)
    /// The message is a body without a head, up to the close: the answer to a simple request (RFC 1945 §6).
    case simpleBodyBegan
    /// So many octets of content. Those of the chunked coding itself are not counted.
    case body(Int)
    case messageEnd
    /// The octets are no HTTP/1 message. Said once; the parser is lost until `restart()`, and consumes all input.
    case malformed(Malformation)
  }

  @usableFromInline enum State: UInt8, Sendable {
    case betweenMessages
    case startLine
    case fields
    /// The head is complete, `beginBody` not called yet.
    case headRead
    /// A body without a head has begun; `buffer` holds the first of its octets.
    case headless
    case framingInvalid
    case content
    case untilClose
    case chunkSizeStart
    case chunkSize
    case chunkSizeBlank
    case chunkExtension
    case chunkSizeCR
    case chunkContent
    case chunkEnd
    case chunkEndCR
    case trailerStart
    case trailerStartCR
    case trailerLine
    /// Before a tunnel or another protocol: the message that led to it ends here.
    case beforeOpaque
    case opaque
    case lost
  }

  /// The octets of a head that spans inputs; empty otherwise. After `malformed(.headTooLarge)` it holds the first octets
  /// of that head until the next call.
  public private(set) var buffer: [UInt8] = []
  /// Octets of content still to come: of the body, or of the chunk. While a chunk size is read, its value so far.
  private var remaining: Int64 = 0
  /// Octets of the current chunk's size line, or of the trailer section.
  private var framingOctets: Int32 = 0
  /// What was odd about the current message, or the one that has just ended, outside its head.
  public private(set) var oddities: HeadOddities = []
  @usableFromInline private(set) var state = State.betweenMessages
  @usableFromInline private(set) var blankLinesSeen = false
  /// The message now due, or its start line, may be a body without a head.
  @usableFromInline private(set) var simpleBodyAllowed = false
  private let direction: Direction

  public init(_ direction: Direction) {
    self.direction = direction
  }

  /// Consumes from `input` beginning at `position`, which is advanced, and returns the next event.
  public mutating func next(_ input: Span<UInt8>, position: inout Int, limits: HTTPLimits) -> Event {
    guard position >= 0, position <= input.count else { return .needMore }
    while true {
      switch state {
      case .betweenMessages:
        if simpleBodyAllowed {
          guard position < input.count else { return .needMore }
          return beginMessage(.startLine)
        }
        guard skipBlankLines(input, &position) else { return .needMore }
        return beginMessage(.startLine)

      case .startLine:
        return readStartLine(input, &position, limits)

      case .fields:
        return readFields(input, &position, limits)

      case .headless:
        if !buffer.isEmpty {
          let held = buffer.count
          buffer = []
          return .body(held)
        }
        state = .untilClose

      case .headRead:  // the caller has forgotten the body; without a framing there is none
        beginBody(.none)

      case .framingInvalid:
        return fail(.bodyFraming)

      case .content:
        if remaining == 0 { return endMessage() }
        guard position < input.count else { return .needMore }
        return .body(takeContent(input, &position))

      case .untilClose:
        guard position < input.count else { return .needMore }
        let octets = input.count &- position
        position = input.count
        return .body(octets)

      case .chunkContent:
        if remaining == 0 {
          state = .chunkEnd
          continue
        }
        guard position < input.count else { return .needMore }
        return .body(takeContent(input, &position))

      case .chunkSizeStart, .chunkSize, .chunkSizeBlank, .chunkExtension, .chunkSizeCR, .chunkEnd, .chunkEndCR,
        .trailerStart, .trailerStartCR, .trailerLine:
        if let event = readChunkFraming(input, &position, limits) { return event }

      case .beforeOpaque:
        state = .opaque
        return .messageEnd

      case .opaque:
        position = input.count
        return .needMore

      case .lost:
        buffer = []
        position = input.count
        return .needMore
      }
    }
  }

  /// Says how the body after the head just read is framed.
  ///
  /// Where no body is due, `.tunnel` or `.upgrade` says that HTTP ends here; a head that has begun is dropped.
  public mutating func beginBody(_ framing: BodyFraming) {
    switch state {
    case .headRead:
      buffer = []
      switch framing {
      case .none:
        remaining = 0
        state = .content
      case .contentLength(let length):
        remaining = max(0, length)
        state = .content
      case .chunked:
        beginChunk()
      case .untilClose:
        state = .untilClose
      case .tunnel, .upgrade:
        state = .beforeOpaque
      case .invalid:
        state = .framingInvalid
      }
    case .betweenMessages, .startLine, .fields:
      if framing == .tunnel || framing == .upgrade {
        buffer = []
        state = .opaque
      }
    default:
      break
    }
  }

  /// Where the parser is, as far as the usual segments ask.
  public enum Place: UInt8, Sendable {
    case betweenMessages
    /// In content of known length.
    case content
    case lost
    case elsewhere
  }

  /// The usual case in one step: between two messages, a whole head came (``wholeResponseHead(_:limits:)``), its body is
  /// framed so, and `available` octets follow it in the same input. Returns how many of those are content of known length,
  /// whether they complete the message, and where the parser is then; for the rest, and other framings, go on with `next`.
  @inline(__always)
  public mutating func takeHead(
    _ framing: BodyFraming, available: Int
  ) -> (content: Int, isComplete: Bool, place: Place) {
    guard state == .betweenMessages else { return (0, false, .elsewhere) }
    oddities = blankLinesSeen ? .leadingBlankLines : []
    blankLinesSeen = false
    switch framing {
    case .none:
      return (0, true, .betweenMessages)
    case .contentLength(let length):
      remaining = max(0, length)
      state = .content
      return takeContent(available)
    case .chunked, .untilClose, .tunnel, .upgrade, .invalid:
      state = .headRead
      beginBody(framing)
      return (0, false, .elsewhere)
    }
  }

  /// Takes up to `available` octets of content of known length: how many, whether the message is complete with them, and
  /// where the parser is then.
  @inline(__always)
  public mutating func takeContent(_ available: Int) -> (content: Int, isComplete: Bool, place: Place) {
    switch state {
    case .content:
      let content = Int(min(remaining, Int64(available)))
      remaining &-= Int64(content)
      guard remaining == 0 else { return (content, false, .content) }
      state = .betweenMessages
      return (content, true, .betweenMessages)
    case .betweenMessages: return (0, false, .betweenMessages)
    case .lost: return (0, false, .lost)
    default: return (0, false, .elsewhere)
    }
  }

  /// Says whether the message now due answers a simple request (RFC 1945 §6). If so, and it does not begin with a status
  /// line at once, it is a body without a head, up to the close: servers do answer with a head, an error above all. Asked
  /// between messages, before octets are given; of a message that has begun nothing changes.
  public mutating func allowSimpleBody(_ isAllowed: Bool) {
    if state == .betweenMessages { simpleBodyAllowed = isAllowed }
  }

  /// Passes over octets that are missing from the capture.
  ///
  /// A gap up to the very end of a body is absorbed: the next call of `next` gives `messageEnd` before it looks at input.
  public mutating func skipGap(_ octets: Int) -> GapOutcome {
    guard octets > 0 else { return state == .lost ? .lost : .absorbed }
    switch state {
    case .content, .chunkContent:
      if Int64(octets) <= remaining {
        remaining &-= Int64(octets)
        return .absorbed
      }
    case .untilClose, .opaque:
      return .absorbed
    default:
      break
    }
    lose()
    return .lost
  }

  /// The stream ends here, in order.
  public mutating func endOfStream() -> EndOutcome {
    switch state {
    case .betweenMessages, .opaque:
      return .betweenMessages
    case .startLine where simpleBodyAllowed:
      return .simpleBodyEnded
    case .startLine, .fields:
      return .incompleteHead
    case .content:
      return remaining == 0 ? .messageEnded : .incompleteBody
    case .untilClose, .headless, .beforeOpaque:
      return .messageEnded
    case .trailerStart, .trailerStartCR, .trailerLine:
      oddities.insert(.missingFinalLine)
      return .messageEnded
    case .headRead, .framingInvalid, .chunkSizeStart, .chunkSize, .chunkSizeBlank, .chunkExtension, .chunkSizeCR,
      .chunkContent, .chunkEnd, .chunkEndCR:
      return .incompleteBody
    case .lost:
      return .lost
    }
  }

  /// Gives up this place in the stream: all input is passed over until `restart()`.
  public mutating func lose() {
    buffer = []
    remaining = 0
    state = .lost
  }

  /// Begins anew where a message is known to begin.
  public mutating func restart() {
    lose()
    state = .betweenMessages
    blankLinesSeen = false
    simpleBodyAllowed = false
    oddities = []
  }
}

// Where the parser is.
extension MessageParser {
  /// Nothing is known but that a message may begin.
  @inlinable public var isAtRest: Bool {
    @inline(__always) get { state == .betweenMessages && !blankLinesSeen && !simpleBodyAllowed && buffer.isEmpty }
  }
  public var isBetweenMessages: Bool { state == .betweenMessages }
  public var isLost: Bool { state == .lost }
  /// A message has begun and its head is not complete.
  @inlinable public var inHead: Bool {
    @inline(__always) get { state == .startLine || state == .fields }
  }
  /// Another protocol has taken over: no events come any more.
  public var isOpaque: Bool { state == .opaque || state == .beforeOpaque }
  /// The head is complete and the message is not.
  public var inBody: Bool {
    switch state {
    case .betweenMessages, .startLine, .fields, .beforeOpaque, .opaque, .lost: false
    default: true
    }
  }
  /// Octets of content certain to come next, so that nobody need look at them; 0 where there are none.
  public var contentDue: Int64 {
    switch state {
    case .content, .chunkContent: remaining
    case .untilClose: .max / 2
    default: 0
    }
  }
  /// Octets of a body of known length still to come; nil in other places.
  public var contentRemaining: Int64? { state == .content ? remaining : nil }
}

// Heads.
extension MessageParser {
  /// False when there is nothing else.
  @inline(__always) private mutating func skipBlankLines(_ input: Span<UInt8>, _ position: inout Int) -> Bool {
    var index = position
    while index < input.count, input[index].isLineEnd { index &+= 1 }
    if index > position { blankLinesSeen = true }
    position = index
    return index < input.count
  }

  @inline(__always) private mutating func beginMessage(_ next: State) -> Event {
    oddities = blankLinesSeen ? .leadingBlankLines : []
    blankLinesSeen = false
    state = next
    return .messageBegan
  }

  private mutating func readStartLine(_ input: Span<UInt8>, _ position: inout Int, _ limits: HTTPLimits) -> Event {
    guard buffer.isEmpty else { return continueStartLine(input, &position, limits) }
    let start = position
    let (lineFeed, end) = input.scanHead(from: start)
    guard lineFeed >= 0 else { return holdStartLine(input, &position, limits) }
    guard lineFeed &- start < limits.startLineOctets else { return refuseStartLine(.startLineTooLong) }
    switch kindOfStartLine(input.extracting(start...lineFeed)) {
    case .none:
      return refuseStartLine(.startLine)
    case .simple:
      return headComplete(input, &position, end: lineFeed &+ 1, limits)
    case .full:
      if end >= 0 { return headComplete(input, &position, end: end, limits) }
      state = .fields
      return holdRest(input, &position, limits)
    }
  }

  /// The start line does not end in this input. Noise must not be held until a line end happens to come: what cannot
  /// become a start line is refused by its first octets.
  @inline(never)
  private mutating func holdStartLine(_ input: Span<UInt8>, _ position: inout Int, _ limits: HTTPLimits) -> Event {
    let held = buffer.count
    let rest = input.extracting(position...)
    guard held &+ rest.count <= limits.startLineOctets else { return refuseStartLine(.startLineTooLong) }
    guard held > 0 || lineCanBegin(with: rest) else { return refuseStartLine(.startLine) }
    hold(input, position..<input.count)
    position = input.count
    guard held == 0 || held > RequestLine.longestMethod || lineCanBegin(with: buffer.span) else {
      return refuseStartLine(.startLine)
    }
    return .needMore
  }

  @inline(never)
  private mutating func continueStartLine(
    _ input: Span<UInt8>, _ position: inout Int, _ limits: HTTPLimits
  ) -> Event {
    let lineFeed = input.firstOffset(of: Octet.lineFeed, from: position)
    guard lineFeed >= 0 else { return holdStartLine(input, &position, limits) }
    guard buffer.count &+ (lineFeed &- position) < limits.startLineOctets else {
      return refuseStartLine(.startLineTooLong)
    }
    hold(input, position..<lineFeed &+ 1)
    position = lineFeed &+ 1
    switch kindOfStartLine(buffer.span) {
    case .none:
      return refuseStartLine(.startLine)
    case .simple:
      state = .headRead
      return .headComplete(.buffered)
    case .full:
      state = .fields
      return readFields(input, &position, limits)
    }
  }

  private mutating func readFields(_ input: Span<UInt8>, _ position: inout Int, _ limits: HTTPLimits) -> Event {
    let end = input.extracting(position...).endOfHead(continuing: buffer)
    guard end >= 0 else { return holdRest(input, &position, limits) }
    guard buffer.count &+ end <= limits.headOctets else { return refuseLargeHead(input, position, limits) }
    hold(input, position..<position &+ end)
    position &+= end
    state = .headRead
    return .headComplete(.buffered)
  }

  @inline(__always)
  private mutating func headComplete(
    _ input: Span<UInt8>, _ position: inout Int, end: Int, _ limits: HTTPLimits
  ) -> Event {
    let start = position
    guard end &- start <= limits.headOctets else { return refuseLargeHead(input, start, limits) }
    position = end
    state = .headRead
    return .headComplete(.inInput(start..<end))
  }

  @inline(never)
  private mutating func holdRest(_ input: Span<UInt8>, _ position: inout Int, _ limits: HTTPLimits) -> Event {
    guard buffer.count &+ (input.count &- position) < limits.headOctets else {
      return refuseLargeHead(input, position, limits)
    }
    hold(input, position..<input.count)
    position = input.count
    return .needMore
  }

  /// Keeps what the limit allows, so that the caller can still read the start line and the first fields.
  @inline(never)
  private mutating func refuseLargeHead(_ input: Span<UInt8>, _ position: Int, _ limits: HTTPLimits) -> Event {
    hold(input, position..<min(input.count, position &+ max(0, limits.headOctets &- buffer.count)))
    state = .lost
    return .malformed(.headTooLarge)
  }

  /// These octets, from `buffer` on, begin with no start line.
  @inline(never)
  private mutating func refuseStartLine(_ why: Malformation) -> Event {
    guard simpleBodyAllowed else { return fail(why) }
    state = .headless
    return .simpleBodyBegan
  }

  private mutating func hold(_ input: Span<UInt8>, _ range: Range<Int>) {
    for index in range { buffer.append(input[index]) }
  }

  private func lineCanBegin(with octets: Span<UInt8>) -> Bool {
    direction == .request ? RequestLine.canBegin(with: octets) : StatusLine.canBegin(with: octets)
  }

  private enum StartLineKind {
    case none, simple, full
  }

  /// `line` ends with an LF.
  @inline(__always) private func kindOfStartLine(_ line: Span<UInt8>) -> StartLineKind {
    switch direction {
    case .request:
      guard let line = RequestLine(line, lineEnd: line.count &- 1) else { return .none }
      return line.isSimple ? .simple : .full
    case .response:
      return StatusLine(line, lineEnd: line.count &- 1) == nil ? .none : .full
    }
  }
}

// Bodies.
extension MessageParser {
  @inline(__always) private mutating func takeContent(_ input: Span<UInt8>, _ position: inout Int) -> Int {
    let octets = Int(min(remaining, Int64(input.count &- position)))
    remaining &-= Int64(octets)
    position &+= octets
    return octets
  }

  private mutating func endMessage() -> Event {
    state = .betweenMessages
    return .messageEnd
  }

  private mutating func beginChunk() {
    remaining = 0
    framingOctets = 0
    state = .chunkSizeStart
  }

  /// One octet of the chunked coding after another (RFC 9112 §7.1), until there is an event or the input is used up.
  ///
  /// The line end after a chunk's content is checked, not passed over: octets taken on trust here are where requests are
  /// smuggled (RFC 9112 §11.2). Nothing is held, so an endless extension costs nothing; it is refused all the same.
  private mutating func readChunkFraming(
    _ input: Span<UInt8>, _ position: inout Int, _ limits: HTTPLimits
  ) -> Event? {
    while position < input.count {
      let octet = input[position]
      if state != .chunkEnd && state != .chunkEndCR {
        framingOctets &+= 1
        if Int(framingOctets) > limits.headOctets { return fail(.trailersTooLarge) }
      }
      switch state {
      case .chunkSizeStart, .chunkSize:
        let digit = octet.hexadecimalValue
        if digit < 16 {
          guard remaining <= Int64.max &>> 4 else { return fail(.chunkSize) }
          remaining = remaining &<< 4 | Int64(digit)
          state = .chunkSize
        } else if state == .chunkSizeStart {
          return fail(.chunkSize)
        } else {
          guard endChunkSize(octet) else { return fail(.chunkSize) }
        }

      case .chunkSizeBlank:  // some senders pad the size to a fixed width
        guard endChunkSize(octet) else { return fail(.chunkSize) }

      case .chunkExtension:
        if octet == Octet.lineFeed { endChunkLine() }

      case .chunkSizeCR:
        guard octet == Octet.lineFeed else { return fail(.chunkSize) }
        endChunkLine()

      case .chunkEnd:
        if octet == Octet.lineFeed {
          oddities.insert(.bareLFInChunked)
          beginChunk()
        } else {
          guard octet == Octet.carriageReturn else { return fail(.chunkTerminator) }
          state = .chunkEndCR
        }

      case .chunkEndCR:
        guard octet == Octet.lineFeed else { return fail(.chunkTerminator) }
        beginChunk()

      case .trailerStart:
        if octet == Octet.lineFeed {
          oddities.insert(.bareLFInChunked)
          position &+= 1
          return endMessage()
        }
        if octet == Octet.carriageReturn {
          state = .trailerStartCR
        } else {
          oddities.insert(.trailers)
          state = .trailerLine
        }

      case .trailerStartCR:
        if octet == Octet.lineFeed {
          position &+= 1
          return endMessage()
        }
        oddities.insert(.trailers)
        state = .trailerLine

      case .trailerLine:
        if octet == Octet.lineFeed { state = .trailerStart }

      default:
        return nil  // content of a chunk comes next
      }
      position &+= 1
      if state == .chunkContent { return nil }
    }
    return .needMore
  }

  /// Takes the octet after the digits of a chunk size.
  private mutating func endChunkSize(_ octet: UInt8) -> Bool {
    switch octet {
    case Octet.carriageReturn:
      state = .chunkSizeCR
    case Octet.lineFeed:
      oddities.insert(.bareLFInChunked)
      endChunkLine()
    case Octet.space, Octet.horizontalTab:
      state = .chunkSizeBlank
    case Octet.semicolon:
      oddities.insert(.chunkExtensions)
      state = .chunkExtension
    default:
      return false
    }
    return true
  }

  /// After the LF of a chunk size line. The last chunk has no content.
  private mutating func endChunkLine() {
    framingOctets = 0
    state = remaining == 0 ? .trailerStart : .chunkContent
  }

  private mutating func fail(_ malformation: Malformation) -> Event {
    lose()
    return .malformed(malformation)
  }

}
