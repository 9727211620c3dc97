import Foundation
import Testing
import Wire

@testable import HTMLReport
@testable import ReuseAnalysis

/// What an attacker may send, in every place that came from a capture.
let hostileText =
  #"</script><script>alert(1)</script><img src=x onerror=alert(2)>'"&{{style}}"# + "\u{2028}\u{202E}\u{1B}[2J"

func hostileSummary() -> Summary {
  var summary = Summary()
  let server = Endpoint(address: IPAddress(v4: 0x0A00_0001), port: 80)
  summary.capture.files = ["/captures/" + hostileText]
  summary.capture.linkTypes = [hostileText]
  summary.capture.packets = 10
  summary.ledger.packets = 10
  summary.ledger.tcp = 10
  summary.connections.total = 1
  summary.connections.http = 1
  summary.exchanges.total = 2
  summary.exchanges.withRequest = 2
  summary.exchanges.reused = 1
  summary.exchanges.fresh = 1
  summary.reuse.ratio = 0.5...0.5
  summary.warnings = [.init(hostileText, matters: true), .init(hostileText, matters: false)]
  var host = Summary.Group()
  host.host = Array(hostileText.utf8)
  summary.hosts = [host]
  var group = Summary.Group()
  group.server = server
  group.inferredTimeout = .init(timeout: 1, connections: 2, of: 2, spread: 0, asDefaultOf: hostileText)
  summary.servers = [group, group]
  summary.findings = [
    Finding(
      kind: .unevenBalance, severity: .problem, subject: .origin(Array(hostileText.utf8)),
      evidence: [("name", .text(hostileText))], threshold: [("name", .text(hostileText))], examples: [1])
  ]
  return summary
}

@Test func `nothing that came from a capture becomes markup or script`() {
  let page = String(decoding: ReportPage().octets(hostileSummary()), as: UTF8.self)
  #expect(!page.contains("alert(1)</script>"))
  #expect(!page.contains("<img"))
  #expect(page.contains("&lt;img src=x onerror=alert(2)&gt;"))
  #expect(page.components(separatedBy: "<script").count == 3)
  #expect(page.components(separatedBy: "</script>").count == 3)
  for scalar: Unicode.Scalar in ["\u{2028}", "\u{202E}", "\u{1B}"] { #expect(!page.unicodeScalars.contains(scalar)) }
  #expect(page.contains("{{style}}"), "the text of the capture is shown as it is, not taken for a template")
}

@Test func `connections that are not drawn are named without a link`() {
  let page = String(decoding: ReportPage().octets(hostileSummary()), as: UTF8.self)
  #expect(page.contains("Seen on connection 1 "))
  #expect(!page.contains("href=\"#waterfall"))
}

@Test func `the policy names the hashes of the page's own style and script`() throws {
  let policy = Policy.text(style: "abc", scripts: [""])
  #expect(policy.contains("style-src 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"))
  #expect(policy.contains("script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"))
  #expect(!policy.contains("-inline"))
  #expect(!policy.contains("-eval"))
}

@Test(arguments: [
  ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
  ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  (
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
  ),
  (String(repeating: "a", count: 1_000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
])
func `SHA-256 of known texts`(_ text: String, _ expected: String) {
  let digits = SHA256.hash(Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
  #expect(digits.joined() == expected)
}

@Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
func `base64 of RFC 4648 section 10`(_ text: String, _ expected: String) {
  #expect(Array(text.utf8).base64 == expected)
}

@Test func `a capture without anything has a page`() {
  let page = String(decoding: ReportPage().octets(Summary()), as: UTF8.self)
  #expect(page.contains("No HTTP/1.x found"))
  #expect(page.hasSuffix("</html>\n"))
}

@Test func `every meaning that the page refers to is there, once`() {
  let page = String(decoding: ReportPage().octets(hostileSummary()), as: UTF8.self)
  let references = Set(page.matches(of: /aria-describedby="d-([A-Za-z0-9-]+)"/).map { String($0.output.1) })
  let definitions = page.matches(of: /id="d-([A-Za-z0-9-]+)"/).map { String($0.output.1) }
  #expect(references.isSubset(of: definitions))
  #expect(Set(definitions).count == definitions.count)
  #expect(!references.isEmpty)
}

@Test func `what is put into markup is escaped, unless it is markup itself`() {
  let hostile = "<b>&\"'"
  let safe = "&lt;b&gt;&amp;&quot;&#39;"
  let part: Markup = "<i>\(hostile)</i>"
  let none: String? = nil
  #expect(part.text == "<i>\(safe)</i>")
  let whole: Markup = "\(part)\(3)\(hostile, { "(\($0))" })\(none, { "(\($0))" })\(sentence: "<5 ms")"
  #expect(whole.text == "<i>\(safe)</i>3(\(safe))&lt;5\u{A0}ms")
  let lists: Markup = "\(each: [hostile, "b"], { "<i>\($0)</i>" })|\(lines: ["c", hostile], { "\($0)" })"
  #expect(lists.text == "<i>\(safe)</i><i>b</i>|c\n\(safe)")
  #expect(("\(part, where: false)" as Markup).text.isEmpty)
  #expect((Markup(verbatim: hostile)).text == hostile)
}
