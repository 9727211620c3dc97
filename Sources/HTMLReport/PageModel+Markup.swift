// The page, part by part. A list without anything leaves an empty line, which means nothing.

extension PageModel {
  // `rel="expect"`: nothing is painted before the end has been read. Half a grid of figures would move when the rest of it comes.
  var markup: Markup {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta name="generator" content="reusescope \(version)">
    <link rel="icon" href="data:,">
    <link rel="expect" href="#whole" blocking="render">
    <title>\(title) · connection reuse</title>
    <style>\(Markup(verbatim: style))</style>
    <script>\(Markup(verbatim: early))</script>
    </head>
    <body>
    <svg class="patterns" width="0" height="0" aria-hidden="true"><defs><pattern id="hatch3" width="6" height="6" \
    patternUnits="userSpaceOnUse"><rect class="k3" width="6" height="6"/><path class="stripe" d="M-1 1l2-2M0 6l6-6M5 7l2-2"/>\
    </pattern></defs></svg>
    <a class="skip" href="#main">Skip to the report</a>
    <header class="top">
    <div class="wide">
    <p class="brand">Connection reuse</p>
    <h1>\(title)</h1>
    <p class="facts">\(each: facts, { "<span>\($0)</span>" })</p>
    <nav aria-label="Sections">\(each: contents, { "<a href=\"#\($0.id)\">\($0.title)</a>" })</nav>
    <button type="button" id="theme" hidden>Dark</button>
    </div>
    </header>
    <main id="main" class="wide">

    \(answer.markup)

    \(findings.markup)

    \(waterfall, \.markup)

    \(lines: sections, \.markup)

    <section id="meanings" aria-labelledby="h-meanings">
    <h2 id="h-meanings">What each figure means</h2>
    <details>
    <summary>Show all definitions</summary>
    <dl class="meanings">
    \(lines: meanings, \.markup)
    </dl>
    </details>
    </section>
    </main>
    <footer class="wide"><p>Made by reusescope \(version). This page loads nothing and sends nothing.</p></footer>
    <div id="tip" role="tooltip" hidden></div>
    <script>\(Markup(verbatim: script))</script>
    <span id="whole" hidden></span>
    </body>
    </html>

    """
  }
}

extension PageModel.Answer {
  var markup: Markup {
    """
    <section id="answer" aria-label="The answer">
    <p class="headline">\(headline)</p>
    \(lines: sentences, { "<p class=\"lead\">\(sentence: $0)</p>" })
    \(worstMarkup, where: !worst.isEmpty)
    \(lines: severities, \.markup)
    \(doubtsMarkup, where: !doubts.isEmpty)
    \(split, { "<figure class=\"split\">\n\($0.drawing)\n<figcaption class=\"legend\">\($0.legendMarkup)</figcaption>\n</figure>" })
    <div class="tiles">
    \(lines: tiles, \.markup)
    </div>
    </section>
    """
  }

  private var worstMarkup: Markup {
    """
    <ul class="worst">
    \(lines: worst, \.markup)
    </ul>
    """
  }

  private var doubtsMarkup: Markup {
    """
    <div class="doubts" role="note" aria-label="What makes figures uncertain">
    <p>Read the figures with care:</p>
    <ul>\(each: doubts, { "<li>\($0)</li>" })</ul>
    </div>
    """
  }
}

extension PageModel.Worst {
  var markup: Markup {
    """
    <li class="\(severity)"><a href="#\(id)"><svg class="icon" role="img" aria-label="\(label)" viewBox="0 0 16 16">\
    <path d="\(icon)"/></svg>\(message)</a></li>
    """
  }
}

extension PageModel.Severity {
  var markup: Markup {
    """
    <a class="severity \(severity)" href="#findings">\(Markup.icon(icon))\(label)</a>
    """
  }
}

extension PageModel.Tile {
  var markup: Markup {
    """
    <div class="tile">
    <p class="label">\(Markup(label, term: term))</p>
    <p class="value">\(value)</p>
    <p class="note">\(sentence: note ?? "")</p>
    </div>
    """
  }
}

extension PageModel.Findings {
  var markup: Markup {
    """
    <section id="findings" aria-labelledby="h-findings">
    <h2 id="h-findings">What to change\(count, { " <span class=\"count\">\($0)</span>" })</h2>
    \(empty, { "<p class=\"empty\">\($0)</p>" })
    \(lines: cards, \.markup)
    \(rest, { "<p class=\"small\">\($0)</p>" })
    </section>
    """
  }
}

extension PageModel.Card {
  var markup: Markup {
    """
    <details class="finding \(severity)" id="\(id)"\(" open", where: isOpen)>
    <summary><span class="badge">\(Markup.icon(icon))\(severityLabel)</span>
    <h3>\(sentence: message)</h3></summary>
    \(advice, { "<p class=\"advice\">\(sentence: $0)</p>" })
    \(saves, { "<p class=\"saves\">\($0)</p>" })
    <dl class="evidence">\(each: evidence, { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>" })</dl>
    <p class="small">\(threshold, { "\($0) " })\(examplesMarkup, where: !(examples + otherExamples).isEmpty)</p>
    </details>
    """
  }

  private var examplesMarkup: Markup {
    "Seen on \(each: examples, link)\(each: otherExamples, { "connection \($0) " })"
  }

  private func link(to connection: Int) -> Markup {
    let attributes: Markup = "data-connection=\"\(connection)\" data-finding=\"\(finding)\""
    return "<a class=\"conn\" href=\"#waterfall\" \(attributes)>connection \(connection)</a> "
  }
}

extension PageModel.Section {
  var markup: Markup {
    """
    <section id="\(id)" aria-labelledby="h-\(id)"\(" class=\"half\"", where: isHalf)>
    <h2 id="h-\(id)">\(Markup(title, term: term))</h2>
    \(lines: sentences, { "<p>\(sentence: $0)</p>" })
    \(doubt, { "<p class=\"doubt\">\($0)</p>" })
    \(figures.markup)
    \(note, PageModel.note)
    \(lines: tables, \.withNote)
    \(below, \.markup)
    \(empty, { "<p class=\"empty\">\($0)</p>" })
    </section>
    """
  }
}

extension PageModel.Below {
  var markup: Markup {
    """
    \(figures.markup)
    \(note, PageModel.note)
    \(lines: tables, { "<details class=\"fold\"><summary>\($0.fold ?? "")</summary>\n\($0.withNote)\n</details>" })
    """
  }
}

extension PageModel {
  fileprivate static func note(_ sentence: String) -> Markup { "<p class=\"small\">\(sentence: sentence)</p>" }
}

extension Table {
  fileprivate var withNote: Markup {
    """
    <div class="scroll rows" role="region" tabindex="0" aria-label="\(caption)">
    \(markup)
    </div>
    \(note, PageModel.note)
    """
  }
}

extension [PageModel.Figure] {
  fileprivate var markup: Markup {
    """
    <div class="figures">
    \(lines: self, \.markup)
    </div>
    """
  }
}

extension PageModel.Figure {
  fileprivate var markup: Markup {
    """
    <figure\(" class=\"whole\"", where: isWide)>
    \(heading, { "<h3>\($0)</h3>" })
    <div class="scroll\(" wider", where: isWide)" role="region" tabindex="0" aria-label="\(label)">\(drawing)</div>
    <figcaption>\(legendMarkup)\(caption ?? "")</figcaption>
    </figure>
    """
  }

  fileprivate var legendMarkup: Markup { "\(each: legend, \.markup)" }
}

extension PageModel.Legend {
  fileprivate var markup: Markup { .key("<rect class=\"\(kind)\" width=\"14\" height=\"14\"/>", label) }
}

extension PageModel.Meaning {
  fileprivate var markup: Markup {
    "<div id=\"m-\(key)\"><dt>\(label)</dt><dd id=\"d-\(key)\">\(definition)</dd></div>"
  }
}
