// A door of the hall. It judges each card by itself and hands the scans in whenever it can.

import { block, h, say } from "../live/dom.mjs";
import { isGenuine, readCard } from "./card.mjs";
import { Journal } from "./journal.mjs";

const KEPT = "evalsys-door"; // as worker.js calls it
const HAND_IN_EVERY_MS = 5000;
const TRY_FOR_MS = 8000;
const SAME_SCAN_MS = 8000;
const MOST = 200;

const config = block("config");
const part = (id) => document.getElementById(id);
const time = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

let journal = null;
let link = "offline";
let handing = false;
let last = { text: "", at: 0 };

try {
  journal = new Journal(config.live);
} catch {
  verdict("unknown", say("no_storage"), "");
}

/** Judge one scanned text, show it in one word, and keep the scan. */
export function scan(text) {
  const now = Date.now();
  if (text === last.text && now - last.at < SAME_SCAN_MS) return; // the same card is still before the lens
  last = { text, at: now };
  if (!journal.key) return verdict("unknown", say("no_list"), "");
  const card = readCard(text);
  if (!card) return verdict("unknown", say("unknown"), say("unknown_detail"));
  if (!isGenuine(card, config.live, journal.key)) return verdict("forged", say("forged"), say("forged_detail"));
  const earlier = journal.earlier(card);
  const outcome = earlier ? "again" : card.issue < journal.newest(card.seat) ? "old" : "welcome";
  journal.add({ ...card, id: identity(), at: new Date(now).toISOString(), verdict: outcome });
  const seat = journal.seat(card.seat);
  const who = [seat?.label ?? `${card.seat}`, seat?.name].filter(Boolean).join(" · ");
  if (outcome === "again") {
    verdict("again", say("again"), say("again_detail", { time: time.format(Date.parse(earlier.at)), door: earlier.device ?? say("this_door") }), who);
  } else if (outcome === "old") verdict("old", say("old"), say("old_detail"), who);
  else verdict("welcome", say("welcome"), "", who);
  show();
  handIn();
}

function identity() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function verdict(kind, word, detail, who = "") {
  document.body.dataset.verdict = kind;
  part("word").textContent = word;
  part("who").textContent = who;
  part("detail").textContent = detail;
}

/** Hand in what waits, or ask for the list; what was acknowledged is forgotten here, nothing else. */
async function handIn() {
  if (!journal || handing) return;
  handing = true;
  const some = journal.waiting.slice(0, MOST);
  try {
    const told = await ask(config.list_url);
    if (told && some.length) {
      const answer = await ask(config.scans_url, {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": told.csrf_token },
        body: JSON.stringify({
          device: part("device").value.trim() || say("this_door"),
          clock: new Date().toISOString(),
          scans: some.map(({ id, seat, issue, code, signature, at }) => ({ id, seat, issue, code, signature, at })),
        }),
      });
      if (answer) journal.learn(answer, [...answer.kept, ...answer.forged]);
    } else if (told) journal.learn(told);
  } catch {
    link = "offline";
  }
  handing = false;
  show();
}

async function ask(url, options = { headers: { Accept: "application/json" } }) {
  const answer = await fetch(url, { ...options, cache: "no-store", signal: AbortSignal.timeout(TRY_FOR_MS) });
  link = answer.ok ? "online" : answer.status === 401 ? "signed_out" : "offline";
  return answer.ok ? answer.json() : null;
}

function show() {
  const n = journal.waiting.length;
  const key = link === "online" && n ? "waiting" : link;
  part("link").textContent = say(key, { n });
  part("link").dataset.link = key;
  part("sign-in").hidden = link !== "signed_out";
  part("came").textContent = say("came", { came: journal.came.size, seats: journal.seats.length });
  const odd = journal.odd;
  part("odd").hidden = !odd.length;
  part("odd").textContent = say("odd", { n: odd.length });
  const came = journal.came;
  part("seats").replaceChildren(...journal.seats.map((seat) => h("li", { class: came.has(seat.number) ? "came" : "" },
    h("b", {}, seat.label), h("span", {}, seat.name))));
}

/** Keep the page and all it is made of on the device, so that it opens without a network. */
async function keepOffline() {
  try {
    await navigator.serviceWorker.register(config.worker_url, { scope: location.pathname });
    await navigator.serviceWorker.ready;
    const kept = await caches.open(KEPT);
    const parts = performance.getEntriesByType("resource").map((one) => one.name)
      .filter((url) => new URL(url).origin === location.origin && !url.startsWith(new URL(config.list_url, location.href).href));
    await kept.addAll([...new Set([location.pathname, ...parts])].filter((url) => !url.includes("/scans")));
    part("kept").textContent = say("kept_offline");
  } catch {
    part("kept").textContent = say("not_kept_offline");
  }
}

/** Read cards with the device's camera, where the browser can read QR codes by itself. */
async function useCamera() {
  try {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const video = part("video");
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    await video.play();
    setInterval(async () => {
      const [found] = await detector.detect(video);
      if (found) scan(found.rawValue);
    }, 200);
  } catch {
    part("detail").textContent = say("no_camera");
  }
}

if (journal) {
  part("device").value = localStorage.getItem("door-name") ?? "";
  part("device").addEventListener("change", () => localStorage.setItem("door-name", part("device").value.trim()));
  part("scan").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = part("text");
    if (field.value.trim()) scan(field.value);
    field.value = "";
    field.focus();
  });
  part("camera").addEventListener("click", useCamera);
  verdict("ready", say("ready"), say("ready_detail"));
  show();
  handIn();
  setInterval(handIn, HAND_IN_EVERY_MS);
  addEventListener("online", handIn);
  keepOffline();
}
