// The manifest: everything that is fixed before the dice.

import { BEACON, beaconRules } from "./beacon.mjs";
import { parseCanonical } from "./canonical.mjs";
import { PROTOCOL, sha256hex } from "./hashing.mjs";
import { refuse } from "./refusal.mjs";
import { CADRE, FINAL_CODES, MANY, MAX_SLOTS, SHA256, SOME_ID, STRATUM, TEXT, either, expect, isObject, list, map, range, words } from "./shapes.mjs";

export const MANIFEST = "manifest.json";
const NO_HEAD = "0".repeat(64);

const FIELDS = {
  v: words(PROTOCOL),
  session: /^[^\x00-\x1f\x7f|]{1,200}$/u,
  attempt: range(1, 99),
  roster_sha256: SHA256,
  roster_root: SHA256,
  roster_n: range(1, MANY),
  strata: list({ id: STRATUM, n: range(1, MANY), eligible: range(0, MANY) }, 1, 2600),
  quota: map(STRATUM, range(0, MAX_SLOTS)),
  slots: list(STRATUM, 1, MAX_SLOTS),
  exclusions: list({ cadre: CADRE, reason: words("on_leave drawn_within_180d left_post court_order") }, 0, MANY),
  dice: { sides: range(10, 10), count: range(24, 24), rollers: list(TEXT, 4, 4) },
  beacon: BEACON,
  hh: {
    target: range(1, 99),
    attempts: range(1, 9),
    gap_s: range(0, 86_400),
    parallel: range(1, 20),
    final_codes: list(words(FINAL_CODES), 1, 6),
  },
  witness_keys: list({ id: SOME_ID, key: SHA256 }, 0, 20),
  prev_head: either(SHA256, null),
};

/**
 * Read manifest.json: its fields, with `sha256`, `excluded` (a Map to reasons), `witnesses` (a Map to keys),
 * `majority`, `rules` (of the beacon, or null), `firstPrev`.
 */
export function readManifest(bytes) {
  const manifest = expect(withPrevHead(parseCanonical(bytes, MANIFEST)), FIELDS, "manifest");
  checkNumbers(manifest);
  return {
    ...manifest,
    sha256: sha256hex(bytes),
    excluded: new Map(manifest.exclusions.map((one) => [one.cadre, one.reason])),
    witnesses: new Map(manifest.witness_keys.map(({ id, key }) => [id, key])),
    majority: manifest.witness_keys.length && Math.floor(manifest.witness_keys.length / 2) + 1,
    rules: beaconRules(manifest.beacon),
    firstPrev: manifest.prev_head ?? NO_HEAD,
  };
}

/** The first session of all may leave `prev_head` out. */
function withPrevHead(value) {
  if (isObject(value) && !("prev_head" in value)) value.prev_head = null;
  return value;
}

/** Refuse unless the manifest describes exactly this roster. */
export function checkRoster(manifest, roster) {
  const { cadres } = roster;
  if (manifest.roster_sha256 !== roster.sha256 || manifest.roster_root !== roster.root || manifest.roster_n !== cadres.size) {
    refuse("roster_is_another", "manifest.roster_sha256");
  }
  const left = new Map(roster.strata);
  for (const cadre of manifest.excluded.keys()) {
    const one = cadres.get(cadre);
    if (!one) refuse("excluded_unknown", "manifest.exclusions", { cadre });
    left.set(one.stratum, left.get(one.stratum) - 1);
  }
  const told = manifest.strata.every(({ id, n, eligible }) => roster.strata.get(id) === n && left.get(id) === eligible);
  if (!told || manifest.strata.length !== roster.strata.size) refuse("strata_miscounted", "manifest.strata");
}

/** Share `seats` by largest remainder: [[name, size]] → Map. Ties go to the smaller name. */
export function largestRemainder(seats, sizes) {
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  if (!total) refuse("nobody_to_draw", "manifest.quota");
  const shares = sizes.map(([name, size]) => ({ name, whole: Math.floor((seats * size) / total), rest: (seats * size) % total }));
  let over = shares.reduce((left, share) => left - share.whole, seats);
  for (const share of [...shares].sort((a, b) => b.rest - a.rest || (a.name < b.name ? -1 : 1))) {
    if (over <= 0) break;
    share.whole += 1;
    over -= 1;
  }
  return new Map(shares.map(({ name, whole }) => [name, whole]));
}

function checkNumbers(manifest) {
  const { strata, exclusions, quota, slots, dice, hh } = manifest;
  const must = (holds, word, field) => holds || refuse(word, `manifest.${field}`);
  const differ = (names) => new Set(names).size === names.length;

  const everybody = strata.reduce((sum, one) => sum + one.n, 0);
  must(differ(strata.map((one) => one.id)) && everybody === manifest.roster_n
    && strata.every((one) => one.eligible <= one.n), "strata_wrong", "strata");
  must(differ(exclusions.map((one) => one.cadre)), "excluded_twice", "exclusions");

  const known = new Map(strata.map((one) => [one.id, one]));
  const share = (id) => quota[id] ?? 0;
  must(Object.keys(quota).every((id) => known.has(id) && quota[id] <= known.get(id).eligible), "quota_too_large", "quota");
  const planned = new Map();
  for (const id of slots) planned.set(id, (planned.get(id) ?? 0) + 1);
  must([...planned.keys()].every((id) => known.has(id))
    && strata.every(({ id }) => share(id) === (planned.get(id) ?? 0)), "slots_not_quota", "slots");
  must(differ(dice.rollers), "rollers_twice", "dice.rollers");
  const ids = manifest.witness_keys.map(({ id }) => id);
  must(ids.every((id, i) => i === 0 || ids[i - 1] < id)
    && differ(manifest.witness_keys.map(({ key }) => key)), "witnesses_wrong", "witness_keys");
  must(differ(hh.final_codes) && hh.final_codes.includes("completed"), "final_codes_wrong", "hh.final_codes");

  const isFair = (size) => {
    const fair = largestRemainder(slots.length, strata.map((one) => [one.id, one[size]]));
    return strata.every(({ id }) => share(id) === fair.get(id));
  };
  // In proportion to those who may be drawn, or to all: the county's choice, and nothing else is.
  must(isFair("eligible") || isFair("n"), "quota_unfair", "quota");
}
