"""What the page of a training has beside what all pages have."""

from keras_aegan.callbacks.report_curves import CURVES
from keras_aegan.callbacks.report_slider import SLIDER
from keras_aegan.callbacks.report_summary import SUMMARY

STYLE = """
:root { --c0: light-dark(#0a6ed1, #6db8ff); --c1: light-dark(#d1490a, #ff9d66);
  --c2: light-dark(#13803c, #5fd38a); --c3: light-dark(#9a2fb0, #e08bf2);
  --c4: light-dark(#8a6d00, #e3c04a); --c5: light-dark(#c2185b, #ff86b3);
  --c6: light-dark(#00838f, #5fd6e0); --c7: light-dark(#5d4037, #c9a58f);
  --c8: light-dark(#3949ab, #9aa7ff); --c9: light-dark(#7cb342, #b8e986);
  --c10: light-dark(#455a64, #a9bcc6); --c11: light-dark(#e53935, #ff8a80); }
body { overflow-wrap: anywhere; }
@media (max-width: 40rem) { body { padding: .9rem; } }
#state { font-weight: 600; color: inherit; }
#state.bad, .finding b { color: var(--bad); }
progress { width: 100%; height: .5rem; accent-color: var(--best); }
.columns { display: grid; gap: 1.6rem 1.2rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); }
h3 { font-size: .95rem; margin: 0 0 .2rem; font-weight: 600; }
td.wrap { white-space: normal; min-width: 18rem; }
.slider { position: sticky; top: 0; z-index: 1; background: var(--back);
  padding: .5rem 0; display: flex; gap: .8rem; align-items: center; }
.slider input { flex: 1; min-width: 0; accent-color: var(--best); }
.slider output { min-width: 8.5rem; font-variant-numeric: tabular-nums; }
#frame img { width: 100%; max-width: 40rem; }
.curves polyline { fill: none; stroke: var(--c0); stroke-width: 1.4;
  vector-effect: non-scaling-stroke; stroke-linecap: round; }
.curves .channel1 { stroke: var(--c1); }
.curves .channel2 { stroke: var(--c2); }
.curves .channel3 { stroke: var(--c3); }
.curves .behind { stroke: var(--soft); opacity: .55; stroke-width: 2.5; }
.map { max-width: 30rem; } .map circle { opacity: .75; }
.map .prior { fill: none; stroke: var(--soft); opacity: .5; }
.curve { fill: none; stroke-width: 1.6; stroke-linejoin: round;
  stroke-linecap: round; } .curve.val { stroke-dasharray: 5 4; }
.cursor { stroke: var(--soft); stroke-dasharray: 2 3; }
.now { stroke: currentColor; opacity: .35; }
.plot { touch-action: pan-y; }
.keys { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .85rem;
  font-variant-numeric: tabular-nums; }
.keys i { display: inline-block; width: 1rem; height: 0; vertical-align: middle;
  border-top: 2.5px solid; margin-right: .35rem; }
.keys i.dot { width: .6rem;
  height: .6rem; border-radius: 50%; border: 0; background: currentColor; }
.plot + .keys span:first-child { flex-basis: 100%; }
.keys b { font-weight: 600; color: inherit; }
.finding { color: inherit; margin: .5rem 0; }
"""

BODY = """
<p id="state"></p>
<progress id="progress" max="1" value="0"></progress>
<p id="pace"></p>
<section id="pictures">
<h2>What it makes</h2>
<div class="slider"><input type="range" id="epoch" aria-label="Epoch of the
 pictures"><output id="shown" for="epoch"></output></div>
<div id="frame" class="columns"></div>
</section>
<section id="diagnosis"><h2>Diagnosis</h2><div id="findings"></div></section>
<h2>Losses of each player</h2>
<p>Dashed: validation. The numbers are the last ones; point at a curve for
 those of another epoch.</p>
<div id="losses" class="columns"></div>
<h2>Metrics</h2>
<div id="metrics" class="columns"></div>
<section><h2>Diagnostics and cost</h2>
<div id="diagnostics" class="columns"></div></section>
<h2>What is trained</h2>
<p id="trained"></p>
<div class="scroll"><table id="players"></table></div>
<p></p>
<div class="scroll"><table id="parts"></table></div>
<h2>Runs</h2>
<div class="scroll"><table id="runs"></table></div>
<p id="versions"></p>
"""

SCRIPT = SUMMARY + CURVES + SLIDER
