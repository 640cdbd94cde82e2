// Pieces that more than one screen shows: the cadre, the claims, the calls, votes, verdict, pledges.

import * as assembly from "./assembly.mjs";
import { count, dotted, grouped, h, hearsProgrammes, isAssembly, say, tenths, write } from "./dom.mjs";

/** How far the draw has come; a named cadre uses up no slot, and the words say so. */
export function slot(view) {
  if (view.agenda) return view.round ? say("slot_of", { j: view.round.j, n: view.slots }) : "";
  return say(isNaming(view) ? "naming_slot" : "slot_of", { j: view.drawn, n: view.slots });
}

/** Whether the cadre on stage was named, not drawn. */
export function isNaming(view) {
  return Boolean(view.round?.naming) && !["closed", "sealed"].includes(view.phase);
}

/** Who named the cadre and why: shown wherever a named cadre is shown. */
export function naming(round) {
  return round.naming && h("div", { class: "naming" },
    h("p", { class: "naming-mark" }, say("naming_is_no_draw")),
    h("p", { class: "naming-who" }, say("naming_who", { who: round.naming.who })),
    h("p", { class: "naming-why" }, say("naming_reason", { reason: round.naming.reason })));
}

/** Names and posts of more characters than this are set smaller: they would not fit beside the rest. */
const LONG_NAME = 6;
const LONG_POST = 26;
/** Two offices in one person: smaller still, on more lines, or the last of them would be cut off. */
const LONGER_POST = 54;
const LONG_FOLLOW_UP = 90;

/** The cadre on stage: number, name, unit, post; who named the cadre, if nobody was drawn. */
export function cadre(round) {
  if (round.issue) return h("section", { class: "cadre of-issue" }, assembly.issue(round), assembly.speaker(round));
  const name = round.name || say("unknown_cadre");
  const post = [round.unit, round.post].filter(Boolean).join("\u00a0· ");
  const long = `${[...name].length > LONG_NAME ? " long-name" : ""}${[...post].length > LONG_POST ? " long-post" : ""}${[...post].length > LONGER_POST ? " longer-post" : ""}`;
  return h("section", { class: `cadre${round.naming ? " named" : ""}${long}` },
    naming(round),
    h("p", { class: "number" }, round.cadre),
    h("p", { class: "name" }, dotted(name)),
    h("p", { class: "post" }, post),
    round.presence && h("p", { class: "presence" }, say(`presence_${round.presence}`)));
}

/** What the cadre recorded, before anybody is asked. */
export function claims(round) {
  if (round.issue) return null;
  const c = round.claims;
  if (hearsProgrammes()) {
    return h("dl", { class: "claims" }, figure(count(c.households), say("claims_households")), figure(count(c.visits), say("claims_visits")));
  }
  return h("dl", { class: "claims" },
    figure(count(c.households), say("claims_households")),
    figure(count(c.visits), say("claims_visits")),
    figure(count(c.visited_households), say("claims_visited_households")),
    figure(count(c.solved), say("claims_solved")));
}

function figure(value, label) {
  return h("div", {}, h("dt", {}, label), h("dd", {}, value));
}

/** The households in the drawn order, as they are called; at most the last `most` of them, and how each was asked. */
export function calls(round, most = Infinity, asks = false) {
  const rows = round.calls.slice(-most).map((call) => h("li", {
    class: `call ${state(call, round)}${call.contradicts ? " contradicts" : ""}`,
  },
    h("span", { class: "place" }, say("place", { place: call.place })),
    h("span", { class: "status" }, h("i", { class: "mark", "aria-hidden": "true" }, mark(state(call, round))), say(`call_${state(call, round)}`), asks && asked(call)),
    replied(call, "visited", call.claims.visits.length ? say("claimed_visit", { date: call.claims.visits.at(-1) }) : say("claimed_none")),
    !hearsProgrammes() && replied(call, "solved", call.claims.solved.length ? say("claimed_solved", { n: call.claims.solved.length }) : say("claimed_none")),
    h("span", { class: "scored" }, call.scored ? say("scored") : "")));
  return h("section", { class: hearsProgrammes() ? "calls of-programme" : "calls" },
    h("header", { class: "call head" },
      h("span", {}, say("col_place")), h("span", {}, say("col_status")),
      h("span", {}, say("col_visited")), !hearsProgrammes() && h("span", {}, say("col_solved")), h("span", {}, say("col_score"))),
    rows.length ? h("ol", {}, rows) : h("p", { class: "empty" }, say(round.calls_end ? "calls_none" : "calls_none_yet")));
}

/** The word for where a call stands: its final code, else its status, else waiting while the round still calls. */
export function state(call, round) {
  if (call.final) return call.final;
  if (call.status === "in-progress") return "in_progress";
  if (["placed", "ringing"].includes(call.status)) return call.status;
  return round.calls_end ? "not_reached" : "waiting";
}

const MARKS = {
  completed: "✓", refused: "—", no_answer: "○", not_reached: "○", invalid_number: "×", not_linked: "×", broken_off: "—",
  in_progress: "●", ringing: "◐", placed: "◌", waiting: "…",
};

/** The sign of where a call stands, for eyes that see no colours. */
export function mark(at) {
  return MARKS[at];
}

/** What was drawn for this household's interview: another order, questions the other way round. */
function asked(call) {
  const words = call.asks.split(" ");
  const place = (topic) => words.findIndex((word) => word.replace("!", "") === topic);
  const turned = words.filter((word) => word.endsWith("!")).map((word) => say(`asks_${word.slice(0, -1)}`));
  const told = [
    place("solved") >= 0 && place("solved") < place("visited") && say("asks_solved_first"),
    turned.length > 0 && say("asks_turned", { topics: turned.join(say("asks_and")) })].filter(Boolean);
  return told.length ? h("small", { class: "asks" }, told.join(" · ")) : null;
}

function replied(call, question, claimed) {
  const reply = call.replies[question];
  const denied = reply && reply.claimed && reply.reply === "no";
  return h("span", { class: `reply ${reply ? reply.reply : "none"}${denied ? " denied" : ""}` },
    h("b", {}, reply ? say(`${question}_${reply.reply}`) : ""),
    h("small", {}, claimed));
}

/** How the calls ended; fewer completed than the target are insufficient data. */
export function callsEnd(round) {
  const ended = say(`calls_end_${round.calls_end}`);
  return round.insufficient ? say("calls_insufficient", { ended, done: round.completed, target: round.target }) : ended;
}

/** The households' score, released once, hidden when too few. */
export function score(released) {
  if (!released) return null;
  const value = released.band === "mean" ? tenths(released.mean_tenths) : say(`band_${released.band}`);
  return h("div", { class: `score ${released.band}` },
    h("b", {}, value), h("span", {}, say("score_of_households", { n: released.answered })));
}

/** How many households were content with a programme; only beside a published score. */
export function satisfied(round) {
  const told = round.satisfied;
  if (!told) return null;
  const total = told.yes + told.no + told.unsure;
  return h("section", { class: "votes opinion" },
    [["yes", "satisfied"], ["unsure", "basically_satisfied"], ["no", "not_satisfied"]].map(([reply, look]) => h("div", { class: `vote ${look}` },
      h("span", { class: "label" }, say(`opinion_${reply}`)),
      h("span", { class: "bar" }, h("i", { style: { width: `${total ? (100 * told[reply]) / total : 0}%` } })),
      h("b", {}, count(told[reply])))));
}

/** The panel's count as three bars with figures; what the chair said after it, the last (L29). */
export function votes(tally, chair = null) {
  const total = tally.satisfied + tally.basically_satisfied + tally.not_satisfied;
  return h("section", { class: "votes" },
    ["satisfied", "basically_satisfied", "not_satisfied"].map((choice) => h("div", { class: `vote ${choice}` },
      h("span", { class: "label" }, say(`vote_${choice}`)),
      h("span", { class: "bar" }, h("i", { style: { width: `${total ? (100 * tally[choice]) / total : 0}%` } })),
      h("b", {}, count(tally[choice])))),
    h("p", { class: "note" }, say("votes_cast", { cast: total, seats: tally.seats })),
    chair && h("p", { class: `chair ${chair}` }, say("chair_last"), h("b", {}, say(`vote_${chair}`))));
}

/** The finding of the round. */
export function verdict(round) {
  return round.verdict && h("p", { class: `verdict ${round.verdict}` }, say(`verdict_${round.verdict}`));
}

/** Questions about the cadre's households by their titles, and how each was answered. */
export function quiz(questions) {
  const english = document.documentElement.lang === "en";
  return h("section", { class: "quiz" }, h("p", { class: "questions" }, say("quiz_title")),
    h("ol", { class: "questions" }, questions.map((one) => h("li", {}, english ? one.english : one.title, " ",
      h("span", { class: `quiz-mark ${one.mark}` }, say(`quiz_${one.mark}`))))));
}

/** Promises with a running clock, and investigations with their teams. */
export function followUp(round, zone) {
  if (round.issue) return assembly.answer(round, zone);
  return h("section", { class: `follow-up${roomFor(round)}` },
    round.pledges.map((pledge) => h("article", { class: "pledge" },
      h("h3", {}, say("pledge")),
      h("p", {}, pledge.measure),
      h("p", { class: "due" }, say("pledge_due", { date: pledge.due_on, who: pledge.responsible })),
      h("p", { class: "clock", "data-due": `${pledge.due_on}T23:59:59${zone}` }))),
    round.investigations.map((one) => h("article", { class: "investigation" },
      h("h3", {}, say("investigation")),
      h("p", {}, one.reason),
      h("ul", {}, one.team.map(([category, name]) => h("li", {}, say(`team_${category}`), " · ", name))))),
    round.referral && h("article", { class: "investigation referral" },
      h("h3", {}, say("referral", { to: round.referral.to })),
      h("p", {}, round.referral.reason)));
}

/** Long words are set smaller, of very long or several ones the beginning: a countdown must stay in sight. */
function roomFor({ pledges, investigations, referral }) {
  const texts = [...pledges.map((one) => one.measure), ...investigations.map((one) => one.reason), ...(referral ? [referral.reason] : [])];
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length > LONG_FOLLOW_UP && texts.length > 1) return " crowded";
  return length > LONG_FOLLOW_UP ? " long" : "";
}

/** Bring every countdown under `root` up to `now`. */
export function tick(root, now) {
  for (const clock of root.querySelectorAll("[data-due]")) {
    const left = Math.max(0, Math.trunc((Date.parse(clock.dataset.due) - now) / 1000));
    const two = (n) => String(n).padStart(2, "0");
    write(clock, say("countdown", {
      days: Math.trunc(left / 86400),
      time: `${two(Math.trunc(left / 3600) % 24)}:${two(Math.trunc(left / 60) % 60)}:${two(left % 60)}`,
    }));
  }
}

/** Bring every `[data-at]` clock to the seconds that are left until then; `done` stands at zero. */
export function countDown(root, now) {
  for (const clock of root.querySelectorAll("[data-at]")) {
    const left = Math.ceil((Date.parse(clock.dataset.at) - now) / 1000);
    write(clock, left > 0 ? say(clock.dataset.word, { s: left }) : say(clock.dataset.done));
  }
}

/** A countdown to `at`; `word` says {s}, `done` stands when it is over. */
export function clockTo(at, word, done, kind = "") {
  return h("p", { class: `countdown ${kind}`, "data-at": at, "data-word": word, "data-done": done });
}

/** Which witnesses signed the last line, each with a mark and a word for readers of screens. */
export function signatures(ceremony) {
  const line = ceremony.line;
  if (!ceremony.witnesses.length || !line) return null;
  return h("div", { class: "signatures" },
    h("p", {}, say("signed_of", { n: line.signed.length, all: ceremony.witnesses.length, need: ceremony.majority })),
    h("ul", {}, ceremony.witnesses.map((id) => {
      const has = line.signed.includes(id);
      return h("li", { class: has ? "has-signed" : "" }, h("i", { "aria-hidden": "true" }, has ? "✓" : "…"), id,
        h("span", { class: "visually-hidden" }, say(has ? "signed_yes" : "signed_no")));
    })));
}

/** All finished rounds as a table. */
export function past(rounds) {
  if (!rounds.length) return null;
  if (hearsProgrammes()) return pastProgrammes(rounds);
  if (isAssembly()) return pastIssues(rounds);
  return h("table", { class: "past" },
    h("thead", {}, h("tr", {}, ["col_slot", "col_number", "col_cadre", "col_answered", "col_score", "col_vote", "col_verdict"].map((key) => h("th", { scope: "col" }, say(key))))),
    h("tbody", {}, rounds.map((r) => h("tr", {},
      h("td", {}, r.naming ? h("span", { class: "naming-mark" }, say("naming")) : r.j), h("td", { class: "digits" }, r.cadre),
      h("td", {}, h("b", {}, r.name), " ", h("small", {}, r.unit),
        r.naming && h("small", { class: "naming-why" }, say("naming_who", { who: r.naming.who }), " · ", say("naming_reason", { reason: r.naming.reason }))),
      h("td", {}, r.completed),
      h("td", {}, r.released ? (r.released.band === "mean" ? tenths(r.released.mean_tenths) : say(`band_${r.released.band}`)) : "–"),
      h("td", {}, r.votes ? `${r.votes.satisfied} / ${r.votes.basically_satisfied} / ${r.votes.not_satisfied}` : "–"),
      h("td", { class: `verdict ${r.verdict}` }, r.verdict ? say(`verdict_${r.verdict}`) : "–")))));
}

function pastProgrammes(rounds) {
  return h("table", { class: "past of-programme" },
    h("thead", {}, h("tr", {}, ["col_slot", "col_number", "col_cadre", "col_answered", "col_score", "col_satisfied"].map((key) => h("th", { scope: "col" }, say(key))))),
    h("tbody", {}, rounds.map((r) => h("tr", {},
      h("td", {}, r.j), h("td", { class: "digits" }, r.cadre),
      h("td", {}, h("b", {}, r.name), " ", h("small", {}, r.unit)),
      h("td", {}, r.completed),
      h("td", {}, r.released ? (r.released.band === "mean" ? tenths(r.released.mean_tenths) : say(`band_${r.released.band}`)) : "–"),
      h("td", {}, r.satisfied ? `${r.satisfied.yes} / ${r.satisfied.unsure} / ${r.satisfied.no}` : "–")))));
}

function pastIssues(rounds) {
  return h("table", { class: "past of-issues" },
    h("thead", {}, h("tr", {}, ["col_slot", "col_issue", "col_unit", "col_vote"].map((key) => h("th", { scope: "col" }, say(key))))),
    h("tbody", {}, rounds.map((r) => h("tr", {},
      h("td", {}, r.j), h("td", {}, h("b", {}, r.issue.title), r.issue.left ? h("small", {}, " ", say("issue_left")) : null), h("td", {}, r.unit),
      h("td", {}, r.votes ? `${r.votes.satisfied} / ${r.votes.basically_satisfied} / ${r.votes.not_satisfied}` : "–")))));
}

/** Ticket of the drawn cadre and the next smallest, so that anybody can compare. */
export function tickets(round) {
  if (round.naming || round.issue || hearsProgrammes()) return null;
  const rows = [[round.cadre, round.ticket], ...round.runners_up];
  return h("section", { class: "tickets" },
    h("h3", {}, say("tickets", { n: count(round.eligible), stratum: round.stratum_name })),
    h("ol", {}, rows.map(([number, ticket], i) => h("li", { class: i ? "" : "drawn" },
      h("span", { class: "digits" }, number), h("code", {}, grouped(ticket.slice(0, 16)), "…")))));
}
