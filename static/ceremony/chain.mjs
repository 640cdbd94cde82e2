// Following the record line by line, and the reasons for which a witness does not sign.

import { parseCanonical } from "../verify/canonical.mjs";
import { sha256hex } from "../verify/hashing.mjs";

const NEAR_MS = 30_000;
const SIGNED = ["dice", "bind"];
const UTF8 = new TextEncoder();

/** Periods and first rounds of the pinned chains, by chain hash: when a round exists is ours to know. */
export const CHAINS = {
  "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": { name: "quicknet", period: 3, genesis: 1692803367 },
  "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce": { name: "default", period: 30, genesis: 1595431050 },
};

/** Something that an honest server never shows; the device signs nothing any more. */
export class Rewritten extends Error {}

/** What a device remembers of a record that it has not seen yet. */
export const NOTHING = { settled: 0, prev: null, rolledAt: null, seen: {} };

/**
 * Follow `lines`, which begin at line number `memory.settled`. Gives the memory after them, all
 * frames, and the open line: a last one of dice or a bind, which may still gain signatures.
 * Throws Rewritten when they do not continue what was seen before.
 */
export function follow(memory, lines, firstPrev, now) {
  let { settled, prev, rolledAt } = memory;
  const seen = { ...memory.seen };
  prev ??= firstPrev;
  const frames = [];
  let open = null;
  for (const [k, text] of lines.entries()) {
    const frame = read(text);
    const isLast = k === lines.length - 1;
    if (frame.i !== memory.settled + k || frame.prev !== prev) throw new Rewritten("chain");
    frames.push(frame);
    seen[frame.i] ??= Math.abs(Date.parse(frame.at) - now) <= NEAR_MS;
    if (frame.type === "dice" && frame.body.purpose === "master") rolledAt = frame.at;
    if (isLast && SIGNED.includes(frame.type)) {
      open = { frame, toSign: UTF8.encode(withoutSignatures(text)) };
      continue;
    }
    prev = sha256hex(UTF8.encode(text));
    settled = frame.i + 1;
  }
  return { memory: { settled, prev, rolledAt, seen }, frames, open };
}

/** Say why a witness does not sign `frame`, as a word for the page; null when it does. */
export function reasonAgainst(frame, { memory, manifest, now }) {
  if (!memory.seen[frame.i]) return "clock_apart";
  return frame.type === "bind" ? reasonAgainstBind(frame, memory, manifest, now) : null;
}

function reasonAgainstBind(frame, memory, manifest, now) {
  const chain = CHAINS[manifest.beacon?.chain];
  if (!chain) return "no_beacon";
  const time = (number) => (chain.genesis + (number - 1) * chain.period) * 1000;
  const { round, purpose } = frame.body;
  const due = time(round);
  if (Date.parse(frame.body.round_time) !== due) return "other_chain";
  if (now >= due) return "round_exists";
  if (Date.parse(frame.at) + manifest.beacon.bind_margin_s * 1000 > due) return "bound_late";
  if (purpose !== "master") return null;
  const earliest = Date.parse(memory.rolledAt) + manifest.beacon.min_delay_s * 1000;
  return due >= earliest && time(round - 1) < earliest ? null : "other_round";
}

/** Read the manifest, if it is the one whose hash stands in the record; throws Rewritten if not. */
export function readManifest(bytes, frame) {
  if (frame.type !== "manifest" || frame.body.sha256 !== sha256hex(bytes)) throw new Rewritten("manifest");
  return parseCanonical(bytes, "manifest.json");
}

function read(text) {
  try {
    return parseCanonical(UTF8.encode(text), "transcript.jsonl");
  } catch {
    throw new Rewritten("line");
  }
}

/** The line as it is signed: `sigs` emptied. A canonical line ends with sigs and type. */
function withoutSignatures(text) {
  return text.replace(/"sigs":\{[^{}]*\},"type":"([a-z_]+)"\}$/, '"sigs":{},"type":"$1"}');
}
