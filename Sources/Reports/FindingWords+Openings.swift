import ReuseAnalysis

extension Words {
  var missedReuse: (String, String) {
    let openings = "\(Quantity.count(count("missed"))) of \(Quantity.count(count("openings"), "connection"))"
    return (
      "\(openings) from \(count("clients") == 1 ? client : "\(Quantity.count(count("clients"))) clients") to \(server) were opened "
        + "while an idle one was there: \(saved) too many.",
      "Use one client with one pool for all requests (one requests.Session, one Go http.Client whose bodies are read to the end "
        + "and closed, one Node.js http.Agent with keepAlive) and let it hold enough idle connections (\(Settings.clientPool)). "
        + "Several processes behind one address look the same: each has its own pool; a browser has one for each host name."
    )
  }

  var clientClosesEarly: (String, String) {
    var how = ""
    if let timeout = duration("client_timeout") {
      how = timeout < 1_000_000_000 ? ", most at once after use" : ", most after \(Quantity.duration(timeout)) idle"
    }
    return (
      "\(client) closed idle connections to \(server) that it could have used again within "
        + "\(round(threshold("last_use_at_most")))\(how): \(saved) too many.",
      "Let the client keep its connections: one long-lived client or session instead of one for each request, room for as many "
        + "idle connections as are in use at once (\(Settings.clientPool)), and for long enough (\(Settings.clientTimeout))."
    )
  }

  var clientClose: (String, String) {
    (
      "\(client) asked for Connection: close on \(Quantity.count(count("connections"), "connection")) to \(server), and "
        + "opened new ones within \(round(threshold("last_use_at_most"))): \(saved) too many.",
      "Do not send Connection: close. nginx before 1.29.7 sends it to upstreams unless told: proxy_http_version 1.1; "
        + "proxy_set_header Connection \"\"; with keepalive in the upstream block. In Go look for DisableKeepAlives or "
        + "Request.Close, in Node.js for an Agent without keepAlive."
    )
  }

  var unaskedClose: (String, String) {
    (
      "\(server) said Connection: close on \(Quantity.count(count("connections"), "connection")) though the request had "
        + "asked to keep it: \(saved) were paid within \(round(threshold("last_use_at_most"))) of it.",
      "Let the server keep connections: nginx keepalive_timeout above 0, Apache KeepAlive On, a Gunicorn worker other than sync; "
        + "look for an application or a proxy on the way that adds the header."
    )
  }

  var requestLimit: (String, String) {
    let requests = Quantity.count(count("requests"))
    return (
      "\(server) ends connections after \(requests) requests (\(Quantity.count(count("connections"), "connection"))): "
        + "\(saved) followed.",
      "Raise the limit, say tenfold: \(Settings.requestLimit) (0: none, in the last two)."
    )
  }

  var http10: (String, String) {
    if count("close_delimited_responses") > count("http10_requests") {
      return (
        "\(server) ended \(Quantity.count(count("connections"), "response")) by closing the connection: \(saved) followed.",
        "Answer in HTTP/1.1 with Content-Length or Transfer-Encoding: chunked, so that the connection can be kept."
      )
    }
    return (
      "\(client) spoke HTTP/1.0 without keep-alive on \(Quantity.count(count("connections"), "connection")) to \(server): "
        + "\(saved) followed.",
      "Use HTTP/1.1. nginx before 1.29.7 speaks HTTP/1.0 to upstreams unless told: proxy_http_version 1.1; "
        + "proxy_set_header Connection \"\"; with keepalive in the upstream block. ab: -k."
    )
  }

  private func threshold(_ name: String) -> Int64? {
    if case .duration(let duration)? = finding.threshold.first(where: { $0.name == name })?.value {
      duration
    } else {
      nil
    }
  }
}
