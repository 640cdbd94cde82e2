// One screen, one view: subscribe, keep the newest whole picture, and notice when the line is dead.

import { io } from "../vendor/socket.io-client-4.8.4.esm.min.js";

const POLL_MS = 3000;

/**
 * Follow a session; `hello` is told with each subscription. `onView(view, previous)` is called for each newer view, `onLink(alive)` when
 * the connection is lost or found again. While the socket is away the page asks over HTTP.
 */
export function follow({ live, audience, url, hello = {}, onView, onLink }) {
  let view = null;
  let offset = 0;
  const socket = io({ transports: ["websocket"], reconnectionDelayMax: 3000, timeout: 5000 });

  function show(next) {
    if (!next || (view && next.seq < view.seq)) return;
    const previous = view;
    view = next;
    offset = Date.parse(next.server_time) - Date.now();
    onView(next, previous);
  }

  function subscribe() {
    socket.emit("subscribe", { ...hello, live, audience, seq: view ? view.seq : 0 }, (answer) => {
      onLink(true);
      if (answer.view) show(answer.view);
    });
  }

  socket.on("connect", subscribe);
  socket.on("view", (next) => { if (next.live === live) show(next); });
  // A head that is ahead of us means that a push was lost: ask for what we missed.
  socket.on("head", (head) => { if (head.live === live && (!view || head.seq > view.seq)) subscribe(); });
  socket.on("disconnect", () => onLink(false));
  socket.on("connect_error", () => onLink(false));

  setInterval(async () => {
    if (socket.connected) return;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (answer.ok) show(await answer.json());
    } catch {
      onLink(false); // the next try follows by itself
    }
  }, POLL_MS);

  return {
    now: () => new Date(Date.now() + offset),
    view: () => view,
    refresh: subscribe,
    socket,
  };
}
