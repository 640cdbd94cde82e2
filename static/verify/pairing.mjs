// Whether the beacon's key signed its rounds. The curves are @noble/curves; what reaches them has
// passed `pulseProblem` before.

import { bls12_381 } from "../vendor/noble-curves-2.4.0/bls12-381.js";
import { messageOf } from "./beacon.mjs";
import { A, bytesOf } from "./hashing.mjs";

const GROUPS = { 1: bls12_381.G1, 2: bls12_381.G2 };
const ONE = bls12_381.fields.Fp12.ONE;
const tag = (group) => `BLS_SIG_BLS12381G${group}_XMD:SHA-256_SSWU_RO_NUL_`;
const keys = new Map();

/**
 * The first of `pulses` that the chain's key did not sign for exactly its round; undefined when it
 * signed all. All are checked in one pairing: each signature and message times a factor that nobody
 * knows before the signatures are fixed, so that two forgeries cannot make up for each other.
 */
export function firstForged(chain, pulses) {
  if (areSigned(chain, pulses)) return undefined;
  return pulses.find((pulse) => !areSigned(chain, [pulse]));
}

function areSigned(chain, pulses) {
  try {
    return balances(chain, pulses);
  } catch {
    return false; // a spelling that is no point, or none of the subgroup
  }
}

function balances(chain, pulses) {
  const { Point, hashToCurve } = GROUPS[chain.signatureOn];
  const all = A("batch", ...pulses.map(({ round, signature, previous }) => [round, signature, previous].join("|")));
  let signed = Point.ZERO;
  let claimed = Point.ZERO;
  pulses.forEach((pulse, i) => {
    const factor = BigInt(`0x${A("factor", all, i).slice(0, 32)}`) | 1n;
    const message = hashToCurve(messageOf(chain, pulse), { DST: tag(chain.signatureOn) });
    const signature = Point.fromBytes(bytesOf(pulse.signature));
    signature.assertValidity();
    signed = signed.add(message.multiplyUnsafe(factor));
    claimed = claimed.add(signature.multiplyUnsafe(factor));
  });
  return bls12_381.fields.Fp12.eql(product(chain, signed, claimed.negate()), ONE);
}

/** e(signed, key) · e(-claimed, generator), whichever group holds which. */
function product(chain, signed, claimed) {
  const other = GROUPS[3 - chain.signatureOn].Point;
  if (!keys.has(chain)) keys.set(chain, other.fromHex(chain.publicKey));
  const pair = chain.signatureOn === 1 ? (one, two) => ({ g1: one, g2: two }) : (one, two) => ({ g1: two, g2: one });
  return bls12_381.pairingBatch([pair(signed, keys.get(chain)), pair(claimed, other.BASE)]);
}
