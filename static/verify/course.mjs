// The course of a session: which line may follow which.

import { refuse } from "./refusal.mjs";

/**
 * Read the lines in order and sort them by slot; refuse the first that may not stand there.
 * Gives {rehearsal, digits, slots: [{j, digits, drawn, order, facts}], named, end}; what has not
 * happened yet is null.
 */
export function readCourse(lines, manifest) {
  const course = { rehearsal: null, digits: null, slots: [], named: [], end: null };
  lines.forEach((line, i) => {
    if (course.end) refuse("after_the_end", line.place);
    const begins = ["manifest", "open"];
    if (begins.includes(line.type) !== (i < 2) || (i < 2 && line.type !== begins[i])) refuse("bad_beginning", line.place);
    if (line.hasSigs) refuse("unknown_witness", line.place);
    if (!Object.hasOwn(RULES, line.type)) refuse("no_beacon_declared", line.place);
    RULES[line.type](course, line, manifest);
  });
  checkAired(course, manifest.hh);
  return course;
}

const RULES = {
  manifest(course, { body, place }, manifest) {
    if (body.sha256 !== manifest.sha256) refuse("published_another_manifest", place);
  },

  open(course, { body }) {
    course.rehearsal = body.rehearsal;
  },

  dice(course, { body, place }, manifest) {
    if (body.source === "rehearsal" && !course.rehearsal) refuse("rehearsal_dice_on_air", place);
    if (body.purpose === "master") {
      if (course.digits) refuse("master_dice_twice", place);
      course.digits = body.digits;
      return;
    }
    mayGoOn(course, place);
    const j = course.slots.length + 1;
    if (body.j !== j) refuse("dice_out_of_turn", place, { j });
    if (j > manifest.slots.length) refuse("more_slots_than_planned", place);
    course.slots.push({ j, digits: body.digits, drawn: null, order: null, facts: [] });
  },

  slot(course, { body, place }) {
    const now = course.slots.at(-1);
    if (!now || now.drawn || body.j !== now.j) refuse("drawn_without_dice_or_twice", place);
    now.drawn = body;
  },

  hh_order(course, { body, place }) {
    const now = course.slots.at(-1);
    if (!now?.drawn || now.order || body.j !== now.j) refuse("order_out_of_turn", place);
    if (body.cadre !== now.drawn.cadre) refuse("order_of_another", place);
    now.order = body;
  },

  hh_open: factOfNow,
  score: factOfNow,
  // The carrier may report the end of a call after the next slot has begun.
  call: fact,
  hh_final: fact,

  named(course, { body }) {
    course.named.push(body);
  },

  abort(course, line, manifest) {
    if (line.body.attempt !== manifest.attempt) refuse("abort_of_another_attempt", line.place);
    course.end = line;
  },

  close(course, line) {
    mayGoOn(course, line.place);
    if (line.body.slots !== course.slots.length) refuse("close_miscounted", line.place, { n: course.slots.length });
    course.end = line;
  },
};

function factOfNow(course, line) {
  const now = course.slots.at(-1);
  if (now?.order?.cadre !== line.body.cadre) refuse("not_being_called", line.place);
  now.facts.push(line);
}

function fact(course, line) {
  const slot = course.slots.findLast((one) => one.drawn?.cadre === line.body.cadre);
  if (!slot?.order) refuse("never_called", line.place);
  slot.facts.push(line);
}

/** The master dice must have fallen, and whoever the last dice drew must be named. */
function mayGoOn(course, place) {
  if (!course.digits) refuse("no_master_dice", place);
  const last = course.slots.at(-1);
  if (last && !last.drawn) refuse("dice_not_drawn_with", place, { j: last.j });
}

function checkAired(course, hh) {
  if (course.rehearsal === false && (hh.attempts < 2 || hh.gap_s < 90)) refuse("too_short_on_air", "manifest.hh");
}
