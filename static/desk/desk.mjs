// The director's desk: what is planned, what goes next, what is on the screens; all of it by keyboard.

import { block, h, hear, linked, say, write } from "../live/dom.mjs";
import { complain, forget, post } from "../live/post.mjs";
import * as parts from "../live/parts.mjs";
import { follow } from "../live/store.mjs";
import { cueList, minutes } from "./cues.mjs";
import { standbyPanel, stepsOf } from "./go.mjs";
import { picturePanel } from "./pictures.mjs";
import { planForm } from "./plan.mjs";
import { checkList } from "./ready.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);
const trouble = part("trouble");
const told = part("told");
const cues = cueList(part("cues"), config.zone_name);
const standby = standbyPanel(part("standby"), { config, act, go });
const pictures = picturePanel({ halt: part("halt"), outputs: part("outputs"), single: part("single"), web: part("web") }, { config, act });
checkList({ list: part("checks"), state: part("ready") }, { config, act, onScreens: pictures.screens });
let busy = false;
let keys = {};

const store = follow({
  live: config.live, audience: "console", url: config.view_url,
  onView: show,
  onLink: linked,
});

/** Who looks: the director, somebody with the operator's role in another's session, or a watcher. */
function hands(view) {
  const holder = view.desk.director;
  const isDirector = config.may_act && (!holder || holder.name === config.me);
  return { holder, isDirector, mayStop: config.may_stop };
}

function show(view, previous) {
  hear(view.kind);
  forget(trouble);
  const who = hands(view);
  part("title").textContent = view.title;
  part("phase").textContent = say(`phase_${view.aborted ? "aborted" : view.phase}`);
  part("slot").textContent = parts.slot(view);
  part("rehearsal").hidden = !view.rehearsal;
  cues.show(view);
  part("now-title").textContent = say(view.aborted ? "next_aborted" : `next_${view.phase === "frozen" && view.manifest_sha256 ? "published" : view.phase}`);
  part("now").replaceChildren(...now(view));
  seat(view, who);
  tellWhoTookOver(view, previous);
  standby.show(view, who);
  pictures.show(view, who);
  keys = {};
  part("steps").replaceChildren(...steps(view, who));
  part("keys").replaceChildren(...keyMap(view, who));
  tick();
}

/** What the hall sees now, in few words. */
function now(view) {
  const { round } = view;
  const shown = [h("p", { class: "left digits", id: "left" })];
  if (!round || ["closed", "sealed"].includes(view.phase)) return [...shown, h("p", { class: "big" }, view.title)];
  return [...shown, parts.cadre(round),
    h("p", { class: "figures" },
      round.households ? h("span", {}, say("calls_progress", { done: round.completed, target: round.target })) : null,
      round.contradictions ? h("span", {}, say("denied", { n: round.contradictions })) : null,
      round.on_air ? h("span", { class: "lamp lamp-red" }, say("on_air", { place: round.on_air.place })) : null),
    round.issue ? parts.followUp(round, config.zone) : null,
    round.votes ? h("p", {}, say("vote_satisfied"), ` ${round.votes.satisfied} · `, say("vote_basically_satisfied"), ` ${round.votes.basically_satisfied} · `, say("vote_not_satisfied"), ` ${round.votes.not_satisfied}`) : null,
    parts.verdict(round)].filter(Boolean);
}

function seat(view, { holder, isDirector }) {
  const mine = holder?.name === config.me;
  part("seat").replaceChildren(...[
    h("span", { class: mine ? "lamp lamp-green" : holder ? "lamp lamp-yellow" : "muted" }, holder ? say(mine ? "seat_mine" : "seat_of", { name: holder.name }) : say("seat_free")),
    config.may_act ? h("button", { class: "btn", type: "button", onclick: () => takeOrLeave(view) }, say(mine ? "leave_seat" : holder ? "take_over" : "take_seat"), h("kbd", {}, "D")) : null,
    !isDirector ? h("span", { class: "badge" }, say("read_only")) : null].filter(Boolean));
}

function takeOrLeave(view) {
  return view.desk.director?.name === config.me ? act("leave_seat") : act("take_seat", { epoch: view.desk.epoch });
}

/** Whoever loses the seat hears it at once, and by whom. */
function tellWhoTookOver(view, previous) {
  const was = previous?.desk.director?.name;
  const holder = view.desk.director;
  if (holder?.name === config.me) told.hidden = true;
  const lost = holder && holder.name !== config.me && (was === config.me || (!previous && holder.taken_from === config.me));
  if (!lost) return;
  told.textContent = say("taken_over", { name: holder.name });
  told.hidden = false;
}

function steps(view, { isDirector }) {
  if (!isDirector) return [h("p", { class: "muted" }, say(config.may_act ? "watching_desk" : "watching"))];
  const made = [];
  if (["drawn", "named"].includes(view.phase) && view.kind === "cadre") {
    ["in_person", "by_phone", "absent"].forEach((presence, i) => made.push(
      button("qwe"[i], say(`presence_${presence}`), () => step({ command: "record_presence", presence }))));
  }
  stepsOf(view).forEach((name, i) => {
    const key = i === 0 && name !== "abort" ? "s" : name === "name_cadre" ? "n" : name === "abort" ? "a" : "c";
    made.push(button(key, say("to_standby", { step: say(`go_${name}`) }), () => act("standby", { step: name }), i === 0 && name !== "abort" ? "btn-gold" : name === "abort" ? "btn-danger" : ""));
  });
  if (view.phase === "calling" && !view.round.calls_end && !view.round.stopping) made.push(button("l", say("do_stop_dialling"), () => step({ command: "stop_dialling" })));
  if (view.may_take_back) made.push(button("z", say("take_back"), () => step({ command: "take_back" }), "btn-quiet"));
  made.push(button("p", say("plan_rundown"), () => plan(view), "btn-quiet"));
  made.push(h("a", { class: "btn btn-quiet", href: config.console_url, target: "_blank" }, say("to_console")));
  return made;
}

function plan(view) {
  const place = part("form");
  if (place.firstChild) { place.replaceChildren(); return; }
  place.replaceChildren(planForm(view.desk.rundown, config, async (fields) => {
    if (await act("set_rundown", fields)) place.replaceChildren();
  }));
}

function button(key, label, press, kind = "") {
  keys[key] = press;
  return h("button", { class: `btn ${kind}`, type: "button", onclick: press }, label, h("kbd", {}, key.toUpperCase()));
}

/** The keys, always in sight. */
function keyMap(view, { isDirector }) {
  const map = isDirector
    ? [["S", "key_standby"], ["Space", "key_go"], ["Esc", "key_stand_down"], ["B", "key_black"], ["1–8", "key_outputs"], ["T", "key_card"], ["H", "key_hold"], ["X", "key_dump"], ["D", "key_seat"], ["P", "key_plan"], ["Z", "key_back"]]
    : [["K", "key_second"], ...(config.may_stop ? [["B", "key_black"], ["T", "key_card"], ["H", "key_hold"], ["X", "key_dump"]] : []), ...(config.may_act ? [["D", "key_take_over"]] : [])];
  return map.map(([key, word]) => h("span", {}, h("kbd", {}, key), " ", say(word)));
}

/** An act of show control is never stale; the answer brings the picture. */
function act(name, fields = {}) {
  return send(config.act_url, { act: name, ...fields });
}

/** GO: carry out what is on standby. */
function go(message) {
  return once(() => send(config.go_url, message));
}

/** A step that can be taken back goes at one press, as at the console. */
function step(command) {
  return once(() => send(config.do_url, { ...command, expect: store.view().step }));
}

async function once(work) {
  if (busy) return;
  busy = true;
  await work();
  busy = false;
}

async function send(url, message) {
  trouble.hidden = true;
  const wrong = await post(url, message);
  if (wrong) complain(trouble, wrong);
  store.refresh();
  return !wrong;
}

const DESK_KEYS = {
  b: (view) => pictures.blackout(view),
  t: (view) => pictures.pauseCard(view),
  h: (view) => pictures.hold(view),
  x: () => act("dump", { why: "" }),
  d: (view) => config.may_act && takeOrLeave(view),
};

addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const view = store.view();
  const key = event.key.toLowerCase();
  if (!view || (event.key === "Enter" && event.target.matches("button, a"))) return;
  if (key === " " || (key === "k" && !hands(view).isDirector)) standby.press();
  else if (key === "escape") act("stand_down");
  else if (standby.isArmed() && view.desk.standby?.step === "give_verdict" && "1234".includes(key)) standby.verdict(Number(key) - 1);
  else if (/^[1-9]$/.test(key)) pictures.one(view, Number(key) - 1);
  else if (keys[key]) keys[key]();
  else if (DESK_KEYS[key]) DESK_KEYS[key](view);
  else return;
  event.preventDefault();
});
addEventListener("keyup", (event) => { if ([" ", "k", "K"].includes(event.key)) standby.release(); });
addEventListener("blur", () => standby.release());

const time = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: config.zone_name });

function tick() {
  const view = store?.view();
  if (!view) return;
  const serverNow = store.now();
  write(part("clock"), time.format(serverNow));
  cues.tick(view, serverNow, { overPlace: part("over"), endPlace: part("show-end") });
  standby.tick(serverNow);
  const place = part("left");
  const left = cues.left(view, serverNow);
  if (!place) return;
  place.classList.toggle("is-over", left !== null && left < 0);
  write(place, left === null ? "" : left < 0 ? say("part_over", { time: minutes(left) }) : say("part_left", { time: minutes(left) }));
}
setInterval(tick, 250);
