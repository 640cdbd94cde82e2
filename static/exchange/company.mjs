// Being together with others: the microphone goes out in tenths of a second, what they say comes in.

import { openEar, sendVoice } from "./wire.mjs";

const SAMPLES_A_SECOND = 8000;
const PIECE_SAMPLES = 800;
const RETRY_MS = 500;
const CUSHION_SECONDS = 0.12;

/** One talk; `told` gets `{mic: "wait" | "on" | "off"}` and `{level: 0 to 1}` of what is heard. */
export class Company {
  #speaker = new AudioContext({ sampleRate: SAMPLES_A_SECOND });
  #told;
  #stream = null;
  #ear = new AbortController();
  #due = 0;

  constructor(told) {
    this.#told = told;
    this.#speaker.resume().catch(() => {});
    this.#listen();
    this.#speak();
  }

  /** Leave: close the microphone and hear nothing more. */
  stop() {
    this.#ear.abort();
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#speaker.close();
  }

  get #isOver() {
    return this.#ear.signal.aborted;
  }

  async #listen() {
    while (!this.#isOver) {
      try {
        await this.#hear();
      } catch {
        // The connection broke; the page says so, and tries again.
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #hear() {
    let rest = new Uint8Array();
    for await (const bytes of openEar(this.#ear.signal)) {
      const all = new Uint8Array(rest.length + bytes.length);
      all.set(rest);
      all.set(bytes, rest.length);
      const whole = all.length - (all.length % 2);
      rest = all.slice(whole);
      this.#play(new Int16Array(all.buffer.slice(0, whole)));
    }
  }

  #play(samples) {
    if (!samples.length || this.#isOver) return;
    const sound = this.#speaker.createBuffer(1, samples.length, SAMPLES_A_SECOND);
    const target = sound.getChannelData(0);
    let loudest = 0;
    samples.forEach((each, i) => {
      target[i] = each / 32768;
      loudest = Math.max(loudest, Math.abs(target[i]));
    });
    const source = this.#speaker.createBufferSource();
    source.buffer = sound;
    source.connect(this.#speaker.destination);
    const now = this.#speaker.currentTime;
    if (this.#due < now) this.#due = now + CUSHION_SECONDS;
    source.start(this.#due);
    this.#due += sound.duration;
    this.#told({ level: loudest });
  }

  async #speak() {
    if (!navigator.mediaDevices?.getUserMedia || !this.#speaker.audioWorklet) {
      this.#told({ mic: "off" });
      return;
    }
    this.#told({ mic: "wait" });
    try {
      await this.#speaker.audioWorklet.addModule(new URL("capture.mjs", import.meta.url));
      this.#stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true },
      });
      if (this.#isOver) {
        this.stop();
        return;
      }
      const capture = new AudioWorkletNode(this.#speaker, "capture", { numberOfOutputs: 0 });
      this.#speaker.createMediaStreamSource(this.#stream).connect(capture);
      this.#send(capture.port);
      this.#told({ mic: "on" });
    } catch {
      this.#told({ mic: "off" });
    }
  }

  #send(port) {
    const piece = new Int16Array(PIECE_SAMPLES);
    let filled = 0;
    port.onmessage = ({ data }) => {
      for (const each of data) {
        piece[filled++] = Math.max(-1, Math.min(1, each)) * 32767;
        if (filled < PIECE_SAMPLES) continue;
        filled = 0;
        if (!this.#isOver) sendVoice(piece.slice()).catch(() => {});
      }
    };
  }
}
