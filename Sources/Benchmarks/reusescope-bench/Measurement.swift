import Foundation

/// One pass: what it found and what it took.
struct Sample {
  let counts: Counts
  let wall, cpu: Double
  /// The most memory that the process held during it, where the system tells.
  let peakOctets: Int?

  init(_ pass: () throws -> Counts) throws {
    resetPeakMemory()
    let clock = ContinuousClock()
    let (begin, cpuBegin) = (clock.now, clock_t.processTime)
    counts = try pass()
    cpu = clock_t.processTime - cpuBegin
    wall = (clock.now - begin) / .seconds(1)
    peakOctets = peakMemory()
  }
}

struct Measurement {
  let subject: Subject
  var samples: [Sample] = []

  var wall: Double { median(of: samples.map(\.wall)) }
  var cpu: Double { median(of: samples.map(\.cpu)) }
  var peakOctets: Int? { samples.compactMap(\.peakOctets).max() }
}

extension clock_t {
  /// Seconds of processor time that the process has used, user and system.
  fileprivate static var processTime: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}

func median(of values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}

/// Linux: the high-water mark is reset by writing 5 to clear_refs (proc_pid_clear_refs(5)). Where that is refused, the
/// mark of a pass includes those before it. What the allocator keeps of earlier passes counts in any case.
private func resetPeakMemory() {
  if let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") {
    try? file.write(contentsOf: Data("5".utf8))
    try? file.close()
  }
}

private func peakMemory() -> Int? {
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
    let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
  else { return nil }
  return kilobytes * 1024
}
