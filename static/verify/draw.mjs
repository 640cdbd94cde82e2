// Who is drawn, and in which order households are called: everything follows from dice and manifest.

import { A, beginning, compareDigests, hex } from "./hashing.mjs";

// Where the form with a beacon has its round and randomness.
const NO_ROUND = "0";
const NO_RANDOMNESS = "none";

/** S0; `bound` is the revealed round of the beacon, null without. */
export function masterSeed(manifestSha256, digits, bound = null) {
  return A("master", manifestSha256, digits, ...chance(bound, NO_RANDOMNESS));
}

/** S_j, from the slot's dice or its round. */
export function slotSeed(master, j, digits, bound = null) {
  return A("slot", master, j, ...chance(bound, digits));
}

/** T_j, which orders the households of a cadre; `seed` is S_j, or S0 of a naming. */
export function householdSeed(seed, cadre, bound = null) {
  return A("hh", seed, cadre, ...chance(bound, NO_RANDOMNESS));
}

function chance(bound, otherwise) {
  return bound ? [bound.pulse.round, bound.pulse.randomness] : [NO_ROUND, otherwise];
}

/**
 * Put everybody in the pot of a slot in the order of their tickets: [{cadre, ticket (32 bytes), i}],
 * where i is the number, up to the cadre's weight, that gave the smallest hash.
 */
export function ticketsOf(seed, pot) {
  const ticket = beginning("ticket", seed);
  const held = pot.map(({ cadre, weight }) => {
    let best = { cadre, ticket: ticket(cadre, 1), i: 1 };
    for (let i = 2; i <= weight; i += 1) {
      const next = ticket(cadre, i);
      if (compareDigests(next, best.ticket) < 0) best = { cadre, ticket: next, i };
    }
    return best;
  });
  return held.sort((a, b) => compareDigests(a.ticket, b.ticket));
}

/** The `slot` line that the tickets demand; undefined when nobody is left. */
export function slotLine(j, stratum, tickets) {
  const [first, ...next] = tickets.slice(0, 5).map(({ cadre, ticket }) => [cadre, hex(ticket)]);
  return first && { j, stratum, cadre: first[0], ticket: first[1], runners_up: next, eligible_n: tickets.length };
}

/** Positions 1..n of a cadre's households, in the order in which they are called; `seed` is T_j. */
export function householdOrder(seed, n) {
  const ticket = beginning("hh-ticket", seed);
  return Array.from({ length: n }, (_, i) => ({ k: i + 1, ticket: ticket(i + 1) }))
    .sort((a, b) => compareDigests(a.ticket, b.ticket))
    .map(({ k }) => k);
}
