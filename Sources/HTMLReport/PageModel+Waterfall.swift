extension PageModel.Waterfall {
  var markup: Markup {
    """
    <section id="waterfall" aria-labelledby="h-waterfall">
    <h2 id="h-waterfall">Connections over time</h2>
    \(lines: sentences, { "<p class=\"small\">\($0)</p>" })
    <div class="interactive">
    <div class="controls">
    <label>Server <select id="wf-server"><option value="">all</option></select></label>
    <label>Host <select id="wf-host"><option value="">all</option></select></label>
    <label>Opened because <select id="wf-cause"><option value="">all</option></select></label>
    <label>Ended by <select id="wf-reason"><option value="">all</option></select></label>
    <label>Finding <select id="wf-finding"><option value="">all</option></select></label>
    <span class="buttons">
    <button type="button" id="wf-left" aria-label="Earlier">◂</button><button type="button" id="wf-out" \
    aria-label="Zoom out">−</button><button type="button" id="wf-in" aria-label="Zoom in">+</button><button \
    type="button" id="wf-right" aria-label="Later">▸</button><button type="button" id="wf-fit">Show all</button>
    </span>
    <span id="wf-shown" class="small" role="status"></span>
    </div>
    <canvas id="wf-overview" role="img" aria-label="Connections open over the whole capture; the frame is the part \
    shown below"></canvas>
    <div id="wf-scroll" tabindex="0" role="application" aria-label="Waterfall of connections. Up and down choose a \
    connection, left and right an exchange, Enter pins its details, plus and minus zoom, zero shows all. The same \
    data is in the table below." aria-describedby="wf-live">
    <div id="wf-spacer"><canvas id="wf-canvas" role="presentation"></canvas></div>
    </div>
    <div id="wf-live" class="hidden" aria-live="polite"></div>
    <div id="wf-tip" role="group" aria-label="Details" hidden><div id="wf-tip-text"></div><button type="button" \
    id="wf-unpin" hidden>Close</button></div>
    </div>
    <figure class="still">
    \(still.drawing)
    \(still.caption, { "<figcaption>\($0)</figcaption>" })
    </figure>
    <p class="legend small">
    \(lines: Self.shapes, Markup.key)
    </p>
    <details id="wf-table" class="interactive">
    <summary>The same as a table</summary>
    <div class="scroll" role="region" tabindex="0" aria-label="Drawn connections as a table">
    <table>
    <caption>Drawn connections that fit the filters</caption>
    <thead><tr>\(each: Self.columns, { "<th scope=\"col\"\(" class=\"n\"", where: $0.isNumber)>\($0.label)</th>" })</tr></thead>
    <tbody id="wf-rows"></tbody>
    </table>
    </div>
    <p class="small" id="wf-more"></p>
    </details>
    <script type="application/json" id="wf-data">\(Markup(verbatim: data))</script>
    </section>
    """
  }

  private static let shapes: [(shape: Markup, label: String)] = [
    ("<rect class=\"k6\" y=\"2\" width=\"14\" height=\"10\"/>", "handshake"),
    ("<rect class=\"k1\" y=\"2\" width=\"14\" height=\"10\"/>", "request sent"),
    ("<rect class=\"k2\" y=\"3\" width=\"14\" height=\"8\"/>", "waiting for the response"),
    ("<rect class=\"k4\" y=\"2\" width=\"14\" height=\"10\"/>", "response arriving"),
    ("<rect class=\"thread\" y=\"6\" width=\"14\" height=\"2\"/>", "idle"),
    ("<rect class=\"k3 hatch\" y=\"2\" width=\"14\" height=\"10\"/>", "blocked by responses before it"),
    ("<path class=\"k5\" d=\"M7 0l7 7-7 7-7-7z\"/>", "raced request"),
    ("<path class=\"k5\" d=\"M7 1l6 11H1z\"/>", "no answer"),
    ("<rect class=\"solid\" x=\"5\" width=\"4\" height=\"14\"/>", "closed by the server"),
    ("<path class=\"stroke\" d=\"M5 1h4v12H5z\"/>", "by the client"),
    ("<path class=\"stroke\" d=\"M2 2l10 10M12 2L2 12\"/>", "reset"),
  ]

  private static let columns: [(label: String, isNumber: Bool)] = [
    ("id", false), ("server", false), ("client", false), ("opened", false), ("cause", false), ("handshake", true),
    ("exchanges", true), ("reused", true), ("ended", false), ("reason", false),
  ]
}
