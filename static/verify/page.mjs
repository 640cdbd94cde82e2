// The page around the verifier: takes the files, shows each step as it is done, answers for a number.

import { block, count, grouped, h, say } from "../live/dom.mjs";
import { AGENDA, ORDER } from "./agenda.mjs";
import { MANIFEST } from "./manifest.mjs";
import { Refusal } from "./refusal.mjs";
import { ROSTER } from "./roster.mjs";
import { standing } from "./standing.mjs";
import { TRANSCRIPT } from "./transcript.mjs";
import { ASSEMBLY_FILES, FILES, SUMS, isAssembly, verify } from "./verify.mjs";
import { unzip } from "./zip.mjs";

const config = block("config");
const at = (id) => document.getElementById(id);
/** Browsers rename a second download to "manifest (1).json". */
const NAMES = [[MANIFEST, /^manifest.*\.json$/i], [ROSTER, /^roster.*\.jsonl$/i], [TRANSCRIPT, /^transcript.*\.jsonl$/i], [SUMS, /^SHA256SUMS/],
  [AGENDA, /^agenda.*\.json$/i], [ORDER, /^order.*\.json$/i]];
const SHOW_EVERY_MS = 60;
const SIGNS = { ok: "✓", FAIL: "✕", open: "…" };
let chosen = {};
let turn = 0;
let found = null;

// ---- files

async function take(picked) {
  complain(null);
  const named = [];
  try {
    for (const file of picked) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (/\.zip$/i.test(file.name)) named.push(...await unzip(bytes, file.name));
      else named.push([file.name, bytes]);
    }
  } catch (error) {
    complain(error);
    return;
  }
  const known = named.map(([name, bytes]) => [NAMES.find(([, pattern]) => pattern.test(name))?.[0], bytes]).filter(([name]) => name);
  if (!known.length) {
    complain(new Refusal("files_unknown", picked.map((file) => file.name).join(" "), {}));
    return;
  }
  // A manifest or an agenda begins another session; a file without one is added to what is there.
  chosen = { ...(known.some(([name]) => name === MANIFEST || name === AGENDA) ? {} : chosen), ...Object.fromEntries(known) };
  await run();
}

async function fetchBundle() {
  at("verdict-title").textContent = say("fetching");
  at("verdict-says").textContent = say("fetching_from", { live: config.live });
  let answer;
  try {
    answer = await fetch(config.bundle_url, { headers: { Accept: "application/json" } });
  } catch {
    nothing(new Refusal("server_away", "", {}));
    return;
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    nothing({ what: told.what ?? say("server_refused", { status: answer.status }), remedy: told.remedy ?? say("remedy_choose") });
    return;
  }
  await take([new File([await answer.arrayBuffer()], "bundle.zip")]);
}

function nothing(problem) {
  at("verdict-title").textContent = say("no_files");
  at("verdict-says").textContent = say("no_files_says");
  complain(problem);
}

function complain(problem) {
  at("trouble").hidden = !problem;
  if (!problem) return;
  const isOurs = problem instanceof Refusal;
  const place = isOurs && problem.place ? `${problem.place}：` : "";
  at("trouble-what").textContent = place + (isOurs ? say(problem.word, problem.values) : problem.what ?? say("unreadable", { why: String(problem) }));
  at("trouble-remedy").textContent = problem.remedy ?? say("remedy_choose");
}

function showChosen() {
  at("chosen").replaceChildren(...(isAssembly(chosen) ? ASSEMBLY_FILES : FILES).map((name) => h("li", { class: chosen[name] ? "there" : "missing" },
    h("span", {}, h("i", { "aria-hidden": "true" }, chosen[name] ? "✓ " : "○ "), name),
    h("span", { class: "muted small" }, chosen[name] ? say("bytes", { n: count(chosen[name].length) })
      : say(name === SUMS ? "file_optional" : "file_not_chosen")))));
}

// ---- steps

/** Check everything again, letting the page paint in between; a newer run ends an older one. */
async function run() {
  const head = headGiven();
  if (head === null) return;
  turn += 1;
  const mine = turn;
  showChosen();
  at("how").hidden = true;
  at("mine").hidden = true;
  at("steps").hidden = false;
  at("checks").replaceChildren();
  verdict("running", say("running"), "");
  const began = performance.now();
  const steps = [];
  const checks = verify(chosen, head);
  await painted();
  let shownAt = performance.now();
  let next = checks.next();
  while (!next.done) {
    if (turn !== mine) return;
    steps.push(next.value);
    at("checks").append(shown(next.value));
    progress(steps, next.value);
    if (performance.now() - shownAt > SHOW_EVERY_MS) {
      await painted();
      shownAt = performance.now();
    }
    next = checks.next();
  }
  if (turn !== mine) return;
  found = next.value;
  conclude(steps, (performance.now() - began) / 1000);
}

const painted = () => new Promise((resolve) => { setTimeout(resolve); });

function progress(steps, step) {
  const bar = at("progress");
  bar.hidden = false;
  if (step.name === "manifest" && step.mark === "ok") bar.max = 7 + 3 * step.values.slots;
  bar.value = steps.length;
  at("verdict-says").textContent = title(step);
}

function conclude(steps, seconds) {
  const { finding, roster, course } = found;
  at("progress").hidden = true;
  const failed = steps.find((step) => step.mark === "FAIL");
  const open = steps.find((step) => step.mark === "open");
  const tickets = found.draws.reduce((sum, draw) => sum + draw.tickets.length, 0);
  const says = {
    good: () => found.agenda ? say("good_says_assembly", { n: found.agenda.n, s: seconds.toFixed(1) }) : say("good_says", { slots: found.draws.length, tickets: count(tickets), s: seconds.toFixed(1) }),
    bad: () => say("bad_says", { n: steps.filter((step) => step.mark === "FAIL").length, what: `${title(failed)}：${detail(failed)}` }),
    incomplete: () => `${title(open)}：${detail(open)}`,
  }[finding]();
  verdict(finding, say(`finding_${finding}`), says);
  at("verdict").dataset.seconds = seconds.toFixed(3);
  at("verdict-title").append(course?.rehearsal ? h("span", { class: "badge badge-rehearsal" }, say("rehearsal")) : "");
  at("heard").hidden = !found.manifestSha256;
  at("manifest-sha").textContent = grouped(found.manifestSha256, 8);
  at("head-sha").textContent = found.head ? grouped(found.head, 8) : "–";
  at("mine").hidden = !(roster && found.draws.length);
  answer();
}

function verdict(finding, heading, says) {
  at("verdict").dataset.finding = finding;
  at("verdict-title").textContent = heading;
  at("verdict-says").textContent = says;
}

function shown(step) {
  const hash = step.values.ticket ?? step.values.sha256 ?? step.values.head;
  return h("li", { class: `proof ${step.mark}`, "data-step": `${step.name} ${step.j}` },
    h("b", { class: "mark" }, h("i", { "aria-hidden": "true" }, SIGNS[step.mark]), " ", step.mark),
    h("p", { class: "title" }, h("strong", {}, title(step)), h("code", {}, step.j ? `${step.name} ${step.j}` : step.name)),
    h("div", {},
      h("p", {}, detail(step), hash && h("code", { title: hash }, hash.slice(0, 16), "…")),
      step.mark !== "ok" && h("p", { class: "remedy" }, remedy(step))));
}

const title = ({ name, j }) => say(!j && ["beacon", "named", "quiz"].includes(name) ? `step_${name}_0` : `step_${name}`, { j });

function detail({ word, values, place }) {
  const spoken = Object.fromEntries(Object.entries(values).map(([name, value]) => {
    if (name === "reason") return [name, say(`abort_${value}`)];
    if (name === "code") return [name, say(`code_${value}`)];
    return [name, typeof value === "number" ? count(value) : value];
  }));
  return (place ? `${place}：` : "") + say(word, spoken);
}

function remedy(step) {
  if (step.mark === "open") return say(["close", "called"].includes(step.name) ? "remedy_later" : "remedy_choose");
  return say(["sums", "manifest", "roster", "agenda"].includes(step.name) ? "remedy_download" : "remedy_report");
}

// ---- the final hash shown on air

/** The hash that was typed, "" for none, null when it cannot be one. */
function headGiven() {
  const typed = at("head").value.replace(/\s/g, "").toLowerCase();
  const isWrong = typed !== "" && !/^[0-9a-f]{8,64}$/.test(typed);
  blame("head", isWrong ? say("head_malformed", { n: typed.length }) : "");
  return isWrong ? null : typed;
}

function blame(field, text) {
  at(field).setAttribute("aria-invalid", String(Boolean(text)));
  at(`${field}-error`).hidden = !text;
  at(`${field}-error`).textContent = text;
}

// ---- "my number"

function answer() {
  const typed = at("number").value.trim();
  at("standing").replaceChildren();
  blame("number", "");
  if (!typed || !found?.roster || !found.draws.length) return;
  if (!/^[0-9]{1,8}$/.test(typed)) {
    blame("number", say("number_malformed"));
    return;
  }
  const number = typed.padStart(8, "0");
  const places = standing(found, number);
  if (!places) {
    blame("number", say("number_unknown", { number }));
    return;
  }
  const one = found.roster.cadres.get(number);
  at("standing").append(
    h("p", { class: "about" }, h("strong", { class: "digits" }, number), " ", h("span", { class: "nowrap" }, say("number_about", { stratum: one.stratum, households: count(one.hh_n), weight: one.weight }))),
    h("ol", { class: "places" }, merged(places).map(placed)));
}

/** Slots in a row that say the same of a cadre share a line. */
function merged(places) {
  const lines = [];
  for (const place of places) {
    const text = why(place);
    const last = lines.at(-1);
    if (text && last?.text === text) last.until = place.j;
    else lines.push({ ...place, text, until: place.j });
  }
  return lines;
}

function placed(line) {
  const j = line.until > line.j ? `${line.j}–${line.until}` : line.j;
  return h("li", { class: `place ${line.kind}` },
    h("span", { class: "slot" }, say("step_slot", { j }), line.ticket && h("small", {}, line.stratum)),
    h("div", { class: "grow" }, line.ticket ? ticket(line) : h("p", {}, line.text)));
}

function ticket({ kind, rank, n, ticket: digest, hashed }) {
  const share = n > 1 ? (100 * (rank - 1)) / (n - 1) : 0;
  const among = say("rank_of", { n: count(n) });
  return [
    h("p", {}, h("strong", {}, say(kind === "drawn" ? "rank_drawn" : "rank", { rank: count(rank) })), " ", h("span", { class: "muted" }, among)),
    h("div", { class: "scale", "aria-hidden": "true" }, h("i", { style: { left: `${share}%` } })),
    h("details", {}, h("summary", {}, say("ticket"), " ", h("code", {}, digest.slice(0, 16), "…")),
      h("p", { class: "small muted" }, say("ticket_yourself")),
      h("pre", {}, `printf '${hashed}' | sha256sum\n${digest}`))];
}

/** Why a cadre held no ticket in a slot; "" when one was held. */
function why(place) {
  return {
    excluded: () => say("not_in_pot_excluded", { reason: say(`reason_${place.reason}`) }),
    drawn_before: () => say("not_in_pot_drawn", { j: place.before }),
    other_stratum: () => say("not_in_pot_stratum"),
  }[place.kind]?.() ?? "";
}

// ---- what people do

at("choose").addEventListener("change", (event) => take([...event.target.files]));
for (const kind of ["dragover", "dragleave", "drop"]) {
  addEventListener(kind, (event) => {
    event.preventDefault();
    at("drop").classList.toggle("over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files.length) take([...event.dataTransfer.files]);
  });
}
at("head").addEventListener("change", () => { if (Object.keys(chosen).length) run(); else headGiven(); });
at("number").addEventListener("input", () => { if (at("number").value.length === 8) answer(); });
at("number-form").addEventListener("submit", (event) => { event.preventDefault(); answer(); });
showChosen();
if (config.bundle_url) fetchBundle();
