// The checks of `evalsys verify`, step by step, written apart from it. Nothing in the transcript is
// taken on trust: seeds, tickets, orders and final codes are computed again.

import { AGENDA, ORDER, checkAgenda, checkCalled, checkHead, checkOrder } from "./agenda.mjs";
import { replayCalls } from "./calls.mjs";
import { readCourse } from "./course.mjs";
import { householdOrder, householdSeed, masterSeed, slotLine, slotSeed, ticketsOf } from "./draw.mjs";
import { isSigned } from "./ed25519.mjs";
import { sha256hex } from "./hashing.mjs";
import { MANIFEST, checkRoster, readManifest } from "./manifest.mjs";
import { firstForged } from "./pairing.mjs";
import { Refusal, refuse } from "./refusal.mjs";
import { checkQuiz } from "./quiz.mjs";
import { ROSTER, readRoster } from "./roster.mjs";
import { TRANSCRIPT, readTranscript } from "./transcript.mjs";

export const SUMS = "SHA256SUMS";
export const FILES = [MANIFEST, ROSTER, TRANSCRIPT, SUMS];
/** What a pledge assembly has instead. */
export const ASSEMBLY_FILES = [AGENDA, ORDER];
/** Whether the files are an assembly's: there is an agenda, and no manifest. */
export const isAssembly = (files) => !files[MANIFEST] && Boolean(files[AGENDA]);
const SUM = /^([0-9a-f]{64}) {2}([0-9A-Za-z._-]+)$/;

/**
 * Check what the files allow. `files` maps names to Uint8Array; `head` is the final hash that was
 * shown on air, or its first digits, or "". Yields each step as it is done: {name, j, mark: "ok"|"FAIL"|"open", word,
 * values, place}; returns {finding: "good"|"bad"|"incomplete", manifestSha256, head, manifest,
 * roster, course, draws: [{j, stratum, seed, tickets}], agenda}, null where a file did not get so far.
 * Never throws, whatever the bytes.
 */
export function* verify(files, head = "") {
  const found = { finding: "good", manifestSha256: "", head: "", manifest: null, roster: null, course: null, draws: [], agenda: null };

  /** Yield a step: `check` gives [word, values, result, whether more is to come], or refuses. */
  function* step(name, check, j = 0) {
    try {
      const [word, values, result, isOpen] = check();
      if (isOpen && found.finding === "good") found.finding = "incomplete";
      yield { name, j, mark: isOpen ? "open" : "ok", word, values, place: "" };
      return result;
    } catch (error) {
      found.finding = "bad";
      const { word, values, place } = error instanceof Refusal ? error : new Refusal("unreadable", "", { why: String(error) });
      yield { name, j, mark: "FAIL", word, values, place };
      return null;
    }
  }

  function* open(name, word) {
    if (found.finding === "good") found.finding = "incomplete";
    yield { name, j: 0, mark: "open", word, values: {}, place: "" };
    return null;
  }

  const file = (name, bytes, check) => (bytes ? step(name, () => check(bytes)) : open(name, "file_missing"));

  if (files[SUMS]) yield* step("sums", () => checkSums(files));
  if (isAssembly(files)) {
    found.manifestSha256 = sha256hex(files[AGENDA]);
    const agenda = found.agenda = yield* file("agenda", files[AGENDA], checkAgenda);
    if (!agenda) yield* open("issues", "no_agenda");
    else {
      const order = yield* file("issues", files[ORDER], (bytes) => checkOrder(bytes, agenda));
      if (order) {
        yield* step("called", () => checkCalled(order));
        found.head = order.head;
        if (head) yield* step("head", () => checkHead(order, head));
        return found;
      }
    }
    if (head) yield* open("head", "no_order");
    return found;
  }
  const manifest = found.manifest = yield* file("manifest", files[MANIFEST], checkManifest);
  const roster = found.roster = yield* file("roster", files[ROSTER], (bytes) => checkLines(bytes, manifest));
  found.manifestSha256 = files[MANIFEST]?.length ? sha256hex(files[MANIFEST]) : "";
  if (!manifest) {
    yield* open("transcript", "no_manifest");
    return found;
  }
  const transcript = yield* file("transcript", files[TRANSCRIPT], (bytes) => checkChain(bytes, manifest, head));
  if (!transcript) return found;
  found.head = transcript.head;
  const course = found.course = yield* step("order", () => checkCourse(transcript, manifest));
  if (!course) return found;
  if (manifest.witnesses.size) yield* step("witnesses", () => checkWitnesses(transcript, manifest));
  for (const { j, pulses } of pulsesOf(course, manifest)) yield* step("beacon", () => checkBeacon(manifest.rules.chain, pulses), j);
  if (roster) {
    const seen = new Set();
    const households = (calling, seed, cadre) => checkHouseholds(calling, seed, roster.cadres.get(cadre), manifest.hh, seen);
    const asked = (calling, seed, cadre) =>
      checkQuiz(calling.quiz, householdSeed(seed, cadre, calling.quizBound), roster.cadres.get(cadre));
    for (const draw of drawsOf(course, manifest, roster)) {
      found.draws.push(draw);
      const drawn = yield* step("slot", () => checkSlot(draw), draw.j);
      if (!drawn) continue;
      yield* step("households", () => households(draw.slot, draw.seed, drawn), draw.j);
      if (draw.slot.quiz) yield* step("quiz", () => asked(draw.slot, draw.seed, drawn), draw.j);
    }
    if (yield* step("named", () => checkNamed(course, roster))) {
      for (const [i, naming] of course.namings.entries()) {
        yield* step("named", () => callNamed(naming, course, manifest, households), i + 1);
        if (naming.quiz) yield* step("quiz", () => asked(naming, masterOf(course, manifest), naming.named.cadre));
      }
    }
  }
  if (course.end) yield* step("close", () => ending(course, manifest));
  else yield* open("close", "not_closed");
  return found;
}

function checkSums(files) {
  const listed = new Map();
  for (const line of new TextDecoder("latin1").decode(files[SUMS]).split("\n")) {
    const match = SUM.exec(line);
    if (match) listed.set(match[2], match[1]);
  }
  for (const name of [MANIFEST, ROSTER, TRANSCRIPT, AGENDA, ORDER]) {
    if (files[name] && listed.get(name) !== sha256hex(files[name])) refuse("sum_differs", name);
  }
  return ["ok_sums", {}];
}

function checkManifest(bytes) {
  const manifest = readManifest(bytes);
  const { slots, exclusions, sha256 } = manifest;
  return ["ok_manifest", { slots: slots.length, excluded: exclusions.length, sha256 }, manifest];
}

function checkLines(bytes, manifest) {
  const roster = readRoster(bytes);
  if (manifest) checkRoster(manifest, roster);
  return ["ok_roster", { cadres: roster.cadres.size, households: roster.households, strata: roster.strata.size }, roster];
}

function checkChain(bytes, manifest, head) {
  const transcript = readTranscript(bytes, manifest.firstPrev);
  if (!transcript.head.startsWith(head)) refuse("head_differs", TRANSCRIPT);
  return ["ok_transcript", { lines: transcript.lines.length, head: transcript.head }, transcript];
}

function checkCourse({ lines }, manifest) {
  const course = readCourse(lines, manifest);
  if (course.rehearsal === null) return ["ok_order_not_open", {}, course];
  const minutes = Math.floor((lines[1].at - lines[0].at) / 60_000);
  if (course.rehearsal) return ["ok_order_rehearsal", { minutes }, course];
  return [minutes < 24 * 60 ? "ok_order_short" : "ok_order", { minutes }, course];
}

/** Every signature is a declared witness's, and a majority has signed each die and each bind that counts. */
function checkWitnesses({ lines }, { witnesses, majority }) {
  let [signed, signatures, needed, waits] = [0, 0, 0, false];
  lines.forEach(({ type, sigs, toSign, place }, i) => {
    for (const [id, signature] of sigs) {
      if (!witnesses.has(id)) refuse("witness_unknown", place, { id });
      if (!isSigned(witnesses.get(id), toSign, signature)) refuse("witness_not_signed", place, { id });
    }
    signed += sigs.size ? 1 : 0;
    signatures += sigs.size;
    const isGivenUp = i === lines.length - 2 && lines[i + 1].type === "abort";
    if ((type !== "dice" && type !== "bind") || isGivenUp) return;
    needed += 1;
    if (sigs.size >= majority) return;
    waits = i === lines.length - 1;
    if (!waits) refuse("witnesses_too_few", place, { n: sigs.size, needed: majority });
  });
  if (waits) return ["witnesses_wait", { line: lines.length }, true, true];
  return ["ok_witnesses", { witnesses: witnesses.size, signed, signatures, needed }, true];
}

/** The revealed rounds: as 0 the master seed's and the namings', then slot by slot. */
function pulsesOf(course, { rules }) {
  if (!rules) return [];
  const bounds = [
    { j: 0, bounds: [course.bound, ...course.namingRounds] },
    ...course.slots.map(({ j, bound, hhBound }) => ({ j, bounds: [bound, hhBound] }))];
  return bounds.map(({ j, bounds: some }) => ({ j, pulses: some.map((bound) => bound?.pulse).filter(Boolean) }))
    .filter(({ pulses }) => pulses.length);
}

function checkBeacon(chain, pulses) {
  const forged = firstForged(chain, pulses);
  if (forged) refuse("round_not_signed", TRANSCRIPT, { chain: chain.name, round: forged.round });
  return ["ok_beacon", { chain: chain.name, rounds: pulses.map(({ round }) => round).join(", ") }];
}

const masterOf = (course, manifest) => masterSeed(manifest.sha256, course.digits, course.bound);

/** Draw every slot again; a cadre who was published as drawn is out of the later pots. */
function* drawsOf(course, manifest, roster) {
  const drawn = course.slots.filter((slot) => slot.drawn);
  if (!drawn.length) return;
  const master = masterOf(course, manifest);
  const gone = new Set(manifest.excluded.keys());
  for (const slot of drawn) {
    const stratum = manifest.slots[slot.j - 1];
    const pot = [...roster.cadres.values()].filter((one) => one.stratum === stratum && !gone.has(one.cadre));
    const seed = slotSeed(master, slot.j, slot.digits, slot.bound);
    yield { j: slot.j, stratum, seed, slot, tickets: ticketsOf(seed, pot) };
    gone.add(slot.drawn.cadre);
  }
}

function checkSlot({ j, stratum, slot, tickets }) {
  const due = slotLine(j, stratum, tickets);
  if (!due) refuse("pot_empty", TRANSCRIPT, { stratum });
  const isSame = Object.keys(due).every((field) => String(slot.drawn[field]) === String(due[field]));
  if (!isSame) refuse("drawn_otherwise", TRANSCRIPT, { cadre: due.cadre });
  return ["ok_slot", { stratum, n: due.eligible_n, cadre: due.cadre, ticket: due.ticket }, due.cadre];
}

/** Order the households of a slot or a naming again, and replay the calls to them. */
function checkHouseholds(calling, seed, { cadre, hh_n: n }, rules, seen) {
  if (!calling.order) return ["ok_households_not_called", {}];
  const order = householdOrder(householdSeed(seed, cadre, calling.hhBound), n);
  if (calling.order.order.join() !== order.join()) refuse("household_order_otherwise", TRANSCRIPT);
  const { opened, completed } = replayCalls(order, calling.facts, rules, seen);
  const word = completed >= rules.target ? "ok_households" : "ok_households_insufficient";
  return [word, { n, opened, completed, target: rules.target }];
}

function checkNamed({ namings }, { cadres }) {
  const stranger = namings.find(({ named }) => !cadres.has(named.cadre));
  if (stranger) refuse("named_unknown", TRANSCRIPT, { cadre: stranger.named.cadre });
  return ["ok_named", { n: namings.length }, true];
}

const OF_NAMING = {
  ok_households: "ok_naming",
  ok_households_insufficient: "ok_naming_insufficient",
  ok_households_not_called: "ok_naming_not_called",
};

function callNamed(naming, course, manifest, households) {
  const { cadre } = naming.named;
  const seed = naming.order && masterOf(course, manifest);
  const [word, values] = households(naming, seed, cadre);
  return [OF_NAMING[word], { ...values, cadre }];
}

function ending({ end, slots }, manifest) {
  if (end.type === "abort") return ["ok_aborted", { attempt: manifest.attempt, reason: end.body.reason }];
  return ["ok_close", { n: slots.length, planned: manifest.slots.length }];
}
