import PageAssets
import Reports
import ReuseAnalysis

/// A summary, and some of the connections behind it, as one HTML page that needs nothing else.
///
/// Rows go in as they end; the page can be made at any time.
package struct ReportPage {
  private let names: Names
  private var sample: ConnectionSample
  private var requestCounts = RequestCounts()

  /// - Parameter redacts: leave out the content of query strings, and user-info.
  package init(redacts: Bool = false) {
    names = Names(redacts: redacts)
    sample = ConnectionSample(redacts: redacts)
  }

  package mutating func add(_ row: ExchangeRow) { sample.add(row) }

  package mutating func add(_ row: ConnectionRow) {
    sample.add(row)
    requestCounts.add(row.exchanges)
  }

  /// The page, in UTF-8.
  package func octets(_ summary: Summary) -> [UInt8] {
    let choice = sample.choice(examples: summary.findings.flatMap(\.examples))
    let builder = PageBuilder(summary: summary, names: names, choice: choice, requestCounts: requestCounts)
    let model = builder.model(
      style: PageAssets.style, early: PageAssets.early, script: PageAssets.script + PageAssets.waterfallScript)
    return Array(model.markup.text.utf8)
  }
}
