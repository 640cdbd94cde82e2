// The curtain over one output: black, or the card 技术暂停, as the director wants it.

import { h, say } from "./dom.mjs";

/**
 * Return a function that draws the curtain for a view's `control`. Once drawn it needs no server
 * to stay. Its `alone(dark)` blacks out this one screen, whatever its kind shows. `atHome` says in words what a black picture means to somebody who cannot ask; with
 * `byHand` the key T on this very screen shows the card even while no server answers.
 */
export function curtain(output, { atHome = false, byHand = false } = {}) {
  const cover = h("div", { class: "curtain", role: "status", hidden: true });
  document.body.append(cover);
  let wanted = null;
  let ownCard = false;
  let isAlone = false;

  function draw() {
    const card = ownCard ? { words: "" } : wanted?.card;
    const isDark = isAlone || Boolean(wanted?.dark.includes(output));
    document.body.classList.toggle("is-covered", isDark || Boolean(card));
    cover.classList.toggle("is-dark", isDark);
    cover.replaceChildren(...(isDark ? dark() : card ? cardOf(card) : []));
    cover.hidden = !isDark && !card;
    // What is covered can be neither pressed nor read aloud.
    for (const covered of document.body.children) {
      if (covered !== cover && covered.tagName !== "SCRIPT") covered.inert = !cover.hidden;
    }
  }

  function dark() {
    return atHome ? [h("p", { class: "curtain-words" }, say("dark_at_home"))] : [];
  }

  function cardOf({ words }) {
    return [h("p", { class: "curtain-title" }, say("card_title")),
      h("p", { class: "curtain-words" }, words || say("card_usual"))];
  }

  if (byHand) {
    addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "t" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      ownCard = !ownCard;
      draw();
    });
  }

  const obey = (control) => {
    wanted = control ?? null;
    draw();
  };
  obey.alone = (dark) => {
    if (isAlone === dark) return;
    isAlone = dark;
    draw();
  };
  return obey;
}
