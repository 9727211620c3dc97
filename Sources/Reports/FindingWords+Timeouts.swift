import ReuseAnalysis

extension Words {
  var closeRaces: (String, String) {
    let races = count("races")
    let unread = count("reset_unread")
    guard unread == 0 else {
      var message = "\(server) "
      if races > 0 { message += "closed \(Quantity.count(races, "connection")) while a request was on its way, and " }
      message +=
        "reset \(Quantity.count(unread, "connection")) on a request that it had not read, \(time("timeout"))\(asDefault) after "
        + "its last answer, when its idle timeout runs out: "
        + "\(races &+ unread == 1 ? "it fails" : "they fail") as 502 or ECONNRESET."
      return (message, clientFirst)
    }
    var message =
      "\(server) closed \(Quantity.count(races, "connection")) while a request was on its way: "
      + "\(races == 1 ? "it fails" : "they fail") as 502 or ECONNRESET."
    let gap = duration("idle_p50")
    if let timeout = duration("timeout"), timeout < 50_000_000 {
      message += " It closes right after its answers."
    } else if let timeout = duration("timeout") {
      let kind = text("timeout_is") == "advertised" ? "advertises" : "closes idle connections after"
      message += " It \(kind) \(Quantity.duration(timeout))\(asDefault)"
      if let gap {
        message += "; the lost \(races == 1 ? "request" : "requests") came after \(Quantity.duration(gap)) idle"
      }
      message += "."
    } else if let gap {
      message += " The lost \(races == 1 ? "request" : "requests") came after \(Quantity.duration(gap)) idle."
    }
    guard let timeout = duration("timeout"), timeout >= 50_000_000, let gap, gap >= timeout / 2 else {
      return (
        message,
        "This is no idle timeout: look for restarts, reloads or limits of requests in the server at these times, and let "
          + "clients repeat idempotent requests (nginx proxy_next_upstream error timeout)."
      )
    }
    return (message, clientFirst)
  }

  /// The rule against races: who sends requests gives up first.
  private var clientFirst: String {
    "Let the client side give up first: in the balancer or client keep idle connections for less than "
      + "\(time("give_up_before")) (\(Settings.clientTimeout)), or let the server wait longer than they do "
      + "(\(Settings.serverTimeout))."
  }

  var serverClosesFirst: (String, String) {
    (
      "\(server) gives up idle connections first, after \(time("timeout"))\(asDefault), and "
        + "\(Quantity.count(count("near_gaps"), "request")) came within \(time("near_from")) to \(time("timeout")): a "
        + "little later such a request meets the close and fails.",
      clientFirst
    )
  }

  var shortTimeout: (String, String) {
    let now = duration("timeout") ?? 0
    let lost =
      "for \(Quantity.count(count("lost_gaps"), "request")) that came later, 90 % of them within \(time("lost_gap_p90"))"
    let cost =
      "A timeout of \(round(duration("advised_timeout"))) would have kept \(percent("kept_share")) of those connections and spared \(saved), "
      + "for \(time("extra_idle_seconds")) more of idle connection time (\(held("extra_idle_connections", memory: "extra_idle_memory")))"
    if now < 50_000_000 {
      return (
        "\(server) closes connections right after its answers (\(time("timeout"))) without saying so: new ones had to be opened "
          + lost + ".",
        "\(cost): let it keep connections (nginx keepalive_timeout above 0, Apache KeepAlive On), or say Connection: close."
      )
    }
    return (
      "\(server) closes idle connections after \(time("timeout"))\(asDefault), too soon: new ones had to be opened \(lost).",
      "\(cost): \(Settings.serverTimeout). Keep the client side's below it (\(Settings.clientTimeout))."
    )
  }

  var longTimeout: (String, String) {
    (
      "\(server) keeps idle connections for \(time("timeout"))\(asDefault), but no gap between requests was longer than "
        + "\(time("longest_reused_gap")): \(Quantity.count(count("idle_closes"), "connection")) waited for nothing.",
      "A timeout of \(round(duration("advised_timeout"))) would have kept every gap and spared \(time("spared_idle_seconds")) of idle "
        + "connections (\(held("spared_idle_connections", memory: "spared_idle_memory"))): \(Settings.serverTimeout)."
    )
  }

  var oneRequest: (String, String) {
    (
      "\(percent("share")) of \(Quantity.count(count("connections"), "connection")) to \(server) brought one request and were "
        + "then held for nothing: \(time("idle_seconds")) of idle connections "
        + "(\(held("idle_connections", memory: "idle_memory"))).",
      "Its clients do not come back: keep-alive buys nothing here. A timeout of a second or two frees the connections: "
        + "\(Settings.serverTimeout)."
    )
  }
}
