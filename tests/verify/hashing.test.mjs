// SHA-256, A(...) and Merkle roots against published vectors and against WebCrypto.

import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { slotSeed, ticketsOf } from "../../static/verify/draw.mjs";
import { A, beginning, hex, merkleRoot, sha256hex } from "../../static/verify/hashing.mjs";

const vectors = JSON.parse(readFileSync(new URL("../data/rfc6962_merkle.json", import.meta.url)));
const guide = readFileSync(new URL("../../docs/draw.md", import.meta.url), "utf8");

test("roots are those of RFC 6962", () => {
  const inputs = vectors.inputs_hex.map((input) => new Uint8Array(Buffer.from(input, "hex")));
  assert.equal(merkleRoot([]), vectors.root_of_empty_tree);
  vectors.roots_of_first_1_to_8.forEach((root, i) => assert.equal(merkleRoot(inputs.slice(0, i + 1)), root));
});

test("SHA-256 agrees with the browser's own at every length around the block", async () => {
  for (let length = 0; length < 200; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) % 256);
    assert.equal(sha256hex(bytes), hex(new Uint8Array(await webcrypto.subtle.digest("SHA-256", bytes))));
  }
});

test("every line to copy in the guide is what A(...) hashes", () => {
  const lines = [...guide.matchAll(/printf 'cadre-draw\/1\|([^']+)' \| sha256sum\n([0-9a-f]{64})/g)];
  assert.ok(lines.length >= 5);
  for (const [, fields, digest] of lines) assert.equal(A(...fields.split("|")), digest);
});

test("a beginning hashed once gives the same as the whole", () => {
  const begun = beginning("ticket", "ab".repeat(32));
  for (let i = 1; i < 30; i += 1) assert.equal(hex(begun("00001234", i)), A("ticket", "ab".repeat(32), "00001234", i));
});

test("a cadre's ticket is the smallest of as many as the weight", () => {
  const seed = slotSeed("0".repeat(64), 1, "271828182845");
  const [held] = ticketsOf(seed, [{ cadre: "00000007", weight: 8 }]);
  const all = [1, 2, 3, 4, 5, 6, 7, 8].map((i) => A("ticket", seed, "00000007", i));
  assert.equal(hex(held.ticket), [...all].sort()[0]);
  assert.equal(all[held.i - 1], hex(held.ticket));
});
