import Wire

/// Something that an engineer can act on, with its evidence in numbers and the connections behind it (OUTPUT.md, findings).
///
/// It holds values; the words are made by the report that shows it.
public struct Finding: Sendable {
  /// What was found. Raw values are the words of the output.
  public enum Kind: String, Sendable, CaseIterable {
    /// Requests met the server's close on the wire.
    case closeRaces = "close-races"
    /// The server gives up first: its timeout is not longer than the client's or the balancer's.
    case serverClosesFirst = "server-closes-first"
    /// Connections were opened while idle ones could have been used.
    case missedReuse = "missed-reuse"
    /// The server's timeout is shorter than the clients' gaps.
    case shortTimeout = "short-timeout"
    /// Connections stay idle far longer than any gap that was reused.
    case longTimeout = "long-timeout"
    /// Connections end at a limit of requests.
    case requestLimit = "request-limit"
    /// `Connection: close` that nobody asked for.
    case unaskedClose = "unasked-close"
    /// The client asks for `Connection: close`.
    case clientClose = "client-close"
    /// The client closes connections that it could have used again soon after.
    case clientClosesEarly = "client-closes-early"
    /// HTTP/1.0 without keep-alive.
    case http10 = "http10-no-keep-alive"
    /// Nearly every connection carries one request and then waits for its timeout.
    case oneRequest = "one-request"
    /// Responses wait for the ones before them: pipelining, or requests that wait for a connection.
    case headOfLine = "head-of-line"
    /// One origin's requests are unevenly spread over its servers.
    case unevenBalance = "uneven-balance"
    /// Ports run short: TIME-WAIT holds a large share of the ephemeral range.
    case portPressure = "port-pressure"
    /// Connections that were refused or never answered.
    case failedHandshakes = "failed-handshakes"
    /// Drops, missing octets or a cut capture make figures uncertain.
    case captureQuality = "capture-quality"
  }

  /// Raw values are the words of the output.
  public enum Severity: String, Sendable, CaseIterable {
    case info, warning, problem
  }

  public enum Subject: Sendable, Hashable {
    case capture
    case server(Endpoint)
    case pool(client: IPAddress, server: Endpoint)
    /// A Host value, octets as sent.
    case origin([UInt8])
    case client(IPAddress)
  }

  /// One number (or name) of the evidence.
  public enum Value: Sendable, Hashable {
    case count(Int)
    /// Nanoseconds.
    case duration(Int64)
    /// 0…1.
    case share(Double)
    case number(Double)
    case text(String)
    case endpoint(Endpoint)
  }

  public struct Saving: Sendable, Hashable {
    public var handshakes: Int
    /// Nanoseconds; `nil` where no handshake was timed.
    public var time: Int64?

    public init(handshakes: Int, time: Int64?) {
      self.handshakes = handshakes
      self.time = time
    }
  }

  public var kind: Kind
  public var severity: Severity
  public var subject: Subject
  /// Names (snake_case, as in the output) and values, in the order to show them.
  public var evidence: [(name: String, value: Value)]
  /// The threshold that was used, named like the evidence that it was held against.
  public var threshold: [(name: String, value: Value)]
  /// What the advice would have avoided in this capture.
  public var saves: Saving?
  /// Identifiers of connections that show it, ``exampleLimit`` at most.
  public var examples: [Int]

  public static let exampleLimit = 5

  public init(
    kind: Kind, severity: Severity, subject: Subject, evidence: [(name: String, value: Value)],
    threshold: [(name: String, value: Value)], saves: Saving? = nil, examples: [Int] = []
  ) {
    self.kind = kind
    self.severity = severity
    self.subject = subject
    self.evidence = evidence
    self.threshold = threshold
    self.saves = saves
    self.examples = examples
  }

  /// The evidence of a name.
  public subscript(name: String) -> Value? { evidence.first { $0.name == name }?.value }
}
