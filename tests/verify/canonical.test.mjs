// Canonical JSON has one spelling for each value, and every other is refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { linesOf, parseCanonical } from "../../static/verify/canonical.mjs";
import { Refusal } from "../../static/verify/refusal.mjs";

const bytes = (text) => new Uint8Array(Buffer.from(text, "latin1"));
const utf8 = (text) => new TextEncoder().encode(text);
const plain = (value) => JSON.parse(JSON.stringify(value));

for (const [spelling, value] of [
  [utf8('{"a":[true,null,-5],"b":1}'), { a: [true, null, -5], b: 1 }],
  [utf8('{"A_":3,"B":1,"a":2}'), { A_: 3, B: 1, a: 2 }],
  [utf8('"\\"\\\\/"'), '"\\/'],
  [utf8('"\\b\\t\\n\\f\\r\\u000b\\u001f\x7f"'), "\b\t\n\f\r\x0b\x1f\x7f"],
  [utf8('"沂水 𠮷 \ufeff\u2028"'), "沂水 𠮷 \ufeff\u2028"],
  [utf8('{"__proto__":1,"constructor":{}}'), JSON.parse('{"__proto__":1,"constructor":{}}')],
  [utf8("[9007199254740991,-9007199254740991,0]"), [9007199254740991, -9007199254740991, 0]],
  [utf8(`${"[".repeat(17)}${"]".repeat(17)}`), JSON.parse(`${"[".repeat(17)}${"]".repeat(17)}`)],
]) {
  test(`reads ${Buffer.from(spelling).toString().slice(0, 40)}`, () => {
    assert.deepEqual(plain(parseCanonical(spelling, "f")), plain(value));
  });
}

for (const [what, spelling] of Object.entries({
  "float": '{"a":1.0}', "exponent": "[1e3]", "NaN": "[NaN]", "Infinity": "[-Infinity]",
  "key twice": '{"a":1,"a":1}', "keys not sorted": '{"b":1,"a":2}', "key not ASCII": '{"\xc3\xa9":1}',
  "space": '{"a": 1}', "line feed at the end": '{"a":1}\n', "CRLF": '{"a":1}\r\n', "BOM": '\xef\xbb\xbf{"a":1}',
  "escape of a plain letter": '["\\u0041"]', "escaped slash": '["\\/"]', "longer escape": '["\\u000a"]',
  "upper-case hex in an escape": '["\\u001F"]', "unknown escape": '["\\x41"]', "raw control character": '["\x01"]',
  "lone surrogate": '["\\ud800"]', "surrogate in UTF-8": '["\xed\xa0\x80"]', "overlong UTF-8": '["\xc0\xaf"]',
  "2^53": "[9007199254740992]", "2^53 + 1": "[9007199254740993]", "5000 digits": `[${"9".repeat(5000)}]`,
  "leading zero": "[01]", "minus zero": "[-0]", "plus": "[+1]", "full-width digit": "[\xef\xbc\x91]",
  "comma at the end": "[1,]", "rubbish after it": "[1]x", "nothing": "", "string without end": '["a',
  "eighteen levels": "[".repeat(18) + "]".repeat(18), "a value on level eighteen": `${"[".repeat(17)}1${"]".repeat(17)}`,
  "absurdly deep": "[".repeat(100_000), "key without quotes": "{a:1}", "no value": '{"a":}',
})) {
  test(`refuses ${what}`, () => assert.throws(() => parseCanonical(bytes(spelling), "f"), Refusal));
}

test("a file of lines ends with a line feed or is empty", () => {
  assert.deepEqual(linesOf(utf8(""), "f"), []);
  assert.deepEqual(linesOf(utf8("a\n\n"), "f").map(({ bytes: line, place }) => [line.length, place]), [[1, "f:1"], [0, "f:2"]]);
  assert.throws(() => linesOf(utf8("a\nb"), "f"), (error) => error.place === "f:2");
});
