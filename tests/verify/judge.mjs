// Judges bundles for a test of the other language: one JSON object a line in and out.
// In: {"files": {name: base64}, "head", "numbers": [cadres]}, where one file may be a .zip;
// out: {"finding", "manifest_sha256", "head", "steps": [[name, j, mark]], "standings": {cadre: [...]}}.

import { createInterface } from "node:readline";

import { standing } from "../../static/verify/standing.mjs";
import { verify } from "../../static/verify/verify.mjs";
import { unzip } from "../../static/verify/zip.mjs";

const ZIP = "bundle.zip";

for await (const line of createInterface({ input: process.stdin })) {
  const { files, head, numbers } = JSON.parse(line);
  let bytes = Object.fromEntries(Object.entries(files).map(([name, packed]) => [name, new Uint8Array(Buffer.from(packed, "base64"))]));
  if (bytes[ZIP]) {
    try {
      bytes = Object.fromEntries(await unzip(bytes[ZIP], ZIP));
    } catch (error) {
      console.log(JSON.stringify({ finding: error.word }));
      continue;
    }
  }
  const checks = verify(bytes, head);
  const steps = [];
  let next = checks.next();
  for (; !next.done; next = checks.next()) steps.push([next.value.name, next.value.j, next.value.mark]);
  const { finding, manifestSha256, head: last } = next.value;
  const standings = numbers && Object.fromEntries(numbers.map((number) => [number, standing(next.value, number)]));
  console.log(JSON.stringify({ finding, manifest_sha256: manifestSha256, head: last, steps, standings }));
}
