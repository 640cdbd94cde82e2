// The frozen roster: who may be drawn, one line a cadre.

import { linesOf, parseCanonical } from "./canonical.mjs";
import { merkleRoot, sha256hex } from "./hashing.mjs";
import { refuse } from "./refusal.mjs";
import { CADRE, MAX_HOUSEHOLDS, SHA256, STRATUM, expect, isObject, range } from "./shapes.mjs";

export const ROSTER = "roster.jsonl";

const LINE = {
  cadre: CADRE,
  hh_n: range(0, MAX_HOUSEHOLDS),
  hh_root: SHA256,
  stratum: STRATUM,
  weight: range(1, 8),
};
const WITH_QUIZ = { ...LINE, quiz: SHA256 };

/** Read roster.jsonl: {cadres: Map by number in order, households, strata: Map of counts, sha256, root}. */
export function readRoster(bytes) {
  const lines = linesOf(bytes, ROSTER);
  const cadres = new Map();
  const strata = new Map();
  let households = 0;
  let before = "";
  let fields = null;
  for (const line of lines) {
    const read = parseCanonical(line.bytes, line.place);
    // What can be asked on stage is committed to for everybody, or for nobody.
    fields ??= isObject(read) && "quiz" in read ? WITH_QUIZ : LINE;
    const one = expect(read, fields, line.place);
    if (one.cadre <= before) refuse("cadre_twice_or_unsorted", line.place, { cadre: one.cadre });
    before = one.cadre;
    cadres.set(one.cadre, one);
    strata.set(one.stratum, (strata.get(one.stratum) ?? 0) + 1);
    households += one.hh_n;
  }
  return { cadres, households, strata, sha256: sha256hex(bytes), root: merkleRoot(lines.map((line) => line.bytes)) };
}
