import ReuseAnalysis

/// Everything that the screen shows at one moment.
package struct ScreenFigures: Sendable {
  /// What happened in a stretch of time.
  package struct Rate: Sendable {
    package var packets, bits, requests, opened: Double
    package var drops: Int
    /// `nil`: no exchange ended.
    package var reuse: ClosedRange<Double>?

    package init(
      packets: Double, bits: Double, requests: Double, opened: Double, drops: Int, reuse: ClosedRange<Double>?
    ) {
      (self.packets, self.bits, self.requests, self.opened) = (packets, bits, requests, opened)
      (self.drops, self.reuse) = (drops, reuse)
    }
  }

  package struct Server: Sendable {
    package var name: String
    /// Requests a second, lately.
    package var rate: Double
    package var openingRate: Double
    package var figures: ServerFigures

    package init(name: String, rate: Double, openingRate: Double, figures: ServerFigures) {
      (self.name, self.rate, self.openingRate, self.figures) = (name, rate, openingRate, figures)
    }
  }

  package struct Note: Sendable {
    package enum Weight: String, Sendable {
      case info, warning, problem
    }

    package var weight: Weight
    package var text: String
    /// The server that it is about.
    package var server: String?

    package init(_ weight: Weight, _ text: String, server: String? = nil) {
      (self.weight, self.text, self.server) = (weight, text, server)
    }
  }

  package var source = ""
  /// Nanoseconds since the capture began.
  package var elapsed: Int64 = 0
  package var clock = ""
  package var now = CurrentFigures()
  package var lastTen: Rate?
  package var lastMinute: Rate?
  package var kernelDrops = 0
  package var interfaceDrops = 0
  package var reuse: ClosedRange<Double>?
  package var causes: [Summary.Cause] = []
  package var servers: [Server] = []
  /// The tables in full, a little older than the rest.
  package var groups: [String: Summary.Group] = [:]
  /// Findings first, then races, the latest first.
  package var notes: [Note] = []

  package init() {}
}
