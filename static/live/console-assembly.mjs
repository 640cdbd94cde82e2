// The console's steps of a pledge assembly: publish the agenda, call an issue, write its pledge, go on.

import * as assembly from "./assembly.mjs";
import { grouped, h, say } from "./dom.mjs";
import * as parts from "./parts.mjs";
import { ceremonySteps } from "./console-ceremony.mjs";

/** What an assembly offers in each phase; `desk` makes buttons and sends commands. */
export function assemblySteps(view, desk) {
  return steps[view.phase](view, desk);
}

const steps = {
  planned: (view, desk) => [editor(desk), view.agenda.draft ? desk.primary(say("do_publish_agenda", { n: view.agenda.draft }), { command: "publish_agenda" }) : null, desk.note("note_agenda")],
  frozen: (view, desk) => [editor(desk), hash(view), desk.primary(say("do_open_ceremony"), { command: "open_ceremony" }),
    view.agenda.drawn && desk.note(view.rehearsal ? "note_ceremony_rehearsal" : "note_ceremony")],
  ceremony: (view, desk) => [hash(view), ceremonySteps(view, desk)],
  seeded: (view, desk) => [upNext(view), desk.primary(say("do_call_issue", { j: 1 }), { command: "call_issue" })],
  answering: (view, desk) => [pledging(view, desk), desk.note("note_pledge"), leaving(desk)],
  judged: (view, desk) => [
    goOn(view, desk),
    h("div", { class: "row" },
      view.round.pledges.length && !view.round.votes ? desk.button("v", say("do_open_vote"), () => desk.tell({ command: "open_vote" }), "") : null,
      desk.button("p", say("do_another_pledge"), () => desk.form(pledgeForm(view, desk)), "")),
    h("div", { id: "form" })],
  voting: (_view, desk) => [h("p", { id: "cast", class: "big" }), desk.primary(say("do_close_vote"), { command: "close_vote" }), desk.note("note_voting")],
  tallied: (view, desk) => [goOn(view, desk), h("div", { class: "row" }, desk.button("p", say("do_another_pledge"), () => desk.form(pledgeForm(view, desk)), "")), h("div", { id: "form" })],
  closed: (_view, desk) => [desk.primary(say("do_seal"), { command: "seal" }), desk.note("note_seal")],
  sealed: (view) => [h("p", { class: "hash" }, say("sealed_head"), " ", h("code", {}, grouped(view.head, 8)))],
};

function editor(desk) {
  return h("a", { class: "btn", href: desk.agendaUrl }, say("to_agenda"));
}

function hash(view) {
  return h("p", { class: "hash" }, h("span", { class: "muted" }, say("manifest")), h("code", {}, grouped(view.manifest_sha256, 8)));
}

function upNext(view) {
  const next = view.agenda.issues[view.round?.j ?? 0];
  return next && h("p", {}, h("b", {}, `${next.j}. ${next.title}`), h("br"), h("span", { class: "muted" }, `${next.unit} · ${next.speaker}`));
}

function goOn(view, desk) {
  if (view.round.j === view.agenda.issues.length) return desk.primary(say("do_close"), { command: "close" });
  return [upNext(view), desk.primary(say("do_call_issue", { j: view.round.j + 1 }), { command: "call_issue" })];
}

function pledging(view, desk) {
  return h("div", { class: "stack-tight" }, desk.button("p", say("do_enter_pledge"), () => desk.form(pledgeForm(view, desk)), "btn-primary btn-lg btn-block"), h("div", { id: "form" }));
}

function leaving(desk) {
  return h("details", {}, h("summary", {}, say("do_leave_issue")),
    h("form", { class: "stack-tight", onsubmit: (event) => { event.preventDefault(); desk.tell({ command: "leave_issue", ...desk.values(event.target) }); } },
      field("reason", say("leave_reason"), ""), h("button", { class: "btn" }, say("save"))));
}

function pledgeForm(view, desk) {
  const soon = new Date(desk.now().getTime() + 90 * 86400e3).toISOString().slice(0, 10);
  return h("form", { class: "card card-body stack-tight", onsubmit: (event) => { event.preventDefault(); desk.tell({ command: "make_pledge", ...desk.values(event.target) }); } },
    field("measure", say("pledge_measure"), ""), field("target", say("pledge_target"), ""),
    h("div", { class: "columns" }, field("amount", say("pledge_amount"), ""), field("unit", say("pledge_unit"), "")),
    field("due_on", say("pledge_date"), soon, "date"), field("responsible", say("pledge_who"), view.round.unit),
    h("button", { class: "btn btn-primary" }, say("save")));
}

function field(name, label, value, type = "text") {
  return h("label", { class: "field" }, h("span", {}, label), h("input", { name, value, type, required: true, autocomplete: "off" }));
}

/** The issue in progress, and the agenda with what was promised, in the console's size. */
export function assemblyPictures(view, zone) {
  const now = view.round;
  return [
    now && !["closed", "sealed"].includes(view.phase) ? h("div", { class: "stack-tight" }, assembly.issue(now), assembly.speaker(now), assembly.answer(now, zone), now.votes && parts.votes(now.votes, now.chair)) : null,
    view.agenda.issues.length ? assembly.agenda(view, zone) : h("p", { class: "muted" }, say("agenda_draft", { n: view.agenda.draft }))].filter(Boolean);
}
