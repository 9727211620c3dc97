import ReuseAnalysis
import Wire

/// The words of a finding: what was found, and what to change. Names from the capture are escaped as for a terminal; a page or
/// a table escapes what else it must.
package struct FindingText {
  /// The server, the client and server, the origin, or the capture.
  package let subject: String
  /// A sentence or two.
  package let message: String
  /// What to change, with the settings of the common servers and clients by name.
  package let advice: String

  /// - Parameter redacts: leave out user-info in the name of an origin.
  package init(_ finding: Finding, redacts: Bool = false) {
    subject = Self.name(of: finding.subject, redacts: redacts)
    let words = Words(finding: finding, subject: subject)
    (message, advice) = words.messageAndAdvice
  }

  static func name(of subject: Finding.Subject, redacts: Bool) -> String {
    switch subject {
    case .capture: "the capture"
    case .server(let server): name(of: server)
    case .pool(let client, let server): "\(name(of: client)) → \(name(of: server))"
    case .origin(let octets): TerminalText.escaped(redacts ? Redaction.host(octets) : octets)
    case .client(let client): name(of: client)
    }
  }

  static func name(of endpoint: Endpoint) -> String {
    var buffer = OctetBuffer(capacity: 64)
    buffer.append(endpoint)
    return TerminalText.escaped(buffer.octets)
  }

  static func name(of address: IPAddress) -> String {
    var buffer = OctetBuffer(capacity: 64)
    buffer.append(address)
    return TerminalText.escaped(buffer.octets)
  }
}

/// The settings that advice names, in the words of their programs.
enum Settings {
  static let serverTimeout =
    "nginx keepalive_timeout, Apache KeepAliveTimeout, Node.js server.keepAliveTimeout, Gunicorn --keep-alive, uvicorn "
    + "--timeout-keep-alive"
  static let clientTimeout = "nginx upstream keepalive_timeout, Go IdleConnTimeout, AWS ALB idle timeout"
  static let requestLimit =
    "nginx keepalive_requests, Apache MaxKeepAliveRequests, Node.js server.maxRequestsPerSocket"
  static let clientPool = "nginx upstream keepalive, Go MaxIdleConnsPerHost (2 by default)"
}
