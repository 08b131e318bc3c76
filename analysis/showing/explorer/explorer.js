"use strict";
// All numbers are computed here from the hits of each article, by the formulas of the package.
const D = JSON.parse(document.getElementById("data").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
// On a dark page colours are mixed with white.
const tone = (hex) => !dark.matches ? hex : `#${[1, 3, 5].map((k) => Math.round(parseInt(hex.slice(k, k + 2), 16) * 0.6 + 102).toString(16).padStart(2, "0")).join("")}`;
const $ = (id) => document.getElementById(id);
const NS = "http://www.w3.org/2000/svg";
const THIN = 10, MOST_LINES = 20, PAGE = 300;
const state = { view: "time", measure: 0, voice: -1, target: -1, from: 0, to: D.periods.length - 1, outlets: new Set() };
let shown = { columns: [], rows: [] }, sorted = null;

// --- Estimates ---------------------------------------------------------------------------------
function logGamma(x) {
  const c = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5];
  let sum = 1.000000000190015;
  for (let j = 0; j < 6; j++) sum += c[j] / (x + 1 + j);
  return (x + 0.5) * Math.log(x + 5.5) - x - 5.5 + Math.log((2.5066282746310005 * sum) / x);
}
// The regularised incomplete beta function, by Lentz's continued fraction.
function beta(a, b, x) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - beta(b, a, 1 - x);
  const small = 1e-300, safe = (v) => (Math.abs(v) < small ? small : v);
  let c = 1, d = 1 / safe(1 - ((a + b) * x) / (a + 1)), h = d;
  for (let m = 1; m < 500; m++) {
    for (const k of [(m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)), (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))]) {
      d = 1 / safe(1 + k * d);
      c = safe(1 + k / c);
      h *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return (h * Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x))) / a;
}
const quantiles = new Map();
// The two-sided 95% quantile of Student's t.
function tQuantile(df) {
  if (!quantiles.has(df)) {
    let low = 0, high = 13;
    for (let n = 0; n < 60; n++) {
      const t = (low + high) / 2;
      if (beta(df / 2, 0.5, df / (df + t * t)) > 0.05) low = t;
      else high = t;
    }
    quantiles.set(df, (low + high) / 2);
  }
  return quantiles.get(df);
}
const expit = (x) => 1 / (1 + Math.exp(-x));
// The share of a contrast: log odds with the delete-one-article jackknife, Satterthwaite's df.
function share(units) {
  const m = units.length, scored = units.filter(([a, b]) => a + b > 0);
  let A = 0, B = 0;
  for (const [a, b] of scored) (A += a), (B += b);
  const found = { value: A + B > 0 ? A / (A + B) : null, low: null, high: null, hits: A + B };
  if (!A || !B || m < 2 || scored.length < 2) return found;
  const theta = Math.log((A + 0.5) / (B + 0.5));
  const change = scored.map(([a, b]) => Math.log((A - a + 0.5) / (B - b + 0.5)) - theta);
  const sum = change.reduce((s, c) => s + c, 0), squares = change.reduce((s, c) => s + c * c, 0);
  const mean = sum / m, spread = squares - (sum * sum) / m;
  const fourth = change.reduce((s, c) => s + (c - mean) ** 4, 0) + (m - scored.length) * mean ** 4;
  const se = Math.sqrt(((m - 1) / m) * Math.max(spread, 0));
  if (!(se > 1e-7)) return found;
  const df = Math.min(Math.max(2 / Math.max(fourth / spread ** 2 - 1 / m, 1e-12), 1), m - 1);
  const half = tQuantile(df) * se;
  found.low = Math.min(expit(theta - half), found.value);
  found.high = Math.max(expit(theta + half), found.value);
  return found;
}
// The share of articles with a frame: Wilson's interval.
function prevalence(units) {
  const m = units.length, p = units.reduce((s, u) => s + u[2], 0) / m, z = 1.959963984540054;
  const hits = units.reduce((s, u) => s + u[0], 0);
  if (m < 2) return { value: p, low: null, high: null, hits };
  const centre = (p + (z * z) / (2 * m)) / (1 + (z * z) / m);
  const half = (z / (1 + (z * z) / m)) * Math.sqrt((p * (1 - p)) / m + (z * z) / (4 * m * m));
  return { value: p, low: Math.max(centre - half, 0), high: Math.min(centre + half, 1), hits };
}
const wanted = (row, voice = state.voice, target = state.target) =>
  (voice < 0 || D.rows.voice[row] === voice) && (target < 0 ? D.rows.first[row] : D.rows.target[row] === target);
const inPeriods = (doc) => !D.periods.length || (D.docs.period[doc] >= state.from && D.docs.period[doc] <= state.to);

// The scores of groups of rows; `keyOf` names the group of an article, or null.
function score(keyOf) {
  const { a, b } = D.measures[state.measure], first = D.sides[a], second = b === null ? null : D.sides[b];
  const groups = new Map();
  for (let row = 0; row < D.rows.doc.length; row++) {
    const doc = D.rows.doc[row];
    if (!wanted(row) || !state.outlets.has(D.docs.outlet[doc]) || !inPeriods(doc)) continue;
    const key = keyOf(doc);
    if (!groups.has(key)) groups.set(key, new Map());
    const docs = groups.get(key);
    if (!docs.has(doc)) docs.set(doc, [0, 0]);
    const sums = docs.get(doc);
    sums[0] += first[row];
    if (second) sums[1] += second[row];
  }
  const points = [];
  for (const [key, docs] of groups) {
    // Copies of one story are averaged where the study counts them once.
    const units = new Map();
    for (const [doc, [x, y]] of docs) {
      const unit = units.get(D.docs.unit[doc]) ?? [0, 0, 0, 0];
      units.set(D.docs.unit[doc], [unit[0] + x, unit[1] + y, unit[2] + (x > 0), unit[3] + 1]);
    }
    const means = [...units.values()].map(([x, y, has, n]) => [x / n, y / n, has / n]);
    const hits = [...docs.values()].reduce((s, [x, y]) => s + x + y, 0);
    points.push({ ...(second ? share(means) : prevalence(means)), key, n: means.length, docs: [...docs.keys()], hits });
  }
  return points;
}

// --- Words -------------------------------------------------------------------------------------
const number = (x, digits = 2) => (x === null ? "\u2013" : x.toFixed(digits));
const whole = (n) => n.toLocaleString("en");
const interval = (p) => `${number(p.value)} [${p.low === null ? "\u2013" : `${number(p.low)}, ${number(p.high)}`}]`;
const exact = (x) => (x === null ? "" : String(Number(x.toPrecision(12))));
const nameOf = (p) => [p.outlet === undefined ? "all chosen" : D.outlets[p.outlet], p.period === undefined ? "" : D.periods[p.period]].filter(Boolean).join(", ");
const short = (name, most) => (name.length > most ? `${name.slice(0, most - 1)}\u2026` : name);
const labelOf = (p) => `${nameOf(p)}: ${interval(p)}, n = ${whole(p.n)}`;

// --- Elements ----------------------------------------------------------------------------------
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}
function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
function option(value, text) {
  return make("option", { value }, text);
}
const tip = $("tip"), behind = new WeakMap();
// A point that opens, by mouse, touch and keyboard; its chart listens for all of them.
function point(p, x, y, look, label, open) {
  const shape = ["mark", "disc"].map((name) => draw("circle", { class: name, cx: x, cy: y, r: 4, ...(name === "mark" ? look : { fill: "transparent" }) }));
  const node = draw("g", { class: "point", tabindex: 0, role: "button", "aria-label": `${label}: show what is behind it` }, ...shape);
  behind.set(node, { label, open: () => open(p) });
  return node;
}
function listen(name, act) {
  $("chart").addEventListener(name, (event) => {
    const node = event.target.closest(".point");
    if (node) act(node, event);
  });
}
function hint(node) {
  tip.textContent = behind.get(node).label;
  tip.hidden = false;
  const box = node.getBoundingClientRect(), width = tip.offsetWidth;
  tip.style.left = `${Math.min(Math.max(4, box.x + box.width / 2 - width / 2), innerWidth - width - 8) + scrollX}px`;
  tip.style.top = `${box.y + scrollY - tip.offsetHeight - 6}px`;
}
for (const name of ["pointerover", "focusin"]) listen(name, hint);
for (const name of ["pointerout", "focusout"]) listen(name, () => (tip.hidden = true));
// What can be hit of a point ends half way to the next one.
function settle() {
  const discs = [...$("chart").querySelectorAll(".disc")], places = discs.map((d) => [Number(d.getAttribute("cx")), Number(d.getAttribute("cy"))]);
  discs.forEach((disc, n) => {
    const [x, y] = places[n];
    let least = 22 ** 2;
    places.forEach((other, k) => {
      const far = (other[0] - x) ** 2 + (other[1] - y) ** 2;
      if (k !== n && far > 0 && far < least) least = far;
    });
    disc.setAttribute("r", Math.max(0.6, Math.sqrt(least) / 2).toFixed(2));
  });
}
listen("click", (node) => behind.get(node).open());
// A finger that missed all of them means the nearest.
$("chart").addEventListener("click", (event) => {
  if (event.target.closest(".point")) return;
  const far = (node) => {
    const box = node.querySelector(".mark").getBoundingClientRect();
    return Math.hypot(box.x + box.width / 2 - event.clientX, box.y + box.height / 2 - event.clientY);
  };
  const [near] = [...$("chart").querySelectorAll(".point")].map((node) => [far(node), node]).sort((p, q) => p[0] - q[0]);
  if (near && near[0] < 24) behind.get(near[1]).open();
});
listen("keydown", (node, event) => {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    behind.get(node).open();
  }
  // In a chart of very many points arrows go from one to the next.
  const by = state.view === "terms" && { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const all = by ? [...$("chart").querySelectorAll(".point")] : [], next = all[all.indexOf(node) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
function picture(width, height, label, ...children) {
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": label, "font-size": 12, "font-family": "system-ui, sans-serif", fill: "currentColor" }, ...children);
  $("chart").replaceChildren(svg);
  return svg;
}
const text = (x, y, content, more = {}) => draw("text", { x, y, ...more }, content);
const line = (x1, y1, x2, y2, more = {}) => draw("line", { x1, y1, x2, y2, stroke: "currentColor", ...more });
// Places moved down until none are nearer to each other than `gap`, and up from the end.
function apart(places, gap, end) {
  const order = places.map((y, n) => [y, n]).sort((p, q) => p[0] - q[0]);
  for (let n = 1; n < order.length; n++) order[n][0] = Math.max(order[n][0], order[n - 1][0] + gap);
  let floor = end;
  for (let n = order.length - 1; n >= 0; n--) floor = (order[n][0] = Math.min(order[n][0], floor)) - gap;
  const moved = [];
  for (const [y, n] of order) moved[n] = y;
  return moved;
}
function scored(p, x, y, colour) {
  const hollow = p.low === null || p.n < THIN;
  return point(p, x, y, { fill: hollow ? "var(--paper)" : colour, stroke: colour, "stroke-width": 1.6 }, labelOf(p), openPoint);
}

// --- Views -------------------------------------------------------------------------------------
const wide = () => Math.max(320, $("chart").clientWidth);
const axisName = () => D.measures[state.measure].name;

function overTime() {
  const together = $("together").checked;
  const points = [];
  for (const p of score((doc) => `${D.docs.outlet[doc]} ${D.docs.period[doc]}`)) {
    [p.outlet, p.period] = p.key.split(" ").map(Number);
    points.push(p);
  }
  if (together) for (const p of score((doc) => D.docs.period[doc])) points.push({ ...p, period: p.key });
  points.sort((p, q) => (p.outlet ?? -1) - (q.outlet ?? -1) || p.period - q.period);
  const known = points.filter((p) => p.value !== null);
  const lines = new Map();
  for (const p of known) lines.set(p.outlet, [...(lines.get(p.outlet) ?? []), p]);
  const names = [...lines.keys()].slice(0, MOST_LINES + 1);
  const width = wide(), right = width > 600 ? 170 : 12, left = 44, top = 14, height = 360, bottom = height - 40;
  const n = state.to - state.from + 1, step = (width - left - right) / n;
  // Lines stand side by side in each period, so that no point hides another.
  const aside = (o) => (names.indexOf(o) - (names.length - 1) / 2) * Math.min(9, (0.8 * step) / names.length);
  const middle = (period) => left + (period - state.from + 0.5) * step, x = (p) => middle(p.period) + aside(p.outlet), y = (v) => bottom - v * (bottom - top);
  const svg = picture(width, height, `${axisName()}, over time`);
  for (const v of [0, 0.25, 0.5, 0.75, 1]) svg.append(line(left, y(v), width - right, y(v), { opacity: v === 0 ? 1 : 0.15 }), text(left - 6, y(v) + 4, v ? (v === 1 ? "1" : v.toFixed(2).slice(1)) : "0", { "text-anchor": "end" }));
  const years = D.periods.map((name) => name.slice(0, 4)), narrow = step * n < 44 * new Set(years.slice(state.from, state.to + 1)).size;
  let last = -1e9;
  for (let p = state.from; p <= state.to; p++) {
    const label = step > 62 || n < 2 ? D.periods[p] : p === state.from || years[p] !== years[p - 1] ? years[p] : null;
    const at = label === D.periods[p] ? middle(p) : middle(p) - step / 2;
    if (label === null || (at - last < 44 && (narrow || step <= 62))) continue;
    svg.append(line(at, bottom, at, bottom + 5), text(at, bottom + 18, label, label === D.periods[p] ? { "text-anchor": "middle" } : {}));
    last = at;
  }
  const ends = names.map((o) => y(lines.get(o).at(-1).value));
  const places = apart(ends, 14, bottom);
  names.forEach((o, place) => {
    const colour = o === undefined ? "currentColor" : tone(D.colours[o]), own = lines.get(o);
    const path = own.map((p, k) => `${k && own[k - 1].period === p.period - 1 ? "L" : "M"}${x(p)} ${y(p.value)}`).join("");
    svg.append(draw("path", { d: path, fill: "none", stroke: colour, "stroke-width": o === undefined ? 2.4 : 1.5, opacity: 0.75 }));
    for (const p of own) if (p.low !== null) svg.append(line(x(p), y(p.low), x(p), y(p.high), { stroke: colour, opacity: 0.45, "stroke-width": 1.4 }));
    if (right > 100) svg.append(text(width - right + 8, places[place] + 4, short(nameOf({ outlet: o }), 22), { fill: colour }));
  });
  for (const o of names) for (const p of lines.get(o)) svg.append(scored(p, x(p), y(p.value), o === undefined ? "currentColor" : tone(D.colours[o])));
  table(["outlet", "period"], points);
  return known.length;
}

function byOutlet() {
  const points = score((doc) => D.docs.outlet[doc]).map((p) => ({ ...p, outlet: p.key }));
  const known = points.filter((p) => p.value !== null).sort((p, q) => q.value - p.value);
  const width = wide(), left = Math.min(180, width * 0.36), right = 76, row = 26, height = known.length * row + 50;
  const x = (v) => left + v * (width - left - right);
  const svg = picture(width, height, `${axisName()}, by outlet`);
  for (const v of [0, 0.25, 0.5, 0.75, 1]) svg.append(line(x(v), 6, x(v), height - 40, { opacity: 0.15 }), text(x(v), height - 22, v ? (v === 1 ? "1" : v.toFixed(2).slice(1)) : "0", { "text-anchor": "middle" }));
  known.forEach((p, place) => {
    const at = 18 + place * row, colour = tone(D.colours[p.outlet]), room = Math.floor(left / 7);
    svg.append(text(left - 10, at + 4, short(nameOf(p), room), { "text-anchor": "end" }), text(width - right + 12, at + 4, `n = ${whole(p.n)}`, { opacity: 0.75 }));
    if (p.low !== null) svg.append(line(x(p.low), at, x(p.high), at, { stroke: colour, "stroke-width": 2 }));
    svg.append(scored(p, x(p.value), at, colour));
  });
  table(["outlet"], points);
  return known.length;
}

const sums = [];
for (const [places, n] of D.terms?.counts ?? []) places.forEach((term, k) => (sums[term] = (sums[term] ?? 0) + n[k]));
function terms() {
  const [one, other] = [Number($("one").value), Number($("other").value)], { names, counts, tokens } = D.terms;
  const own = new Map(counts[one][0].map((term, k) => [term, counts[one][1][k]]));
  const rest = new Map(other < 0 ? sums.entries() : counts[other][0].map((term, k) => [term, counts[other][1][k]]));
  const total = tokens.reduce((s, n) => s + n, 0);
  const rows = names.map((term, k) => {
    const x = own.get(k) ?? 0, y = (rest.get(k) ?? 0) - (other < 0 ? x : 0);
    const size = other < 0 ? total - tokens[one] : tokens[other];
    return { term, n: x, other: y, rate: (1e6 * x) / tokens[one], rate_other: (1e6 * y) / size, log: Math.log2((x + 0.5) / tokens[one] / ((y + 0.5) / size)) };
  }).filter((r) => r.n + r.other > 0);
  const width = wide(), height = 520, left = 60, bottom = height - 44, right = 20, top = 12;
  const ends = rows.flatMap((r) => [r.rate, r.rate_other]).filter((v) => v > 0), least = Math.min(...ends, 1e6) / 1.5, most = Math.max(...ends, 10) * 1.2;
  const scale = (v) => (Math.log(Math.max(v, least)) - Math.log(least)) / (Math.log(most) - Math.log(least));
  const x = (r) => left + scale(r.rate_other) * (width - left - right), y = (r) => bottom - scale(r.rate) * (bottom - top);
  const names2 = [D.outlets[one], other < 0 ? "all others" : D.outlets[other]];
  const svg = picture(width, height, `Terms of ${names2[0]} and ${names2[1]}`);
  for (let power = Math.ceil(Math.log10(least)); 10 ** power < most; power++) {
    const place = scale(10 ** power), said = whole(10 ** power);
    svg.append(text(left + place * (width - left - right), bottom + 16, said, { "text-anchor": "middle" }), text(left - 6, bottom - place * (bottom - top) + 4, said, { "text-anchor": "end" }));
  }
  svg.append(line(left, bottom, width - right, bottom), line(left, bottom, left, top), line(left, bottom, width - right, top, { opacity: 0.3, "stroke-dasharray": "3 3" }));
  svg.append(text(width - right, bottom + 34, `per million tokens: ${names2[1]} \u2192`, { "text-anchor": "end" }), text(left + 6, top + 4, `\u2191 ${names2[0]}`));
  const sought = $("search").value.trim().toLowerCase(), isSought = (r) => sought && r.term.startsWith(sought);
  const colour = (r) => (isSought(r) ? "var(--hit)" : r.log > 0 ? "var(--one)" : "var(--other)");
  rows.sort((p, q) => isSought(q) - isSought(p) || Math.abs(q.log) * Math.sqrt(q.n + q.other) - Math.abs(p.log) * Math.sqrt(p.n + p.other));
  // Labels where there is room, the clearest terms first.
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = "11px system-ui, sans-serif";
  const taken = [], said = draw("g");
  let first = true;
  for (const r of rows) {
    const node = point(r, x(r), y(r), { r: isSought(r) ? 6 : 3.2, fill: colour(r), "fill-opacity": 0.65 }, termLabel(r, names2), (p) => openTerm(p, names2));
    // One stop for the keyboard; arrows go on from there, the clearest term first.
    if (!first) node.setAttribute("tabindex", -1);
    first = false;
    svg.append(node);
    const long = pen.measureText(r.term).width + 1, flip = x(r) + long + 10 > width;
    const box = { left: flip ? x(r) - long - 6 : x(r) + 5, top: y(r) - 8, right: flip ? x(r) - 5 : x(r) + long + 6, bottom: y(r) + 6 };
    if (taken.length > 250 || taken.some((b) => b.left < box.right && b.right > box.left && b.top < box.bottom && b.bottom > box.top)) continue;
    taken.push(box);
    said.append(text(flip ? box.right : box.left, y(r) + 4, r.term, { "font-size": 11, class: "label", "text-anchor": flip ? "end" : "start", "font-weight": isSought(r) ? 700 : 400 }));
  }
  svg.append(said);
  tabulate(["term", `n ${names2[0]}`, `n ${names2[1]}`, `per million ${names2[0]}`, `per million ${names2[1]}`, "log2 ratio"],
    rows.map((r) => ({ cells: [r.term, r.n, r.other, r.rate, r.rate_other, r.log], shown: [r.term, whole(r.n), whole(r.other), number(r.rate, 1), number(r.rate_other, 1), number(r.log)], open: () => openTerm(r, names2) })));
  return rows.length;
}
const termLabel = (r, [one, other]) => `${r.term}: ${number(r.rate, 1)} per million in ${one} (n = ${whole(r.n)}), ${number(r.rate_other, 1)} in ${other} (n = ${whole(r.other)})`;

// --- Candidates for the lexicon ----------------------------------------------------------------
const accepted = new Set();
function candidates() {
  const only = $("frame").value, rows = D.candidates.rows.filter((r) => !only || r.frame === only);
  $("chart").replaceChildren();
  tabulate(["term", "frame", "hits", "articles", "adds", "nearest", "similarity"], rows.map((r) => ({
    cells: [r.term, r.frame, r.hits, r.articles, r.adds, r.nearest, r.similarity],
    shown: [r.shown, r.frame, whole(r.hits), whole(r.articles), whole(r.adds), r.nearest, number(r.similarity)],
    open: () => openCandidate(r),
    tick: make("input", { type: "checkbox", checked: accepted.has(r), "aria-label": `add ${r.shown} to ${r.frame}`, on: { change: (event) => { accepted[event.target.checked ? "add" : "delete"](r); changes(); } } }),
  })));
  changes();
  return rows.length;
}
function openCandidate(r) {
  const lines = (r.lines ?? []).map(([left, hit, right]) => make("li", {}, make("q", { dir: "auto" }, left, make("mark", {}, hit), right)));
  const why = make("input", { type: "text", value: r.reason, on: { input: (event) => { r.reason = event.target.value.trim(); changes(); } } });
  reveal(r.shown, make("p", {}, r.said.slice(2), "."), make("ul", {}, ...lines), make("label", {}, "Reason for the changelog ", why));
}
// What is accepted, as the new version's patterns and in the words of its changelog.
function changes() {
  const { version, changelog } = D.candidates, rows = D.candidates.rows.filter((r) => accepted.has(r)), next = $("version").value.trim();
  const said = rows.map((r) => r.said + (r.reason ? `: ${r.reason}` : "")), day = new Date().toLocaleDateString("sv");
  const log = [changelog[0].replace("VERSION", () => next).replace("DAY", day), ...changelog.slice(1), ...said, ""].join("\n");
  $("changes").textContent = rows.length ? log : "Nothing is ticked.";
  $("save").disabled = !rows.length || !next || next === version;
  return { rows, next, log };
}
// YAML: all texts but plain words are quoted, as in JSON.
const quoted = (value) => (/^[a-z][\w*-]*( [a-z][\w*-]*)*$/i.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value) ? value : JSON.stringify(value));
function yaml(value, indent = "") {
  if (typeof value !== "object") return ` ${quoted(value)}`;
  const entries = Array.isArray(value) ? value.map((v) => ["-", v]) : Object.entries(value).map(([k, v]) => [`${quoted(k)}:`, v]);
  return entries.map(([key, held]) => `\n${indent}${key}${yaml(held, `${indent}  `)}`).join("");
}
function saveLexicon() {
  const { rows, next, log } = changes(), content = structuredClone(D.candidates.lexicon);
  for (const r of rows) for (const frame of r.holding) content[frame].push(r.term);
  content._about.version = next;
  const name = `${content._about.name}-${next}`.replace(/[^\p{L}\p{N}.-]+/gu, "-");
  download(`${name}.yml`, "application/yaml", `${yaml(content).trimStart()}\n`);
  download(`${name}-changes.md`, "text/markdown", log);
}

// --- What is behind a point --------------------------------------------------------------------
function reveal(title, ...content) {
  $("open").replaceChildren(make("h2", {}, title), ...content);
  $("open").hidden = false;
  $("open").focus();
}
function openTerm(r, names) {
  reveal(r.term, make("p", {}, termLabel(r, names), `; log2 ratio ${number(r.log)}.`));
}
const safe = (link) => /^https?:\/\//.test(link ?? "");
function source(doc, voice, speaker) {
  const link = D.docs.link?.[doc], said = [D.outlets[D.docs.outlet[doc]], D.docs.date?.[doc], voice >= 0 ? D.voices[voice] : "", speaker].filter(Boolean).join(", ");
  return make("span", { class: "from" }, said, ...(safe(link) ? ["; ", make("a", { href: link, rel: "noreferrer noopener" }, "article")] : []));
}
function openPoint(p) {
  const docs = new Set(p.docs), { frames, b } = D.measures[state.measure];
  const list = make("ol");
  let said;
  if (D.lines) {
    const found = D.lines.filter((l) => docs.has(l.doc) && frames.includes(l.frame) && (state.voice < 0 || l.voice === state.voice) && (state.target < 0 || l.targets.includes(state.target)));
    for (const l of found.slice(0, PAGE)) list.append(make("li", {}, make("q", { dir: "auto" }, l.left, make("mark", {}, l.hit), l.right), source(l.doc, l.voice, l.source)));
    said = `${whole(found.length)} of ${whole(p.hits)} hits${found.length > PAGE ? `, the first ${PAGE} shown` : ""}.`;
  } else {
    const { a } = D.measures[state.measure], hits = new Map();
    for (let row = 0; row < D.rows.doc.length; row++) {
      const doc = D.rows.doc[row], n = docs.has(doc) && wanted(row) ? D.sides[a][row] + (b === null ? 0 : D.sides[b][row]) : 0;
      if (n) hits.set(doc, (hits.get(doc) ?? 0) + n);
    }
    const found = [...hits].sort((x, y) => y[1] - x[1]);
    for (const [doc, n] of found.slice(0, PAGE)) list.append(make("li", {}, source(doc, -1, ""), ` ${whole(n)} hit${n === 1 ? "" : "s"}`));
    said = `${whole(p.hits)} hits in ${whole(found.length)} articles${found.length > PAGE ? `, the first ${PAGE} shown` : ""}. This file holds counts, no texts.`;
  }
  reveal(labelOf(p), make("p", { class: "count", "data-hits": p.hits }, said), list);
}

// --- The table ---------------------------------------------------------------------------------
function table(keys, points) {
  const { b } = D.measures[state.measure], value = b === null ? "prevalence" : "share";
  points = points.filter((p) => p.outlet !== undefined || !keys.includes("outlet") || $("together").checked);
  tabulate([...keys, "articles", "hits", value, `${value}_low`, `${value}_high`], points.map((p) => {
    const groups = keys.map((k) => (k === "outlet" ? nameOf({ outlet: p.outlet }) : D.periods[p.period]));
    return { cells: [...groups, p.n, p.hits, p.value, p.low, p.high], shown: [...groups, whole(p.n), whole(p.hits), number(p.value), number(p.low), number(p.high)], open: p.value === null ? null : () => openPoint(p) };
  }));
}
function tabulate(columns, rows) {
  if (columns.join() !== shown.columns.join()) sorted = null;
  shown = { columns, rows };
  fill();
}
function chosenRows() {
  const sought = $("filter").value.trim().toLowerCase();
  const rows = shown.rows.filter((r) => !sought || r.shown.some((cell) => cell.toLowerCase().includes(sought)));
  if (!sorted) return rows;
  const [column, down] = sorted;
  return rows.sort((p, q) => {
    const [x, y] = [p.cells[column], q.cells[column]];
    if (x === null || y === null) return (x === null) - (y === null);
    return (down ? -1 : 1) * (typeof x === "number" ? x - y : x.localeCompare(y));
  });
}
function fill() {
  const rows = chosenRows();
  const heads = shown.columns.map((name, column) => {
    const down = sorted?.[0] === column ? sorted[1] : null;
    const button = make("button", { type: "button", on: { click: () => { sorted = [column, down === false]; fill(); } } }, name.replaceAll("_", " "));
    return make("th", { scope: "col", "aria-sort": down === null ? null : down ? "descending" : "ascending" }, button);
  });
  const body = rows.slice(0, PAGE).map((r) => make("tr", {}, ...r.shown.map((cell, k) => {
    const numeric = typeof r.cells[k] === "number" || r.cells[k] === null;
    const content = k === 0 && r.open ? make("button", { type: "button", class: "link", on: { click: r.open } }, cell) : cell;
    return make("td", { class: numeric ? "number" : null, "data-value": numeric ? exact(r.cells[k]) : null }, ...(k === 0 && r.tick ? [r.tick] : []), content);
  })));
  $("table").replaceChildren(make("caption", { class: "unseen" }, `${axisName()}: the numbers of the chart`), make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...body));
  $("rows").textContent = rows.length > PAGE ? `The first ${PAGE} of ${whole(rows.length)} rows; the download has all.` : `${whole(rows.length)} row${rows.length === 1 ? "" : "s"}.`;
}
const plain = (cell) => (typeof cell === "number" || cell === null ? exact(cell) : cell);
const asText = (mark, quote) => [shown.columns, ...chosenRows().map((r) => r.cells.map(plain))].map((row) => row.map(quote).join(mark)).join("\n") + "\n";
// A cell that a spreadsheet would take for a formula is kept from it.
const inCsv = (cell) => (/[",\n]|^[=+@\t\r]/.test(cell) ? `"${(/^[=+@\t\r]/.test(cell) ? "'" : "") + cell.replaceAll('"', '""')}"` : cell);
function download(name, kind, content) {
  const link = make("a", { href: URL.createObjectURL(new Blob([content], { type: kind })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
async function copy(content) {
  try {
    await navigator.clipboard.writeText(content);
  } catch {
    const area = make("textarea", { "aria-label": "to copy" });
    area.value = content;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  $("said").textContent = "The table was copied.";
}
function saveChart() {
  const svg = $("chart").querySelector("svg").cloneNode(true), look = getComputedStyle(document.documentElement);
  let source = new XMLSerializer().serializeToString(svg);
  for (const name of ["--paper", "--one", "--other", "--hit"]) source = source.replaceAll(`var(${name})`, look.getPropertyValue(name).trim());
  download("chart.svg", "image/svg+xml", source.replaceAll("currentColor", getComputedStyle(document.body).color));
}

// --- Controls ----------------------------------------------------------------------------------
function update(anew = true) {
  const scores = ["time", "outlet"].includes(state.view);
  for (const node of document.querySelectorAll("[data-for]")) node.hidden = !node.dataset.for.split(" ").includes(state.view);
  for (const tab of document.querySelectorAll("[data-view]")) tab.setAttribute("aria-pressed", tab.dataset.view === state.view);
  if (anew) $("open").hidden = true;
  tip.hidden = true;
  $("title").textContent = scores ? `${axisName()}${state.view === "time" ? ", over time" : ", by outlet"}` : state.view === "terms" ? "Terms of two outlets" : "Candidates for the lexicon";
  const found = { time: overTime, outlet: byOutlet, terms, candidates }[state.view]();
  settle();
  $("said").textContent = found ? (state.outlets.size > MOST_LINES && state.view === "time" ? `The lines of ${MOST_LINES} of the outlets are drawn; the table has all.` : "") : "Nothing that is chosen has a hit of these frames.";
}
function choose(id, name) {
  $(id).addEventListener("change", () => {
    state[name] = Number($(id).value);
    if (state.from > state.to) state[name === "from" ? "to" : "from"] = state[name];
    [$("from").value, $("to").value] = [state.from, state.to];
    update();
  });
}
D.measures.forEach((m, k) => $("measure").append(option(k, m.name)));
D.periods.forEach((p, k) => ($("from").append(option(k, p)), $("to").append(option(k, p))));
for (const [id, names, all] of [["voice", D.voices, "all voices"], ["target", D.targets, "all targets"]]) {
  $(id).append(option(-1, all));
  names.forEach((name, k) => $(id).append(option(k, name)));
  $(id).closest("label").hidden = !names.length;
}
$("to").value = state.to;
const sizes = D.outlets.map(() => 0);
for (const o of D.docs.outlet) sizes[o] += 1;
const largest = D.outlets.map((_, o) => o).sort((p, q) => sizes[q] - sizes[p]);
largest.slice(0, D.few).forEach((o) => state.outlets.add(o));
for (const o of largest) {
  const box = make("input", { type: "checkbox", value: o });
  box.checked = state.outlets.has(o);
  box.addEventListener("change", () => { state.outlets[box.checked ? "add" : "delete"](o); update(); });
  const swatch = make("span", { class: "swatch" });
  swatch.style.background = tone(D.colours[o]);
  $("outlets").append(make("label", {}, box, swatch, `${D.outlets[o]} (${whole(sizes[o])})`));
}
for (const [id, all] of [["every", true], ["none", false]]) {
  $(id).addEventListener("click", () => {
    for (const box of $("outlets").querySelectorAll("label:not([hidden]) input")) {
      box.checked = all;
      state.outlets[all ? "add" : "delete"](Number(box.value));
    }
    update();
  });
}
$("find").addEventListener("input", () => {
  for (const label of $("outlets").children) label.hidden = !label.textContent.toLowerCase().includes($("find").value.toLowerCase());
});
for (const [id, name] of [["measure", "measure"], ["voice", "voice"], ["target", "target"], ["from", "from"], ["to", "to"]]) choose(id, name);
for (const tab of document.querySelectorAll("[data-view]")) tab.addEventListener("click", () => { state.view = tab.dataset.view; update(); });
$("together").addEventListener("change", () => update());
$("filter").addEventListener("input", fill);
$("copy").addEventListener("click", () => copy(asText("\t", String)));
$("csv").addEventListener("click", () => download("table.csv", "text/csv", asText(",", inCsv)));
$("svg").addEventListener("click", saveChart);
if (D.terms) {
  for (const id of ["one", "other"]) {
    if (id === "other") $(id).append(option(-1, "all others"));
    largest.filter((o) => D.terms.tokens[o]).forEach((o) => $(id).append(option(o, D.outlets[o])));
    $(id).addEventListener("change", () => update());
  }
  $("search").addEventListener("input", () => update());
} else document.querySelector('[data-view="terms"]').hidden = true;
if (D.candidates) {
  $("frame").append(option("", "all"), ...[...new Set(D.candidates.rows.map((r) => r.frame))].map((name) => option(name, name)));
  $("frame").addEventListener("change", () => update());
  $("version").value = D.candidates.lexicon._about.version;
  $("version").addEventListener("input", changes);
  $("save").addEventListener("click", saveLexicon);
} else document.querySelector('[data-view="candidates"]').hidden = true;
if (!D.periods.length) {
  state.view = "outlet";
  document.querySelector('[data-view="time"]').hidden = true;
}
dark.addEventListener("change", () => update(false));
let waiting = 0;
let last = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === last) return;
  last = innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(() => update(false), 150);
});
update();
