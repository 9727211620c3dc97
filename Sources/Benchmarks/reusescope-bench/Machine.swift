import Foundation

/// What the figures were measured on.
struct Machine: Encodable, CustomStringConvertible {
  var processor = "unknown processor"
  var processors = ProcessInfo.processInfo.activeProcessorCount
  var memoryBytes = Int(clamping: ProcessInfo.processInfo.physicalMemory)
  var system = ProcessInfo.processInfo.operatingSystemVersionString

  init() {
    let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    if let line = facts.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
      let name = line.split(separator: ":").dropFirst().first
    {
      processor = name.trimmingCharacters(in: .whitespaces)
    }
    if let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8) {
      system = "Linux \(release.trimmingCharacters(in: .newlines)), \(system)"
    }
  }

  var description: String {
    "\(processor), \(processors) processors, \(memoryBytes >> 30) GiB; \(system)"
  }
}
