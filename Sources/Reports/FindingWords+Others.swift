import ReuseAnalysis

extension Words {
  var headOfLine: (String, String) {
    var parts: [String] = []
    if count("waited") > 0 {
      parts.append(
        "\(Quantity.count(count("waited"), "pipelined request")) waited \(time("wait_time")) in all behind other answers"
      )
    }
    if count("queued") > 0 {
      parts.append(
        "\(Quantity.count(count("queued"), "request")) followed at once when a busy connection came free, held back by "
          + "\(time("queueing_bound")) in all at most")
    }
    return (
      "\(server) answers one request after another: " + parts.joined(separator: "; ") + ".",
      "Multiplexing (HTTP/2) would remove that at most; so would more connections"
        + (count("waited") > 0 ? ", or no pipelining" : "")
        + ". A client that works in turn gains nothing."
    )
  }

  var unevenBalance: (String, String) {
    let busiest: String
    if case .endpoint(let server)? = finding["busiest"] {
      busiest = FindingText.name(of: server)
    } else {
      busiest = subject
    }
    return (
      "\(busiest) got \(Quantity.count(count("busiest_exchanges"))) of \(Quantity.count(count("exchanges"), "request")) for "
        + "\(subject), \(Quantity.decimal(number("exchanges_max_to_mean"))) times the mean of "
        + "\(Quantity.count(count("servers"), "server")), on \(Quantity.count(count("busiest_connections"))) of "
        + "\(Quantity.count(count("connections"), "connection")).",
      "Long-lived connections stay with the server they were opened to. Balance requests, not connections (nginx least_conn, "
        + "AWS ALB least outstanding requests), or let connections end now and then (nginx keepalive_requests, keepalive_time)."
    )
  }

  var portPressure: (String, String) {
    (
      "\(client) used up to \(Quantity.count(count("ports"))) ports towards \(server) at once, open or in TIME-WAIT: "
        + "\(percent("share")) of \(Quantity.count(count("port_range"))). When none is left, connections fail with "
        + "EADDRNOTAVAIL.",
      "Reuse connections (\(Settings.clientPool)); else widen net.ipv4.ip_local_port_range, let net.ipv4.tcp_tw_reuse take "
        + "ports from TIME-WAIT, or use more addresses."
    )
  }

  var failedHandshakes: (String, String) {
    var parts: [String] = []
    if count("refused") > 0 { parts.append("refused \(Quantity.count(count("refused")))") }
    if count("unanswered") > 0 { parts.append("did not answer \(Quantity.count(count("unanswered")))") }
    let refuses = count("refused") > 0
    let silent = count("unanswered") > 0
    var advice: [String] = []
    if refuses { advice.append("Refused: nothing listens on that port. Is the service up, and the address right?") }
    if silent {
      advice.append(
        "Unanswered: a firewall that drops, a host that is gone, or a full accept queue (listen backlog, net.core.somaxconn)."
      )
    }
    return (
      "\(server) \(parts.joined(separator: " and ")) of \(Quantity.count(count("openings"), "connection")).",
      advice.joined(separator: " ")
    )
  }

  var captureQuality: (String, String) {
    var parts: [String] = []
    if count("drops") > 0 {
      parts.append("the capturing system dropped \(Quantity.count(count("drops"), "packet"))")
    }
    if count("heads_hit") > 0 {
      parts.append(
        "octets of message heads are missing on \(Quantity.count(count("heads_hit"), "connection"))")
    }
    if count("missing_bytes") > 0 {
      parts.append("\(percent("missing_share")) of payload (\(Quantity.size(count("missing_bytes")))) is missing")
    }
    let text = parts.isEmpty ? "packets are missing" : parts.joined(separator: "; ")
    return (
      text.prefix(1).uppercased() + text.dropFirst() + ": counts of requests and the reuse ratio may be off.",
      "Capture whole packets, where both directions pass, with a buffer (tcpdump -s 0 -B 65536), and look at the packets that "
        + "tcpdump reports as dropped."
    )
  }
}
