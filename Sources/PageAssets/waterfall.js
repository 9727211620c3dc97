"use strict";
(() => {
  const source = document.getElementById("wf-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const $ = id => document.getElementById(id);
  const scroller = $("wf-scroll"), canvas = $("wf-canvas"), spacer = $("wf-spacer"), overview = $("wf-overview");
  const card = $("wf-tip"), cardText = $("wf-tip-text"), live = $("wf-live"), shown = $("wf-shown");
  const draw = canvas.getContext("2d"), drawOverview = overview.getContext("2d");
  const laneHeight = 16, headHeight = 26, axisHeight = 26, markFields = 11;
  const outcomes = ["complete", "unanswered", "reset", "incomplete", "upgraded", "tunnel", "malformed"];

  // The connections, as WaterfallData writes them.
  const lanes = data.lanes.map(([id, client, port, server, opened, closed, setup, cause, reason, by, reset, seen, exchanges,
    reused, host, race, stalls, missing, marks]) => {
    const lane = { id, client, port, server, opened, closed, setup, cause, reason, by, reset, seen, exchanges, reused, host, race,
      stalls, missing, marks };
    let end = closed >= 0 ? opened + closed : data.duration;
    for (let i = 0; i < marks.length; i += markFields) {
      end = Math.max(end, opened + marks[i + 1] + Math.max(marks[i + 2], marks[i + 3], marks[i + 4], 0));
    }
    lane.begin = seen ? opened : 0;
    lane.end = end;
    const address = data.clients[client];
    lane.name = (address.includes(":") ? "[" + address + "]" : address) + ":" + port;
    return lane;
  });
  const byId = new Map(lanes.map(lane => [lane.id, lane]));
  const begin = 0;
  const whole = Math.max(data.duration, 1);

  // ---- Words.
  const duration = micros => {
    if (micros < 0) return "unknown";
    if (micros < 1000) return micros + " µs";
    if (micros < 1e6) return (micros / 1e3).toPrecision(3) + " ms";
    if (micros < 1e9) return (micros / 1e6).toPrecision(3) + " s";
    return Math.round(micros / 1e6).toLocaleString("en") + " s";
  };
  const at = micros => (micros / 1e6).toFixed(6).replace(/0{1,3}$/, "") + " s";
  const number = value => value.toLocaleString("en");
  const describeLane = lane => {
    const lines = [`Connection ${lane.id}: ${lane.name} → ${data.servers[lane.server]}`];
    if (lane.host >= 0) lines.push(`Host ${data.hosts[lane.host]}`);
    lines.push(lane.seen
      ? `Opened at ${at(lane.opened)}` + (lane.cause >= 0 ? `, cause ${data.causes[lane.cause]}` : "")
      : "Opened before the capture");
    lines.push(lane.setup >= 0 ? `Handshake ${duration(lane.setup)}` : "Handshake not seen");
    lines.push(`${number(lane.exchanges)} exchanges, ${number(lane.reused)} of them reused it`);
    const drawn = lane.marks.length / markFields;
    if (drawn < lane.exchanges) lines.push(`${number(drawn)} of them are drawn: the first and the last`);
    lines.push(lane.closed < 0 ? "Open at the end of the capture"
      : `Ended at ${at(lane.opened + lane.closed)}: ${data.reasons[lane.reason]}, ` +
        (lane.by === 1 ? "client" : "server") + (lane.reset ? " sent RST" : " sent FIN"));
    if (lane.race >= 0) lines.push(`Exchange ${lane.race} met the server's close (close race)`);
    if (lane.stalls > 0) lines.push(`${number(lane.stalls)} TCP stalls`);
    if (lane.missing > 0) lines.push(`${number(lane.missing)} bytes are missing from the capture: times are uncertain`);
    return lines;
  };
  const describeMark = (lane, i) => {
    const m = lane.marks, [index, start, requestEnd, responseStart, responseEnd, status] = m.slice(i, i + 6);
    const method = data.texts[m[i + 6]], target = data.texts[m[i + 7]], flags = m[i + 8], hol = m[i + 9], stall = m[i + 10];
    const lines = [method ? `${method} ${target}` : "Response without a captured request"];
    lines.push(status ? `Status ${status}` : "No response", `Exchange ${index} of ${number(lane.exchanges)} on connection ${lane.id}, ` +
      (index > 1 ? "reused" : lane.seen ? "fresh" : "unknown whether reused"));
    lines.push(`Begins at ${at(lane.opened + start)}`);
    if (requestEnd >= 0) lines.push(`Request sent in ${duration(requestEnd)}`);
    if (responseStart >= 0 && requestEnd >= 0) lines.push(`Waited ${duration(Math.max(0, responseStart - requestEnd))} for the response`);
    if (responseEnd >= 0 && responseStart >= 0) lines.push(`Response arrived in ${duration(responseEnd - responseStart)}`);
    if (hol > 0) lines.push(`Head-of-line delay up to ${duration(hol)}`);
    if (stall > 0) lines.push(`TCP stall ${duration(stall)}`);
    if (flags & 1) lines.push("Pipelined");
    if (flags & 2) lines.push("Repeats an exchange that failed");
    const outcome = flags >> 2;
    if (lane.race === index) lines.push("Raced: it met the server's close and got no answer");
    else if (outcome > 0) lines.push("Outcome: " + outcomes[outcome]);
    if (lane.host >= 0) lines.push(`Host ${data.hosts[lane.host]}`);
    return lines;
  };

  // ---- Filters.
  const filters = {
    server: { values: data.servers, of: lane => lane.server },
    host: { values: data.hosts, of: lane => lane.host },
    cause: { values: data.causes, of: lane => lane.cause },
    reason: { values: data.reasons, of: lane => lane.reason },
    finding: { values: data.findings.map(finding => finding[0]), of: null },
  };
  const findingIds = data.findings.map(finding => new Set(finding.slice(1)));
  for (const [name, filter] of Object.entries(filters)) {
    filter.select = $("wf-" + name);
    const counts = new Map();
    for (const lane of lanes) if (filter.of) counts.set(filter.of(lane), (counts.get(filter.of(lane)) ?? 0) + 1);
    filter.values.forEach((text, i) => {
      const count = filter.of ? counts.get(i) : lanes.filter(lane => findingIds[i].has(lane.id)).length;
      if (!count) return;
      const option = document.createElement("option");
      option.value = i;
      option.textContent = `${text} (${count})`;
      filter.select.append(option);
    });
    filter.select.disabled = filter.select.options.length < 2;  // not hidden: what stands beside it would move
    filter.select.addEventListener("change", () => { applyFilters(); });
  }

  let rows = [], height = 0, visible = [];
  const applyFilters = () => {
    const chosen = Object.entries(filters).map(([name, filter]) => [name, filter, filter.select.value === "" ? -1 : Number(filter.select.value)]);
    visible = lanes.filter(lane => chosen.every(([name, filter, value]) =>
      value < 0 || (name === "finding" ? findingIds[value].has(lane.id) : filter.of(lane) === value)));
    rows = [];
    let y = 0, server = -1;
    const counts = new Map();
    for (const lane of visible) counts.set(lane.server, (counts.get(lane.server) ?? 0) + 1);
    for (const lane of visible) {
      if (lane.server !== server) {
        server = lane.server;
        rows.push({ y, head: `${data.servers[server]}: ${number(counts.get(server))} connection${counts.get(server) === 1 ? "" : "s"}` });
        y += headHeight;
      }
      rows.push({ y, lane });
      lane.y = y;
      y += laneHeight;
    }
    height = y;
    spacer.style.height = height + axisHeight + 8 + "px";
    const all = `${number(lanes.length)} connection${lanes.length === 1 ? "" : "s"}`;
    shown.textContent = visible.length === lanes.length ? all : `${number(visible.length)} of ${all}`;
    if (selected && !visible.includes(selected.lane)) select(null);
    if ($("wf-table").open) fillTable();
    repaint();
  };

  // ---- View.
  const view = { from: begin, to: begin + whole };
  const narrow = () => canvas.clientWidth < 560;
  const gutter = () => narrow() ? 0 : 176;
  const plotWidth = () => Math.max(canvas.clientWidth - gutter() - 12, 10);
  const x = time => gutter() + 6 + (time - view.from) / (view.to - view.from) * plotWidth();
  const time = px => view.from + (px - gutter() - 6) / plotWidth() * (view.to - view.from);
  const setView = (from, to) => {
    const width = Math.min(Math.max(to - from, 20), whole * 1.04);
    const low = begin - whole * 0.02, high = begin + whole * 1.02;
    view.from = Math.min(Math.max(from, low), high - width);
    view.to = view.from + width;
    hideCard();
    repaint();
  };
  const zoom = (factor, center = (view.from + view.to) / 2) =>
    setView(center - (center - view.from) * factor, center + (view.to - center) * factor);
  const fit = () => setView(begin - whole * 0.005, begin + whole * 1.005);

  let colours = {};
  const readColours = () => {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["ink", "muted", "line", "card", "soft", "c1", "c2", "c3", "c4", "c5", "c6", "accent"]) {
      colours[name] = style.getPropertyValue("--" + name).trim();
    }
    const tile = document.createElement("canvas");
    tile.width = tile.height = 6;
    const t = tile.getContext("2d");
    t.fillStyle = colours.c3;
    t.fillRect(0, 0, 6, 6);
    t.strokeStyle = colours.ink;
    t.lineWidth = 1.2;
    t.beginPath();
    for (const shift of [-6, 0, 6]) { t.moveTo(shift, 6); t.lineTo(shift + 6, 0); }
    t.stroke();
    colours.hatch = draw.createPattern(tile, "repeat");
  };
  let selected = null, frame = 0;
  const repaint = () => { if (!frame) frame = requestAnimationFrame(() => { frame = 0; paint(); paintOverview(); }); };
  const resize = (element, context) => {
    const ratio = devicePixelRatio || 1;
    const width = Math.round(element.clientWidth * ratio), height = Math.round(element.clientHeight * ratio);
    if (element.width !== width || element.height !== height) { element.width = width; element.height = height; }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
  };
  const steps = [1, 2, 5];
  const paintAxis = (w, h) => {
    const span = view.to - view.from;
    let step = 10 ** Math.floor(Math.log10(span / plotWidth() * 90));
    step *= steps.find(s => s * step * plotWidth() / span >= 90) ?? 10;
    draw.font = "12px system-ui, sans-serif";
    draw.textBaseline = "middle";
    draw.textAlign = "center";
    const label = t => step >= 1e6 ? number(Math.round(t / 1e6)) + " s"
      : step >= 1e3 ? (t / 1e6).toFixed(step >= 1e5 ? 1 : step >= 1e4 ? 2 : 3) + " s" : (t / 1e3).toFixed(step >= 100 ? 1 : step >= 10 ? 2 : 3) + " ms";
    for (let t = Math.ceil(view.from / step) * step; t <= view.to; t += step) {
      const px = Math.round(x(t)) + 0.5;
      draw.fillStyle = colours.line;
      draw.fillRect(px - 0.5, axisHeight - 4, 1, h);
      draw.fillStyle = colours.muted;
      if (px < w - 24) draw.fillText(label(Math.abs(t) < step / 2 ? 0 : t), px, 11);
    }
  };
  const bar = (from, to, y, h, style) => {
    const left = Math.max(x(from), gutter()), right = Math.min(Math.max(x(to), x(from) + 1), canvas.clientWidth);
    if (right <= left) return;
    draw.fillStyle = style;
    draw.fillRect(left, y, Math.max(right - left, 1), h);
  };
  const paintLane = (lane, y) => {
    const top = y + 3, h = laneHeight - 6, middle = y + laneHeight / 2;
    bar(lane.begin, lane.end, middle - 0.75, 1.5, colours.muted);
    if (lane.setup >= 0) bar(lane.opened, lane.opened + lane.setup, top, h, colours.c6);
    const m = lane.marks;
    for (let i = 0; i < m.length; i += markFields) {
      const start = lane.opened + m[i + 1];
      if (start > view.to) continue;
      const requestEnd = m[i + 2], responseStart = m[i + 3], responseEnd = m[i + 4], hol = m[i + 9];
      const last = Math.max(requestEnd, responseStart, responseEnd, 0);
      if (start + last < view.from && responseStart >= 0) continue;
      if (responseStart >= 0) bar(start + Math.max(requestEnd, 0), start + responseStart, top + 1, h - 2, colours.c2);
      else bar(start, Math.max(start, lane.closed >= 0 ? lane.opened + lane.closed : lane.end), top + 1, h - 2, colours.c2);
      if (hol > 0 && requestEnd >= 0) bar(start + requestEnd, start + requestEnd + hol, top + 1, h - 2, colours.hatch);
      if (requestEnd >= 0) bar(start, start + requestEnd, top, h, colours.c1);
      if (responseStart >= 0) bar(start + responseStart, start + Math.max(responseEnd, responseStart), top, h, colours.c4);
      const raced = lane.race === m[i], failed = !raced && (m[i + 8] >> 2) > 0 && (m[i + 8] >> 2) < 4;
      if (raced || failed) {
        const px = x(start);
        if (px < gutter()) continue;
        draw.fillStyle = colours.c5;
        draw.strokeStyle = colours.card;
        draw.lineWidth = 1.5;
        draw.beginPath();
        if (raced) { draw.moveTo(px, middle - 7); draw.lineTo(px + 7, middle); draw.lineTo(px, middle + 7); draw.lineTo(px - 7, middle); }
        else { draw.moveTo(px, middle - 6); draw.lineTo(px + 6, middle + 5); draw.lineTo(px - 6, middle + 5); }
        draw.closePath();
        draw.fill();
        draw.stroke();
      }
    }
    if (lane.closed >= 0) {
      const px = x(lane.opened + lane.closed);
      if (px >= gutter() && px <= canvas.clientWidth) {
        draw.strokeStyle = draw.fillStyle = colours.ink;
        draw.lineWidth = 1.5;
        if (lane.reset) {
          draw.beginPath();
          draw.moveTo(px - 4, middle - 4); draw.lineTo(px + 4, middle + 4); draw.moveTo(px + 4, middle - 4); draw.lineTo(px - 4, middle + 4);
          draw.stroke();
        } else if (lane.by === 2) draw.fillRect(px - 1, top - 1, 3, h + 2);
        else draw.strokeRect(px - 1.5, top - 0.5, 3.5, h + 1);
      }
    }
  };
  const paint = () => {
    resize(canvas, draw);
    const w = canvas.clientWidth, h = canvas.clientHeight, top = scroller.scrollTop;
    draw.clearRect(0, 0, w, h);
    paintAxis(w, h);
    draw.save();
    draw.beginPath();
    draw.rect(0, axisHeight, w, h - axisHeight);
    draw.clip();
    let low = 0, high = rows.length;
    while (low < high) { const mid = (low + high) >> 1; if (rows[mid].y + headHeight < top) low = mid + 1; else high = mid; }
    for (let i = low; i < rows.length && rows[i].y < top + h; i++) {
      const row = rows[i], y = row.y - top + axisHeight;
      draw.textAlign = "left";
      draw.textBaseline = "middle";
      if (row.head) {
        draw.fillStyle = colours.soft;
        draw.fillRect(0, y + 3, w, headHeight - 4);
        draw.fillStyle = colours.ink;
        draw.font = "600 12px system-ui, sans-serif";
        draw.fillText(row.head, 8, y + headHeight / 2 + 1, w - 16);
        continue;
      }
      if (selected?.lane === row.lane) { draw.fillStyle = colours.soft; draw.fillRect(0, y, w, laneHeight); }
      if (gutter()) {
        draw.font = "11px system-ui, sans-serif";
        draw.fillStyle = colours.muted;
        draw.fillText(row.lane.name, 8, y + laneHeight / 2 + 0.5, gutter() - 14);
      }
      draw.save();
      draw.beginPath();
      draw.rect(gutter(), axisHeight, w - gutter(), h);
      draw.clip();
      paintLane(row.lane, y);
      if (selected?.lane === row.lane) {
        const [from, to] = range(selected);
        draw.strokeStyle = colours.accent;
        draw.lineWidth = 2;
        draw.strokeRect(x(from) - 2, y + 1, Math.max(x(to) - x(from), 2) + 4, laneHeight - 2);
      }
      draw.restore();
    }
    draw.restore();
    if (!rows.length) {
      draw.fillStyle = colours.muted;
      draw.textAlign = "center";
      draw.font = "14px system-ui, sans-serif";
      draw.fillText("No drawn connection fits these filters.", w / 2, axisHeight + 40);
    }
  };
  const range = pick => {
    const lane = pick.lane;
    if (pick.mark < 0) return [lane.begin, lane.end];
    const m = lane.marks, i = pick.mark;
    return [lane.opened + m[i + 1], lane.opened + m[i + 1] + Math.max(m[i + 2], m[i + 3], m[i + 4], 0)];
  };

  // The whole capture in a strip: connections open at a time, and the part that is shown.
  const paintOverview = () => {
    resize(overview, drawOverview);
    const w = overview.clientWidth, h = overview.clientHeight, d = drawOverview;
    d.clearRect(0, 0, w, h);
    const change = new Float64Array(w + 2);
    const px = t => Math.min(Math.max(Math.floor((t - begin) / whole * w), 0), w);
    for (const lane of visible) { change[px(lane.begin)] += 1; change[px(lane.end) + 1] -= 1; }
    let most = 1, open = 0;
    for (let i = 0; i < w; i++) most = Math.max(most, open += change[i]);
    d.fillStyle = colours.c2;
    open = 0;
    for (let i = 0; i < w; i++) { open += change[i]; const tall = open / most * (h - 4); d.fillRect(i, h - tall, 1, tall); }
    const left = (view.from - begin) / whole * w, right = (view.to - begin) / whole * w;
    d.strokeStyle = colours.accent;
    d.lineWidth = 2;
    d.strokeRect(Math.max(left, 1), 1, Math.max(Math.min(right, w - 1) - Math.max(left, 1), 3), h - 2);
  };
  let brush = null;
  overview.addEventListener("pointerdown", event => {
    overview.setPointerCapture(event.pointerId);
    const t = begin + event.offsetX / overview.clientWidth * whole;
    const full = view.to - view.from > whole * 0.98;
    brush = { t, moving: !full && t > view.from && t < view.to, from: view.from, to: view.to };
  });
  overview.addEventListener("pointermove", event => {
    if (!brush) return;
    const t = begin + event.offsetX / overview.clientWidth * whole;
    if (brush.moving) setView(brush.from + t - brush.t, brush.to + t - brush.t);
    else if (Math.abs(t - brush.t) > whole / 200) setView(Math.min(t, brush.t), Math.max(t, brush.t));
  });
  overview.addEventListener("pointerup", () => { brush = null; });

  // ---- Picking, tooltip, pin.
  const pickAt = (px, py) => {
    const y = py - axisHeight + scroller.scrollTop;
    if (py < axisHeight) return null;
    const row = rows.find(r => r.lane && y >= r.y && y < r.y + laneHeight);
    if (!row) return null;
    let best = -1, distance = 5;
    const m = row.lane.marks;
    for (let i = 0; i < m.length; i += markFields) {
      const [from, to] = range({ lane: row.lane, mark: i });
      const away = Math.max(x(from) - px, px - x(to), 0);
      if (away < distance) { distance = away; best = i; }
    }
    return { lane: row.lane, mark: best };
  };
  const lines = pick => pick.mark >= 0 ? describeMark(pick.lane, pick.mark) : describeLane(pick.lane);
  let pinned = false;
  const fillCard = pick => {
    cardText.replaceChildren(...lines(pick).map((line, i) => {
      const p = document.createElement("p");
      p.textContent = line;
      if (i === 0) p.className = "first";
      return p;
    }));
  };
  const showCard = (pick, px, py) => {
    fillCard(pick);
    card.hidden = false;
    const size = card.getBoundingClientRect();
    card.style.left = Math.max(8, Math.min(px + 14, innerWidth - size.width - 8)) + "px";
    card.style.top = (py + 18 + size.height < innerHeight ? py + 18 : Math.max(8, py - size.height - 12)) + "px";
  };
  const hideCard = () => { if (!pinned) card.hidden = true; };
  const pin = on => {
    pinned = on;
    card.classList.toggle("pinned", on);
    $("wf-unpin").hidden = !on;
    if (!on) card.hidden = true;
  };
  $("wf-unpin").addEventListener("click", () => { pin(false); scroller.focus({ preventScroll: true }); });
  const select = (pick, announce = true) => {
    selected = pick;
    if (pick && announce) live.textContent = lines(pick).join(". ");
    repaint();
  };
  const place = pick => {
    const box = canvas.getBoundingClientRect();
    const px = Math.min(Math.max(x(range(pick)[0]), gutter()), canvas.clientWidth - 8);
    return [box.left + px, box.top + axisHeight + pick.lane.y - scroller.scrollTop + laneHeight / 2];
  };
  const reveal = pick => {
    const y = pick.lane.y, room = scroller.clientHeight - axisHeight;
    if (y < scroller.scrollTop + headHeight) scroller.scrollTop = Math.max(0, y - headHeight);
    else if (y + laneHeight > scroller.scrollTop + room) scroller.scrollTop = y + laneHeight * 2 - room;
    const [from, to] = range(pick);
    if (to < view.from || from > view.to) {
      const width = view.to - view.from;
      setView(from - width / 3, from + width * 2 / 3);
    }
  };
  let drag = null;
  canvas.addEventListener("pointerdown", event => {
    drag = { x: event.offsetX, from: view.from, to: view.to, moved: false };
    if (event.pointerType !== "touch") canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", event => {
    if (drag && event.buttons) {
      const shift = (drag.x - event.offsetX) / plotWidth() * (drag.to - drag.from);
      if (drag.moved || Math.abs(drag.x - event.offsetX) > 4) {
        drag.moved = true;
        setView(drag.from + shift, drag.to + shift);
      }
      return;
    }
    if (pinned) return;
    const pick = pickAt(event.offsetX, event.offsetY);
    canvas.style.cursor = pick ? "pointer" : "grab";
    if (pick) showCard(pick, event.clientX, event.clientY); else hideCard();
  });
  canvas.addEventListener("pointerup", event => {
    const moved = drag?.moved;
    drag = null;
    if (moved) return;
    const pick = pickAt(event.offsetX, event.offsetY);
    pin(false);
    select(pick);
    if (pick) { showCard(pick, event.clientX, event.clientY); pin(true); }
  });
  canvas.addEventListener("pointercancel", () => { drag = null; });
  canvas.addEventListener("pointerleave", () => hideCard());
  canvas.addEventListener("dblclick", event => zoom(0.4, time(event.offsetX)));
  canvas.addEventListener("wheel", event => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 100))), time(event.offsetX));
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      const shift = event.deltaX / plotWidth() * (view.to - view.from);
      setView(view.from + shift, view.to + shift);
    }
  }, { passive: false });
  scroller.addEventListener("scroll", () => { hideCard(); repaint(); }, { passive: true });

  // ---- Keys.
  const step = (lanesOn, marksOn) => {
    if (!visible.length) return;
    let lane = selected?.lane ?? visible[0], mark = selected ? selected.mark : -1;
    if (lanesOn && selected) {
      lane = visible[Math.min(Math.max(visible.indexOf(lane) + lanesOn, 0), visible.length - 1)];
      mark = -1;
    }
    if (marksOn) {
      if (marksOn > 0) mark = mark < 0 ? 0 : mark + markFields;
      else mark -= markFields;
      mark = Math.max(-1, Math.min(mark, lane.marks.length - markFields));
    }
    const pick = { lane, mark };
    pin(false);
    reveal(pick);
    select(pick);
    requestAnimationFrame(() => showCard(pick, ...place(pick)));
  };
  scroller.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const span = view.to - view.from;
    const actions = {
      ArrowDown: () => step(1, 0), ArrowUp: () => step(-1, 0), ArrowRight: () => step(0, 1), ArrowLeft: () => step(0, -1),
      PageDown: () => step(20, 0), PageUp: () => step(-20, 0), Home: () => step(-lanes.length, 0), End: () => step(lanes.length, 0),
      "+": () => zoom(0.5, selected ? range(selected)[0] : undefined), "=": () => zoom(0.5, selected ? range(selected)[0] : undefined),
      "-": () => zoom(2), "0": fit, "<": () => setView(view.from - span / 4, view.to - span / 4),
      ">": () => setView(view.from + span / 4, view.to + span / 4),
      Enter: () => { if (selected) { showCard(selected, ...place(selected)); pin(true); } },
      Escape: () => { pin(false); select(null); },
    };
    const action = actions[event.key];
    if (action) { event.preventDefault(); action(); }
  });
  document.addEventListener("keydown", event => { if (event.key === "Escape") pin(false); });
  $("wf-in").addEventListener("click", () => zoom(0.5, selected ? range(selected)[0] : undefined));
  $("wf-out").addEventListener("click", () => zoom(2));
  $("wf-left").addEventListener("click", () => setView(view.from - (view.to - view.from) / 4, view.to - (view.to - view.from) / 4));
  $("wf-right").addEventListener("click", () => setView(view.from + (view.to - view.from) / 4, view.to + (view.to - view.from) / 4));
  $("wf-fit").addEventListener("click", () => {
    for (const filter of Object.values(filters)) filter.select.value = "";
    pin(false);
    select(null);
    applyFilters();
    fit();
  });

  // ---- Links from findings.
  document.addEventListener("click", event => {
    const link = event.target.closest?.("a.conn");
    if (!link) return;
    const lane = byId.get(Number(link.dataset.connection));
    if (!lane) return;
    event.preventDefault();
    for (const filter of Object.values(filters)) filter.select.value = "";
    filters.finding.select.value = Number(link.dataset.finding) - 1;
    if (!findingIds[Number(link.dataset.finding) - 1]?.has(lane.id)) filters.finding.select.value = "";
    applyFilters();
    const pick = { lane, mark: -1 };
    const margin = Math.max((lane.end - lane.begin) * 0.1, 1000);
    setView(lane.begin - margin, lane.end + margin);
    reveal(pick);
    select(pick);
    $("waterfall").scrollIntoView();
    scroller.focus({ preventScroll: true });
  });

  // ---- The same as a table.
  const tableLimit = 200;
  const fillTable = () => {
    const body = $("wf-rows");
    body.replaceChildren(...visible.slice(0, tableLimit).map(lane => {
      const row = document.createElement("tr");
      const cells = [lane.id, data.servers[lane.server], lane.name, lane.seen ? at(lane.opened) : "before the capture",
        lane.cause >= 0 ? data.causes[lane.cause] : "–", lane.setup >= 0 ? duration(lane.setup) : "–", number(lane.exchanges),
        number(lane.reused), lane.closed >= 0 ? at(lane.opened + lane.closed) : "–",
        data.reasons[lane.reason] + (lane.race >= 0 ? ", raced" : "")];
      cells.forEach((text, i) => {
        const cell = document.createElement(i === 0 ? "th" : "td");
        if (i === 0) cell.scope = "row";
        if (i >= 5 && i <= 7) cell.className = "n";
        cell.textContent = text;
        row.append(cell);
      });
      return row;
    }));
    $("wf-more").textContent = visible.length > tableLimit
      ? `The first ${tableLimit} of ${number(visible.length)}: filter to see others.` : "";
  };
  $("wf-table").addEventListener("toggle", () => { if ($("wf-table").open) fillTable(); });

  addEventListener("themechange", () => { readColours(); repaint(); });
  new ResizeObserver(() => { hideCard(); repaint(); }).observe(scroller);
  readColours();
  applyFilters();
  fit();
})();
