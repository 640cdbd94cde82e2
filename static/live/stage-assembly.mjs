// The pledge assembly on the wall: the agenda, then one issue after the other, then what was promised.

import * as assembly from "./assembly.mjs";
import { grouped, h, say } from "./dom.mjs";
import * as parts from "./parts.mjs";

/** From how many issues on the board is set in two columns, and closer. */
const TWO_COLUMNS_FROM = 9;
/** Titles of more characters than this are set smaller on the board. */
const LONG_TITLE = 12;
/** Promises that fit on the wall; the public page has them all. */
const OUTCOMES = 17;

/** The scene of an assembly in each phase. */
export function assemblyScene(view, config) {
  return scenes[view.phase](view, config);
}

const scenes = {
  planned: waiting,
  frozen: board,
  ceremony: board,
  seeded: board,
  answering,
  judged: answered,
  voting,
  tallied,
  closed: results,
  sealed: results,
};

function waiting(view) {
  return h("div", { class: "center" }, h("p", { class: "huge" }, view.title), h("p", { class: "lead" }, say("stage_soon")));
}

/** All issues at a glance, as they will be called. */
function board(view, config) {
  return h("div", { class: "with-qr board-scene" },
    h("div", { class: "stack" },
      h("p", { class: "act" }, say(view.agenda.ordered ? "board_ordered" : view.agenda.drawn ? "board_to_draw" : "board", { n: view.agenda.issues.length })),
      h("ol", { class: view.agenda.issues.length >= TWO_COLUMNS_FROM ? "board many" : "board" }, view.agenda.issues.map((line) => h("li", { class: line.title.length > LONG_TITLE ? "long" : "" },
        h("b", {}, view.agenda.ordered || !view.agenda.drawn ? line.j : "·"), h("span", {}, line.title), h("small", {}, line.unit))))),
    h("figure", { class: "scan" }, h("img", { class: "qr", src: config.qr_url, alt: say("qr") }), h("figcaption", {}, say("scan_agenda"))));
}

function answering(view) {
  return h("div", { class: "two issue-scene" }, assembly.issue(view.round),
    h("section", { class: "panel center" }, assembly.speaker(view.round), h("p", { class: "lead" }, say("please_answer"))));
}

function answered(view, config) {
  return h("div", { class: "two issue-scene" },
    h("div", { class: "stack" }, assembly.issue(view.round), assembly.speaker(view.round)),
    h("section", { class: "panel" }, view.round.issue.left ? null : h("h2", {}, say("promised")), assembly.answer(view.round, config.zone)));
}

function voting(view, config) {
  return h("div", { class: "two issue-scene" },
    h("div", { class: "stack" }, assembly.issue(view.round), assembly.answer(view.round, config.zone)),
    h("section", { class: "panel center" }, h("p", { class: "huge" }, say("voting_on_answer")), h("p", { class: "lead" }, say("voting_secret"))));
}

function tallied(view, config) {
  return h("div", { class: "two issue-scene" },
    h("div", { class: "stack" }, assembly.issue(view.round), assembly.answer(view.round, config.zone)),
    h("section", { class: "panel" }, h("h2", {}, say("votes_on_answer")), parts.votes(view.round.votes, view.round.chair)));
}

/** What the county was promised tonight: every issue with its target, its day and who answers. */
function results(view, config) {
  const lines = view.agenda.issues.filter((line) => line.called);
  const shown = fitting(lines);
  const lineCount = shown.flatMap(rows).length;
  return h("div", { class: "outcome promises-scene" },
    h("p", { class: "huge" }, say(view.aborted ? "aborted" : "promises_tonight"), h("small", {}, assembly.tally(view))),
    h("table", { class: lineCount >= TWO_COLUMNS_FROM ? "past promises many" : "past promises" },
      h("thead", {}, h("tr", {}, ["col_slot", "col_issue", "col_unit", "col_target", "col_due"].map((key) => h("th", { scope: "col" }, say(key))))),
      h("tbody", {}, shown.flatMap(rows),
        lines.length > shown.length ? h("tr", {}, h("td", { colspan: 5 }, say("closed_more", { n: lines.length - shown.length }))) : null)),
    h("div", { class: "beside" },
      h("img", { class: "qr", src: config.qr_url, alt: say("qr") }), view.head && hash("sealed_head", view.head)));
}

/** The first issues whose promises, a row each, fit on the wall. */
function fitting(lines) {
  let room = OUTCOMES;
  return lines.filter((line) => (room -= Math.max(1, line.pledges.length)) >= 0);
}

function rows(line) {
  if (!line.pledges.length) {
    return [h("tr", { class: "none" }, h("td", {}, line.j), h("td", {}, h("b", {}, line.title)), h("td", {}, line.unit), h("td", { colspan: 2 }, h("p", { class: "why" }, say("issue_left"), line.left ? `：${line.left}` : "")))];
  }
  return line.pledges.map((pledge) => h("tr", {},
    h("td", {}, line.j), h("td", {}, h("b", {}, line.title)), h("td", {}, pledge.responsible),
    h("td", { class: "target" }, pledge.target && [h("b", {}, pledge.target.amount), ` ${pledge.target.unit}`, h("small", {}, pledge.target.what)]),
    h("td", { class: "digits" }, pledge.due_on)));
}

function hash(key, hex) {
  return h("figure", { class: "hash" }, h("figcaption", {}, say(key)), h("code", {}, grouped(hex, 8)));
}
