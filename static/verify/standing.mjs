// Where one cadre stood in each slot: the question that everybody asks of a draw.

import { hashed, hex } from "./hashing.mjs";

/**
 * Say for each slot of a verification where `cadre` stood: {j, stratum, kind} and, by kind,
 * "drawn" and "in_pot": ticket, rank from 1, n in the pot, hashed (the text that gave the ticket);
 * "excluded": reason; "drawn_before": before (the slot); "other_stratum": nothing more.
 * null when the roster has no such cadre.
 */
export function standing({ manifest, roster, course, draws }, cadre) {
  const one = roster.cadres.get(cadre);
  if (!one) return null;
  return draws.map(({ j, stratum, seed, tickets }) => {
    const about = (kind, more = {}) => ({ j, stratum, kind, ...more });
    if (manifest.excluded.has(cadre)) return about("excluded", { reason: manifest.excluded.get(cadre) });
    const before = course.slots.find((slot) => slot.j < j && slot.drawn?.cadre === cadre);
    if (before) return about("drawn_before", { before: before.j });
    if (one.stratum !== stratum) return about("other_stratum");
    const place = tickets.findIndex((held) => held.cadre === cadre);
    const { ticket, i } = tickets[place];
    return about(place === 0 ? "drawn" : "in_pot", {
      ticket: hex(ticket), rank: place + 1, n: tickets.length, hashed: hashed("ticket", seed, cadre, i),
    });
  });
}
