// The stage's clock: shown, and moved forward.
"use strict";

let clockNow = new Date();
function setClock(at) {
  clockNow = at;
  setText($("clock-day"), dayOf(at));
  setText($("clock-time"), timeOf(at));
  $("clock-time").dateTime = $("clock-day").dateTime = at.toISOString();
}
/** What the stage says the time is. */
function showClock(iso) {
  if (travelling) return;
  setClock(new Date(iso));
  drawJumps();
}

const AT_ONCE_S = 1800;
const TRAVEL_MS = 1600;
let travelling = false; // while the page shows the hours of a long jump passing

/**
 * Move the clock by so many seconds, in one step; of a long way the page then shows the hours pass. True when it moved.
 * One step, because whoever sets a clock does not let it stand at twelve times in between: the service would have to
 * catch up with each of them.
 */
async function travel(seconds) {
  const from = clockNow.getTime();
  const answer = await send("POST", "clock", { advance_s: seconds });
  if (!answer) return false;
  if (seconds > AT_ONCE_S && !travelling && !matchMedia("(prefers-reduced-motion: reduce)").matches) await hoursPass(from, instant(answer.now));
  showClock(answer.now);
  moveNowLine();
  return true;
}
async function hoursPass(from, to) {
  travelling = true;
  $("travel").hidden = false;
  const begun = performance.now();
  try {
    for (let share = 0; share < 1; share = (performance.now() - begun) / TRAVEL_MS) {
      $("travel-progress").value = share;
      setClock(new Date(from + (to - from) * share * share * (3 - 2 * share)));
      moveNowLine();
      await new Promise(done => setTimeout(done, 40));
    }
  } finally { travelling = false; $("travel").hidden = true; }
}

/** The jumps that make sense now: a little, to the next handoff, into the night, to the office's next edge. */
function jumps() {
  const now = clockNow.getTime();
  const at = seconds => now + seconds * 1000;
  const label = (ms, note) => `${t("to")} ${dayAndTime(Math.round(ms / 1000) * 1000)}${note ? ` · ${note}` : ""}`;
  const list = [{ by: 60, label: `+1 ${t("min")}` }, { by: 300, label: `+5 ${t("min")}` }, { by: 3600, label: `+1 ${t("h")}` }];
  const night = [23, 3].map(hour => at(secondsTo(clockNow, null, hour))).sort((a, b) => a - b)[0];
  const handoff = nextHandoff(now);
  const edges = (state?.rota?.office ?? []).flat().map(instant).filter(edge => edge > now);
  const office = edges[0] ?? at(secondsTo(clockNow, 1, 9));
  const far = [{ to: night }, handoff ? { to: instant(handoff.start), note: t("handoffTo") } : null, { to: office }];
  const seen = new Set();
  for (const one of far.filter(Boolean).sort((a, b) => a.to - b.to)) {
    if (seen.has(Math.round(one.to / 60e3))) continue;
    seen.add(Math.round(one.to / 60e3));
    list.push({ to: one.to, label: label(one.to, one.note) });
  }
  return list;
}
function drawJumps() {
  if (!state) return;
  const list = jumps();
  const print = JSON.stringify([language, list.map(one => one.label)]);
  if ($("jumps").dataset.print === print) return;
  $("jumps").dataset.print = print;
  const at = [...$("jumps").children].indexOf(document.activeElement);
  $("jumps").replaceChildren(...list.map(one => el("button", {
    type: "button", className: one.by ? "" : "far",
    onclick: () => travel(one.by ?? Math.ceil((one.to - clockNow) / 1000)),
  }, one.label)));
  if (at >= 0) $("jumps").children[Math.min(at, list.length - 1)].focus();
}
