import FoundationEssentials
import TestSupport
import Testing

/// What the documentation shows is Example.swift, which is built with the tests and uses nothing but what is public.
@Suite struct LibraryTests {
  @Test func `the documented example is the one that is built`() throws {
    let example = try String(contentsOfFile: Locations.package + "/Tests/LibraryTests/Example.swift", encoding: .utf8)
    let article = try String(
      contentsOfFile: Locations.package + "/Sources/ReuseAnalysis/ReuseAnalysis.docc/UsingTheLibrary.md",
      encoding: .utf8)
    #expect(article.contains("```swift\n\(example)```\n"))
  }

  @Test func `the documented example runs`() throws {
    try printReuse(of: Locations.samples + "/mixed/capture.pcap")
  }
}
