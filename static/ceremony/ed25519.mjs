// Signing with Ed25519 (RFC 8032) where the browser's WebCrypto cannot; the curve is @noble/curves.

import { eddsa, edwards } from "../vendor/noble-curves-2.4.0/abstract/edwards.js";
import { sha512 } from "../vendor/noble-hashes-2.4.0/sha2.js";

const Point = edwards({
  p: 2n ** 255n - 19n,
  n: 2n ** 252n + 27742317777372353535851937790883648493n,
  h: 8n,
  a: 2n ** 255n - 20n,
  d: BigInt("0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3"),
  Gx: BigInt("0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a"),
  Gy: BigInt("0x6666666666666666666666666666666666666666666666666666666666666658"),
});

/** {getPublicKey(secret), sign(bytes, secret)}: secrets are 32 random bytes. */
export const ed25519 = eddsa(Point, sha512, { adjustScalarBytes: clamped });

/** RFC 8032, 5.1.5: the three lowest bits and the highest are cleared, the second highest is set. */
function clamped(bytes) {
  bytes[0] &= 248;
  bytes[31] &= 127;
  bytes[31] |= 64;
  return bytes;
}
