const clock = seconds => {
  const when = new Date(1000 * seconds), today = new Date();
  const digits = {hour: "2-digit", minute: "2-digit"};
  const time = when.toLocaleTimeString([], digits);
  return when.toDateString() === today.toDateString() ? time
    : `${when.toLocaleDateString()} ${time}`;
};
const lasting = s => s < 1 ? `${(1000 * s).toFixed(0)} ms`
  : s < 120 ? `${s.toFixed(1)} s` : s < 7200 ? `${(s / 60).toFixed(0)} minutes`
  : `${(s / 3600).toFixed(1)} hours`;
const run = data.runs.at(-1);
const last = data.epochs.at(-1) ?? run.first - 1;
const silent = () => Date.now() / 1000 - data.written;
// How long ago a page may have been written if its training still runs.
const patience = data.epoch_seconds === null ? 3600
  : Math.max(120, 10 * data.every * data.epoch_seconds);
const isAlive = () => run.state === "running" && silent() < patience;

function summary() {
  const left = run.planned - last, each = data.epoch_seconds;
  const of = `epoch ${last} of ${run.planned}`;
  const lost = run.state === "running" && !isAlive();
  $("state").textContent = {
    ended: `Ended: ${of}.`,
    stopped: `Stopped early: after ${of}.`,
    running: lost ? `Interrupted, it seems, after ${of}: the page was not `
      + `written for ${lasting(silent())}. Reload the page to check again.`
      : `Running: ${of} is done.`,
  }[run.state];
  $("state").classList.toggle("bad", lost);
  $("progress").value = run.planned ? last / run.planned : 0;
  $("pace").textContent = `Started ${clock(run.started)}`
    + (each === null ? "." : `, ${lasting(each)} an epoch.`)
    + (isAlive() && each !== null && left > 0 ? " Expected to end "
      + `${clock(data.written + left * each)}.` : "")
    + ` Written ${clock(data.written)}.`;
}

function rows(table, head, body) {
  const line = add(table, "tr", null);
  head.forEach(name => add(line, "th", name, {scope: "col"}));
  for (const cells of body) {
    const row = add(table, "tr", null);
    cells.forEach(v => add(row, "td", String(v),
      String(v).length > 40 ? {class: "wrap"} : {}));
  }
}

function trained() {
  const f = data.facts, count = n => n.toLocaleString("en");
  $("trained").textContent = `${f.model} with ${count(f.parameters)} `
    + `parameters, for samples of shape ${f.shape.join(" × ")}. Order of turns `
    + `in a step: ${f.order.join(", then ")}.`;
  const term = t => `${t.weight} ${t.name}` + (t.loss ? ` (${t.loss})` : "");
  rows($("players"), ["player", "owns", "minimises", "optimizer"],
    f.players.map(p => [p.name, p.owns.join(", "),
      [...p.terms.map(term), ...p.penalties].join(" + "),
      `${p.optimizer} ${p.learning_rate}`]));
  rows($("parts"), ["part", "kind", "parameters", "from", "to"],
    f.parts.map(p => [p.name, p.kind, count(p.parameters), p.input, p.output]));
  rows($("runs"), ["run", "started", "epochs", "planned", "state"],
    data.runs.map((r, i) => [i + 1, clock(r.started), r.done ? `${r.first} to `
      + `${r.first + r.done - 1}` : "none", `to ${r.planned}`, r.state]));
  $("versions").textContent = Object.entries(f.versions)
    .map(pair => pair.join(" ")).join(", ") + ".";
}

function findings() {
  const box = $("findings");
  if (!data.is_diagnosed && !data.findings.length) $("diagnosis").remove();
  else if (!data.findings.length) add(box, "p", "No failure mode was found.");
  for (const found of data.findings) {
    const p = add(box, "p", null, {class: "finding"});
    add(p, "b", `Epoch ${found.epoch}, ${found.failure_mode}. `);
    p.append(found.sentence);
  }
}

// The page of a running training loads itself again. The epoch that it shows
// is in the address, and stays.
let isHeld = false;
addEventListener("pointerdown", () => { isHeld = true; });
for (const end of ["pointerup", "pointercancel"])
  addEventListener(end, () => { isHeld = false; });
function reload() {
  if (isHeld) setTimeout(reload, 1000);
  else location.reload();
}
if (isAlive()) {
  const wait = data.every * (data.epoch_seconds ?? 5);
  setTimeout(reload, 1000 * Math.min(60, Math.max(5, wait)));
}
summary(); trained(); findings();
