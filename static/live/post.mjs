// Telling the server: one message, and words for the page when it was not taken.

import { say } from "./dom.mjs";

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
