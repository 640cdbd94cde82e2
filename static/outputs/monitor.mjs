// The host's confidence monitor: the time, what is now, what comes next, what to say, who is asked what.

import { block, count, grouped, h, hear, say, write } from "../live/dom.mjs";
import * as parts from "../live/parts.mjs";
import { screen } from "../live/screen.mjs";
import { asking, spoken } from "./asking.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);
/** Characters from which on what the host says is set smaller, and smaller still. */
const SOME_WORDS = 56, MANY_WORDS = 96;
const TOPICS = ["visited", "solved"];

const store = screen({ onView: show, onVenues: venues });

function show(view) {
  hear(view.kind);
  part("phase").textContent = say(`phase_${view.aborted ? "aborted" : view.phase}`);
  part("slot").textContent = parts.slot(view);
  part("rehearsal").hidden = !view.rehearsal;
  part("now").replaceChildren(h("h2", {}, say("monitor_now")), ...now(view));
  const armed = view.desk.standby;
  part("next").replaceChildren(h("h2", {}, say("monitor_next")), h("p", { class: `big${sized(next(view))}` }, next(view)),
    armed ? h("p", { class: "armed" }, say("monitor_standby", { step: say(`armed_${armed.step}`) })) : "",
    view.suggested && view.phase === "tallied" ? h("p", { class: `verdict ${view.suggested}` }, say(`verdict_${view.suggested}`)) : "");
  part("next").classList.toggle("armed", Boolean(armed));
  part("say").replaceChildren(h("h2", {}, say("monitor_say")), h("p", { class: sized(words(view)) }, words(view)));
  part("asked").replaceChildren(...asked(view));
  parts.tick(document, Date.parse(view.server_time));
}

/** The host reads from four metres: as large as the words are few, and never cut off. */
function sized(text) {
  const { length } = [...text];
  return length > MANY_WORDS ? " longest" : length > SOME_WORDS ? " long" : "";
}

function now(view) {
  const { round } = view;
  if (!round) {
    return [h("p", { class: "big" }, view.title),
      view.roster.cadres ? h("p", { class: "progress" }, `${count(view.roster.cadres)} ${say("pot_cadres")}`) : ""];
  }
  return [parts.cadre(round),
    round.issue ? parts.followUp(round, config.zone) : "",
    round.households ? h("p", { class: "progress" }, say("calls_progress", { done: round.completed, target: round.target })) : "",
    round.on_air ? h("p", { class: "aired" }, say("on_air", { place: round.on_air.place })) : "",
    round.contradictions ? h("p", { class: "denied" }, say("overlay_denied", { n: round.contradictions })) : "",
    parts.score(round.released) ?? "",
    round.votes ? parts.votes(round.votes) : ""];
}

function next(view) {
  if (view.aborted) return say("next_aborted");
  const act = ["ceremony", "seeded"].includes(view.phase) && view.ceremony.act;
  if (act && (!view.rehearsal || view.ceremony.clerks.length === 2 || act !== "cups")) return say(`act_${act}`);
  if (view.agenda && ["seeded", "judged", "tallied"].includes(view.phase)) return upNext(view);
  if (view.phase === "calling") return say("do_open_vote");
  return say(`next_${view.phase === "frozen" && view.manifest_sha256 ? "published" : view.phase}`);
}

/** In an assembly: who is called next, so that the host can look for them in the hall. */
function upNext(view) {
  const line = view.agenda.issues[view.round?.j ?? 0];
  return line ? `${say("do_call_issue", { j: line.j })}：${line.title}（${line.unit} ${line.speaker}）` : say("do_close");
}

/** What the host says now; the numbers in it are those of this very picture. */
function words(view) {
  const { round, control } = view;
  if (control.card || control.held) return say("say_halted");
  const cue = view.desk.rundown.cues.find((one) => one.now);
  if (cue?.words) return cue.words;
  const called = view.phase === "calling" && round.calls_end ? "called" : view.phase;
  const published = called === "frozen" && view.manifest_sha256 ? "published" : called;
  return say(`say_${view.aborted ? "aborted" : published}`, {
    cadres: count(view.roster.cadres), head: grouped(view.manifest_sha256.slice(0, 8)), j: view.drawn + 1,
    number: round ? grouped(round.cadre) : "", name: round?.name || say("unknown_cadre"),
    question: round?.issue?.question ?? "", unit: round?.unit ?? "", next: view.agenda ? upNext(view) : "", issues: view.slots,
    done: round?.completed, target: round?.target, verdict: round?.verdict ? say(`verdict_${round.verdict}`) : "",
  });
}

/** The interview: the question that each household on the line is at; the one on air comes first. */
function asked(view) {
  const { round } = view;
  if (view.phase !== "calling" || !round.calls.length) return [];
  const busy = round.calls.filter((call) => !call.final && call.status === "in-progress");
  const aired = round.on_air && round.calls.find((call) => call.place === round.on_air.place);
  const rows = aired ? [aired] : busy.slice(0, 3);
  if (!rows.length) return [];
  return [h("h2", {}, aired ? say("monitor_ask_air", { place: aired.place }) : say("monitor_asked")),
    h("ol", {}, rows.map((call) => h("li", {},
      h("b", {}, say("place", { place: call.place })),
      h("p", {}, spoken(asking(config.questions, call, TOPICS), round)))))];
}

function venues(told) {
  part("venues").replaceChildren(...told.map((one) => h("span", { class: one.asks ? "venue asks" : "venue" },
    h("b", {}, one.name), " ", say("venue_present", { n: one.present }), one.asks ? [" · ", say("venue_asks")] : "",
    one.picture && one.sound ? "" : [" · ", say(one.picture ? "venue_no_sound" : "venue_no_picture")])));
}

const time = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: config.zone_name });
setInterval(() => {
  write(part("clock"), time.format(store.now()));
  if (store.view()) write(part("left"), left(store.view()));
  parts.tick(document, store.now());
}, 250);

/** How long it is until what everybody waits for, else until the planned end of this part. */
function left(view) {
  if (view.control.halted_since) return say("monitor_held");
  const { ceremony, before, round } = view;
  const ends = view.phase === "frozen" ? (view.manifest_sha256 ? before.opens_at : before.objections_until)
    : ceremony.dice?.lift_at ?? (ceremony.act === "wait" ? ceremony.bound.round_time : round?.next_due);
  const waits = Math.ceil((Date.parse(ends ?? "") - store.now()) / 1000);
  if (waits > 0) return `${say("monitor_left")} ${span(waits)}`;
  const planned = Math.ceil((Date.parse(view.desk.rundown.clocks?.ends_at ?? "") - store.now()) / 1000);
  if (Number.isNaN(planned)) return "";
  return planned >= 0 ? `${say("monitor_left")} ${span(planned)}` : `${say("monitor_over")} ${span(-planned)}`;
}

function span(seconds) {
  const two = (n) => String(Math.trunc(n)).padStart(2, "0");
  return `${seconds >= 3600 ? `${Math.trunc(seconds / 3600)}:` : ""}${two(seconds / 60 % 60)}:${two(seconds % 60)}`;
}
