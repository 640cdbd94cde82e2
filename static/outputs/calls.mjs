// The call desk: every line by its place in the drawn order, the answers, and the words to ask with.

import { block, h, hear, say } from "../live/dom.mjs";
import { linesPanel } from "../live/lines.mjs";
import * as parts from "../live/parts.mjs";
import { screen } from "../live/screen.mjs";
import { spoken } from "./asking.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);
const trouble = part("trouble");
const lines = linesPanel(part("lines"), { mayAct: config.may_act, mayCut: config.may_cut, steer });

const store = screen({ onView: show });

function show(view) {
  hear(view.kind);
  part("phase").textContent = say(`phase_${view.aborted ? "aborted" : view.phase}`);
  part("slot").textContent = parts.slot(view);
  lines.show(view);
  const { round } = view;
  part("cadre").replaceChildren(...(round ? [parts.cadre(round), parts.claims(round)] : [h("p", { class: "muted" }, say("stage_soon"))]));
  part("calls").replaceChildren(round?.households ? parts.calls(round) : h("p", { class: "muted" }, say("calls_none_yet")));
  part("questions").replaceChildren(...config.questions.map((question) => h("li", {}, round ? spoken(question, round) : question.text.replaceAll("{cadre}", "…"))));
}

async function steer(action) {
  trouble.hidden = true;
  try {
    const answer = await fetch(config.stage_url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
      body: JSON.stringify(action),
    });
    const body = await answer.json();
    if (!answer.ok) complain(body.error ?? body);
  } catch {
    complain({ what: say("unreachable"), remedy: say("unreachable_remedy") });
  } finally {
    store.refresh();
  }
}

function complain(error) {
  trouble.replaceChildren(h("div", {}, h("strong", {}, error.what), " ", error.remedy ?? ""));
  trouble.hidden = false;
}

addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const act = lines.keys()[event.key.toLowerCase()];
  if (act) {
    event.preventDefault();
    act();
  }
});
