// Which questions about a cadre's households were asked: opened from the roster's commitment, chosen again.

import { spell } from "./canonical.mjs";
import { sha256hex } from "./hashing.mjs";
import { refuse } from "./refusal.mjs";
import { TRANSCRIPT } from "./transcript.mjs";

const UTF8 = new TextEncoder();

/** Check the body of a `quiz` line; `seed` orders the cadre's households, `line` is the roster's. */
export function checkQuiz(quiz, seed, line) {
  if (!line.quiz) refuse("quiz_not_frozen", TRANSCRIPT);
  const { cadre, homes, items, withdrawn, asked, salt } = quiz;
  if (sha256hex(UTF8.encode(spell({ cadre, homes, items, salt }))) !== line.quiz) refuse("quiz_opened_otherwise", TRANSCRIPT);
  const known = new Set(items.map(named));
  if (!ascends(items) || items.some(([n]) => n > homes.length) || homes.length > line.hh_n) refuse("quiz_items_wrong", TRANSCRIPT);
  if (!ascends(withdrawn) || !withdrawn.every((one) => known.has(named(one)))) refuse("quiz_withdrawn_wrong", TRANSCRIPT);
  const gone = new Set(withdrawn.map(named));
  const due = questions(seed, items.filter((one) => !gone.has(named(one))), asked.length);
  if (asked.map(named).join() !== due.map(named).join()) refuse("quiz_asked_otherwise", TRANSCRIPT);
  return ["ok_quiz", { items: items.length, withdrawn: withdrawn.length, asked: asked.length }];
}

/** The smallest tickets, no field twice while others are left, nor a household where another would do. */
export function questions(seed, items, count) {
  const left = items.map((item) => ({ item, ticket: sha256hex(UTF8.encode(`cadre-quiz/1|ticket|${seed}|${item.join("|")}`)) }))
    .sort((a, b) => (a.ticket < b.ticket ? -1 : 1));
  const asked = [];
  const fields = new Set();
  const homes = new Set();
  while (left.length && asked.length < count) {
    const costs = left.map(({ item: [n, field] }) => (fields.has(field) ? 2 : 0) + (homes.has(n) ? 1 : 0));
    const least = costs.reduce((best, cost) => Math.min(best, cost));
    const [{ item }] = left.splice(costs.indexOf(least), 1);
    asked.push(item);
    homes.add(item[0]);
    fields.add(item[1]);
  }
  return asked;
}

const named = ([n, field]) => `${n}|${field}`;

function ascends(items) {
  return items.every(([n, field], i) => {
    const [before, other] = i ? items[i - 1] : [0, ""];
    return before < n || (before === n && other < field);
  });
}
