// Plays a record again: the same pictures as on the day, at any speed.

import { block } from "../live/dom.mjs";
import { show } from "../live/picture.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);
const time = new Intl.DateTimeFormat("zh-CN", { dateStyle: "short", timeStyle: "medium", timeZone: config.zone_name });
const FRAME_MS = 100;
const SPEEDS = [1, 2, 5, 10, 30, 60, 300, 1800];

let moments = [];
let at = 0; // place in the record, from 0
let clock = 0; // the record's time, ms
let playing = false;
let speed = 10;
let shown = 0;
let asking = false;

const stamp = (i) => Date.parse(moments[i][1]);

/** Go to the `i`-th event. */
function seek(i) {
  at = Math.max(0, Math.min(moments.length - 1, i));
  clock = stamp(at);
  paint();
}

/** Show the newest picture asked for; while one is on its way, only the last wish counts. */
async function paint() {
  part("place").value = at;
  part("moment").textContent = `${moments[at][0]} / ${moments.length} · ${moments[at][2]}`;
  part("time").textContent = time.format(clock);
  part("play").textContent = part("play").dataset[playing ? "pause" : "play"];
  part("speed").textContent = `${speed}×`;
  if (asking || shown === moments[at][0]) return;
  asking = true;
  const seq = moments[at][0];
  try {
    const answer = await fetch(`${config.picture_url}?seq=${seq}`, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      show({ ...(await answer.json()), control: null });
      shown = seq;
    }
  } catch {
    playing = false; // the network is away: the next key tries again
  }
  asking = false;
  if (shown === seq && shown !== moments[at][0]) paint();
}

function frame() {
  if (!playing) return;
  clock += FRAME_MS * speed;
  const before = at;
  while (at + 1 < moments.length && stamp(at + 1) <= clock) at += 1;
  if (at + 1 === moments.length) playing = false;
  if (at !== before || !playing) paint();
  else part("time").textContent = time.format(clock);
}

function faster(by) {
  speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, SPEEDS.indexOf(speed) + by))];
  paint();
}

function toggle() {
  if (!playing && at + 1 === moments.length) seek(0);
  playing = !playing;
  paint();
}

const keys = {
  " ": toggle, ArrowRight: () => seek(at + 1), ArrowLeft: () => seek(at - 1),
  "+": () => faster(1), "-": () => faster(-1), Home: () => seek(0), End: () => seek(moments.length - 1),
};

addEventListener("keydown", (event) => {
  if (!keys[event.key] || event.target.closest("button, a")) return;
  event.preventDefault();
  keys[event.key]();
});
part("play").addEventListener("click", toggle);
part("slower").addEventListener("click", () => faster(-1));
part("faster").addEventListener("click", () => faster(1));
part("place").addEventListener("input", () => seek(Number(part("place").value)));

({ moments } = await (await fetch(config.moments_url, { headers: { Accept: "application/json" } })).json());
part("place").max = moments.length - 1;
seek(0);
setInterval(frame, FRAME_MS);
