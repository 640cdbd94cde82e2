// The public picture: what the stage shows, for a phone at home, with the proof beside it.

import { agenda } from "./assembly.mjs";
import { windows } from "./before.mjs";
import { curtain } from "./curtain.mjs";
import { block, grouped, h, hear, say } from "./dom.mjs";
import * as parts from "./parts.mjs";

export { linked } from "./dom.mjs";

const config = block("config");
const now = document.getElementById("now");
const before = document.getElementById("before");
/** Draw the curtain, ahead of any picture when it comes so. */
export const cover = curtain(config.output, { atHome: true });

/** Show the newest view. */
export function show(view) {
  hear(view.kind);
  cover(view.control);
  document.getElementById("phase").textContent = say(`phase_${view.aborted ? "aborted" : view.phase}`);
  document.getElementById("slot").textContent = parts.slot(view);
  now.replaceChildren(...(view.agenda ? promises(view) : view.round ? pictures(view) : [h("p", { class: "muted" }, say("stage_soon")), windows(view)].filter(Boolean)));
  if (view.agenda) before.replaceChildren(view.agenda.issues.length ? agenda(view, config.zone) : h("p", { class: "muted" }, say("stage_soon")));
  else before.replaceChildren(parts.past(finished(view)) ?? h("p", { class: "muted" }, say("past_none")));
  hash("manifest-sha", view.manifest_sha256);
  if (!view.agenda) hash("roster-sha", view.roster.sha256);
  hash("head-sha", view.head);
  document.getElementById("downloads").hidden = !view.manifest_sha256;
  tick(Date.parse(view.server_time));
}

/** Where units promise: the issue on stage and what was promised on it; the agenda is below. */
function promises(view) {
  const round = ["closed", "sealed"].includes(view.phase) ? null : view.round;
  if (!round) return [h("p", { class: "big" }, say(view.phase === "closed" || view.phase === "sealed" ? "promises_tonight" : "stage_soon"))];
  return [parts.cadre(round), parts.followUp(round, config.zone),
    round.votes ? parts.votes(round.votes, round.chair) : round.vote_open ? h("p", { class: "big" }, say("voting_on_answer")) : null].filter(Boolean);
}

function tick(time) {
  parts.tick(now, time);
  parts.tick(before, time);
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

/** Move the countdowns on; `now` gives the server's time. */
export function keepTime(serverNow) {
  setInterval(() => tick(serverNow()), 1000);
}
