// The observer's page: the whole picture, the steps of the record, and the hashes to compare.

import { block, grouped, h, hear, say } from "../live/dom.mjs";
import * as parts from "../live/parts.mjs";
import { screen } from "../live/screen.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);

const store = screen({ onView: show });

function show(view) {
  hear(view.kind);
  part("phase").textContent = say(`phase_${view.aborted ? "aborted" : view.phase}`);
  part("slot").textContent = parts.slot(view);
  part("seq").textContent = say("observer_step", { n: view.seq });
  part("round").replaceChildren(...(view.round ? round(view.round) : [h("p", { class: "muted" }, say("stage_soon"))]));
  part("done").replaceChildren(parts.past(view.past) ?? h("p", { class: "muted" }, say("past_none")));
  for (const [id, hex] of [["manifest", view.manifest_sha256], ["roster", view.roster.sha256], ["head", view.head]]) {
    if (part(id)) part(id).textContent = hex ? grouped(hex, 8) : say("not_yet");
  }
  parts.tick(document, Date.parse(view.server_time));
  latest();
}

function round(now) {
  return [
    h("div", { class: "round-head" }, parts.cadre(now), parts.verdict(now)),
    parts.claims(now), now.households ? parts.calls(now) : parts.tickets(now),
    parts.score(now.released), parts.satisfied(now), now.votes && parts.votes(now.votes),
    now.issue || now.pledges.length + now.investigations.length ? parts.followUp(now, config.zone) : null].filter(Boolean);
}

async function latest() {
  try {
    const answer = await fetch(config.tail_url, { cache: "no-cache" });
    if (answer.ok) part("tail").replaceChildren(...(await answer.json()).map(step));
  } catch {
    // The next event brings the next try.
  }
}

function step({ at, kind, cadre }) {
  const time = new Date(at).toLocaleTimeString("zh-CN", { hour12: false, timeZone: config.zone_name });
  return h("li", {}, h("time", { datetime: at }, time), " ", say(`event_${kind}`), cadre ? [" ", h("b", {}, cadre)] : null);
}

setInterval(() => parts.tick(document, store.now()), 1000);
