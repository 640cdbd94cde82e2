// The graphics laid over the cameras: corner mark, lower third, drawn number, tally. Each piece comes
// and goes by itself with the session, or stands as the playout server says. Nothing else is painted.

import { block, dotted, grouped, h, hear, say } from "../live/dom.mjs";
import * as parts from "../live/parts.mjs";
import { keepsStill, roll, ROLL_MS } from "../live/reels.mjs";
import { screen } from "../live/screen.mjs";
import { after, beginning, stands } from "./playout.mjs";

const asked = new URLSearchParams(location.search);
const config = block("config");
const still = keepsStill();
/** How long a freshly drawn number fills the lower part of the picture. */
const REVEAL_MS = ROLL_MS + 4000;
const OVER = ["closed", "sealed"];
const WITH_TALLY = ["calling", "voting", "tallied", "judged"];

let ordered = beginning(asked.get("cg") === "1");
let revealed = 0;

const key = asked.get("bg");
if (/^[0-9a-f]{6}$/i.test(key ?? "")) document.documentElement.style.background = `#${key}`;
document.body.classList.toggle("still", still);

const store = screen({ onView: show });
window.onPlayout((act, data) => {
  ordered = after(ordered, act, data);
  if (store.view()) arrange(store.view());
});

function show(view, previous) {
  hear(view.kind);
  const fresh = Boolean(previous) && view.drawn > previous.drawn && !view.agenda;
  if (fresh) {
    revealed = Date.now() + REVEAL_MS;
    setTimeout(() => arrange(store.view()), REVEAL_MS + 50);
  }
  arrange(view);
  if (fresh && !still && view.kind === "cadre") roll(document.querySelector("#number .number"));
  parts.tick(document, Date.parse(view.server_time));
}

/** Bring every piece to where it belongs now. */
function arrange(view) {
  const dark = view.control.dark.includes("overlay");
  const standing = dark ? { ...ordered, on: false } : ordered;
  const own = standing.title !== "";
  const line = own ? [standing.title, standing.subtitle] : lower(view);
  const isRevealed = Date.now() < revealed && Boolean(view.round);
  piece("bug", standing.on && standing.bug === "on" && standing.show !== "none", bug(view));
  piece("third", line !== null && stands(standing, "third", own || !isRevealed), third(view, line, own));
  piece("number", view.round !== null && stands(standing, "number", isRevealed), number(view));
  piece("tally", view.round !== null && stands(standing, "tally", (WITH_TALLY.includes(view.phase) || (view.agenda && view.phase === "answering")) && !isRevealed), tally(view));
}

/** Paint a piece where it changed, and let it come in or go out; what leaves keeps its words. */
function piece(id, on, content) {
  const element = document.getElementById(id);
  const told = content ? h("div", { class: "content" }, content) : null;
  const now = told?.outerHTML ?? "";
  if (on && told && element.painted !== now) {
    element.painted = now;
    element.replaceChildren(told);
  }
  element.classList.toggle("on", on && Boolean(told));
}

function bug(view) {
  return [
    view.rehearsal ? h("span", { class: "mark-rehearsal" }, say("rehearsal")) : h("span", { class: "lamp-live" }, say("overlay_live")),
    h("b", {}, view.title)];
}

/** What the lower third says by itself: the cadre on stage, else the dice; nothing between them. */
function lower(view) {
  if (view.round && !OVER.includes(view.phase)) return [view.round.name || say("unknown_cadre"), [view.round.unit, view.round.post].filter(Boolean).join("\u00a0· ")];
  const digits = view.ceremony.dice?.digits || (view.phase === "seeded" && view.master_digits);
  return digits ? [grouped(digits, 6), say("seeded")] : null;
}

function third(view, line, own) {
  if (line === null) return null;
  const round = own || OVER.includes(view.phase) ? null : view.round;
  return [
    round && h("p", { class: round.issue ? "mark of-issue" : round.naming ? "mark named" : "mark" },
      h("small", {}, round.issue ? say("issue_of", { j: round.j }) : round.naming ? say("naming") : say("overlay_drawn", { j: round.j })), h("b", { class: "digits" }, round.issue ? round.issue.title : grouped(round.cadre))),
    h("div", { class: "who" }, h("p", { class: "title" }, line[0]), line[1] && h("p", { class: "subtitle" }, line[1])),
    round?.on_air && h("p", { class: "aired" }, say("on_air", { place: round.on_air.place }))];
}

function number(view) {
  const { round } = view;
  if (!round) return null;
  return [
    h("p", { class: "lead" }, round.naming ? say("naming_is_no_draw") : `${say("overlay_drawn", { j: round.j })} · ${round.stratum_name}`),
    h("p", { class: round.naming ? "number named" : "number" }, round.cadre),
    h("p", { class: "name" }, dotted(round.name || say("unknown_cadre"))),
    h("p", { class: "post" }, [round.unit, round.post].filter(Boolean).join("\u00a0· "))];
}

function tally(view) {
  const { round } = view;
  if (!round) return null;
  if (round.issue) return answer(round);
  if (round.verdict) return [parts.verdict(round), parts.score(round.released), pledge(round) ?? (round.votes && parts.votes(round.votes))];
  if (round.votes) return [h("h2", {}, say("votes_title")), parts.votes(round.votes)];
  if (round.vote_open) return [h("h2", {}, say("voting")), h("p", { class: "note" }, say("voting_secret"))];
  return [
    h("h2", {}, say("overlay_calls"), h("b", { class: "digits" }, say(round.completed > round.target ? "overlay_done" : "overlay_of", { done: round.completed, target: round.target }))),
    h("ol", { class: "households" }, round.calls.slice(-12).map((call) => household(call, round))),
    round.contradictions > 0 && h("p", { class: "denied" }, say("overlay_denied", { n: round.contradictions })),
    parts.score(round.released), parts.satisfied(round)];
}

/** In an assembly: the question while it is answered, then what was promised, then the votes. */
function answer(round) {
  if (round.votes) return [h("h2", {}, say("votes_on_answer")), parts.votes(round.votes)];
  if (round.vote_open) return [h("h2", {}, say("voting_on_answer")), h("p", { class: "note" }, say("voting_secret"))];
  if (round.issue.left) return [h("h2", {}, say("issue_left")), h("p", {}, round.issue.left)];
  const last = round.pledges.at(-1);
  if (!last) return [h("h2", {}, say("issue_asked")), h("p", { class: "asked" }, round.issue.question)];
  return [h("h2", {}, say("promised")),
    last.target && h("p", { class: "target" }, h("b", { class: "digits" }, last.target.amount), last.target.unit, h("small", {}, last.target.what)),
    h("div", { class: "pledge" }, h("p", {}, last.measure), h("p", { class: "clock", "data-due": `${last.due_on}T23:59:59${config.zone}` }))];
}

/** One household as a numbered tile: its state by a mark as well as by colour. */
function household(call, round) {
  const state = parts.state(call, round);
  return h("li", { class: `${state}${call.contradicts ? " contradicts" : ""}` },
    h("b", {}, call.place), h("i", { "aria-hidden": "true" }, call.contradicts ? "!" : parts.mark(state)),
    h("span", { class: "visually-hidden" }, say(`call_${state}`)));
}

function pledge(round) {
  const last = round.pledges.at(-1);
  return last && h("div", { class: "pledge" }, h("h3", {}, say("pledge")), h("p", {}, last.measure),
    h("p", { class: "clock", "data-due": `${last.due_on}T23:59:59${config.zone}` }));
}

setInterval(() => parts.tick(document, store.now()), 250);
