"""What all pages have in common: a frame, a style, and data in JSON."""

import html
import json

_STYLE = """
:root { color-scheme: light dark; --line: light-dark(#ddd, #444);
  --soft: light-dark(#667, #99a); --best: light-dark(#0a6ed1, #6db8ff);
  --bad: light-dark(#b3261e, #ff8a80); --back: light-dark(#fff, #16181d); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem;
  background: var(--back); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem;
  margin: 2.2rem 0 .6rem; } p { margin: .3rem 0; color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--line);
  text-align: left; white-space: nowrap; }
svg { width: 100%; height: auto; display: block; }
svg text { font: 11px system-ui, sans-serif; fill: currentColor;
  paint-order: stroke; stroke: var(--back); stroke-width: 3px; }
.axis { stroke: var(--line); }
.lines polyline { fill: none; stroke: var(--best); opacity: .6; }
figure { margin: 0; } figcaption { color: var(--soft); }
img { image-rendering: pixelated; max-width: 100%; }
"""

_SCRIPT = """
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
"""


def page(title, data, body, style="", script=""):
    """The text of a page.

    Args:
        title: String, plain text.
        data: What `json` can write, without NaN. The script finds it as
            `data`, beside `$(id)`, `show(value)` and `add(parent, tag, text,
            attributes)`.
        body: String of HTML, what follows the title.
        style: String of CSS, beyond that of all pages.
        script: String of JavaScript.
    """
    title = html.escape(title)
    # A page may hold no end of a script within a script.
    data = json.dumps(data, allow_nan=False).replace("<", "\\u003c")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{_STYLE}{style}</style>
</head>
<body>
<h1>{title}</h1>
{body}
<script type="application/json" id="data">{data}</script>
<script>{_SCRIPT}{script}</script>
</body>
</html>
"""
