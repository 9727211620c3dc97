import ReuseAnalysis
import Wire

/// Exchanges as an HTTP Archive (HAR 1.2), entry by entry, so that none has to be kept.
///
/// An entry's time line is `connect` (the handshake that a fresh exchange paid for), `blocked` (head-of-line delay), `send`,
/// `wait`, `receive`; `startedDateTime` is set so that `send` begins when the request did. Times are milliseconds. `blocked`
/// and `connect` are −1 where they do not apply or are not known; HAR wants the other three to be numbers from 0, so what is not
/// known of them is 0 and named in `timings.comment`. What HAR has no place for has names that begin with `_`.
package struct HARWriter {
  /// What has been written and not yet taken by the caller.
  package var buffer: OctetBuffer {
    get { json.buffer }
    _modify { yield &json.buffer }
  }

  private var json = JSONWriter()
  private var isFirst = true
  private let redacts: Bool

  package init(redacts: Bool = false) {
    self.redacts = redacts
    begin()
  }

  private mutating func begin() {
    json.raw(
      #"{"log":{"version":"1.2","creator":{"name":"reusescope","version":"\#(reusescopeVersion)"},"entries":["#)
    isFirst = true
  }

  /// Ends the archive; what comes next begins another.
  package mutating func end(_ summary: Summary) {
    json.raw("\n],\"comment\":")
    var comment = "Made from captured packets: header fields other than Host, and bodies, are not kept."
    if summary.capture.truncated || summary.capture.drops ?? 0 > 0 { comment += " The capture is not complete." }
    json.string(comment)
    json.raw("}}\n")
  }

  /// Begins the next archive.
  package mutating func restart() {
    json.buffer.removeAll()
    begin()
  }

  package mutating func append(_ row: ExchangeRow) {
    json.raw(isFirst ? "\n" : ",\n")
    isFirst = false
    let timings = HARTimings(row)
    json.raw(#"{"startedDateTime":""#)
    json.buffer.appendTimestamp(nanosecondsSince1970: row.startTime &- (timings.connect ?? 0))
    json.raw(#"","time":"#)
    milliseconds(timings.sum)
    json.raw(#","request":"#)
    put(row.request, row.server)
    json.raw(#","response":"#)
    put(row.response)
    json.raw(#","cache":{},"timings":"#)
    put(timings)
    json.raw(#","serverIPAddress":""#)
    json.buffer.append(row.server.address)
    json.raw(#"","connection":""#)
    json.integer(row.connection)
    // What Chrome's network panel shows as Connection ID; it takes `connection` for a port.
    json.raw(#"","_connectionId":""#)
    json.integer(row.connection)
    json.raw(#"","_client":""#)
    json.buffer.append(row.client)
    json.raw(#"","_server":""#)
    json.buffer.append(row.server)
    json.raw(#"","_index":"#)
    json.integer(row.index)
    json.raw(#","_reused":"#)
    switch row.use {
    case .fresh: json.bool(false)
    case .reused: json.bool(true)
    case .unknown: json.null()
    }
    json.raw(#","_initiatingCause":"#)
    if let cause = row.openedBecause { json.string(cause.rawValue) } else { json.null() }
    json.raw(#","_outcome":""#)
    json.raw(row.outcome.rawValue)
    json.raw(#"","_pipelined":"#)
    json.bool(row.pipelined)
    json.raw(#","_idleBefore":"#)
    milliseconds(row.idleBefore)
    json.raw(#","_tcpStall":"#)
    milliseconds(row.tcpStall)
    json.raw(#","_missingBytes":"#)
    json.integer(row.missingBytes)
    json.raw("}")
  }

  private mutating func put(_ timings: HARTimings) {
    json.raw(#"{"blocked":"#)
    if let blocked = timings.blocked { milliseconds(blocked) } else { json.raw("-1") }
    json.raw(#","dns":-1,"connect":"#)
    if let connect = timings.connect { milliseconds(connect) } else { json.raw("-1") }
    json.raw(#","send":"#)
    milliseconds(timings.send ?? 0)
    json.raw(#","wait":"#)
    milliseconds(timings.wait ?? 0)
    json.raw(#","receive":"#)
    milliseconds(timings.receive ?? 0)
    json.raw(#","ssl":-1"#)
    if !timings.unknown.isEmpty {
      json.raw(#","comment":"not known: \#(timings.unknown.joined(separator: ", "))""#)
    }
    json.raw("}")
  }

  private mutating func put(_ request: ExchangeRow.Request?, _ server: Endpoint) {
    guard let request else {
      json.raw(
        #"{"method":"","url":"about:blank","httpVersion":"","cookies":[],"headers":[],"queryString":[],"headersSize":-1,"#
          + #""bodySize":-1,"comment":"the request is not in the capture"}"#)
      return
    }
    let target = redacts ? Redaction.target(request.target) : request.target
    let host = redacts ? request.host.map(Redaction.host) : request.host
    let isConnect = request.method == Array("CONNECT".utf8)
    json.raw(#"{"method":"#)
    json.string(request.method)
    json.raw(#","url":"#)
    json.string(HARAddress.octets(target: target, isAuthority: isConnect, host: host, server: server))
    json.raw(#","httpVersion":"HTTP/"#)
    version(request.versionMajor, request.versionMinor)
    json.raw(#"","cookies":[],"headers":["#)
    if let host {
      json.raw(#"{"name":"Host","value":"#)
      json.string(host)
      json.raw("}")
    }
    json.raw(#"],"queryString":["#)
    var parameters = HARAddress.parameters(of: target)[...]
    while let parameter = parameters.popFirst() {
      json.raw(#"{"name":"#)
      json.string(parameter.name)
      json.raw(#","value":"#)
      json.string(parameter.value)
      json.raw(parameters.isEmpty ? "}" : "},")
    }
    json.raw(#"],"headersSize":"#)
    json.integer(request.headBytes)
    json.raw(#","bodySize":"#)
    json.integer(request.bodyBytes)
    json.raw("}")
  }

  private mutating func put(_ response: ExchangeRow.Response?) {
    guard let response else {
      json.raw(
        #"{"status":0,"statusText":"","httpVersion":"","cookies":[],"headers":[],"content":{"size":0,"mimeType":"x-unknown"},"#
          + #""redirectURL":"","headersSize":-1,"bodySize":-1,"comment":"there is no response in the capture"}"#)
      return
    }
    json.raw(#"{"status":"#)
    json.integer(response.status)
    json.raw(#","statusText":"","httpVersion":"HTTP/"#)
    version(response.versionMajor, response.versionMinor)
    json.raw(#"","cookies":[],"headers":[],"content":{"size":"#)
    json.integer(response.bodyBytes)
    json.raw(#","mimeType":"x-unknown"},"redirectURL":"","headersSize":"#)
    json.integer(response.headBytes)
    json.raw(#","bodySize":"#)
    json.integer(response.bodyBytes)
    if !response.complete { json.raw(#","comment":"the capture does not hold its end""#) }
    json.raw("}")
  }

  private mutating func version(_ major: UInt8, _ minor: UInt8) {
    json.integer(Int(major))
    json.raw(".")
    json.integer(Int(minor))
  }

  private mutating func milliseconds(_ nanoseconds: Int64?) {
    if let nanoseconds { json.buffer.appendMilliseconds(nanoseconds) } else { json.null() }
  }
}

/// The phases of an exchange as HAR wants them, in nanoseconds; `nil` where one is not known or does not apply.
struct HARTimings {
  var connect, blocked, send, wait, receive: Int64?

  init(_ row: ExchangeRow) {
    connect = row.setup
    if let request = row.request, let end = request.end { send = max(0, end &- request.start) }
    blocked = row.holDelay
    if let responseStart = row.response?.start, let requestEnd = row.request?.end {
      // Head-of-line delay is the first part of the wait.
      let all = max(0, responseStart &- requestEnd)
      blocked = blocked.map { min($0, all) }
      wait = all &- (blocked ?? 0)
    }
    if let response = row.response, let end = response.end {
      // An early response begins before its request has ended.
      receive = max(0, end &- max(response.start, row.request?.end ?? response.start))
    }
  }

  var sum: Int64 {
    [connect, blocked, send, wait, receive].reduce(0) { $0 &+ ($1 ?? 0) }
  }

  var unknown: [String] {
    [("send", send), ("wait", wait), ("receive", receive)].filter { $0.1 == nil }.map(\.0)
  }
}

/// The target URI of a request (RFC 9110 §7.1), which HAR wants whole.
enum HARAddress {
  static func octets(target: [UInt8], isAuthority: Bool, host: [UInt8]?, server: Endpoint) -> [UInt8] {
    let scheme = Array("http://".utf8)
    if isAuthority { return scheme + encoded(target, isAuthority: true) }
    if isAbsolute(target) { return encoded(target, isAuthority: false) }
    var authority = encoded(host ?? [], isAuthority: true)
    if authority.isEmpty {
      var text = OctetBuffer(capacity: 64)
      text.append(server)
      authority = text.octets
    }
    // `*` stands for the server as a whole.
    if target == [UInt8(ascii: "*")] { return scheme + authority }
    let slash = UInt8(ascii: "/")
    return scheme + authority + (target.first == slash ? [] : [slash]) + encoded(target, isAuthority: false)
  }

  /// The parameters of the query, as sent.
  static func parameters(of target: [UInt8]) -> [(name: [UInt8], value: [UInt8])] {
    guard let question = target.firstIndex(of: UInt8(ascii: "?")) else { return [] }
    return target[(question + 1)...].split(separator: UInt8(ascii: "&")).map { parameter in
      let parts = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      return (Array(parts[0]), parts.count > 1 ? Array(parts[1]) : [])
    }
  }

  /// `scheme://…` (RFC 3986 §3.1).
  private static func isAbsolute(_ target: [UInt8]) -> Bool {
    guard let colon = target.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return false }
    return target[colon...].starts(with: "://".utf8)
      && target[..<colon].allSatisfy { (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) }
  }

  /// What a URI may not hold is percent-encoded, and so are `#`, which would begin a fragment, and a stray `%`.
  private static func encoded(_ octets: [UInt8], isAuthority: Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(octets.count)
    for (position, octet) in octets.enumerated() {
      let isAllowed =
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        case UInt8(ascii: "%"):
          position + 2 < octets.count && octets[(position + 1)...(position + 2)].allSatisfy(isHexDigit)
        case UInt8(ascii: "["), UInt8(ascii: "]"): isAuthority
        case UInt8(ascii: "/"), UInt8(ascii: "?"): !isAuthority
        default: "-._~:@!$&'()*+,;=".utf8.contains(octet)
        }
      if isAllowed {
        result.append(octet)
      } else {
        result += Array("%".utf8) + Array((octet < 16 ? "0" : "").utf8)
        result += Array(String(octet, radix: 16, uppercase: true).utf8)
      }
    }
    return result
  }

  private static func isHexDigit(_ octet: UInt8) -> Bool {
    (0x30...0x39).contains(octet) || (0x61...0x66).contains(octet | 0x20)
  }
}

extension OctetBuffer {
  /// Appends `nanoseconds` as milliseconds: exact, without trailing zeros.
  fileprivate mutating func appendMilliseconds(_ nanoseconds: Int64) {
    if nanoseconds < 0 { append(UInt8(ascii: "-")) }
    let (whole, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    appendDecimal(whole)
    guard fraction != 0 else { return }
    append(UInt8(ascii: "."))
    var (rest, digits) = (fraction, 6)
    while rest % 10 == 0 {
      rest /= 10
      digits -= 1
    }
    appendDigits(rest, count: digits)
  }
}
