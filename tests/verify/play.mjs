// Plays small random sessions that keep every rule, for the verifier of the other language: with dice
// or the beacon, with and without witnesses, with namings. `node play.mjs N drand.json` prints N lines
// {name: base64}; the rounds of the beacon are the real ones of that file. Same number, same sessions.

import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";

import { beaconRules, randomnessOf, roundFrom, roundTime } from "../../static/verify/beacon.mjs";
import { spell } from "../../static/verify/canonical.mjs";
import { householdOrder, householdSeed, masterSeed, slotLine, slotSeed, ticketsOf } from "../../static/verify/draw.mjs";
import { A, merkleRoot, sha256hex } from "../../static/verify/hashing.mjs";
import { largestRemainder } from "../../static/verify/manifest.mjs";

const UTF8 = new TextEncoder();
const CODES = ["completed", "refused", "no_answer", "invalid_number", "not_linked", "broken_off"];
const WORDS = ["热线反映", 'a "quoted" \\ word', "𠮷 & <b>", "tab\u2028line"];
const VECTORS = JSON.parse(readFileSync(process.argv[3], "utf8"));
/** Real rounds far enough apart to be bound in turn, and the chain as the manifest declares it. */
const CHAINS = [["quicknet", 3, "bls-unchained-g1-rfc9380"], ["default", 0, "pedersen-bls-chained"]].map(([name, after, scheme]) => ({
  declared: { chain: VECTORS[name].info.hash, scheme, min_delay_s: 60, bind_margin_s: 10 },
  rounds: VECTORS[name].rounds.filter(({ round }) => round > after && round !== 30662992),
}));

for (let n = 0; n < Number(process.argv[2]); n += 1) {
  const files = session(`session ${n}`);
  console.log(JSON.stringify(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]))));
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
  const lines = cadres.map(spell);
  const roster = UTF8.encode(lines.map((line) => `${line}\n`).join(""));
  const exclusions = cadres.filter(() => deal(9) === 0).map(({ cadre }) => ({ cadre, reason: ["on_leave", "left_post"][deal(2)] }));
  const out = new Set(exclusions.map(({ cadre }) => cadre));
  const ids = [...new Set(cadres.map(({ stratum }) => stratum))].sort();
  const strata = ids.map((id) => {
    const all = cadres.filter(({ stratum }) => stratum === id);
    return { id, n: all.length, eligible: all.filter(({ cadre }) => !out.has(cadre)).length };
  });
  const eligible = strata.map((one) => [one.id, one.eligible]);
  const chain = CHAINS[deal(4)] ?? null;
  const quota = largestRemainder(1 + deal(chain ? 2 : 4), eligible);
  const witnesses = Array.from({ length: deal(2) * deal(5) }, (_, i) => witness(`W${i + 1}`));
  const manifest = {
    v: "cadre-draw/1", session: `s-${A(seed).slice(0, 8)}`, attempt: 1 + deal(3),
    roster_sha256: sha256hex(roster), roster_root: merkleRoot(lines.map((line) => UTF8.encode(line))), roster_n: cadres.length,
    strata, quota: Object.fromEntries(quota), slots: ids.flatMap((id) => Array(quota.get(id)).fill(id)), exclusions,
    dice: { sides: 10, count: 24, rollers: ["D1", "D2", "D3", "D4"] }, beacon: chain?.declared ?? null,
    hh: { target: 1 + deal(4), attempts: 2, gap_s: 90, parallel: 1 + deal(3), final_codes: CODES },
    witness_keys: witnesses.map(({ id, key }) => ({ id, key })), prev_head: deal(2) ? null : A("head", seed),
  };
  const published = UTF8.encode(spell(manifest));
  const entries = [...course({ manifest, sha256: sha256hex(published), cadres, out, deal, rounds: [...chain?.rounds ?? []] })];
  return { "manifest.json": published, "roster.jsonl": roster, "transcript.jsonl": UTF8.encode(chained(entries, manifest, witnesses)) };
}

// ---- lines

/** Chain and sign the lines; each brings its time. */
function chained(entries, manifest, witnesses) {
  let prev = manifest.prev_head ?? "0".repeat(64);
  return entries.map(([type, body, at], i) => {
    const line = { at: new Date(at).toISOString().replace(".000", ""), body, i, prev, sigs: {}, type };
    if (["dice", "bind"].includes(type)) line.sigs = Object.fromEntries(witnesses.map((one) => [one.id, one.sign(spell({ ...line, sigs: {} }))]));
    const spelt = spell(line);
    prev = sha256hex(UTF8.encode(spelt));
    return `${spelt}\n`;
  }).join("");
}

function witness(id) {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.from(A("witness", id), "hex")]);
  const own = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const key = Buffer.from(createPublicKey(own).export({ format: "jwk" }).x, "base64url").toString("hex");
  return { id, key, sign: (text) => sign(null, Buffer.from(text), own).toString("hex") };
}

/** Gives every line its time. With a beacon, time leaps to just before each round that is bound. */
function* course(told) {
  const { manifest, sha256, rounds } = told;
  const rules = beaconRules(manifest.beacon);
  const starts = rules ? roundTime(rules.chain, rounds[0].round) - (rules.minDelay + 300) * 1000 : Date.UTC(2026, 11, 1, 4);
  const clock = { at: starts };
  const line = (type, body, after = 100) => [type, body, clock.at += after * 1000];
  function* bound(purpose, j) {
    if (!rules) return null;
    const { round, signature, previous_signature: previous } = rounds.shift();
    const due = roundTime(rules.chain, round);
    const of = { purpose, j, round };
    if (purpose === "master" && roundFrom(rules.chain, clock.at, rules.minDelay) !== round) throw new Error("no such dice");
    yield line("bind", { ...of, round_time: new Date(due).toISOString().replace(".000", "") }, 1);
    clock.at = due - 1000;
    const pulse = { ...of, signature, randomness: randomnessOf(signature) };
    yield line("beacon", rules.chain.isChained ? { ...pulse, previous_signature: previous } : pulse, 1);
    return { pulse };
  }
  yield* play({ ...told, line, bound, hasBeacon: Boolean(rules) });
}

function* play({ manifest, sha256, cadres, out, deal, line, bound, hasBeacon, rounds }) {
  const dice = (count) => Array.from({ length: count }, () => deal(10)).join("");
  const digits = dice(24);
  yield line("manifest", { sha256 });
  yield line("open", { rehearsal: false });
  yield line("dice", { purpose: "master", digits, source: "cups" });
  const master = masterSeed(sha256, digits, yield* bound("master", 0));
  const taken = new Set(out);
  const namings = new Set();
  for (const [i, stratum] of manifest.slots.entries()) {
    const j = i + 1;
    const thrown = dice(12);
    if (!hasBeacon) yield line("dice", { purpose: "slot", j, digits: thrown, source: "cups" });
    const seed = slotSeed(master, j, thrown, yield* bound("slot", j));
    const pot = cadres.filter((one) => one.stratum === stratum && !taken.has(one.cadre));
    const drawn = slotLine(j, stratum, ticketsOf(seed, pot));
    yield line("slot", drawn);
    taken.add(drawn.cadre);
    yield* households(drawn.cadre, j, seed);
    if (deal(5)) continue;
    const named = cadres.find((one) => !taken.has(one.cadre) && !namings.has(one.cadre));
    if (!named) continue;
    yield line("named", { cadre: named.cadre, by: "媒体", reason: WORDS[deal(WORDS.length)] });
    namings.add(named.cadre);
    // Every later slot needs two of the rounds that are left.
    if (!hasBeacon || rounds.length > 2 * (manifest.slots.length - j)) yield* households(named.cadre, 0, master);
  }
  if (deal(4)) yield line("close", { slots: manifest.slots.length });
  else yield line("abort", { reason: "safety", attempt: manifest.attempt });

  function* households(cadre, j, seed) {
    const ordered = householdSeed(seed, cadre, yield* bound("hh", j));
    const order = householdOrder(ordered, cadres.find((one) => one.cadre === cadre).hh_n);
    yield line("hh_order", { j, cadre, order });
    yield* calls(cadre, j, order, manifest.hh, deal, line);
  }
}

function* calls(cadre, j, order, rules, deal, line) {
  let completed = 0;
  for (const k of order) {
    if (completed >= rules.target) return;
    yield line("hh_open", { cadre, k });
    const code = CODES[deal(CODES.length)];
    const statuses = { no_answer: ["busy", "no-answer"], invalid_number: ["failed"].slice(deal(2)) }[code] ?? ["completed"];
    if (code === "completed") yield line("score", { cadre, k, sha256: A("score", cadre, j, k) });
    for (const [i, status] of statuses.entries()) {
      yield line("call", { cadre, k, attempt: i + 1, sid: `CA-${cadre}-${j}-${k}-${i}`, status, ring_s: 5, talk_s: status === "completed" ? 40 : 0 });
    }
    yield line("hh_final", { cadre, k, code });
    completed += code === "completed" ? 1 : 0;
  }
}
