// The course of a session: which line may follow which.

import { pulseProblem, randomnessOf, roundFrom, roundTime } from "./beacon.mjs";
import { refuse } from "./refusal.mjs";

/**
 * Read the lines in order and sort them; refuse the first that may not stand there. Gives
 * {rehearsal, digits, rolledAt, bound, slots: [{j, digits, bound, drawn, hhBound, order, facts}],
 * namings: [{named, hhBound, order, facts}], namingRounds, end}; what has not happened is null.
 * Slots and namings that were asked about households have `quiz`, the line's body, and `quizBound`.
 * A bound round is {bind, pulse}, its pulse {round, signature, previous, randomness} or null.
 */
export function readCourse(lines, manifest) {
  const course = {
    rehearsal: null, digits: null, rolledAt: null, bound: null, slots: [], namings: [], namingRounds: [], end: null,
    waiting: null, namingRound: null, nameable: [], called: new Map(), nowCalled: new Set(),
  };
  lines.forEach((line, i) => {
    if (course.end) refuse("after_the_end", line.place);
    const begins = ["manifest", "open"];
    if (begins.includes(line.type) !== (i < 2) || (i < 2 && line.type !== begins[i])) refuse("bad_beginning", line.place);
    if (line.sigs.size && !manifest.witnesses.size) refuse("unknown_witness", line.place);
    RULES[line.type](course, line, manifest);
  });
  checkAired(course, manifest);
  return course;
}

const RULES = {
  manifest(course, { body, place }, manifest) {
    if (body.sha256 !== manifest.sha256) refuse("published_another_manifest", place);
  },

  open(course, { body }) {
    course.rehearsal = body.rehearsal;
  },

  dice(course, { body, at, place }, manifest) {
    if (body.source === "rehearsal" && !course.rehearsal) refuse("rehearsal_dice_on_air", place);
    if (body.purpose === "master") {
      if (course.digits) refuse("master_dice_twice", place);
      course.digits = body.digits;
      course.rolledAt = at;
      return;
    }
    if (manifest.rules) refuse("slot_dice_with_beacon", place);
    beginSlot(course, { j: body.j, digits: body.digits, bound: null }, manifest, "dice_out_of_turn", place);
  },

  bind(course, line, manifest) {
    const { body, place } = line;
    if (!manifest.rules) refuse("no_beacon_declared", place);
    if (course.waiting) refuse("bound_and_waiting", place, { round: course.waiting.bind.round });
    const bound = { bind: body, pulse: null };
    const purpose = body.purpose === "hh" && body.j === 0 ? "naming" : body.purpose;
    BINDS[purpose](course, bound, manifest, place);
    checkTimes(line, manifest.rules, purpose === "master" ? course.rolledAt : null);
    course.waiting = bound;
  },

  beacon(course, line, manifest) {
    if (!manifest.rules) refuse("no_beacon_declared", line.place);
    course.waiting.pulse = answer(course.waiting, line, manifest.rules.chain);
    course.waiting = null;
  },

  slot(course, { body, place }, manifest) {
    const now = course.slots.at(-1);
    if (!now || now.drawn || body.j !== now.j) refuse("drawn_without_dice_or_twice", place);
    needRevealed(now.bound, manifest, place);
    now.drawn = body;
  },

  hh_order(course, line, manifest) {
    const calling = line.body.j === 0 ? namingOrder(course, line, manifest) : slotOrder(course, line, manifest);
    calling.order = line.body;
    course.called.set(line.body.cadre, calling);
    course.nowCalled.add(line.body.cadre);
  },

  hh_open: factOfNow,
  score: factOfNow,
  // The carrier may report the end of a call after the next slot has begun.
  call: fact,
  hh_final: fact,

  quiz(course, { body, place }, manifest) {
    const now = course.slots.at(-1);
    const isDrawnNow = now?.drawn?.cadre === body.cadre;
    const [calling, bound] = isDrawnNow ? [now, now.hhBound] : quizOfNaming(course, body.cadre, manifest, place);
    needRevealed(bound, manifest, place);
    if (calling.quiz) refuse("quiz_twice", place);
    calling.quiz = body;
    calling.quizBound = bound;
  },

  named(course, { body, place }) {
    const { cadre } = body;
    if (course.namings.some(({ named }) => named.cadre === cadre)) refuse("named_twice", place, { cadre });
    if (isDrawn(course, cadre)) refuse("named_after_drawn", place, { cadre });
    course.namings.push({ named: body, hhBound: null, order: null, facts: [] });
  },

  abort(course, line, manifest) {
    if (line.body.attempt !== manifest.attempt) refuse("abort_of_another_attempt", line.place);
    course.end = line;
  },

  close(course, line, manifest) {
    needSeed(course, manifest, line.place);
    needCarriedOut(course, line.place);
    if (line.body.slots !== course.slots.length) refuse("close_miscounted", line.place, { n: course.slots.length });
    course.end = line;
  },
};

// ---- the beacon

const BINDS = {
  master(course, bound, manifest, place) {
    if (!course.digits) refuse("no_master_dice", place);
    if (course.bound || bound.bind.j !== 0) refuse("master_bound_twice", place);
    course.bound = bound;
  },

  slot(course, bound, manifest, place) {
    const { j } = bound.bind;
    if (j <= course.slots.length) refuse("slot_bound_twice", place, { j });
    beginSlot(course, { j, digits: "", bound }, manifest, "round_out_of_turn", place);
  },

  hh(course, bound, manifest, place) {
    const now = course.slots.at(-1);
    if (!now?.drawn || bound.bind.j !== now.j) refuse("households_bound_too_early", place);
    if (now.hhBound) refuse("households_bound_twice", place);
    now.hhBound = bound;
  },

  naming(course, bound, manifest, place) {
    needSeed(course, manifest, place);
    needDrawn(course, place);
    if (course.namingRound) refuse("naming_bound_twice", place);
    course.nameable = course.namings.filter(({ order }) => !order);
    if (!course.nameable.length) refuse("nobody_named_waits", place);
    course.namingRound = bound;
    course.namingRounds.push(bound);
  },
};

/** A round is bound long enough before it exists; dice are bound to the one that their time names. */
function checkTimes({ at, body, place }, { chain, margin, minDelay }, rolledAt) {
  const due = roundTime(chain, body.round);
  if (due === null) refuse("no_such_round", place, { chain: chain.name, round: body.round });
  const spelt = new Date(due).toISOString().replace(".000Z", "Z");
  if (body.round_time !== spelt) refuse("another_chain", place, { round: body.round, time: spelt });
  if (body.round < roundFrom(chain, at, margin)) refuse("bound_too_late", place, { s: margin });
  const only = rolledAt === null ? body.round : roundFrom(chain, rolledAt, minDelay);
  if (body.round !== only) refuse("dice_name_another_round", place, { round: only, s: minDelay });
}

/** The pulse of a `beacon` line, which must answer the round that waits. */
function answer(waiting, { at, body, place }, chain) {
  if (!waiting) refuse("nothing_bound", place);
  const { bind } = waiting;
  if (["purpose", "j", "round"].some((name) => body[name] !== bind[name])) refuse("another_round", place, { round: bind.round });
  if (at < roundTime(chain, bind.round)) refuse("before_its_time", place);
  const pulse = { round: body.round, signature: body.signature, previous: body.previous_signature ?? "", randomness: body.randomness };
  const problem = pulseProblem(chain, pulse);
  if (problem) refuse(problem, place, { chain: chain.name });
  if (body.randomness !== randomnessOf(body.signature)) refuse("randomness_wrong", place);
  return pulse;
}

// ---- slots, orders, calls

function beginSlot(course, { j, digits, bound }, manifest, word, place) {
  needSeed(course, manifest, place);
  needCarriedOut(course, place);
  const due = course.slots.length + 1;
  if (j !== due) refuse(word, place, { j: due });
  if (j > manifest.slots.length) refuse("more_slots_than_planned", place);
  course.slots.push({ j, digits, bound, drawn: null, hhBound: null, order: null, facts: [] });
  course.nowCalled.clear();
}

function slotOrder(course, { body, place }, manifest) {
  const now = course.slots.at(-1);
  if (!now?.drawn || now.order || body.j !== now.j) refuse("order_out_of_turn", place);
  if (body.cadre !== now.drawn.cadre) refuse("order_of_another", place);
  needRevealed(now.hhBound, manifest, place);
  return now;
}

function namingOrder(course, { body, place }, manifest) {
  needSeed(course, manifest, place);
  needDrawn(course, place);
  const naming = course.namings.find(({ named }) => named.cadre === body.cadre);
  if (!naming || naming.order || isDrawn(course, body.cadre)) refuse("naming_order_out_of_turn", place);
  needRevealed(course.namingRound, manifest, place);
  if (course.namingRound && !course.nameable.includes(naming)) refuse("named_after_bound", place);
  naming.hhBound = course.namingRound;
  course.namingRound = null;
  return naming;
}

function quizOfNaming(course, cadre, manifest, place) {
  needSeed(course, manifest, place);
  needDrawn(course, place);
  const naming = course.namings.find(({ named }) => named.cadre === cadre);
  const isOver = naming?.order && !course.nowCalled.has(cadre);
  if (!naming || isOver || isDrawn(course, cadre)) refuse("quiz_out_of_turn", place);
  if (naming.order) return [naming, naming.hhBound];
  if (course.namingRound && !course.nameable.includes(naming)) refuse("named_after_bound", place);
  return [naming, course.namingRound];
}

function factOfNow(course, line) {
  if (!course.nowCalled.has(line.body.cadre)) refuse("not_being_called", line.place);
  fact(course, line);
}

function fact(course, line) {
  const calling = course.called.get(line.body.cadre);
  if (!calling) refuse("never_called", line.place);
  calling.facts.push(line);
}

// ---- what must have happened before

function isDrawn({ slots }, cadre) {
  return slots.some(({ drawn }) => drawn?.cadre === cadre);
}

function needSeed(course, manifest, place) {
  if (!course.digits) refuse("no_master_dice", place);
  needRevealed(course.bound, manifest, place);
}

function needRevealed(bound, { rules }, place) {
  if (!rules) return;
  if (!bound) refuse("nothing_bound_yet", place);
  if (!bound.pulse) refuse("not_revealed", place, { round: bound.bind.round });
}

/** Whoever the last dice drew must be named. */
function needDrawn({ slots }, place) {
  const last = slots.at(-1);
  if (last && !last.drawn) refuse("dice_not_drawn_with", place, { j: last.j });
}

function needCarriedOut(course, place) {
  needDrawn(course, place);
  const last = course.slots.at(-1);
  if (last?.hhBound && !last.order) refuse("households_not_ordered", place, { j: last.j });
  if (course.namingRound) refuse("naming_not_ordered", place);
}

function checkAired({ rehearsal }, { hh, rules }) {
  if (rehearsal !== false) return;
  if (hh.attempts < 2 || hh.gap_s < 90) refuse("too_short_on_air", "manifest.hh");
  if (rules && (rules.minDelay < 60 || rules.margin < 10)) refuse("bound_too_short_on_air", "manifest.beacon");
}
