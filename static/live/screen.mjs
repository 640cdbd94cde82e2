// What every output does: follow the session, tell the engineers' wall how it is, and obey it.

import { curtain } from "./curtain.mjs";
import { block, h, say } from "./dom.mjs";
import { lacking } from "./fonts.mjs";
import { follow } from "./store.mjs";

const BEAT_MS = 2000;
/** A break that is mended sooner than this is nobody's business. */
const TOLD_AFTER_MS = 4000;
const MARKS_KEPT = 500;

const config = block("config");
const me = config.screen;

/**
 * Follow the session. `onView(view, previous)` paints; `report()` gives what a sub-venue's desk
 * tells, and `onEntered(done)` hears whether it arrived; `onVenues(venues)` hears what all of them told.
 */
export function screen(wants) {
  return config.preview ? foreseen(wants.onView) : followed(wants);
}

/** What GO would put here: one picture, and nobody to follow. */
function foreseen(onView) {
  const view = config.preview;
  document.body.classList.add("foreseen");
  queueMicrotask(() => onView(view, null));
  return { view: () => view, now: () => new Date(Date.parse(view.server_time)) };
}

function followed({ onView, report = () => null, onVenues = null, onEntered = () => {} }) {
  let painted = 0;
  let lostAt = null;
  let lacks = null;
  let proved = "";
  const cover = me.output ? curtain(me.output, { byHand: me.on_air, atHome: me.kind === "press" }) : Object.assign(() => {}, { alone: () => {} });
  cover.alone(me.dark);
  const store = follow({
    live: config.live, audience: config.audience, url: config.view_url,
    hello: me.key ? { screen: me.name, key: me.key } : {},
    onView: (view, previous) => {
      if ("screen_dark" in view) cover.alone(view.screen_dark);
      cover(view.control);
      onView(view, previous);
      prove(view.roster?.sha256 ?? "");
      framed(view.seq);
    },
    onCurtain: (control) => {
      cover(control);
      obeyed();
    },
    onDark: (dark) => obey(dark),
    onRevoked: revoked,
    onLink: (alive) => { lostAt = alive ? null : lostAt ?? Date.now(); },
  });
  const { socket } = store;

  /** Say which event the picture on screen shows, once it is painted: benches read it, the wall too. */
  function framed(seq) {
    requestAnimationFrame(() => setTimeout(() => {
      painted = Math.max(painted, seq);
      document.documentElement.dataset.seq = painted;
      if (performance.getEntriesByName("painted").length > MARKS_KEPT) performance.clearMarks("painted");
      performance.mark("painted", { detail: { seq } });
      beat();
    }));
  }

  /** Say that the curtain is on screen, as `framed` says it of a picture. */
  function obeyed() {
    requestAnimationFrame(() => setTimeout(() => {
      if (performance.getEntriesByName("covered").length > MARKS_KEPT) performance.clearMarks("covered");
      performance.mark("covered");
    }));
  }

  /** Try every character of a frozen roster once, and tell the wall which are missing. */
  async function prove(roster) {
    if (!me.name || !roster || roster === proved) return;
    proved = roster;
    try {
      const answer = await fetch(config.characters_url, { headers: { Accept: "application/json" } });
      lacks = await lacking((await answer.json()).characters, config.font_url);
      enter();
    } catch {
      proved = ""; // the next picture brings the next try
    }
  }

  function beat() {
    if (me.name && socket.connected) socket.emit("beat", { seq: painted, hidden: document.hidden }, ({ dark }) => obey(dark));
  }

  /** This one screen is black or not, whatever its kind shows. */
  function obey(dark) {
    if (typeof dark === "boolean") cover.alone(dark);
  }

  function enter() {
    if (!me.name) return;
    socket.emit("screen", {
      live: config.live, kind: me.kind, name: me.name, key: me.key, build: me.build,
      width: Math.round(innerWidth * devicePixelRatio), height: Math.round(innerHeight * devicePixelRatio), report: report(), lacks,
    }, (answer) => {
      onEntered(!answer.error);
      obey(answer.dark);
      if (!answer.error) beat();
    });
  }

  socket.on("connect", enter);
  socket.on("dark", ({ dark }) => obey(dark));
  socket.on("identify", (shown) => identify(shown));
  socket.on("reload", reload);
  socket.on("revoked", revoked);
  if (onVenues) socket.on("venues", ({ live, venues }) => { if (live === config.live) onVenues(venues); });
  addEventListener("resize", enter);
  document.addEventListener("visibilitychange", beat);
  setInterval(beat, BEAT_MS);
  if (!me.on_air) setInterval(() => corner(lostAt), 1000);
  return { ...store, enter };
}

/** Load the page anew, if the server is there: no output trades its picture for an error page. */
async function reload() {
  try {
    const answer = await fetch(location.href, { cache: "reload" });
    if (answer.ok) location.reload();
  } catch {
    // The picture stays; the wall still shows the old build.
  }
}

/** The page, loaded anew, says that its link was taken back. */
function revoked() {
  location.reload();
}

/** Show which screen this is, for as long as the engineer needs to find it. */
function identify({ name, kind, for_s }) {
  document.getElementById("identify")?.remove();
  const label = h("div", { id: "identify", class: "identify", role: "status" },
    h("b", {}, name), h("span", {}, `${say(`screen_${kind}`)} · ${innerWidth}×${innerHeight}`));
  document.body.append(label);
  setTimeout(() => label.remove(), for_s * 1000);
}

/** In a corner of a page for staff, never of one that viewers see: the line is dead, and since when. */
function corner(lostAt) {
  const away = lostAt !== null && Date.now() - lostAt > TOLD_AFTER_MS;
  let sign = document.getElementById("signal");
  if (!sign && away) {
    sign = h("p", { id: "signal", class: "signal", role: "status" });
    document.body.append(sign);
  }
  if (!sign) return;
  sign.hidden = !away;
  if (away) sign.textContent = say("signal_lost", { s: Math.round((Date.now() - lostAt) / 1000) });
}
