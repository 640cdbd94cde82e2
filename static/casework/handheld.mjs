// A handheld that goes on without a network: what was typed is kept here until the server has it.

const config = JSON.parse(document.getElementById("config").textContent);
const words = JSON.parse(document.getElementById("words").textContent);
const part = (name) => document.querySelector(`[data-part=${name}]`);
const PLACE = `evalsys-handheld-${config.who}`;
const KEPT = "evalsys-handheld";
const AGAIN_MS = 15000;

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
  if (one.code || one.error) {
    const drop = document.createElement("button");
    drop.className = "btn btn-quiet";
    drop.textContent = words.drop;
    drop.addEventListener("click", () => keep(kept().filter((other) => other.id !== one.id)));
    item.append(drop);
  }
  return item;
}

/** Send what the server does not have yet; whatever happens, nothing is dropped unseen. */
async function send() {
  const waiting = kept().filter((one) => !one.code && !one.error);
  if (sending || waiting.length === 0) return;
  sending = true;
  try {
    const answer = await fetch(config.sync_url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
      body: JSON.stringify({ clock: new Date().toISOString(), requests: waiting }),
    });
    if (answer.status === 401) {
      part("status").textContent = words.sign_in;
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const told = new Map((await answer.json()).results.map((one) => [one.id, one]));
    part("status").textContent = "";
    keep(kept().map((one) => (told.has(one.id) ? { ...one, code: told.get(one.id).code, error: told.get(one.id).error } : one)));
  } catch {
    part("status").textContent = words.unreachable;
  } finally {
    sending = false;
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
  keep([...kept(), { ...fields, id: identity(), at: new Date().toISOString() }]);
  event.target.reset();
  send();
});
addEventListener("online", send);
setInterval(send, AGAIN_MS);
show();
send();
keepOffline();
