// The stage screen: one scene a phase; the number animation lands on what the record says.

import { windows } from "./before.mjs";
import { block, count, grouped, h, hear, hearsProgrammes, kept, say, write } from "./dom.mjs";
import * as parts from "./parts.mjs";
import { keepsStill, roll } from "./reels.mjs";
import { assemblyScene } from "./stage-assembly.mjs";
import { screen } from "./screen.mjs";
import { ceremonyScene, householdStrip } from "./stage-ceremony.mjs";

const config = block("config");
const still = keepsStill();
/** Rows of calls that fit on the wall. */
const ROWS = 10;
/** Rows of outcomes that fit, and from how many on they are set closer. */
const OUTCOMES = 12;
const DENSE_FROM = 4;
const scene = document.getElementById("scene");
const clock = document.getElementById("clock");

fit(new URLSearchParams(location.search).get("box"));

/** Paint into the upper left part of the picture alone, where a wall's processor cuts it out: ?box=1920x540. */
function fit(box) {
  const size = box?.match(/^(\d{2,5})x(\d{2,5})$/);
  if (!size) return;
  const root = document.documentElement.style;
  root.width = `${size[1] / devicePixelRatio}px`;
  root.height = `${size[2] / devicePixelRatio}px`;
}

const scenes = {
  planned: waiting,
  frozen: pot,
  ceremony: pot,
  seeded: seeded,
  drawn: drawn,
  named: named,
  answering: answering,
  calling: calling,
  voting: voting,
  tallied: tallied,
  judged: judged,
  closed: closed,
  sealed: closed,
};

const store = screen({ onView: show });

function show(view, previous) {
  hear(view.kind);
  document.getElementById("title").textContent = kept(view.title);
  document.getElementById("phase").textContent = say(`phase_${view.aborted ? "aborted" : view.phase}`);
  document.getElementById("slot").textContent = parts.slot(view);
  document.getElementById("head").textContent = view.manifest_sha256 ? grouped(view.manifest_sha256.slice(0, 8)) : "–";
  const tree = view.tree_head;
  document.getElementById("tree").textContent = tree ? `${tree.size} · ${grouped(tree.root)}` : "–";
  document.body.classList.toggle("rehearsal", view.rehearsal);
  document.body.classList.toggle("naming-round", parts.isNaming(view));
  const fresh = Boolean(previous) && view.drawn > previous.drawn;
  const ceremony = ceremonyScene(view, config);
  const painted = ceremony ?? (view.agenda ? assemblyScene(view, config) : scenes[view.phase](view, fresh));
  // Same scene: what is on screen stays still, only what changed moves.
  scene.className = `scene ${ceremony ? "ceremony" : view.phase}`;
  document.getElementById("households").replaceChildren(...householdStrip(view));
  if (fresh && !still && view.kind === "cadre") spin(painted);
  else scene.replaceChildren(painted);
  parts.tick(scene, Date.parse(view.server_time));
  parts.countDown(document, Date.parse(view.server_time));
}

function waiting(view) {
  return h("div", { class: "center" }, h("p", { class: "huge" }, view.title), h("p", { class: "lead" }, say("stage_soon")));
}

function pot(view) {
  return h("div", { class: "with-qr" },
    h("div", { class: "stack" },
      h("p", { class: "lead" }, say("pot")),
      h("p", { class: "huge digits" }, count(view.roster.cadres), h("small", {}, say("pot_cadres"))),
      h("p", { class: "lead" }, say("pot_households", { n: count(view.roster.households) })),
      windows(view),
      view.manifest_sha256 ? hash("manifest", view.manifest_sha256) : hash("roster_hash", view.roster.sha256)),
    h("figure", { class: "scan" }, code(), h("figcaption", {}, say(view.manifest_sha256 ? "scan" : "scan_roster"))));
}

function hash(key, hex) {
  return h("figure", { class: "hash" }, h("figcaption", {}, say(key)), h("code", {}, grouped(hex, 8)));
}

/** The public page as a QR code, for phones in the hall and at home. */
function code() {
  return h("img", { class: "qr", src: config.qr_url, alt: say("qr") });
}

function seeded(view) {
  return h("div", { class: "center" },
    h("p", { class: "lead" }, say("seeded")),
    h("p", { class: "dice digits" }, grouped(view.master_digits, 6)),
    sealed(view.ceremony),
    h("p", { class: "lead" }, say("seeded_next", { n: view.slots })),
    hash("manifest", view.manifest_sha256));
}

/** The beacon's round that sealed the master dice. */
function sealed({ bound, beacon }) {
  if (bound?.purpose !== "master" || !bound.randomness) return null;
  return h("p", { class: "lead" }, say("sealed_by", { round: bound.round, chain: beacon }), " ", h("code", {}, grouped(bound.randomness.slice(0, 8))));
}

function drawn(view) {
  if (hearsProgrammes()) {
    return h("div", { class: "two" }, parts.cadre(view.round),
      h("section", { class: "panel" }, h("h2", {}, say("claims_title")), parts.claims(view.round), h("p", { class: "naming-note" }, say("programme_note"))));
  }
  return h("div", { class: "reveal" }, parts.cadre(view.round), parts.tickets(view.round));
}

/** A naming is announced in words and in a colour of its own; nothing spins. */
function named(view) {
  const shown = parts.cadre({ ...view.round, naming: null });
  shown.classList.add("named");
  return h("div", { class: "two" }, shown,
    h("section", { class: "panel named" }, parts.naming(view.round),
      h("p", { class: "naming-note" }, say("naming_counts_not"))));
}

function answering(view) {
  return h("div", { class: "two" },
    parts.cadre(view.round),
    h("section", { class: "panel" }, h("h2", {}, say("claims_title")), parts.claims(view.round),
      view.round.quiz?.length ? parts.quiz(view.round.quiz) : [
        h("p", { class: "questions" }, say("questions_title")),
        h("ol", { class: "questions" }, ["question_asked", "question_solved", "question_confirmed"].map((key) => h("li", {}, say(key))))]));
}

function calling(view) {
  const round = view.round;
  return h("div", { class: "two wide-right" },
    h("div", { class: "stack" }, parts.cadre(round), round.satisfied ? parts.satisfied(round) : parts.claims(round)),
    h("section", { class: "panel" },
      round.on_air && h("p", { class: "on-air", role: "status" }, say("on_air", { place: round.on_air.place })),
      h("h2", {}, round.calls_end ? parts.callsEnd(round) : say("calls_title"),
        round.released ? parts.score(round.released)
          : h("span", { class: "progress" }, say("calls_progress", { done: round.completed, target: round.target }))),
      parts.calls(round, ROWS)));
}

function voting(view) {
  return h("div", { class: "two" }, h("div", { class: "stack" }, parts.cadre(view.round), parts.score(view.round.released)),
    h("section", { class: "panel center" }, h("p", { class: "huge" }, say("voting")), h("p", { class: "lead" }, say("voting_secret"))));
}

function tallied(view) {
  return h("div", { class: "two" }, h("div", { class: "stack" }, parts.cadre(view.round), parts.score(view.round.released)),
    h("section", { class: "panel" }, h("h2", {}, say("votes_title")), parts.votes(view.round.votes, view.round.chair)));
}

function judged(view) {
  const round = view.round;
  if (hearsProgrammes() && !round.pledges.length) return calling(view);
  const follow_up = round.pledges.length + round.investigations.length || round.referral
    ? parts.followUp(round, config.zone) : round.votes && parts.votes(round.votes, round.chair);
  return h("div", { class: "two" }, h("div", { class: "stack" }, parts.cadre(round), parts.score(round.released), parts.satisfied(round)),
    h("section", { class: "panel" }, parts.verdict(round), follow_up));
}

function closed(view) {
  const rounds = view.round ? [...view.past, view.round] : view.past;
  return h("div", { class: rounds.length > DENSE_FROM ? "outcome dense" : "outcome" },
    h("p", { class: "huge" }, say(view.aborted ? "aborted" : "closed")),
    h("div", {}, parts.past(rounds.slice(0, OUTCOMES)),
      rounds.length > OUTCOMES ? h("p", { class: "lead" }, say("closed_more", { n: rounds.length - OUTCOMES })) : null),
    view.head && hash("sealed_head", view.head), code());
}

/** Let the number roll on the wall; the rest waits for it. */
function spin(painted) {
  painted.classList.add("spinning");
  scene.replaceChildren(painted);
  roll(painted.querySelector(".number"), () => painted.classList.remove("spinning"));
}

const time = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: config.zone_name });
setInterval(() => {
  write(clock, time.format(store.now()));
  parts.tick(scene, store.now());
  parts.countDown(document, store.now());
}, 250);
