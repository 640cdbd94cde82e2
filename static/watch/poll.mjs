// Following a session by asking for one file: what a hundred thousand phones can do at once.

const EVERY_MS = 2000;
const SLOWEST_MS = 15000;
const SILENT_AFTER_MS = 12000;

/**
 * Ask for `url` every two seconds or so, each phone at moments of its own. `onView(view)` is called
 * for each newer view, `onLink(alive)` when answers stop or come again. A failed try is repeated
 * more and more slowly, so that a server that comes back is not met by everybody at once.
 */
export function poll({ url, onView, onLink }) {
  let shown = "";
  let offset = 0;
  let failures = 0;
  let heard = Date.now();

  async function ask() {
    try {
      const answer = await fetch(url, { cache: "no-cache", signal: AbortSignal.timeout?.(8000) });
      if (!answer.ok) throw new Error(answer.statusText);
      take(await answer.text(), answer.headers.get("Date"));
      failures = 0;
      heard = Date.now();
      onLink(true);
    } catch {
      failures += 1;
      if (Date.now() - heard > SILENT_AFTER_MS) onLink(false);
    }
    setTimeout(ask, wait());
  }

  function take(text, served) {
    // The file's own time stands still between events; the server that hands it out goes on.
    if (served) offset = Date.parse(served) - Date.now();
    // Not by `seq`: a blackout changes the picture while the delay holds the steps back.
    if (text === shown) return;
    shown = text;
    onView(JSON.parse(text));
  }

  function wait() {
    const base = document.hidden ? EVERY_MS * 5 : Math.min(EVERY_MS * 2 ** failures, SLOWEST_MS);
    return base * (0.75 + Math.random() / 2);
  }

  ask();
  return { now: () => new Date(Date.now() + offset) };
}
