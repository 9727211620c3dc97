import HTTP1

/// A request or a response as far as it has come. Times are the packets'.
struct OpenMessage: Sendable {
  /// Its head has been read.
  var seen = false
  var complete = false
  var persists = false
  var framing = RowFraming.none
  var major: UInt8 = 1
  var minor: UInt8 = 1
  var headOctets: Int32 = 0
  var bodyOctets: Int64 = 0
  var start: Int64 = 0
  /// `.min`: not known.
  var end: Int64 = .min

  /// HTTP/0.9 (RFC 1945 §4.1).
  var isSimple: Bool { major == 0 && minor == 9 }

  mutating func end(at time: Int64) {
    complete = true
    end = time
  }

  /// METRICS.md §1: the message lets its connection persist.
  @inline(__always)
  mutating func take(
    major: UInt8, minor: UInt8, octets: Int, fields: HeadFields, _ framing: BodyFraming, at time: Int64
  ) {
    seen = true
    start = time
    self.major = major
    self.minor = minor
    headOctets = Int32(truncatingIfNeeded: octets)
    self.framing = RowFraming(framing)
    persists = HTTP1.persists(versionMajor: major, minor: minor, fields: fields)
  }
}

extension RowFraming {
  init(_ framing: BodyFraming) {
    switch framing {
    case .none: self = .none
    case .contentLength: self = .contentLength
    case .chunked: self = .chunked
    case .untilClose, .invalid: self = .close
    case .tunnel: self = .tunnel
    case .upgrade: self = .upgrade
    }
  }
}

extension RequestWords {
  /// Nothing: of an exchange without a request.
  init() { self.init([], methodEnd: 0, targetEnd: 0, hasHost: false) }

  /// Those of a head, kept for its row.
  init(_ text: Span<UInt8>, of head: RequestHead) {
    let size = head.method.count + head.target.count + (head.host?.count ?? 0)
    let octets = [UInt8](capacity: size) { output in
      for i in head.method.range { output.append(text[i]) }
      for i in head.target.range { output.append(text[i]) }
      if let host = head.host { for i in host.range { output.append(text[i]) } }
    }
    self.init(
      octets, methodEnd: Int32(head.method.count), targetEnd: Int32(head.method.count + head.target.count),
      hasHost: head.host != nil)
  }
}

/// An exchange that has begun and is not yet reported. There is nothing in it that needs memory of its own: to make one
/// and to drop it costs no more than its octets.
struct OpenExchange: Sendable {
  var next: Int32 = -1
  var index: Int32
  var use: ConnectionUse
  var pipelined = false
  /// Its response was where octets are missing.
  var responseLost = false
  var malformed = false
  var upgraded = false
  var tunnel = false
  /// It met the server's close on the wire (METRICS.md §6).
  var raced = false
  /// A seeded hash of what it asks for, 0 when that is not known.
  var fingerprint: UInt64 = 0
  /// It repeats an exchange that ended unanswered.
  var isRetry = false
  var methodKind = RequestMethodKind.other
  var status: UInt16 = 0
  var host: Int32 = -1
  var keepAliveTimeout: Int32 = -1
  var keepAliveMax: Int32 = -1

  var request = OpenMessage()
  var response = OpenMessage()
  var requestOffset: Int64 = 0
  var requestAcknowledges: Int64 = .min

  /// -1: there was none.
  var idleBefore: Int64 = -1
  /// Bound of the client queueing before it, -1 when there was none.
  var queueing: Int64 = -1
  var stall: Int64 = 0
  private var lastStall: (start: Int64, end: Int64) = (.min, .min)
  /// Octets of its content that the capture does not hold (METRICS.md §9).
  var missing: Int64 = 0

  /// Where it is remembered as one that ended unanswered, -1 when it is not.
  var placeRemembered: Int32 = -1

  /// 1xx responses came before its final one: ``Analyzer/interims`` has their status codes.
  var hasInterim = false

  init(index: Int32 = 0, use: ConnectionUse = .unknown) {
    self.index = index
    self.use = use
  }

  /// Some of its octets waited for a hole (METRICS.md §7). Of those that waited for the same one, each tells when it came.
  mutating func addStall(from start: Int64, to end: Int64) {
    let known = lastStall.end == end ? lastStall.start : end
    guard start < known else { return }
    stall &+= known &- start
    lastStall = (start, end)
  }

  @inline(__always) var persists: Bool { request.persists && response.persists }
  /// Where a request that cannot be understood ends is not known: what answered it ended it (RFC 9112 §6.3: with an error).
  @inline(__always) var isOver: Bool { (request.complete || !request.seen || malformed) && response.complete }
  /// When the connection was free again, `.min` when unknown: at the response's end, or at the request's after an early response
  /// (METRICS.md §1). A request that was captured later than its response has not come later.
  var end: Int64 {
    guard response.end != .min, request.seen, request.start <= response.start else { return response.end }
    return max(response.end, request.end)
  }
  /// Not simply a request and its response.
  @inline(__always) var isUnusual: Bool { malformed || upgraded || tunnel }
  var keepAlive: KeepAliveParameters? {
    guard keepAliveTimeout >= 0 || keepAliveMax >= 0 else { return nil }
    return KeepAliveParameters(
      timeout: keepAliveTimeout >= 0 ? Int(keepAliveTimeout) : nil, max: keepAliveMax >= 0 ? Int(keepAliveMax) : nil)
  }
  /// A request that no response has answered, as far as the capture shows.
  @inline(__always) var isUnanswered: Bool { request.seen && !response.seen && !responseLost }

  @inline(__always)
  mutating func take(
    _ head: RequestHead, _ framing: BodyFraming, at time: Int64, offset: Int64, acknowledges: Int64, host: Int32,
    fingerprint: UInt64
  ) {
    request.take(
      major: head.versionMajor, minor: head.versionMinor, octets: head.octets, fields: head.fields, framing,
      at: time)
    requestOffset = offset
    requestAcknowledges = acknowledges
    methodKind = head.methodKind
    self.host = host
    self.fingerprint = fingerprint
  }

  /// Takes in the head of the final response, and says how its body is framed.
  @inline(__always)
  mutating func take(_ head: ResponseHead, at time: Int64) -> BodyFraming {
    let framing = BodyFraming.ofResponse(head, answering: methodKind)
    response.take(
      major: head.versionMajor, minor: head.versionMinor, octets: head.octets, fields: head.fields, framing, at: time)
    // A response that ends with its connection does not persist, whatever it says.
    if framing == .untilClose || framing == .upgrade || framing == .tunnel { response.persists = false }
    status = head.status
    keepAliveTimeout = head.fields.keepAliveTimeout ?? -1
    keepAliveMax = head.fields.keepAliveMax ?? -1
    return framing
  }

  /// A message is complete; whether the exchange is over with it.
  mutating func end(_ direction: MessageParser.Direction, at time: Int64) -> Bool {
    switch direction {
    case .request: request.end(at: time)
    case .response: response.end(at: time)
    }
    return isOver
  }

  mutating func addContent(_ octets: Int, _ direction: MessageParser.Direction) {
    switch direction {
    case .request: request.bodyOctets &+= Int64(octets)
    case .response: response.bodyOctets &+= Int64(octets)
    }
  }

  mutating func noteIdle(_ idle: Int64, queueing: Int64) {
    idleBefore = idle
    self.queueing = queueing
  }
}
