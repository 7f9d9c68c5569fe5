const data = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);
const show = v => v === null || v === undefined ? "–"
  : typeof v === "number" ? String(+v.toPrecision(5)) : v;
const add = (parent, tag, text, attributes = {}) => {
  const svg = parent.namespaceURI.endsWith("svg") || tag === "svg";
  const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  if (text !== null) node.textContent = text;
  for (const [k, v] of Object.entries(attributes)) node.setAttribute(k, v);
  return parent.appendChild(node);
};
