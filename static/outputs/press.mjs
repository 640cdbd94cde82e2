// Facts to quote: one sentence a cadre, of what the public picture says and nothing else.

import { block, count, grouped, h, hear, say, tenths } from "../live/dom.mjs";
import * as parts from "../live/parts.mjs";
import { screen } from "../live/screen.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);

screen({ onView: show });

function show(view) {
  hear(view.kind);
  part("phase").textContent = say(`phase_${view.aborted ? "aborted" : view.phase}`);
  part("slot").textContent = parts.slot(view);
  part("downloads").hidden = !view.manifest_sha256;
  part("facts").replaceChildren(...facts(view).map((fact) => h("li", {}, fact)));
}

function facts(view) {
  const told = [];
  if (view.roster.cadres) told.push(say("press_roster", { cadres: count(view.roster.cadres), households: count(view.roster.households) }));
  if (view.manifest_sha256) told.push(say("press_manifest", { hash: grouped(view.manifest_sha256, 8) }));
  const rounds = [...view.past, ...(view.round ? [view.round] : [])];
  // Of issues that are over the rounds only count the pledges; the agenda names them.
  told.push(...(view.agenda
    ? view.agenda.issues.filter((line) => line.called).map((line) => ofIssue(line, rounds.find((round) => round.j === line.j)?.votes))
    : rounds.map(ofRound)));
  if (view.head) told.push(say("press_head", { hash: grouped(view.head, 8) }));
  return told.length ? told : [say("stage_soon")];
}

function ofRound(round) {
  const who = { number: round.cadre, name: round.name || say("unknown_cadre"), post: [round.unit, round.post].filter(Boolean).join(" ") };
  return [
    round.naming ? say("press_named", { ...who, by: round.naming.who, reason: round.naming.reason }) : say("press_drawn", { ...who, j: round.j }),
    round.completed && say("press_answered", { n: round.completed }),
    round.contradictions && say("overlay_denied", { n: round.contradictions }),
    round.released && (round.released.band === "mean" ? say("press_score", { score: tenths(round.released.mean_tenths), n: round.released.answered }) : say(`band_${round.released.band}`)),
    round.votes && say("press_votes", { yes: round.votes.satisfied, half: round.votes.basically_satisfied, no: round.votes.not_satisfied }),
    round.verdict && say("press_verdict", { verdict: say(`verdict_${round.verdict}`) })].filter(Boolean).join(say("press_and"));
}

function ofIssue(line, votes) {
  const who = { j: line.j, title: line.title, unit: line.unit, name: line.speaker };
  const promised = line.pledges.map((pledge) => say("press_promised", {
    measure: pledge.measure, target: pledge.target ? `${pledge.target.what} ${pledge.target.amount} ${pledge.target.unit}` : "", date: pledge.due_on, who: pledge.responsible }));
  return [say("press_issue", who), ...promised, line.left && `${say("issue_left")}：${line.left}`,
    votes && say("press_votes", { yes: votes.satisfied, half: votes.basically_satisfied, no: votes.not_satisfied })].filter(Boolean).join(say("press_and"));
}

part("copy").addEventListener("click", () => {
  const text = [...part("facts").children].map((fact) => fact.textContent).join("\n");
  navigator.clipboard?.writeText(`${document.querySelector("h1").textContent.trim()}\n${text}\n${location.origin}/live/${config.live}`);
});
