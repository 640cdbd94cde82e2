// The randomness beacon drand: pinned chains, the times of rounds, and the one spelling of a
// signature. Everything but the pairing, which is in pairing.mjs.

import { bytesOf, sha256, sha256hex } from "./hashing.mjs";
import { SHA256, either, isObject, range } from "./shapes.mjs";

const P = BigInt("0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab");
const FLAGS = 7n << 381n;
const COORDINATE = 96; // hex digits
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;
const MAX_DELAY_S = 3600;

const CHAINS = [
  {
    hash: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    name: "quicknet",
    scheme: "bls-unchained-g1-rfc9380",
    signatureOn: 1,
    isChained: false,
    publicKey: "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    period: 3,
    genesis: 1692803367,
    groupHash: "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
  },
  {
    hash: "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce",
    name: "default",
    scheme: "pedersen-bls-chained",
    signatureOn: 2,
    isChained: true,
    publicKey: "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31",
    period: 30,
    genesis: 1595431050,
    groupHash: "176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a",
  },
];

const byHash = new Map(CHAINS.filter(isPinnedByItsHash).map((chain) => [chain.hash, chain]));

const RULES = {
  chain: SHA256,
  scheme: (value) => CHAINS.some(({ scheme }) => scheme === value),
  min_delay_s: range(1, MAX_DELAY_S),
  bind_margin_s: range(1, MAX_DELAY_S),
};

/** Shape of the manifest's `beacon`: null, or a pinned chain with its own scheme and time to bind. */
export const BEACON = either(null, (value) => either(RULES)(value)
  && byHash.get(value.chain)?.scheme === value.scheme && value.bind_margin_s <= value.min_delay_s);

/** The rules that a manifest declares, with the chain itself; null for none. */
export function beaconRules(declared) {
  if (!isObject(declared)) return null;
  return { chain: byHash.get(declared.chain), minDelay: declared.min_delay_s, margin: declared.bind_margin_s };
}

/** When a round is published, in ms; null when the chain has no such round. */
export function roundTime({ genesis, period }, round) {
  const seconds = genesis + (round - 1) * period;
  return round >= 1 && seconds <= LAST_MOMENT ? seconds * 1000 : null;
}

/** The first round that is published `after` seconds behind the time `at` (ms), or later. */
export function roundFrom({ genesis, period }, at, after) {
  return Math.max(0, Math.ceil((at / 1000 + after - genesis) / period)) + 1;
}

/** The digest that the beacon signed, 32 bytes. */
export function messageOf(chain, { round, previous }) {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(round));
  return sha256(chain.isChained ? bytesOf(previous) : new Uint8Array(), number);
}

/** The word for why this is no pulse of the chain, before any library sees it; "" when it may be. */
export function pulseProblem(chain, { round, signature, previous }) {
  if (!isCanonical(chain, signature)) return "signature_not_canonical";
  if (!chain.isChained) return previous ? "previous_not_wanted" : "";
  const isGood = round === 1 ? previous === chain.groupHash : isCanonical(chain, previous);
  return isGood ? "" : "previous_missing";
}

export const randomnessOf = (signature) => sha256hex(bytesOf(signature));

/** Compressed, not the point at infinity, of the group's length, every coordinate below the field's modulus. */
function isCanonical({ signatureOn }, spelt) {
  if (spelt.length !== signatureOn * COORDINATE || !/^[89ab][0-9a-f]*$/.test(spelt)) return false;
  const [first, second = "0"] = spelt.match(/.{96}/g);
  return (BigInt(`0x${first}`) & ~FLAGS) < P && BigInt(`0x${second}`) < P;
}

/** The chain hash binds name, key and times together; a typing error here must not go unnoticed. */
function isPinnedByItsHash({ hash, name, publicKey, period, genesis, groupHash }) {
  const times = new DataView(new ArrayBuffer(12));
  times.setUint32(0, period);
  times.setBigInt64(4, BigInt(genesis));
  const named = new TextEncoder().encode(name === "default" ? "" : name);
  return hash === sha256hex(new Uint8Array(times.buffer), bytesOf(publicKey + groupHash), named);
}
