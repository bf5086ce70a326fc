// The rehearsal page: X on one side, phones on the other. It draws what GET /sandbox/state says and sends what people do.
//
// Post texts are hostile: everything from outside enters the document as text, never as markup.
// An update redraws only what changed, so nobody loses what they are typing, their focus or their place in a chat.
"use strict";

// ---------------------------------------------------------------- words

const WORDS = {
  en: {
    rehearsal: "rehearsal",
    hint: "Write as a customer on X and the phone on duty rings. Press Claim, reply to the card, press Send.",
    clock: "Clock", moveClock: "Move the clock", facts: "Now", panes: "Panes", xTitle: "What the public sees",
    trouble: "Trouble", troubleTitle: "Make it hard", duplicateFilter: "X refuses duplicate texts",
    indexDelay: "X shows posts late by", handle: "Customer’s handle", mentions: "mentions", postText: "Text of the post",
    writePlaceholder: "Write as a customer…", post: "Post", shelf: "Or take one from the shelf", timeline: "Timeline",
    timelineEmpty: "Nothing has been written yet.", whosePhone: "Whose phone", more: "More", sendKind: "Send something else",
    notReply: "Do not reply", send: "Send", live: "live", lost: "connection lost, trying again", wait: "connecting",
    soundOff: "Sound off", soundOn: "Sound on", other: "Italiano",
    reply: "Reply", edit: "Edit", remove: "Delete", save: "Save", cancel: "Cancel", edited: "edited",
    deletedPost: "This post was deleted.", ours: "our account", answering: who => `${who} writes again in this conversation`,
    followUp: "Write again as this customer", replyTo: "Reply to", editing: "Editing",
    typeTo: name => `Type on ${name}’s phone`, message: "Message", block: "Block the bot", unblock: "Unblock the bot",
    blocked: "This person has blocked the bot.", chatEmpty: "No messages yet.", ring: "rings", silent: "silent",
    rings: (name, line) => `${name}’s phone rings: ${line}`, wouldOpen: "Would open:", failed: "That did not work:",
    voice: "Voice note", sticker: "Sticker", photo: "Photo",
    newer: "Newest message", x: "X", unread: n => `${n} unread`, offDuty: "off duty",
    "on duty": "on duty", backup: "backup", lead: "lead", min: "min", h: "h", to: "to",
    xDown: "X answers 503", xFlood: "X: too many requests", xLost: "X loses the answer to a post", tgDown: "Telegram answers 503",
    tgFlood: "Telegram: too many requests", clear: "All well again", troubles: n => `${n} active`,
  },
  it: {
    rehearsal: "prova generale",
    hint: "Scrivi su X come cliente e squilla il telefono reperibile. Premi Prendo io, rispondi alla scheda, premi Invia.",
    clock: "Orologio", moveClock: "Sposta l’orologio", facts: "Adesso", panes: "Riquadri", xTitle: "Quello che vede il pubblico",
    trouble: "Guai", troubleTitle: "Complica le cose", duplicateFilter: "X rifiuta i testi doppi",
    indexDelay: "X mostra i post in ritardo di", handle: "Nome utente del cliente", mentions: "menziona", postText: "Testo del post",
    writePlaceholder: "Scrivi come cliente…", post: "Pubblica", shelf: "Oppure prendine uno dallo scaffale", timeline: "Cronologia",
    timelineEmpty: "Nessuno ha ancora scritto niente.", whosePhone: "Telefono di", more: "Altro", sendKind: "Invia altro",
    notReply: "Non rispondere", send: "Invia", live: "in diretta", lost: "connessione persa, riprovo", wait: "mi collego",
    soundOff: "Suono spento", soundOn: "Suono acceso", other: "English",
    reply: "Rispondi", edit: "Modifica", remove: "Elimina", save: "Salva", cancel: "Annulla", edited: "modificato",
    deletedPost: "Questo post è stato eliminato.", ours: "nostro account", answering: who => `${who} scrive ancora in questa conversazione`,
    followUp: "Scrivi ancora come questo cliente", replyTo: "Risposta a", editing: "Modifica",
    typeTo: name => `Scrivi sul telefono di ${name}`, message: "Messaggio", block: "Blocca il bot", unblock: "Sblocca il bot",
    blocked: "Questa persona ha bloccato il bot.", chatEmpty: "Ancora nessun messaggio.", ring: "squilla", silent: "silenzioso",
    rings: (name, line) => `Squilla il telefono di ${name}: ${line}`, wouldOpen: "Aprirebbe:", failed: "Non è riuscito:",
    voice: "Vocale", sticker: "Adesivo", photo: "Foto",
    newer: "Messaggio più recente", x: "X", unread: n => `${n} da leggere`, offDuty: "non in turno",
    "on duty": "di turno", backup: "riserva", lead: "responsabile", min: "min", h: "h", to: "a",
    xDown: "X risponde 503", xFlood: "X: troppe richieste", xLost: "X perde la risposta a un post", tgDown: "Telegram risponde 503",
    tgFlood: "Telegram: troppe richieste", clear: "Tutto a posto", troubles: n => `${n} attivi`,
  },
};

/** What the browser remembers: `memory` for good, `session` while this tab shows this stage. */
const remembering = storage => ({
  get(key) { try { return storage().getItem(key); } catch { return null; } },
  set(key, value) { try { storage().setItem(key, value); } catch { /* not allowed to: forgotten at the next visit */ } },
  clear() { try { storage().clear(); } catch { /* nothing was kept */ } },
});
const memory = remembering(() => localStorage), session = remembering(() => sessionStorage);
let language = "en"; // the stage's, so that the page and the phones speak one language
const t = (key, ...values) => {
  const word = WORDS[language][key] ?? WORDS.en[key] ?? key;
  return typeof word === "function" ? word(...values) : word;
};

// ---------------------------------------------------------------- small tools

const $ = id => document.getElementById(id);

/** A new element. `props`: properties, "data-…"/"aria-…" attributes, on… handlers; children: nodes or texts. */
function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key.includes("-") || key === "role" || key === "lang") node.setAttribute(key, value);
    else node[key] = value;
  }
  node.append(...children.filter(child => child !== null && child !== undefined && child !== ""));
  return node;
}

const bell = () => el("span", { className: "bell-mark", "aria-hidden": "true" });
const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

async function send(method, path, body) {
  try {
    const options = { method, headers: { "Content-Type": "application/json" } };
    if (body !== undefined) options.body = JSON.stringify(body);
    const answer = await fetch(`/sandbox/${path}`, options);
    const json = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(json.error ?? `${answer.status}`);
    return json;
  } catch (problem) {
    toast(`${t("failed")} ${problem.message}`, "bad");
    return null;
  }
}

function toast(text, kind = "") {
  const node = el("p", { className: `toast ${kind}` }, text);
  $("toasts").append(node);
  while ($("toasts").children.length > 4) $("toasts").firstChild.remove();
  setTimeout(() => node.remove(), 7000);
}

const hue = text => { let sum = 7; for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) % 360; return sum; };
function avatar(node, name, seed) {
  const letter = [...name.replace(/[^\p{L}\p{N}]/gu, "")][0] ?? "?";
  setText(node, letter.toUpperCase());
  node.style.setProperty("--hue", hue(seed));
}

// ---------------------------------------------------------------- time, as Rome reads it

const ZONE = "Europe/Rome";
const formats = {};
function format(key, options) {
  return formats[`${language} ${key}`] ??= new Intl.DateTimeFormat(language === "it" ? "it-IT" : "en-GB", { timeZone: ZONE, ...options });
}
const dayOf = at => format("day", { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(at);
const timeOf = at => format("time", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
const dateKey = at => format("key", { year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
function shortTime(iso) {
  const at = new Date(iso);
  const clock = format("short", { hour: "2-digit", minute: "2-digit" }).format(at);
  if (dateKey(at) === dateKey(clockNow)) return clock;
  const near = Math.abs(at - clockNow) < 6 * 86400e3;
  return `${format(near ? "weekday" : "date", near ? { weekday: "short" } : { day: "numeric", month: "short" }).format(at)} ${clock}`;
}

/** Rome's wall time at an instant, as milliseconds that read like UTC: differences of wall times are plain subtraction. */
function wall(at) {
  const parts = {};
  const reader = formats.wall ??= new Intl.DateTimeFormat("en-US", {
    timeZone: ZONE, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  });
  for (const part of reader.formatToParts(at)) parts[part.type] = Number(part.value);
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
}

/** Seconds from `now` to the next `hour`:00 in Rome, on `weekday` (0 Sunday … 6; null: any day); always more than 0. */
function secondsTo(now, weekday, hour) {
  const here = wall(now);
  const target = new Date(here);
  target.setUTCHours(hour, 0, 0, 0);
  while (target.getTime() <= here || (weekday !== null && target.getUTCDay() !== weekday)) target.setUTCDate(target.getUTCDate() + 1);
  const offset = at => wall(at) - Math.floor(at.getTime() / 1000) * 1000;
  let instant = new Date(target.getTime() - offset(now));
  instant = new Date(target.getTime() - offset(instant)); // the clocks may change in between
  return Math.ceil((instant - now) / 1000);
}

let clockNow = new Date();
function showClock(iso) {
  clockNow = new Date(iso);
  setText($("clock-day"), dayOf(clockNow));
  setText($("clock-time"), timeOf(clockNow));
  $("clock-time").dateTime = $("clock-day").dateTime = iso;
}

const JUMPS = [
  { span: 60, label: () => `+1 ${t("min")}` }, { span: 300, label: () => `+5 ${t("min")}` },
  { span: 1800, label: () => `+30 ${t("min")}` }, { span: 3600, label: () => `+1 ${t("h")}` },
  { weekday: 5, hour: 18 }, { weekday: 6, hour: 3 }, { weekday: 1, hour: 9 },
];
function drawJumps() {
  const shown = JUMPS.map(jump => {
    const day = jump.span ? "" : format("weekday", { weekday: "short" }).format(new Date(Date.UTC(2026, 10, 22 + jump.weekday, 12)));
    const label = jump.span ? jump.label() : `${t("to")} ${day} ${String(jump.hour).padStart(2, "0")}:00`;
    const move = () => send("POST", "clock", { advance_s: jump.span ?? secondsTo(clockNow, jump.weekday, jump.hour) });
    return el("button", { type: "button", className: jump.span ? "" : "far", onclick: move }, label);
  });
  $("jumps").replaceChildren(...shown);
}

function showFacts(facts) {
  const print = JSON.stringify(facts);
  if ($("facts").dataset.print === print) return;
  $("facts").dataset.print = print;
  $("facts").hidden = facts.length === 0;
  $("facts").replaceChildren(...facts.map(fact => el("li", {}, fact)));
}

// ---------------------------------------------------------------- X

let state = null;
let answering = null; // the post that the next written post answers
const posts = new Map(); // id of the post's first version → node
const threads = new Map(); // conversation id → node

function mentionsMarked(text) {
  const pieces = text.split(/(@[A-Za-z0-9_]{1,15}|#[\p{L}\p{N}_]+|https?:\/\/\S+)/u);
  return pieces.map((piece, index) => index % 2 ? el("span", { className: "tag" }, piece) : piece);
}

function postNode(post) {
  const face = el("span", { className: "avatar", "aria-hidden": "true" });
  avatar(face, post.name || post.author, post.author);
  const node = el("article", { className: `post${post.ours ? " ours" : ""}${post.deleted ? " gone" : ""}`, "aria-label": `@${post.author}` });
  node.dataset.id = post.first_id;
  const head = el("p", { className: "post-head" },
    el("strong", {}, post.name || post.author), el("span", { className: "handle" }, `@${post.author}`),
    el("time", { dateTime: post.created_at }, shortTime(post.created_at)),
    post.edited && !post.deleted ? el("em", {}, t("edited")) : "",
    post.ours ? el("span", { className: "badge" }, t("ours")) : "");
  const text = el("p", { className: "post-text" }, ...(post.deleted ? [t("deletedPost")] : mentionsMarked(post.text)));
  const actions = el("p", { className: "post-actions" });
  if (!post.deleted) {
    const button = (word, handler) => el("button", { type: "button", className: "plain", onclick: handler }, t(word));
    if (!post.ours) actions.append(button("reply", () => answerTo(post)), button("edit", () => editPost(node, post)));
    actions.append(button("remove", () => send("DELETE", `x/posts/${post.id}`)));
    if (!post.ours) actions.firstChild.title = t("followUp");
  }
  node.append(face, el("div", { className: "post-body" }, head, text, actions));
  return node;
}

function editPost(node, post) {
  const box = el("textarea", { value: post.text, rows: 3, "aria-label": t("edit") });
  const done = () => { delete node.dataset.editing; node.dataset.print = ""; drawX(); };
  const save = async () => { if (await send("POST", `x/posts/${post.id}/edit`, { text: box.value })) done(); };
  box.addEventListener("keydown", event => {
    if (event.key === "Escape") done();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
  });
  node.dataset.editing = "yes";
  const body = node.querySelector(".post-body");
  body.querySelector(".post-text").replaceWith(box);
  body.querySelector(".post-actions").replaceChildren(
    el("button", { type: "button", className: "primary small", onclick: save }, t("save")),
    el("button", { type: "button", className: "plain", onclick: done }, t("cancel")));
  box.focus();
}

function answerTo(post) {
  answering = post;
  if (post) $("handle").value = post.author;
  $("answering").hidden = !post;
  if (post) { setText($("answering").querySelector("span"), t("answering", `@${post.author}`)); $("text").focus(); }
}

function drawX() {
  if (!state) return;
  const today = dateKey(clockNow);
  const known = new Set();
  for (const post of state.x.posts) {
    known.add(post.first_id);
    const print = `${language} ${today} ${JSON.stringify(post)}`;
    const old = posts.get(post.first_id);
    if (old?.dataset.print === print || old?.dataset.editing) continue;
    const node = postNode(post);
    node.dataset.print = print;
    posts.set(post.first_id, node);
    if (old) { old.replaceWith(node); continue; }
    let thread = threads.get(post.conversation_id);
    if (!thread) {
      thread = el("div", { className: "thread" });
      threads.set(post.conversation_id, thread);
      $("timeline").prepend(thread); // posts come oldest first, so the newest thread ends on top and none ever moves
    }
    thread.append(node);
    if (!firstStateDrawn) continue;
    node.classList.add("fresh");
    if (post.ours && !$("pane-x").matches(":hover, :focus-within")) node.scrollIntoView({ block: "nearest" }); // the answer went out: show it
  }
  for (const [id, node] of posts) if (!known.has(id)) { node.remove(); posts.delete(id); }
  for (const [root, node] of threads) if (!node.firstChild) { node.remove(); threads.delete(root); }
  $("timeline-empty").hidden = known.size > 0;
  if (document.activeElement !== $("index-delay")) $("index-delay").value = state.x.index_delay_s;
  $("duplicate-filter").checked = state.x.duplicate_filter;
}

function drawAccounts() {
  const print = JSON.stringify(state.accounts);
  if ($("account").dataset.print === print) return;
  $("account").dataset.print = print;
  const chosen = $("account").value;
  $("account").replaceChildren(...state.accounts.map(account => el("option", { value: account.handle }, `@${account.handle}`)));
  if (chosen) $("account").value = chosen;
  countText();
}

/** The text as it will be posted: a post that names no account of ours gets the chosen one in front. */
function postText() {
  const text = $("text").value.trim();
  const account = $("account").value;
  const names = (state?.accounts ?? []).some(one => text.toLowerCase().includes(`@${one.handle.toLowerCase()}`));
  return names || !text || !account ? text : `@${account} ${text}`;
}
function countText() { setText($("count"), $("text").value.trim() ? `${[...postText()].length}` : ""); }

async function writePost(event) {
  event?.preventDefault();
  const text = postText();
  if (!text) return;
  const body = { author: $("handle").value.trim().replace(/^@/, ""), text };
  if (answering) body.in_reply_to = answering.id;
  if (await send("POST", "x/posts", body)) { $("text").value = ""; answerTo(null); countText(); }
}

function drawShelf(shelf) {
  $("shelf").replaceChildren(...shelf.map(item => {
    const write = async button => {
      button.disabled = true;
      await send("POST", "x/posts", { author: item.handle, name: item.name, text: item.text });
      button.disabled = false;
    };
    const button = el("button", { type: "button", title: item.text, onclick: () => write(button) },
      language === "it" ? item.label_it : item.label, el("small", {}, item.lang));
    return button;
  }));
}
let shelf = [];

// ---------------------------------------------------------------- trouble

const UNTIL_CLEARED = null;
const PRESETS = [
  { word: "xDown", rules: { match: "* /2/*", times: UNTIL_CLEARED, status: 503, body: "Service Unavailable" } },
  { word: "xLost", rules: { match: "POST /2/tweets", drop: "after" } },
  { word: "xFlood", rules: { match: "GET /2/users/*/mentions", times: 4, status: 429, headers: { "x-rate-limit-reset": "now+60" }, body: {} } },
  { word: "tgDown", rules: { match: "* /bot/*", times: UNTIL_CLEARED, status: 502, body: "Bad Gateway" } },
  { word: "tgFlood", rules: { match: "POST /bot/sendMessage", status: 429,
    body: { ok: false, error_code: 429, description: "Too Many Requests: retry after 5", parameters: { retry_after: 5 } } } },
];
function drawTrouble() {
  const active = state?.faults ?? [];
  const buttons = PRESETS.map(preset => el("button", {
    type: "button", className: "item", onclick: () => send("POST", "faults", preset.rules),
  }, t(preset.word)));
  if (PRESETS.length) buttons.push(el("button", { type: "button", className: "item", disabled: active.length === 0, onclick: () => send("DELETE", "faults") }, t("clear")));
  $("presets").replaceChildren(...buttons);
  const summary = $("trouble").querySelector("summary");
  setText(summary, active.length ? `${t("trouble")} · ${t("troubles", active.length)}` : t("trouble"));
  $("trouble").classList.toggle("on", active.length > 0);
}

// ---------------------------------------------------------------- phones

/** Text with Telegram's entities as nodes; offsets count UTF-16 units, as JavaScript's strings do. Entities may nest. */
function rich(text, entities) {
  const sorted = [...(entities ?? [])].filter(e => e.length > 0 && e.offset >= 0)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  const build = (from, to, list) => {
    const out = [];
    let at = from;
    while (list.length) {
      const entity = list.shift();
      const start = Math.max(entity.offset, at), end = Math.min(entity.offset + entity.length, to);
      if (start >= end) continue;
      const inner = [];
      while (list.length && list[0].offset < end) inner.push(list.shift());
      if (start > at) out.push(text.slice(at, start));
      out.push(dress(entity, build(start, end, inner)));
      at = BLOCKS.has(entity.type) && text[end] === "\n" ? Math.min(end + 1, to) : end; // a block ends its line by itself
    }
    if (at < to) out.push(text.slice(at, to));
    return out;
  };
  return build(0, text.length, sorted);
}
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote" };
function dress(entity, children) {
  if (TAGS[entity.type]) return el(TAGS[entity.type], {}, ...children);
  if (entity.type === "spoiler") return el("span", { className: "spoiler", tabIndex: 0 }, ...children);
  if (entity.type === "text_link") {
    return el("button", { type: "button", className: "link-word", title: entity.url, onclick: () => toast(`${t("wouldOpen")} ${entity.url}`) }, ...children);
  }
  return el("span", { className: ["url", "mention", "hashtag", "email", "phone_number", "bot_command"].includes(entity.type) ? "tag" : "" }, ...children);
}

const KINDS = { text: "", voice: "🎤", sticker: "🖼️", photo: "🌄" };
const firstLine = message => (message.text || `${KINDS[message.kind] ?? "•"} ${t(message.kind)}`).split("\n")[0];
const seen = JSON.parse(session.get("seen") ?? "{}"); // user id → newest message looked at
const drafts = new Map(); // user id → what is in that person's text box, kept while another phone stands in the slot
const heard = new Map(); // user id → newest ringing message already announced
const slots = [];

class Slot {
  constructor(index) {
    this.index = index;
    this.person = null; // {key, user_id, name, role}
    this.chosen = session.get(`slot${index}`); // a person picked by hand; else the roles decide
    this.nodes = new Map();
    this.popups = null; // the last one shown; null before the first look
    this.shaken = {}; // user id → newest message this phone has shaken for
    this.node = $("phone-template").content.firstElementChild.cloneNode(true);
    const find = selector => this.node.querySelector(selector);
    this.phone = find(".phone");
    this.face = find(".avatar");
    this.select = find(".person");
    this.role = find(".role");
    this.bell = find(".bell");
    this.chat = find(".chat");
    this.list = find(".bubbles");
    this.newest = find(".newest");
    this.box = find(".composer textarea");
    this.quote = find(".quote");
    this.blockButton = find(".block");
    this.startButton = find(".start");
    this.startButton.addEventListener("click", () => this.send("type", { text: "/start" }));
    this.target = null; // {mode: "reply" | "edit", message}
    this.node.id = `pane-${index}`;
    this.box.id = `box-${index}`;
    find(".composer label").htmlFor = this.box.id;
    this.select.addEventListener("change", () => this.choose(this.select.value));
    find(".composer").addEventListener("submit", event => { event.preventDefault(); this.type(); });
    this.box.addEventListener("keydown", event => this.onKey(event));
    this.box.addEventListener("input", () => this.grow());
    find(".quote-off").addEventListener("click", () => { this.aim(null); this.box.focus(); });
    this.newest.addEventListener("click", () => this.toBottom());
    this.following = true; // stands at the newest message, and stays there whatever arrives or is resized
    this.chat.addEventListener("scroll", () => {
      this.following = this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < 48;
      if (this.following) this.newest.hidden = true;
    }, { passive: true });
    new ResizeObserver(() => { if (this.following) this.toBottom(); }).observe(this.chat);
    this.chat.addEventListener("keydown", event => this.onChatKey(event));
    for (const what of ["pointerdown", "keydown", "focusin"]) this.phone.addEventListener(what, () => this.look());
    this.blockButton.addEventListener("click", () => {
      this.send(state.phones[this.person.user_id].blocked ? "unblock" : "block", {});
      this.closeMenu();
    });
    this.drawKinds();
  }

  send(verb, body) { return send("POST", `telegram/${this.person.user_id}/${verb}`, body); }

  closeMenu() { this.node.querySelector(".menu").open = false; }

  drawKinds() {
    const kinds = ["voice", "sticker", "photo"].map(kind => el("button", {
      type: "button", className: "item", onclick: () => { this.send("send", { kind }); this.closeMenu(); },
    }, `${KINDS[kind]} ${t(kind)}`));
    kinds.unshift(el("button", { type: "button", className: "item", onclick: () => { this.send("type", { text: "/start" }); this.closeMenu(); } }, "/start"));
    this.node.querySelector(".kinds").replaceChildren(...kinds);
  }

  choose(key) {
    this.chosen = key;
    session.set(`slot${this.index}`, key);
    const other = slots.find(slot => slot !== this && slot.person?.key === key);
    if (other) { other.chosen = this.person.key; session.set(`slot${other.index}`, other.chosen); }
    drawPhones();
    this.look();
  }

  /** Put a person's phone into this slot. */
  hold(person) {
    if (this.person?.user_id !== person.user_id) {
      if (this.person) drafts.set(this.person.user_id, this.box.value);
      this.box.value = drafts.get(person.user_id) ?? "";
      this.nodes.clear();
      this.list.replaceChildren();
      this.popups = null;
      this.node.querySelector(".popups").replaceChildren();
      this.person = person;
      this.aim(null);
      this.grow();
    }
    this.person = person;
  }

  draw() {
    const { person } = this;
    const phone = state.phones[person.user_id];
    avatar(this.face, person.name, person.key);
    setText(this.role, t(person.role || "offDuty"));
    this.role.dataset.role = person.role || "off";
    this.phone.setAttribute("aria-label", `${person.name}, ${t(person.role || "offDuty")}`);
    this.drawPeople();
    this.drawMessages(phone);
    this.drawPopups(phone.popups);
    this.phone.classList.toggle("blocked", phone.blocked);
    setText(this.blockButton, t(phone.blocked ? "unblock" : "block"));
    const empty = this.chat.querySelector(".empty");
    empty.hidden = phone.messages.length > 0 && !phone.blocked;
    setText(empty, phone.blocked ? t("blocked") : t("chatEmpty"));
    this.startButton.hidden = phone.started || phone.blocked;
    this.node.querySelector(".composer label").textContent = t("typeTo", person.name);
    this.box.placeholder = t("message");
    this.newest.setAttribute("aria-label", t("newer"));
    this.drawBell(phone);
  }

  drawPeople() {
    const print = JSON.stringify([state.people.map(one => [one.key, one.name, unread(one.user_id)]), this.person.key]);
    if (this.select.dataset.print === print || document.activeElement === this.select && this.select.dataset.key === this.person.key) return;
    this.select.dataset.print = print;
    this.select.dataset.key = this.person.key;
    this.select.replaceChildren(...state.people.map(one => {
      const bells = one.key === this.person.key ? 0 : unread(one.user_id);
      return el("option", { value: one.key, selected: one.key === this.person.key }, bells ? `${one.name} · ${t("unread", bells)}` : one.name);
    }));
  }

  drawMessages(phone) {
    const stay = this.following;
    const first = this.nodes.size === 0;
    const today = dateKey(clockNow);
    const known = new Set();
    let added = false;
    let last = null;
    for (const message of phone.messages) {
      known.add(message.message_id);
      const print = `${language} ${today} ${JSON.stringify(message)}`;
      const old = this.nodes.get(message.message_id);
      if (old?.dataset.print !== print) {
        const node = this.bubble(message, phone);
        node.dataset.print = print;
        this.nodes.set(message.message_id, node);
        if (old) this.swap(old, node);
        else {
          if (last) last.after(node); else this.list.prepend(node);
          if (!first) { node.classList.add("fresh"); added = true; }
        }
      }
      last = this.nodes.get(message.message_id);
    }
    for (const [id, node] of this.nodes) if (!known.has(id)) { node.remove(); this.nodes.delete(id); }
    if (this.target && !known.has(this.target.message.message_id)) this.aim(null);
    if (stay || first) this.toBottom(); else if (added) this.newest.hidden = false;
  }

  /** Replace a bubble, keeping the focus on the button of the same place. */
  swap(old, node) {
    const places = [...old.querySelectorAll("button")];
    const at = places.indexOf(document.activeElement);
    old.replaceWith(node);
    if (at >= 0) (node.querySelectorAll("button")[at] ?? this.box).focus({ preventScroll: true });
  }

  bubble(message, phone) {
    const mine = !message.from_bot;
    const node = el("li", { className: `bubble ${mine ? "mine" : "theirs"}${message.rang ? " rang" : ""}${message.buttons.length ? " card" : ""}` });
    node.dataset.id = message.message_id;
    const body = el("div", { className: "body" });
    if (message.reply_to) {
      const parent = phone.messages.find(one => one.message_id === message.reply_to);
      body.append(el("button", { type: "button", className: "parent", tabIndex: -1, onclick: () => this.show(message.reply_to) },
        parent ? firstLine(parent) : t("deletedPost")));
    }
    if (message.kind !== "text") body.append(el("span", { className: "kind" }, `${KINDS[message.kind] ?? "•"} ${t(message.kind)}`));
    if (message.text) body.append(el("div", { className: "text" }, ...rich(message.text, message.entities)));
    const marks = [];
    if (message.edited) marks.push(t("edited"));
    if (!mine && message.silent) marks.push(t("silent"));
    body.append(el("span", { className: "meta" }, message.rang ? el("span", { title: t("ring"), role: "img", "aria-label": t("ring") }, bell()) : "",
      marks.join(" · "), " ", el("time", { dateTime: message.sent_at }, shortTime(message.sent_at))));
    if (message.reaction) body.append(el("span", { className: "reaction" }, message.reaction));
    const tools = el("span", { className: "tools" });
    tools.append(el("button", { type: "button", className: "tool", tabIndex: -1, title: t("reply"), "aria-label": `${t("reply")}: ${firstLine(message)}`,
      onclick: () => this.aim({ mode: "reply", message }) }, "↩"));
    if (mine && message.kind === "text") tools.append(el("button", { type: "button", className: "tool", tabIndex: -1, title: t("edit"), "aria-label": `${t("edit")}: ${firstLine(message)}`,
      onclick: () => this.aim({ mode: "edit", message }) }, "✎"));
    node.append(el("div", { className: "row" }, body, tools));
    if (message.buttons.length) node.append(this.keyboard(message));
    return node;
  }

  keyboard(message) {
    const rows = message.buttons.map(row => el("div", { className: "keys" }, ...row.map(button => {
      const style = ["primary", "success", "danger"].includes(button.style) ? button.style : "";
      if (button.url) {
        return el("button", { type: "button", className: `key ${style} out`, title: button.url,
          onclick: () => this.popUp({ text: `${t("wouldOpen")} ${button.url}` }) }, button.label);
      }
      const key = el("button", { type: "button", className: `key ${style}`, onclick: async () => {
        key.classList.add("busy");
        await this.send("press", { message_id: message.message_id, data: button.data });
        setTimeout(() => key.classList.remove("busy"), 350);
      } }, button.label);
      key.dataset.press = button.data;
      return key;
    })));
    return el("div", { className: "keyboard" }, ...rows);
  }

  drawPopups(popups) {
    const last = popups.at(-1)?.callback_id ?? "";
    if (this.popups !== null) {
      const at = popups.findIndex(popup => popup.callback_id === this.popups);
      for (const popup of popups.slice(at + 1)) this.popUp(popup);
    }
    this.popups = last;
  }

  popUp(popup) {
    if (!popup.text) return;
    const box = this.node.querySelector(".popups");
    const node = el("div", { className: `popup${popup.alert ? " alert" : ""}`, role: "status" }, el("p", {}, popup.text));
    const close = () => node.remove();
    if (popup.alert) node.append(el("button", { type: "button", className: "plain", onclick: close }, "OK"));
    else { node.addEventListener("click", close); setTimeout(close, 6000); }
    box.append(node);
    while (box.children.length > 3) box.firstChild.remove();
  }

  drawBell(phone) {
    const count = unread(this.person.user_id);
    this.bell.hidden = count === 0;
    setText(this.bell.querySelector("b"), String(count));
    this.bell.title = t("unread", count);
    this.phone.classList.toggle("ringing", count > 0);
    const newest = newestRing(this.person.user_id);
    if (newest > (this.shaken[this.person.user_id] ?? 0) && count > 0) {
      this.shaken[this.person.user_id] = newest;
      this.phone.classList.remove("shake");
      void this.phone.offsetWidth; // lets the animation start again
      this.phone.classList.add("shake");
    }
    if (count === 0) this.phone.classList.remove("shake");
  }

  /** Somebody touched this phone: it stops ringing. */
  look() {
    if (!this.person || unread(this.person.user_id) === 0) return;
    seen[this.person.user_id] = newestRing(this.person.user_id);
    session.set("seen", JSON.stringify(seen));
    for (const slot of slots) if (slot.person) { slot.drawBell(state.phones[slot.person.user_id]); slot.drawPeople(); }
    drawTabs();
  }

  aim(target) {
    this.target = target;
    this.quote.hidden = !target;
    if (!target) return;
    setText(this.quote.querySelector(".quote-what"), t(target.mode === "edit" ? "editing" : "replyTo"));
    setText(this.quote.querySelector(".quote-text"), firstLine(target.message));
    if (target.mode === "edit") { this.box.value = target.message.text; this.grow(); }
    this.box.focus();
  }

  async type() {
    const text = this.box.value;
    if (!text.trim()) return;
    const { target } = this;
    this.box.value = "";
    this.aim(null);
    this.grow();
    this.following = true;
    const done = target?.mode === "edit"
      ? await this.send("edit", { message_id: target.message.message_id, text })
      : await this.send("type", target ? { text, reply_to: target.message.message_id } : { text });
    if (!done && !this.box.value) { this.box.value = text; this.grow(); if (target) this.aim(target); }
  }

  onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.type(); }
    else if (event.key === "Escape" && this.target) this.aim(null);
    else if (event.key === "ArrowUp" && !this.box.value) { event.preventDefault(); this.aimUp(-1); }
    else if (event.key === "ArrowDown" && !this.box.value && this.target) { event.preventDefault(); this.aimUp(1); }
  }

  /** Reply to the message before (or after) the one aimed at: the keyboard's way to the reply button. */
  aimUp(step) {
    const { messages } = state.phones[this.person.user_id];
    const at = this.target ? messages.findIndex(one => one.message_id === this.target.message.message_id) : messages.length;
    const message = messages[at + step];
    if (message) { this.aim({ mode: "reply", message }); this.show(message.message_id); this.box.focus(); }
    else if (step > 0) this.aim(null);
  }

  onChatKey(event) {
    const bubble = event.target.closest(".bubble");
    if (event.key !== "r" || event.ctrlKey || event.metaKey || event.altKey || !bubble) return;
    const message = state.phones[this.person.user_id].messages.find(one => String(one.message_id) === bubble.dataset.id);
    if (message) { event.preventDefault(); this.aim({ mode: "reply", message }); }
  }

  show(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: "nearest" });
    node.classList.remove("found");
    void node.offsetWidth;
    node.classList.add("found");
  }

  grow() {
    if (this.box.offsetParent === null) { this.box.style.height = ""; return; } // not on screen: nothing to measure
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, 140)}px`;
  }

  toBottom() { this.chat.scrollTop = this.chat.scrollHeight; this.newest.hidden = true; this.following = true; }
}

const newestRing = user => (state?.phones[user]?.messages ?? []).reduce((top, one) => one.rang && one.message_id > top ? one.message_id : top, 0);
const unread = user => (state?.phones[user]?.messages ?? []).filter(one => one.rang && one.message_id > (seen[user] ?? 0)).length;

/** Who stands in which slot: picked by hand, else as the roles say, else whoever is left. */
function seats() {
  const free = new Map(state.people.map(person => [person.key, person]));
  const seated = slots.map(slot => {
    const person = slot.chosen ? free.get(slot.chosen) : null;
    if (person) free.delete(person.key);
    return person ?? null;
  });
  const byRole = state.roles.map(role => role.person);
  return seated.map((person, index) => {
    if (person) return person;
    const key = free.has(byRole[index]) ? byRole[index] : byRole.find(one => free.has(one)) ?? free.keys().next().value;
    const found = free.get(key) ?? null;
    if (found) free.delete(key);
    return found;
  });
}

function drawPhones() {
  if (!state) return;
  while (slots.length < Math.min(3, state.people.length)) {
    const slot = new Slot(slots.length);
    slots.push(slot);
    $("phones").append(slot.node);
    translate(slot.node);
  }
  const people = seats();
  slots.forEach((slot, index) => { if (people[index]) { slot.hold(people[index]); slot.draw(); } });
  announceRings();
  drawTabs();
}

/** Another stage stands where this one stood (the demo was started again): its messages are numbered from 1 again. */
function meetStage(id) {
  if (session.get("stage") === id) return;
  session.clear();
  session.set("stage", id);
  for (const user of Object.keys(seen)) delete seen[user];
  heard.clear();
  slots.forEach(slot => { slot.shaken = {}; slot.chosen = null; slot.popups = null; });
}

function announceRings() {
  for (const person of state.people) {
    const newest = newestRing(person.user_id);
    const before = heard.get(person.user_id);
    heard.set(person.user_id, newest);
    if (before === undefined || newest <= before) continue;
    const message = state.phones[person.user_id].messages.find(one => one.message_id === newest);
    const line = t("rings", person.name, firstLine(message));
    setText($("announce"), line);
    if (!slots.some(slot => slot.person?.key === person.key)) toast(line);
    beep();
  }
}

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
  drawJumps();
  drawShelf(shelf);
  showClock(clockNow.toISOString());
  if (!state) return;
  drawX();
  slots.forEach(slot => { slot.drawKinds(); if (slot.target) slot.aim(slot.target); });
  drawPhones();
  drawTrouble();
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

function draw(next) {
  state = next;
  if (state.language !== language) { language = state.language; speak(); }
  meetStage(state.stage);
  showClock(state.now);
  showFacts(state.facts);
  $("jumps").hidden = !state.movable;
  drawAccounts();
  drawX();
  drawPhones();
  drawTrouble();
  firstStateDrawn = true;
  document.body.dataset.version = state.version;
}

function listen() {
  const events = new EventSource("/sandbox/events");
  events.addEventListener("open", () => { showLink("live"); load(); });
  events.addEventListener("changed", load);
  events.addEventListener("clock", event => { const { now, facts } = JSON.parse(event.data); showClock(now); showFacts(facts); });
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
  if (matchMedia("(max-width: 1099px)").matches) $("shelf-box").open = matchMedia("(min-width: 700px)").matches;
  speak();
  shelf = (await (await fetch("/sandbox/shelf")).json()).shelf;
  drawShelf(shelf);
  listen();
}

start();
