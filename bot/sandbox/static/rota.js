// The rota of these days, drawn: a row per role, a bar per turn, the office's hours, and a line where it is now.
"use strict";

const instant = iso => new Date(iso).getTime();
const nameOf = key => state?.people.find(one => one.key === key)?.name ?? key;
const names = keys => keys.map(nameOf).join(", ") || t("nobody");
/** "Sun 18:00" for an instant, as Rome reads it. */
const dayAndTime = ms => `${format("weekday", { weekday: "short" }).format(ms)} ${format("short", { hour: "2-digit", minute: "2-digit" }).format(ms)}`;

/** The turn of a role that is running at an instant (milliseconds); undefined in none. */
const turnAt = (role, ms) => state?.rota?.rows.find(row => row.role === role)?.turns.find(turn => instant(turn.start) <= ms && ms < instant(turn.end));
/** The next instant after `ms` at which another person is on duty; undefined when none is drawn. */
function nextHandoff(ms) {
  const turns = state?.rota?.rows[0]?.turns ?? [];
  return turns.find(turn => instant(turn.start) > ms && turn.who.length > 0);
}
const isOfficeOpen = ms => (state?.rota?.office ?? []).some(([start, end]) => instant(start) <= ms && ms < instant(end));

function drawRota() {
  const rota = state?.rota;
  $("rota").hidden = !rota && state.facts.length === 0;
  $("rota-drawing").hidden = !rota;
  if (!rota) return;
  const print = `${language} ${JSON.stringify(rota)}`;
  if ($("rota-drawing").dataset.print !== print) {
    $("rota-drawing").dataset.print = print;
    const start = instant(rota.start), span = instant(rota.end) - start;
    const place = (node, from, to) => {
      node.style.left = `${100 * (from - start) / span}%`;
      node.style.width = `${100 * (to - from) / span}%`;
      return node;
    };
    const track = (label, bars) => el("div", { className: "track-row" }, el("span", { className: "track-label" }, label), el("div", { className: "track" }, ...bars));
    const hours = [];
    for (let at = start; at < start + span; at += 12 * 3600e3) {
      const label = el("span", { className: "hour" }, dayAndTime(at));
      label.style.left = `${100 * (at - start) / span}%`;
      hours.push(label);
    }
    const rows = rota.rows.map(row => track(t(row.role), row.turns.filter(turn => turn.who.length).map(turn => {
      const bar = el("span", { className: "turn", title: `${names(turn.who)} · ${dayAndTime(instant(turn.start))} – ${dayAndTime(instant(turn.end))}` }, names(turn.who));
      bar.style.setProperty("--hue", teamHue(turn.who[0]));
      bar.dataset.from = turn.start;
      bar.dataset.to = turn.end;
      return place(bar, instant(turn.start), instant(turn.end));
    })));
    const office = track(t("officeOpen"), rota.office.map(([a, b]) => place(el("span", { className: "turn office" }), instant(a), instant(b))));
    const line = el("span", { className: "now-line", id: "now-line" });
    $("rota-drawing").replaceChildren(el("div", { className: "hours" }, ...hours), ...rows, office, el("div", { className: "over" }, line));
  }
  moveNowLine();
}

/** Where the drawing is wider than the page: bring the present into view. */
function showNow() {
  const drawing = $("rota-drawing"), line = $("now-line");
  if (line) drawing.scrollLeft = line.offsetLeft - drawing.clientWidth / 3;
}

function moveNowLine() {
  const rota = state?.rota;
  const line = $("now-line");
  if (!rota || !line) return;
  const now = clockNow.getTime(), start = instant(rota.start), span = instant(rota.end) - start;
  line.style.left = `${Math.min(100, Math.max(0, 100 * (now - start) / span))}%`;
  for (const bar of $("rota-drawing").querySelectorAll(".turn[data-from]")) bar.classList.toggle("current", instant(bar.dataset.from) <= now && now < instant(bar.dataset.to));
  const turn = turnAt("on duty", now), next = nextHandoff(now);
  const words = [];
  if (turn?.who.length) words.push(`${names(turn.who)} ${t("until")} ${dayAndTime(instant(turn.end))}`);
  if (next) words.push(`${t("then")} ${names(next.who)}${turn?.who.length && instant(turn.end) === instant(next.start) ? "" : ` (${dayAndTime(instant(next.start))})`}`);
  setText($("rota-now"), words.join(" · "));
  $("rota-drawing").setAttribute("aria-label", rota.rows.map(row => `${t(row.role)}: ${row.turns.filter(one => one.who.length).map(one => `${names(one.who)} ${dayAndTime(instant(one.start))} – ${dayAndTime(instant(one.end))}`).join("; ")}`).join(". "));
}
