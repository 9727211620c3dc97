extension Table {
  var markup: Markup {
    var html = Markup()
    html.open("table", isSortable ? [("class", "sortable")] : [])
    html.element("caption", [], caption)
    html.open("thead")
    html.open("tr")
    for column in columns {
      html.open("th", [("scope", "col")] + (column.isNumber ? [("class", "n")] : []))
      html.add(Markup(column.label, term: column.term))
      html.close("th")
    }
    html.close("tr")
    html.close("thead")
    html.open("tbody")
    for row in rows {
      html.open("tr")
      for cell in row.cells { html.add(cell) }
      html.close("tr")
    }
    html.close("tbody")
    html.close("table")
    return html
  }
}

extension Markup {
  fileprivate mutating func add(_ cell: Table.Cell) {
    if cell.isName {
      // An address is read as one; longer names may be broken anywhere.
      open("th", [("scope", "row")] + (cell.text.utf8.count <= 24 ? [("class", "whole")] : []))
      add(Markup(cell.text, term: cell.term))
      close("th")
      return
    }
    var attributes: [(String, String)] = []
    if cell.isNumber { attributes.append(("class", "n")) }
    if let sort = cell.sort { attributes.append(("data-s", sort)) }
    open("td", attributes)
    add(cell.text)
    if let bar = cell.bar {
      open(
        "svg",
        [("class", "bar"), ("aria-hidden", "true"), ("viewBox", "0 0 100 6"), ("preserveAspectRatio", "none")])
      element("rect", [("class", "track"), ("width", "100"), ("height", "6")], "")
      element("rect", [("class", "fill"), ("width", bar), ("height", "6")], "")
      close("svg")
    }
    close("td")
  }
}
