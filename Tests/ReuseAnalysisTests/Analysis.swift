import ReuseAnalysis
import TestSupport

/// What the analysis makes of frames.
struct Analysis {
  var exchanges: [ExchangeRow] = []
  var connections: [ConnectionRow] = []
  var summary = Summary()
  var ledgerAddsUp = false

  init(_ frames: [TimedFrame], _ configure: (inout AnalyzerConfiguration) -> Void = { _ in }) {
    var configuration = AnalyzerConfiguration()
    configuration.wantsExchanges = true
    configuration.wantsConnections = true
    configure(&configuration)
    var analyzer = Analyzer(configuration: configuration)
    for frame in frames {
      analyzer.observe(
        timestamp: frame.time, capturedLength: frame.octets.count, originalLength: frame.originalLength, linkType: 1,
        octets: frame.octets.span)
    }
    analyzer.finish()
    exchanges = analyzer.exchanges
    connections = analyzer.connections
    summary = analyzer.summary()
    ledgerAddsUp = analyzer.ledgerAddsUp
  }

  init(_ conversations: Conversation...) { self.init(Conversation.merge(conversations)) }

  /// "METHOD target status" for each exchange, "-" for what is not there.
  var pairs: [String] {
    exchanges.map { e in
      let request = e.request.map { text($0.method) + " " + text($0.target) } ?? "-"
      return request + " " + (e.response.map { String($0.status) } ?? "-")
    }
  }
}

func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }

func get(_ target: String, _ fields: String = "") -> String {
  "GET \(target) HTTP/1.1\r\nHost: shop.test\r\n\(fields)\r\n"
}

func ok(_ size: Int = 5, _ fields: String = "", status: Int = 200, version: String = "1.1") -> String {
  "HTTP/\(version) \(status) OK\r\nContent-Length: \(size)\r\n\(fields)\r\n" + String(repeating: "x", count: size)
}

let second = 1_000_000_000 as Int64
let millisecond = 1_000_000 as Int64
