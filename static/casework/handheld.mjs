// A handheld that goes on without a network: what was typed is kept here until the server has it.

const config = JSON.parse(document.getElementById("config").textContent);
const words = JSON.parse(document.getElementById("words").textContent);
const part = (name) => document.querySelector(`[data-part=${name}]`);
const PLACE = `evalsys-handheld-${config.who}`;
const KEPT = "evalsys-handheld";
const AGAIN_MS = 15000;
const AT_ONCE = 100; // what the server takes in one go has an end

let sending = false;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "[]");
  } catch {
    return [];
  }
}

function keep(list) {
  localStorage.setItem(PLACE, JSON.stringify(list));
  show();
}

/** 32 hex digits: sent twice, the server adds it once. */
function identity() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function show() {
  part("list").replaceChildren(...kept().slice().reverse().map(row));
}

function row(one) {
  const item = document.createElement("li");
  item.className = "card card-body stack-tight";
  const said = document.createElement("p");
  said.textContent = `${one.household} · ${one.text}`;
  const state = document.createElement("p");
  state.className = "small muted";
  if (one.code) state.textContent = words.sent.replace("%(code)s", one.code);
  else if (one.error) state.textContent = `${words.refused}：${one.error.what}${one.error.remedy}`;
  else state.textContent = words.waiting;
  item.append(said, state);
  if (one.error) item.append(button(words.correct, () => correct(one)));
  if (one.code || one.error) item.append(button(words.drop, () => drop(one)));
  return item;
}

function button(word, onClick) {
  const made = document.createElement("button");
  made.className = "btn btn-quiet";
  made.textContent = word;
  made.addEventListener("click", onClick);
  return made;
}

function drop(one) {
  keep(kept().filter((other) => other.id !== one.id));
}

/** Put what was refused back into the form: what was typed is not typed again. */
function correct(one) {
  for (const field of part("form").querySelectorAll("[name]")) field.value = one[field.name] ?? field.value;
  drop(one);
  part("form").querySelector("[name=household]").focus();
}

/** Send what the server does not have yet; whatever happens, nothing is dropped unseen. */
async function send() {
  const waiting = kept().filter((one) => !one.code && !one.error).slice(0, AT_ONCE);
  if (sending || waiting.length === 0) return;
  sending = true;
  try {
    const answer = await fetch(config.sync_url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
      body: JSON.stringify({ clock: new Date().toISOString(), who: config.who, requests: waiting }),
    });
    if (!answer.ok) {
      part("status").textContent = await refusal(answer);
      return;
    }
    const told = new Map((await answer.json()).results.map((one) => [one.id, one]));
    part("status").textContent = "";
    keep(kept().map((one) => (told.has(one.id) ? { ...one, code: told.get(one.id).code, error: told.get(one.id).error } : one)));
  } catch {
    part("status").textContent = words.unreachable;
  } finally {
    sending = false;
  }
}

/** What the server says of a whole batch that it did not take; all of it is still here. */
async function refusal(answer) {
  if (answer.status === 401) return words.sign_in;
  try {
    const told = await answer.json();
    return `${told.what}${told.remedy} ${words.still_here}`;
  } catch {
    return words.still_here;
  }
}

async function keepOffline() {
  try {
    await navigator.serviceWorker.register(config.worker_url, { scope: location.pathname });
    await navigator.serviceWorker.ready;
    const cache = await caches.open(KEPT);
    const parts = performance.getEntriesByType("resource").map((one) => one.name).filter((url) => new URL(url).origin === location.origin && !url.includes("/sync"));
    await cache.addAll([...new Set([location.pathname, ...parts])]);
    part("kept").textContent = words.kept_offline;
  } catch {
    part("kept").textContent = words.not_kept_offline;
  }
}

part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(event.target));
  try {
    keep([...kept(), { ...fields, id: identity(), at: new Date().toISOString() }]);
  } catch {
    part("status").textContent = words.full;
    return;
  }
  event.target.reset();
  send();
});
addEventListener("online", send);
addEventListener("storage", show); // the same list in another tab
setInterval(send, AGAIN_MS);
show();
send();
keepOffline();
