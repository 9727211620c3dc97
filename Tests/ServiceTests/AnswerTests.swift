import Foundation
import ReuseAnalysis
import Screen
import Testing
import Wire

@testable import Service

@Suite struct `Answers of the service` {
  static var state: LiveState {
    let state = LiveState()
    state.show(Summary())
    var figures = ScreenFigures()
    figures.source = "eth0 \"<script>\""
    figures.reuse = 0.5...0.75
    figures.causes = [Summary.Cause(cause: .missedReuse, connections: 3, setupTime: 0)]
    figures.notes = [.init(.problem, "close race", server: "10.0.0.1:80")]
    figures.servers = (0..<2).map { i in
      ScreenFigures.Server(
        name: "10.0.0.\(i):80", rate: Double(i), openingRate: 0,
        figures: ServerFigures(
          endpoint: Endpoint(address: IPAddress(v4: UInt32(i)), port: 80), number: i, fresh: 1, reused: 1, unknown: 0,
          opened: 1,
          closeRaces: 0))
    }
    state.show(figures)
    return state
  }

  @Test(arguments: [
    ("/", 200, "text/html"), ("/live.js", 200, "text/javascript"), ("/live.css", 200, "text/css"),
    ("/page.css", 200, "text/css"), ("/report", 200, "text/html"), ("/sections", 200, "text/html"),
    ("/healthz", 200, "text/plain"), ("/metrics", 200, "text/plain; version=0.0.4"),
    ("/api/summary", 200, "application/json"), ("/api/summary?x=1", 200, "application/json"),
    ("/api/connections", 200, "application/json"), ("/api/connections?server=%zz&&=", 200, "application/json"),
    ("/events", 200, "text/event-stream"), ("/nope", 404, "text/plain"), ("/../etc/passwd", 404, "text/plain"),
    ("", 404, "text/plain"), ("//", 404, "text/plain"),
  ])
  func `have their kind`(_ target: String, _ status: Int, _ type: String) {
    let answer = Answer(to: target, of: Self.state, redacts: false)
    #expect(answer.status == status)
    #expect(answer.type.hasPrefix(type))
    #expect(answer.isStream == (target == "/events"))
  }

  @Test func `say that there is nothing yet`() {
    let state = LiveState()
    #expect(state.isWanted)
    #expect(Answer(to: "/metrics", of: state, redacts: false).status == 503)
    #expect(Answer(to: "/api/summary", of: state, redacts: false).status == 503)
    state.show(Summary())
    #expect(!state.isWanted)
    state.look()
    #expect(state.isWanted)
  }

  @Test func `are JSON where they say so`() throws {
    for target in ["/api/summary", "/api/connections"] {
      let answer = Answer(to: target, of: Self.state, redacts: false)
      _ = try JSONSerialization.jsonObject(with: Data(answer.octets))
    }
    let data = eventData(Self.state.figures)
    #expect(!data.contains(0x0A))
    let event = try #require(try JSONSerialization.jsonObject(with: Data(data)) as? [String: Any])
    #expect(event["source"] as? String == "eth0 \"<script>\"")
    let reuse = try #require(event["reuse"] as? [[Any]])
    #expect(reuse.count == 3 && reuse[2] as? [Double] == [0.5, 0.75] && reuse[0].allSatisfy { $0 is NSNull })
    let servers = try #require(event["servers"] as? [[Any]])
    #expect(servers.count == 2 && servers[0].count == 6 && servers[0][0] as? String == "10.0.0.1:80")
    #expect((event["causes"] as? [[Any]])?.first?.first as? String == "missed-reuse")
    #expect((event["notes"] as? [[String]])?.first == ["problem", "close race"])
  }

  @Test func `an empty moment is an event too`() throws {
    let event = try JSONSerialization.jsonObject(with: Data(eventData(ScreenFigures()))) as? [String: Any]
    #expect((event?["servers"] as? [Any])?.isEmpty == true)
  }

  @Test(arguments: [
    ("localhost", true, true), ("LOCALHOST:9475", true, true), ("127.0.0.1", true, true), ("127.1.2.3:80", true, true),
    ("[::1]", true, true), ("[::1]:9475", true, true), ("10.0.0.1", false, true), ("[2001:db8::1]:80", false, true),
    ("evil.example", false, false), ("127.0.0.1.evil.example", false, false), ("localhost.evil.example", false, false),
    ("", false, false), (":80", false, false), ("[", false, false), ("[]", false, false), ("[::1", false, false),
    ("[::1]x", false, false), ("127.0.0.1:80@evil", false, false), ("127.0.0", false, false),
    ("127.0.0.256", false, false),
    ("localhost:", true, true), ("0x7f.1", false, false), ("١٢٧.0.0.1", false, false),
  ])
  func `only to who names this machine`(_ host: String, _ local: Bool, _ remote: Bool) {
    #expect(isHostAllowed(host, allowsRemote: false) == local)
    #expect(isHostAllowed(host, allowsRemote: true) == remote)
  }

  @Test(
    arguments: [
      ("server=10.0.0.1%3A80", "10.0.0.1:80"), ("a=b&server=x+y", "x y"), ("server", ""), ("servers=1", nil), ("", nil),
      ("server=%", "%"), ("server=%4", "%4"), ("server=%c3%a4", "ä"),
    ] as [(String, String?)])
  func `take a query apart`(_ query: String, _ expected: String?) {
    #expect(value(of: "server", in: query) == expected)
  }

  @Test(arguments: [
    ("127.0.0.1:9475", "127.0.0.1", 9475), ("[::1]:80", "::1", 80), ("9475", "127.0.0.1", 9475),
    ("localhost:1", "127.0.0.1", 1), ("0.0.0.0:80", "0.0.0.0", 80),
  ])
  func `listen where they are told`(_ text: String, _ address: String, _ port: Int) throws {
    let settings = try #require(ServiceSettings(text))
    #expect(settings.address == address && settings.port == port)
    #expect(settings.isLoopback == (address != "0.0.0.0"))
  }

  @Test(arguments: [
    "", ":", "host:80", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "::1:80", "[::1]", "[::1]80", "1.2.3:4",
  ])
  func `refuse to listen on what is no address`(_ text: String) {
    #expect(ServiceSettings(text) == nil)
  }

  @Test func `the sections are those of the report, without its style and script`() {
    let report = String(decoding: Answer(to: "/report", of: Self.state, redacts: false).octets, as: UTF8.self)
    let sections = String(decoding: Answer(to: "/sections", of: Self.state, redacts: false).octets, as: UTF8.self)
    #expect(report.contains("<style>") && report.contains("<script>") && report.contains(sections))
    #expect(sections.contains("<main") && !sections.contains("<style") && !sections.contains("<script"))
  }

  @Test func `the page loads from here alone and sets no markup`() {
    for text in [LivePage.html, LivePage.script, LivePage.style] {
      #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("innerHTML"))
    }
    #expect(!LivePage.html.contains("style=") && !LivePage.html.contains("onload"))
  }
}
