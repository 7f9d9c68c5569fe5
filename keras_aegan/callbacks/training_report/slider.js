const slider = $("epoch");
const titles = {samples: "Samples from the same codes",
  reconstructions: data.facts.shape.length === 3 && !data.facts.tokens
    ? "Originals above, reconstructions below"
    : data.facts.tokens ? "Originals and their reconstructions"
    : "Reconstructions over originals (grey)"};

function wanted() {
  const [, epoch] = location.hash.match(/^#epoch=(\d+)$/) || [];
  if (epoch === undefined) return data.frames.length - 1;
  const off = data.frames.map(f => Math.abs(f.epoch - epoch));
  return off.indexOf(Math.min(...off));
}

let drawn = null;
function showFrame() {
  const index = wanted(), frame = data.frames[index], box = $("frame");
  if (index === drawn) return;
  drawn = index;
  slider.max = data.frames.length - 1;
  slider.value = index;
  const isLast = index === data.frames.length - 1;
  $("shown").textContent = `epoch ${frame.epoch}` + (isLast ? " (newest)" : "");
  slider.setAttribute("aria-valuetext", `epoch ${frame.epoch}`);
  box.replaceChildren();
  for (const key of ["samples", "reconstructions"]) if (frame[key]) {
    const figure = add(box, "figure", null, {"data-shows": key});
    add(figure, "h3", titles[key]);
    const inside = add(figure, "div", null);
    inside.innerHTML = frame[key];
  }
  if (frame.map) map(box, frame.map);
  plots.forEach(p => p.mark(frame.epoch));
}

function map(box, {data: points, prior, share}) {
  const figure = add(box, "figure", null, {"data-shows": "map"});
  add(figure, "h3", `Map of the codes (${(100 * share).toFixed(0)} % of their `
    + "variance)");
  const all = [...points, ...prior], side = 300;
  const size = Math.max(1e-12, ...all.flat().map(Math.abs));
  const at = v => (side * (1 + v / size / 1.04) / 2).toFixed(1);
  const svg = add(figure, "svg", null, {class: "map", role: "img",
    viewBox: `0 0 ${side} ${side}`,
    "aria-label": "Codes of originals and of the prior in a plane"});
  const axis = {class: "axis", x1: 0, y1: 0, x2: 0, y2: 0};
  add(svg, "line", null, {...axis, x2: side, y1: side / 2, y2: side / 2});
  add(svg, "line", null, {...axis, y2: side, x1: side / 2, x2: side / 2});
  for (const [a, b] of prior)
    add(svg, "circle", null, {class: "prior", cx: at(a), cy: at(-b), r: 2.5});
  points.forEach(([a, b], i) => add(svg, "circle", null,
    {cx: at(a), cy: at(-b), r: 2.5, fill: colourOf(i)}));
  add(svg, "text", show(+size.toPrecision(2)),
    {x: side, y: side / 2 - 4, "text-anchor": "end"});
  const keys = add(figure, "div", null, {class: "keys"});
  const key = (name, colour) => {
    const span = add(keys, "span", null);
    add(span, "i", null, {class: "dot"}).style.color = colour;
    span.append(name);
  };
  const {classes, values} = data.legend;
  if (classes) classes.forEach((name, i) => key(name, `var(--c${i % 12})`));
  else if (values) for (const v of [Math.min(...values), Math.max(...values)])
    key(`label ${show(v)}`, shade(v));
  else key("originals", "var(--c0)");
  if (prior.length) key("prior", "var(--soft)");
}
function shade(v) {
  const {values} = data.legend;
  const [a, b] = [Math.min(...values), Math.max(...values)];
  return `hsl(${220 - 200 * (v - a) / (b - a || 1)} 75% 50%)`;
}
function colourOf(i) {
  const {of, values} = data.legend;
  if (of && i < of.length) return `var(--c${of[i] % 12})`;
  return values && i < values.length ? shade(values[i]) : "var(--c0)";
}

function move() {
  const index = +slider.value, isLast = index === data.frames.length - 1;
  // An address without an epoch follows the newest one.
  location.replace(isLast ? "#" : `#epoch=${data.frames[index].epoch}`);
  showFrame();
}
if (data.frames.some(f => Object.keys(f).length > 1)) {
  slider.oninput = move;
  addEventListener("hashchange", showFrame);
  showFrame();
} else $("pictures").remove();
let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  plots.forEach(p => p.draw());
  if (drawn !== null) plots.forEach(p => p.mark(data.frames[drawn].epoch));
});
