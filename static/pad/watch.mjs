// Shows a page anew when what it shows changed, but never while something typed would be lost.

const LOOK_EVERY_MS = 2000;
const watched = document.querySelector("[data-watch]");

setInterval(async () => {
  try {
    const answer = await fetch(watched.dataset.watch, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { is } = await answer.json();
    if (is !== watched.dataset.is && !isTyping()) location.assign(watched.dataset.page);
  } catch {
    // the network is away: the next look tells
  }
}, LOOK_EVERY_MS);

function isTyping() {
  return [...document.querySelectorAll("form input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
}
