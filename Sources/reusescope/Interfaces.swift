import ArgumentParser
import PacketCapture
import Reports

struct Interfaces: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interfaces",
    abstract: "What can be captured on, and whether this user may.")

  func run() throws {
    let interfaces: [Interface]
    do {
      interfaces = try Interface.all()
    } catch {
      complain("\(error)")
      throw ExitCode(2)
    }
    let rows = [["interface", "state", "link type", "may capture", "addresses"]] + interfaces.map(row)
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var page = ""
    for row in rows {
      var line = ""
      for (cell, width) in zip(row, widths) { line += cell + String(repeating: " ", count: width - cell.count + 2) }
      while line.last == " " { line.removeLast() }
      page += line + "\n"
    }
    let output = OutputFile("-")
    do {
      try output.write(Array(page.utf8)[...])
      if interfaces.contains(where: { $0.permission == .denied }) {
        try output.write(Array("\nThis user may not capture. To allow it: \(Interface.permissionCommand)\n".utf8)[...])
      }
    } catch {
      complain("\(error)")
      throw ExitCode(2)
    }
  }

  private func row(_ interface: Interface) -> [String] {
    let permission =
      switch interface.permission {
      case .granted: "yes"
      case .denied: "no"
      case .unknown(let reason): "unknown: \(reason)"
      }
    let addresses = interface.addresses.isEmpty ? "-" : interface.addresses.joined(separator: " ")
    let state = interface.name == "any" ? "-" : interface.state.rawValue
    return [interface.name, state, interface.linkType.map { linkTypeName($0) } ?? "-", permission, addresses].map {
      TerminalText.escaped($0)
    }
  }
}
