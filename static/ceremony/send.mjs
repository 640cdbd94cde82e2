// Sending JSON from a device of the ceremony; a refusal carries what is wrong and what to do.

const TRY_FOR_MS = 8000;
const csrf = document.querySelector("meta[name=csrf-token]").content;

/** A refusal of the server, in words; `told` is its {code, what, remedy, place}. */
export class Refused extends Error {
  constructor(told) {
    super(`${told.place ? `${told.place}：` : ""}${told.what} ${told.remedy}`);
    this.told = told;
  }
}

/** Post `body`; throws Refused when the server says no, anything else when nobody knows. */
export async function send(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TRY_FOR_MS),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Refused(told.error ?? told);
  return told;
}

/** What this device's own clock says, as the server reads it. */
export function ownClock() {
  return new Date().toISOString();
}
