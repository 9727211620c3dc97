import Reports
import ReuseAnalysis
import TestSupport
import Testing
import Wire

@testable import Screen

@Suite struct `Pages` {
  static func server(_ i: Int, rate: Double, requests: Int, reused: Int) -> ScreenFigures.Server {
    let endpoint = Endpoint(address: IPAddress(v4: 0x0A00_0000 | UInt32(i & 0xFF)), port: 80)
    return ScreenFigures.Server(
      name: "10.0.0.\(i):80", rate: rate, openingRate: 0.5,
      figures: ServerFigures(
        endpoint: endpoint, number: i, fresh: requests - reused, reused: reused, unknown: 0, opened: requests - reused,
        closeRaces: i % 3))
  }

  static var figures: ScreenFigures {
    var figures = ScreenFigures()
    figures.source = "eth0 (tcp port 80)"
    figures.elapsed = 754_000_000_000
    figures.clock = "06:45:10"
    figures.lastTen = .init(
      packets: 12_345, bits: 98_100_000, requests: 2_345, opened: 12.3, drops: 0, reuse: 0.982...0.982)
    figures.reuse = 0.95...0.97
    figures.servers = (0..<40).map { server($0, rate: Double($0), requests: 1000 - $0 * 10, reused: 20 * $0) }
    figures.causes = OpeningCause.allCases.enumerated().map { Summary.Cause(cause: $1, connections: $0, setupTime: 0) }
    figures.notes = [.init(.problem, "close-races: 10.0.0.1:80", server: "10.0.0.1:80"), .init(.info, "one request")]
    return figures
  }

  static func view(_ keys: [Key] = []) -> ScreenView {
    var view = ScreenView()
    view.update(figures)
    for key in keys { _ = view.press(key) }
    return view
  }

  @Test(arguments: [[], [.character("?")], [.down, .enter], [.character("/"), .character("3")]] as [[Key]])
  func `fit any terminal`(_ keys: [Key]) {
    let view = Self.view(keys)
    for (columns, rows) in [(80, 24), (200, 60), (40, 10), (1, 1), (5, 3), (300, 5), (20, 100)] {
      let page = view.page(columns: columns, rows: rows)
      #expect(page.lines.count <= rows)
      #expect(page.text.split(separator: "\n").allSatisfy { TerminalText.width(String($0)) <= columns })
    }
  }

  @Test func `say what matters in 80 by 24`() {
    let text = Self.view().page(columns: 80, rows: 24).text
    for words in [
      "eth0", "12,345/s", "98 Mbit/s", "2,345/s", "98.2 %", "95.0–97.0 %", "10.0.0.39:80", "after-unknown",
      "close-races", "q quit",
    ] {
      #expect(text.contains(words), "\(words) is not in\n\(text)")
    }
  }

  @Test func `sort, filter and mark`() {
    func names(_ keys: [Key]) -> [String] {
      Self.view(keys).page(columns: 80, rows: 24).text.split(separator: "\n").compactMap { line in
        line.split(separator: " ").first.flatMap { $0.hasPrefix("10.0.0.") ? String($0) : nil }
      }
    }
    #expect(names([]).first == "10.0.0.39:80")
    #expect(names([.character("s")]).first == "10.0.0.0:80")
    #expect(names([.character("/"), .character("3"), .character("8"), .enter]) == ["10.0.0.38:80"])
    #expect(names([.character("/"), .character("x"), .escape]).first == "10.0.0.39:80")
    let detail = Self.view([.down, .down, .enter]).page(columns: 80, rows: 24).text
    #expect(detail.contains("SERVER 10.0.0.38:80"))
    #expect(Self.view([.end, .enter]).page(columns: 80, rows: 24).text.contains("SERVER 10.0.0.0:80"))
    #expect(Self.view([.end, .enter, .escape]).page(columns: 80, rows: 24).text.contains("10.0.0.0:80"))
  }

  @Test func `a pause holds the figures still`() {
    var view = Self.view([.character("p")])
    var later = Self.figures
    later.clock = "07:00:00"
    view.update(later)
    #expect(view.page(columns: 80, rows: 24).text.contains("06:45:10"))
    #expect(view.page(columns: 80, rows: 24).text.contains("PAUSED"))
    _ = view.press(.character("p"))
    view.update(later)
    #expect(view.page(columns: 80, rows: 24).text.contains("07:00:00"))
  }

  @Test func `quitting is said`() {
    var view = ScreenView()
    #expect(view.press(.character("q")) == .quit)
    #expect(view.press(.character("/")) == nil)
    #expect(view.press(.character("q")) == nil)  // typed into the filter
  }

  @Test func `random keys do no harm`() {
    let seed = SplitMix64.newSeed()
    var random = SplitMix64(seed: seed)
    let keys: [Key] = [
      .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .enter, .escape, .backspace, .redraw,
      .character("s"), .character("S"), .character("/"), .character("?"), .character("p"), .character("3"),
    ]
    var view = ScreenView()
    for _ in 0..<2000 {
      if Bool.random(using: &random) { view.update(Bool.random(using: &random) ? Self.figures : ScreenFigures()) }
      _ = view.press(keys[Int.random(in: 0..<keys.count, using: &random)])
      let (columns, rows) = (Int.random(in: 1...120, using: &random), Int.random(in: 1...60, using: &random))
      #expect(view.page(columns: columns, rows: rows).lines.count <= rows, "seed \(seed)")
    }
  }

  @Test func `only what changed is sent`() {
    var frames = Frames(usesStyles: true)
    let view = Self.view()
    let first = frames.update(to: view.page(columns: 80, rows: 24))
    #expect(first.count > 500)
    #expect(frames.update(to: view.page(columns: 80, rows: 24)) == [])
    var changed = view
    _ = changed.press(.down)
    let second = frames.update(to: changed.page(columns: 80, rows: 24))
    #expect(!second.isEmpty && second.count < 250)
    #expect(frames.update(to: changed.page(columns: 79, rows: 24)).count > 500)
  }
}
