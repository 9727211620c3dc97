import ArgumentParser

/// A time span on the command line: "90s", "5m", "2h", "1d", "500ms"; a bare number is seconds.
struct TimeSpan: ExpressibleByArgument, Equatable {
  let milliseconds: Int

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    let scale: Int
    switch argument.dropFirst(digits.count) {
    case "ms": scale = 1
    case "", "s": scale = 1000
    case "m", "min": scale = 60_000
    case "h": scale = 3_600_000
    case "d": scale = 86_400_000
    default: return nil
    }
    guard let number = Int(digits) else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: scale)
    guard !overflow, product > 0, product <= 10_000 * 86_400_000 else { return nil }
    milliseconds = product
  }

  var duration: Duration { .milliseconds(milliseconds) }
}
