// The console's steps of the ceremony: what it waits for, and one button that leads on.

import { grouped, h, say } from "./dom.mjs";
import * as parts from "./parts.mjs";

let house = null;

/** The next step of the ceremony, by what it waits for; `desk` makes buttons and sends commands. */
export function ceremonySteps(view, desk) {
  const now = view.ceremony;
  return h("div", { class: "stack-tight", id: "ceremony" }, acts[now.act]?.(view, now, desk) ?? [], h("div", { id: "ceremony-form" }), attendance(view));
}

/** Before the manifest: how many of the invited witnesses have enrolled. */
export function enrolment(view) {
  const { invited, witnesses } = view.ceremony;
  if (!invited) return null;
  return h("div", { class: "stack-tight", id: "ceremony" }, h("p", {}, say("enrolled_of", { n: witnesses.length, all: invited })),
    view.manifest_sha256 ? null : h("p", { class: "muted small" }, say("note_enrol")), attendance(view));
}

/** While the cadre answers: the round that orders the households, if it is not here yet. */
export function householdRound(view, desk) {
  const now = view.ceremony;
  const waits = now.bound?.purpose === "hh" && !now.bound.randomness;
  return waits ? h("div", { class: "stack-tight", id: "ceremony" }, now.line?.missing ? sign(view, now) : wait(view, now, desk),
    h("div", { id: "ceremony-form" }), attendance(view)) : null;
}

/** Who serves and who was heard of late; whether the relays are silent. Asked every few seconds. */
export function serving(told, view) {
  house = told;
  const place = document.getElementById("attendance");
  if (place && view) place.replaceWith(attendance(view));
  const silent = document.getElementById("silent");
  if (silent) silent.replaceChildren(...silence());
}

const acts = { cups, type, read_back: readBack, sign, bind, wait, draw };

function cups(view, now, desk) {
  const ready = now.clerks.length === 2;
  const call = say(now.dice.purpose === "master" ? "do_call_cups" : "do_call_cups_slot", { j: now.dice.j });
  if (!view.rehearsal || ready) {
    return [desk.primary(call, { command: "call_cups" }), desk.note("note_cups"),
      view.rehearsal && [desk.button("o", say("do_rehearse"), () => desk.tell(system(now)), "btn-quiet"), desk.note("note_dice_rehearsal")]];
  }
  const label = now.dice.purpose === "master" ? say("do_roll") : say("do_draw", { j: view.drawn + 1, stratum: view.next_stratum });
  return [desk.primary(label, system(now)), desk.note("note_dice_rehearsal")];
}

function system(now) {
  return { command: now.dice.purpose === "master" ? "roll_master" : "draw_next" };
}

function type(_view, now) {
  return [parts.clockTo(now.dice.lift_at, "lift_in", "lifted"), clerks(now),
    now.dice.again && h("p", { class: "alert alert-warn" }, say(`again_${now.dice.again}`)), h("p", { class: "muted small" }, say("note_type"))];
}

function readBack(_view, now, desk) {
  return [h("p", { class: "dice digits" }, grouped(now.dice.digits, 6)), h("p", {}, say("read_back")),
    desk.primary(say("do_confirm_dice"), { command: "confirm_dice" }),
    desk.button("r", say("do_read_again"), () => desk.tell({ command: "read_again" }), "btn-quiet")];
}

function sign(_view, now) {
  return [h("p", {}, say(now.line.type === "dice" ? "sign_dice" : "sign_bind", { n: now.line.missing })), parts.signatures(now),
    deadline(now), h("p", { class: "muted small" }, say("note_sign"))];
}

function bind(view, now, desk) {
  const label = now.bind_by ? say("do_bind", { round: now.bind_by.round, chain: now.beacon }) : say("do_bind_slot", { j: view.drawn + 1, chain: now.beacon });
  return [desk.primary(label, { command: "bind" }), deadline(now), desk.note("note_bind")];
}

/** Until when the only round of the master dice can still be bound. */
function deadline(now) {
  if (!now.bind_by) return null;
  const at = Date.parse(now.bind_by.round_time) - now.bind_by.margin_s * 1000;
  return parts.clockTo(new Date(at).toISOString(), "bind_within", "bind_over");
}

function wait(_view, now, desk) {
  return [h("p", {}, say("bound_round", { round: now.bound.round, chain: now.beacon })),
    parts.clockTo(now.bound.round_time, "round_in", "round_due"), parts.signatures(now),
    h("div", { id: "silent", class: "stack-tight" }, silence()),
    desk.button("m", say("do_type_signature"), () => open(signatureForm(now, desk)), "")];
}

function silence() {
  const silent = house?.beacon;
  return silent ? [h("div", { class: "alert alert-warn", role: "status" }, h("div", {}, h("p", { class: "strong" }, say("relays_silent")),
    h("p", { class: "small" }, silent.what), h("p", { class: "small" }, silent.remedy)))] : [];
}

function open(form) {
  document.getElementById("ceremony-form").replaceChildren(form);
  form.querySelector("textarea").focus();
}

function signatureForm(now, desk) {
  const field = (name, label) => h("label", { class: "field" }, h("span", {}, label),
    h("textarea", { name, rows: 4, required: true, autocomplete: "off", spellcheck: "false", class: "digits" }));
  return h("form", { class: "card card-body stack-tight", onsubmit: (event) => { event.preventDefault(); desk.tell({ command: "type_signature", ...desk.values(event.target) }); } },
    field("signature", say("signature_of", { round: now.bound.round })),
    now.beacon === "default" && field("previous", say("signature_of", { round: now.bound.round - 1 })),
    h("p", { class: "muted small" }, say("note_signature")), h("button", { class: "btn btn-primary" }, say("check_and_save")));
}

function draw(view, now, desk) {
  const arrived = now.bound?.purpose === "slot" && now.bound.randomness;
  return [arrived && h("p", {}, say("beacon_arrived"), " ", h("code", {}, now.bound.randomness.slice(0, 8))),
    desk.primary(say("do_draw", { j: view.drawn + 1, stratum: view.next_stratum }), { command: "draw_next" })];
}

function clerks(now) {
  return h("ul", { class: "serving" }, ["A", "B"].map((clerk) => {
    const typed = now.dice.typed.includes(clerk);
    return h("li", { class: `lamp lamp-${typed ? "green" : "yellow"}` }, say("clerk", { clerk }), " · ", say(typed ? "clerk_typed" : "clerk_waits"));
  }));
}

function attendance(view) {
  const listed = (house?.attendants ?? []).filter((one) => one.joined);
  const lost = listed.filter((one) => !one.fresh && view.ceremony.witnesses.includes(one.name));
  const left = view.ceremony.witnesses.length - lost.length;
  return h("div", { id: "attendance", class: "stack-tight" },
    listed.length ? h("ul", { class: "serving" }, listed.map((one) => h("li", { class: `lamp lamp-${one.fresh ? "green" : "red"}` },
      one.name, " ", say(one.fresh ? "device_heard" : "device_lost")))) : null,
    lost.length ? h("p", { class: "small" }, say(left >= view.ceremony.majority ? "lost_goes_on" : "lost_stops",
      { lost: lost.map((one) => one.name).join(" "), left, need: view.ceremony.majority })) : null);
}
