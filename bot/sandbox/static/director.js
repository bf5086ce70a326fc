// The director: plays the stories of the shelf step by step, and coaches a newcomer through a first ticket.
//
// A story waits for what really happens (the state of the stage), never for a time; whatever a person has to do is
// pointed at, on the phone or on the tab that leads to it, and [Show me] does it in their place.
"use strict";

// ---------------------------------------------------------------- what stands on the phones

const messagesOf = key => {
  const person = state.people.find(one => one.key === key);
  return person ? state.phones[person.user_id]?.messages ?? [] : [];
};
/** The person in a role: "duty", "backup" or "lead"; null for nobody. */
const inRole = role => state?.roles.find(one => one.role === (role === "duty" ? "on duty" : role))?.person ?? null;
/** The newest message of the bot's on a person's phone that passes; null when there is none. */
const newestOf = (key, passes) => messagesOf(key).findLast(one => one.from_bot && passes(one)) ?? null;
const button = (message, verb) => message.buttons.flat().find(one => one.data.startsWith(`${verb}:`)) ?? null;
const highest = () => Math.max(0, ...state.people.flatMap(one => messagesOf(one.key).map(message => message.message_id)));
const slotOf = key => slots.find(slot => slot.person?.key === key) ?? null;

// ---------------------------------------------------------------- pointing

const POINT_PX = 9; // the frame around what is pointed at
let pointed = []; // {key, find: () => node}
/** Point at something on a person's phone until the next call; on a narrow screen at the tab that leads there. */
function pointAt(key, find) { pointed = key ? [{ key, find }] : []; drawPointers(); }
let shownAt = ""; // what was pointed at when its chat was last scrolled to it: once, so that a person may scroll away
function drawPointers() {
  for (const node of document.querySelectorAll(".point")) node.classList.remove("point");
  if (!pointed.length) shownAt = "";
  for (const { key, find } of pointed) {
    const slot = slotOf(key);
    if (!slot) continue;
    const node = slot.node.offsetParent === null ? $("tabs").querySelector(`[data-tab="${slot.index}"]`) : find(slot);
    node?.classList.add("point");
    if (node) bringIntoChat(slot, node);
  }
}
function bringIntoChat(slot, node) {
  const what = `${slot.person.key} ${node.closest(".bubble")?.dataset.id} ${node.dataset.press ?? ""}`;
  if (!slot.chat.contains(node) || what === shownAt) return;
  shownAt = what;
  const place = node.getBoundingClientRect(), view = slot.chat.getBoundingClientRect();
  const below = place.bottom + POINT_PX - view.bottom, above = place.top - POINT_PX - view.top;
  if (below > 0) slot.chat.scrollTop += below;
  else if (above < 0) { slot.following = false; slot.chat.scrollTop += above; }
}
const keyButton = (message, data) => slot => slot.nodes.get(message.message_id)?.querySelector(`[data-press="${data}"]`);
const replyButton = message => slot => slot.box.value || slot.target ? slot.box : keyButton(message, button(message, "reply").data)(slot);

// ---------------------------------------------------------------- a story

let stories = [];
let playing = null; // {story, at, posts, authors, mark, stopped}
let waiting = null; // {met: () => boolean, done: boolean => void}
const READ_MS_MIN = 3500, READ_MS_A_LETTER = 45, LONG_MS = 45_000;

function drawStories() {
  const reason = story => story.needs.includes("service") && !state?.service?.run_here ? t("needsService")
    : story.needs.includes("clock") && state && !state.movable ? t("needsClock") : "";
  const print = JSON.stringify([language, stories.map(story => [story.key, reason(story)]), playing?.story.key]);
  if ($("stories").dataset.print === print) return;
  $("stories").dataset.print = print;
  $("stories").replaceChildren(...stories.map(story => {
    const title = language === "it" ? story.title_it : story.title;
    const why = reason(story);
    const card = el("article", { className: `story${playing?.story === story ? " current" : ""}`, "aria-label": title },
      el("span", { className: "story-icon", "aria-hidden": "true" }, story.icon),
      el("div", { className: "story-words" }, el("h3", {}, title), el("p", {}, why || (language === "it" ? story.line_it : story.line))),
      el("button", { type: "button", className: "small play", disabled: Boolean(why), "aria-label": t("playOf", title), onclick: () => playStory(story) }, `▶ ${t("play")}`));
    card.dataset.key = story.key;
    return card;
  }));
}

async function playStory(story) {
  stopStory();
  const run = playing = { story, at: 0, posts: [], authors: [], mark: highest(), stopped: false };
  $("stories-box").open = false;
  $("write-box").open = false;
  $("playing").dataset.over = "";
  drawDirector();
  $("play-stop").focus({ preventScroll: true });
  await prepare();
  if (run.stopped) return;
  run.ready = true;
  for (const slot of slots) slot.look(); // what rang before is no part of this story
  run.mark = highest();
  for (const step of story.steps) {
    if (run.stopped) return;
    drawDirector();
    const done = await perform(step, run);
    if (run.stopped || !done) { if (!run.stopped) stopStory(); return; }
    run.at += 1;
  }
  run.over = true;
  pointAt(null);
  drawDirector();
  drawStories();
}

function stopStory() {
  if (!playing) return;
  playing.stopped = true;
  waiting?.done(false);
  playing = null;
  pointAt(null);
  drawDirector();
}

/** A stage on which any story can begin: no trouble, the service running, the office closed. */
async function prepare() {
  if (state.faults.length) await send("DELETE", "faults");
  if (state.service.state === "down" && state.service.run_here) await send("POST", "service/start");
  const closing = (state.rota?.office ?? []).find(([start, end]) => instant(start) <= clockNow && clockNow < instant(end));
  if (closing && state.movable) await travel((instant(closing[1]) - clockNow) / 1000 + 60);
  if (state.service.run_here) await until(() => state.service.state === "up");
}

function until(met) {
  if (met()) return Promise.resolve(true);
  return new Promise(resolve => {
    const late = setTimeout(() => setText($("caption"), t("tooLong")), LONG_MS);
    waiting = { met, done: value => { clearTimeout(late); waiting = null; resolve(value); } };
  });
}
/** After every change: has what the story waits for happened? */
function checkStory() { if (waiting?.met()) waiting.done(true); }

/** A button of the director's own: what it does, until the step is over. */
function offer(word, action) {
  $("play-do").hidden = !word;
  $("play-do").disabled = false;
  if (!word) return;
  setText($("play-do"), word);
  $("play-do").onclick = action;
}

async function perform(step, run) {
  const { more } = step;
  const who = inRole(more.on ?? "duty");
  const act = PERFORM[step.do];
  const done = await act(more, run, who);
  offer("");
  pointAt(null);
  return done;
}

/** Wait for a person to do something; `find` gives the message and button concerned, `show` does it in their place. */
function person(key, find, point, show, met) {
  const aim = () => { const found = find(); pointAt(found ? key : null, found ? point(found) : null); };
  aim();
  offer(t("showMe"), async () => {
    const found = find();
    if (!found) return;
    $("play-do").disabled = true; // once is enough: the service answers in its time
    slotOf(key)?.look(); // whoever acts on a phone has it in hand
    await show(found);
  });
  return until(() => { if (met()) return true; aim(); return false; });
}

/** The service's answer to what Show me just did; after half a minute without one the person goes on by themselves. */
async function settled(met) {
  for (let n = 0; n < 300 && !met(); n += 1) await new Promise(done => setTimeout(done, 100));
}

const userOf = key => state.people.find(one => one.key === key)?.user_id;
const press = (key, message, data) => send("POST", `telegram/${userOf(key)}/press`, { message_id: message.message_id, data });
const isAbout = (message, run, author) => message.message_id > run.mark && message.text.includes(author);
const newestPost = run => run.authors.at(-1) ?? "";

const PERFORM = {
  async post(more, run) {
    let { author } = more;
    const again = run.posts.at(-1);
    if (more.again && again) author = run.authors.at(-1);
    // Whoever has written before (the story was played already) would only add to an old ticket.
    for (let n = 2; !more.again && state.x.posts.some(post => post.author === author); n += 1) author = `${more.author.slice(0, 12)}_${n}`;
    showPane("x");
    const body = { author, name: more.name, text: more.text };
    if (more.again && again) body.in_reply_to = again;
    const answer = await send("POST", "x/posts", body);
    if (!answer) return false;
    run.posts.push(answer.id);
    run.authors.push(author);
    return until(() => state.x.posts.some(post => post.id === answer.id));
  },
  async look() {
    const length = $("caption").textContent.length;
    let read = false;
    const late = setTimeout(() => { read = true; checkStory(); }, Math.max(READ_MS_MIN, length * READ_MS_A_LETTER));
    offer(t("goOn"), () => { read = true; checkStory(); });
    const done = await until(() => read);
    clearTimeout(late);
    return done;
  },
  async fault(more, run) { run.mark = highest(); return (await send("POST", "faults", more.rules)) !== null; },
  async well() { return (await send("DELETE", "faults")) !== null; },
  async jump(more, run) {
    run.told = highest();
    let seconds = more.by_s;
    if (more.off_duty) {
      const free = turn => turn.who.length && !turn.who.includes(more.off_duty);
      const turns = state.rota?.rows[0]?.turns ?? [];
      if (turns.some(turn => free(turn) && instant(turn.start) <= clockNow && clockNow < instant(turn.end))) return true;
      const next = turns.find(turn => free(turn) && instant(turn.start) > clockNow);
      seconds = next ? (instant(next.start) - clockNow) / 1000 + 60 : 0;
      if (seconds <= 0) return true;
    }
    seconds ??= secondsTo(clockNow, more.weekday ?? null, more.hour);
    return travel(seconds);
  },
  async kill(more) {
    const answer = await send("POST", "service/kill", { down_s: more.down_s });
    return answer !== null && until(() => state.service.state === "down");
  },
  up: () => until(() => state.service.state === "up"),
  rings(more, run) {
    const keys = () => more.on ? [inRole(more.on)] : state.people.map(one => one.key);
    return until(() => keys().some(key => newestOf(key, one => one.rang && isAbout(one, run, newestPost(run)))));
  },
  waits: (more, run) => until(() => state.people.some(one => newestOf(one.key, message => message.silent && isAbout(message, run, newestPost(run))))),
  told: (more, run) => until(() => state.people.some(one => one.role !== "group" && newestOf(one.key,
    message => message.message_id > (run.told ?? run.mark) && message.text.startsWith(more.icon ?? "")))),
  claim(more, run, who) {
    const author = more.author ? run.authors.find(one => one.startsWith(more.author.slice(0, 12))) : newestPost(run);
    const card = () => newestOf(who, one => isAbout(one, run, author) && button(one, "reply"));
    showPane(who);
    return person(who, () => { const found = card(); return found && button(found, "claim") ? found : null; },
      found => keyButton(found, button(found, "claim").data), found => press(who, found, button(found, "claim").data),
      () => { const found = card(); return Boolean(found) && !button(found, "claim"); });
  },
  reply(more, run, who) {
    const preview = () => newestOf(who, one => button(one, "send") && isAbout(one, run, newestPost(run)));
    const before = preview()?.text ?? "";
    const card = () => newestOf(who, one => isAbout(one, run, newestPost(run)) && button(one, "reply"));
    showPane(who);
    const text = language === "it" ? more.text_it : more.text;
    const said = state.x.posts.filter(post => post.ours && post.text.includes(text)).length;
    const words = said ? `${text} (${said + 1})` : text; // X refuses the same words twice
    return person(who, card, replyButton, async found => {
      await send("POST", `telegram/${userOf(who)}/type`, { text: words, reply_to: found.message_id });
    }, () => Boolean(preview()) && preview().text !== before);
  },
  reword(more, run) {
    const drafts = one => button(one, "edit") && button(one, "send") && isAbout(one, run, newestPost(run));
    const who = state.people.find(one => newestOf(one.key, drafts))?.key;
    const preview = () => newestOf(who, drafts);
    const before = preview().text;
    showPane(who);
    return person(who, preview, found => keyButton(found, button(found, "edit").data), async found => {
      const mark = highest();
      await press(who, found, button(found, "edit").data);
      const question = () => newestOf(who, one => one.message_id > mark && one.asks);
      await settled(question);
      await send("POST", `telegram/${userOf(who)}/type`, { text: more.text, reply_to: question()?.message_id });
    }, () => Boolean(preview()) && preview().text !== before);
  },
  send(more, run) {
    const mine = one => button(one, "send") && isAbout(one, run, newestPost(run));
    const who = state.people.find(one => newestOf(one.key, mine))?.key;
    const preview = () => newestOf(who, mine);
    showPane(who);
    return person(who, preview, found => keyButton(found, button(found, "send").data),
      found => press(who, found, button(found, "send").data), () => !preview());
  },
  back: (more, run) => until(() => state.people.some(one => newestOf(one.key, message => button(message, "send") && isAbout(message, run, newestPost(run))))),
  async posted(more, run) {
    const first = state.x.posts.find(post => post.id === run.posts.at(-1));
    if (state.movable) offer(t("letPass"), () => travel(11));
    const done = await until(() => state.x.posts.some(post => post.ours && post.conversation_id === first.conversation_id));
    if (done) showPane("x");
    return done;
  },
};

/** On a telephone one pane is seen at a time: bring the one to the front in which the next thing happens. */
function showPane(who) {
  if (!matchMedia("(max-width: 1099px)").matches) return;
  const tab = who === "x" ? "x" : slotOf(who)?.index;
  if (tab !== undefined && (who !== "x" || matchMedia("(max-width: 699px)").matches)) openTab(String(tab));
}

const filled = text => text.replace(/\{(duty|backup|lead)\}/g, (_, role) => nameOf(inRole(role) ?? "") || t("nobody"));

function drawDirector() {
  const story = playing?.story;
  $("playing").hidden = !story;
  $("coach").hidden = Boolean(story) || memory.get("coach") === "off";
  if (!story) return drawCoach();
  const { steps } = story;
  const step = steps[Math.min(playing.at, steps.length - 1)];
  setText($("playing-icon"), story.icon);
  setText($("playing-title"), language === "it" ? story.title_it : story.title);
  setText($("playing-count"), `${Math.min(playing.at + 1, steps.length)} / ${steps.length}`);
  $("playing-progress").value = playing.at / steps.length;
  const words = playing.ready ? filled(language === "it" ? step.it : step.en) : t("setting");
  setText($("caption"), words + (playing.over ? ` ${t("storyOver")}` : ""));
  setText($("play-stop"), t(playing.over ? "otherStories" : "stop"));
  if (playing.over) { $("playing-progress").value = 1; $("playing").dataset.over = story.key; offer(""); }
  return undefined;
}

// ---------------------------------------------------------------- the coach

const COACH_STEPS = 5;
/** Where the newest ticket stands: {step 1…5, key: whose phone, message, data: of the button to press}. */
function coachPlace() {
  const keys = [inRole("duty"), ...state.people.map(one => one.key)].filter(Boolean);
  const find = verb => {
    for (const key of keys) {
      const message = newestOf(key, one => button(one, verb) && (verb !== "claim" || button(one, "reply"))); // a card, no list
      if (message) return { key, message, data: button(message, verb).data };
    }
    return null;
  };
  const sent = find("send");
  if (sent) return { step: 4, ...sent };
  const loud = find("claim"), owned = keys.map(key => ({ key, message: newestOf(key, one => button(one, "reply") && !button(one, "claim")) })).find(one => one.message);
  if (owned && (!loud || owned.message.message_id > loud.message.message_id)) {
    const held = newestOf(owned.key, one => button(one, "cancel"));
    return held ? { step: 5, waits: true, key: owned.key } : { step: 3, ...owned };
  }
  if (loud) return { step: 2, ...loud };
  return { step: state.x.posts.some(post => post.ours && !post.deleted) ? 6 : 1 };
}

function drawCoach() {
  if (!state || playing || $("coach").hidden) return;
  const place = coachPlace();
  if (place.step === 3 && state.x.posts.some(post => post.ours && !post.deleted)) {
    const newest = state.x.posts.findLast(post => post.ours && !post.deleted);
    if (instant(newest.created_at) > instant(place.message.sent_at)) place.step = 6; // that ticket is answered
  }
  const at = Math.min(place.step, 6);
  const print = JSON.stringify([language, at, place.key, place.waits]);
  if ($("coach").dataset.print !== print) {
    $("coach").dataset.print = print;
    $("coach-steps").replaceChildren(...Array.from({ length: COACH_STEPS }, (_, index) => {
      const number = index + 1;
      const item = el("li", { className: number < at ? "done" : number === at ? "here" : "" }, el("b", { "aria-hidden": "true" }, number < at ? "✓" : String(number)), " ", t(`coach${number}`));
      if (number === at) item.setAttribute("aria-current", "step");
      return item;
    }));
    const name = place.key ? nameOf(place.key) : "";
    setText($("coach-say"), place.waits ? t("coachSayWait") : t(`coachSay${at === 6 ? 5 : at}`, name));
  }
  if (at === 2 || at === 4) pointAt(place.key, keyButton(place.message, place.data));
  else if (at === 3) pointAt(place.key, replyButton(place.message));
  else pointAt(null);
}

// ---------------------------------------------------------------- the service's own line

let downSince = null; // performance.now() when the service was first seen down
let backUntil = 0;
function drawService() {
  const service = state?.service;
  if (!service) return;
  const line = $("service").querySelector("span");
  const down = service.state !== "up";
  if (down && downSince === null && service.state === "down") downSince = performance.now() - 1000 * service.for_s;
  if (!down && downSince !== null) {
    const words = t("serviceBack", Math.round((performance.now() - downSince) / 1000));
    downSince = null;
    backUntil = performance.now() + 9000;
    setText(line, words);
    setText($("announce"), words);
    setTimeout(drawService, 9100);
  }
  const back = !down && performance.now() < backUntil;
  $("service").hidden = !down && !back;
  $("service").dataset.state = back ? "back" : service.state;
  $("service-start").hidden = service.state !== "down";
  if (service.state === "none") setText(line, t("serviceNone"));
  else if (service.state === "starting") setText(line, t("serviceStarting"));
  else if (service.state === "down") setText(line, t("serviceDown", Math.round(service.for_s), Math.ceil(service.back_in_s)));
}
