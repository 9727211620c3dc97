import ReuseAnalysis
import Testing

@testable import Reports

@Test(arguments: [
  ("254 ms in all", ["254 ms", "in", "all"]),
  (
    "spent (445 ms); each p50 20.5 ms, p99 35.1 ms.",
    ["spent", "(445 ms);", "each", "p50", "20.5 ms,", "p99", "35.1 ms."]
  ),
  ("7 h 3 min", ["7 h", "3 min"]), ("<0.1 % of 3 GB", ["<0.1 %", "of", "3 GB"]),
  ("7 sessions, 2 B-trees", ["7", "sessions,", "2", "B-trees"]), ("s 3", ["s", "3"]), ("  a  b ", ["a", "b"]), ("", []),
])
func `a number and its unit are one word`(_ sentence: String, _ words: [String]) {
  #expect(Quantity.words(sentence) == words)
  #expect(Quantity.keepingUnits("of 3 GB") == "of 3\u{A0}GB")
}
