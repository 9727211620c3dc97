import Reports
import ReuseAnalysis

/// An exchange as the waterfall draws it. Times are nanoseconds since the capture's first packet; `nil` where the capture does
/// not hold them.
///
/// One is made for every exchange of the capture: it is small, and takes the row's words over as they are.
struct Mark {
  var index: Int
  /// The first octet of the request, or of the response where the request was not captured.
  var start: Int64
  private var requestEnded: Int64
  private var responseStarted: Int64
  private var responseEnded: Int64
  var holDelay: Int64
  var tcpStall: Int64
  /// 0: no response.
  var status: Int
  var isPipelined: Bool
  var isRetry: Bool
  var outcome: ExchangeOutcome
  /// `nil`: the request was not captured.
  private var words: RequestWords?

  static let targetOctets = 100
  static let methodOctets = 16
  static let hostOctets = 60
  /// Words that are kept whole.
  private static let wordOctets = 256

  /// - Parameter redacts: leave out the content of query strings, and user-info.
  init(_ row: ExchangeRow, redacts: Bool) {
    index = row.index
    start = row.request?.start ?? row.response?.start ?? 0
    requestEnded = row.request?.end ?? .min
    responseStarted = row.response?.start ?? .min
    responseEnded = row.response?.end ?? .min
    holDelay = row.holDelay ?? 0
    tcpStall = row.tcpStall
    status = row.response?.status ?? 0
    isPipelined = row.pipelined
    isRetry = row.retryOf != nil
    outcome = row.outcome
    words = row.request?.words
    if let long = words, long.octets.count > Self.wordOctets { words = Self.cut(long, redacts: redacts) }
  }

  @inline(never)
  private static func cut(_ words: RequestWords, redacts: Bool) -> RequestWords {
    // Redacted first: what user-info ends with might be cut off.
    let target = redacts ? Redaction.target(words.target) : words.target
    return RequestWords(
      method: Array(words.method.prefix(methodOctets + 1)), target: Array(target.prefix(targetOctets + 1)), host: nil)
  }

  var requestEnd: Int64? { requestEnded == .min ? nil : requestEnded }
  var responseStart: Int64? { responseStarted == .min ? nil : responseStarted }
  var responseEnd: Int64? { responseEnded == .min ? nil : responseEnded }
  var end: Int64 { max(start, requestEnded, responseStarted, responseEnded) }

  /// Octets as sent, of long ones the begin; empty: not captured.
  var method: [UInt8] { Array((words?.method ?? []).prefix(Self.methodOctets)) }

  func target(redacts: Bool) -> [UInt8] {
    let sent = words?.target ?? []
    return Array((redacts ? Redaction.target(sent) : sent).prefix(Self.targetOctets))
  }
}
