import Reports
import ReuseAnalysis

extension PageBuilder {
  var accounting: PageModel.Section {
    let ledger = summary.ledger
    var section = PageModel.Section("accounting", "Accounting", .ledger)
    func table(_ caption: String, _ rows: [(String, Int)], _ cell: (Int) -> Table.Cell) -> Table {
      var table = Table(caption, [.init("row", isNumber: false), .init("amount")], isSortable: false)
      for row in rows where row.1 != 0 { table.add([.name(row.0), cell(row.1)]) }
      return table
    }
    section.tables = [
      table(
        "Packets: \(Quantity.count(ledger.packets))",
        [
          ("analysed as TCP", ledger.tcp), ("TCP on other ports", ledger.otherPorts), ("not TCP", ledger.notTCP),
          ("not IP", ledger.notIP), ("not decodable", ledger.undecodable),
          ("fragments, put together", ledger.fragments),
          ("captured twice", ledger.duplicateFrames), ("dropped by a limit", ledger.limit),
          ("in no row: a defect of this program", ledger.packetRemainder),
        ], { .count($0) }),
      table(
        "Payload: \(Quantity.size(ledger.payloadBytes))",
        [
          ("delivered", ledger.delivered), ("retransmitted", ledger.retransmitted),
          ("seen before, in segments with new bytes", ledger.overlapping),
          ("missing: cut by the snapshot length", ledger.missingCut),
          ("missing: acknowledged, not captured", ledger.missingUnseen), ("outside the window", ledger.outOfWindow),
          ("after the close", ledger.afterClose), ("dropped by a limit", ledger.droppedByLimit),
          ("in no row: a defect of this program", ledger.payloadRemainder),
        ], { .init(text: Quantity.size($0)) }),
    ]
    let notes = summary.warnings.filter { !$0.matters }.map { TerminalText.escaped($0.message) }
    section.sentences = notes
    return section
  }
}
