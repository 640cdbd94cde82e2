// Seats' proposals to name a cadre: the operator takes the first with one key, or says why not.

import { h, say } from "./dom.mjs";

const BETWEEN_ROUNDS = ["seeded", "judged"];

/** Shows proposals in `place`; `tell` sends a command of the console. */
export function proposalList(place, { mayAct, tell }) {
  let phase = "";
  let shown = [];
  let painted = "";

  function paint() {
    const now = JSON.stringify([phase, shown]);
    if (now === painted) return; // what is being typed stays
    painted = now;
    place.hidden = !shown.length;
    place.querySelector("ul").replaceChildren(...shown.map(line));
  }

  function line(one, i) {
    const open = BETWEEN_ROUNDS.includes(phase);
    return h("li", { class: "stack-tight" },
      h("p", {}, h("strong", {}, one.who), " ", h("code", {}, one.cadre), " ", one.name, " ", h("span", { class: "muted" }, one.unit)),
      h("p", {}, say("naming_reason", { reason: one.reason })),
      mayAct && h("div", { class: "row" },
        h("button", { class: "btn", type: "button", disabled: !open, onclick: () => take(one) }, say("do_take"), i ? null : h("kbd", {}, "T")),
        h("button", { class: "btn btn-quiet", type: "button", onclick: (event) => refuse(one, event.target.closest("li")) }, say("do_dismiss"))),
      mayAct && !open ? h("p", { class: "muted small" }, say("proposal_waits")) : null);
  }

  function take(one) {
    tell({ command: "take_proposal", proposal: one.id });
  }

  function refuse(one, item) {
    const why = h("input", { name: "why", required: true, maxlength: 200 });
    item.append(h("form", { class: "stack-tight", onsubmit: (event) => { event.preventDefault(); tell({ command: "dismiss_proposal", proposal: one.id, why: why.value }); } },
      h("label", { class: "field" }, h("span", {}, say("dismiss_why")), why),
      h("button", { class: "btn" }, say("do_dismiss"))));
    why.focus();
  }

  return {
    phase(next) { phase = next; paint(); },
    show(next) { shown = next; paint(); },
    keys: () => (mayAct && shown.length && BETWEEN_ROUNDS.includes(phase) ? { t: () => take(shown[0]) } : {}),
  };
}
