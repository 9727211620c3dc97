import ReuseAnalysis

extension OpeningCause {
  /// A few words, to go on in a sentence or stand in a table.
  var inWords: String {
    switch self {
    case .firstContact: "there was none before"
    case .missedReuse: "an idle one was open and was not used"
    case .allBusy: "all open ones were in use"
    case .afterServerIdleClose: "the server had closed the idle one"
    case .afterClientIdleClose: "the client had closed the idle one"
    case .afterCloseHeader: "Connection: close had ended the one before"
    case .afterHTTP10: "HTTP/1.0 without keep-alive"
    case .afterFailure: "the one before was reset, refused or cut off"
    case .afterUnknown: "none of the others"
    }
  }

  var definition: String {
    switch self {
    case .firstContact:
      "The pool had no connection before in this capture."
    case .missedReuse:
      "Another connection of the pool was open, idle and could have been used: this handshake was avoidable."
    case .allBusy:
      "Connections were open, and every one was in use."
    case .afterServerIdleClose:
      "None was open: the server had closed the last one while it was idle, as a keep-alive timeout does."
    case .afterClientIdleClose:
      "None was open: the client had closed the last one while it was idle."
    case .afterCloseHeader:
      "None was open: a message had said Connection: close."
    case .afterHTTP10:
      "None was open: the last exchange was HTTP/1.0 without keep-alive."
    case .afterFailure:
      "None was open: the last one was reset, refused, unanswered or ended in the middle of an exchange."
    case .afterUnknown:
      "None of the other causes fits."
    }
  }

  /// The class of its fill.
  var fill: String {
    switch self {
    case .firstContact: "k7"
    case .missedReuse: "k5"
    case .allBusy: "k1"
    case .afterServerIdleClose: "k3"
    case .afterClientIdleClose: "k2"
    case .afterCloseHeader: "k6"
    case .afterHTTP10: "k4"
    case .afterFailure: "solid"
    case .afterUnknown: "k3 hatch"
    }
  }
}

extension CloseReason {
  /// A few words, to go on in a sentence or stand in a table.
  var inWords: String {
    switch self {
    case .midExchange: "a message was under way"
    case .upgraded: "after an Upgrade"
    case .tunnel: "after CONNECT"
    case .closeHeader: "Connection: close was sent"
    case .http10: "HTTP/1.0 without keep-alive"
    case .serverIdleClose: "idle; the server closed it"
    case .clientIdleClose: "idle; the client closed it"
    case .unused: "no request was sent"
    case .open: "open at the end of the capture"
    }
  }

  var definition: String {
    switch self {
    case .midExchange:
      "A message was incomplete, or a request unanswered, when the first FIN or RST came."
    case .upgraded:
      "The connection had changed to another protocol with Upgrade."
    case .tunnel:
      "The connection had become a tunnel with CONNECT."
    case .closeHeader:
      "A message had said Connection: close."
    case .http10:
      "HTTP/1.0 without keep-alive, or a response whose end is the end of the connection."
    case .serverIdleClose:
      "The server closed first, nothing was in progress, and the connection could have been kept."
    case .clientIdleClose:
      "The client closed first, nothing was in progress, and the connection could have been kept."
    case .unused:
      "It ended without having carried an exchange."
    case .open:
      "It was still open at the end of the capture."
    }
  }

  /// The class of its fill.
  var fill: String {
    switch self {
    case .midExchange: "k5"
    case .upgraded: "k4"
    case .tunnel: "k3 hatch"
    case .closeHeader: "k6"
    case .http10: "solid"
    case .serverIdleClose: "k3"
    case .clientIdleClose: "k2"
    case .unused: "k7"
    case .open: "k1"
    }
  }
}
