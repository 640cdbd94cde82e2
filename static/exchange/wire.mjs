// The wire between this page and the exchange: one token a handset, news by long polling.

const KEPT = "handset";
const RETRY_MS = 1000;

/** What this window holds: `{token, number}`; survives a reload, not the closing of the window. */
export const held = {
  get: () => JSON.parse(sessionStorage.getItem(KEPT) ?? "null"),
  set: (value) => sessionStorage.setItem(KEPT, JSON.stringify(value)),
  clear: () => sessionStorage.removeItem(KEPT),
};

async function post(path, body, signal) {
  const isJson = !(body instanceof FormData || body instanceof Int16Array);
  const headers = { Authorization: `Bearer ${held.get()?.token ?? ""}` };
  if (isJson) headers["Content-Type"] = "application/json";
  return fetch(`/handset/${path}`, {
    method: "POST",
    headers,
    body: isJson ? JSON.stringify(body) : body,
    signal,
  });
}

/** Hold a number; an empty one stands for whichever is called next. False: not a number. */
export async function register(number) {
  const answer = await post("register", { number });
  if (!answer.ok) return false;
  held.set(await answer.json());
  return true;
}

/** Tell the exchange what the person did. */
export const act = (what, more = {}) => post("act", { do: what, ...more });

/** Hand in a comment: a WAV or null, and typed words. */
export function handIn(sound, typed, hangUp) {
  const form = new FormData();
  form.set("words", typed);
  if (sound) form.set("sound", sound, "comment.wav");
  if (hangUp) form.set("hang_up", "1");
  return post("comment", form);
}

/** Fetch the sound of a prompt; null when the exchange has none. */
export async function soundOf(prompt) {
  try {
    const answer = await post("sound", { prompt });
    return answer.status === 200 ? await answer.blob() : null;
  } catch {
    return null;
  }
}

/** Fetch the short messages of this page's numbers: `{numbers, messages, may_write}`; null when that failed. */
export async function mailOf() {
  try {
    const answer = await post("messages", {});
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Send a short message; whether it went out. */
export async function write(as, to, text) {
  try {
    return (await post("write", { as, to, text })).ok;
  } catch {
    return false;
  }
}

/** Send a piece of the person's voice: 8 kHz, 16 bits. */
export const sendVoice = (samples) => post("say", samples);

/** Yield what the others say, as bytes of 8 kHz and 16 bits, for as long as there is company. */
export async function* openEar(signal) {
  const answer = await post("hear", {}, signal);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Follow the handset for as long as it is held; `show` gets each view, `broken` true or false. */
export async function follow(show, broken) {
  const { token } = held.get();
  let version = 0;
  while (held.get()?.token === token) {
    try {
      const answer = await post("wait", { version });
      if (answer.status === 404) {
        // The exchange was restarted and knows this page no longer: hold the number anew.
        if (held.get()?.token === token && (await register(held.get().number))) return follow(show, broken);
        throw new Error("not registered");
      }
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const view = await answer.json();
      broken(false);
      version = view.version;
      if (held.get()?.token === token) show(view);
    } catch {
      broken(true);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
