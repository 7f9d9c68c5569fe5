const plots = [];
const isNumber = v => typeof v === "number";

const tick = v => v !== 0 && (Math.abs(v) < .001 || Math.abs(v) >= 1e5)
  ? v.toExponential(1) : String(+v.toPrecision(3));

function lines(chart) {
  return chart.lines.map((name, i) => {
    const train = data.logs[name], val = data.logs["val_" + name];
    return {name: train ? name : "val_" + name, train: train || val,
      val: train && val, colour: `var(--c${i % 12})`};
  });
}

function reach(values) {
  // The lowest and the highest value, and whether the axis is logarithmic.
  const some = values.filter(isNumber);
  if (!some.length) return {low: 0, high: 1, isLog: false};
  let low = some.reduce((a, b) => Math.min(a, b));
  let high = some.reduce((a, b) => Math.max(a, b));
  const isLog = low > 0 && high / low > 50;
  if (low === high) [low, high] = [low - Math.abs(low || 1) / 10,
    high + Math.abs(high || 1) / 10];
  return {low, high, isLog};
}

function plot(chart) {
  const box = add($(chart.section), "div", null, {class: "chart"});
  add(box, "h3", chart.title);
  const all = lines(chart);
  const area = add(box, "div", null, {class: "plot"});
  const keys = add(box, "div", null, {class: "keys"});
  const {low, high, isLog} = reach(
    all.flatMap(line => [...line.train, ...line.val || []]));
  const [first, end] = [data.epochs[0], data.epochs.at(-1)];
  const height = 150, left = 46, bottom = height - 20, top = 8;
  const f = isLog ? Math.log : v => v;
  const y = v => bottom - (f(v) - f(low)) / (f(high) - f(low)) * (bottom - top);
  let x = null, cursor = null, now = null;

  function draw() {
    const width = Math.max(200, area.clientWidth);
    const right = width - 8;
    x = epoch => end === first ? (left + right) / 2
      : left + (epoch - first) / (end - first) * (right - left);
    area.replaceChildren();
    const svg = add(area, "svg", null, {viewBox: `0 0 ${width} ${height}`,
      role: "img", "aria-label": `${chart.title} over epochs`});
    for (const edge of [top, bottom]) add(svg, "line", null,
      {class: "axis", x1: left, x2: right, y1: edge, y2: edge});
    for (const line of all) for (const kind of ["train", "val"]) if (line[kind])
      add(svg, "path", null, {class: `curve ${kind}`, d: path(line[kind]),
        stroke: line.colour, "data-name": line.name});
    const beside = {x: left - 6, "text-anchor": "end"};
    add(svg, "text", tick(high), {...beside, y: top + 5});
    add(svg, "text", tick(low), {...beside, y: bottom + 3});
    if (isLog) add(svg, "text", "log", {...beside, y: (top + bottom) / 2});
    add(svg, "text", end === first ? `epoch ${end}` : first,
      {x: x(first), y: height - 4, "text-anchor": "middle"});
    if (end !== first) add(svg, "text", `epoch ${end}`,
      {x: right, y: height - 4, "text-anchor": "end"});
    const upright = {y1: top, y2: bottom, x1: -9, x2: -9};
    now = add(svg, "line", null, {class: "now", ...upright});
    cursor = add(svg, "line", null, {class: "cursor", ...upright});
  }
  function path(values) {
    let d = "", isOn = false;
    values.forEach((v, i) => {
      if (isNumber(v)) {
        const [a, b] = [x(data.epochs[i]), y(v).toFixed(1)];
        // A number whose neighbours are missing becomes a dash.
        const isAlone = !isOn && !isNumber(values[i + 1]);
        d += isAlone ? `M${(a - 2).toFixed(1)},${b}h4`
          : `${isOn ? "L" : "M"}${a.toFixed(1)},${b}`;
      }
      isOn = isNumber(v);
    });
    return d || "M0,0";
  }
  function read(index) {
    keys.replaceChildren();
    add(keys, "span", `epoch ${data.epochs[index]}`);
    for (const line of all) {
      const key = add(keys, "span", null);
      add(key, "i", null).style.color = line.colour;
      key.append(line.name.replaceAll("_", " ") + " ");
      add(key, "b", show(line.train[index]));
      if (line.val) key.append(` (val ${show(line.val[index])})`);
    }
  }
  function touch(event) {
    const at = event.clientX - area.getBoundingClientRect().left;
    const off = data.epochs.map(epoch => Math.abs(x(epoch) - at));
    const best = off.indexOf(off.reduce((a, b) => Math.min(a, b)));
    cursor.setAttribute("x1", x(data.epochs[best]));
    cursor.setAttribute("x2", x(data.epochs[best]));
    read(best);
  }
  area.onpointermove = area.onpointerdown = touch;
  area.onpointerleave = () => {
    cursor.setAttribute("x1", -9);
    cursor.setAttribute("x2", -9);
    read(data.epochs.length - 1);
  };
  draw();
  read(data.epochs.length - 1);
  plots.push({draw, mark: epoch => {
    const at = epoch < first ? -9 : x(epoch);
    now.setAttribute("x1", at);
    now.setAttribute("x2", at);
  }});
}

if (data.epochs.length) data.charts.forEach(plot);
for (const section of ["losses", "metrics", "diagnostics"])
  if (!$(section).children.length)
    add($(section), "p", data.epochs.length ? "None." : "None before the first "
      + "epoch has ended.");
