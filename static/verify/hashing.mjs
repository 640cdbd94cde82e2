// SHA-256, the protocol's A(x1, x2, ...), and the Merkle root of RFC 6962.

import { sha256 as hash } from "../vendor/noble-hashes-2.4.0/sha2.js";
import { bytesToHex, concatBytes, hexToBytes } from "../vendor/noble-hashes-2.4.0/utils.js";

export const PROTOCOL = "cadre-draw/1";
const UTF8 = new TextEncoder();
const LEAF = hash.create().update(Uint8Array.of(0));
const NODE = hash.create().update(Uint8Array.of(1));
/** Used for every hash: to make one costs as much as to hash a ticket. */
const hasher = hash.create();

export const hex = bytesToHex;
export const bytesOf = hexToBytes;
export const joined = concatBytes;

/** SHA-256 of bytes, in one part or several: 32 bytes. */
export function sha256(...parts) {
  return hash(parts.length === 1 ? parts[0] : joined(...parts));
}

/** The same as 64 lower-case hex. */
export function sha256hex(...parts) {
  return hex(sha256(...parts));
}

/** The text that A(x1, x2, ...) hashes; anybody can give it to sha256sum. */
export function hashed(...fields) {
  return [PROTOCOL, ...fields].join("|");
}

/** A(x1, x2, ...) of the protocol, as 64 lower-case hex. */
export function A(...fields) {
  return sha256hex(UTF8.encode(hashed(...fields)));
}

/** Give the function rest → 32 raw bytes of A(...fields, ...rest); the beginning is hashed once. */
export function beginning(...fields) {
  const begun = hash.create().update(UTF8.encode(`${hashed(...fields)}|`));
  return (...rest) => continued(begun, UTF8.encode(rest.join("|")));
}

/** Order two digests as the numbers that they spell. */
export function compareDigests(one, other) {
  for (let i = 0; i < one.length; i += 1) {
    if (one[i] !== other[i]) return one[i] - other[i];
  }
  return 0;
}

/**
 * The root over the leaves' data, 64 hex. Like a binary counter: place p holds the root of a full
 * tree of 2^p leaves until its twin to the right is complete.
 */
export function merkleRoot(leaves) {
  const places = [];
  for (const leaf of leaves) {
    let carried = continued(LEAF, leaf);
    let place = 0;
    for (; places[place]; place += 1) {
      carried = node(places[place], carried);
      places[place] = null;
    }
    places[place] = carried;
  }
  const full = places.filter(Boolean);
  return hex(full.length ? full.reduce((right, left) => node(left, right)) : sha256(new Uint8Array()));
}

function node(left, right) {
  return continued(NODE, left, right);
}

/** 32 raw bytes of what `begun` has hashed, followed by `parts`. */
function continued(begun, ...parts) {
  begun._cloneInto(hasher);
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}
