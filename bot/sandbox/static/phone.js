// One phone: a chat that looks and behaves like Telegram.
"use strict";

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
      const { scrollHeight, scrollTop, clientHeight } = this.chat;
      const same = this.heights === `${scrollHeight} ${clientHeight}`;
      if (scrollHeight - scrollTop - clientHeight < 48) { this.following = true; this.newest.hidden = true; this.measure(); }
      else if (same) this.following = false;
      else if (this.following) this.toBottom(); // the page moved, not the person
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

  send(verb, body) {
    const writer = this.writer();
    return writer ? send("POST", `telegram/groups/${this.person.user_id}/${verb}`, { by: writer.key, ...body })
      : send("POST", `telegram/${this.person.user_id}/${verb}`, body);
  }

  /** Who writes in the group that stands here: whoever's phone this is otherwise. null: this is a person's own chat. */
  writer() {
    if (this.person?.role !== "group") return null;
    const people = state.people.filter(one => one.role !== "group");
    return people.find(one => one.key === state.roles[this.index]?.person) ?? people[0];
  }

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
    this.phone.classList.toggle("group", person.role === "group");
    setText(this.blockButton, t(phone.blocked ? "unblock" : "block"));
    const empty = this.chat.querySelector(".empty");
    empty.hidden = phone.messages.length > 0 && !phone.blocked;
    setText(empty, phone.blocked ? t("blocked") : t("chatEmpty"));
    this.startButton.hidden = phone.started || phone.blocked;
    const writer = this.writer();
    this.node.querySelector(".composer label").textContent = writer ? t("typeIn", person.name, writer.name) : t("typeTo", person.name);
    this.box.placeholder = writer ? t("messageAs", writer.name) : t("message");
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
      const print = `${language} ${today} ${this.writer()?.key ?? ""} ${JSON.stringify(message)}`;
      const old = this.nodes.get(message.message_id);
      if (old?.dataset.print !== print) {
        const node = this.bubble(message, phone);
        node.dataset.print = print;
        this.nodes.set(message.message_id, node);
        if (old) this.swap(old, node);
        else {
          if (last) last.after(node); else this.list.prepend(node);
          if (!first) { node.classList.add("fresh"); added = true; if (message.asks) this.asked(message); }
        }
      }
      last = this.nodes.get(message.message_id);
    }
    for (const [id, node] of this.nodes) if (!known.has(id)) { node.remove(); this.nodes.delete(id); }
    if (this.target && !known.has(this.target.message.message_id)) this.aim(null);
    // The question has its answer: as in Telegram, the reply box closes.
    if (this.target?.message.asks && !this.box.value && phone.messages.some(one => !one.from_bot && one.reply_to === this.target.message.message_id)) this.aim(null);
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
    const writer = this.writer();
    const mine = !message.from_bot && (!writer || message.author_id === writer.user_id);
    const node = el("li", { className: `bubble ${mine ? "mine" : "theirs"}${message.rang ? " rang" : !mine && message.silent ? " hushed" : ""}${calmed(message) ? " calmed" : ""}${message.buttons.length ? " card" : ""}` });
    node.dataset.id = message.message_id;
    const body = el("div", { className: "body" });
    if (writer && !mine && !message.from_bot) body.append(el("strong", { className: "author" }, state.people.find(one => one.user_id === message.author_id)?.name ?? ""));
    if (message.reply_to) {
      const parent = phone.messages.find(one => one.message_id === message.reply_to);
      body.append(el("button", { type: "button", className: "parent", tabIndex: -1, onclick: () => this.show(message.reply_to) },
        parent ? firstLine(parent) : t("deletedPost")));
    }
    if (message.file) body.append(fileNode(message));
    else if (message.kind !== "text") body.append(el("span", { className: "kind" }, `${KINDS[message.kind] ?? "•"} ${t(message.kind)}`));
    // What a deep link types is shown without its token, as Telegram shows it.
    const text = mine ? message.text.replace(/^\/start \S+$/, "/start") : message.text;
    if (text) body.append(el("div", { className: "text" }, ...rich(text, message.entities)));
    const marks = [];
    if (message.edited) marks.push(t("edited"));
    if (message.pinned) marks.push(t("pinned"));
    if (!mine && message.silent) marks.push(t("silent"));
    body.append(el("span", { className: "meta" }, message.rang ? el("span", { title: t("ring"), role: "img", "aria-label": t("ring") }, bell()) : "",
      marks.join(" · "), " ", el("time", { dateTime: message.sent_at }, shortTime(message.sent_at))));
    for (const mark of [message.reaction, ...Object.values(message.reactions ?? {})]) if (mark) body.append(el("span", { className: "reaction" }, mark));
    const tools = el("span", { className: "tools" });
    tools.append(el("button", { type: "button", className: "tool", tabIndex: -1, title: t("reply"), "aria-label": `${t("reply")}: ${firstLine(message)}`,
      onclick: () => this.aim({ mode: "reply", message }) }, "↩"));
    if (mine && !writer && message.kind === "text") tools.append(el("button", { type: "button", className: "tool", tabIndex: -1, title: t("edit"), "aria-label": `${t("edit")}: ${firstLine(message)}`,
      onclick: () => this.aim({ mode: "edit", message }) }, "✎"));
    node.append(el("div", { className: "row" }, body, tools));
    this.swipes(node, message);
    if (message.buttons.length) node.append(this.keyboard(message));
    return node;
  }

  /** A message that asks for an answer (force_reply) opens the reply box, as in Telegram; the focus stays where it is. */
  asked(message) {
    if (this.box.value) return;
    this.aim({ mode: "reply", message }, this.phone.contains(document.activeElement));
  }

  /** Swiping a bubble to the left replies to it, as in Telegram. */
  swipes(node, message) {
    let from = null;
    node.addEventListener("touchstart", event => { from = event.touches.length === 1 ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : null; }, { passive: true });
    node.addEventListener("touchmove", event => {
      if (!from) return;
      const x = event.touches[0].clientX - from.x, y = event.touches[0].clientY - from.y;
      if (Math.abs(y) > 30) { from = null; node.style.transform = ""; return; }
      node.style.transform = x < -6 ? `translateX(${Math.max(x, -70)}px)` : "";
    }, { passive: true });
    node.addEventListener("touchend", event => {
      node.style.transform = "";
      if (from && event.changedTouches[0].clientX - from.x < -50) this.aim({ mode: "reply", message });
      from = null;
    });
  }

  keyboard(message) {
    const rows = message.buttons.map(row => el("div", { className: "keys" }, ...row.map(button => {
      const style = ["primary", "success", "danger"].includes(button.style) ? button.style : "";
      if (button.url) {
        return el("button", { type: "button", className: `key ${style} out`, title: button.url,
          onclick: () => this.popUp({ text: `${t("wouldOpen")} ${button.url}` }) }, button.label);
      }
      if (button.copy) {
        return el("button", { type: "button", className: `key ${style}`, onclick: () => this.popUp({ text: `${t("copied")} ${button.copy}` }) }, button.label);
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
    else { node.addEventListener("click", close); setTimeout(close, 4500); }
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

  aim(target, focus = true) {
    this.target = target;
    this.quote.hidden = !target;
    if (!target) return;
    setText(this.quote.querySelector(".quote-what"), t(target.mode === "edit" ? "editing" : "replyTo"));
    setText(this.quote.querySelector(".quote-text"), firstLine(target.message));
    if (target.mode === "edit") { this.box.value = target.message.text; this.grow(); }
    if (focus) this.box.focus();
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

  toBottom() { this.chat.scrollTop = this.chat.scrollHeight; this.newest.hidden = true; this.following = true; this.measure(); }

  measure() { this.heights = `${this.chat.scrollHeight} ${this.chat.clientHeight}`; }
}

const newestRing = user => (state?.phones[user]?.messages ?? []).reduce((top, one) => one.rang && one.message_id > top ? one.message_id : top, 0);
/** Settled by somebody: it rang, and since then it was rewritten to a card that nobody can claim any more. */
const calmed = message => message.rang && message.edited && !message.buttons.flat().some(one => /^(claim|duty):/.test(one.data));
const unread = user => (state?.phones[user]?.messages ?? []).filter(one => one.rang && !calmed(one) && one.message_id > (seen[user] ?? 0)).length;

/** A photo as a photo, which opens in full; anything else as a line with its name. */
function fileNode(message) {
  const { file } = message;
  if (file.mime.startsWith("image/")) {
    const photo = el("img", { className: "photo", src: file.url, alt: file.name || t("photo"), width: file.width || undefined, height: file.height || undefined, loading: "lazy" });
    return el("a", { href: file.url, target: "_blank", rel: "noopener" }, photo);
  }
  return el("span", { className: "kind" }, `📎 ${file.name}`);
}

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
