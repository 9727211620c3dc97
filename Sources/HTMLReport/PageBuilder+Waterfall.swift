import Reports
import ReuseAnalysis

extension PageBuilder {
  /// The room that the waterfall needs, for the style sheet: nothing moves when the script has drawn it.
  static func heights(_ lanes: [Lane]) -> String {
    let servers = lanes.indices.count { $0 == 0 || lanes[$0 - 1].server != lanes[$0].server }
    return ":root{--lanes:\(34 + lanes.count * 16 + servers * 26)px}\n"
  }

  func waterfall(_ choice: ConnectionSample.Choice) -> PageModel.Waterfall? {
    guard !choice.lanes.isEmpty else { return nil }
    let data = WaterfallData(choice, summary: summary, names: names)
    let still = stillLanes(choice.lanes)
    return .init(
      data: String(decoding: data.text, as: UTF8.self), sentences: sentences(choice, data),
      still: .init(
        drawing: Drawings.waterfall(still, duration: summary.capture.duration),
        label: "Connections over time",
        caption: still.count < choice.lanes.count
          ? "\(Quantity.count(still.count)) of \(Quantity.count(choice.connections, "connection")): those that findings "
            + "name, and others in order." : nil))
  }

  /// What is drawn, what was cut, and how that was chosen.
  private func sentences(_ choice: ConnectionSample.Choice, _ data: WaterfallData) -> [String] {
    var sentences: [String] = []
    if choice.lanes.count < choice.connections {
      sentences.append(
        "Drawn: \(Quantity.count(choice.lanes.count)) of \(Quantity.count(choice.connections, "connection")): all that "
          + "findings name; of the others a share of each server, cause and kind of end, more of raced, stalled, "
          + "pipelined and broken ones, chosen evenly over the capture.")
    } else {
      sentences.append("Drawn: all \(Quantity.count(choice.connections, "connection")).")
    }
    if choice.exchangesLeftOut > 0 || data.marksEach != nil {
      sentences.append(
        "Of connections with many exchanges only the first and the last are drawn"
          + (data.marksEach.map { ", \(Quantity.count($0)) each at most" } ?? "") + ".")
    }
    return sentences
  }

  /// Those that findings name, worst first, then the others; drawn in their order.
  private func stillLanes(_ lanes: [Lane]) -> [Lane] {
    guard lanes.count > Drawings.stillLanes else { return lanes }
    var wanted: Set<Int> = []
    for id in summary.findings.flatMap(\.examples) where wanted.count < Drawings.stillLanes { wanted.insert(id) }
    let examples = lanes.count { wanted.contains($0.id) }
    // The others evenly: each nth of the order by server, client and time.
    let others = lanes.filter { !wanted.contains($0.id) }
    let room = Drawings.stillLanes - examples
    if room > 0, !others.isEmpty {
      for i in 0..<room { wanted.insert(others[i * others.count / room].id) }
    }
    return Array(lanes.filter { wanted.contains($0.id) }.prefix(Drawings.stillLanes))
  }
}
