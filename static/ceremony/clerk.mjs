// A clerk's page: one field for the digits that the cups show; nothing of the other clerk.

import { block, h, say } from "../live/dom.mjs";
import { countDown } from "../live/parts.mjs";
import { follow } from "../live/store.mjs";
import { ownClock, send } from "./send.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);
const HEARD_EVERY_MS = 5000;

let due = "";

const store = follow({
  live: config.live, audience: config.audience, url: config.view_url, hello: config.hall ? { hall: config.hall } : {},
  onView: show,
  onLink: (alive) => {
    part("link").dataset.link = alive ? "alive" : "dead";
    part("link").textContent = say(alive ? "link_alive" : "link_dead");
  },
});

/** What this clerk has to do, as the word for it and the look of the page. */
function task(view) {
  const dice = view.ceremony.dice;
  if (["closed", "sealed"].includes(view.phase)) return ["over", "over"];
  if (!dice?.lift_at) return ["clerk_wait", "wait"];
  if (dice.digits) return ["clerk_agreed", "voted"];
  if (dice.typed.includes(config.me)) return ["clerk_typed", "voted"];
  if (store.now() < Date.parse(dice.lift_at)) return ["clerk_lift", "wait"];
  return ["clerk_type", "vote"];
}

function show(view) {
  const dice = view.ceremony.dice;
  const [word, looks] = task(view);
  document.body.dataset.state = looks;
  part("state").textContent = say(word, { n: dice?.count ?? "" });
  const detail = part("detail");
  if (word === "clerk_lift") {
    detail.dataset.at = dice.lift_at;
    detail.dataset.word = "lift_in";
    detail.dataset.done = "lifted";
    countDown(document, store.now());
  } else {
    delete detail.dataset.at;
    detail.textContent = say(dice?.again && word === "clerk_type" ? `again_${dice.again}` : `${word}_detail`);
  }
  const types = word === "clerk_type";
  const asked = `${dice?.purpose} ${dice?.j} ${dice?.again}`;
  if (types && (part("dice").hidden || asked !== due)) open(dice, asked);
  part("dice").hidden = !types;
  part("agreed").hidden = word !== "clerk_agreed";
  part("agreed").replaceChildren(...(dice?.digits ? groups(dice.digits, dice.count) : []));
}

function open(dice, asked) {
  due = asked;
  part("asked").textContent = say(dice.purpose === "master" ? "ask_master" : "ask_slot", { n: dice.count, j: dice.j });
  part("digits").value = "";
  part("dice").hidden = false;
  preview();
  part("digits").focus();
}

function groups(digits, count) {
  const size = count / 4;
  return [0, 1, 2, 3].map((cup) => h("span", { class: "cup" }, h("small", {}, `D${cup + 1}`), h("b", {}, digits.slice(cup * size, (cup + 1) * size) || "·")));
}

function preview() {
  const dice = store.view()?.ceremony.dice;
  if (dice) part("typed").replaceChildren(...groups(part("digits").value, dice.count), h("small", { class: "count" }, `${part("digits").value.length} / ${dice.count}`));
}

function refuse(text) {
  part("refusal").hidden = !text;
  part("refusal").textContent = text;
}

part("digits").addEventListener("input", () => { refuse(""); preview(); });
part("dice").addEventListener("submit", async (event) => {
  event.preventDefault();
  refuse("");
  const button = event.submitter;
  if (button) button.disabled = true;
  try {
    // As typed, blanks and all: the server says what is wrong and where.
    await send(config.dice_url, { digits: part("digits").value });
  } catch (error) {
    refuse(error.told ? error.message : say("unreachable"));
    part("digits").focus();
  } finally {
    if (button) button.disabled = false;
    store.refresh();
  }
});

setInterval(() => {
  countDown(document, store.now());
  if (store.view() && part("dice").hidden) show(store.view());
}, 250);
setInterval(() => { send(config.clock_url, { clock: ownClock() }).catch(() => {}); }, HEARD_EVERY_MS);
send(config.clock_url, { clock: ownClock() }).catch(() => {});
