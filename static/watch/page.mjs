// The page for the nation: the public picture from a file, and what happened last.

import { block, h, say } from "../live/dom.mjs";
import { keepTime, linked, show } from "../live/picture.mjs";
import { poll } from "./poll.mjs";

const config = block("config");
const tail = document.getElementById("tail");
const source = poll({ url: "state.json", onView: refresh, onLink: linked });
keepTime(source.now);

function refresh(view) {
  show(view);
  latest();
}

async function latest() {
  try {
    const answer = await fetch("events.json", { cache: "no-cache" });
    if (answer.ok) tail.replaceChildren(...(await answer.json()).map(line));
  } catch {
    // The next event brings the next try.
  }
}

function line({ at, kind, cadre }) {
  const time = new Date(at).toLocaleTimeString("zh-CN", { hour12: false, timeZone: config.zone_name });
  return h("li", {}, h("time", { datetime: at }, time), " ", say(`event_${kind}`), cadre ? [" ", h("b", {}, cadre)] : null);
}
