// Reading canonical JSON (RFC 8785 without floats). The grammar below has one spelling for each
// value, so whatever it accepts is canonical, and there is nothing to normalise.

import { refuse } from "./refusal.mjs";

const MAX_DEPTH = 16;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Quote, backslash, the five short escapes, and the other controls in lower-case hex. */
const ESCAPE = /\\(?:(["\\])|([btnfr])|u00(0[0-7bef]|1[0-9a-f]))/y;
const SHORT = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r" };
const INTEGER = /-?(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y;
const WORDS = [["true", true], ["false", false], ["null", null]];

/**
 * Read the one value that `bytes` spell. Objects come without a prototype.
 * Refuses at `place`, with the character's number, anything that canonical JSON would spell otherwise.
 */
export function parseCanonical(bytes, place) {
  const text = decode(bytes, place);
  let at = 0;

  const wrong = (word) => refuse(word, place, { at: at + 1 });

  function take(token) {
    if (!text.startsWith(token, at)) wrong("json_not_canonical");
    at += token.length;
  }

  function match(pattern, word) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) wrong(word);
    at += found[0].length;
    return found;
  }

  function value(depth) {
    if (depth > MAX_DEPTH) wrong("json_too_deep");
    const first = text[at];
    if (first === "{") return object(depth);
    if (first === "[") return list(depth);
    if (first === '"') return string();
    if (first === "-" || (first >= "0" && first <= "9")) return integer();
    const word = WORDS.find(([spelling]) => text.startsWith(spelling, at));
    if (!word) wrong("json_not_canonical");
    at += word[0].length;
    return word[1];
  }

  function object(depth) {
    const read = Object.create(null);
    let before = null;
    take("{");
    if (text[at] === "}") at += 1;
    else do {
      const key = string();
      if (!/^[\0-\x7f]*$/.test(key)) wrong("json_key_not_ascii");
      if (before !== null && key <= before) wrong("json_key_order");
      before = key;
      take(":");
      read[key] = value(depth + 1);
    } while (more("}"));
    return read;
  }

  function list(depth) {
    const read = [];
    take("[");
    if (text[at] === "]") at += 1;
    else do read.push(value(depth + 1)); while (more("]"));
    return read;
  }

  /** Go past a comma and say true, or past the closing bracket and say false. */
  function more(close) {
    const next = text[at];
    if (next !== "," && next !== close) wrong("json_not_canonical");
    at += 1;
    return next === ",";
  }

  function string() {
    take('"');
    let read = "";
    let from = at;
    for (;;) {
      const unit = text.charCodeAt(at); // NaN behind the end
      if (unit === 0x22) {
        read += text.slice(from, at);
        at += 1;
        return read;
      }
      if (unit === 0x5c) {
        read += text.slice(from, at) + escaped();
        from = at;
      } else if (unit >= 0x20) at += 1;
      else wrong("json_not_canonical");
    }
  }

  function escaped() {
    const [, itself, short, code] = match(ESCAPE, "json_escape");
    return itself ?? SHORT[short] ?? String.fromCharCode(parseInt(code, 16));
  }

  function integer() {
    const [spelling] = match(INTEGER, "json_integer");
    const read = Number(spelling);
    if (!Number.isSafeInteger(read) || spelling === "-0") wrong("json_integer");
    return read;
  }

  const read = value(0);
  if (at !== text.length) wrong("json_not_canonical");
  return read;
}

/** Spell a value that was read, or made of the same parts. */
export function spell(value) {
  if (Array.isArray(value)) return `[${value.map(spell).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${spell(value[key])}`).join(",")}}`;
}

/** Cut a .jsonl file into lines without their LF: [{bytes, place}]. Every line must end with one. */
export function linesOf(bytes, file) {
  const lines = [];
  let from = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(0x0a, from);
    const place = `${file}:${lines.length + 1}`;
    if (end < 0) refuse("last_line_without_lf", place);
    lines.push({ bytes: bytes.subarray(from, end), place });
    from = end + 1;
  }
  return lines;
}

function decode(bytes, place) {
  try {
    return UTF8.decode(bytes);
  } catch {
    return refuse("not_utf8", place);
  }
}
