// Eight reels that roll down to a number which is recorded already: they decide nothing.

import { h } from "./dom.mjs";

const FIRST_MS = 1600;
const EACH_MS = 260;

/** How long the reels of eight digits roll. */
export const ROLL_MS = FIRST_MS + 7 * EACH_MS + 200;

/** Whether this screen keeps still: asked for by its address, or by the system it runs on. */
export function keepsStill() {
  return new URLSearchParams(location.search).get("motion") === "off"
    || matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Roll the digits of `number`, an element in the page; `done` is called when they stand. */
export function roll(number, done = () => {}) {
  const digits = number.textContent;
  const reels = [...digits].map((digit, i) => {
    const strip = Array.from({ length: 21 + i * 4 }, (_, n) => h("i", {}, String((n * 7 + i * 3) % 10)));
    return h("span", { class: "reel" }, h("span", { class: "strip" }, strip, h("i", {}, digit)));
  });
  number.replaceChildren(...reels);
  number.setAttribute("aria-label", digits);
  reels.forEach((reel, i) => {
    const strip = reel.firstChild;
    const stop = strip.childElementCount - 1;
    strip.animate([{ transform: "translateY(0)" }, { transform: `translateY(-${stop}em)` }],
      { duration: FIRST_MS + i * EACH_MS, easing: "cubic-bezier(.12,.7,.1,1)", fill: "forwards" });
  });
  setTimeout(() => {
    if (!number.isConnected) return;
    number.textContent = digits;
    done();
  }, ROLL_MS);
}
