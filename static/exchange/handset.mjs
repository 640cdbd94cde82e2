// The handset: shows what the exchange says of the call, and tells it what the person does.

import { Company } from "./company.mjs";
import { Mail } from "./mail.mjs";
import { spaced } from "./number.mjs";
import { Recorder, hasMicrophone } from "./recorder.mjs";
import { beep, hush, keyTone, play, readingSeconds, ring, speak, wake } from "./sound.mjs";
import { act, follow, handIn, held, register, soundOf } from "./wire.mjs";
import { roleText, switchLanguage, translate, words } from "./words.mjs";

const KEYS = [..."123456789*0#"];
const at = (id) => document.getElementById(id);
const phone = at("phone");

let view = { phase: "setup" };
let talkingSince = 0;
let spokenPrompt = 0;
let shownPrompts = "";
let recording = null;
let company = null;
const mail = new Mail(phone);

function show(next) {
  const before = view;
  view = next;
  if (next.talked !== undefined) talkingSince = Date.now() - 1000 * next.talked;
  phone.dataset.screen = next.phase;
  ring(next.phase === "ringing");
  if (next.phase !== before.phase && ["ringing", "talking"].includes(next.phase)) spokenPrompt = 0;
  if (next.phase !== "talking") hush();
  render();
  followPrompt();
  followRecording();
  followCompany();
  mail.follow(next);
  // The button to press next has the focus: a visitor can do it all from the keyboard.
  if (next.phase === "ringing" && before.phase !== "ringing") at("answer").focus({ preventScroll: true });
}

function render() {
  const said = words();
  const number = view.called || held.get()?.number || "";
  at("held").textContent = spaced(number);
  at("which").textContent = number ? spaced(number) : said.any_number;
  at("caller").textContent = at("who").textContent = spaced(view.caller ?? "");
  for (const element of document.querySelectorAll("[data-role]")) element.textContent = roleText(view.role);
  phone.classList.toggle("listening", Boolean(view.listening));
  const isRecording = view.record_seconds > 0;
  at("keypad").hidden = isRecording;
  at("speak").hidden = !isRecording;
  renderPrompts();
  renderCue(said, isRecording);
  if (view.phase === "ended") renderEnd(said);
  tick();
}

function renderPrompts() {
  const prompts = (view.prompts ?? []).filter((each) => each.text || each.sound);
  const shown = prompts.map((each) => each.id).join();
  const list = at("said");
  if (shown !== shownPrompts) {
    shownPrompts = shown;
    list.replaceChildren(
      ...prompts.map((each) => {
        const item = document.createElement("li");
        item.textContent = each.text || "♪";
        item.dataset.id = each.id;
        return item;
      }),
    );
    list.lastElementChild?.scrollIntoView({ block: "start" });
  }
  for (const item of list.children) item.toggleAttribute("data-speaking", Number(item.dataset.id) === view.speaking);
}

function renderCue(said, isRecording) {
  const cue = at("cue");
  if (isRecording) cue.textContent = said.comment;
  else if (view.keys) {
    const keys = document.createElement("b");
    keys.textContent = view.keys;
    cue.replaceChildren(`${said.pressed} `, keys);
  } else cue.textContent = view.listening ? said.press : view.speaking ? said.listen : "";
}

function renderEnd(said) {
  [at("ended_title").textContent, at("ended_text").textContent] = said[view.ended];
  at("talked").textContent = view.talked ? `${said.talked} ${clock(view.talked)}` : "";
  at("again").hidden = view.ended === "taken";
  at("call_back").hidden = !view.call_back;
  if (view.ended === "taken") held.clear();
}

function clock(seconds) {
  const two = (value) => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

function tick() {
  if (view.phase === "talking") at("clock").textContent = clock(Math.max(0, Math.floor((Date.now() - talkingSince) / 1000)));
}

async function followPrompt() {
  if (!view.speaking) {
    if (view.phase === "talking") hush();
    return;
  }
  const prompt = view.prompts?.find((each) => each.id === view.speaking);
  if (!prompt || prompt.id === spokenPrompt) return;
  spokenPrompt = prompt.id;
  const sound = await soundOf(prompt.id);
  // A key may have silenced the prompt while its sound was on the way.
  if (view.speaking !== prompt.id) return;
  const isDone =
    sound || !prompt.text
      ? await play(sound, prompt.seconds || readingSeconds(prompt.text))
      : await speak(prompt.text, prompt.language);
  if (isDone) act("heard", { prompt: prompt.id });
}

// Company

function followCompany() {
  const isTogether = view.phase === "talking" && view.company > 0;
  at("company").hidden = !isTogether;
  at("company_who").textContent = isTogether ? words().company(view.company) : "";
  if (isTogether && !company) company = new Company(showCompany);
  if (!isTogether && company) {
    company.stop();
    company = null;
  }
}

function showCompany({ mic, level }) {
  if (mic) {
    at("company").dataset.state = mic;
    at("company_mic").textContent = words()[`company_${mic}`];
  }
  if (level !== undefined) at("others").value = level;
}

// Comments

function followRecording() {
  if (view.record_seconds && !recording) startRecording();
  if (!view.record_seconds && recording) stopRecording();
}

async function startRecording() {
  const present = { recorder: null, limit: setTimeout(() => finish(false), 1000 * view.record_seconds) };
  recording = present;
  at("words").value = "";
  microphone(hasMicrophone() ? "wait" : "off");
  if (view.beep) await beep();
  if (!hasMicrophone() || recording !== present) return;
  const recorder = new Recorder();
  try {
    await recorder.start(wake(), (level) => (at("level").value = level));
  } catch {
    microphone("off");
    return;
  }
  if (recording !== present) {
    recorder.stop(wake());
    return;
  }
  present.recorder = recorder;
  microphone("on");
}

function microphone(state) {
  at("mic").dataset.state = state;
  at("mic_text").textContent = words()[`mic_${state}`];
}

/** Close the microphone; return what it recorded. */
async function stopRecording() {
  const { recorder, limit } = recording;
  recording = null;
  clearTimeout(limit);
  return recorder ? recorder.stop(wake()) : null;
}

async function finish(hangUp) {
  if (!recording) return;
  const typed = at("words").value.trim();
  await handIn(await stopRecording(), typed, hangUp);
}

// Keys and buttons

function press(key) {
  if (view.phase !== "talking" || view.record_seconds) return;
  keyTone(key);
  const button = at("keypad").children[KEYS.indexOf(key)];
  button.dataset.pressed = "";
  setTimeout(() => delete button.dataset.pressed, 160);
  act("press", { key });
}

async function hold(number) {
  wake();
  globalThis.speechSynthesis?.getVoices();
  const isHeld = await register(number);
  at("wrong").hidden = isHeld;
  if (isHeld) follow(show, broken);
}

function leave() {
  act("leave");
  held.clear();
  show({ phase: "setup" });
}

function broken(isBroken) {
  at("broken").hidden = !isBroken;
}

at("keypad").append(
  ...KEYS.map((key) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key;
    button.dataset.key = key;
    return button;
  }),
);
document.addEventListener("click", (event) => {
  wake();
  const button = event.target.closest("button");
  if (!button) return;
  const { key, do: action, hold: number } = button.dataset;
  if (key) press(key);
  else if (action === "leave") leave();
  else if (action) act(action);
  else if (number) hold(number);
});
document.addEventListener("keydown", (event) => {
  if (KEYS.includes(event.key) && !mail.isOpen && !event.target.closest("input, textarea")) press(event.key);
});
at("any").addEventListener("click", () => hold(""));
at("own").addEventListener("submit", (event) => {
  event.preventDefault();
  hold(at("number").value.trim() || "?");
});
at("speak").addEventListener("submit", (event) => {
  event.preventDefault();
  finish(false);
});
at("hang_up").addEventListener("click", () => (recording ? finish(true) : act("hang_up")));
at("tongue").addEventListener("click", () => {
  switchLanguage();
  render();
});
setInterval(tick, 500);

for (const number of document.querySelectorAll("[data-hold] span")) number.textContent = spaced(number.textContent);
translate();
if (held.get()) follow(show, broken);
else show({ phase: "setup" });
