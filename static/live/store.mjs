// One screen, one view: subscribe, keep the newest whole picture, and notice when the line is dead.

import { io } from "../vendor/socket.io-client-4.8.4.esm.min.js";

const POLL_MS = 3000;
/** The server says every two seconds which picture is newest; who hears nothing for so long is deaf. */
const DEAF_AFTER_MS = 6000;
/**
 * A server that was killed is back in two seconds: so long a screen knocks quickly, then calmly. Spread, so that a thousand
 * screens do not knock at once.
 */
const KNOCK_MS = [100, 300];
const CALM_KNOCK_MS = [400, 1200];
const QUICK_FOR_MS = 5000;
/** A server that answers while its sockets fail, say behind a proxy that forbids them, is tried ever more seldom. */
const REFUSED_AT_MOST_MS = 4000;
const ANSWERS_WITHIN_MS = 4000;
/** So long without a socket, a screen that only shows asks for a stream instead. */
const STREAM_AFTER_MS = 2000;

/**
 * Follow a session; `onCurtain(control)` hears at once that outputs were darkened or lit, ahead of any picture; `hello` is told with each subscription. `onDark(dark)` and `onRevoked()` hear from a stream what concerns this screen alone. `onView(view, previous)` is called for each newer view, `onLink(alive)` when
 * the connection is lost or found again: true for pushes, "slow" while the server answers questions only. While the socket is away the page asks over HTTP: screens
 * of the public picture by a stream of events, all others again and again.
 */
export function follow({ live, audience, url, hello = {}, onView, onLink, onCurtain = () => {}, onDark = () => {}, onRevoked = () => {} }) {
  let view = null;
  let curtain = null;
  let offset = 0;
  let heardAt = performance.now();
  let stream = null;
  // Browsers make a page whose sockets failed wait, up to a minute: we look by other means whether the server is there.
  const socket = io({ transports: ["websocket"], reconnection: false, timeout: ANSWERS_WITHIN_MS });
  let isKnocking = false;
  /** Whether the last question over HTTP was answered: then pictures come, only more seldom. */
  let isAnswered = false;
  let refused = 0;

  function show(next) {
    if (!next || (view && next.seq < view.seq)) return;
    const previous = view;
    // A picture that was on its way while the curtain fell does not raise it.
    if (curtain && next.control.n < curtain.n) next.control = { ...next.control, ...curtain };
    view = next;
    offset = Date.parse(next.server_time) - Date.now();
    onView(next, previous);
  }

  function subscribe() {
    socket.emit("subscribe", { ...hello, live, audience, seq: view ? view.seq : 0 }, (answer) => {
      heardAt = performance.now();
      closeStream();
      onLink(true);
      if (answer.view) show(answer.view);
    });
  }

  function openStream() {
    stream = new EventSource(url.replace(/view\.json(?=\?|$)/, "stream"));
    stream.onopen = () => onLink(true);
    stream.onerror = () => {
      onLink(false);
      // Refused, say by a proxy whose server restarts, it never tries again by itself.
      if (stream?.readyState === EventSource.CLOSED) closeStream();
    };
    stream.addEventListener("dark", (event) => onDark(JSON.parse(event.data).dark));
    stream.addEventListener("revoked", onRevoked);
    stream.onmessage = (event) => show(JSON.parse(event.data));
  }

  function closeStream() {
    stream?.close();
    stream = null;
  }

  async function poll() {
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (answer.ok) show(await answer.json());
      isAnswered = answer.ok;
    } catch {
      isAnswered = false; // the next try follows by itself
    }
    if (!socket.connected) away();
  }

  function away() {
    onLink(isAnswered ? "slow" : false);
  }

  async function knock() {
    // Whom the server itself hung up on stays away.
    if (isKnocking || !socket.active) return;
    isKnocking = true;
    const since = performance.now();
    const refusal = refused ? Math.min(200 * 2 ** refused, REFUSED_AT_MOST_MS) : 0;
    do {
      const [least, most] = performance.now() - since < QUICK_FOR_MS ? KNOCK_MS : CALM_KNOCK_MS;
      await pause(Math.max(refusal, least) + Math.random() * (most - least));
    } while (!(await isThere()));
    isKnocking = false;
    refused += 1;
    if (socket.active) socket.connect();
  }

  socket.on("connect", () => {
    refused = 0;
    subscribe();
  });
  socket.on("view", (next) => {
    heardAt = performance.now();
    if (next.live === live) show(next);
  });
  socket.on("curtain", (told) => {
    heardAt = performance.now();
    if (told.live !== live || (curtain && told.control.n < curtain.n)) return;
    curtain = { n: told.control.n, dark: told.control.dark, card: told.control.card };
    if (view && view.control.n <= curtain.n) {
      view.control = { ...view.control, ...curtain };
      onCurtain(view.control);
    }
  });
  socket.on("head", (head) => {
    heardAt = performance.now();
    // A head that is ahead of us means that a push was lost: ask for what we missed.
    if (head.live === live && (!view || head.seq > view.seq)) subscribe();
  });
  socket.on("disconnect", () => {
    isAnswered = false;
    away();
    knock();
  });
  socket.on("connect_error", () => {
    if (stream?.readyState !== EventSource.OPEN) away();
    knock();
  });

  setInterval(() => {
    const silent = performance.now() - heardAt;
    if (socket.connected) {
      // A cable that was pulled says nothing: hang up, and dial again.
      if (silent > DEAF_AFTER_MS) {
        heardAt = performance.now();
        socket.disconnect().connect();
      }
    } else if (["public", "aired"].includes(audience) && !stream && silent > STREAM_AFTER_MS) {
      openStream();
    }
  }, 1000);
  setInterval(() => {
    if (!socket.connected && stream?.readyState !== EventSource.OPEN) poll();
  }, POLL_MS);

  return {
    now: () => new Date(Date.now() + offset),
    view: () => view,
    refresh: subscribe,
    socket,
  };
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Whether the server of the screens answers at all. */
async function isThere() {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWERS_WITHIN_MS);
  try {
    return (await fetch("/live/here", { signal: late.signal, cache: "no-store" })).ok;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
