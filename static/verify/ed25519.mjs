// Checking Ed25519 signatures (RFC 8032) so strictly that every verifier says the same: see
// "Witnesses" in docs/formats/bundle.md. The curve is @noble/curves.

import { edwards } from "../vendor/noble-curves-2.4.0/abstract/edwards.js";
import { sha512 } from "../vendor/noble-hashes-2.4.0/sha2.js";
import { bytesOf, joined } from "./hashing.mjs";

const L = BigInt("0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");
const Point = edwards({
  p: 2n ** 255n - 19n,
  n: L,
  h: 8n,
  a: 2n ** 255n - 20n,
  d: BigInt("0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3"),
  Gx: BigInt("0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a"),
  Gy: BigInt("0x6666666666666666666666666666666666666666666666666666666666666658"),
});
const points = new Map();

/** Whether `signature` (128 hex) over `bytes` is that of the public key `key` (64 hex). */
export function isSigned(key, bytes, signature) {
  const [, r, s] = /^([0-9a-f]{64})([0-9a-f]{64})$/.exec(signature) ?? [];
  if (!r || !/^[0-9a-f]{64}$/.test(key)) return false;
  const scalar = littleEndian(bytesOf(s));
  const [public_, commitment] = [strictPoint(key), strictPoint(r)];
  if (!public_ || !commitment || scalar >= L) return false;
  const challenge = littleEndian(sha512(joined(bytesOf(r), bytesOf(key), bytes))) % L;
  // The equation itself, not eight times it: no part of small order may hide in the key or in R.
  return times(Point.BASE, scalar).subtract(times(public_, challenge)).equals(commitment);
}

/** The point of a canonical spelling that is not of small order; null for everything else. */
function strictPoint(spelt) {
  if (!points.has(spelt)) points.set(spelt, decoded(spelt));
  return points.get(spelt);
}

function decoded(spelt) {
  try {
    const point = Point.fromBytes(bytesOf(spelt), false);
    return point.isSmallOrder() ? null : point;
  } catch {
    return null;
  }
}

const times = (point, scalar) => (scalar ? point.multiplyUnsafe(scalar) : Point.ZERO);

function littleEndian(bytes) {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}
