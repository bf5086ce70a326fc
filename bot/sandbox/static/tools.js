// Small tools: elements, requests, toasts, time as Rome reads it.
"use strict";

// ---------------------------------------------------------------- small tools

let state = null; // what GET /sandbox/state said last

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
/** A colour of one's own for each person of the team, far from the others'. */
const TEAM_HUES = [210, 32, 145, 285, 345, 95];
const teamHue = key => { const at = (state?.people ?? []).findIndex(one => one.key === key); return at < 0 ? hue(key) : TEAM_HUES[at % TEAM_HUES.length]; };
function avatar(node, name, seed) {
  const letter = [...name.replace(/[^\p{L}\p{N}]/gu, "")][0] ?? "?";
  setText(node, letter.toUpperCase());
  node.style.setProperty("--hue", teamHue(seed));
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
