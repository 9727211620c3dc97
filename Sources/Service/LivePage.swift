import HTMLReport
import PageAssets

/// The page that shows a running capture: what happens now, by events, and below it the sections of the report, fetched now and
/// then. It loads from this service alone, and puts what comes from the network into text nodes only, but for the report,
/// which is a page of its own that has escaped it.
enum LivePage {
  static let html = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>reusescope live</title>
    <link rel="stylesheet" href="/page.css">
    <link rel="stylesheet" href="/live.css">
    <script src="/live.js" defer></script>
    </head>
    <body>
    <header class="top"><div class="wide">
    <p class="brand">Connection reuse, live</p>
    <h1 id="source">reusescope</h1>
    <p class="facts" id="state" role="status">connecting</p>
    <nav aria-label="The same figures elsewhere"><a href="/report">Report as of now</a><a href="/api/summary">Summary</a>\
    <a href="/api/connections">Connections</a><a href="/metrics">Metrics</a></nav>
    </div></header>
    <main id="main" class="wide">
    <section aria-label="Now"><div class="tiles" id="figures"></div>
    <noscript><p>This page needs JavaScript; the links above lead to the same figures.</p></noscript></section>
    <section class="half" aria-labelledby="h-opened"><h2 id="h-opened">Why connections were opened</h2><table><tbody id="opened"></tbody>\
    </table></section>
    <section class="half" aria-labelledby="h-notes"><h2 id="h-notes">Findings and latest races</h2><ul id="notes"></ul></section>
    <section aria-labelledby="h-busy"><h2 id="h-busy">Busiest servers</h2><div class="scroll"><table><thead><tr><th scope="col">server\
    <th scope="col" class="n">requests/s<th scope="col" class="n">requests<th scope="col" class="n">reuse<th scope="col" class="n">\
    opened/s<th scope="col" class="n">races</tr></thead><tbody id="busy"></tbody></table></div></section>
    </main>
    </body>
    </html>

    """

  /// Beside the report's own.
  static let style = """
    #figures .value { font-variant-numeric: tabular-nums; white-space: nowrap; font-size: 1.375rem; }
    td.n { font-variant-numeric: tabular-nums; }
    #notes { margin: 0; padding-left: 1.25rem; }
    #notes .problem, .tile .value.problem { color: var(--problem); font-weight: 650; }
    #notes .warning { color: var(--warning); }

    """

  static let script = """
    "use strict";
    const byId = id => document.getElementById(id);
    const count = n => n == null ? "–" : Math.round(n).toLocaleString("en");
    const rate = n => n == null ? "–" : n >= 9.95 ? count(n) : n < 0.05 ? "0" : n.toFixed(1);
    const percent = ([low, high]) => low == null ? "–"
      : low.toFixed(4) === high.toFixed(4) ? (100 * low).toFixed(1) + " %" : (100 * low).toFixed(1) + "–" + (100 * high).toFixed(1) + " %";
    const bits = n => { if (n == null) return "–"; const units = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"]; let u = 0;
      while (n >= 1000 && u < 3) { n /= 1000; u++; } return rate(n) + " " + units[u]; };
    const element = (name, text, className) => { const e = document.createElement(name); if (text != null) e.textContent = text;
      if (className) e.className = className; return e; };
    const row = ([name, ...numbers]) => { const tr = element("tr"); const head = element("th", name); head.scope = "row";
      tr.append(head, ...numbers.map(n => element("td", n, "n"))); return tr; };
    const tile = ([label, value, isBad]) => { const box = element("div", null, "tile");
      box.append(element("p", label, "label"), element("p", value, isBad ? "value problem" : "value")); return box; };
    function show(f) {
      byId("source").textContent = f.source;
      byId("state").textContent = "live, " + f.clock + ", " + count(f.elapsed) + " s";
      byId("figures").replaceChildren(...[["Requests/s", rate(f.requests)], ["Packets/s", rate(f.packets)], ["Traffic", bits(f.bits)],
        ["Openings/s", rate(f.openings)], ["Reuse, 10 s", percent(f.reuse[0])], ["Reuse, 1 min", percent(f.reuse[1])],
        ["Reuse, all", percent(f.reuse[2])], ["Open", count(f.open)], ["Busy", count(f.busy)], ["Idle", count(f.open - f.busy)],
        ["Packets dropped", count(f.drops), f.drops > 0]].map(tile));
      byId("busy").replaceChildren(...f.servers.map(s => row([s[0], rate(s[1]), count(s[2]), percent(s[3]), rate(s[4]), count(s[5])])));
      const opened = f.causes.reduce((sum, c) => sum + c[1], 0);
      byId("opened").replaceChildren(...f.causes.sort((a, b) => b[1] - a[1]).map(c => row([c[0], count(c[1]), percent([c[1] / opened, c[1] / opened])])));
      byId("notes").replaceChildren(...(f.notes.length ? f.notes.map(n => element("li", n[1], n[0])) : [element("li", "none so far")]));
    }
    const events = new EventSource("/events");
    events.onmessage = event => show(JSON.parse(event.data));
    events.onerror = () => { byId("state").textContent = "no connection to the capture"; };

    // The report's sections. Not under the hands of who reads them.
    const isRead = () => document.hidden || !getSelection().isCollapsed || document.activeElement?.closest(".report");
    const key = details => details.id || details.closest("section").id + details.querySelector("summary").textContent;
    async function refresh() {
      if (isRead()) return;
      const answer = await fetch("/sections").catch(() => null);
      if (!answer?.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (isRead()) return;
      const main = byId("main");
      const open = new Map([...main.querySelectorAll(".report details")].map(details => [key(details), details.open]));
      for (const old of document.querySelectorAll(".report")) old.remove();
      const patterns = page.querySelector("svg.patterns");
      if (patterns) { patterns.classList.add("report"); document.body.prepend(patterns); }
      for (const section of page.querySelectorAll("main > section:not(#answer)")) {
        section.classList.add("report");
        main.append(section);
      }
      for (const details of main.querySelectorAll(".report details"))
        if (open.has(key(details))) details.open = open.get(key(details));
    }
    const again = async () => { await refresh(); setTimeout(again, 10000); };
    setTimeout(again, 1000);

    """
}
