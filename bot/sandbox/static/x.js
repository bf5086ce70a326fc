// The stand-in X: its timeline, the form one writes in, and the troubles that can be made.
"use strict";

// ---------------------------------------------------------------- X

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
  const media = post.deleted ? [] : (post.media ?? []).map(kind => el("span", { className: "picture" },
    el("img", { src: "/sandbox/static/picture.svg", alt: t(kind), width: 320, height: 180, loading: "lazy" }),
    kind === "photo" ? "" : el("span", { "aria-hidden": "true" }, `▶ ${t(kind)}`)));
  const actions = el("p", { className: "post-actions" });
  if (!post.deleted) {
    const button = (word, handler) => el("button", { type: "button", className: "plain", onclick: handler }, t(word));
    if (!post.ours) actions.append(button("reply", () => answerTo(post)), button("edit", () => editPost(node, post)));
    actions.append(button("remove", () => send("DELETE", `x/posts/${post.id}`)));
    if (!post.ours) actions.firstChild.title = t("followUp");
  }
  node.append(face, el("div", { className: "post-body" }, head, text, ...media, actions));
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
  if (post) { $("handle").value = post.author; $("write-box").open = true; }
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
  $("pane-x").classList.toggle("blank", known.size === 0);
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
  { word: "xBroke", rules: { match: "* /2/*", times: UNTIL_CLEARED, status: 402, body: { type: "https://api.x.com/2/problems/credits", title: "CreditsDepleted", status: 402, detail: "Your enrolled account does not have any credits to fulfill this request." } } },
  { word: "tgDown", rules: { match: "* /bot/*", times: UNTIL_CLEARED, status: 502, body: "Bad Gateway" } },
  { word: "tgFlood", rules: { match: "POST /bot/sendMessage", status: 429,
    body: { ok: false, error_code: 429, description: "Too Many Requests: retry after 5", parameters: { retry_after: 5 } } } },
];
let badDays = {}; // name → rule, as GET /sandbox/x/faults has them
async function loadBadDays() {
  badDays = (await (await fetch("/sandbox/x/faults")).json()).faults;
  $("bad-day").replaceChildren(...Object.keys(badDays).map(name => el("option", {}, name)));
}
const sameRule = rule => JSON.stringify({ ...rule, times: 1 });
/** A rule in force, in words: the preset's, the bad day's, or what it matches; and how often it still applies. */
function ruleWords(rule) {
  const badDay = Object.keys(badDays).find(name => sameRule(badDays[name]) === sameRule(rule));
  const preset = PRESETS.find(one => one.rules.match === rule.match && one.rules.status === (rule.status ?? undefined) && one.rules.drop === (rule.drop ?? undefined));
  return `${preset ? t(preset.word) : badDay ? `X: ${badDay}` : `${rule.match} → ${rule.status ?? rule.drop ?? `${rule.delay_s} s`}`}${rule.times === null ? "" : ` ×${rule.times}`}`;
}
function drawTrouble() {
  const active = state?.faults ?? [];
  $("active").hidden = active.length === 0;
  $("active").replaceChildren(...active.map(rule => el("li", {}, `⚠ ${ruleWords(rule)}`)),
    active.length ? el("li", {}, el("button", { type: "button", className: "plain", onclick: () => send("DELETE", "faults") }, t("clear"))) : "");
  const buttons = PRESETS.map(preset => el("button", {
    type: "button", className: "item", onclick: () => send("POST", "faults", preset.rules),
  }, t(preset.word)));
  buttons.push(el("button", { type: "button", className: "item", disabled: active.length === 0, onclick: () => send("DELETE", "faults") }, t("clear")));
  if (state?.service?.run_here) buttons.push(el("button", { type: "button", className: "item danger", onclick: () => send("POST", "service/kill", {}) }, `💀 ${t("killNow")}`));
  $("presets").replaceChildren(...buttons);
  const summary = $("trouble").querySelector("summary");
  setText(summary, active.length ? `${t("trouble")} · ${t("troubles", active.length)}` : t("trouble"));
  $("trouble").classList.toggle("on", active.length > 0);
}
