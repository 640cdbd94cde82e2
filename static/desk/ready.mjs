// The checklist before the show: each line with its reason, its remedy, and who saw it.

import { h, say, write } from "../live/dom.mjs";

const MARKS = { ok: "✓", warn: "!", bad: "×" };
const EVERY_MS = 5000;

/** Keep the list fresh; `act` confirms what only people can see. */
export function checkList({ list, state }, { config, act }) {
  async function look() {
    try {
      const answer = await fetch(config.ready_url, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { checks } = await answer.json();
      const bad = checks.filter((one) => one.grade === "bad").length;
      state.className = `lamp lamp-${bad ? "red" : "green"}`;
      write(state, bad ? say("not_ready", { n: bad }) : say("is_ready"));
      if (!list.contains(document.activeElement)) list.replaceChildren(...worstFirst(checks).map(line));
    } catch {
      state.className = "lamp lamp-red";
      write(state, say("unreachable"));
    }
  }

  function worstFirst(checks) {
    const order = ["bad", "warn", "ok"];
    return checks.toSorted((one, other) => order.indexOf(one.grade) - order.indexOf(other.grade));
  }

  function line({ grade, says, remedy, item }) {
    const open = item && grade !== "ok" && config.may_act;
    return h("li", { class: grade }, h("i", { "aria-label": say(`grade_${grade}`) }, MARKS[grade]), h("span", {}, says),
      open ? h("button", { class: "btn", type: "button", onclick: async () => { document.activeElement.blur(); await act("confirm", { item, note: "" }); look(); } }, say("confirm")) : h("span", {}),
      grade !== "ok" && remedy ? h("small", {}, remedy) : null);
  }

  look();
  setInterval(look, EVERY_MS);
}
