import Comparison
import Testing

private func json(_ text: String) throws -> JSONValue { try #require(JSONValue(Array(text.utf8))) }

private let summary = """
  {"reusescope": "1", "capture": {"truncated": false, "drops": null, "link_types": ["Ethernet"]},
   "reuse": {"ratio": [0.25, 0.5], "efficiency": null, "handshakes": {"paid": 7}}, "exact": {"ratio": [0.5, 0.5]},
   "causes": [{"cause": "missed-reuse", "connections": 3, "setup_time": 0.25},
              {"cause": "all-busy", "connections": 0, "setup_time": 0}],
   "closes": [{"reason": "close-header", "closed_by": "server", "connections": 2},
              {"reason": "close-header", "closed_by": "client", "connections": 5}],
   "races": [], "findings": [{"id": "missed-reuse", "severity": "warning"}, {"id": "http10", "severity": "warning"}],
   "servers": [{"server": "10.0.0.2:80", "close_races": 4, "as": "nginx",
                "causes": [{"cause": "all-busy", "connections": 9}, {"cause": "first-contact", "connections": 1}]},
               {"server": "[2001:db8::1]:80", "close_races": 1, "causes": []}]}
  """

@Suite struct FigurePathTests {
  @Test(arguments: [
    ("reuse.handshakes.paid", 7...7), ("reuse.ratio", 0.25...0.5), ("reuse.ratio.low", 0.25...0.25),
    ("reuse.ratio.high", 0.5...0.5), ("causes[missed-reuse].connections", 3...3),
    ("causes[missed-reuse].setup_time", 0.25...0.25), ("causes[0].connections", 3...3),
    ("closes[close-header].connections", 7...7), ("closes[close-header][client].connections", 5...5),
    ("closes[mid-exchange].connections", 0...0), ("closes.count", 2...2), ("races.count", 0...0),
    ("findings.count", 2...2), ("findings[warning].count", 2...2), ("findings[problem].count", 0...0),
    ("findings[missed-reuse].count", 1...1), ("servers[10.0.0.2:80].close_races", 4...4),
    ("servers[[2001:db8::1]:80].close_races", 1...1), ("servers[1].close_races", 1...1),
    ("servers[10.0.0.2:80].causes.count", 2...2), ("servers[10.0.0.2:80].causes[all-busy].connections", 9...9),
  ])
  func leadsToNumbers(_ path: String, _ expected: ClosedRange<Double>) throws {
    #expect(try #require(FigurePath(path)).figure(in: json(summary)) == .range(expected))
  }

  @Test(arguments: [
    ("capture.truncated", FigurePath.Figure.bool(false)), ("capture.drops", .unknown), ("reuse.efficiency", .unknown),
    ("reuse.efficiency.low", .unknown), ("servers[0].as", .word("nginx")),
    ("servers[10.0.0.9:80].close_races", .noSuchRow), ("servers[7].close_races", .noSuchRow),
    // A word that no table can hold is a mistake, not a zero.
    ("causes[missd-reuse].connections", .noSuchRow), ("reuse.ration", .noSuchFigure), ("reuse", .noSuchFigure),
    ("reuse.ratio.middle", .noSuchFigure), ("capture.link_types", .noSuchFigure), ("causes.connections", .noSuchFigure),
    ("reuse[x].paid", .noSuchFigure), ("servers[10.0.0.2:80].close_race", .noSuchFigure),
  ])
  func saysWhatItFound(_ path: String, _ expected: FigurePath.Figure) throws {
    #expect(try #require(FigurePath(path)).figure(in: json(summary)) == expected)
  }

  @Test(arguments: ["", ".", "a.", ".a", "a..b", "a b", "a[", "a[]", "a[x", "a]x[", "a[x]y", "é.x", "a-b"])
  func refusesWhatIsNoPath(_ text: String) {
    #expect(FigurePath(text) == nil)
  }
}

@Suite struct ConditionTests {
  @Test(arguments: [
    ("reuse.handshakes.paid > 6", Condition.Outcome.holds("7")), ("reuse.handshakes.paid>7", .doesNotHold),
    ("reuse.handshakes.paid >= 7", .holds("7")), ("reuse.handshakes.paid <= 7", .holds("7")),
    ("reuse.handshakes.paid < 7", .doesNotHold), ("reuse.handshakes.paid == 7", .holds("7")),
    ("reuse.handshakes.paid == 7.5", .doesNotHold), (" exact.ratio < 60 % ", .holds("0.5")),
    ("exact.ratio<50%", .doesNotHold), ("capture.truncated == false", .holds("false")),
    ("capture.truncated == true", .doesNotHold), ("servers[0].as == nginx", .holds("nginx")),
    ("servers[0].as == Apache httpd", .doesNotHold), ("reuse.ratio < 0.6", .holds("0.25 to 0.5")),
    ("reuse.ratio < 0.25", .doesNotHold), ("servers[10.0.0.2:80].close_races > 3", .holds("4")),
    ("reuse.ratio < 0.3", .undecided("reuse.ratio lies within 0.25 to 0.5")),
    ("reuse.ratio == 0.3", .undecided("reuse.ratio lies within 0.25 to 0.5")),
    ("reuse.efficiency < 0.5", .undecided("this capture does not tell reuse.efficiency")),
    ("servers[9].close_races > 3", .undecided("there is no such row here: servers[9].close_races")),
    ("reuse.ration < 1", .wrong("the summary has no figure reuse.ration")),
    ("capture.truncated < 1", .wrong("capture.truncated cannot be compared with that value")),
  ])
  func outcomes(_ text: String, _ expected: Condition.Outcome) throws {
    #expect(try #require(Condition(text)).outcome(in: json(summary)) == expected)
  }

  @Test(arguments: [
    "", "reuse.ratio", "< 1", "reuse.ratio <", "reuse.ratio = 1", "reuse.ratio => 1", "reuse.ratio <> 1",
    "reuse.ratio < nginx", "reuse.ratio < 1 < 2", "capture.truncated < true", "a b < 1", "reuse.ratio < nan",
    "reuse.ratio < inf",
  ])
  func refusesWhatIsNone(_ text: String) {
    #expect(Condition(text) == nil)
  }

  @Test func readsNoJSONThatIsNone() {
    for text in ["", "{", "nul", "{\"a\": }", String(repeating: "[", count: 100_000)] {
      #expect(JSONValue(Array(text.utf8)) == nil)
    }
  }
}
