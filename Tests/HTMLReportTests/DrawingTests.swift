import Foundation
import TestSupport
import Testing
import Wire

@testable import HTMLReport
@testable import ReuseAnalysis

private let ms: Int64 = 1_000_000
private let second: Int64 = 1_000_000_000

private func endpoint(_ number: Int) -> Endpoint {
  Endpoint(address: IPAddress(v4: 0x0A00_0000 + UInt32(truncatingIfNeeded: number)), port: 8_080)
}

/// Numbers after an attribute, one an element.
private func numbers(_ svg: String, _ element: String, _ attribute: String, class name: String) -> [Double] {
  svg.components(separatedBy: "<\(element) class=\"\(name)\"").dropFirst().compactMap { rest in
    rest.prefix { $0 != ">" }.components(separatedBy: " \(attribute)=\"").dropFirst().first
      .flatMap { Double($0.prefix { $0 != "\"" }) }
  }
}

@Suite struct DrawingTests {
  @Test func `timeouts that are close are one band, and labels do not overlap`() {
    let marks = TimeoutMark.grouped(
      [60 * second, 5 * second, 75 * second, 61 * second, 6 * second, 65 * second], servers: 7)
    #expect(
      marks.map(\.label) == [
        "timeouts 5.00 s to 6.00 s (2 of 7 servers)", "timeouts 60.0 s to 75.0 s (4 of 7 servers)",
      ])
    #expect(TimeoutMark.grouped([]).isEmpty)
    #expect(TimeoutMark.grouped([.max, .max]).count == 1)
    #expect(TimeoutMark.grouped((0..<1000).map { Int64($0) * second }).count == 4)

    for times in [[5, 7, 9, 12], [60, 80, 110, 150], [1, 900, 1200]] {
      let marks = TimeoutMark.grouped(times.map { Int64($0) * second }, servers: 9)
      #expect(marks.count == times.count)
      let svg = Drawings.gaps([(upTo: second, count: 3)], curve: [(gap: second, share: 1)], timeouts: marks).text
      // Each label's place, as wide as its letters at the least.
      let labels = svg.components(separatedBy: "<text ").compactMap { text -> (x: ClosedRange<Double>, y: Double)? in
        guard text.contains(">timeout"), let x = value("x", text), let y = value("y", text) else { return nil }
        let width = Double(text.components(separatedBy: ">")[1].prefix { $0 != "<" }.count) * 5.5
        return (text.contains("anchor=\"end\"") ? x - width...x : x...x + width, y)
      }
      #expect(labels.count == times.count)
      for (i, label) in labels.enumerated() {
        #expect(label.x.lowerBound >= 0 && label.x.upperBound <= 480, "\(times)")
        #expect(labels[..<i].allSatisfy { $0.y != label.y || !$0.x.overlaps(label.x) }, "\(times)")
      }
    }
  }

  private func value(_ name: String, _ element: String) -> Double? {
    element.components(separatedBy: "\(name)=\"").dropFirst().first.flatMap { Double($0.prefix { $0 != "\"" }) }
  }

  @Test func `bars of lengths are as high as their counts and side by side`() throws {
    let lengths: Summary.Lengths = [(upTo: 10 * ms, count: 5), (upTo: 20 * ms, count: 10), (upTo: 50 * ms, count: 0)]
    let svg = Drawings.lengths(lengths, kind: "k6", axis: "delay", label: "Delays").text
    let heights = numbers(svg, "rect", "height", class: "k6")
    #expect(heights.count == 2)
    #expect(abs(heights[1] - 2 * heights[0]) < 0.2)
    let starts = numbers(svg, "rect", "x", class: "k6")
    let widths = numbers(svg, "rect", "width", class: "k6")
    #expect(starts[0] + widths[0] <= starts[1])
    // 5 to 10 ms and 10 to 20 ms: a factor of two each.
    #expect(abs(widths[0] - widths[1]) < 0.2)
    #expect(svg.contains("5.00 ms to 10.0 ms: 5"))
  }

  @Test func `parts of a bar add up to its length`() {
    let bars = [
      (
        label: "a", parts: [Drawings.Part(kind: "k1", label: "x", count: 30), .init(kind: "k2", label: "y", count: 70)]
      ),
      (label: "b", parts: [Drawings.Part(kind: "k1", label: "x", count: 50), .init(kind: "k2", label: "y", count: 0)]),
    ]
    let svg = Drawings.stacked(bars, label: "s").text
    let one = numbers(svg, "rect", "width", class: "k1")
    let two = numbers(svg, "rect", "width", class: "k2")
    #expect(one.count == 2 && two.count == 1)
    #expect(abs(one[0] + 1 + two[0] - 2 * one[1]) < 0.3)
  }

  @Test func `numbers of any size stay in a drawing`() {
    let points: [Summary.Load.Point] = [
      .init(open: .infinity, busy: .nan, openings: .max, handshakes: 0, requests: 0),
      .init(open: -1, busy: 1e300, openings: -1, handshakes: 0, requests: 0),
    ]
    for interval in [0, 1, .max] as [Int64] {
      let svg = Drawings.load(points, interval: interval, label: "l").text
      #expect(!svg.contains("nan") && !svg.contains("inf"))
      #expect(Drawings.counts([.max, 0, .min], interval: interval, kind: "k7", label: "c").text.hasSuffix("</svg>"))
    }
    #expect(Drawings.lengths([], kind: "k1", axis: "a", label: "l").text.hasSuffix("</svg>"))
    #expect(Drawings.lengths([(upTo: .max, count: .max)], kind: "k1", axis: "a", label: "l").text.hasSuffix("</svg>"))
    #expect(Drawings.bars([], label: "b") { "\($0)" }.text.hasSuffix("</svg>"))
  }

  @Test func `head-of-line blocking, TIME-WAIT and the load of each server are drawn`() throws {
    var summary = hostileSummary()
    summary.findings = []
    summary.headOfLine.pipelinedExchanges = 3
    summary.headOfLine.delayed = 3
    summary.headOfLine.delaysByLength = [(upTo: 10 * ms, count: 3)]
    summary.headOfLine.stalls.count = 2
    summary.headOfLine.stallsByLength = [(upTo: 5 * ms, count: 2)]
    summary.timeWait.total = .init(address: IPAddress(v4: 0), connections: 3, peak: 3, at: second)
    summary.timeWait.points = [0, 3, 3]
    summary.timeWait.endpoints = (1...40).map {
      .init(address: endpoint($0).address, connections: 3, peak: 100 - $0, at: second)
    }
    summary.timeWait.ports = [.init(client: endpoint(1).address, server: endpoint(2), peak: 14_116, share: 0.5)]
    let points = [Summary.Load.Point(open: 2, busy: 1, openings: 2, handshakes: 2, requests: 3)]
    summary.load.interval = second
    summary.load.total.points = points
    summary.load.servers = (1...10).map { .init(server: endpoint($0), points: points) }
    var group = Summary.Group()
    summary.servers = (1...500).map { number in
      group.server = endpoint(number)
      group.causes = [.init(cause: .missedReuse, connections: number, setupTime: 0)]
      group.closes = [.init(reason: .open, closedBy: nil, connections: number)]
      return group
    }
    summary.causes = [
      .init(cause: .missedReuse, connections: 125_250, setupTime: 0),
      .init(cause: .allBusy, connections: 1, setupTime: 0),
    ]
    summary.closes = [
      .init(reason: .open, closedBy: nil, connections: 125_250),
      .init(reason: .unused, closedBy: .server, connections: 1),
    ]
    let page = String(decoding: ReportPage().octets(summary), as: UTF8.self)
    for label in [
      "Pipelined requests by head-of-line delay", "TCP stalls by length", "Connections in TIME-WAIT over time",
      "TIME-WAIT by address", "Ports in use, by client and server", "Load of 10.0.0.1:8080", "Load of 10.0.0.6:8080",
      "Connections of each server by why they were opened", "Connections of each server by how they ended",
    ] {
      #expect(
        page.components(separatedBy: "role=\"region\" tabindex=\"0\" aria-label=\"\(label)\"").count == 2, "\(label)")
    }
    #expect(page.contains(">50.0 %<"))
    #expect(!page.contains("Load of 10.0.0.7:8080"))
    // Twelve servers, however many there are.
    #expect(page.components(separatedBy: "488 more servers had ").count == 3)
  }
}
