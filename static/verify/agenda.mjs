// The order of a pledge assembly: drawn, it follows from the agenda's hash and the dice; else it is the agenda's own.

import { parseCanonical } from "./canonical.mjs";
import { householdOrder, masterSeed } from "./draw.mjs";
import { sha256hex } from "./hashing.mjs";
import { refuse } from "./refusal.mjs";
import { SHA256, expect, list, range, words } from "./shapes.mjs";

export const AGENDA = "agenda.json";
export const ORDER = "order.json";

const MOST_ISSUES = 60;
const COUNTED = range(0, 9_999_999);
const WRITTEN = /^[^\x00-\x1f\x7f]{1,2000}$/u;
const NUMBERS = list(range(1, MOST_ISSUES), 0, MOST_ISSUES);

const ISSUE = {
  n: range(1, MOST_ISSUES), title: WRITTEN, question: WRITTEN, unit: WRITTEN, speaker: WRITTEN,
  post: /^[^\x00-\x1f\x7f]{0,2000}$/u, requests: COUNTED, places: COUNTED,
};
const PUBLISHED = { format: words("assembly-agenda/1"), issues: list(ISSUE, 1, MOST_ISSUES) };
const ORDERED = {
  format: words("assembly-order/1"), protocol: /^(?:cadre-draw\/1)?$/, agenda_sha256: SHA256, digits: /^(?:[0-9]{24})?$/,
  seed: /^(?:[0-9a-f]{64})?$/, order: NUMBERS, called: NUMBERS, end: /^(?:close|abort)?$/,
  head: /^(?:[0-9a-f]{64})?$/,
};

export function checkAgenda(bytes) {
  const { issues } = expect(parseCanonical(bytes, AGENDA), PUBLISHED, "agenda");
  if (issues.some(({ n }, i) => n !== i + 1)) refuse("issues_misnumbered", AGENDA);
  if (new Set(issues.map(({ title }) => title)).size !== issues.length) refuse("issues_twice", AGENDA);
  const sha256 = sha256hex(bytes);
  return ["ok_agenda", { n: issues.length, sha256 }, { n: issues.length, sha256 }];
}

export function checkOrder(bytes, agenda) {
  const found = expect(parseCanonical(bytes, ORDER), ORDERED, "order");
  if (found.agenda_sha256 !== agenda.sha256) refuse("order_of_another", ORDER);
  if (!found.order.length) return ["order_not_made", {}, found, true];
  const drawn = Boolean(found.protocol);
  if (drawn && (!found.digits || found.seed !== masterSeed(agenda.sha256, found.digits))) refuse("seed_otherwise", ORDER);
  if (!drawn && (found.digits || found.seed)) refuse("dice_of_none", ORDER);
  const due = drawn ? householdOrder(found.seed, agenda.n) : Array.from({ length: agenda.n }, (_, i) => i + 1);
  if (found.order.join() !== due.join()) refuse("issue_order_otherwise", ORDER);
  return [drawn ? "ok_issues_drawn" : "ok_issues_fixed", { n: agenda.n }, found];
}

/** The final hash that was shown is the published one; `true` at the end while none is yet. */
export function checkHead({ head }, shown) {
  if (!head) return ["not_sealed_yet", {}, true, true];
  if (!head.startsWith(shown)) refuse("head_differs", ORDER);
  return ["ok_head", { head }, true];
}

export function checkCalled({ order, called, end }) {
  const values = { n: called.length, planned: order.length };
  if (called.join() !== order.slice(0, called.length).join()) refuse("called_otherwise", ORDER);
  if (end === "close" && called.length < order.length) refuse("closed_early", ORDER, { n: order.length - called.length });
  return end ? [end === "abort" ? "ok_called_aborted" : "ok_called", values, true] : ["called_so_far", values, true, true];
}
