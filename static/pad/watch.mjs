// Shows a page anew when what it shows changed, but never while something typed would be lost.

import { isTyping, look } from "../live/look.mjs";

const LOOK_EVERY_MS = 2000;
const watched = document.querySelector("[data-watch]");

setInterval(async () => {
  const answer = await look(watched.dataset.watch, "application/json");
  if (!answer) return;
  const { is } = await answer.json();
  if (is !== watched.dataset.is && !isTyping()) location.assign(watched.dataset.page);
}, LOOK_EVERY_MS);
