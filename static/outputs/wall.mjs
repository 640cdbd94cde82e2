// The engineers' wall: every screen that told its name, how far behind it is, and what to do about it.

import { block, h, hear, say } from "../live/dom.mjs";
import { follow } from "../live/store.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);
const trouble = part("trouble");
/** For how long a second press confirms what viewers will see. */
const SURE_MS = 4000;
const LAMPS = { good: "green", late: "red", hidden: "yellow", gone: "red" };

let screens = [];
let sure = null;
let control = { dark: [], card: null };

const store = follow({
  live: config.live, audience: "public", url: config.view_url,
  onView: seen,
  onLink: (alive) => { if (!alive) part("sum").textContent = say("unreachable"); },
});
const { socket } = store;
socket.on("connect", () => ask("wall", {}, heard));
socket.on("screens", heard);

part("all").replaceChildren(h("button", { class: "btn", type: "button", onclick: () => act(null, "identify") }, say("do_identify_all")));

function heard(told) {
  if (told.live !== config.live) return;
  show(told.screens);
  absent(told.dark);
}

/** Single screens that were darkened and are not there: they come back dark, unless they are lit here. */
function absent(dark) {
  const now = JSON.stringify(dark);
  if (part("absent").dataset.now === now) return;
  part("absent").dataset.now = now;
  part("absent").hidden = dark.length === 0;
  part("absent").replaceChildren(...dark.map(({ kind, name }) => h("p", { class: "row spread" },
    h("span", {}, say("wall_dark_absent", { name, kind: say(`screen_${kind}`) })),
    button("do_light_one", () => send(config.dark_url, { kind, name, dark: false })))));
}

function seen(view) {
  hear(view.kind);
  part("phase").textContent = say(`phase_${view.aborted ? "aborted" : view.phase}`);
  control = view.control;
  show(screens);
}

function show(told) {
  screens = told;
  const bad = told.filter((one) => one.standing !== "good").length;
  part("sum").textContent = told.length ? say("wall_sum", { n: told.length, bad }) : "";
  // A button that somebody is about to press stays where it is: only what changed is painted anew.
  part("screens").replaceChildren(...(told.length ? told.map(card) : [h("li", { class: "empty" }, say("wall_none"))]));
}

const painted = new Map();

function card(one) {
  const isDark = control.dark.includes(one.darkens);
  const { kind, name } = one;
  const now = JSON.stringify([one, sure === one.id, isDark]);
  const known = painted.get(one.id);
  if (known?.now === now) return known.element;
  const element = h("li", { class: `card screen-card ${one.standing}` },
    h("header", { class: "row spread" },
      h("h3", {}, one.name),
      h("span", { class: `lamp lamp-${LAMPS[one.standing]}` }, say(`standing_${one.standing}`))),
    h("p", { class: "row small" },
      h("span", {}, say(`screen_${one.kind}`)),
      one.on_air && h("span", { class: "badge badge-accent" }, say("wall_on_air")),
      one.dark && h("span", { class: "badge badge-bad" }, say("wall_dark_one")),
      isDark && h("span", { class: "badge badge-warn" }, say("wall_dark")),
      h("span", { class: "muted" }, `${one.size[0]}×${one.size[1]}`)),
    h("p", { class: "figures" },
      h("b", {}, one.standing === "gone" ? say("wall_gone", { s: one.silent_s }) : say("wall_lag", { ms: one.lag_ms })),
      one.head > one.seq && h("span", { class: "warn" }, say("wall_behind", { n: one.head - one.seq }))),
    one.build !== config.build && one.standing !== "gone" && h("p", { class: "small warn" }, say("wall_old")),
    one.lacks && h("p", { class: "small warn" }, say("wall_lacks", { characters: one.lacks })),
    one.venue && h("p", { class: "small" }, say("venue_present", { n: one.venue.present }), " · ",
      say(one.venue.picture ? "venue_picture" : "venue_no_picture"), " · ", say(one.venue.sound ? "venue_sound" : "venue_no_sound"),
      one.venue.asks && h("b", { class: "warn" }, " · ", say("venue_asks"))),
    h("footer", { class: "row" }, one.standing === "gone"
      ? [button("do_forget", () => act(one.id, "forget")), one.dark && button("do_light_one", () => send(config.dark_url, { kind, name, dark: false }))]
      : [button("do_identify", () => act(one.id, "identify")), button(sure === one.id ? "do_reload_sure" : "do_reload", () => reload(one)),
        one.darkens && button(one.dark ? "do_light_one" : "do_dark_one", () => send(config.dark_url, { kind, name, dark: !one.dark })),
        one.darkens && button(isDark ? "do_light" : "do_dark", () => send(config.dark_url, { output: one.darkens, dark: !isDark }))]));
  painted.set(one.id, { now, element });
  return element;
}

function button(word, onclick) {
  return h("button", { class: "btn", type: "button", onclick }, say(word));
}

/** Viewers see an output on air load anew: that wants a second press. */
function reload(one) {
  if (!one.on_air || sure === one.id) {
    sure = null;
    act(one.id, "reload");
  } else {
    sure = one.id;
    setTimeout(() => { if (sure === one.id) { sure = null; show(screens); } }, SURE_MS);
  }
  show(screens);
}

function act(id, what) {
  trouble.hidden = true;
  ask("screen_do", { act: what, ...(id === null ? {} : { id }) });
}

function ask(name, message, then = () => {}) {
  socket.emit(name, { live: config.live, ...message }, (answer) => {
    if (answer.error) complain(answer.error);
    else then(answer);
  });
}

function complain(error) {
  trouble.replaceChildren(h("div", {}, h("strong", {}, error.what), " ", error.remedy ?? ""));
  trouble.hidden = false;
}

/** Post to one of our addresses; the answer, or nothing when it was refused and said why. */
async function send(url, message) {
  trouble.hidden = true;
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
      body: JSON.stringify(message),
    });
    const told = await answer.json();
    if (answer.ok) return told;
    complain(told.error ?? told);
  } catch {
    complain({ what: say("unreachable") });
  }
  return null;
}

part("link").addEventListener("submit", async (event) => {
  event.preventDefault();
  const made = await send(config.link_url, Object.fromEntries(new FormData(event.target)));
  if (!made) return;
  part("made").hidden = false;
  part("made").querySelector("img").src = made.qr;
  part("made").querySelector("code").textContent = made.address;
  listLinks();
});
async function listLinks(told) {
  const { links } = told ?? await (await fetch(config.links_url, { headers: { Accept: "application/json" } })).json();
  part("links").replaceChildren(...links.map((one) => h("li", { class: "row spread" },
    h("span", { class: one.revoked_by ? "muted" : "" }, h("b", {}, one.name), " ", say(`screen_${one.kind}`), " ",
      h("small", { class: "muted" }, one.revoked_by ? say("link_revoked", { by: one.revoked_by }) : say("link_by", { by: one.by }))),
    !one.revoked_by && h("button", { class: "btn", type: "button", onclick: (event) => revoke(event.target, one) }, say("do_revoke")))));
  part("no-links").hidden = links.length > 0;
}

/** A screen that loses its link goes dark: that wants a second press. */
async function revoke(button, { kind, name }) {
  if (!button.dataset.sure) {
    button.dataset.sure = "1";
    button.textContent = say("do_revoke_sure");
    setTimeout(() => { delete button.dataset.sure; button.textContent = say("do_revoke"); }, SURE_MS);
    return;
  }
  const told = await send(config.revoke_url, { kind, name });
  if (told) listLinks(told);
}

listLinks();
part("copy").addEventListener("click", () => navigator.clipboard?.writeText(part("made").querySelector("code").textContent));
