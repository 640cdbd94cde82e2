// The checks of `evalsys verify`, step by step, written apart from it. Nothing in the transcript is
// taken on trust: seeds, tickets, orders and final codes are computed again.

import { replayCalls } from "./calls.mjs";
import { readCourse } from "./course.mjs";
import { householdOrder, masterSeed, slotLine, slotSeed, ticketsOf } from "./draw.mjs";
import { sha256hex } from "./hashing.mjs";
import { MANIFEST, checkRoster, readManifest } from "./manifest.mjs";
import { Refusal, refuse } from "./refusal.mjs";
import { ROSTER, readRoster } from "./roster.mjs";
import { TRANSCRIPT, readTranscript } from "./transcript.mjs";

export const SUMS = "SHA256SUMS";
export const FILES = [MANIFEST, ROSTER, TRANSCRIPT, SUMS];
const SUM = /^([0-9a-f]{64}) {2}([0-9A-Za-z._-]+)$/;

/**
 * Check what the files allow. `files` maps names to Uint8Array; `head` is the final hash that was
 * shown on air, or "". Yields each step as it is done: {name, j, mark: "ok"|"FAIL"|"open", word,
 * values, place}; returns {finding: "good"|"bad"|"incomplete", manifestSha256, head, manifest,
 * roster, course, draws: [{j, stratum, seed, tickets}]}, null where a file did not get so far.
 * Never throws, whatever the bytes.
 */
export function* verify(files, head = "") {
  const found = { finding: "good", manifestSha256: "", head: "", manifest: null, roster: null, course: null, draws: [] };

  /** Yield a step: `check` gives [word, values, result], or refuses. */
  function* step(name, check, j = 0) {
    try {
      const [word, values, result] = check();
      yield { name, j, mark: "ok", word, values, place: "" };
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
  if (roster) {
    const seen = new Set();
    for (const draw of drawsOf(course, manifest, roster)) {
      found.draws.push(draw);
      const drawn = yield* step("slot", () => checkSlot(draw), draw.j);
      if (drawn) yield* step("households", () => checkHouseholds(draw, roster.cadres.get(drawn), manifest.hh, seen), draw.j);
    }
    yield* step("named", () => checkNamed(course, roster));
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
  for (const name of [MANIFEST, ROSTER, TRANSCRIPT]) {
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
  if (head && transcript.head !== head) refuse("head_differs", TRANSCRIPT);
  return ["ok_transcript", { lines: transcript.lines.length, head: transcript.head }, transcript];
}

function checkCourse({ lines }, manifest) {
  const course = readCourse(lines, manifest);
  if (course.rehearsal === null) return ["ok_order_not_open", {}, course];
  const minutes = Math.floor((lines[1].at - lines[0].at) / 60_000);
  return [course.rehearsal ? "ok_order_rehearsal" : "ok_order", { minutes }, course];
}

/** Draw every slot again; a cadre who was published as drawn is out of the later pots. */
function* drawsOf(course, manifest, roster) {
  const drawn = course.slots.filter((slot) => slot.drawn);
  if (!drawn.length) return;
  const master = masterSeed(manifest.sha256, course.digits);
  const gone = new Set(manifest.excluded.keys());
  for (const slot of drawn) {
    const stratum = manifest.slots[slot.j - 1];
    const pot = [...roster.cadres.values()].filter((one) => one.stratum === stratum && !gone.has(one.cadre));
    const seed = slotSeed(master, slot.j, slot.digits);
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

function checkHouseholds({ seed, slot }, { cadre, hh_n: n }, rules, seen) {
  if (!slot.order) return ["ok_households_not_called", {}];
  const order = householdOrder(seed, cadre, n);
  if (slot.order.order.join() !== order.join()) refuse("household_order_otherwise", TRANSCRIPT);
  const { opened, completed } = replayCalls(order, slot.facts, rules, seen);
  const word = completed >= rules.target ? "ok_households" : "ok_households_insufficient";
  return [word, { n, opened, completed, target: rules.target }];
}

function checkNamed({ named }, { cadres }) {
  const stranger = named.find(({ cadre }) => !cadres.has(cadre));
  if (stranger) refuse("named_unknown", TRANSCRIPT, { cadre: stranger.cadre });
  return ["ok_named", { n: named.length }];
}

function ending({ end, slots }, manifest) {
  if (end.type === "abort") return ["ok_aborted", { attempt: manifest.attempt, reason: end.body.reason }];
  return ["ok_close", { n: slots.length, planned: manifest.slots.length }];
}
