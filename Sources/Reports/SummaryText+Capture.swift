import ReuseAnalysis

extension SummaryText {
  /// A capture without HTTP: what it holds instead, and how to capture what is needed.
  mutating func writeNothingFound() {
    let capture = summary.capture
    page.line()
    page.line(page.bold("No HTTP/1.x found: nothing to say about connection reuse."))
    page.line()
    if capture.packets == 0 {
      page.sentence("The capture holds no packets.")
    } else if summary.connections.total == 0 {
      page.sentence("None of \(Quantity.count(capture.packets, "packet")) belongs to a TCP connection.")
    } else {
      let kinds = protocolCounts.map(\.text).joined(separator: ", ")
      page.sentence(
        "Seen: \(Quantity.count(summary.connections.total, "TCP connection"))"
          + (kinds.isEmpty ? "." : ": \(kinds)."))
    }
    page.line()
    page.line("  How to capture HTTP:")
    for hint in hints { page.sentence("- " + hint, indent: 2, hanging: 4) }
  }

  private var hints: [String] {
    var hints: [String] = []
    func connections(_ kind: ConnectionProtocol) -> Int {
      summary.connections.byProtocol.first { $0.protocol == kind }?.connections ?? 0
    }
    if connections(.tls) > 0 {
      hints.append(
        "TLS hides the requests: capture where they are in the clear, such as between the proxy that ends TLS and the "
          + "application behind it.")
    }
    if connections(.h2c) > 0 { hints.append("HTTP/2 is not analysed.") }
    if summary.capture.cutPackets > 0 {
      hints.append(
        "\(Quantity.count(summary.capture.cutPackets, "packet is", "packets are")) cut: capture whole packets (tcpdump -s 0)."
      )
    }
    if summary.ledger.otherPorts > 0 {
      hints.append(
        "\(Quantity.count(summary.ledger.otherPorts, "TCP packet is", "TCP packets are")) on other ports: leave out "
          + "--server-port.")
    }
    if summary.ledger.undecodable > 0 || summary.ledger.notIP > summary.capture.packets / 2 {
      hints.append("Packets that could not be decoded are listed below: is it the right interface?")
    }
    hints.append("On the client, server or proxy: tcpdump -i any -s 0 -w capture.pcap tcp")
    return hints
  }

  // MARK: accounting

  mutating func writeLedger() {
    page.heading("ACCOUNTING")
    writePackets()
    writePayload()
    if let drops = summary.capture.drops, drops > 0 {
      page.sentence("The capturing system dropped \(Quantity.count(drops, "packet")): they are not here.")
    }
    if summary.capture.truncated { page.sentence("The capture ends in the middle of a packet or is damaged.") }
  }

  private mutating func writePackets() {
    let ledger = summary.ledger
    if ledger.packets == 0 {
      page.line("  Packets   none.")
    } else if ledger.tcp == ledger.packets {
      page.line("  Packets   \(Quantity.count(ledger.packets)): all analysed as TCP.")
    } else {
      page.line("  Packets   \(Quantity.count(ledger.packets)):")
      itemize(
        [
          ("analysed as TCP", ledger.tcp), ("TCP on other ports", ledger.otherPorts), ("not TCP", ledger.notTCP),
          ("not IP", ledger.notIP), ("not decodable", ledger.undecodable),
          ("fragments, put together", ledger.fragments),
          ("captured twice", ledger.duplicateFrames), ("dropped by a limit", ledger.limit),
        ], format: { Quantity.count($0) })
      for stop in ledger.stops.prefix(stopRows) {
        page.sentence(
          "\(TerminalText.escaped(stop.layer)): \(TerminalText.escaped(stop.reason)), \(Quantity.count(stop.packets))",
          indent: 14, hanging: 16, isNote: true)
      }
      if ledger.stops.count > stopRows {
        page.sentence("and \(Quantity.count(ledger.stops.count - stopRows, "more reason"))", indent: 14, isNote: true)
      }
    }
    if ledger.packetRemainder != 0 {
      page.sentence("\(Quantity.count(ledger.packetRemainder, "packet")) in no row: a defect of this program.")
    }
  }

  /// Reasons for which packets were not analysed that are shown.
  private var stopRows: Int { 5 }

  private mutating func writePayload() {
    let ledger = summary.ledger
    if ledger.payloadBytes == 0 {
      page.line("  Payload   none.")
    } else if ledger.delivered == ledger.payloadBytes {
      page.line("  Payload   \(Quantity.size(ledger.payloadBytes)): all delivered, each byte once.")
    } else {
      page.line("  Payload   \(Quantity.size(ledger.payloadBytes)):")
      itemize(
        [
          ("delivered", ledger.delivered), ("retransmitted", ledger.retransmitted),
          ("seen before, in segments with new bytes", ledger.overlapping),
          ("missing: cut by the snapshot length", ledger.missingCut),
          ("missing: acknowledged, not captured", ledger.missingUnseen), ("outside the window", ledger.outOfWindow),
          ("after the close", ledger.afterClose), ("dropped by a limit", ledger.droppedByLimit),
        ], format: { Quantity.size($0) })
    }
    if ledger.payloadRemainder != 0 {
      page.sentence("\(Quantity.size(ledger.payloadRemainder)) in no row: a defect of this program.")
    }
  }

  /// The rows that are not 0.
  private mutating func itemize(_ rows: [(name: String, value: Int)], format: (Int) -> String) {
    for row in rows where row.value != 0 {
      let value = format(row.value)
      page.line(page.spaces(22 - TerminalText.width(value)) + value + "  " + row.name)
    }
  }

  mutating func writeWarnings() {
    guard !summary.warnings.isEmpty else { return }
    page.heading("WARNINGS")
    for warning in summary.warnings.sorted(by: { $0.matters && !$1.matters }) {
      page.sentence(
        (warning.matters ? "! " : "- ") + TerminalText.escaped(warning.message), indent: 2, hanging: 4)
    }
  }
}
