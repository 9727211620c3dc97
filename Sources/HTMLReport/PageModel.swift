/// What the page shows, without its form.
struct PageModel {
  struct Link {
    var id: String
    var title: String
  }

  struct Legend {
    /// The class of its fill.
    var kind: String
    var label: String
  }

  struct Figure {
    var heading: String?
    /// SVG.
    var drawing: Markup
    var label: String
    var caption: String?
    var legend: [Legend] = []
    /// Wider than a narrow screen: it is scrolled there.
    var isWide = false
  }

  struct Tile {
    var term: String
    var label: String
    var value: String
    var note: String?

    init(_ term: Term, _ value: String, _ note: String? = nil) {
      self.term = term.key
      label = term.label
      self.value = value
      self.note = note
    }
  }

  struct Severity {
    var severity: String
    /// An SVG path in 16 × 16.
    var icon: String
    var label: String
  }

  /// A finding named in the answer.
  struct Worst {
    /// Of its card.
    var id: String
    var severity: String
    /// An SVG path in 16 × 16.
    var icon: String
    /// Of the severity.
    var label: String
    var message: String
  }

  struct Answer {
    var headline: String
    var worst: [Worst] = []
    var severities: [Severity] = []
    var sentences: [String] = []
    /// What makes figures uncertain.
    var doubts: [String] = []
    var split: Figure?
    var tiles: [Tile] = []
  }

  struct Named {
    var name: String
    var value: String
  }

  struct Card {
    var id: String
    /// The name of the finding, by which the waterfall is filtered.
    var finding: String
    var severity: String
    var severityLabel: String
    /// An SVG path in 16 × 16.
    var icon: String
    var message: String
    var advice: String?
    var saves: String?
    var evidence: [Named]
    var threshold: String?
    /// Connections that the waterfall draws, and others.
    var examples: [Int]
    var otherExamples: [Int]
    /// The first of its kind is shown in full: the advice of the others is the same.
    var isOpen: Bool
  }

  struct Findings {
    var count: String?
    var cards: [Card] = []
    /// What is not shown.
    var rest: String?
    var empty: String?
  }

  /// What stands below a section's tables.
  struct Below {
    var figures: [Figure]
    var note: String?
    var tables: [Table]
  }

  struct Section {
    var id: String
    var title: String
    var term: String?
    var isHalf = false
    var sentences: [String] = []
    /// What makes its figures uncertain.
    var doubt: String?
    var figures: [Figure] = []
    /// Below the figures.
    var note: String?
    var tables: [Table] = []
    var below: Below?
    var empty: String?

    init(_ id: String, _ title: String, _ term: Term? = nil) {
      self.id = id
      self.title = title
      self.term = term?.key
    }
  }

  struct Waterfall {
    /// JSON for the script.
    var data: String
    var sentences: [String]
    /// For print, and where no script runs.
    var still: Figure
  }

  struct Meaning {
    var key: String
    var label: String
    var definition: String
  }

  var policy: String
  var version: String
  var style: String
  /// Runs before anything is shown.
  var early: String
  var script: String
  var title: String
  var facts: [String] = []
  var contents: [Link] = []
  var answer: Answer
  var findings = Findings()
  var waterfall: Waterfall?
  var sections: [Section] = []
  var meanings: [Meaning] = []
}
