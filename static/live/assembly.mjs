// Pieces of a pledge assembly that more than one screen shows: the issue, its pledges, the agenda.

import { count, dotted, h, say } from "./dom.mjs";

/** Units and speakers of more characters than this are set smaller. */
const LONG_UNIT = 15;
const LONG_SPEAKER = 6;
const LONG_POST = 16;
const LONG_TITLE = 16;
/** Targets of more digits than this are set smaller. */
const LONG_AMOUNT = 6;

/** The issue on stage: its number, who answers, the question as the public asked it. */
export function issue(round) {
  const asked = round.issue;
  return h("section", { class: [...asked.title].length > LONG_TITLE ? "issue long-title" : "issue" },
    h("p", { class: "issue-mark" }, say("issue_of", { j: round.j })),
    h("h2", { class: "issue-title" }, asked.title),
    h("blockquote", { class: "issue-question" }, asked.question),
    h("p", { class: "issue-counts" }, [
      asked.requests ? say("issue_requests", { n: count(asked.requests) }) : null,
      asked.places ? say("issue_places", { n: count(asked.places) }) : null].filter(Boolean).join(" · ")));
}

/** Who answers for it. */
export function speaker(round) {
  const long = `${round.unit.length > LONG_UNIT ? " long-unit" : ""}${[...round.name].length > LONG_SPEAKER ? " long-name" : ""}${[...round.post].length > LONG_POST ? " long-post" : ""}`;
  return h("section", { class: `speaker${long}` },
    h("p", { class: "speaker-unit" }, round.unit),
    h("p", { class: "speaker-name" }, dotted(round.name), round.post && h("small", {}, round.post)));
}

/** One promise: what it is measured by, the measure, and the clock. */
export function promise(pledge, zone) {
  const { target } = pledge;
  return h("article", { class: "pledge promised" },
    target && h("p", { class: target.amount.length > LONG_AMOUNT ? "target long" : "target" }, h("b", {}, target.amount), h("span", {}, target.unit), h("small", {}, target.what)),
    h("p", { class: "measure" }, pledge.measure),
    h("p", { class: "due" }, say("promise_due", { date: pledge.due_on, who: pledge.responsible })),
    h("p", { class: "clock", "data-due": `${pledge.due_on}T23:59:59${zone}` }));
}

/** What the speaker promised, or why nothing was promised. */
export function answer(round, zone) {
  if (round.issue.left) {
    return h("section", { class: "left-open" }, h("p", { class: "left-mark" }, say("issue_left")), h("p", {}, round.issue.left));
  }
  return h("section", { class: "follow-up" }, round.pledges.map((pledge) => promise(pledge, zone)));
}

/** The whole agenda, one line an issue, with what was promised so far. */
export function agenda(view, zone) {
  const now = view.round && !["closed", "sealed"].includes(view.phase) ? view.round.j : 0;
  return h("ol", { class: "agenda" }, view.agenda.issues.map((line) => h("li", { class: state(line, now) },
    h("span", { class: "agenda-j" }, view.agenda.ordered ? line.j : line.n),
    h("div", {},
      h("p", { class: "agenda-title" }, h("b", {}, line.title), h("span", { class: "agenda-unit" }, `${line.unit} · ${line.speaker}`)),
      line.left ? h("p", { class: "agenda-left" }, say("issue_left"), "：", line.left) : null,
      line.pledges.map((pledge) => h("p", { class: "agenda-promise" },
        pledge.target && h("b", {}, `${pledge.target.what} ${pledge.target.amount} ${pledge.target.unit}`),
        h("span", {}, pledge.measure),
        h("span", { class: "due" }, say("promise_due", { date: pledge.due_on, who: pledge.responsible })),
        h("span", { class: "clock", "data-due": `${pledge.due_on}T23:59:59${zone}` })))))));
}

function state(line, now) {
  if (line.j === now) return "is-now";
  return line.called ? "is-answered" : "is-waiting";
}

/** How far the assembly has come: answered and left among all. */
export function tally(view) {
  const promised = view.agenda.issues.filter((line) => line.pledges.length).length;
  return say("agenda_tally", { n: view.agenda.issues.length, promised, left: view.agenda.issues.filter((line) => line.left).length });
}
