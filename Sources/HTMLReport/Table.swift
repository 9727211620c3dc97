import Reports
import ReuseAnalysis

/// A table of the page, without its form.
struct Table {
  struct Column {
    var label: String
    var term: String?
    var isNumber: Bool

    init(_ label: String, _ term: Term? = nil, isNumber: Bool = true) {
      self.label = label
      self.term = term?.key
      self.isNumber = isNumber
    }
  }

  struct Cell {
    var text: String
    var isName = false
    var isNumber = true
    /// What it is sorted by, where that is not its text.
    var sort: String?
    /// The length of a bar beneath it, 0…100.
    var bar: String?
    var term: String?

    /// The head of a row.
    static func name(_ text: String, _ term: Term? = nil) -> Cell {
      Cell(text: text, isName: true, isNumber: false, term: term?.key)
    }

    static func text(_ text: String) -> Cell { Cell(text: text, isNumber: false) }

    static func count(_ value: Int?) -> Cell {
      Cell(text: value.map { Quantity.count($0) } ?? Quantity.unknown, sort: value.map { "\($0)" })
    }

    static func count(_ value: Int64?) -> Cell { count(value.map { Int($0) }) }

    static func duration(_ nanoseconds: Int64?) -> Cell {
      Cell(text: Quantity.duration(nanoseconds), sort: nanoseconds.map { "\($0)" })
    }

    static func number(_ value: Double?) -> Cell {
      Cell(text: Quantity.decimal(value), sort: value.map { "\($0)" })
    }

    static func share(_ value: Double?, bar: Bool = false) -> Cell {
      Cell(
        text: Quantity.percent(value), sort: value.map { "\($0)" },
        bar: bar ? value.map { Self.percent($0) } : nil)
    }

    static func share(_ range: ClosedRange<Double>?) -> Cell {
      Cell(text: Quantity.percent(range), sort: range.map { "\($0.lowerBound)" })
    }

    /// 0…100 with one decimal.
    private static func percent(_ share: Double) -> String {
      guard share.isFinite else { return "0" }
      return "\((min(max(share, 0), 1) * 1000).rounded() / 10)"
    }
  }

  struct Row {
    var cells: [Cell]
  }

  var caption: String
  var columns: [Column]
  var rows: [Row] = []
  var isSortable = true
  var note: String?
  /// What to open it by, where a drawing says the same.
  var fold: String?

  init(_ caption: String, _ columns: [Column], isSortable: Bool = true) {
    self.caption = caption
    self.columns = columns
    self.isSortable = isSortable
  }

  mutating func add(_ cells: [Cell]) {
    rows.append(Row(cells: cells))
  }
}
