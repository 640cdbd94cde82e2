// Telling the server: one message, and words for the page when it was not taken.

import { h, say } from "./dom.mjs";

/** So long a refusal stays for whoever looks up from the keys. */
const READ_MS = 15_000;

/** Say in words what was refused and what to do. */
export function complain(trouble, error) {
  trouble.replaceChildren(h("p", {}, h("strong", {}, error.place ? `${error.place}：` : "", error.what), " ", error.remedy ?? ""));
  trouble.dataset.since = performance.now();
  trouble.hidden = false;
}

/** With a picture of something newer: what was refused before is about a step long past. */
export function forget(trouble) {
  if (!trouble.hidden && performance.now() - Number(trouble.dataset.since) > READ_MS) trouble.hidden = true;
}

/** Post a message as JSON; return null when it was taken, else {what, remedy, place}. */
export async function post(url, message) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
      body: JSON.stringify(message),
    });
    const body = await answer.json();
    return answer.ok ? null : body.error ?? body;
  } catch {
    return { what: say("unreachable"), remedy: say("unreachable_remedy") };
  }
}
