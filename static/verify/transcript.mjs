// The transcript: a hash chain of typed lines.

import { linesOf, parseCanonical, spell } from "./canonical.mjs";
import { sha256hex } from "./hashing.mjs";
import { refuse } from "./refusal.mjs";
import { CADRE, FINAL_CODES, MANY, MAX_HOUSEHOLDS, MAX_SLOTS, SHA256, SOME_ID, STRATUM, TEXT, either, expect, list, map, range, words } from "./shapes.mjs";

export const TRANSCRIPT = "transcript.jsonl";

const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const SLOT = range(1, MAX_SLOTS);
const POSITION = range(1, MAX_HOUSEHOLDS);
const PURPOSE = words("master slot hh");
const SOURCE = words("cups rehearsal");
const ROUND = range(1, Number.MAX_SAFE_INTEGER);
const QUESTION = [POSITION, /^[a-z][a-z0-9_]{0,31}$/];
const MAX_QUESTIONS = 99_999;
const SECONDS = range(0, 86_400);

const LINE = {
  at: TIME,
  body: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  i: range(0, Number.MAX_SAFE_INTEGER),
  prev: SHA256,
  sigs: map(SOME_ID, /^[0-9a-f]{128}$/),
  type: /^[a-z_]{1,16}$/,
};

const UTF8 = new TextEncoder();
const SLOT_DICE = { purpose: words("slot"), j: SLOT, digits: /^[0-9]{12}$/, source: SOURCE };
const PULSE = {
  purpose: PURPOSE, j: range(0, MAX_SLOTS), round: ROUND, signature: /^(?:[0-9a-f]{96}|[0-9a-f]{192})$/, randomness: SHA256,
};
const CHAINED_PULSE = { ...PULSE, previous_signature: /^(?:[0-9a-f]{64}|[0-9a-f]{192})$/ };
const BODIES = {
  manifest: { sha256: SHA256 },
  open: { rehearsal: either(true, false) },
  dice: { purpose: words("master"), digits: /^[0-9]{24}$/, source: SOURCE },
  bind: { purpose: PURPOSE, j: range(0, MAX_SLOTS), round: ROUND, round_time: TIME },
  beacon: PULSE,
  slot: { j: SLOT, stratum: STRATUM, cadre: CADRE, ticket: SHA256, runners_up: list([CADRE, SHA256], 0, 4), eligible_n: range(1, MANY) },
  hh_order: { j: range(0, MAX_SLOTS), cadre: CADRE, order: list(POSITION, 0, MAX_HOUSEHOLDS) },
  hh_open: { cadre: CADRE, k: POSITION },
  call: {
    cadre: CADRE, k: POSITION, attempt: range(1, 99), sid: /^[!-~]{1,64}$/,
    status: words("completed busy no-answer failed canceled"), ring_s: SECONDS, talk_s: SECONDS,
  },
  score: { cadre: CADRE, k: POSITION, sha256: SHA256 },
  hh_final: { cadre: CADRE, k: POSITION, code: words(FINAL_CODES) },
  quiz: {
    cadre: CADRE, salt: /^[0-9a-f]{32}$/, homes: list(SHA256, 0, MAX_HOUSEHOLDS), items: list(QUESTION, 0, MAX_QUESTIONS),
    withdrawn: list(QUESTION, 0, MAX_QUESTIONS), asked: list(QUESTION, 1, 5),
  },
  named: { cadre: CADRE, by: TEXT, reason: TEXT },
  abort: { reason: words("power_failure broadcast_failure system_failure invalid_dice safety court_order"), attempt: range(1, 99) },
  close: { slots: range(0, MAX_SLOTS) },
};

/**
 * Read transcript.jsonl and follow its chain from the manifest's `prev_head`:
 * {lines: [{type, body, at (ms), sigs: Map, toSign, place}], head}. `toSign` is null without signatures.
 */
export function readTranscript(bytes, firstPrev) {
  const lines = [];
  let head = firstPrev;
  for (const { bytes: spelt, place } of linesOf(bytes, TRANSCRIPT)) {
    const line = expect(parseCanonical(spelt, place), LINE, place);
    if (line.i !== lines.length || line.prev !== head) refuse("chain_broken", place);
    if (!Object.hasOwn(BODIES, line.type)) refuse("type_unknown", `${place}.type`);
    expect(line.body, fieldsOf(line), `${place}.body`);
    const at = moment(line.at, place);
    if (lines.length && at < lines.at(-1).at) refuse("back_in_time", place);
    lines.push({ type: line.type, body: line.body, at, ...signaturesOf(line), place });
    head = sha256hex(spelt);
  }
  return { lines, head };
}

function fieldsOf({ type, body }) {
  if (type === "dice" && body.purpose === "slot") return SLOT_DICE;
  return type === "beacon" && "previous_signature" in body ? CHAINED_PULSE : BODIES[type];
}

function signaturesOf(line) {
  const sigs = new Map(Object.entries(line.sigs));
  return { sigs, toSign: sigs.size ? UTF8.encode(spell({ ...line, sigs: {} })) : null };
}

/** Milliseconds of a UTC time; a date that no calendar has is refused. */
function moment(spelling, place) {
  const at = new Date(spelling);
  const exists = !Number.isNaN(at.getTime()) && at.toISOString() === spelling.replace("Z", ".000Z");
  if (!exists || spelling.startsWith("0000")) refuse("no_such_time", `${place}.at`);
  return at.getTime();
}
