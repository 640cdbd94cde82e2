// The public picture: what the stage shows, for a phone at home, with the proof beside it.

import { windows } from "./before.mjs";
import { curtain } from "./curtain.mjs";
import { block, grouped, h, hear, say } from "./dom.mjs";
import * as parts from "./parts.mjs";

const config = block("config");
const now = document.getElementById("now");
const before = document.getElementById("before");
const cover = curtain(config.output, { atHome: true });

/** Show the newest view. */
export function show(view) {
  hear(view.kind);
  cover(view.control);
  document.getElementById("phase").textContent = say(`phase_${view.aborted ? "aborted" : view.phase}`);
  document.getElementById("slot").textContent = parts.slot(view);
  now.replaceChildren(...(view.round ? pictures(view) : [h("p", { class: "muted" }, say("stage_soon")), windows(view)].filter(Boolean)));
  before.replaceChildren(parts.past(finished(view)) ?? h("p", { class: "muted" }, say("past_none")));
  hash("manifest-sha", view.manifest_sha256);
  hash("roster-sha", view.roster.sha256);
  hash("head-sha", view.head);
  document.getElementById("downloads").hidden = !view.manifest_sha256;
  parts.tick(now, Date.parse(view.server_time));
}

function finished(view) {
  return ["closed", "sealed"].includes(view.phase) && view.round ? [...view.past, view.round] : view.past;
}

function pictures(view) {
  const round = view.round;
  return [
    h("div", { class: "round-head" }, parts.cadre(round), parts.verdict(round)),
    parts.claims(round),
    round.households ? parts.calls(round) : null,
    parts.score(round.released),
    parts.satisfied(round),
    round.votes ? parts.votes(round.votes, round.chair) : round.vote_open ? h("p", { class: "big" }, say("voting")) : null,
    round.pledges.length + round.investigations.length || round.referral ? parts.followUp(round, config.zone) : null,
    parts.tickets(round)].filter(Boolean);
}

function hash(id, hex) {
  document.getElementById(id).textContent = hex ? grouped(hex, 8) : say("not_yet");
}

/** Say whether the picture is live or stands still. */
export function linked(alive) {
  document.body.classList.toggle("deaf", !alive);
}

/** Move the countdowns on; `now` gives the server's time. */
export function keepTime(serverNow) {
  setInterval(() => parts.tick(now, serverNow()), 1000);
}
