import Reports
import ReuseAnalysis

/// A figure or word of the page whose meaning a reader can ask for: the definitions of METRICS.md in short.
enum Term: Sendable {
  case connection, exchange, pool, server, origin
  case ratio, perConnection, multiUse, response
  case paid, setup, saved, failed, ideal, efficiency
  case cause
  case opened(OpeningCause)
  case closeReason
  case ended(CloseReason)
  case idleGap, idleShare, reuseByGap
  case inferredTimeout, advertisedTimeout, requestLimit, timeoutMargin, closeRace
  case pipelining, holDelay, queueing, tcpStall
  case load, timeWait, portShare
  case balance, parallel, ledger

  static let all: [Term] =
    [
      .connection, .exchange, .pool, .server, .origin, .ratio, .perConnection, .multiUse, .response, .paid, .setup,
      .saved,
      .failed,
      .ideal, .efficiency, .cause,
    ] + OpeningCause.allCases.map { .opened($0) } + [.closeReason] + CloseReason.allCases.map { .ended($0) } + [
      .idleGap, .idleShare, .reuseByGap, .inferredTimeout, .advertisedTimeout, .requestLimit, .timeoutMargin,
      .closeRace,
      .pipelining, .holDelay, .queueing, .tcpStall, .load, .timeWait, .portShare, .balance, .parallel, .ledger,
    ]

  /// Part of identifiers in the page.
  var key: String {
    switch self {
    case .opened(let cause): cause.rawValue
    case .ended(let reason): reason.rawValue
    default: "\(self)"
    }
  }

  var label: String {
    switch self {
    case .connection: "Connection"
    case .exchange: "Request (exchange)"
    case .pool: "Pool"
    case .server: "Server"
    case .origin: "Origin"
    case .ratio: "Reuse ratio"
    case .perConnection: "Requests per connection"
    case .multiUse: "Multi-use connections"
    case .response: "Responses"
    case .paid: "Handshakes paid"
    case .setup: "Handshake time"
    case .saved: "Handshakes saved"
    case .failed: "Handshakes failed"
    case .ideal: "Ideal connections"
    case .efficiency: "Reuse efficiency"
    case .cause: "Cause of an opening"
    case .closeReason: "Reason of an end"
    case .idleGap: "Idle gap"
    case .idleShare: "Idle share"
    case .reuseByGap: "Reuse by gap"
    case .inferredTimeout: "Timeout as seen"
    case .advertisedTimeout: "Timeout as advertised"
    case .requestLimit: "Request limit"
    case .timeoutMargin: "Timeout margin"
    case .closeRace: "Close race"
    case .pipelining: "Pipelining"
    case .holDelay: "Head-of-line delay"
    case .queueing: "Client queueing"
    case .tcpStall: "TCP stall"
    case .load: "Open, busy, idle"
    case .timeWait: "TIME-WAIT"
    case .portShare: "Share of ports"
    case .balance: "Max ÷ mean"
    case .parallel: "Parallel"
    case .ledger: "Accounting"
    case .opened(let cause): cause.rawValue
    case .ended(let reason): reason.rawValue
    }
  }

  var definition: String {
    switch self {
    case .connection:
      "One TCP connection, from its SYN (or its first captured packet) to its end. A new SYN on the same addresses and ports is a new connection."
    case .exchange:
      "One request and its final response; interim 1xx responses belong to it. Fresh: the first on a connection whose opening was captured. Reused: a later one. Unknown: the first seen on a connection that was opened before the capture."
    case .pool:
      "The connections among which a client could choose: those from one client address to one server address and port. Several processes or machines behind one address look like one pool."
    case .server: "One address and port that answered requests."
    case .origin: "Requests with the same Host value, as sent."
    case .ratio:
      "Requests sent on a connection that had carried one before, of all requests. A range where the first request seen on a connection may not have been its first."
    case .perConnection: "Requests ÷ connections that carried at least one."
    case .multiUse:
      "Connections with more than one request, of those with any. Not the reuse ratio: one connection with 1,000 requests and nine with one each give 10 % here and 99.0 % there."
    case .response:
      "Final responses by the first digit of their status. A request is unanswered when its connection was closed before its response, reset when a RST came instead, incomplete when its response, or the capture, ended too early. Responses without their request in the capture count too."
    case .paid:
      "TCP handshakes that were completed in the capture. Their time runs from the client's first SYN to its ACK of the answer, repeated SYNs included."
    case .setup: "From the client's first SYN to its ACK of the server's SYN/ACK, repeated SYNs included."
    case .saved:
      "Requests that needed no handshake because they reused a connection. Time saved: each counts the median handshake of its pool."
    case .failed: "Connections that were refused, or whose SYN was never answered."
    case .ideal:
      "The fewest connections that could have carried the same requests: in each pool the most that were busy at once, and one more for each exchange after which its connection could not persist."
    case .efficiency:
      "Handshakes saved, of those that could have been saved: (requests − handshakes paid) ÷ (requests − ideal connections). 100 %: none could have been avoided."
    case .cause:
      "Why a connection was opened: exactly one cause each, judged in its pool at the moment of its SYN."
    case .closeReason: "How a connection ended, decided by what was on it when the first FIN or RST came."
    case .opened(let cause): cause.definition
    case .ended(let reason): reason.definition
    case .idleGap:
      "The time between two exchanges of one connection in which nothing was in progress: from the last byte of a response to the first byte of the next request."
    case .idleShare: "The time connections were open and idle, of the time they were open."
    case .reuseByGap:
      "For each duration t: the share of idle gaps that were not longer. A keep-alive timeout of t would have kept this share."
    case .inferredTimeout:
      "The idle time after which most of a server's idle connections were closed by it: the densest cluster of at least two closes. “As the default of” names software with that default; it is no claim about what runs there."
    case .advertisedTimeout: "What the server said in Keep-Alive: timeout."
    case .requestLimit:
      "The number of requests after which a server ends its connections with a Connection: close that nobody asked for."
    case .timeoutMargin:
      "Reused gaps that ended less than 1 s (or two round trips) before the server's timeout: requests that came close to a close race."
    case .closeRace:
      "A request that met the server's close on the wire and got no answer. Clients and proxies report it as 502 or ECONNRESET."
    case .pipelining:
      "A request whose first byte was sent before the last byte of an earlier response on its connection."
    case .holDelay:
      "How long a pipelined request, fully sent, waited for the responses before it. An upper bound: the server may have worked on it meanwhile."
    case .queueing:
      "Requests that followed a response at once while every connection of the pool was busy: the client held them back. For how long cannot be seen; the bound is the duration of the exchange before."
    case .tcpStall:
      "Bytes had arrived but could not be delivered because an earlier segment was missing: from the first such byte until the hole was filled."
    case .load:
      "Connections open at a time: busy with an exchange, or idle. Means over each interval."
    case .timeWait:
      "The side that closes first keeps a connection in TIME-WAIT, 60 s by default, and its port with it."
    case .portShare:
      "The most ports that a client needed towards one server at once, open or in TIME-WAIT, of its ephemeral range (28,232 ports by default)."
    case .balance:
      "Requests of the busiest server of an origin ÷ the mean over its servers. 1 is even; 2 means that one server got twice its share."
    case .parallel:
      "The most connections open at once; and the share of the time with any open in which more than one was."
    case .ledger:
      "Every captured packet and every byte of payload is in exactly one row; the rows add up to the totals."
    }
  }
}
