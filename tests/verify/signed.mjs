// Says of each line [key, base64 of the bytes, signature] of a file whether it is signed: true or false a line.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

import { isSigned } from "../../static/verify/ed25519.mjs";

for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const [key, bytes, signature] = JSON.parse(line);
  console.log(isSigned(key, new Uint8Array(Buffer.from(bytes, "base64")), signature));
}
