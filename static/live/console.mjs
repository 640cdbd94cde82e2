// The operator's console: one obvious next step, everything by keyboard, every refusal in words.

import { beforeCeremony } from "./before.mjs";
import { block, count, grouped, h, hear, hearsProgrammes, linked, say } from "./dom.mjs";
import { complain, forget, post } from "./post.mjs";
import * as parts from "./parts.mjs";
import { assemblyPictures, assemblySteps } from "./console-assembly.mjs";
import { ceremonySteps, enrolment, householdRound, serving } from "./console-ceremony.mjs";
import { linesPanel } from "./lines.mjs";
import { proposalList } from "./proposals.mjs";
import { follow } from "./store.mjs";

const config = block("config");
const next = document.getElementById("next");
const round = document.getElementById("round");
const trouble = document.getElementById("trouble");
const done = document.getElementById("done");
const proposals = proposalList(document.getElementById("proposals"), { mayAct: config.may_act, tell });
const lines = linesPanel(document.getElementById("lines"), { mayAct: config.may_act, mayCut: config.may_cut, steer });
let keys = {};
let busy = false;
/** What the steps of the ceremony need of this desk. */
const desk = { primary, button, note, tell, values, form, now: () => store.now(), agendaUrl: config.agenda_url };

const store = follow({
  live: config.live, audience: "console", url: config.view_url,
  onView: show,
  onLink: linked,
});

function show(view) {
  hear(view.kind);
  forget(trouble);
  document.getElementById("title").textContent = view.title;
  document.getElementById("phase").textContent = say(`phase_${view.aborted ? "aborted" : view.phase}`);
  document.getElementById("slot").textContent = parts.slot(view);
  document.getElementById("rehearsal").hidden = !view.rehearsal;
  const typing = next.querySelector("details[open]") || (next.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"));
  // Somebody else's event must not wipe what is being typed for the same step, nor shut what was opened for it.
  const step = `${view.step} ${view.ceremony.act} ${view.desk.epoch} ${view.desk.director?.name}`;
  if (!typing || next.dataset.step !== step) {
    keys = {};
    next.replaceChildren(steps(view));
  }
  next.dataset.step = step;
  round.replaceChildren(...pictures(view));
  done.closest("section").hidden = Boolean(view.agenda);
  done.replaceChildren(parts.past(view.past) ?? h("p", { class: "muted" }, say("past_none")));
  proposals.phase(view.phase);
  if (!view.agenda) lines.show(view);
  parts.tick(round, Date.parse(view.server_time));
  parts.tick(next, Date.parse(view.server_time));
}

/** The next step of each phase: a heading, what to do, and one or few buttons. */
function steps(view) {
  const rest = [];
  const director = view.desk.director?.name ?? config.me;
  const mayAct = config.may_act && director === config.me;
  const watching = config.may_act ? say("seat_of", { name: director }) : say("watching");
  if (view.may_take_back && mayAct) rest.push(button("z", say("take_back"), () => tell({ command: "take_back" }), "btn-quiet"));
  const body = mayAct ? (view.agenda ? assemblySteps(view, desk) : actions[view.phase](view)) : [h("p", { class: "muted" }, watching)];
  return h("div", { class: "stack" }, h("h2", {}, heading(view)), body, h("div", { class: "row" }, rest));
}

/** The word for the next step; a frozen roster waits first for objections, then for its day. */
function nextStep(view) {
  if (view.aborted) return "aborted";
  return view.phase === "frozen" && view.manifest_sha256 ? "published" : view.phase;
}

/** What comes next: the step of the ceremony where there is one, else that of the phase. */
function heading(view) {
  const isCeremony = ["ceremony", "seeded"].includes(view.phase) && view.ceremony.act;
  const plain = view.rehearsal && view.ceremony.act === "cups" && view.ceremony.clerks.length < 2;
  if (isCeremony && !plain) return say(`act_${view.ceremony.act}`);
  return say(`next_${nextStep(view)}`);
}

const actions = {
  planned: () => [primary(say("do_freeze"), { command: "freeze" }), note("note_freeze")],
  frozen: (view) => [beforeCeremony(view, { primary, note, hash, tell, values }), enrolment(view)],
  ceremony: (view) => [hash(view), ceremonySteps(view, desk)],
  seeded: (view) => [ceremonySteps(view, desk), h("div", { class: "row" }, naming()), h("div", { id: "form" })],
  named: () => choices("record_presence", "presence", ["in_person", "by_phone", "absent"]),
  drawn: (view) => (hearsProgrammes() ? openCalls(view) : choices("record_presence", "presence", ["in_person", "by_phone", "absent"])),
  answering: openCalls,
  calling: calling,
  voting: (view) => [h("p", { id: "cast", class: "big" }), primary(say("do_close_vote"), { command: "close_vote" }), note("note_voting")],
  tallied: (view) => [...choices("give_verdict", "verdict", ["confirmed", "not_done", "accounts_differ", "faked_suspected"], view.suggested),
    view.suggested && note("note_suggested")],
  judged: judged,
  closed: () => [primary(say("do_seal"), { command: "seal" }), note("note_seal")],
  sealed: (view) => [h("p", { class: "hash" }, say("sealed_head"), " ", h("code", {}, grouped(view.head, 8))), h("a", { class: "btn btn-primary", href: config.bundle_url }, say("download_bundle"))],
};

function openCalls(view) {
  return [householdRound(view, desk) ?? primary(say("do_open_calls"), { command: "open_calls" }), note("note_open_calls")];
}

function calling(view) {
  const now = view.round;
  if (now.calls_end) return [h("p", {}, parts.callsEnd(now)), primary(say("do_open_vote"), { command: "open_vote" })];
  return [
    h("p", { class: "big" }, say("calls_progress", { done: now.completed, target: now.target })),
    h("p", { class: "muted" }, now.stopping ? say("stopping", { n: now.in_flight }) : say("dialling", { n: now.in_flight })),
    !now.stopping && button("s", say("do_stop_dialling"), () => tell({ command: "stop_dialling" }), "")];
}

/** What the finding asks for, and nobody has entered yet: it stands out beside going on. */
function owed({ verdict, pledges, investigations }) {
  if (verdict === "not_done" && !pledges.length) return "pledge";
  const isDoubted = verdict === "accounts_differ" || verdict === "faked_suspected";
  return isDoubted && !investigations.length && !hearsProgrammes() ? "investigation" : "";
}

function judged(view) {
  const wanted = view.round ? owed(view.round) : "";
  return [
    wanted && note(`owed_${wanted}`),
    h("div", { class: "row" },
      button("p", say("do_pledge"), () => form(pledgeForm()), wanted === "pledge" ? "owed" : ""),
      !hearsProgrammes() && button("i", say("do_investigate"), () => form(investigationForm()), wanted === "investigation" ? "owed" : ""),
      naming()),
    h("div", { id: "form" }),
    view.next_stratum ? ceremonySteps(view, desk) : primary(say("do_close"), { command: "close" })];
}

function choices(command, field, words, suggested = null) {
  return [h("div", { class: "choices" }, words.map((word, i) => button(String(i + 1), say(`${field}_${word}`),
    () => tell({ command, [field]: word }), word === suggested ? "btn-primary" : "")))];
}

function naming() {
  return !hearsProgrammes() && button("n", say("do_name"), () => form(namingForm()), "");
}

/** Naming 点名 is never a draw: who names, and why, is asked before and shown after. */
function namingForm() {
  const by = h("select", { name: "by" }, ["panel", "chair", "media"].map((who) => h("option", { value: who }, say(`by_${who}`))));
  const who = input("who", say("name_who"), say("by_panel"));
  by.addEventListener("change", () => { who.querySelector("input").value = say(`by_${by.value}`); });
  const number = h("input", { name: "cadre", inputmode: "numeric", autocomplete: "off", pattern: "[0-9]{8}", maxlength: 8, required: true, class: "digits" });
  return h("form", { class: "card card-body stack-tight naming-form", onsubmit: (event) => { event.preventDefault(); tell({ command: "name_cadre", ...values(event.target) }); } },
    h("label", { class: "field" }, h("span", {}, say("name_number")), number),
    h("label", { class: "field" }, h("span", {}, say("name_by")), by), who,
    input("reason", say("name_reason"), ""),
    h("p", { class: "muted small" }, say("naming_counts_not")),
    h("button", { class: "btn btn-primary" }, say("do_name_now")));
}

function pledgeForm() {
  const soon = new Date(store.now().getTime() + 30 * 86400e3).toISOString().slice(0, 10);
  const name = store.view().round.name;
  return h("form", { class: "card card-body stack-tight", onsubmit: (event) => { event.preventDefault(); tell({ command: "make_pledge", ...values(event.target) }); } },
    input("measure", say("pledge_measure"), ""), input("due_on", say("pledge_date"), soon, "date"), input("responsible", say("pledge_who"), name),
    h("button", { class: "btn btn-primary" }, say("save")));
}

const TEAM = ["discipline", "peoples_deputy", "cppcc_member", "mass_representative"];

function investigationForm() {
  return h("form", { class: "card card-body stack-tight", onsubmit: (event) => {
    event.preventDefault();
    const typed = values(event.target);
    tell({ command: "open_investigation", reason: typed.reason, team: TEAM.map((category) => ({ category, name: typed[category] })) });
  } },
    input("reason", say("investigation_reason"), say("investigation_usual_reason")),
    TEAM.map((category) => input(category, say(`team_${category}`), say("standby", { n: 1 }))),
    h("button", { class: "btn btn-primary" }, say("save")));
}

function input(name, label, value, type = "text") {
  return h("label", { class: "field" }, h("span", {}, label), h("input", { name, value, type, required: true }));
}

function form(content) {
  const place = document.getElementById("form");
  place.replaceChildren(content);
  content.querySelector("input").focus();
}

function values(element) {
  return Object.fromEntries(new FormData(element));
}

function primary(label, command) {
  return button("enter", label, () => tell(command), "btn-primary btn-lg btn-block");
}

function button(key, label, act, kind) {
  keys[key] = act;
  return h("button", { class: `btn ${kind}`, type: "button", onclick: act }, label, h("kbd", {}, key === "enter" ? "⏎" : key.toUpperCase()));
}

function note(key) {
  return h("p", { class: "muted small" }, say(key));
}

function hash(view) {
  return h("p", { class: "hash" }, h("span", { class: "muted" }, say("manifest")), h("code", {}, grouped(view.manifest_sha256, 8)));
}

/** The round in progress, as the hall sees it, in the console's size. */
function pictures(view) {
  const now = view.round;
  if (view.agenda) return assemblyPictures(view, config.zone);
  if (!now) {
    return [h("div", { class: "stats" },
      stat(count(view.roster.cadres), say("pot_cadres")), stat(count(view.roster.households), say("claims_households")), stat(view.slots, say("slots")))];
  }
  return [
    h("div", { class: "round-head" }, parts.cadre(now), parts.verdict(now)),
    parts.claims(now),
    now.households ? parts.calls(now, Infinity, true) : parts.tickets(now),
    h("div", { class: "row" }, now.calls_end && !now.released ? h("span", { class: "badge badge-warn" }, say("score_waiting")) : parts.score(now.released), now.comments ? h("span", { class: "badge" }, say("comments", { n: now.comments })) : null),
    parts.satisfied(now),
    now.votes && parts.votes(now.votes, now.chair),
    now.pledges.length + now.investigations.length ? parts.followUp(now, config.zone) : null].filter(Boolean);
}

function stat(value, label) {
  return h("div", { class: "stat" }, h("div", { class: "stat-value" }, value), h("div", { class: "stat-label" }, label));
}

/** Send a command with the step that this screen shows; a stale one is refused with who was first. */
async function tell(command) {
  if (busy) return;
  busy = true;
  next.setAttribute("aria-busy", "true");
  await send(config.do_url, { ...command, expect: store.view().step });
  busy = false;
  next.removeAttribute("aria-busy");
}

/** Steer a line of the stage: never stale, never kept waiting by a step on its way. */
function steer(action) {
  return send(config.stage_url, action);
}

async function send(url, message) {
  trouble.hidden = true;
  const wrong = await post(url, message);
  if (wrong) complain(trouble, wrong);
  document.activeElement?.blur();
  store.refresh();
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && next.contains(event.target)) return document.getElementById("form")?.replaceChildren();
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.matches("button, a") && event.key === "Enter") return; // the focused control answers itself
  const act = keys[event.key.toLowerCase()] ?? lines.keys()[event.key.toLowerCase()] ?? proposals.keys()[event.key.toLowerCase()];
  if (act) {
    event.preventDefault();
    act();
  }
});

const line = document.getElementById("line");
const tally = document.getElementById("tally");
const seats = document.getElementById("seats");

/** The lines and the panel are not part of the record: asked for every few seconds. */
async function watchHouse() {
  try {
    const answer = await fetch(config.house_url, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const house = await answer.json();
      line.className = `lamp lamp-${house.line.ok ? "green" : "red"}`;
      const down = house.line.manual ? "line_manual" : "line_down";
      line.textContent = say(house.line.ok ? "line_ok" : down);
      tally.hidden = !house.tally.trouble;
      tally.className = `lamp lamp-${house.tally.trouble === "starting" ? "yellow" : "red"}`;
      tally.textContent = house.tally.trouble ? say(`tally_${house.tally.trouble}`) : "";
      seats.textContent = say("seats", { joined: house.seats.joined, total: house.seats.total });
      if (store.view()) proposals.show(house.proposals); // a command names the step that is seen
      lines.house(house.stage);
      serving(house, store.view());
      const cast = document.getElementById("cast");
      if (cast) cast.textContent = say("cast", { voted: house.seats.voted, joined: house.seats.voters });
    }
  } catch {
    line.className = "lamp lamp-red";
    line.textContent = say("unreachable");
  }
}
watchHouse();
setInterval(watchHouse, 2000);
setInterval(() => { parts.tick(round, store.now()); parts.tick(next, store.now()); parts.countDown(document, store.now()); }, 250);

document.getElementById("abort")?.addEventListener("submit", (event) => {
  event.preventDefault();
  tell({ command: "abort", ...values(event.target) });
});
