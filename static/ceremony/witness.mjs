// A witness's page: follows the record, signs a bind by itself and dice when they were compared.

import { block, grouped, h, say } from "../live/dom.mjs";
import { follow as followScreen } from "../live/store.mjs";
import { CHAINS, NOTHING, Rewritten, follow, readManifest, reasonAgainst } from "./chain.mjs";
import { Memory, ownKey } from "./key.mjs";
import { Refused, ownClock, send } from "./send.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);
const HEARD_EVERY_MS = 5000;
const SHOWN_LINES = 8;

const memory = await Memory.open(config.live);
const key = await ownKey(memory);
part("key").textContent = grouped(key.public.slice(0, 8));

let view = null;
let manifest = null;
let open = null;
let known = (await memory.read("record")) ?? NOTHING;
let alarm = await memory.read("alarm");
let signed = -1;
let against = null;
let recent = (await memory.read("recent")) ?? [];
let busy = false;
let again = false;

/** One look after the other: a picture that comes meanwhile is looked at next. */
async function look() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    do {
      again = false;
      if (!alarm) await enrolOrFollow();
    } while (again);
  } catch (error) {
    await failed(error);
  } finally {
    busy = false;
    show();
  }
}

async function enrolOrFollow() {
  const isEnrolled = view.ceremony.witnesses.includes(config.me);
  if (!view.manifest_sha256) {
    if (view.phase === "frozen" && !isEnrolled) await enrol();
    return;
  }
  if (isEnrolled) await followRecord();
}

async function enrol() {
  const claim = new TextEncoder().encode(`evalsys-witness|${config.live}|${config.me}|${key.public}`);
  await send(config.enrol_url, { key: key.public, proof: await key.sign(claim), clock: ownClock() });
}

async function followRecord() {
  const answer = await fetch(`${config.lines_url}?after=${known.settled}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { lines } = await answer.json();
  if (!manifest) await readRules(lines);
  const now = Date.now();
  const followed = follow(known, lines, manifest.prev_head, now);
  known = followed.memory;
  await memory.keep("record", known);
  followed.frames.forEach(note);
  recent = [...new Map([...recent, ...followed.frames].map((one) => [one.i, one])).values()].slice(-SHOWN_LINES);
  await memory.keep("recent", recent);
  open = followed.open;
  if (!open || open.frame.i === signed || config.me in open.frame.sigs) {
    against = null;
    return;
  }
  against = reasonAgainst(open.frame, { memory: known, manifest, now });
  if (!against && open.frame.type === "bind") await sign();
}

async function readRules(lines) {
  const first = known.settled ? (await memory.read("first")) : lines[0];
  const bytes = new Uint8Array(await (await fetch(config.manifest_url)).arrayBuffer());
  const rules = readManifest(bytes, JSON.parse(first));
  const mine = rules.witness_keys.find((one) => one.id === config.me);
  if (mine?.key !== key.public) throw new Rewritten("key");
  await memory.keep("first", first);
  manifest = rules;
  recent.forEach(note);
}

async function sign() {
  const { frame, toSign } = open;
  await send(config.sign_url, { line: frame.i, signature: await key.sign(toSign), clock: ownClock() });
  signed = frame.i;
}

async function failed(error) {
  if (error instanceof Rewritten) {
    alarm = error.message;
    await memory.keep("alarm", alarm);
  } else if (error instanceof Refused) {
    refuse(error.message);
  } else {
    refuse(say("unreachable"));
    setTimeout(look, 2000);
  }
}

function refuse(text) {
  part("refusal").hidden = !text;
  part("refusal").textContent = text;
}

/** The line in words, as the page shows it and the witness reads it. */
function words(frame) {
  const { body, type } = frame;
  const chain = CHAINS[manifest?.beacon?.chain]?.name ?? "";
  const of = { ...body, chain, rehearsal: say(body.rehearsal ? "yes" : "no") };
  if (type === "dice" || type === "bind" || type === "beacon") return say(`line_${type}_${body.purpose}`, of);
  return say(`line_${type}`, of);
}

function clockOf(moment) {
  return moment.toLocaleTimeString("zh-CN", { hour12: false });
}

function note(frame) {
  const list = part("record");
  list.querySelector(`[data-line="${frame.i}"]`)?.remove();
  const count = Object.keys(frame.sigs).length;
  list.prepend(h("li", { value: frame.i, "data-line": frame.i }, h("span", {}, words(frame)),
    h("small", {}, clockOf(new Date(frame.at)), count ? ` · ${say("line_sigs", { n: count })}` : "")));
  while (list.childElementCount > SHOWN_LINES) list.lastChild.remove();
}

function state() {
  if (alarm) return ["alarm", `alarm_${alarm}`];
  const isEnrolled = view.ceremony.witnesses.includes(config.me);
  if (["closed", "sealed"].includes(view.phase)) return ["over", "over_detail"];
  if (!isEnrolled) return view.manifest_sha256 ? ["too_late", "too_late_detail"] : ["not_yet", "not_yet_detail"];
  if (!view.manifest_sha256) return ["enrolled", "enrolled_detail"];
  const line = open?.frame;
  if (line && (line.i === signed || config.me in line.sigs)) return ["signed", line.type === "dice" ? "signed_dice" : "signed_bind"];
  if (line && against) return ["wont_sign", `against_${against}`];
  if (line?.type === "dice") return ["compare", "compare_detail"];
  return ["watching", "watching_detail"];
}

const LOOKS = { compare: "vote", signed: "voted", enrolled: "voted", alarm: "unsaved", wont_sign: "unsaved", too_late: "unsaved", over: "over" };

function show() {
  if (!view) return;
  const [word, detail] = state();
  document.body.dataset.state = LOOKS[word] ?? "wait";
  part("state").textContent = say(word, { line: open?.frame.i ?? "" });
  part("detail").textContent = say(detail);
  const compares = word === "compare";
  part("compare").hidden = !compares;
  if (compares) {
    part("line-words").textContent = say(`compare_${open.frame.body.purpose}`, open.frame.body);
    part("digits").replaceChildren(...groups(open.frame.body.digits));
  }
}

/** The digits as the four cups show them. */
function groups(digits) {
  const size = digits.length / 4;
  return [0, 1, 2, 3].map((cup) => h("span", { class: "cup" }, h("small", {}, `D${cup + 1}`), h("b", {}, digits.slice(cup * size, (cup + 1) * size))));
}

part("sign").addEventListener("click", async () => {
  part("sign").disabled = true;
  refuse("");
  try {
    // Once more: the line may have been settled, or its time gone by, while it was compared.
    if (open && !reasonAgainst(open.frame, { memory: known, manifest, now: Date.now() })) await sign();
  } catch (error) {
    await failed(error);
  } finally {
    part("sign").disabled = false;
    show();
  }
});

function setLink(next) {
  part("link").dataset.link = next;
  part("link").textContent = say(`link_${next}`);
}

followScreen({
  live: config.live, audience: config.audience, url: config.view_url, hello: config.hall ? { hall: config.hall } : {},
  onView(next) {
    if (view && next.seq > view.seq) refuse("");
    view = next;
    look();
  },
  onLink: (alive) => setLink(alive === true ? "alive" : alive || "dead"),
});

setInterval(() => { part("own-clock").textContent = clockOf(new Date()); }, 500);
setInterval(() => { send(config.clock_url, { clock: ownClock() }).catch(() => {}); }, HEARD_EVERY_MS);
send(config.clock_url, { clock: ownClock() }).catch(() => {});
navigator.wakeLock?.request("screen").catch(() => {}); // a witness that sleeps signs nothing
