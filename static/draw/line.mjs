// "Check my line": the proof that a line is in the frozen roster, computed here and shown by hand.

import { sha256hex } from "../verify/hashing.mjs";

const UTF8 = new TextEncoder();
const found = JSON.parse(document.getElementById("line").textContent);
const steps = [leaf(found.line), ...climb(found)];
const proven = steps.length === found.path.length + 1 && steps.at(-1).hash === found.root;

const verdict = document.getElementById("proof");
verdict.textContent = proven ? verdict.dataset.ok : verdict.dataset.bad;
verdict.className = `proof ${proven ? "ok" : "bad"}`;
document.getElementById("by-hand").replaceChildren(...steps.map(({ command, hash }) => item(command, hash)));

function leaf(line) {
  return { command: `printf '\\0%s' '${line}' | sha256sum`, hash: sha256hex(Uint8Array.of(0, ...UTF8.encode(line))) };
}

/** The steps from the leaf to the root (RFC 6962): at each the sibling stands left or right. */
function climb({ line, path, index, size }) {
  const taken = [];
  let hash = leaf(line).hash;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) return []; // more steps than the tree is high
    const isLeft = index % 2 === 1 || index === last;
    const pair = isLeft ? sibling + hash : hash + sibling;
    hash = sha256hex(bytes(`01${pair}`));
    taken.push({ command: `echo 01${pair} | xxd -r -p | sha256sum`, hash });
    while (isLeft && index % 2 === 0 && index > 0) [index, last] = [index >> 1, last >> 1];
    [index, last] = [index >> 1, last >> 1];
  }
  return last === 0 ? taken : [];
}

function bytes(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));
}

function item(command, hash) {
  const row = document.createElement("li");
  const typed = document.createElement("pre");
  const shown = document.createElement("code");
  typed.textContent = command;
  shown.textContent = `→ ${hash}`;
  row.append(typed, shown);
  return row;
}
