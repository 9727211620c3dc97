/// The page that shows a running capture. It loads from this service alone, and puts what comes from the network into text nodes only.
enum LivePage {
  static let html = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>reusescope live</title>
    <link rel="stylesheet" href="/live.css">
    <script src="/live.js" defer></script>
    </head>
    <body>
    <header><h1>reusescope <span id="source"></span></h1><p id="state" role="status">connecting</p></header>
    <main>
    <dl id="figures"></dl>
    <section><h2>Servers</h2><table><thead><tr><th scope="col">server<th scope="col">requests/s<th scope="col">requests<th scope="col">reuse\
    <th scope="col">opened/s<th scope="col">races</tr></thead><tbody id="servers"></tbody></table></section>
    <section><h2>Why connections were opened</h2><table><tbody id="causes"></tbody></table></section>
    <section><h2>Findings and races</h2><ul id="notes"></ul></section>
    </main>
    <footer><a href="/api/summary">summary</a> <a href="/api/connections">connections</a> <a href="/metrics">metrics</a></footer>
    <noscript>This page needs JavaScript; the links lead to the same figures.</noscript>
    </body>
    </html>

    """

  static let style = """
    :root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
    body { max-width: 64rem; margin: 0 auto; padding: 1rem; }
    header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1rem; }
    h1 { font-size: 1.2rem; } h2 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
    dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .6rem; margin: 0; }
    dl div { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .4rem; padding: .5rem .7rem; }
    dt { font-size: .85rem; opacity: .75; } dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th, td { text-align: right; padding: .15rem .6rem; } th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; }
    thead th { font-weight: 600; border-bottom: 1px solid currentColor; }
    .problem { font-weight: 600; color: light-dark(#b00020, #ff8a80); }
    ul { padding-left: 1.2rem; } footer { margin-top: 2rem; } footer a { margin-right: 1rem; }

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
    const row = cells => { const tr = element("tr"); for (const cell of cells) tr.append(element("td", cell)); return tr; };
    function show(f) {
      byId("source").textContent = f.source;
      byId("state").textContent = "live, " + f.clock + ", " + count(f.elapsed) + " s";
      const figures = [["requests/s", rate(f.requests)], ["packets/s", rate(f.packets)], ["traffic", bits(f.bits)],
        ["openings/s", rate(f.openings)], ["reuse, 10 s", percent(f.reuse[0])], ["reuse, 1 min", percent(f.reuse[1])],
        ["reuse, all", percent(f.reuse[2])], ["open", count(f.open)], ["busy", count(f.busy)], ["idle", count(f.open - f.busy)],
        ["drops", count(f.drops)]];
      byId("figures").replaceChildren(...figures.map(([name, value]) => {
        const box = element("div"); box.append(element("dt", name), element("dd", value, name === "drops" && f.drops > 0 ? "problem" : null));
        return box; }));
      byId("servers").replaceChildren(...f.servers.map(s => row([s[0], rate(s[1]), count(s[2]), percent(s[3]), rate(s[4]), count(s[5])])));
      const opened = f.causes.reduce((sum, c) => sum + c[1], 0);
      byId("causes").replaceChildren(...f.causes.sort((a, b) => b[1] - a[1]).map(c => row([c[0], count(c[1]), percent([c[1] / opened, c[1] / opened])])));
      byId("notes").replaceChildren(...(f.notes.length ? f.notes.map(n => element("li", n[1], n[0])) : [element("li", "none so far")]));
    }
    const events = new EventSource("/events");
    events.onmessage = event => show(JSON.parse(event.data));
    events.onerror = () => { byId("state").textContent = "no connection to the capture"; };

    """
}
