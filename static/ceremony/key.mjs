// The witness's key: made on this device, kept in its browser, never sent. Where WebCrypto knows
// Ed25519 nobody can read the private half, not even this page; else @noble/curves signs with it.

import { hex } from "../verify/hashing.mjs";

const STORE = "witness";

/** What this device keeps of a session: its key, and how far it has followed the record. */
export class Memory {
  #live;
  #database;

  constructor(live, database) {
    this.#live = live;
    this.#database = database;
  }

  static async open(live) {
    const asked = indexedDB.open("evalsys-ceremony", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    return new Memory(live, await done(asked));
  }

  read(name) {
    return done(this.#database.transaction(STORE).objectStore(STORE).get(`${this.#live} ${name}`));
  }

  async keep(name, value) {
    const change = this.#database.transaction(STORE, "readwrite");
    change.objectStore(STORE).put(value, `${this.#live} ${name}`);
    await new Promise((good, bad) => { change.oncomplete = good; change.onerror = () => bad(change.error); });
  }
}

/** Give the device's key of this session, made at the first call: {public, sign(bytes)}, hex both. */
export async function ownKey(memory) {
  let kept = await memory.read("key");
  if (!kept) {
    kept = await make();
    await memory.keep("key", kept);
  }
  if (kept.pair) {
    return { public: kept.public, sign: async (bytes) => hex(new Uint8Array(await crypto.subtle.sign("Ed25519", kept.pair.privateKey, bytes))) };
  }
  const { ed25519 } = await curves();
  return { public: kept.public, sign: async (bytes) => hex(ed25519.sign(bytes, kept.secret)) };
}

async function make() {
  try {
    const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return { pair, public: hex(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey))) };
  } catch {
    // Not over https, or an older browser: the same signature by another hand.
    const { ed25519 } = await curves();
    const secret = crypto.getRandomValues(new Uint8Array(32));
    return { secret, public: hex(ed25519.getPublicKey(secret)) };
  }
}

function curves() {
  return import("./ed25519.mjs");
}

function done(request) {
  return new Promise((good, bad) => { request.onsuccess = () => good(request.result); request.onerror = () => bad(request.error); });
}
