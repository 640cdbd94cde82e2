// What the handset sounds like: ring, key tones, beep, and the voice that reads the prompts.

const LOW = { 1: 697, 2: 697, 3: 697, 4: 770, 5: 770, 6: 770, 7: 852, 8: 852, 9: 852, "*": 941, 0: 941, "#": 941 };
const HIGH = { 1: 1209, 4: 1209, 7: 1209, "*": 1209, 2: 1336, 5: 1336, 8: 1336, 0: 1336, 3: 1477, 6: 1477, 9: 1477, "#": 1477 };
const CHARACTERS_A_SECOND = 4.5;
const VOICE_STARTS_WITHIN_MS = 1500;

let context = null;
let ringing = 0;

/** Wake the loudspeaker; browsers allow it only after the person touched the page. */
export function wake() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  return context;
}

function tone(pitches, seconds, volume = 0.12, after = 0) {
  const speaker = wake();
  if (speaker.state !== "running") return;
  const from = speaker.currentTime + after;
  const loudness = speaker.createGain();
  loudness.gain.setValueAtTime(0, from);
  loudness.gain.linearRampToValueAtTime(volume, from + 0.01);
  loudness.gain.setValueAtTime(volume, from + seconds - 0.02);
  loudness.gain.linearRampToValueAtTime(0, from + seconds);
  loudness.connect(speaker.destination);
  for (const pitch of pitches) {
    const source = speaker.createOscillator();
    source.frequency.value = pitch;
    source.connect(loudness);
    source.start(from);
    source.stop(from + seconds);
  }
}

export const keyTone = (key) => tone([LOW[key], HIGH[key]], 0.16);

/** The tone after which one speaks; resolves when it is over. */
export async function beep() {
  tone([1000], 0.4);
  await pause(0.45);
}

/** Ring one second in five, as telephones do here; the telephone itself shakes if it can. */
export function ring(isRinging) {
  if (isRinging === Boolean(ringing)) return;
  clearInterval(ringing);
  ringing = 0;
  if (!isRinging) return;
  const once = () => {
    for (const after of [0, 0.5]) tone([450, 480], 0.45, 0.25, after);
    navigator.vibrate?.([400, 100, 400]);
  };
  once();
  ringing = setInterval(once, 3000);
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** How long it takes to read a text aloud. */
export const readingSeconds = (text) => 0.6 + text.length / CHARACTERS_A_SECOND;

let stopPresent = () => {};

/** Read a text aloud, or wait as long as reading it takes; resolves at the end or when stopped. */
export async function speak(text, language) {
  hush();
  let isStopped = false;
  const stopped = new Promise((resolve) => {
    stopPresent = () => {
      isStopped = true;
      globalThis.speechSynthesis?.cancel();
      resolve();
    };
  });
  const seconds = readingSeconds(text);
  await Promise.race([stopped, spoken(text, language || "zh-CN").then((did) => (did ? null : pause(seconds)))]);
  return !isStopped;
}

/** Play a sound to its end, or wait `seconds` where none can be played; resolves early when stopped. */
export async function play(blob, seconds) {
  hush();
  let isStopped = false;
  let source = null;
  const stopped = new Promise((resolve) => {
    stopPresent = () => {
      isStopped = true;
      source?.stop();
      resolve();
    };
  });
  // Not an <audio>: telephones let each new one speak only when it was touched.
  const speaker = wake();
  const sound = blob && (await decoded(blob, speaker));
  if (isStopped) return false;
  const ended = new Promise((resolve) => {
    if (!sound || speaker.state !== "running") {
      pause(sound ? sound.duration : seconds).then(resolve);
      return;
    }
    source = speaker.createBufferSource();
    source.buffer = sound;
    source.connect(speaker.destination);
    source.onended = resolve;
    source.start();
  });
  await Promise.race([stopped, ended]);
  return !isStopped;
}

async function decoded(blob, speaker) {
  try {
    return await speaker.decodeAudioData(await blob.arrayBuffer());
  } catch {
    return null;
  }
}

/** Stop whatever is being read or played. */
export function hush() {
  stopPresent();
  stopPresent = () => {};
}

/** Try the browser's own voice; false when it has none for this language, or keeps silent. */
function spoken(text, language) {
  const synthesis = globalThis.speechSynthesis;
  const family = language.split("-")[0].toLowerCase();
  const voice = synthesis?.getVoices().find((each) => each.lang.toLowerCase().startsWith(family));
  if (!voice) return Promise.resolve(false);
  return new Promise((resolve) => {
    const utterance = new SpeechSynthesisUtterance(text);
    const silent = setTimeout(() => resolve(false), VOICE_STARTS_WITHIN_MS);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = 0.9;
    utterance.onstart = () => clearTimeout(silent);
    utterance.onend = () => resolve(true);
    utterance.onerror = () => resolve(false);
    synthesis.speak(utterance);
  });
}
