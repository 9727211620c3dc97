import Reports
import ReuseAnalysis

// The first screen: were connections reused, and what did it cost.
extension PageBuilder {
  var answer: PageModel.Answer {
    guard summary.exchanges.total > 0 else { return nothingFound }
    var answer = PageModel.Answer(headline: headline)
    answer.sentences = sentences
    answer.worst = worst
    // Named in full, they need no count.
    if summary.findings.count > answer.worst.count { answer.severities = severities }
    answer.split = split
    answer.tiles = tiles
    return answer
  }

  private var headline: String {
    guard let ratio = summary.reuse.ratio else {
      return "Only responses were captured (\(Quantity.count(summary.exchanges.total))): reuse cannot be told."
    }
    return
      "\(Quantity.percent(ratio)) of \(Quantity.count(summary.exchanges.withRequest, "request")) reused a connection."
  }

  private var sentences: [String] {
    guard summary.reuse.ratio != nil, let ideal = summary.reuse.idealConnections else {
      return ["The requests took another way. Capture where both directions pass."]
    }
    let handshakes = summary.reuse.handshakes
    guard handshakes.paid > 0 else { return ["No connection was opened during the capture."] }
    let time = handshakes.setup.count > 0 ? " (\(Quantity.duration(handshakes.timePaid)) in all)" : ""
    let paid = "\(Quantity.count(handshakes.paid, "handshake"))\(time) paid"
    guard foreignConnections == 0 else {
      return ["\(paid), \(Quantity.count(foreignConnections, "connection")) of other protocols included."]
    }
    guard ideal < handshakes.paid else { return ["\(paid); none could have been avoided."] }
    var sentences = ["\(paid); \(Quantity.count(ideal)) would have been enough."]
    let avoidable = summary.causes.filter { $0.connections > 0 && $0.cause != .firstContact }
    let all = summary.causes.reduce(0) { $0 + $1.connections }
    if let main = avoidable.max(by: { $0.connections < $1.connections }), all > 0 {
      sentences.append(
        "Most new connections after the first: \(main.cause.inWords) "
          + "(\(Quantity.percent(Double(main.connections) / Double(all))) of all openings).")
    }
    return sentences
  }

  /// Connections on which HTTP exchanges, if there are any, cannot be seen: handshakes count them, requests do not.
  private var foreignConnections: Int {
    summary.connections.byProtocol.reduce(0) { sum, row in
      switch row.protocol {
      case .tls, .h2c, .other: sum + row.connections
      case .http09, .http10, .http11, .websocket, .tunnel, .upgraded, .empty: sum
      }
    }
  }

  /// Reused, fresh and unknown requests as parts of one bar.
  private var split: PageModel.Figure? {
    let exchanges = summary.exchanges
    let parts = [
      ("k1", "reused", exchanges.reused), ("k3 hatch", "first on a new connection", exchanges.fresh),
      ("k7", "unknown: the connection was opened before the capture", exchanges.unknown),
    ].filter { $0.2 > 0 }
    let all = parts.reduce(0) { $0 + $1.2 }
    guard all > 0 else { return nil }
    return .init(
      drawing: Drawings.split(parts.map { (kind: $0.0, value: Double($0.2) / Double(all)) }, label: "Requests by use"),
      label: "Requests by use",
      legend: parts.map { .init(kind: $0.0, label: "\(Quantity.count($0.2)) \($0.1)") })
  }

  private var tiles: [PageModel.Tile] {
    let reuse = summary.reuse
    let handshakes = reuse.handshakes
    let requests = reuse.requestsPerConnection
    var tiles: [PageModel.Tile] = []
    tiles.append(
      .init(
        .ratio, Quantity.percent(reuse.ratio),
        "\(Quantity.count(summary.exchanges.reused)) of \(Quantity.count(summary.exchanges.withRequest, "request"))"))
    tiles.append(
      .init(
        .perConnection, Quantity.decimal(requests.mean),
        "half had up to \(Cell.count(requests.p50).text), at most \(Cell.count(requests.max).text)"))
    tiles.append(
      .init(
        .paid, Quantity.count(handshakes.paid),
        handshakes.setup.count > 0
          ? "\(Quantity.duration(handshakes.timePaid)) in all, \(Quantity.duration(handshakes.setup.p50)) each (median)"
          : "not timed"))
    if reuse.ratio != nil {
      tiles.append(
        .init(
          .saved, Quantity.count(handshakes.saved),
          handshakes.saved > handshakes.savedNotTimed
            ? "\(Quantity.duration(handshakes.timeSaved)) not spent"
              + (handshakes.savedNotTimed > 0 ? "; \(Quantity.count(handshakes.savedNotTimed)) not timed" : "")
            : handshakes.saved > 0 ? "not timed" : nil))
    }
    if handshakes.paid > 0, reuse.ratio != nil, let ideal = reuse.idealConnections {
      tiles.append(
        .init(
          .efficiency, Quantity.percent(reuse.efficiency),
          reuse.efficiency == nil
            ? "no handshake could have been saved"
            : foreignConnections > 0
              ? "a lower bound: other protocols' handshakes count"
              : "\(Quantity.count(ideal, "connection")) would have done"))
    }
    tiles.append(
      .init(
        .multiUse, Quantity.percent(reuse.multiUseShare),
        "of \(Quantity.count(summary.connections.http, "HTTP connection"))"))
    let exchanges = summary.exchanges
    tiles.append(.init(.response, Quantity.count(exchanges.responses), exchanges.responseWords))
    if handshakes.failed > 0 {
      tiles.append(
        .init(
          .failed, Quantity.count(handshakes.failed),
          "\(Quantity.count(handshakes.refused)) refused, \(Quantity.count(handshakes.timedOut)) unanswered"))
    }
    let races = summary.races.count + summary.racesOmitted
    if races > 0 { tiles.append(.init(.closeRace, Quantity.count(races), "requests lost to a server's close")) }
    return tiles
  }

  private var nothingFound: PageModel.Answer {
    var answer = PageModel.Answer(headline: "No HTTP/1.x found: nothing to say about connection reuse.")
    let kinds = summary.connections.byProtocol.filter { $0.connections > 0 }
      .map { "\(Quantity.count($0.connections)) \($0.protocol.rawValue)" }
    if summary.capture.packets == 0 {
      answer.sentences.append("The capture holds no packets.")
    } else if summary.connections.total == 0 {
      answer.sentences.append(
        "None of \(Quantity.count(summary.capture.packets, "packet")) belongs to a TCP connection.")
    } else {
      answer.sentences.append(
        "Seen: \(Quantity.count(summary.connections.total, "TCP connection")): \(kinds.joined(separator: ", ")).")
    }
    answer.sentences.append(
      "Capture where HTTP is in the clear, whole packets and both directions: tcpdump -i any -s 0 -w capture.pcap tcp")
    return answer
  }

  private typealias Cell = Table.Cell
}
