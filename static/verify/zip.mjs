// Reading the downloaded bundle as it is: a .zip whose entries are stored or deflated.

import { refuse } from "./refusal.mjs";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const MOST_BYTES = 256 * 1024 * 1024;

/** Unpack `bytes`: a Map from each file's name, without folders, to its bytes. `place` names the zip. */
export async function unzip(bytes, place) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wrong = () => refuse("zip_unreadable", place);
  const end = findEnd(view) ?? wrong();
  const files = new Map();
  try {
    let at = view.getUint32(end + 16, true);
    for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
      if (view.getUint32(at, true) !== ENTRY) wrong();
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)).split("/").at(-1);
      if (name) files.set(name, await contentOf(view, bytes, at));
      at += 46 + nameLength + extraLength + commentLength;
    }
  } catch {
    wrong(); // lengths that lead out of the file, damaged data, a method that nobody uses
  }
  return files;
}

/** The record at the end of the file, behind which only a comment may stand. */
function findEnd(view) {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at -= 1) {
    if (view.getUint32(at, true) === END) return at;
  }
  return null;
}

async function contentOf(view, bytes, entry) {
  const method = view.getUint16(entry + 10, true);
  const packed = view.getUint32(entry + 20, true);
  const local = view.getUint32(entry + 42, true);
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const data = bytes.subarray(from, from + packed);
  if (method === 0) return data;
  if (method !== 8) throw new Error("compression");
  return inflated(data);
}

async function inflated(data) {
  const parts = [];
  let size = 0;
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > MOST_BYTES) throw new Error("size");
    parts.push(part.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
