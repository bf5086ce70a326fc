// The rehearsal page. It draws what GET /sandbox/state says and sends what people do.
//
// Post texts are hostile: everything from outside enters the document as text, never as markup.
// An update redraws only what changed, so nobody loses what they are typing, their focus or their place in a chat.
"use strict";

let audio = null;
function beep() {
  if ($("sound").getAttribute("aria-pressed") !== "true") return;
  audio ??= new AudioContext();
  [0, 0.18, 0.36].forEach((start, index) => {
    const tone = audio.createOscillator(), gain = audio.createGain();
    tone.frequency.value = index % 2 ? 660 : 880;
    gain.gain.setValueAtTime(0.0001, audio.currentTime + start);
    gain.gain.exponentialRampToValueAtTime(0.15, audio.currentTime + start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + start + 0.16);
    tone.connect(gain).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + 0.18);
  });
}

// ---------------------------------------------------------------- panes on small screens

function openTab(tab) {
  document.body.dataset.tab = tab;
  if (tab !== "x") { document.body.dataset.phone = tab; slots[Number(tab)]?.look(); }
  slots.forEach(slot => { slot.grow(); slot.toBottom(); });
  drawTabs();
}

function drawTabs() {
  const tabs = [{ tab: "x", label: t("x") }, ...slots.map(slot => ({
    tab: String(slot.index), label: slot.person?.name ?? "", role: slot.person ? t(slot.person.role || "offDuty") : "", bells: slot.person ? unread(slot.person.user_id) : 0,
  }))];
  const current = document.body.dataset.tab, phone = document.body.dataset.phone;
  const print = JSON.stringify([tabs, current, phone]);
  if ($("tabs").dataset.print === print) return;
  $("tabs").dataset.print = print;
  const focused = document.activeElement?.closest?.("#tabs") ? document.activeElement.dataset.tab : null;
  $("tabs").replaceChildren(...tabs.map(({ tab, label, role, bells }) => {
    const button = el("button", {
      type: "button", className: `tab${bells ? " rings" : ""}`, "aria-controls": `pane-${tab}`, onclick: () => openTab(tab),
    }, el("span", {}, label), role ? el("small", {}, role) : "", bells ? el("b", { title: t("unread", bells) }, bell(), String(bells)) : "");
    button.dataset.tab = tab;
    if (tab === current) button.setAttribute("aria-current", "true");
    if (tab === phone) button.dataset.shown = "yes";
    return button;
  }));
  if (focused) $("tabs").querySelector(`[data-tab="${focused}"]`)?.focus();
}

// ---------------------------------------------------------------- language

function translate(root) {
  for (const node of root.querySelectorAll("[data-t]")) setText(node, t(node.dataset.t));
  for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of root.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
}
function speak() {
  document.documentElement.lang = language;
  translate(document);
  setText($("language"), t("other"));
  $("language").lang = language === "it" ? "en" : "it";
  setText($("sound"), t($("sound").getAttribute("aria-pressed") === "true" ? "soundOn" : "soundOff"));
  showLink(linkState);
  showTheme();
  drawShelf(shelf);
  drawStories();
  showClock(clockNow.toISOString());
  if (!state) return;
  drawX();
  slots.forEach(slot => { slot.drawKinds(); if (slot.target) slot.aim(slot.target); });
  drawPhones();
  drawTrouble();
  drawAround();
}

/** What stands around X and the phones; and the story, which may have waited for just this. */
function drawAround() {
  drawRota();
  drawService();
  drawStories();
  drawCost();
  checkStory();
  drawDirector();
  drawPointers();
}

function showFacts(facts) {
  const print = JSON.stringify(facts);
  if ($("facts").dataset.print === print) return;
  $("facts").dataset.print = print;
  $("facts").hidden = facts.length === 0;
  $("facts").replaceChildren(...facts.map(fact => el("span", { role: "listitem" }, fact)));
}

function drawCost() {
  const usd = state.x.cost?.total_usd;
  $("cost").hidden = typeof usd !== "number";
  if (typeof usd !== "number") return;
  setText($("cost").querySelector("b"), `$${usd.toFixed(3)}`);
  setText($("cost").querySelector("span"), ` ${t("cost")}`);
  $("cost").title = t("costTitle");
}

// ---------------------------------------------------------------- light and dark

const THEMES = ["system", "light", "dark"];
let theme = THEMES.includes(memory.get("theme")) ? memory.get("theme") : "system";
function showTheme() {
  document.documentElement.dataset.theme = theme;
  setText($("theme"), { system: "◐", light: "☀", dark: "☾" }[theme]);
  $("theme").title = t(`theme_${theme}`);
  $("theme").setAttribute("aria-label", t(`theme_${theme}`));
}

// ---------------------------------------------------------------- live

let linkState = "wait";
function showLink(next) {
  linkState = next;
  $("link").dataset.state = next;
  setText($("link").querySelector("b"), t(next));
}

let firstStateDrawn = false;
let loading = false, again = false;
async function load() {
  if (loading) { again = true; return; }
  loading = true;
  try {
    do {
      again = false;
      const answer = await fetch("/sandbox/state");
      if (!answer.ok) throw new Error(String(answer.status));
      draw(await answer.json());
    } while (again);
  } catch { showLink("lost"); setTimeout(load, 2000); }
  finally { loading = false; }
}

/** A group stands among the phones, to be looked at and written in from any of them. */
function withGroups(next) {
  for (const group of next.groups ?? []) {
    next.people.push({ key: `group${group.chat_id}`, user_id: group.chat_id, name: `👥 ${group.title}`, role: "group" });
    next.phones[group.chat_id] = { started: true, blocked: false, messages: group.messages, popups: [] };
  }
  return next;
}

function draw(next) {
  state = withGroups(next);
  if (state.language !== language) { language = state.language; speak(); }
  meetStage(state.stage);
  showClock(state.now);
  showFacts(state.facts);
  $("jumps").hidden = !state.movable;
  drawJumps();
  drawAccounts();
  drawX();
  drawPhones();
  drawTrouble();
  drawAround();
  firstStateDrawn = true;
  document.body.dataset.version = state.version;
}

function listen() {
  const events = new EventSource("/sandbox/events");
  events.addEventListener("open", () => { showLink("live"); load(); });
  events.addEventListener("changed", load);
  events.addEventListener("clock", event => { 
    const { now, facts, service } = JSON.parse(event.data);
    showClock(now);
    showFacts(facts);
    if (!state) return;
    state.service = service;
    moveNowLine();
    drawService();
    checkStory();
  });
  events.addEventListener("error", () => {
    showLink("lost");
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

async function start() {
  $("write").addEventListener("submit", writePost);
  $("text").addEventListener("input", countText);
  $("account").addEventListener("change", countText);
  $("text").addEventListener("keydown", event => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) writePost(); });
  $("answering-off").addEventListener("click", () => answerTo(null));
  $("duplicate-filter").addEventListener("change", event => send("POST", "x/switch", { duplicate_filter: event.target.checked }));
  $("index-delay").addEventListener("change", event => send("POST", "x/switch", { index_delay_s: Number(event.target.value) }));
  $("bad-day-make").addEventListener("click", () => send("POST", "x/faults", { name: $("bad-day").value }));
  $("language").addEventListener("click", () => send("POST", "language", { language: language === "it" ? "en" : "it" }));
  $("sound").addEventListener("click", () => {
    const on = $("sound").getAttribute("aria-pressed") !== "true";
    $("sound").setAttribute("aria-pressed", String(on));
    setText($("sound"), t(on ? "soundOn" : "soundOff"));
    if (on) beep();
  });
  document.addEventListener("click", event => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  $("theme").addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    memory.set("theme", theme);
    showTheme();
  });
  $("rota").addEventListener("toggle", showNow);
  $("service-start").addEventListener("click", () => send("POST", "service/start"));
  $("play-stop").addEventListener("click", () => { stopStory(); drawStories(); $("stories-box").open = true; });
  $("coach-off").addEventListener("click", () => { memory.set("coach", "off"); pointAt(null); drawDirector(); });
  if (matchMedia("(max-width: 1099px)").matches) $("rota").open = false;
  speak();
  ({ shelf, stories } = await (await fetch("/sandbox/shelf")).json());
  drawShelf(shelf);
  drawStories();
  await loadBadDays();
  listen();
}

start();
