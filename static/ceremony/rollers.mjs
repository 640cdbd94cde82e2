// The rollers' screen: who rolls which dice, and the one moment at which all lift.

import { block, h, say } from "../live/dom.mjs";
import { follow } from "../live/store.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);
const CUPS = 4;
const mine = new URLSearchParams(location.search).get("cup");

const store = follow({
  live: config.live, audience: config.audience, url: config.view_url, hello: config.hall ? { hall: config.hall } : {},
  onView: show,
  onLink: (alive) => {
    part("link").dataset.link = alive ? "alive" : "dead";
    part("link").textContent = say(alive ? "link_alive" : "link_dead");
  },
});

function show(view) {
  const dice = view.ceremony.dice;
  part("cups").replaceChildren(...(dice ? cups(dice) : []));
  cue(view);
}

function cups(dice) {
  const size = dice.count / CUPS;
  return Array.from({ length: CUPS }, (_, cup) => h("li", { class: mine && mine !== String(cup + 1) ? "other" : "" },
    h("b", {}, `D${cup + 1}`),
    h("span", {}, say("cup_rolls", { n: size, from: cup * size + 1, to: (cup + 1) * size }))));
}

/** What to do this very moment. */
function cue(view) {
  const dice = view.ceremony.dice;
  const place = part("cue");
  const left = dice?.lift_at ? Math.ceil((Date.parse(dice.lift_at) - store.now()) / 1000) : null;
  if (!dice) place.textContent = say("cue_rest");
  else if (left === null) place.textContent = say("cue_shake");
  else if (left > 3) place.textContent = say("cue_ready");
  else if (left > 0) place.textContent = String(left);
  else place.textContent = say("cue_lifted");
  place.classList.toggle("now", left !== null && left <= 3);
}

setInterval(() => { if (store.view()) cue(store.view()); }, 100);
