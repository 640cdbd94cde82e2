// The ceremony on the wall: cups, clerks, the digits read back, witnesses' ticks, the bound round.

import { beaconShortened } from "./before.mjs";
import { grouped, h, say } from "./dom.mjs";
import * as parts from "./parts.mjs";

const CUPS = 4;

/** The scene of the ceremony, when that is what the hall follows; else null. */
export function ceremonyScene(view, config) {
  const now = view.ceremony;
  const paint = scenes[now.act];
  if (!paint || rests(view, now)) return null;
  return h("div", { class: "with-qr ceremony-scene" }, h("div", { class: "stack" }, paint(view, now)), chain(view, config));
}

/** Whether nothing of the ceremony goes on yet: what stood on the wall before stays there. */
function rests(view, now) {
  switch (now.act) {
    case "cups": return view.phase !== "ceremony" || (view.rehearsal && now.clerks.length < 2);
    case "bind": return !now.bind_by;
    case "draw": return !arrived(now);
    default: return false;
  }
}

/** In the foot of the wall: how the round that orders the households stands. */
export function householdStrip(view) {
  const now = view.ceremony;
  if (!["drawn", "named", "answering"].includes(view.phase) || now.bound?.purpose !== "hh") return [];
  const ticks = now.line && now.witnesses.length ? ` · ${say("signed_short", { n: now.line.signed.length, all: now.witnesses.length })}` : "";
  if (now.bound.randomness) return [say("households_arrived"), " ", h("code", {}, now.bound.randomness.slice(0, 8))];
  return [say("households_bound", { round: now.bound.round, chain: now.beacon }), ticks];
}

const scenes = { cups, type, read_back: readBack, sign, bind, wait, draw };

function cups(view, now) {
  return [title(now.dice.purpose === "master" ? "stage_cups" : "stage_cups_slot", { j: now.dice.j, n: now.dice.count }),
    h("ol", { class: "cup-row" }, Array.from({ length: CUPS }, (_, cup) => h("li", {}, h("b", {}, `D${cup + 1}`),
      h("span", {}, say("cup_rolls", { n: now.dice.count / CUPS, from: cup * now.dice.count / CUPS + 1, to: (cup + 1) * now.dice.count / CUPS }))))),
    h("p", { class: "lead" }, say(now.beacon ? "stage_with_beacon" : "stage_without_beacon", { chain: now.beacon })),
    serving(now)];
}

function type(_view, now) {
  return [parts.clockTo(now.dice.lift_at, "lift_in", "stage_lifted", "huge"),
    now.dice.again && h("p", { class: "lead warn" }, say(`again_${now.dice.again}`)),
    h("ul", { class: "clerk-row" }, ["A", "B"].map((clerk) => {
      const typed = now.dice.typed.includes(clerk);
      return h("li", { class: typed ? "has-typed" : "" }, h("i", { "aria-hidden": "true" }, typed ? "✓" : "…"), say("clerk", { clerk }), h("span", {}, say(typed ? "clerk_typed" : "clerk_waits")));
    })),
    h("p", { class: "lead" }, say("stage_type"))];
}

function readBack(_view, now) {
  return [title("stage_read_back"), digits(now.dice.digits), h("p", { class: "lead" }, say("stage_read_back_says"))];
}

function sign(_view, now) {
  const isDice = now.line.type === "dice";
  return [title(isDice ? "stage_sign_dice" : "stage_sign_bind"), isDice ? digits(now.rolled) : bound(now), parts.signatures(now)];
}

function bind(view, now) {
  return [title("stage_bind"), digits(view.master_digits),
    h("p", { class: "lead" }, say("stage_bind_says", { round: now.bind_by.round, chain: now.beacon })), parts.signatures(now)];
}

function wait(view, now) {
  return [bound(now), parts.clockTo(now.bound.round_time, "stage_round_in", "stage_round_due", "huge"),
    h("p", { class: "lead" }, say("stage_wait")), parts.signatures(now), shortened(view)];
}

function draw(view, now) {
  return [title("beacon_arrived"), bound(now), h("p", { class: "dice digits" }, grouped(now.bound.randomness.slice(0, 8))),
    h("p", { class: "lead" }, say("stage_draw", { j: view.drawn + 1 }))];
}

/** A rehearsal that shortened the beacon's times says so while the hall waits for it. */
function shortened(view) {
  const text = beaconShortened(view);
  return text && h("section", { class: "windows" }, h("p", { class: "shortened" }, say("shortened"), text));
}

function arrived(now) {
  return now.bound?.purpose === "slot" && Boolean(now.bound.randomness);
}

function bound(now) {
  return h("p", { class: "bound" }, say("bound_round", { round: now.bound.round, chain: now.beacon }));
}

function title(key, values) {
  return h("p", { class: "act" }, say(key, values));
}

/** Digits as the four cups showed them, so that the hall can follow with a finger. */
function digits(all) {
  const size = all.length / CUPS;
  return h("ol", { class: "read-back" }, Array.from({ length: CUPS }, (_, cup) => h("li", {}, h("small", {}, `D${cup + 1}`),
    h("b", {}, all.slice(cup * size, (cup + 1) * size)))));
}

function serving(now) {
  const clerks = ["A", "B"].filter((clerk) => now.clerks.includes(clerk)).length;
  return h("p", { class: "lead" }, say("stage_serving", { clerks, witnesses: now.witnesses.length }));
}

/** The head of the chain, for every phone and camera to keep. */
function chain(view, config) {
  if (!view.chain) return null;
  return h("figure", { class: "scan" }, h("img", { class: "qr", src: `${config.head_url}${config.head_url.includes("?") ? "&" : "?"}line=${view.chain.line}`, alt: say("chain_qr") }),
    h("figcaption", {}, say("chain_head", { line: view.chain.line }), h("code", { class: "head8" }, grouped(view.chain.head.slice(0, 8)))));
}
