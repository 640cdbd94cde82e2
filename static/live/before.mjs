// The days before the ceremony: how long objections are heard, what is in dispute, who is left out.

import { count, h, say } from "./dom.mjs";

const REASONS = ["on_leave", "left_post", "court_order"];

/** What runs now, with its countdown; and, in a rehearsal, what was shortened. */
export function windows(view) {
  const { before } = view;
  if (!before.frozen_at) return null;
  const shortened = [
    before.window_shortened && say("shortened_window", { n: before.objection_hours }),
    view.rehearsal && say("shortened_publication"),
    beaconShortened(view)].filter(Boolean);
  return h("section", { class: "windows" },
    view.phase === "frozen" && running(view),
    shortened.length > 0 && h("p", { class: "shortened" }, say("shortened"), shortened.join(say("and"))));
}

/** The beacon's times, where a rehearsal made them shorter than on air. */
export function beaconShortened({ ceremony }) {
  return ceremony.shortened && say("shortened_beacon", { delay: ceremony.shortened.delay_s, margin: ceremony.shortened.margin_s });
}

function running(view) {
  const { before } = view;
  if (view.manifest_sha256) return until(before.opens_at, view, "opens_in", "opens_now");
  if (before.must_refreeze) return h("p", { class: "waits" }, say("must_refreeze"));
  return [until(before.objections_until, view, "objections_in", "objections_over"), disputed(before)];
}

function until(moment, view, running_word, over_word) {
  if (Date.parse(moment) <= Date.parse(view.server_time)) return h("p", {}, say(over_word));
  return h("p", {}, say(running_word), " ", h("b", { class: "clock", "data-due": moment }));
}

function disputed({ objections }) {
  const open = objections.filter((one) => one.upheld === null).length;
  return open > 0 && h("p", { class: "waits" }, say("objections_open", { n: open }));
}

/** The console's steps while the roster is frozen: exclusions and the manifest, then the ceremony. */
export function beforeCeremony(view, { primary, note, hash, tell, values }) {
  if (view.manifest_sha256) {
    return [windows(view), hash(view), primary(say("do_open_ceremony"), { command: "open_ceremony" }),
      note(view.rehearsal ? "note_ceremony_rehearsal" : "note_ceremony")];
  }
  const { before } = view;
  const next = before.must_refreeze
    ? [primary(say("do_refreeze"), { command: "freeze" }), note("note_refreeze")]
    : [primary(say("do_publish"), { command: "publish" }), note("note_publish")];
  return [windows(view), ...next, exclusions(before, tell, values)];
}

/** What is being typed: a repaint, such as after a refusal, must not lose it. */
const draft = { open: false, cadres: "", reason: REASONS[0], named: 0 };

/** Who will be named in the manifest as left out, and a form for more of them. */
function exclusions({ exclusions: named }, tell, values) {
  if (named.length > draft.named) draft.cadres = "";
  draft.named = named.length;
  const drop = (cadre) => h("button", { class: "btn btn-quiet", type: "button", onclick: () => tell({ command: "withdraw_exclusion", cadre }) }, say("withdraw"));
  return h("details", { open: draft.open || named.length > 0, ontoggle: (event) => { draft.open = event.target.open; } },
    h("summary", {}, say("exclusions", { n: count(named.length) })),
    h("ul", { class: "exclusions" }, named.map((one) => h("li", {},
      h("span", { class: "digits" }, one.cadre), " ", say(`exclusion_${one.reason}`), " ", drop(one.cadre)))),
    h("form", { class: "stack-tight", onsubmit: (event) => { event.preventDefault(); tell({ command: "exclude", ...values(event.target) }); } },
      h("label", { class: "field" }, h("span", {}, say("exclusion_reason")),
        h("select", { name: "reason", onchange: (event) => { draft.reason = event.target.value; } },
          REASONS.map((reason) => h("option", { value: reason, selected: reason === draft.reason }, say(`exclusion_${reason}`))))),
      h("label", { class: "field" }, h("span", {}, say("exclusion_numbers")),
        h("textarea", { name: "cadres", rows: 3, required: true, class: "digits", oninput: (event) => { draft.cadres = event.target.value; } }, draft.cadres)),
      h("button", { class: "btn" }, say("do_exclude"))));
}
