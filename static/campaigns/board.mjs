// Renews the figures of a running campaign every three seconds, without reloading the page.

const EVERY_MS = 3000;
const board = document.getElementById("figures");

async function renew() {
  try {
    const answer = await fetch(board.dataset.url, { headers: { Accept: "text/html" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      board.replaceChildren(...page.body.childNodes);
      board.removeAttribute("aria-busy");
    }
  } catch {
    board.setAttribute("aria-busy", "true"); // the server is away; the figures are old
  }
  setTimeout(renew, EVERY_MS);
}

if (board.dataset.live === "yes") setTimeout(renew, EVERY_MS);
