const up = data.direction === "min";
const done = data.trials.filter(t => t.score !== null);
const better = (a, b) => up ? a.score - b.score : b.score - a.score;
const ranked = [...done].sort(better);
const colour = t => {
  const share = ranked.length > 1 ? ranked.indexOf(t) / (ranked.length - 1) : 0;
  return `hsl(${210 - 180 * share} ${80 - 50 * share}% 50%)`;
};
const mark = id => document.querySelectorAll("[data-trial]").forEach(
  n => n.classList.toggle("marked", n.dataset.trial === id));

function summary() {
  const failed = data.trials.length - done.length;
  const best = ranked[0];
  $("summary").textContent = `${data.trials.length} trials, ${failed} without `
    + `a score. ` + (best ? `Best ${data.objective}: ${show(best.score)} in `
    + `trial ${best.id}.` : "");
  const fixed = Object.entries(data.fixed).map(([k, v]) => `${k} = ${show(v)}`);
  $("fixed").textContent = fixed.length ? "The same in all: "
    + fixed.join(", ") + "." : "";
}

function table(key, down) {
  const columns = ["trial", data.objective, "status", ...data.names, "reason"];
  const cell = t => [t.id, t.score, t.status, ...t.values, t.reason];
  const at = Math.max(0, columns.indexOf(key));
  const compare = (a, b) => {
    const [x, y] = [cell(a)[at], cell(b)[at]];
    if (x === null || y === null) return (x === null) - (y === null);
    const order = typeof x === "number" && typeof y === "number"
      ? x - y : String(x).localeCompare(String(y));
    return down ? -order : order;
  };
  const head = $("head"), body = $("body");
  head.replaceChildren();
  body.replaceChildren();
  columns.forEach((name, i) => {
    const th = add(head, "th", null, {scope: "col", "aria-sort":
      i !== at ? "none" : down ? "descending" : "ascending"});
    const arrow = i !== at ? "" : down ? " ▼" : " ▲";
    const next = i === at && !down;
    add(th, "button", name + arrow).onclick = () => {
      location.hash = `sort=${encodeURIComponent(name)}${next ? ",down" : ""}`;
    };
  });
  for (const t of [...data.trials].sort(compare)) {
    const row = add(body, "tr", null, {"data-trial": t.id});
    row.onclick = () => mark(t.id);
    cell(t).forEach((v, i) => add(row, "td", show(v),
      i === columns.length - 1 ? {class: "reason"} : {}));
  }
}

function scale(values, low, high) {
  const some = values.filter(v => v !== null && v !== undefined);
  const off = values.length > some.length;
  if (some.length && some.every(v => typeof v === "number")) {
    const [a, b] = [Math.min(...some), Math.max(...some)];
    const f = a > 0 && b / a > 20 ? Math.log : v => v;
    const place = v => a === b ? .5 : (f(v) - f(a)) / (f(b) - f(a));
    const ticks = [...new Set([a, b])].map(v => [show(v), v]);
    return make(place, ticks, low, high, off);
  }
  const names = [...new Set(some)].sort();
  const place = v => names.length < 2 ? .5
    : names.indexOf(v) / (names.length - 1);
  return make(place, names.map(v => [v, v]), low, high, off);
}
function make(place, ticks, low, high, off) {
  // A hyperparameter that a trial does not have lies below the axis.
  const bottom = off ? low - 24 : low;
  const at = v => v === null || v === undefined ? low
    : bottom + place(v) * (high - bottom);
  return {at, ticks: off ? [...ticks, ["–", null]] : ticks};
}

function parallel() {
  const axes = [...data.names, data.objective];
  const [width, height] = [Math.max(900, axes.length * 110), 330];
  const svg = add($("parallel"), "svg", null,
    {viewBox: `0 0 ${width} ${height}`, role: "img",
     "aria-label": "Parallel coordinates of all trials"});
  svg.style.minWidth = `${width}px`;
  const x = i => 55 + i * (width - 110) / Math.max(1, axes.length - 1);
  const of = (t, i) => i < data.names.length ? t.values[i] : t.score;
  const scales = axes.map((_, i) => scale(done.map(t => of(t, i)), 300, 50));
  [...ranked].reverse().forEach(t => {
    const points = axes.map((_, i) => `${x(i)},${scales[i].at(of(t, i))}`);
    const line = add(svg, "polyline", null, {class: "trial", "data-trial": t.id,
      points: points.join(" "), stroke: colour(t)});
    add(line, "title", `trial ${t.id}: ${show(t.score)}`);
    line.onclick = () => mark(t.id);
  });
  axes.forEach((name, i) => {
    add(svg, "line", null,
      {class: "axis", x1: x(i), x2: x(i), y1: 50, y2: 300});
    add(svg, "text", name,
      {x: x(i), y: i % 2 ? 34 : 18, "text-anchor": "middle"});
    for (const [label, v] of scales[i].ticks)
      add(svg, "text", label, {x: x(i) + 5, y: scales[i].at(v) + 4});
  });
}

function importances() {
  const box = $("importance");
  if (!data.importance.length)
    add(box, "p", "Five trials with a score are needed.");
  for (const [name, share] of data.importance) {
    const row = add(box, "div", null, {class: "bar"});
    add(row, "span", name);
    add(row, "i", "").style.width = `${100 * share}%`;
    add(row, "span", `${(100 * share).toFixed(1)} %`);
  }
}

function history() {
  const svg = add($("history"), "svg", null, {viewBox: "0 0 900 260",
    role: "img", "aria-label": "Objective of one trial after the other"});
  const y = scale(done.map(t => t.score), 230, 20);
  const x = t => 70 + 800 * data.trials.indexOf(t) / Math.max(1,
    data.trials.length - 1);
  let best = null, path = "";
  for (const t of done) {
    const next = best === null ? t.score
      : up ? Math.min(best, t.score) : Math.max(best, t.score);
    path += best === null ? `M${x(t)},${y.at(next)}`
      : `H${x(t)}V${y.at(next)}`;
    best = next;
  }
  add(svg, "path", null,
    {class: "trial", d: path || "M0,0", stroke: "currentColor"});
  for (const t of done) {
    const dot = add(svg, "circle", null, {cx: x(t), cy: y.at(t.score), r: 5,
      fill: colour(t), "data-trial": t.id});
    add(dot, "title", `trial ${t.id}: ${show(t.score)}`);
    dot.onclick = () => mark(t.id);
  }
  for (const [label, v] of y.ticks)
    add(svg, "text", label, {x: 4, y: y.at(v) + 4});
  add(svg, "text", "trials in the order in which they ended →",
    {x: 70, y: 256});
}

function samples() {
  for (const s of data.samples) {
    const figure = add($("samples"), "figure", null, {});
    if (s.picture) figure.innerHTML = s.picture;
    else add(figure, "p", s.reason);
    const size = s.parameters === undefined ? ""
      : `, ${s.parameters.toLocaleString("en")} parameters`;
    add(figure, "figcaption", `trial ${s.id}: ${show(s.score)}${size}`);
  }
}

function sorted() {
  const [, name, down] = location.hash.match(/^#sort=([^,]*)(,down)?$/) || [];
  if (name === undefined) table(data.objective, !up);
  else table(decodeURIComponent(name), Boolean(down));
}
addEventListener("hashchange", sorted);
summary(); sorted(); parallel(); importances(); history(); samples();
