// Renews the figures of a running campaign every three seconds, without reloading the page.

import { look } from "../live/look.mjs";

const EVERY_MS = 3000;
const board = document.getElementById("figures");

async function renew() {
  const answer = await look(board.dataset.url, "text/html");
  if (answer) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    board.replaceChildren(...page.body.childNodes);
  }
  if (answer) board.removeAttribute("aria-busy");
  else board.setAttribute("aria-busy", "true"); // the figures are old
  setTimeout(renew, EVERY_MS);
}

if (board.dataset.live === "yes") setTimeout(renew, EVERY_MS);
