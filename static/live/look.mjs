// Looks for news on pages without a socket, and says in a corner while nobody answers.

const TRY_FOR_MS = 8000;
let since = null;

/** Ask for `url`: the answer, or null while the server is away or has nothing to say. */
export async function look(url, accept) {
  const asked = Date.now();
  try {
    const answer = await fetch(url, { headers: { Accept: accept }, cache: "no-store", signal: AbortSignal.timeout(TRY_FOR_MS) });
    say(answer.status >= 500, asked);
    // The login ended: the page, loaded anew, says so; but never while something typed would be lost.
    if ((answer.redirected || answer.status === 401) && !isTyping()) location.reload();
    return answer.ok && !answer.redirected ? answer : null;
  } catch {
    say(true, asked);
    return null;
  }
}

/** Whether a form holds something that was not sent. */
export function isTyping() {
  return [...document.querySelectorAll("form input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
}

function say(isAway, asked) {
  const sign = document.getElementById("away");
  since = isAway ? since ?? asked : null;
  sign.hidden = !isAway;
  if (isAway) sign.textContent = sign.dataset.text.replace("{s}", Math.round((Date.now() - since) / 1000));
}
