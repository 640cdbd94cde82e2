// Plays small random sessions that keep every rule, for the verifier of the other language.
// `node play.mjs N` prints N lines {name: base64}. Same number, same sessions.

import { householdOrder, masterSeed, slotLine, slotSeed, ticketsOf } from "../../static/verify/draw.mjs";
import { A, merkleRoot, sha256hex } from "../../static/verify/hashing.mjs";
import { largestRemainder } from "../../static/verify/manifest.mjs";

const UTF8 = new TextEncoder();
const CODES = ["completed", "refused", "no_answer", "invalid_number", "not_linked", "broken_off"];
const WORDS = ["热线反映", 'a "quoted" \\ word', "𠮷 & <b>", "tab\u2028line"];

for (let n = 0; n < Number(process.argv[2]); n += 1) {
  const files = session(`session ${n}`);
  console.log(JSON.stringify(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]))));
}

/** One spelling for each value: JSON.stringify as RFC 8785 has it, with the keys sorted. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

function dealer(seed) {
  let turn = 0;
  return (below) => parseInt(A("deal", seed, turn += 1).slice(0, 12), 16) % below;
}

function session(seed) {
  const deal = dealer(seed);
  const number = (i) => String(i * 7 + 3).padStart(8, "0");
  const cadres = Array.from({ length: 6 + deal(30) }, (_, i) => ({
    cadre: number(i), hh_n: deal(12), hh_root: A("root", seed, i), stratum: `T0${1 + deal(3)}`, weight: 1 + deal(8),
  }));
  const lines = cadres.map(canonical);
  const roster = UTF8.encode(lines.map((line) => `${line}\n`).join(""));
  const exclusions = cadres.filter(() => deal(9) === 0).map(({ cadre }) => ({ cadre, reason: ["on_leave", "left_post"][deal(2)] }));
  const out = new Set(exclusions.map(({ cadre }) => cadre));
  const ids = [...new Set(cadres.map(({ stratum }) => stratum))].sort();
  const strata = ids.map((id) => {
    const all = cadres.filter(({ stratum }) => stratum === id);
    return { id, n: all.length, eligible: all.filter(({ cadre }) => !out.has(cadre)).length };
  });
  const eligible = strata.map((one) => [one.id, one.eligible]);
  const quota = largestRemainder(1 + deal(4), eligible);
  const manifest = {
    v: "cadre-draw/1", session: `s-${A(seed).slice(0, 8)}`, attempt: 1 + deal(3),
    roster_sha256: sha256hex(roster), roster_root: merkleRoot(lines.map((line) => UTF8.encode(line))), roster_n: cadres.length,
    strata, quota: Object.fromEntries(quota), slots: ids.flatMap((id) => Array(quota.get(id)).fill(id)), exclusions,
    dice: { sides: 10, count: 24, rollers: ["D1", "D2", "D3", "D4"] }, beacon: null,
    hh: { target: 1 + deal(4), attempts: 2, gap_s: 90, parallel: 1 + deal(3), final_codes: CODES },
    witness_keys: [], prev_head: deal(2) ? null : A("head", seed),
  };
  const published = UTF8.encode(canonical(manifest));
  const entries = [...course(manifest, sha256hex(published), cadres, out, deal)];
  return { "manifest.json": published, "roster.jsonl": roster, "transcript.jsonl": UTF8.encode(chained(entries, manifest.prev_head)) };
}

function chained(entries, firstPrev) {
  let prev = firstPrev ?? "0".repeat(64);
  let at = Date.UTC(2026, 11, 1, 4);
  return entries.map(([type, body], i) => {
    at += 100_000;
    const line = canonical({ at: new Date(at).toISOString().replace(".000", ""), body, i, prev, sigs: {}, type });
    prev = sha256hex(UTF8.encode(line));
    return `${line}\n`;
  }).join("");
}

function* course(manifest, sha256, cadres, out, deal) {
  const dice = (count) => Array.from({ length: count }, () => deal(10)).join("");
  const master = dice(24);
  yield ["manifest", { sha256 }];
  yield ["open", { rehearsal: false }];
  yield ["dice", { purpose: "master", digits: master, source: "cups" }];
  const taken = new Set(out);
  const namings = new Set();
  for (const [i, stratum] of manifest.slots.entries()) {
    const digits = dice(12);
    yield ["dice", { purpose: "slot", j: i + 1, digits, source: "cups" }];
    const seed = slotSeed(masterSeed(sha256, master), i + 1, digits);
    const pot = cadres.filter((one) => one.stratum === stratum && !taken.has(one.cadre));
    const line = slotLine(i + 1, stratum, ticketsOf(seed, pot));
    yield ["slot", line];
    taken.add(line.cadre);
    const named = deal(5) ? null : cadres.find((one) => !taken.has(one.cadre) && !namings.has(one.cadre));
    if (named) yield ["named", { cadre: named.cadre, by: "媒体", reason: WORDS[deal(WORDS.length)] }];
    namings.add(named?.cadre);
    const { cadre } = line;
    const order = householdOrder(seed, cadre, cadres.find((one) => one.cadre === cadre).hh_n);
    yield ["hh_order", { j: i + 1, cadre, order }];
    yield* calls(cadre, order, manifest.hh, i, deal);
  }
  if (deal(4)) yield ["close", { slots: manifest.slots.length }];
  else yield ["abort", { reason: "safety", attempt: manifest.attempt }];
}

function* calls(cadre, order, rules, slot, deal) {
  let completed = 0;
  for (const k of order) {
    if (completed >= rules.target) return;
    yield ["hh_open", { cadre, k }];
    const code = CODES[deal(CODES.length)];
    const statuses = { no_answer: ["busy", "no-answer"], invalid_number: ["failed"].slice(deal(2)) }[code] ?? ["completed"];
    if (code === "completed") yield ["score", { cadre, k, sha256: A("score", slot, k) }];
    for (const [i, status] of statuses.entries()) {
      yield ["call", { cadre, k, attempt: i + 1, sid: `CA-${slot}-${k}-${i}`, status, ring_s: 5, talk_s: status === "completed" ? 40 : 0 }];
    }
    yield ["hh_final", { cadre, k, code }];
    completed += code === "completed" ? 1 : 0;
  }
}
