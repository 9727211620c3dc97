import ReuseAnalysis

extension OpeningCause {
  var term: Term {
    switch self {
    case .firstContact: .firstContact
    case .missedReuse: .missedReuse
    case .allBusy: .allBusy
    case .afterServerIdleClose: .afterServerIdleClose
    case .afterClientIdleClose: .afterClientIdleClose
    case .afterCloseHeader: .afterCloseHeader
    case .afterHTTP10: .afterHTTP10
    case .afterFailure: .afterFailure
    case .afterUnknown: .afterUnknown
    }
  }
}

extension OpeningCause {
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

extension CloseReason {
  var term: Term {
    switch self {
    case .midExchange: .midExchange
    case .upgraded: .upgraded
    case .tunnel: .tunnel
    case .closeHeader: .closeHeader
    case .http10: .http10
    case .serverIdleClose: .serverIdleClose
    case .clientIdleClose: .clientIdleClose
    case .unused: .unused
    case .open: .open
    }
  }
}

extension Term {
  /// A few words for a cause or a reason, to go on in a sentence or stand in a table.
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
    case .midExchange: "a message was under way"
    case .upgraded: "after an Upgrade"
    case .tunnel: "after CONNECT"
    case .closeHeader: "Connection: close was sent"
    case .http10: "HTTP/1.0 without keep-alive"
    case .serverIdleClose: "idle; the server closed it"
    case .clientIdleClose: "idle; the client closed it"
    case .unused: "no request was sent"
    case .open: "open at the end of the capture"
    default: label
    }
  }
}
